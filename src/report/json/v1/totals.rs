//! The shape of the counts of verdicts.

use serde::{Deserialize, Serialize};

use crate::evaluate::Tally;
use crate::rule::Severity;

#[derive(Deserialize, Serialize)]
pub(super) struct SummaryShape {
    pub(super) pools: usize,
    pub(super) rules: usize,
    pub(super) pass: usize,
    pub(super) fail: usize,
    pub(super) unknown: usize,
    pub(super) skipped: usize,
    /// Missing where nothing was skipped, and where a part of the counts is of a version that did not count them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) skipped_by: Option<SkippedByShape>,
    pub(super) by_severity: BySeverityShape,
    #[serde(default)]
    pub(super) waived: usize,
    #[serde(default)]
    pub(super) known: usize,
}

#[derive(Deserialize, Serialize)]
pub(super) struct SkippedByShape {
    pub(super) condition: usize,
    pub(super) empty: usize,
    pub(super) absent: usize,
    pub(super) outside: usize,
}

#[derive(Deserialize, Serialize)]
pub(super) struct BySeverityShape {
    pub(super) info: usize,
    pub(super) low: usize,
    pub(super) medium: usize,
    pub(super) high: usize,
    pub(super) critical: usize,
}

impl From<[usize; 5]> for BySeverityShape {
    fn from([info, low, medium, high, critical]: [usize; 5]) -> Self {
        BySeverityShape { info, low, medium, high, critical }
    }
}

impl From<BySeverityShape> for [usize; 5] {
    fn from(shape: BySeverityShape) -> Self {
        let BySeverityShape { info, low, medium, high, critical } = shape;
        [info, low, medium, high, critical]
    }
}

impl From<&Tally> for SummaryShape {
    fn from(tally: &Tally) -> Self {
        let Tally { pools, rules, pass, fail, unknown, skipped, skipped_by, by_severity: _, waived, known } =
            tally;
        let [condition, empty, absent, outside] = *skipped_by;
        let counted = *skipped > 0 && skipped_by.iter().sum::<usize>() == *skipped;
        SummaryShape {
            pools: *pools,
            rules: *rules,
            pass: *pass,
            fail: *fail,
            unknown: *unknown,
            skipped: *skipped,
            skipped_by: counted.then_some(SkippedByShape { condition, empty, absent, outside }),
            by_severity: Severity::ALL.map(|severity| tally.of(severity)).into(),
            waived: waived.iter().sum(),
            known: known.iter().sum(),
        }
    }
}
