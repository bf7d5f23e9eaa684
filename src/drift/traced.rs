//! Traces findings to the changes that they come from, and those to the calls that made them.

use std::collections::{BTreeMap, BTreeSet};

use super::direction::goes_through;
use super::{Change, Drift, PoolDrift, Uncompared};
use crate::finding::{self, Call, Certainty, ChangedBy, Finding, Reason, Traced};
use crate::pool::Section;
use crate::trail::{Attribution, Cause, Doubt, NotFound, Record, Trail};
use crate::value::Value;

/// Leaves out the changes that no finding comes from, so that only calls that can explain one are looked up.
pub fn keep_traceable(drift: &mut Drift, findings: &[Finding]) {
    let of_pools = by_pool(findings);
    for pool in &mut drift.pools {
        let own = key(pool).and_then(|key| of_pools.get(&key)).map_or(&[] as &[_], Vec::as_slice);
        let mut is_behind = own.iter().fold(vec![false; pool.changes.len()], |mut all, finding| {
            for (at, _) in behind(finding, pool) {
                all[at] = true;
            }
            all
        });
        let mut kept = is_behind.drain(..);
        pool.changes.retain(|_| kept.next().unwrap_or_default());
    }
    drift.pools.retain(|pool| !pool.changes.is_empty());
}

/// Sets the changes that each finding comes from. The drift is attributed.
pub fn trace(findings: &mut [Finding], drift: &Drift, trail: &Trail) {
    let pools: BTreeMap<String, &PoolDrift> =
        drift.pools.iter().filter_map(|pool| Some((key(pool)?, pool))).collect();
    for finding in findings {
        let changes = pools.get(&finding.pool.key()).map_or_else(Vec::new, |pool| {
            let mut changes: Vec<Traced> = behind(finding, pool)
                .filter_map(|(_, change)| behind_finding(change, finding, trail))
                .collect();
            if let Some(section) = unrecorded(finding, pool) {
                for traced in &mut changes {
                    doubt_age(traced, section);
                }
            }
            changes
        });
        let is_new = finding.standing.change == Some(finding::Change::New);
        finding.standing.traced = (is_new || !changes.is_empty()).then(|| changes.into());
    }
}

fn by_pool(findings: &[Finding]) -> BTreeMap<String, Vec<&Finding>> {
    let mut of_pools: BTreeMap<String, Vec<&Finding>> = BTreeMap::new();
    for finding in findings {
        of_pools.entry(finding.pool.key()).or_default().push(finding);
    }
    of_pools
}

fn key(pool: &PoolDrift) -> Option<String> {
    pool.current.as_ref().map(|pool| pool.key())
}

/// The changes of its pool that a finding comes from, each with its position: for a new finding those of values that
/// its rule reads, for one that is still there those of its own value.
fn behind<'a>(finding: &'a Finding, pool: &'a PoolDrift) -> impl Iterator<Item = (usize, &'a Change)> {
    let is_new = finding.standing.change == Some(finding::Change::New);
    let subject = finding.subject.as_deref();
    let is_behind = move |change: &Change| {
        if change.path.is_empty() {
            return is_new;
        }
        let read = change.rules.iter().any(|touched| touched.rule.id == finding.rule.id);
        let other = change.element.as_ref().zip(subject).is_some_and(|(element, subject)| {
            goes_through(&finding.rule, element) && element.after.as_ref() != Some(&subject.key)
        });
        read && !other && (is_new || *change.path == *finding.path)
    };
    pool.changes.iter().enumerate().filter(move |(_, change)| is_behind(change))
}

/// A change with who made it. `None` if it is not attributed.
pub fn traced(change: &Change, trail: &Trail) -> Option<Traced> {
    Some(Traced {
        path: change.path.clone(),
        before: change.before.clone(),
        after: change.after.clone(),
        by: changed_by(change.attribution.as_ref()?, trail),
    })
}

/// A change that a finding comes from, with who made it.
fn behind_finding(change: &Change, finding: &Finding, trail: &Trail) -> Option<Traced> {
    let mut traced = traced(change, trail)?;
    let by = &mut traced.by;
    // Whoever created the pool or the element need not have set the value: only its creation was looked for.
    let is_creation = change.before.is_none() && *change.path != *finding.path;
    if is_creation && by.certainty == Certainty::Sure && finding.path.starts_with(&*change.path) {
        by.certainty = Certainty::Candidates;
        let message = "a later call may have set the value".to_owned();
        by.reasons.push(Reason { code: "later-calls".to_owned(), message });
    }
    Some(traced)
}

/// A section that the rule of a new finding reads, and that was not recorded. The finding may be older than the
/// snapshot, whatever has changed since.
fn unrecorded<'p>(finding: &Finding, pool: &'p PoolDrift) -> Option<&'p str> {
    let mut sections = BTreeSet::new();
    let is_new = finding.standing.change == Some(finding::Change::New);
    finding.rule.needs(|_, node| sections.extend(node.into_iter().flat_map(Section::around)));
    let lacks = |one: &&Uncompared| {
        let section = sections.iter().find(|section| section.member() == one.what);
        one.side == "recorded" && section.is_some()
    };
    let lacking = pool.uncompared.iter().filter(|_| is_new).find(lacks)?;
    Some(&lacking.what)
}

/// Names nobody as certain for a finding that may be older.
fn doubt_age(traced: &mut Traced, section: &str) {
    let by = &mut traced.by;
    if by.certainty == Certainty::Sure {
        by.certainty = Certainty::Candidates;
    }
    let message = format!("the recorded pool lacks {section}, so the finding may be older than the change");
    by.reasons.push(Reason { code: "section-not-recorded".to_owned(), message });
}

/// Who made a change, without the trail that it refers to.
pub fn changed_by(attribution: &Attribution, trail: &Trail) -> ChangedBy {
    let call = |cause: &Cause| call(&trail.records[cause.record], *cause);
    let (certainty, calls, reasons) = match attribution {
        Attribution::Sure(cause) => (Certainty::Sure, vec![call(cause)], Vec::new()),
        Attribution::Candidates(causes, doubts) => {
            let doubts = doubts.iter().map(of_doubt).collect();
            (Certainty::Candidates, causes.iter().map(call).collect(), doubts)
        }
        Attribution::NotFound(NotFound::Doubted(doubts)) => {
            (Certainty::NotFound, Vec::new(), doubts.iter().map(of_doubt).collect())
        }
        Attribution::NotFound(why) => {
            let reason = Reason { code: why.word().to_owned(), message: why.reason(trail) };
            (Certainty::NotFound, Vec::new(), vec![reason])
        }
    };
    ChangedBy { certainty, calls, reasons }
}

fn of_doubt(doubt: &Doubt) -> Reason {
    Reason { code: doubt.word().to_owned(), message: doubt.reason() }
}

fn call(record: &Record, cause: Cause) -> Call {
    let Record { id, time, name, account, region, caller, tool, from, .. } = record.clone();
    Call {
        event: id,
        name,
        time,
        account,
        region,
        caller: caller.title,
        caller_type: caller.kind,
        caller_account: caller.account,
        tool,
        from,
        how: cause.how.word().to_owned(),
        reason: cause.how.reason().to_owned(),
    }
}

/// The refused calls of a pool, the newest first, each in a sentence without a period.
pub fn refused(pool: &PoolDrift, trail: &Trail) -> Vec<String> {
    let sentence = |at: &usize| {
        let Record { id, time, name, caller, tool, from, refused, .. } = &trail.records[*at];
        let from = from.as_ref().map_or_else(String::new, |from| format!(", from {from}"));
        let code = refused.as_deref().unwrap_or_default();
        let time = Value::Time(*time);
        format!("{name} by {} at {time} was refused: {code} ({tool}{from}, event {id})", caller.title)
    };
    pool.refused.iter().rev().map(sentence).collect()
}
