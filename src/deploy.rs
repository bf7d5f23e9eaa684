//! The effect of applying a plan to live pools: the findings that it introduces, keeps and removes, and the changes
//! of others that it undoes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::drift::{Change, Drift, PoolDrift, Rules, Side, drift};
use crate::evaluate::{Evaluation, beyond};
use crate::finding::{Effect, Finding, PoolRef, Undone};
use crate::pool::{Beyond, Lifecycle, Pool, Section};
use crate::rule::Policy;
use crate::schema::{Node, NodeId, schema};
use crate::value::Value;

/// A pool of a plan: before it, and after it.
#[derive(Clone, Debug)]
pub struct Planned {
    pub before: Pool,
    pub after: Pool,
}

/// The effects of a deploy on live pools, beside those on the findings of its plan.
#[derive(Debug, Default)]
pub struct Effects {
    /// Settings that it changes again.
    pub undone: Vec<Undone>,
    /// Rules that a plan cannot decide, for it has no argument for what they read and does not send it: id of the rule,
    /// and the pool by its id in its Region.
    pub untouched: BTreeSet<(String, String)>,
}

/// Records the effect of the deploy on every finding of a plan, and the findings that it removes. `live` is the
/// evaluation and the pools of the live side.
pub fn compare(mut evaluation: Evaluation, live: Evaluation, effects: Effects) -> Evaluation {
    keep_untouched(&mut evaluation, &live, &effects.untouched);
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
                    && (one.subject.is_none() || one.subject.as_ref() == finding.subject.as_deref())
            })
    };
    let gone = |finding: &Finding| key(finding).is_some_and(|key| !stays.contains(&key)) && !open(finding);
    let removed = live.findings.into_iter().filter(gone).collect();
    evaluation.removed = removed;
    evaluation.undone = effects.undone;
    evaluation.unread.extend(live.unread);
    evaluation.unread.sort();
    evaluation.interrupted = evaluation.interrupted.or(live.interrupted);
    evaluation
}

/// Adds to the findings of a plan those of the live pools that applying it leaves as they are, without a word of them.
fn keep_untouched(evaluation: &mut Evaluation, live: &Evaluation, untouched: &BTreeSet<(String, String)>) {
    let of_plan = |finding: &Finding| {
        let id = finding.pool.identity.id_in_region()?;
        let key = (finding.rule.id.to_string(), id);
        let same = |pool: &&Arc<PoolRef>| pool.identity.id_in_region().as_ref() == Some(&key.1);
        evaluation.pools.iter().find(same).filter(|_| untouched.contains(&key)).cloned()
    };
    let kept: Vec<Finding> = live
        .findings
        .iter()
        .filter_map(|finding| Some(Finding { pool: of_plan(finding)?, ..finding.clone() }))
        .collect();
    for finding in &kept {
        let tally = &mut evaluation.tally;
        tally.fail += 1;
        tally.skipped = tally.skipped.saturating_sub(1);
        tally.by_severity[finding.rule.severity as usize] += 1;
    }
    evaluation.findings.extend(kept);
    evaluation.sort_findings();
}

/// The rules that a plan cannot decide, because it has no argument for a member and does not send it.
pub fn untouched(policy: &Policy, planned: &[Planned], now: i64) -> BTreeSet<(String, String)> {
    let mut untouched = BTreeSet::new();
    for Planned { after, .. } in planned {
        let Some(id) = after.identity().id_in_region() else { continue };
        policy.rules_for(after, |rule| match beyond(rule, after, now) {
            Some(Beyond::Member(member)) if !is_sent(after, member) => {
                untouched.insert((rule.id.to_string(), id.clone()));
            }
            Some(_) | None => {}
        });
    }
    untouched
}

/// Whether an update of a pool sends the structure that a member is in, and so removes a member without an argument.
fn is_sent(pool: &Pool, member: NodeId) -> bool {
    let top = schema().node(member).path.split('.').next().unwrap_or_default();
    pool.lifecycle != Lifecycle::Stated && pool.document.get(top).is_some()
}

/// The members of a live pool that an update removes, for it sends the structure around them and has no argument for
/// them.
fn unsent(planned: &Planned, live: &Pool, reference: &Arc<PoolRef>) -> Vec<Undone> {
    let members = schema().nodes().filter(|(id, node)| {
        planned.after.unsaid(*id) == Some(*id)
            && node.drifts()
            && node.path.contains('.')
            && Section::around(*id).next() == Some(Section::UserPool)
            && is_sent(&planned.after, *id)
    });
    let value = |path: &str| {
        path.split('.').try_fold(None, |at: Option<&Value>, name| match at {
            None => live.document.get(name).map(Some),
            Some(value) => value.get(name).map(Some),
        })
    };
    let undone = |(_, node): (NodeId, &Node)| {
        let live = value(&node.path)??.clone();
        let path = node.path.to_string();
        Some(Undone { pool: Arc::clone(reference), path, before: None, live: Some(live), after: None })
    };
    members.filter_map(undone).collect()
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
    for planned in planned.iter().filter(|planned| planned.after.lifecycle == Lifecycle::Updated) {
        let id = planned.after.identity().id_in_region();
        for live in live.iter().filter(|live| id.is_some() && live.identity().id_in_region() == id) {
            let (identity, origin) = (live.identity(), live.origin.clone());
            let reference = Arc::new(PoolRef { identity, origin, ..PoolRef::default() });
            undone.extend(unsent(planned, live, &reference));
        }
    }
    undone.sort_by(|a, b| (&a.pool, &a.path).cmp(&(&b.pool, &b.path)));
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
