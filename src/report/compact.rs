//! One line a finding: `pools.json:12:24: high[password-too-short] message (pool)`.

use std::io::{self, Write};

use super::plain::plain;
use super::{Report, summary};
use crate::finding::{Finding, PoolRef};

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let evaluation = report.evaluation;
    for finding in &evaluation.findings {
        writeln!(
            out,
            "{}: {}[{}] {}{}",
            place(finding),
            finding.rule.severity.word(),
            finding.rule.id,
            plain(&finding.message),
            name(&finding.pool),
        )?;
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

fn name(pool: &PoolRef) -> String {
    match pool.identity.name.as_ref().or(pool.identity.id.as_ref()) {
        Some(name) => format!(" ({})", plain(name)),
        None => String::new(),
    }
}
