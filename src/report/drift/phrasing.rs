//! The answer of a comparison in a sentence, and the words for its parts; the same in every format.

use std::collections::BTreeMap;

use super::DriftReport;
use crate::drift::{Change, Direction, Drift, PoolDrift, Touched, Uncompared};
use crate::finding::Verdict;
use crate::outcome::Outcome;
use crate::report::ansi::count;
use crate::report::sanitize::{sanitized, shortened};
use crate::source::Interrupt;
use crate::value::Value;

/// Values longer than this are cut.
const LONGEST: usize = 72;

/// The answer. One line without a period.
pub(super) fn answer(report: &DriftReport) -> String {
    let found = found(report.drift);
    match report.outcome {
        Outcome::Clean | Outcome::Findings => found,
        Outcome::Incomplete => format!("incomplete: {}; {found}", missing(report).join(" and ")),
        Outcome::Interrupted(signal) => {
            let signal = match signal {
                Interrupt::Int => "SIGINT",
                Interrupt::Term => "SIGTERM",
            };
            format!("interrupted by {signal}, so this is only a part: {found}")
        }
    }
}

/// The reasons that the comparison is incomplete.
fn missing(report: &DriftReport) -> Vec<String> {
    let drift = report.drift;
    let mut missing = Vec::new();
    match drift.unread.as_slice() {
        [] => {}
        [one] => missing.push(format!("{} could not be read", sanitized(&one.target))),
        many => missing.push(format!("{} could not be read", count(many.len(), "input"))),
    }
    let partial = drift.pools.iter().filter(|pool| pool.is_incomplete()).count();
    if partial > 0 {
        missing.push(format!("{} could not be compared whole", count(partial, "pool")));
    }
    if missing.is_empty() {
        missing.push("there was no pool to compare (pass --allow-empty if that is expected)".to_owned());
    }
    missing
}

fn found(drift: &Drift) -> String {
    let drifted: Vec<&PoolDrift> = drift.pools.iter().filter(|pool| !pool.changes.is_empty()).collect();
    let total = drift.compared + drift.pools.iter().filter(|pool| pool.is_alone()).count();
    if drifted.is_empty() && drift.pools.iter().any(PoolDrift::is_incomplete) {
        return "nothing that was compared drifted".to_owned();
    }
    match (drifted.as_slice(), total) {
        ([], 0) => "nothing was compared".to_owned(),
        ([], 1) => "no drift: the pool is as recorded".to_owned(),
        ([], _) => format!("no drift: all {total} pools are as recorded"),
        ([one], 1) => format!("{} drifted: {}", title(one), directions(&drifted)),
        (some, _) => {
            format!("{} of {} drifted: {}", some.len(), count(total, "pool"), directions(&drifted))
        }
    }
}

/// `1 weakened, 2 neutral`.
pub(super) fn directions(pools: &[&PoolDrift]) -> String {
    let mut counts: BTreeMap<Direction, usize> = BTreeMap::new();
    for change in pools.iter().flat_map(|pool| &pool.changes) {
        *counts.entry(change.direction).or_default() += 1;
    }
    let words: Vec<String> =
        counts.into_iter().map(|(direction, count)| format!("{count} {}", direction.word())).collect();
    words.join(", ")
}

pub(super) fn title(pool: &PoolDrift) -> String {
    pool.pool().map_or_else(String::new, |pool| sanitized(&pool.identity.title()).into_owned())
}

/// The subject of a change: its path, or the pool.
pub(super) fn subject(change: &Change, pool: &PoolDrift) -> String {
    match (change.path.as_str(), pool.current.is_some()) {
        ("", true) => "the pool was added".to_owned(),
        ("", false) => "the pool was removed".to_owned(),
        (path, _) => sanitized(path).into_owned(),
    }
}

/// A value in one line: `OFF (default)`, `absent`.
pub(in crate::report) fn value(value: Option<&Value>, default: bool) -> String {
    let text = match value {
        None => return "absent".to_owned(),
        Some(Value::String(text)) if text.is_empty() => "\"\"".to_owned(),
        Some(value) => shortened(&sanitized(&value.to_string()), LONGEST),
    };
    if default { format!("{text} (default)") } else { text }
}

/// The effect of a change on a rule: `high[password-too-short] fails now, and passed`.
pub(super) fn effect(touched: &Touched) -> String {
    let tag = format!("{}[{}]", touched.rule.severity.word(), touched.rule.id);
    let was = match touched.before {
        Some(Verdict::Pass) => "passed before",
        Some(Verdict::Fail) => "failed before",
        Some(Verdict::Unknown) => "was unknown before",
        Some(Verdict::Skipped) => "did not apply before",
        None => "had nothing to judge before",
    };
    let is = match touched.after {
        Some(Verdict::Pass) => "passes now",
        Some(Verdict::Fail) => "fails now",
        Some(Verdict::Unknown) => "is unknown now",
        Some(Verdict::Skipped) => "does not apply any more",
        None => "has nothing to judge any more",
    };
    match (&touched.bound, touched.direction, touched.after) {
        (Some(bound), Direction::Weakened, Some(Verdict::Fail)) => {
            format!("{tag} fails by more than before: expected {bound}")
        }
        (Some(bound), Direction::Strengthened, Some(Verdict::Fail)) => {
            format!("{tag} fails by less than before: expected {bound}")
        }
        (Some(bound), Direction::Weakened, _) => {
            format!("{tag} passes by less than before: expected {bound}")
        }
        (Some(bound), ..) => format!("{tag} passes by more than before: expected {bound}"),
        (None, ..) => format!("{tag} {is}, and {was}"),
    }
}

/// More paths than this are counted.
const LISTED: usize = 4;

fn listed(paths: &[&str], word: &str) -> String {
    match paths {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] if first.len() < LISTED => format!("{} {word} {last}", first.join(", ")),
        many => format!("{} and {} more", many[..LISTED].join(", "), many.len() - LISTED),
    }
}

/// The sections and paths that could not be compared, those of one reason together, each with its pools.
pub(super) fn uncompared(drift: &Drift) -> Vec<String> {
    let mut groups: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for pool in &drift.pools {
        let mut alike: BTreeMap<(&str, Option<&str>), Vec<&str>> = BTreeMap::new();
        for Uncompared { what, side, why, incomplete: _ } in &pool.uncompared {
            alike.entry((side, why.as_deref())).or_default().push(what);
        }
        for ((side, why), what) in alike {
            let be = if what.len() == 1 { "is" } else { "are" };
            let why = match why {
                Some(why) => format!("{} of the {side} pool {be} unknown: {why}", listed(&what, "and")),
                None => format!("the {side} input contains no {}", listed(&what, "or")),
            };
            groups.entry(why).or_default().push(title(pool));
        }
    }
    let sentence = |(why, pools): (String, Vec<String>)| {
        let of = match pools.as_slice() {
            [one] => one.clone(),
            [first, rest @ ..] => format!("{first} and {} more", rest.len()),
            [] => String::new(),
        };
        format!("{of}: not compared: {}", sanitized(&why))
    };
    groups.into_iter().map(sentence).collect()
}
