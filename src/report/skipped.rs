//! Why verdicts were skipped: in short, and by rule.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use super::ansi::count;
use crate::evaluate::Evaluation;
use crate::finding::Verdict;

/// Why verdicts were skipped, in short.
pub(super) fn in_short(evaluation: &Evaluation, verbose: bool) -> Option<String> {
    let [condition, empty, absent, outside] = evaluation.tally.skipped_by;
    let reasons = [
        (condition, "the rule does not apply"),
        (empty, "there is no element to judge"),
        (absent, "the value is absent"),
        (outside, "the input does not show it"),
    ];
    let said: Vec<String> =
        reasons.iter().filter(|(n, _)| *n > 0).map(|(n, why)| format!("{n} because {why}")).collect();
    let more = match (verbose, evaluation.evidence.is_empty()) {
        (false, _) => "; `--verbose` lists them",
        (true, true) => "; a report that `--evidence` writes has each reason",
        (true, false) => "",
    };
    let skipped = count(evaluation.tally.skipped, "verdict");
    (!said.is_empty()).then(|| format!("{skipped} skipped: {}{more}", said.join(", ")))
}

/// The numbers of skipped verdicts, by rule and reason.
pub(super) type Reasons = BTreeMap<(Arc<str>, Arc<str>), usize>;

/// How many verdicts of each rule were skipped for each reason, where every verdict was kept.
pub(super) fn by_rule(evaluation: &Evaluation) -> io::Result<Reasons> {
    let mut reasons = Reasons::new();
    for one in evaluation.evidence.verdicts() {
        let one = one?;
        if one.verdict == Verdict::Skipped {
            *reasons.entry((one.rule, one.reason)).or_default() += 1;
        }
    }
    Ok(reasons)
}
