//! One rule over a pool of which not everything is known: a condition of its template may come out either way. A
//! verdict that is the same in every scenario is the verdict; any other is unknown.

use std::sync::Arc;

use super::judge::{self, JudgeOptions, Judgement};
use super::witness::Found;
use crate::finding::Verdict;
use crate::pool::{Beyond, Section};
use crate::rule::Rule;
use crate::source::declared::Scenario;

/// The judgement of one subject in each scenario. `None` if the subject is absent.
struct Said<'a> {
    key: Option<String>,
    judgements: Vec<Option<Judgement<'a>>>,
}

/// Judges every subject of a rule over all scenarios together.
pub(super) fn judge<'a>(
    rule: &Arc<Rule>,
    scenarios: &'a [Scenario],
    options: JudgeOptions,
    each: &mut impl FnMut(Judgement<'a>),
) {
    if let [only] = scenarios {
        return judge::judge(rule, &only.pool, options, each);
    }
    let mut all: Vec<Said<'a>> = Vec::new();
    for (index, scenario) in scenarios.iter().enumerate() {
        judge::judge(rule, &scenario.pool, options, &mut |judgement| {
            let key = judgement.subject.as_ref().map(|subject| subject.key.clone());
            let known = all.iter().position(|said| said.key == key && said.judgements[index].is_none());
            let at = known.unwrap_or_else(|| {
                all.push(Said { key, judgements: scenarios.iter().map(|_| None).collect() });
                all.len() - 1
            });
            all[at].judgements[index] = Some(judgement);
        });
    }
    let several = 1 < all.len();
    for said in all {
        let nothing = said.judgements.iter().flatten().all(|one| one.verdict == Verdict::Skipped);
        if several && said.key.is_none() && nothing {
            // Only the scenarios without elements report that there are none.
            continue;
        }
        if let Some(judgement) = together(said, scenarios) {
            each(judgement);
        }
    }
}

/// The verdict of all scenarios. A subject that is not there cannot fail, so it counts as skipped.
fn together<'a>(mut said: Said<'a>, scenarios: &'a [Scenario]) -> Option<Judgement<'a>> {
    let verdicts: Vec<Verdict> = said
        .judgements
        .iter()
        .map(|judgement| judgement.as_ref().map_or(Verdict::Skipped, |judgement| judgement.verdict))
        .collect();
    let has = |verdict| verdicts.contains(&verdict);
    let only = |verdict| verdicts.iter().all(|one| *one == verdict);
    let wanted = if has(Verdict::Unknown) {
        Verdict::Unknown
    } else if has(Verdict::Fail) {
        Verdict::Fail
    } else if has(Verdict::Pass) {
        Verdict::Pass
    } else {
        Verdict::Skipped
    };
    let at = verdicts.iter().position(|verdict| *verdict == wanted)?;
    let reason = (wanted == Verdict::Fail && !only(Verdict::Fail)).then(|| {
        let other = verdicts.iter().position(|verdict| *verdict != Verdict::Fail).unwrap_or_default();
        format!("it fails if {}, and does not if {}", scenarios[at].when, scenarios[other].when)
    });
    if let Some(judgement) = half_decided(&mut said, (wanted, at), scenarios) {
        return Some(judgement);
    }
    let mut others = Vec::new();
    if wanted == Verdict::Fail {
        for other in said.judgements.iter().flatten() {
            others.extend(other.witness.iter().chain(&other.places).cloned());
        }
    }
    let mut judgement = said.judgements.into_iter().nth(at)??;
    judgement.places = others;
    if let Some(reason) = reason {
        judgement.verdict = Verdict::Unknown;
        if let Some(witness) = &mut judgement.witness {
            witness.found = Found::Unknown(reason);
        }
    }
    Some(judgement)
}

/// The verdict where the rule passes in a scenario, and the input cannot say it in another.
fn half_decided<'a>(
    said: &mut Said<'a>,
    (wanted, passes): (Verdict, usize),
    scenarios: &[Scenario],
) -> Option<Judgement<'a>> {
    // Where the pool itself is not there, nothing of it fails.
    let is_outside = |one: &Option<Judgement<'_>>| {
        let outside = one.as_ref().filter(|one| one.verdict == Verdict::Skipped).and_then(|one| one.outside);
        outside.is_some_and(|beyond| beyond != Beyond::Section(Section::UserPool))
    };
    let at = said.judgements.iter().position(is_outside).filter(|_| wanted == Verdict::Pass)?;
    let mut judgement = said.judgements.get_mut(at)?.take()?;
    let why = judgement.reason.take().unwrap_or_default();
    let (passes, other) = (&scenarios[passes].when, &scenarios[at].when);
    judgement.verdict = Verdict::Unknown;
    (judgement.outside, judgement.skip) = (None, None);
    if let Some(witness) = &mut judgement.witness {
        witness.found = Found::Unknown(format!("it passes if {passes}; if {other}, {why}"));
    }
    Some(judgement)
}
