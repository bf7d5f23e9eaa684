//! What a run settled: a decision about something that was not read, or not decided, must stay.

use std::collections::{BTreeMap, BTreeSet};

use crate::evaluate::Evaluation;
use crate::finding::PoolRef;

/// What was read and decided, by the keys of pools.
pub(super) struct Settled<'a> {
    /// The pools that were read. One that was read from several inputs is there several times.
    pools: BTreeMap<String, Vec<&'a PoolRef>>,
    /// Pools with the rules that have an unknown verdict there.
    undecided: BTreeMap<String, BTreeSet<&'a str>>,
    evaluation: &'a Evaluation,
}

impl<'a> Settled<'a> {
    pub(super) fn new(evaluation: &'a Evaluation) -> Settled<'a> {
        let mut pools = BTreeMap::<_, Vec<_>>::new();
        for pool in &evaluation.pools {
            pools.entry(pool.key()).or_default().push(pool.as_ref());
        }
        let mut undecided = BTreeMap::<_, BTreeSet<_>>::new();
        for one in &evaluation.undecided {
            undecided.entry(one.pool.key()).or_default().insert(&*one.rule.id);
        }
        Settled { pools, undecided, evaluation }
    }

    /// Whether a rule has a verdict in a pool that is unknown, or an input that does not hold what it needs.
    pub(super) fn leaves(&self, pool: &str, rule: &str) -> bool {
        let outside = |pool: &&PoolRef| {
            let sections = self.evaluation.outside.get(&pool.origin.name);
            sections.is_some_and(|sections| sections.values().flatten().any(|left| **left == *rule))
        };
        self.undecided.get(pool).is_some_and(|rules| rules.contains(rule))
            || self.pools.get(pool).is_some_and(|read| read.iter().any(outside))
    }

    /// Whether nothing of what was asked for is missing.
    pub(super) fn is_whole(&self) -> bool {
        self.evaluation.unread.is_empty() && self.evaluation.interrupted.is_none()
    }
}
