//! Findings in earlier reports: when each was first there, which are fixed, and which were not checked.

use std::collections::{BTreeMap, BTreeSet};

use super::coverage::RunCoverage;
use super::{Decisions, RunScope};
use crate::evaluate::Evaluation;
use crate::finding::{Change, Counted, Finding, Fixed, Unvisited};
use crate::pool::{Origin, Source};
use crate::rule::Policy;
use crate::shard;
use crate::value::Day;

/// The numbers of the latest runs are kept, and not of more.
const MOST: usize = 60;

/// An earlier report.
#[derive(Debug)]
pub struct PreviousReport {
    /// The time of its run, in milliseconds since 1970.
    pub time: i64,
    pub evaluation: Evaluation,
    /// Its rules, which cannot be evaluated.
    pub policy: Policy,
}

/// Marks every finding as new or still there, and records what was fixed, what gone with its pool, and which pools
/// were not read.
///
/// A finding that was fixed in between and came back is new since then.
pub(super) fn compare(evaluation: &mut Evaluation, decisions: Decisions<'_>, previous: &[PreviousReport]) {
    let Decisions { policy, scope, .. } = decisions;
    let mut previous: Vec<&PreviousReport> = previous.iter().collect();
    previous.sort_by_key(|report| report.time);
    let latest = previous.iter().skip(previous.len().saturating_sub(MOST));
    let earlier = latest.map(|report| report.evaluation.numbers(report.time)).collect();
    let mut seen: BTreeMap<String, (Fixed, Origin)> = BTreeMap::new();
    for report in previous {
        drop_fixed(&mut seen, &RunCoverage::recorded(&report.evaluation, &report.policy), &report.evaluation);
        for ended in &report.evaluation.ended {
            seen.remove(&ended.fingerprint);
        }
        let day = Day::of(report.time);
        for finding in &report.evaluation.findings {
            seen.entry(finding.fingerprint.clone())
                .or_insert_with(|| (remembered(finding, day), finding.pool.origin.clone()));
        }
    }
    for finding in &mut evaluation.findings {
        let first = seen.get(&finding.fingerprint).map(|(one, _)| one.first_seen);
        finding.standing.change = Some(first.map_or(Change::New, Change::Still));
    }
    evaluation.earlier = earlier;
    let coverage = RunCoverage::new(evaluation, policy);
    let mut fixed = drop_fixed(&mut seen, &coverage, evaluation);
    let (ended, left): (Vec<_>, Vec<_>) = seen.into_values().partition(|(one, origin)| {
        let has_left = origin.source != Source::Live && coverage.has_left(&one.pool, &origin.name, scope);
        has_left || coverage.is_gone(&one.pool, scope)
    });
    let mut ended: Vec<Fixed> = ended.into_iter().map(|(one, _)| one).collect();
    let left: Vec<Fixed> = left.into_iter().map(|(one, _)| one).collect();
    let mut not_judged = BTreeMap::<Counted, usize>::new();
    for one in left.iter().filter(|one| coverage.passes_over(&one.pool, &one.rule)) {
        *not_judged.entry(Counted::FindingsNotJudged { rule: one.rule.clone() }).or_default() += 1;
    }
    let mut unvisited = BTreeMap::<(String, String), usize>::new();
    for one in left.into_iter().filter(|one| !coverage.has(&one.pool) && is_own(&one.pool, scope)) {
        *unvisited.entry((one.title, one.pool)).or_default() += 1;
    }
    let unvisited =
        unvisited.into_iter().map(|((title, pool), findings)| Unvisited { title, pool, findings });
    fixed.sort();
    ended.sort();
    evaluation.unvisited = unvisited.collect();
    evaluation.counted.extend(not_judged);
    (evaluation.fixed, evaluation.ended) = (fixed, ended);
}

/// Whether this run reports a pool: of shards, only the pool's own does.
fn is_own(pool: &str, scope: RunScope<'_>) -> bool {
    scope.shard.is_none_or(|shard| shard.has(&shard::key_of(pool)))
}

/// Removes findings that a report shows to be fixed.
fn drop_fixed(
    seen: &mut BTreeMap<String, (Fixed, Origin)>,
    coverage: &RunCoverage<'_>,
    evaluation: &Evaluation,
) -> Vec<Fixed> {
    let there: BTreeSet<&str> = evaluation.findings.iter().map(|one| one.fingerprint.as_str()).collect();
    let is_fixed =
        |one: &Fixed| !there.contains(one.fingerprint.as_str()) && coverage.closes(&one.pool, &one.rule);
    let fixed: Vec<Fixed> = seen.values().map(|(one, _)| one).filter(|one| is_fixed(one)).cloned().collect();
    for one in &fixed {
        seen.remove(&one.fingerprint);
    }
    fixed
}

/// A finding of an earlier report, as it is shown once it is fixed.
fn remembered(finding: &Finding, day: Day) -> Fixed {
    let first_seen = match finding.standing.change {
        Some(Change::Still(first)) => first.min(day),
        Some(Change::New) | None => day,
    };
    Fixed {
        pool: finding.pool.key(),
        title: finding.pool.identity.title(),
        rule: finding.rule.id.to_string(),
        path: finding.path.to_string(),
        fingerprint: finding.fingerprint.clone(),
        first_seen,
    }
}
