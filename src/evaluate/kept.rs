//! Pools that stay in memory, to be judged by one variant of a rule after another.

use std::sync::Arc;

use rayon::prelude::*;

use super::judge::{JudgeOptions, Judgement};
use super::single::worst;
use super::{record, scenarios};
use crate::finding::Verdict;
use crate::pool::{Beyond, Pool, Projection};
use crate::rule::Rule;
use crate::source::declared::Scenario;
use crate::source::{self, Delivery, Interrupt, ReadPool, Unread};

/// Every pool of the inputs.
#[derive(Debug, Default)]
pub struct Kept {
    /// Sorted by their names.
    pub pools: Vec<KeptPool>,
    /// Sorted.
    pub unread: Vec<Unread>,
    pub interrupted: Option<Interrupt>,
}

/// A pool of the inputs.
#[derive(Debug)]
pub struct KeptPool {
    /// Its name for people.
    pub title: String,
    /// The input that it is from.
    input: Arc<str>,
    scenarios: Vec<Scenario>,
    /// A plan deletes it, or takes parts from it: only rules about changes of plans judge it.
    gone: bool,
}

/// The verdict of a rule on a pool: the worst of all its subjects.
#[derive(Debug)]
pub struct RuleVerdict {
    pub verdict: Verdict,
    /// Why it is unknown. Empty for other verdicts.
    pub reason: String,
    /// The part of the pool that is outside the input.
    pub outside: Option<Beyond>,
}

/// Reads every pool that the source delivers.
pub fn keep(projection: &Projection, deliveries: impl Iterator<Item = Delivery> + Send) -> Kept {
    let part = |delivery| part(projection, delivery);
    let mut kept = deliveries.par_bridge().map(part).reduce(Kept::default, Kept::join);
    kept.pools.sort_by(|a, b| (&a.title, &a.input, a.gone).cmp(&(&b.title, &b.input, b.gone)));
    kept.unread.sort();
    kept
}

fn part(projection: &Projection, delivery: Delivery) -> Kept {
    let mut part = Kept::default();
    match delivery {
        Delivery::Unread(unread) => part.unread.push(unread),
        Delivery::Interrupted(interrupt) => part.interrupted = Some(interrupt),
        Delivery::Chunk(chunk) => {
            let read = source::read(&chunk, projection);
            let whole = read.pools.iter().map(|pool| (pool, false));
            for (pool, gone) in whole.chain(read.gone.iter().map(|pool| (pool, true))) {
                part.pools.extend(KeptPool::of(pool, gone));
            }
            part.unread.extend(read.unread);
        }
        // Notes and lists change no verdict.
        Delivery::Note(_) | Delivery::Listed(_) | Delivery::ListedWhole(_) => {}
    }
    part
}

impl Kept {
    fn join(mut self, other: Kept) -> Kept {
        let Kept { pools, unread, interrupted } = other;
        self.pools.extend(pools);
        self.unread.extend(unread);
        self.interrupted = self.interrupted.or(interrupted);
        self
    }

    /// Whether a rule neither fails nor is unknown for any of the pools.
    pub fn meet(&self, rule: &Arc<Rule>, now: i64) -> bool {
        self.pools.par_iter().all(|pool| {
            let mut met = true;
            pool.judge(rule, options(now, false), &mut |judgement| {
                met &= matches!(judgement.verdict, Verdict::Pass | Verdict::Skipped);
            });
            met
        })
    }

    /// The verdict of a rule on each of the pools, in their order.
    pub fn rule_verdicts(&self, rule: &Arc<Rule>, now: i64) -> Vec<RuleVerdict> {
        self.pools.par_iter().map(|pool| pool.rule_verdict(rule, now)).collect()
    }
}

fn options(now: i64, evidence: bool) -> JudgeOptions {
    JudgeOptions { now, full_coverage: false, evidence, places: false }
}

impl From<Pool> for KeptPool {
    fn from(pool: Pool) -> KeptPool {
        let (title, input) = (pool.identity().title(), Arc::clone(&pool.origin.name));
        KeptPool { title, input, scenarios: vec![Scenario { when: String::new(), pool }], gone: false }
    }
}

impl KeptPool {
    fn of(read: &ReadPool, gone: bool) -> Option<KeptPool> {
        let scenarios = read.scenarios().to_vec();
        let first = KeptPool::from(scenarios.first()?.pool.clone());
        Some(KeptPool { scenarios, gone, ..first })
    }

    fn judge<'a>(&'a self, rule: &Arc<Rule>, options: JudgeOptions, each: &mut impl FnMut(Judgement<'a>)) {
        if !self.gone || rule.is_of_plans() {
            scenarios::judge(rule, &self.scenarios, options, each);
        }
    }

    fn rule_verdict(&self, rule: &Arc<Rule>, now: i64) -> RuleVerdict {
        let mut rule_verdict =
            RuleVerdict { verdict: Verdict::Skipped, reason: String::new(), outside: None };
        let mut verdicts = Vec::new();
        self.judge(rule, options(now, true), &mut |judgement| {
            if judgement.verdict == Verdict::Unknown && rule_verdict.reason.is_empty() {
                rule_verdict.reason = record::said(rule, &judgement);
            }
            rule_verdict.outside = rule_verdict.outside.or(judgement.outside);
            verdicts.push(judgement.verdict);
        });
        RuleVerdict { verdict: worst(&verdicts), ..rule_verdict }
    }
}
