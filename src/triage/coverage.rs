//! The coverage of a run: a decision about a pool that was not read, or a verdict that is unknown, must stay.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::RunScope;
use crate::evaluate::Evaluation;
use crate::file_name;
use crate::finding::PoolRef;
use crate::pool::Identity;
use crate::rule::Policy;
use crate::shard;

/// The pools that were read and the rules that were decided, by the keys of pools.
pub(super) struct RunCoverage<'a> {
    /// The pools that were read. One that was read from several inputs is there several times.
    pools: BTreeMap<String, Vec<&'a PoolRef>>,
    rules: BTreeSet<&'a str>,
    /// Pools with the rules that have an unknown verdict there.
    undecided: BTreeMap<String, BTreeSet<&'a str>>,
    evaluation: &'a Evaluation,
}

impl<'a> RunCoverage<'a> {
    pub(super) fn new(evaluation: &'a Evaluation, policy: &'a Policy) -> RunCoverage<'a> {
        let rules = policy.rules.iter().map(|rule| &*rule.id).collect();
        RunCoverage::by(evaluation, rules)
    }

    /// The coverage of a report that was read back, which does not have the pools for which a scope turned rules off.
    pub(super) fn recorded(evaluation: &'a Evaluation, policy: &'a Policy) -> RunCoverage<'a> {
        let off: BTreeSet<&str> = policy.scopes.iter().flat_map(|scope| scope.off(&policy.rules)).collect();
        let rules = policy.rules.iter().map(|rule| &*rule.id).filter(|id| !off.contains(id)).collect();
        RunCoverage::by(evaluation, rules)
    }

    fn by(evaluation: &'a Evaluation, rules: BTreeSet<&'a str>) -> RunCoverage<'a> {
        let mut pools = BTreeMap::<_, Vec<_>>::new();
        for pool in &evaluation.pools {
            pools.entry(pool.key()).or_default().push(pool.as_ref());
        }
        let mut undecided = BTreeMap::<_, BTreeSet<_>>::new();
        for one in &evaluation.undecided {
            undecided.entry(one.pool.key()).or_default().insert(&*one.rule.id);
        }
        RunCoverage { pools, rules, undecided, evaluation }
    }

    /// Whether every subject of a rule in a pool has a verdict, so that an absent finding is fixed.
    pub(super) fn closes(&self, pool: &str, rule: &str) -> bool {
        let read = self.pools.get(pool).map_or(&[] as &[_], Vec::as_slice);
        !read.is_empty() && !self.passes_over(pool, rule) && !self.leaves(pool, rule)
    }

    /// Whether a pool was read and a rule was not judged in it, because the rule was not chosen or is off.
    pub(super) fn passes_over(&self, pool: &str, rule: &str) -> bool {
        let is_off = |pool: &&PoolRef| pool.off.iter().any(|off| **off == *rule);
        let read = self.pools.get(pool);
        read.is_some_and(|read| !self.rules.contains(rule) || read.iter().any(is_off))
    }

    /// Whether a rule has an unknown verdict in a pool, or needs a section outside the input.
    pub(super) fn leaves(&self, pool: &str, rule: &str) -> bool {
        let outside = |pool: &&PoolRef| {
            let sections = self.evaluation.outside.get(&pool.origin.name);
            sections.is_some_and(|sections| sections.values().flatten().any(|left| **left == *rule))
        };
        self.undecided.get(pool).is_some_and(|rules| rules.contains(rule))
            || self.pools.get(pool).is_some_and(|read| read.iter().any(outside))
    }

    /// Whether a pool was read.
    pub(super) fn has(&self, pool: &str) -> bool {
        self.pools.contains_key(pool)
    }

    /// Whether a pool does not exist any more: the pools of its Region were listed to the end, it is not among them, and
    /// nothing that could not be read may be it. Only the shard of the pool reports that.
    pub(super) fn is_gone(&self, pool: &str, scope: RunScope<'_>) -> bool {
        let parts: Vec<&str> = pool.splitn(6, ':').collect();
        let [_, _, "cognito-idp", region, account, resource] = parts[..] else { return false };
        let key = shard::key_of(pool);
        let identity = Identity {
            account: Some(account.into()),
            region: Some(region.into()),
            id: resource.strip_prefix("userpool/").map(Arc::from),
            ..Identity::default()
        };
        scope.shard.is_none_or(|shard| shard.has(&key))
            && self.has_listed(account, region)
            && self.evaluation.interrupted.is_none()
            && !self.evaluation.unread.iter().any(|unread| unread.about.may_cover(&identity))
            && !self.has(pool)
            && !self.evaluation.seen.contains(&key)
    }

    /// Whether the pools of a Region of an account were listed to the end.
    pub(super) fn has_listed(&self, account: &str, region: &str) -> bool {
        self.evaluation.listed.iter().any(|one| one.account == account && one.region == region)
    }

    /// Whether a pool that was in a file is not in it any more: the file was read whole in this run, under the same
    /// name. Standard input has no name to tell by.
    pub(super) fn has_left(&self, pool: &str, file: &str, scope: RunScope<'_>) -> bool {
        let key = shard::key_of(pool);
        let plain = file_name::plain(file);
        *file != *"-"
            && scope.files.iter().any(|named| file_name::plain(&file_name::of(named)) == plain)
            && scope.shard.is_none_or(|shard| shard.has(&key))
            && self.is_whole()
            && !self.has(pool)
            && !self.evaluation.seen.contains(&key)
    }

    /// Whether everything that was requested was read.
    pub(super) fn is_whole(&self) -> bool {
        self.evaluation.unread.is_empty() && self.evaluation.interrupted.is_none()
    }
}
