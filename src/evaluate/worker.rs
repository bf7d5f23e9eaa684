//! Judges deliveries one after another. Most pools of a run are alike, so a rule is judged again only where it looks at
//! something in which a pool differs from the pool before.

use std::sync::{Arc, OnceLock};

use super::difference::Readers;
use super::excerpts::Excerpts;
use super::inline::{self, InlineFound};
use super::judge::JudgeOptions;
use super::outcomes::{Outcome, Outcomes};
use super::record::{Record, Texts};
use super::rule_set::RuleSet;
use super::ways::Ways;
use super::{Detail, Evaluation, Options, controls, judge, projection, reference, scenarios};
use crate::finding::VerdictLog;
use crate::pool::{Pool, Projection};
use crate::rule::{Policy, Rule};
use crate::shard;
use crate::source::declared::Scenario;
use crate::source::{self, Chunk, Delivery, Locator, Memory, ReadPool};

/// The parts of a run that every pool shares.
pub(super) struct Run<'p> {
    policy: &'p Policy,
    projection: Projection,
    options: Options,
    /// Where evidence goes.
    log: VerdictLog,
    excerpts: Excerpts,
    /// Made for the second pool.
    readers: OnceLock<Readers>,
}

impl<'p> Run<'p> {
    pub(super) fn new(policy: &'p Policy, options: Options, log: VerdictLog) -> Run<'p> {
        let excerpts = Excerpts::of(options.detail);
        Run { policy, projection: projection(policy), options, log, excerpts, readers: OnceLock::new() }
    }

    /// Whether a pool can take over verdicts: evidence shows each, and rules that differ between pools are not
    /// compared.
    fn repeats(&self) -> bool {
        !self.options.evidence && self.policy.scopes.is_empty()
    }

    fn judge_options(&self, detail: Detail) -> JudgeOptions {
        let Options { now, full_coverage, evidence, .. } = self.options;
        JudgeOptions { now, full_coverage, evidence, places: detail.has_findings() }
    }
}

/// Judges a part of the deliveries of a run.
pub(super) struct Worker<'r> {
    run: &'r Run<'r>,
    outcomes: Outcomes,
    /// The pool of the outcomes, where it was in an earlier chunk.
    before: Option<Pool>,
    /// The texts of an earlier chunk.
    memory: Memory,
}

/// How much of a pool there is to judge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Extent {
    Whole,
    /// The plan's effect on it, and nothing else.
    Change,
}

impl<'r> Worker<'r> {
    pub(super) fn new(run: &'r Run<'r>) -> Worker<'r> {
        let outcomes = Outcomes::new(run.policy, run.options);
        Worker { run, outcomes, before: None, memory: Memory::default() }
    }

    /// Judges the pools of a delivery, or takes down what it says.
    pub(super) fn judge(&mut self, delivery: Delivery) -> Evaluation {
        let mut part = Evaluation { evidence: self.run.log.branch(), ..Evaluation::default() };
        match delivery {
            Delivery::Unread(unread) => part.unread.push(unread),
            Delivery::Note(note) => part.notes.push(note),
            Delivery::Listed(keys) => part.seen.extend(keys),
            Delivery::ListedWhole(region) => part.listed.extend([region]),
            Delivery::Interrupted(interrupt) => part.interrupted = Some(interrupt),
            Delivery::Chunk(chunk) => self.chunk(&mut part, &chunk),
        }
        part
    }

    fn chunk(&mut self, part: &mut Evaluation, chunk: &Chunk) {
        let memory = std::mem::take(&mut self.memory);
        let mut read = source::read_after(chunk, &self.run.projection, &memory);
        let new = read.memory.take();
        part.unread.append(&mut read.unread);
        part.notes.append(&mut read.notes);
        let places = read.places();
        let found = |waivers: Vec<_>| waivers.into_iter().map(InlineFound::new).collect();
        let (own, peers) = read.inline();
        (part.inline, part.peers) = (found(own), found(peers));
        let earlier = self.before.take();
        let (mut before, mut texts) = (earlier.as_ref(), Texts::default());
        let all = read.pools.iter().map(|pool| (pool, Extent::Whole));
        for (pool, extent) in all.chain(read.gone.iter().map(|pool| (pool, Extent::Change))) {
            before = self.pool(part, pool, extent, places.of(pool).as_ref(), (before, &mut texts));
        }
        self.before = before.cloned();
        drop(read);
        self.memory = new.unwrap_or(memory);
        if self.run.policy.journeys {
            part.ways = Ways::of(self.run.policy, chunk, self.run.options.shard);
        }
    }

    /// Judges one pool, in every scenario. Returns the pool that the outcomes are of.
    fn pool<'a>(
        &mut self,
        part: &mut Evaluation,
        read: &'a ReadPool,
        extent: Extent,
        locator: Option<&Locator<'_>>,
        (before, texts): (Option<&'a Pool>, &mut Texts),
    ) -> Option<&'a Pool> {
        let Run { policy, options, excerpts, .. } = self.run;
        let beside = inline::beside(&mut part.inline, locator);
        let peers = inline::beside(&mut part.peers, locator);
        // A waiver accepts findings, so their number alone is not enough.
        let detail = if beside.is_empty() { options.detail } else { options.detail.max(Detail::Places) };
        let judge_options = self.run.judge_options(detail);
        let scenarios = read.scenarios();
        let Some(Scenario { pool, .. }) = scenarios.first() else { return before };
        if let Some(shard) = options.shard {
            let key = shard::key(&pool.identity(), &pool.origin);
            let own = shard.has(&key);
            part.seen.insert(key);
            if !own {
                return before;
            }
        }
        part.tally.pools += 1;
        for scenario in scenarios {
            part.unknown_members.extend(scenario.pool.unknown_members.iter().cloned());
        }
        for (index, scope) in policy.scopes.iter().enumerate() {
            if scope.selector.is_answered(pool) {
                *part.scoped.entry(index).or_default() += usize::from(scope.selector.fits(pool));
            }
        }
        let name = || reference::reference(policy, scenarios);
        let mut record = Record::new(part, pool, locator, (detail, texts, excerpts), &name);
        let is_certain = extent == Extent::Whole && scenarios.len() == 1;
        if self.run.repeats() && is_certain && detail == options.detail {
            repeat(self.run, &mut self.outcomes, before, pool, &mut record);
            record.beside(&beside, &peers);
            return Some(pool);
        }
        policy.rules_for(pool, |rule| {
            if extent == Extent::Whole || rule.is_of_plans() {
                let mut add = |judgement| record.add(rule, judgement, judge_options);
                scenarios::judge(rule, scenarios, judge_options, &mut add);
            }
        });
        if options.evidence && extent == Extent::Whole && !policy.standards.is_empty() {
            let pool = record.reference();
            record.controls(controls::judge(&policy.standards, scenarios, options.now, &pool));
        }
        record.log();
        record.beside(&beside, &peers);
        before
    }
}

/// Judges the rules whose verdict may be another one than on the pool before, and takes over the others.
fn repeat(
    run: &Run<'_>,
    outcomes: &mut Outcomes,
    before: Option<&Pool>,
    pool: &Pool,
    record: &mut Record<'_>,
) {
    let Run { policy, .. } = run;
    let all = || RuleSet::all(policy.rules.len());
    let readers = before.map(|before| (before, run.readers.get_or_init(|| Readers::of(policy))));
    let (differing, judged) = match readers {
        Some((before, readers)) => {
            let difference = readers.between(before, pool, outcomes.idle());
            let judged = outcomes.follow((policy, &readers.units), &difference, pool);
            (difference.rules, judged)
        }
        None => (all(), all()),
    };
    record.repeat(outcomes.sum());
    // Parts of a pool that an input cannot say are noted for each input.
    let is_other_input = before.is_some_and(|before| before.origin.name != pool.origin.name);
    let taken = if is_other_input { all() } else { differing };
    for position in taken.iter().filter(|rule| !judged.contains(*rule)) {
        for beyond in &outcomes.of(position).beyond {
            record.outside(&policy.rules[position], *beyond);
        }
    }
    let judge_options = run.judge_options(run.options.detail);
    for position in judged.iter() {
        let rule: &Arc<Rule> = &policy.rules[position];
        let mut outcome = Outcome::default();
        judge::judge(rule, pool, judge_options, &mut |judgement| {
            outcome.add(rule, &judgement);
            record.add(rule, judgement, judge_options);
        });
        outcomes.keep((position, rule), readers.map(|(_, readers)| &readers.units), outcome);
    }
}
