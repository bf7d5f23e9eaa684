//! The effect of applying a plan to live pools: the findings that it introduces, keeps and removes, and the changes
//! of others that it undoes.

use std::collections::{BTreeMap, BTreeSet};

use crate::drift::{Change, Drift, PoolDrift, Rules, Side, drift};
use crate::evaluate::Evaluation;
use crate::finding::{Effect, Finding, Undone};
use crate::pool::Pool;
use crate::rule::Policy;

/// A pool of a plan: before it, and after it.
#[derive(Clone, Debug)]
pub struct Planned {
    pub before: Pool,
    pub after: Pool,
}

/// Records the effect of the deploy on every finding of a plan, and the findings that it removes. `live` is the
/// evaluation and the pools of the live side.
pub fn compare(mut evaluation: Evaluation, live: Evaluation, undone: Vec<Undone>) -> Evaluation {
    let mut there: BTreeMap<Key, BTreeSet<String>> = BTreeMap::new();
    for finding in &live.findings {
        if let Some(key) = key(finding) {
            there.entry(key).or_default().extend(finding.places().map(|(path, ..)| path.to_owned()));
        }
    }
    let read: BTreeSet<String> = live.pools.iter().filter_map(|pool| pool.identity.id_in_region()).collect();
    for finding in &mut evaluation.findings {
        // A rule that is broken in one more place counts as introduced.
        let was = key(finding).and_then(|key| there.get(&key));
        let kept = was.is_some_and(|was| finding.places().all(|(path, ..)| was.contains(path)));
        finding.standing.deploy = match finding.pool.identity.id_in_region() {
            // A pool that could not be read proves nothing.
            Some(id) if !read.contains(&id) => None,
            Some(_) if kept => Some(Effect::Kept),
            _ => Some(Effect::Introduced),
        };
    }
    let stays: BTreeSet<Key> = evaluation.findings.iter().filter_map(key).collect();
    // A rule that the plan cannot decide about the pool says nothing of whether the finding stays.
    let unsaid = |finding: &Finding| {
        let id = finding.pool.identity.id_in_region();
        evaluation.pools.iter().filter(|pool| pool.identity.id_in_region() == id).any(|pool| {
            let beyond = evaluation.outside.get(&pool.origin.name).into_iter().flat_map(BTreeMap::values);
            beyond.into_iter().any(|rules| rules.contains(&finding.rule.id))
        })
    };
    let open = |finding: &Finding| {
        unsaid(finding)
            || evaluation.undecided.iter().any(|one| {
                one.rule.id == finding.rule.id
                    && one.pool.identity.id_in_region() == finding.pool.identity.id_in_region()
                    && (one.subject.is_none() || one.subject == finding.subject)
            })
    };
    let gone = |finding: &Finding| key(finding).is_some_and(|key| !stays.contains(&key)) && !open(finding);
    let removed = live.findings.into_iter().filter(gone).collect();
    evaluation.removed = removed;
    evaluation.undone = undone;
    evaluation.unread.extend(live.unread);
    evaluation.unread.sort();
    evaluation.interrupted = evaluation.interrupted.or(live.interrupted);
    evaluation
}

/// The key that a finding of a plan and one of a live pool share.
type Key = (String, String, Option<String>);

fn key(finding: &Finding) -> Option<Key> {
    let id = finding.pool.identity.id_in_region()?;
    let subject = finding.subject.as_ref().map(|subject| subject.key.clone());
    Some((finding.rule.id.to_string(), id, subject))
}

/// The changes since the plan was made that applying it undoes. `now` is in milliseconds since 1970.
pub fn undone(policy: &Policy, planned: &[Planned], live: &[Pool], now: i64) -> Vec<Undone> {
    let side = |pools: Vec<Pool>| Side { pools, ..Side::default() };
    let there = side(live.to_vec());
    let against = |pools: Vec<Pool>| drift(Rules { policy, others: &[] }, &side(pools), &there, &[], now);
    let outside = against(planned.iter().map(|planned| planned.before.clone()).collect());
    let applied = changes(against(planned.iter().map(|planned| planned.after.clone()).collect()));
    let mut undone = Vec::new();
    for pool in outside.pools.iter().filter(|pool| !pool.is_alone()) {
        let (Some(reference), Some(id)) = (pool.pool(), id(pool)) else { continue };
        for change in &pool.changes {
            if let Some(again) = applied.get(&(id.clone(), change.path.clone())) {
                undone.push(Undone {
                    pool: reference.clone(),
                    path: change.path.clone(),
                    before: change.before.clone(),
                    live: change.after.clone(),
                    after: again.before.clone(),
                });
            }
        }
    }
    undone
}

/// The changes of each pool by its id and their paths.
fn changes(drift: Drift) -> BTreeMap<(String, String), Change> {
    let of_pool = |pool: PoolDrift| {
        let id = id(&pool).unwrap_or_default();
        pool.changes.into_iter().map(move |change| ((id.clone(), change.path.clone()), change))
    };
    drift.pools.into_iter().filter(|pool| !pool.is_alone()).flat_map(of_pool).collect()
}

fn id(pool: &PoolDrift) -> Option<String> {
    pool.pool()?.identity.id_in_region()
}
