//! The calls that made the changes of a comparison, in words.

use std::collections::BTreeMap;

use super::DriftReport;
use super::phrasing::title;
use crate::drift::{Change, PoolDrift, changed_by, refused};
use crate::report::calls;
use crate::trail::{Attribution, Cause, Doubt, How, NotFound, Record, Trail};

/// Who changed a value, in one sentence without a period. `None` if no trail was read.
pub(super) fn sentence(change: &Change, trail: Option<&Trail>) -> Option<String> {
    Some(calls::sentence(&changed_by(change.attribution.as_ref()?, trail?)))
}

/// The refused calls of the pools, each in one sentence without a period.
pub(super) fn refusals(report: &DriftReport) -> Vec<String> {
    let Some(trail) = report.trail else { return Vec::new() };
    let of_pool = |pool: &PoolDrift| {
        let title = title(pool);
        refused(pool, trail).into_iter().map(move |refused| format!("{title}: {refused}"))
    };
    report.drift.pools.iter().flat_map(of_pool).collect()
}

/// The caller and the time: `user ops at 2026-11-20T09:14:38Z`.
pub(super) fn by(record: &Record) -> String {
    calls::by(&record.caller.title, record.time)
}

/// The call, the tool and the place: `UpdateUserPool (Terraform 1.9.5, from 192.0.2.11, event 2222)`.
pub(super) fn of_call(record: &Record) -> String {
    calls::operation(&record.name, &record.tool, record.from.as_deref(), &record.id)
}

/// The changes of a pool by the calls that made them.
#[derive(Default)]
pub(super) struct ByCall<'a> {
    /// The newest first.
    pub sure: Vec<(&'a Record, Vec<(&'a Change, How)>)>,
    /// Changes with the same candidates together.
    pub candidates: Vec<(Vec<&'a Change>, &'a [Cause], &'a [Doubt])>,
    /// Changes with the same reason together.
    pub not_found: Vec<(Vec<&'a Change>, &'a NotFound)>,
    pub refused: Vec<&'a Record>,
}

impl<'a> ByCall<'a> {
    pub(super) fn of(pool: &'a PoolDrift, trail: &'a Trail) -> ByCall<'a> {
        let mut sure: BTreeMap<usize, Vec<(&Change, How)>> = BTreeMap::new();
        let mut all = ByCall::default();
        for change in &pool.changes {
            match &change.attribution {
                None => {}
                Some(Attribution::Sure(cause)) => {
                    sure.entry(cause.record).or_default().push((change, cause.how));
                }
                Some(Attribution::Candidates(causes, doubts)) => {
                    let same = all.candidates.iter_mut().find(|(_, own, why)| own == causes && why == doubts);
                    match same {
                        Some((changes, ..)) => changes.push(change),
                        None => all.candidates.push((vec![change], causes, doubts)),
                    }
                }
                Some(Attribution::NotFound(why)) => {
                    match all.not_found.iter_mut().find(|(_, own)| *own == why) {
                        Some((changes, _)) => changes.push(change),
                        None => all.not_found.push((vec![change], why)),
                    }
                }
            }
        }
        all.sure = sure.into_iter().rev().map(|(at, changes)| (&trail.records[at], changes)).collect();
        all.refused = pool.refused.iter().rev().map(|at| &trail.records[*at]).collect();
        all
    }
}
