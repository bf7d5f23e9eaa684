//! Decisions about findings, and changes since the last report.

use std::collections::BTreeMap;

use crate::evaluate::Evaluation;
use crate::finding::{Acceptance, Change, Finding, Fixed, Status};
use crate::report::sanitize::sanitized;
use crate::report::{Report, summary};
use crate::rule::Severity;
use crate::value::Day;

/// More of what is fixed is counted.
const LISTED: usize = 200;

/// Changes since earlier reports.
pub(super) struct Since {
    pub(super) new: usize,
    /// New findings by severity, the worst first: `2 high, 1 low`.
    pub(super) worst: String,
    pub(super) still: usize,
    /// The day of the report that had the oldest open finding first.
    pub(super) oldest: Option<String>,
    pub(super) gone: Vec<Gone>,
    pub(super) more: usize,
}

/// A finding of an earlier report that is no more.
pub(super) struct Gone {
    pub(super) how: &'static str,
    pub(super) rule: String,
    pub(super) place: String,
    pub(super) first_seen: String,
}

/// A waiver, and what it covers.
pub(super) struct Waiver {
    pub(super) owner: String,
    pub(super) reason: String,
    pub(super) place: String,
    pub(super) expires: String,
    /// In how many days it ends, in words.
    pub(super) ends: String,
    pub(super) ran_out: bool,
    pub(super) findings: usize,
}

/// A change that a deploy makes beside what it introduces.
pub(super) struct Deploy {
    pub(super) what: String,
    pub(super) text: String,
}

/// `None` for a run that was compared with nothing.
pub(super) fn since(evaluation: &Evaluation) -> Option<Since> {
    let changes: Vec<Change> = summary::open(evaluation).filter_map(|one| one.standing.change).collect();
    let mut gone: Vec<Gone> = evaluation.fixed.iter().map(|one| of(one, "fixed")).collect();
    gone.extend(evaluation.ended.iter().map(|one| of(one, "gone with its pool")));
    if changes.is_empty() && gone.is_empty() {
        return None;
    }
    let first = |change: &Change| match change {
        Change::New => None,
        Change::Still(day) => Some(*day),
    };
    let more = gone.len().saturating_sub(LISTED);
    gone.truncate(LISTED);
    Some(Since {
        new: changes.iter().filter(|change| **change == Change::New).count(),
        worst: worst(evaluation),
        still: changes.iter().filter(|change| first(change).is_some()).count(),
        oldest: changes.iter().filter_map(first).min().map(|day| day.to_string()),
        gone,
        more,
    })
}

/// New findings that count, by severity.
fn worst(evaluation: &Evaluation) -> String {
    let new = |severity: Severity| {
        let is = |one: &&Finding| one.standing.change == Some(Change::New) && one.rule.severity == severity;
        summary::open(evaluation).filter(is).count()
    };
    let counts = Severity::ALL.into_iter().rev().map(|severity| (new(severity), severity.word()));
    let words = counts.filter(|(n, _)| *n > 0).map(|(n, word)| format!("{n} {word}"));
    words.collect::<Vec<_>>().join(", ")
}

fn of(fixed: &Fixed, how: &'static str) -> Gone {
    Gone {
        how,
        rule: sanitized(&fixed.rule).into_owned(),
        place: summary::fixed_at(fixed),
        first_seen: fixed.first_seen.to_string(),
    }
}

/// The waivers that cover or covered something: those that ran out first, then those that end first. Those that cover
/// nothing come last.
pub(super) fn waivers(report: &Report) -> Vec<Waiver> {
    let today = Day::of(report.run.generated);
    let mut waivers: BTreeMap<(bool, Option<Day>, &str), (&Acceptance, usize)> = BTreeMap::new();
    for finding in &report.evaluation.findings {
        let (waiver, in_force) = match (&finding.standing.status, &finding.standing.lapsed) {
            (Status::Waived(waiver), _) => (waiver, true),
            (Status::Open | Status::Known, Some(waiver)) => (waiver, false),
            (Status::Open | Status::Known, None) => continue,
        };
        let key = (in_force, waiver.expires, &*waiver.place);
        waivers.entry(key).or_insert((waiver, 0)).1 += 1;
    }
    let row =
        |((in_force, expires, _), (waiver, findings)): ((bool, Option<Day>, &str), (&Acceptance, usize))| {
            Waiver {
                owner: sanitized(&waiver.owner).into_owned(),
                reason: sanitized(&waiver.reason).into_owned(),
                place: sanitized(&waiver.place).into_owned(),
                expires: expires.map_or_else(String::new, |day| day.to_string()),
                ends: ends(in_force, expires.map(|day| today.days_until(day))),
                ran_out: !in_force,
                findings,
            }
        };
    let idle = report.evaluation.idle.iter().map(|waiver| {
        let own = row(((true, waiver.expires, &*waiver.place), (&**waiver, 0)));
        Waiver { ends: format!("{}; it covers no finding of this run", own.ends), ..own }
    });
    waivers.into_iter().map(&row).chain(idle).collect()
}

fn ends(in_force: bool, days: Option<i64>) -> String {
    match (in_force, days) {
        (false, _) => "expired: its findings count again".to_owned(),
        (true, None) => "does not end".to_owned(),
        (true, Some(0)) => "ends today".to_owned(),
        (true, Some(1)) => "ends in 1 day".to_owned(),
        (true, Some(days)) => format!("ends in {days} days"),
    }
}

/// Findings that applying a plan removes, and changes of others that it undoes.
pub(super) fn deploy(evaluation: &Evaluation) -> Vec<Deploy> {
    let removed = evaluation.removed.iter().map(|finding: &Finding| Deploy {
        what: format!("removes {}", sanitized(&finding.rule.id)),
        text: format!("{}: {}", sanitized(&finding.pool.identity.title()), sanitized(&finding.message)),
    });
    let undone = evaluation.undone.iter().map(|one| {
        let [live, after] = [&one.live, &one.after].map(|value| summary::value(value.as_ref()));
        Deploy {
            what: "undoes a change".to_owned(),
            text: format!(
                "{}: {}: {live} to {after}",
                sanitized(&one.pool.identity.title()),
                sanitized(&one.path)
            ),
        }
    });
    removed.chain(undone).collect()
}
