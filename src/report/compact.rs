//! One line a finding: `pools.json:12:24: high[password-too-short] message (pool)`.

use std::io::{self, Write};

use super::plain::plain;
use super::{Report, summary};
use crate::finding::{Change, Finding, PoolRef, Status};

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let evaluation = report.evaluation;
    for finding in &evaluation.findings {
        // A finding that does not count shows its status in place of the severity.
        let word = match &finding.standing.status {
            Status::Open => finding.rule.severity.word(),
            other => other.word(),
        };
        writeln!(
            out,
            "{}: {word}[{}] {}{}{}",
            place(finding),
            finding.rule.id,
            plain(&finding.message),
            name(&finding.pool),
            decided(finding),
        )?;
    }
    for finding in &evaluation.removed {
        let at = summary::place(&finding.pool);
        writeln!(out, "{at}: taken away[{}] {}", finding.rule.id, plain(&finding.message))?;
    }
    for undone in &evaluation.undone {
        let (at, path) = (summary::place(&undone.pool), plain(&undone.path));
        let (live, after) = (summary::value(undone.live.as_ref()), summary::value(undone.after.as_ref()));
        writeln!(out, "{at}: changed outside {path} is {live}, and applying sets {after}")?;
    }
    for (what, findings) in [("fixed", &evaluation.fixed), ("pool deleted", &evaluation.ended)] {
        for one in findings {
            let (pool, at, first) = (plain(&one.pool), summary::fixed_at(one), one.first_seen);
            writeln!(out, "{pool}: {what}[{}] {at}, first seen {first}", plain(&one.rule))?;
        }
    }
    for unread in &evaluation.unread {
        writeln!(out, "{}: unread: {}", summary::unread_at(unread), summary::unread(unread))?;
    }
    for undecided in &evaluation.undecided {
        let colon = if undecided.path.is_empty() { "" } else { ": " };
        writeln!(
            out,
            "{}: unknown[{}] {}{colon}{}{}",
            summary::place(&undecided.pool),
            undecided.rule.id,
            plain(&undecided.path),
            plain(&undecided.reason),
            name(&undecided.pool),
        )?;
    }
    for note in summary::notes(evaluation) {
        writeln!(out, "note: {note}")?;
    }
    writeln!(out, "{}", summary::answer(report))
}

fn place(finding: &Finding) -> String {
    match &finding.location {
        Some(at) => format!("{}:{}:{}", plain(&at.file), at.line, at.column),
        None => summary::place(&finding.pool),
    }
}

/// Who accepted it until when, and since when it is there.
fn decided(finding: &Finding) -> String {
    let accepted = match &finding.standing.status {
        Status::Waived(waiver) => {
            let until = waiver.expires.map_or(String::new(), |day| format!(" until {day}"));
            format!(", by {}{until}", plain(&waiver.owner))
        }
        Status::Open | Status::Known => String::new(),
    };
    let change = match finding.standing.change {
        Some(Change::New) => ", new".to_owned(),
        Some(Change::Still(first)) => format!(", first seen {first}"),
        None => String::new(),
    };
    format!("{accepted}{change}")
}

fn name(pool: &PoolRef) -> String {
    let identity = &pool.identity;
    match identity.name.as_ref().or(identity.id.as_ref()).or(identity.address.as_ref()) {
        Some(name) => format!(" ({})", plain(name)),
        None => String::new(),
    }
}
