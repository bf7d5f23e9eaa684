//! The controls of standards over one pool: whether the rules prove each of them, at its own bounds.

use std::sync::Arc;

use super::judge::{JudgeOptions, Judgement};
use super::{record, scenarios};
use crate::finding::{ControlVerdict, PoolRef, Proof, Verdict};
use crate::rule::Rule;
use crate::rule::control::{Control, Standard};
use crate::source::declared::Scenario;

/// More verdicts than this are counted, not repeated.
const SAID: usize = 5;

/// Judges every control of the standards.
pub(super) fn judge(
    standards: &[Standard],
    scenarios: &[Scenario],
    now: i64,
    pool: &Arc<PoolRef>,
) -> Vec<ControlVerdict> {
    let all = standards.iter().flat_map(|standard| standard.controls.iter().map(move |one| (standard, one)));
    all.map(|(standard, control)| {
        let (verdict, reason) = proof(control, scenarios, now);
        let (standard, control) = (Arc::clone(&standard.pack), Arc::clone(&control.id));
        ControlVerdict { standard, control, pool: Arc::clone(pool), verdict, reason }
    })
    .collect()
}

/// Whether a control is proven, and why. One rule that fails breaks it, and one that passes is needed: a control is not
/// proven by rules that do not apply.
fn proof(control: &Control, scenarios: &[Scenario], now: i64) -> (Proof, String) {
    if let Some((why, sentence)) = &control.uncovered {
        return (Proof::NotCovered, format!("{}. {sentence}", why.clause()));
    }
    // A section that the input does not hold is not known, so it decides nothing.
    let options = JudgeOptions { now, full_coverage: true, evidence: true, places: true };
    let mut said: Vec<(Verdict, String)> = Vec::new();
    for rule in &control.satisfied_by {
        let mut add = |judgement: Judgement<'_>| {
            let reason = record::said(rule, &judgement);
            said.push((judgement.verdict, sentence(rule, &judgement, &reason)));
        };
        scenarios::judge(rule, scenarios, options, &mut add);
    }
    let reasons = |wanted: Verdict| {
        let of = said.iter().filter(|(verdict, _)| *verdict == wanted).map(|(_, reason)| reason.as_str());
        let of: Vec<&str> = of.collect();
        match of.get(SAID..) {
            Some(more @ [_, ..]) => format!("{}; and {} more", of[..SAID].join("; "), more.len()),
            _ => of.join("; "),
        }
    };
    let has = |wanted: Verdict| said.iter().any(|(verdict, _)| *verdict == wanted);
    if has(Verdict::Fail) {
        (Proof::Failed, reasons(Verdict::Fail))
    } else if has(Verdict::Unknown) {
        (Proof::NotDecided, reasons(Verdict::Unknown))
    } else if has(Verdict::Pass) {
        (Proof::Passed, reasons(Verdict::Pass))
    } else {
        (Proof::NotCovered, format!("no rule of it applies to the pool: {}", reasons(Verdict::Skipped)))
    }
}

/// `password-too-short: Policies.PasswordPolicy.MinimumLength is 8, expected at least 12`.
fn sentence(rule: &Rule, judgement: &Judgement<'_>, reason: &str) -> String {
    let subject = judgement.subject.as_ref();
    let path = judgement.witness.as_ref().map_or("", |witness| &witness.path);
    let of = subject.map_or(String::new(), |one| format!(" of {}", record::called(one, path)));
    match reason.is_empty() {
        true => format!("{}{of}", rule.id),
        false => format!("{}{of}: {reason}", rule.id),
    }
}
