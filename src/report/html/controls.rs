//! Controls of standards: in how many pools each is met, at which bounds, and where not.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::finding::{ControlVerdict, Proof};
use crate::report::Report;
use crate::report::ansi::count;
use crate::report::controls::{capital, rules};
use crate::report::sanitize::sanitized;
use crate::rule::{Control, Standard};

/// More reasons of one control are counted. The embedded report has them all.
const LISTED: usize = 4;

/// A pack with the verdicts on its controls.
pub(in crate::report) struct ByStandard {
    pub(in crate::report) title: String,
    pub(in crate::report) pack: String,
    /// The number of controls with each verdict, of all of them.
    pub(in crate::report) figures: [(usize, &'static str); 4],
    pub(in crate::report) controls: Vec<ByControl>,
}

/// The verdicts on one control over all pools.
pub(in crate::report) struct ByControl {
    pub(in crate::report) id: String,
    pub(in crate::report) level: String,
    pub(in crate::report) meaning: String,
    pub(in crate::report) source: String,
    pub(in crate::report) verified: bool,
    /// The worst verdict of all pools.
    pub(in crate::report) verdict: &'static str,
    pub(in crate::report) failed: bool,
    pub(in crate::report) undecided: bool,
    /// Pools that were judged.
    pub(in crate::report) of: usize,
    /// Pools by verdict, in the order of `Proof::ALL`.
    pub(in crate::report) pools: [usize; 4],
    /// The rules that decide it, with the control's own bounds, or the reason that none does.
    pub(in crate::report) rules: String,
    /// Reasons for which pools fail it or leave it undecided.
    pub(in crate::report) reasons: Vec<String>,
    pub(in crate::report) more: usize,
}

/// The standards of the run, each with its controls in the order of the pack. Without evidence no control is judged.
pub(in crate::report) fn standards(report: &Report) -> Vec<ByStandard> {
    let mut verdicts: BTreeMap<(&str, &str), Vec<&ControlVerdict>> = BTreeMap::new();
    for one in &report.evaluation.controls {
        verdicts.entry((&one.standard, &one.control)).or_default().push(one);
    }
    let of = |standard: &Standard| {
        let controls = standard.controls.iter().filter_map(|control| {
            let all = verdicts.get(&(&*standard.pack, &*control.id))?;
            Some(by_control(control, all))
        });
        let controls: Vec<ByControl> = controls.collect();
        let number = |proof: Proof| controls.iter().filter(|one| one.verdict == proof.word()).count();
        ByStandard {
            title: sanitized(&standard.title).into_owned(),
            pack: sanitized(&standard.pack).into_owned(),
            figures: Proof::ALL.map(|proof| (number(proof), proof.word())),
            controls,
        }
    };
    report.policy.standards.iter().map(of).filter(|one| !one.controls.is_empty()).collect()
}

fn by_control(control: &Control, all: &[&ControlVerdict]) -> ByControl {
    let number = |proof: Proof| all.iter().filter(|one| one.verdict == proof).count();
    let worst_first = [Proof::Failed, Proof::NotDecided, Proof::Passed];
    let verdict = worst_first.into_iter().find(|proof| number(*proof) > 0).unwrap_or(Proof::NotCovered);
    let mut reasons = reasons(all);
    let more = reasons.len().saturating_sub(LISTED);
    reasons.truncate(LISTED);
    ByControl {
        id: sanitized(&control.id).into_owned(),
        level: sanitized(&control.level).into_owned(),
        meaning: sanitized(&control.meaning).into_owned(),
        source: control.source.clone(),
        verified: control.verified,
        verdict: verdict.word(),
        failed: verdict == Proof::Failed,
        undecided: verdict == Proof::NotDecided,
        of: all.len(),
        pools: Proof::ALL.map(number),
        rules: match &control.uncovered {
            Some((why, sentence)) => {
                sanitized(&format!("{}. {sentence}", capital(why.clause()))).into_owned()
            }
            None => sanitized(&rules(&control.satisfied_by)).into_owned(),
        },
        more,
        reasons,
    }
}

/// Why pools fail a control or leave it undecided: each reason once, the one of most pools first.
fn reasons(all: &[&ControlVerdict]) -> Vec<String> {
    let mut reasons = Vec::new();
    for proof in [Proof::Failed, Proof::NotDecided] {
        let mut pools: BTreeMap<&str, Vec<&ControlVerdict>> = BTreeMap::new();
        for one in all.iter().filter(|one| one.verdict == proof) {
            pools.entry(&one.reason).or_default().push(one);
        }
        let mut of: Vec<(&str, Vec<&ControlVerdict>)> = pools.into_iter().collect();
        of.sort_by_key(|(_, pools)| Reverse(pools.len()));
        reasons.extend(of.into_iter().map(|(reason, pools)| {
            let which = match pools.as_slice() {
                [one] => one.pool.identity.title(),
                many => count(many.len(), "pool"),
            };
            sanitized(&format!("{which} {}: {reason}", proof.word())).into_owned()
        }));
    }
    reasons
}
