//! Rules over pools: verdicts and findings. Pure, parallel, sorted.

mod off;
mod scope;
mod tally;
mod witness;
mod expected;
mod places;
mod judge;
mod excerpts;
mod record;
mod scenarios;
mod controls;
mod reference;
mod rule_set;
mod unit;
mod difference;
mod number;
mod recall;
mod outcomes;
mod single;
mod inline;
mod ways;
mod worker;
pub mod kept;
pub mod mutation;

pub use inline::InlineFound;
pub use single::{beyond, counted, holds, said, verdict, verdicts};
pub use witness::key_of;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use rayon::prelude::*;

use crate::finding::{
    Acceptance, ControlVerdict, Counted, Finding, Fixed, PoolRef, RunNumbers, Undecided, Undone, Unvisited,
    VerdictLog, in_words,
};
use crate::journey;
use crate::pool::{Beyond, Projection};
use crate::rule::conflict::{Conflict, conflicts};
use crate::rule::{Policy, Severity};
use crate::shard::Shard;
use crate::source::{Delivery, Interrupt, ListedRegion, Note, Unread};
pub use tally::{Skip, Tally};
pub use ways::Ways;
use worker::{Run, Worker};

/// The members of a pool that judging the rules of a policy needs.
pub fn projection(policy: &Policy) -> Projection {
    let mut projection = policy.projection();
    if policy.infers() {
        projection.join(&journey::projection());
    }
    projection
}

/// How to evaluate.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Milliseconds since 1970, for rules about age.
    pub now: i64,
    /// Sections outside the inputs count as unknown.
    pub full_coverage: bool,
    /// Keep every verdict.
    pub evidence: bool,
    pub detail: Detail,
    /// Judge the pools of this shard alone.
    pub shard: Option<Shard>,
}

/// How much of a finding to keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Detail {
    /// Nothing but counts, so that memory does not grow with the number of pools.
    Counts,
    /// Findings and their places.
    Places,
    /// The text around the value as well, for a number of findings of each rule at least.
    Excerpts { of_a_rule: usize },
}

impl Detail {
    /// Everything of every finding.
    pub const ALL: Detail = Detail::Excerpts { of_a_rule: usize::MAX };

    /// Whether findings are kept, and not their number alone.
    pub(crate) fn has_findings(self) -> bool {
        !matches!(self, Detail::Counts)
    }

    /// The same for a run that decides about findings when all are known. Their number is not enough for it, and it is not
    /// known before which of them are shown.
    #[must_use]
    pub fn of_each(self) -> Detail {
        match self {
            Detail::Counts | Detail::Places => Detail::Places,
            Detail::Excerpts { .. } => Detail::ALL,
        }
    }
}

/// The result of a run.
#[derive(Debug, Default)]
pub struct Evaluation {
    pub tally: Tally,
    /// Sorted by pool, rule, path. Empty when only counts were asked for.
    pub findings: Vec<Finding>,
    pub undecided: Vec<Undecided>,
    /// Findings of earlier reports that are no more, sorted.
    pub fixed: Vec<Fixed>,
    /// Findings of earlier reports whose pool was deleted, sorted.
    pub ended: Vec<Fixed>,
    /// Pools with findings in earlier reports that were not read, sorted.
    pub unvisited: Vec<Unvisited>,
    /// Earlier runs in numbers, the oldest first.
    pub earlier: Vec<RunNumbers>,
    /// Waivers in force that cover no finding, as they were given.
    pub idle: Vec<Arc<Acceptance>>,
    /// Findings of live pools that a plan takes away, sorted.
    pub removed: Vec<Finding>,
    /// Settings that were changed outside of a plan, and that applying it changes again, sorted.
    pub undone: Vec<Undone>,
    /// Every verdict, when evidence was asked for. By pool, rule and subject.
    pub evidence: VerdictLog,
    /// The verdicts on the controls of standards, when evidence was asked for.
    pub controls: Vec<ControlVerdict>,
    pub pools: Vec<Arc<PoolRef>>,
    /// The journeys of the pools that are most open, when the policy asks for them.
    pub ways: Ways,
    pub unread: Vec<Unread>,
    pub notes: Vec<Note>,
    /// The waivers beside the code of all files, sorted.
    pub inline: Vec<InlineFound>,
    /// The comments for other programs, sorted. They have no effect.
    pub peers: Vec<InlineFound>,
    /// Notes about a number of things, each with the number.
    pub counted: BTreeMap<Counted, usize>,
    /// Input name to what it cannot say, each with the ids of the rules left undecided by that.
    pub outside: BTreeMap<Arc<str>, BTreeMap<Beyond, BTreeSet<Arc<str>>>>,
    /// Paths that the API sent and the schema does not know.
    pub unknown_members: BTreeSet<String>,
    /// How many pools each scope fits, by its position in the policy. Only scopes that are about the pools.
    pub scoped: BTreeMap<usize, usize>,
    /// Keys of all pools that a shard listed, with those of other shards. Empty without shards.
    pub seen: BTreeSet<String>,
    /// The Regions of live accounts whose pools were listed to the end.
    pub listed: BTreeSet<ListedRegion>,
    /// The roles that live pools were read with.
    pub roles: BTreeSet<String>,
    pub interrupted: Option<Interrupt>,
}

/// Judges every pool that the source delivers, and keeps what evidence was asked for in memory.
pub fn evaluate(
    policy: &Policy,
    deliveries: impl Iterator<Item = Delivery> + Send,
    options: Options,
) -> Evaluation {
    evaluate_into(VerdictLog::default(), policy, deliveries, options)
}

/// Judges every pool that the source delivers. Evidence goes to the log, which is empty.
pub fn evaluate_into(
    log: VerdictLog,
    policy: &Policy,
    mut deliveries: impl Iterator<Item = Delivery> + Send,
    options: Options,
) -> Evaluation {
    let run = Run::new(policy, options, log);
    // A single file is judged before threads would have started, which takes a millisecond.
    let begin: Vec<Delivery> = deliveries.by_ref().take(2).collect();
    let whole = if begin.len() < 2 {
        let mut worker = Worker::new(&run);
        begin.into_iter().map(|one| worker.judge(one)).fold(Evaluation::default(), Evaluation::join)
    } else {
        // Parts are joined one by one: two halves of many findings would be in memory twice when they are joined.
        let whole = Mutex::new(Evaluation::default());
        let all = begin.into_iter().chain(deliveries).par_bridge();
        all.for_each_init(
            || Worker::new(&run),
            |worker, delivery| {
                let part = worker.judge(delivery);
                let mut whole = whole.lock().unwrap_or_else(PoisonError::into_inner);
                *whole = std::mem::take(&mut *whole).join(part);
            },
        );
        whole.into_inner().unwrap_or_else(PoisonError::into_inner)
    };
    finished(policy, whole, options.shard.is_some())
}

/// Completes what was joined with what is known of the whole alone, and sorts it. `is_part`: of a shard.
fn finished(policy: &Policy, mut whole: Evaluation, is_part: bool) -> Evaluation {
    whole.tally.rules = policy.rules.len();
    let notes = notes(policy, &whole, is_part);
    whole.notes.extend(notes);
    whole.sort();
    whole
}

/// The notes on the policy itself.
fn notes(policy: &Policy, whole: &Evaluation, is_part: bool) -> Vec<Note> {
    let contradicts =
        |conflict: Conflict<'_>| Note { target: "rules".to_owned(), message: conflict.sentence() };
    let contradictions = conflicts(&policy.rules);
    let idle = if is_part { None } else { scope::idle(policy, whole) };
    let off = off::notes(policy, &whole.scoped).into_iter();
    off.chain(idle).chain(contradictions.into_iter().map(contradicts)).collect()
}

/// Joins parts of a run that were judged separately by the same policy, each of them finished.
pub fn merged(policy: &Policy, parts: impl IntoIterator<Item = Evaluation>) -> Evaluation {
    let unfinished = |mut part: Evaluation| {
        // Notes about the whole run count the pools of all parts, so they are written anew.
        let mut of_the_run = off::notes(policy, &part.scoped);
        of_the_run.extend(scope::idle(policy, &part));
        part.notes.retain(|note| !of_the_run.contains(note));
        part
    };
    let whole = parts.into_iter().map(unfinished).fold(Evaluation::default(), Evaluation::join);
    finished(policy, whole, false)
}

/// Adds counts to others.
fn add<K: Ord>(counts: &mut BTreeMap<K, usize>, others: BTreeMap<K, usize>) {
    for (key, count) in others {
        *counts.entry(key).or_default() += count;
    }
}

impl Evaluation {
    /// Both together. The other is taken apart by name, so that no part of it can be forgotten. Numbers of earlier runs
    /// and waivers without a finding are about a whole run, so a part has none.
    fn join(mut self, other: Evaluation) -> Evaluation {
        let Evaluation {
            tally,
            findings,
            undecided,
            fixed,
            ended,
            unvisited,
            earlier: _,
            idle: _,
            removed,
            undone,
            evidence,
            controls,
            pools,
            ways,
            unread,
            notes,
            inline,
            peers,
            counted,
            outside,
            unknown_members,
            scoped,
            seen,
            listed,
            roles,
            interrupted,
        } = other;
        self.tally.add(&tally);
        self.findings.extend(findings);
        self.undecided.extend(undecided);
        self.fixed.extend(fixed);
        self.ended.extend(ended);
        self.unvisited.extend(unvisited);
        self.removed.extend(removed);
        self.undone.extend(undone);
        self.evidence.join(evidence);
        self.controls.extend(controls);
        self.pools.extend(pools);
        self.ways.extend(ways);
        self.unread.extend(unread);
        self.notes.extend(notes);
        self.inline.extend(inline);
        self.peers.extend(peers);
        add(&mut self.counted, counted);
        add(&mut self.scoped, scoped);
        for (input, sections) in outside {
            let known = self.outside.entry(input).or_default();
            for (section, rules) in sections {
                known.entry(section).or_default().extend(rules);
            }
        }
        self.unknown_members.extend(unknown_members);
        self.seen.extend(seen);
        self.listed.extend(listed);
        self.roles.extend(roles);
        self.interrupted = self.interrupted.or(interrupted);
        self
    }

    /// The run in numbers. `time` is when it was.
    pub fn numbers(&self, time: i64) -> RunNumbers {
        let tally = &self.tally;
        RunNumbers {
            time,
            pools: tally.pools,
            open: Severity::ALL.map(|severity| tally.open(severity)),
            accepted: tally.waived.iter().chain(&tally.known).sum(),
            partial: tally.unknown > 0 || !self.unread.is_empty() || self.interrupted.is_some(),
        }
    }

    /// Every note in words: what it is about, and what there is to know. Those about a number of things are last.
    pub fn notes_in_words(&self) -> impl Iterator<Item = (&str, Cow<'_, str>)> {
        let plain = self.notes.iter().map(|note| (&*note.target, Cow::Borrowed(&*note.message)));
        let counted = in_words(&self.counted).into_iter();
        plain.chain(counted.map(|(target, message)| (target, message.into())))
    }

    /// Brings the findings into the one order that reports have.
    pub fn sort_findings(&mut self) {
        for findings in [&mut self.findings, &mut self.removed] {
            // In place, since a stable order needs half as much memory again.
            findings.sort_unstable_by(|a, b| {
                (&a.pool, &a.rule.id, &a.subject, &a.path, &a.location, &a.message).cmp(&(
                    &b.pool,
                    &b.rule.id,
                    &b.subject,
                    &b.path,
                    &b.location,
                    &b.message,
                ))
            });
        }
    }

    /// Brings everything into the one order that reports have, whatever order it was judged in.
    fn sort(&mut self) {
        self.sort_findings();
        self.fixed.sort();
        self.ended.sort();
        self.unvisited.sort();
        self.undone.sort_by(|a, b| (&a.pool, &a.path).cmp(&(&b.pool, &b.path)));
        self.undecided.sort_by(|a, b| {
            (&a.pool, &a.rule.id, &a.subject, &a.path).cmp(&(&b.pool, &b.rule.id, &b.subject, &b.path))
        });
        self.evidence.sort();
        // The controls of a pool are in the order of their packs.
        self.controls.sort_by(|a, b| (&a.pool, &a.standard).cmp(&(&b.pool, &b.standard)));
        self.pools.sort();
        self.unread.sort();
        self.notes.sort();
        inline::join(&mut self.inline);
        inline::join(&mut self.peers);
    }
}
