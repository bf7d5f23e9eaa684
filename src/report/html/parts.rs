//! The pages of a report that is too large for one: a first page with the answer, and pages with the findings of some
//! accounts each.

use std::collections::BTreeMap;

use super::rollup::key;
use crate::evaluate::{Evaluation, Tally};
use crate::finding::{Finding, PoolRef, Undecided};
use crate::report::Report;

/// The findings of some pools.
pub(super) struct Part {
    /// The first and the last account and Region.
    pub(super) title: String,
    pub(super) rows: usize,
    pub(super) evaluation: Evaluation,
}

/// The number of findings and unknown verdicts, which a page lists.
pub(super) fn rows(evaluation: &Evaluation) -> usize {
    evaluation.findings.len() + evaluation.undecided.len()
}

/// The parts, each with at most as many rows as a page takes, unless one pool has more. The pools of an account are
/// next to each other.
pub(super) fn parts(report: &Report, most: usize) -> Vec<Part> {
    let evaluation = report.evaluation;
    let mut pools: BTreeMap<((String, String), &PoolRef), usize> = BTreeMap::new();
    for pool in &evaluation.pools {
        pools.entry((key(pool), pool)).or_default();
    }
    let found = evaluation.findings.iter().map(|one| &one.pool);
    for pool in found.chain(evaluation.undecided.iter().map(|one| &one.pool)) {
        *pools.entry((key(pool), pool)).or_default() += 1;
    }
    let (mut taken, mut titles, mut part_of) = (0, Vec::new(), BTreeMap::new());
    for (((account, region), pool), rows) in pools {
        let place = format!("{account} {region}").trim_end().to_owned();
        match titles.last_mut() {
            Some((_, last)) if taken + rows <= most => *last = place,
            Some(_) | None => {
                titles.push((place.clone(), place));
                taken = 0;
            }
        }
        taken += rows;
        part_of.insert(pool, titles.len() - 1);
    }
    let mut parts: Vec<Part> = titles.into_iter().map(|(first, last)| empty(report, &first, &last)).collect();
    for pool in &evaluation.pools {
        if let Some(part) = part_of.get(&**pool).and_then(|at| parts.get_mut(*at)) {
            part.evaluation.pools.push(pool.clone());
        }
    }
    for one in &evaluation.findings {
        if let Some(part) = part_of.get(&*one.pool).and_then(|at| parts.get_mut(*at)) {
            part.add(one);
        }
    }
    for one in &evaluation.undecided {
        if let Some(part) = part_of.get(&*one.pool).and_then(|at| parts.get_mut(*at)) {
            part.add_undecided(one);
        }
    }
    for of in evaluation.evidence.pools() {
        if let Some(part) = part_of.get(of.pool()).and_then(|at| parts.get_mut(*at)) {
            part.evaluation.evidence.share(of);
        }
    }
    for part in &mut parts {
        let evaluation = &mut part.evaluation;
        evaluation.tally.pools = evaluation.pools.len();
        evaluation.tally.count_accepted(&evaluation.findings);
    }
    parts
}

fn empty(report: &Report, first: &str, last: &str) -> Part {
    let title = if first == last { first.to_owned() } else { format!("{first} to {last}") };
    let tally = Tally { rules: report.evaluation.tally.rules, ..Tally::default() };
    Part { title, rows: 0, evaluation: Evaluation { tally, ..Evaluation::default() } }
}

impl Part {
    fn add(&mut self, finding: &Finding) {
        self.rows += 1;
        self.evaluation.tally.by_severity[finding.rule.severity as usize] += 1;
        self.evaluation.tally.fail += 1;
        self.evaluation.findings.push(finding.clone());
    }

    fn add_undecided(&mut self, undecided: &Undecided) {
        self.rows += 1;
        self.evaluation.tally.unknown += 1;
        self.evaluation.undecided.push(undecided.clone());
    }
}
