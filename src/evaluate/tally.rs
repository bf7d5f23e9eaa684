//! Counts of verdicts.

use crate::finding::{Finding, Status, Verdict};
use crate::rule::Severity;

/// Why a verdict is skipped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Skip {
    /// The rule's `when` does not hold.
    Condition,
    /// The list that the rule judges has no elements.
    Empty,
    /// The value is absent, and the rule says to skip such pools.
    Absent,
    /// The input cannot say.
    Outside,
}

/// Counts of verdicts; a rule with `each` has one for every element.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub pools: usize,
    pub rules: usize,
    pub pass: usize,
    pub fail: usize,
    pub unknown: usize,
    pub skipped: usize,
    /// Skipped verdicts by the reason, indexed by `Skip`. All are 0 for a report of a version that did not count them.
    pub skipped_by: [usize; 4],
    /// Failed verdicts by the severity of their rule, indexed as `Severity::ALL`.
    pub by_severity: [usize; 5],
    /// Those of them that a waiver covers.
    pub waived: [usize; 5],
    /// Those of them that are in the baseline.
    pub known: [usize; 5],
}

/// Counts of the verdicts of one rule on one pool.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Verdicts {
    pass: usize,
    pub fail: usize,
    pub unknown: usize,
    skipped: usize,
    skipped_by: [usize; 4],
}

impl Verdicts {
    pub(super) fn count(&mut self, verdict: Verdict, skip: Option<Skip>) {
        match verdict {
            Verdict::Pass => self.pass += 1,
            Verdict::Fail => self.fail += 1,
            Verdict::Unknown => self.unknown += 1,
            Verdict::Skipped => {
                self.skipped += 1;
                if let Some(skip) = skip {
                    self.skipped_by[skip as usize] += 1;
                }
            }
        }
    }
}

impl Tally {
    /// Adds the verdicts of a rule.
    pub(super) fn add_verdicts(&mut self, severity: Severity, verdicts: &Verdicts) {
        self.apply_verdicts(severity, verdicts, |sum, more| *sum += more);
    }

    /// Takes away the verdicts of a rule.
    pub(super) fn subtract_verdicts(&mut self, severity: Severity, verdicts: &Verdicts) {
        self.apply_verdicts(severity, verdicts, |sum, less| *sum = sum.saturating_sub(less));
    }

    fn apply_verdicts(
        &mut self,
        severity: Severity,
        verdicts: &Verdicts,
        change: impl Fn(&mut usize, usize),
    ) {
        let Verdicts { pass, fail, unknown, skipped, skipped_by } = *verdicts;
        change(&mut self.pass, pass);
        change(&mut self.fail, fail);
        change(&mut self.by_severity[severity as usize], fail);
        change(&mut self.unknown, unknown);
        change(&mut self.skipped, skipped);
        for (sum, other) in self.skipped_by.iter_mut().zip(skipped_by) {
            change(sum, other);
        }
    }

    pub(super) fn add(&mut self, other: &Tally) {
        // Every part is judged by all the rules.
        let Tally { pools, rules: _, pass, fail, unknown, skipped, skipped_by, by_severity, waived, known } =
            *other;
        for (sum, other) in self.skipped_by.iter_mut().zip(skipped_by) {
            *sum += other;
        }
        self.pools += pools;
        self.pass += pass;
        self.fail += fail;
        self.unknown += unknown;
        self.skipped += skipped;
        let sums = [&mut self.by_severity, &mut self.waived, &mut self.known];
        for (sums, others) in sums.into_iter().zip([by_severity, waived, known]) {
            for (sum, other) in sums.iter_mut().zip(others) {
                *sum += other;
            }
        }
    }

    /// Counts one verdict.
    pub(super) fn count(&mut self, severity: Severity, verdict: Verdict, skip: Option<Skip>) {
        let mut one = Verdicts::default();
        one.count(verdict, skip);
        self.add_verdicts(severity, &one);
    }

    /// Failed verdicts of a severity.
    pub fn of(&self, severity: Severity) -> usize {
        self.by_severity[severity as usize]
    }

    /// Counts what does not count of the findings: those that are waived, and those that are known.
    pub fn count_accepted(&mut self, findings: &[Finding]) {
        (self.waived, self.known) = ([0; 5], [0; 5]);
        for finding in findings {
            let severity = finding.rule.severity as usize;
            match finding.standing.status {
                Status::Open => {}
                Status::Waived(_) => self.waived[severity] += 1,
                Status::Known => self.known[severity] += 1,
            }
        }
    }

    /// Failed verdicts of a severity that count: neither waived nor known.
    pub fn open(&self, severity: Severity) -> usize {
        let index = severity as usize;
        self.by_severity[index].saturating_sub(self.waived[index] + self.known[index])
    }
}
