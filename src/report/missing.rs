//! The reasons that a run is incomplete, each a clause.

use std::collections::{BTreeMap, BTreeSet};

use super::Report;
use super::ansi::count;
use super::sanitize::sanitized;
use crate::evaluate::Evaluation;

/// The reasons that a run is incomplete.
pub(super) fn missing(report: &Report) -> Vec<String> {
    let evaluation = report.evaluation;
    let mut missing = Vec::new();
    match evaluation.unread.as_slice() {
        all if all.iter().all(|unread| unread.operation.is_none()) => {
            missing.extend(unread_inputs(evaluation));
        }
        [one] => {
            let operation = one.operation.as_deref().unwrap_or_default();
            missing.push(format!("{operation} of {} failed", sanitized(&one.target)));
        }
        many => missing.push(format!("{} failed", count(many.len(), "read"))),
    }
    if evaluation.tally.unknown > 0 && !report.terms.ignore_unknown {
        let verb = if evaluation.tally.unknown == 1 { "is" } else { "are" };
        missing.push(format!("{} {verb} unknown", count(evaluation.tally.unknown, "verdict")));
    }
    if missing.is_empty() && evaluation.tally.rules == 0 && evaluation.tally.pools > 0 {
        missing.push("every rule is turned off (pass --allow-empty if that is intended)".to_owned());
    }
    if missing.is_empty() {
        missing.push("there was no pool to check (pass --allow-empty if that is expected)".to_owned());
    }
    missing
}

/// The inputs that could not be read, and those of which a part could not: pools of them were judged.
fn unread_inputs(evaluation: &Evaluation) -> Vec<String> {
    let judged: BTreeSet<&str> = evaluation.pools.iter().map(|pool| &*pool.origin.name).collect();
    let mut parts: BTreeMap<&str, usize> = BTreeMap::new();
    for unread in &evaluation.unread {
        *parts.entry(&unread.target).or_default() += 1;
    }
    let (partly, whole): (Vec<_>, Vec<_>) = parts.into_iter().partition(|(name, _)| judged.contains(name));
    let mut said = Vec::new();
    match whole.as_slice() {
        [] => {}
        [(one, _)] => said.push(format!("{} could not be read", sanitized(one))),
        many => said.push(format!("{} could not be read", count(many.len(), "input"))),
    }
    match partly.as_slice() {
        [] => {}
        [(one, 1)] => said.push(format!("a part of {} could not be read", sanitized(one))),
        [(one, parts)] => said.push(format!("{parts} parts of {} could not be read", sanitized(one))),
        many => said.push(format!("parts of {} could not be read", count(many.len(), "input"))),
    }
    said
}
