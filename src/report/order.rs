//! The order of findings for people: the worst first, then by place.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::Report;
use crate::evaluate::Evaluation;
use crate::finding::{Finding, PoolRef, Status};
use crate::rule::Severity;

/// The findings that count.
pub(super) fn open(evaluation: &Evaluation) -> impl Iterator<Item = &Finding> {
    evaluation.findings.iter().filter(|finding| finding.standing.status == Status::Open)
}

/// Sorts findings by severity, then by their place in a file. Findings without a place keep their order.
pub(super) fn by_severity(findings: &mut [&Finding]) {
    findings.sort_by_key(|finding| {
        let place = finding.location.as_ref().map(|at| (&at.file, at.line, at.column));
        (Reverse(finding.rule.severity), place)
    });
}

/// Sorts findings by their pools, the worst pool first, each pool's own in the order that they have.
pub(super) fn by_pool(findings: &mut Vec<&Finding>) {
    let mut pools: BTreeMap<&PoolRef, Vec<&Finding>> = BTreeMap::new();
    for finding in findings.drain(..) {
        pools.entry(&finding.pool).or_default().push(finding);
    }
    let mut pools: Vec<Vec<&Finding>> = pools.into_values().collect();
    pools.sort_by_key(|of_pool| of_pool.first().map(|finding| Reverse(finding.rule.severity)));
    findings.extend(pools.into_iter().flatten());
}

/// The findings that count and are shown, in their order, and apart from them those that only inform about pools
/// that meet policy.
pub(super) fn shown<'a>(report: &Report<'a>, least: Severity) -> (Vec<&'a Finding>, Vec<&'a Finding>) {
    let is_apart = apart(report);
    let all = open(report.evaluation).filter(|finding| finding.rule.severity >= least);
    let (mut apart, mut shown): (Vec<_>, Vec<_>) = all.partition(|finding| is_apart(finding));
    by_severity(&mut shown);
    by_severity(&mut apart);
    (shown, apart)
}

/// Whether a finding only informs about a pool that meets policy.
pub(super) fn apart<'a>(report: &Report<'a>) -> impl Fn(&Finding) -> bool + use<'a> {
    let least = report.terms.fail_on.unwrap_or(Severity::Info);
    let violating = violating(report, least);
    move |finding| {
        finding.rule.severity == Severity::Info
            && least > Severity::Info
            && !violating.contains(&*finding.pool)
    }
}

/// The pools with a finding that fails the run, or with any finding where none fails it.
pub(super) fn violating<'a>(report: &Report<'a>, least: Severity) -> BTreeSet<&'a PoolRef> {
    let open = open(report.evaluation).filter(|finding| finding.rule.severity >= least);
    let mut pools: Vec<&PoolRef> = open.map(|finding| finding.pool.as_ref()).collect();
    pools.dedup_by(|a, b| std::ptr::eq(*a, *b));
    pools.into_iter().collect()
}
