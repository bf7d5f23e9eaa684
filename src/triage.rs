//! Decisions about findings: which are waived, which were known, and which decisions are out of date.
//!
//! Pure: today is an argument. A fault of a decision, such as a waiver that covers nothing any more, becomes a note
//! of the evaluation, so that every report has it.

mod coverage;
pub mod baseline;
pub mod history;
pub mod waiver;
pub mod peer;
mod stale;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use crate::evaluate::Evaluation;
use crate::finding::{Acceptance, Counted, Status};
use crate::rule::Policy;
use crate::shard::Shard;
use crate::source::Note;
use crate::value::Day;
use baseline::Baseline;
use coverage::RunCoverage;
use history::PreviousReport;
use waiver::Waiver;

/// The decisions to apply.
#[derive(Clone, Copy, Debug)]
pub struct Decisions<'a> {
    pub waivers: &'a [Waiver],
    /// The baseline and its name.
    pub baseline: Option<(&'a Baseline, &'a str)>,
    /// Earlier reports. `None` without `--since`.
    pub previous: Option<&'a [PreviousReport]>,
    pub policy: &'a Policy,
    pub today: Day,
    pub scope: RunScope<'a>,
}

/// The scope of a run, which decides whether something is gone or was not checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunScope<'a> {
    /// The files that were named and read: a pool of one of them that is not in it any more is gone from it.
    pub files: &'a [PathBuf],
    /// The shard, which depends only on the keys of pools.
    pub shard: Option<Shard>,
}

/// Decides about every finding, and notes the faults of the decisions.
pub fn triage(evaluation: &mut Evaluation, decisions: Decisions<'_>) {
    let uses = cover(evaluation, decisions);
    if let Some((baseline, name)) = decisions.baseline {
        let said = baseline.mark(&mut evaluation.findings).into_iter();
        evaluation.notes.extend(said.map(|message| Note { target: name.to_owned(), message }));
    }
    evaluation.tally.count_accepted(&evaluation.findings);
    if let Some(previous) = decisions.previous {
        history::compare(evaluation, decisions, previous);
    }
    let idle = decisions.waivers.iter().zip(&uses).filter(|(waiver, uses)| {
        // Another shard may have the finding.
        uses.is_empty() && waiver.holds_on(decisions.today) && decisions.scope.shard.is_none()
    });
    evaluation.idle = idle.map(|(waiver, _)| Arc::new(waiver.acceptance())).collect();
    let notes = stale::notes(evaluation, decisions, &uses);
    evaluation.notes.extend(notes.plain);
    evaluation.notes.sort();
    evaluation.counted.extend(notes.counted);
    evaluation.counted.extend(of_baseline(evaluation, decisions));
}

/// Marks waived findings, and returns for each waiver the indexes of the findings that it covers.
fn cover(evaluation: &mut Evaluation, decisions: Decisions<'_>) -> Vec<Vec<usize>> {
    let acceptances: Vec<Arc<Acceptance>> =
        decisions.waivers.iter().map(|waiver| Arc::new(waiver.acceptance())).collect();
    let mut uses = vec![Vec::new(); decisions.waivers.len()];
    for (index, finding) in evaluation.findings.iter_mut().enumerate() {
        let concerned = decisions.waivers.iter().enumerate().filter(|(_, waiver)| waiver.concerns(finding));
        let concerned: Vec<(usize, &Waiver)> = concerned.collect();
        if concerned.is_empty() {
            continue;
        }
        let (mut accepted, mut lapsed, mut is_left) = (None, None, false);
        // A finding is accepted if waivers accept every place of it.
        for ((_, actual, _), beside) in finding.places().zip(finding.inline()) {
            let mut last = None;
            let mut holds = None;
            for (number, waiver) in concerned.iter().filter(|(_, waiver)| waiver.accepts(actual, beside)) {
                if uses[*number].last() != Some(&index) {
                    uses[*number].push(index);
                }
                match waiver.holds_on(decisions.today) {
                    true => holds = holds.or(Some(*number)),
                    false => last = Some(*number),
                }
            }
            is_left |= holds.is_none();
            accepted = accepted.or(holds);
            lapsed = if holds.is_none() { last.or(lapsed) } else { lapsed };
        }
        let acceptance = |number: usize| Arc::clone(&acceptances[number]);
        match accepted.filter(|_| !is_left) {
            Some(number) => finding.standing.status = Status::Waived(acceptance(number)),
            None => finding.standing.lapsed = lapsed.map(acceptance),
        }
    }
    uses
}

/// The number of entries of the baseline that are out of date, and of those whose rule this run does not judge.
fn of_baseline(evaluation: &Evaluation, decisions: Decisions<'_>) -> BTreeMap<Counted, usize> {
    let Some((baseline, name)) = decisions.baseline else { return BTreeMap::new() };
    let left = baseline.pruned(evaluation, decisions.policy, decisions.scope);
    let fixed = baseline.entries.len() - left.entries.len();
    let mut counted = baseline.not_judged(name, &RunCoverage::new(evaluation, decisions.policy));
    if fixed > 0 {
        counted.insert(Counted::EntriesFixed { baseline: name.to_owned() }, fixed);
    }
    counted
}
