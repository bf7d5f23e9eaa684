//! CSV, RFC 4180: a row for each finding, each verdict that is unknown, and whatever could not be read.
//!
//! A spreadsheet takes a text that begins with `=`, `+`, `-` or `@` for a formula, so such a text has an apostrophe
//! before it.

use std::io::{self, Write};

use csv::{QuoteStyle, WriterBuilder};

use super::sanitize::sanitized;
use super::{Report, summary};
use crate::finding::{Acceptance, Change, Finding, Fixed, PoolRef, Status, Subject, Undecided};
use crate::source::Unread;
use crate::value::Value;

const COLUMNS: [&str; 23] = [
    "status",
    "severity",
    "rule",
    "title",
    "pool_name",
    "pool_id",
    "pool_arn",
    "account",
    "region",
    "input",
    "line",
    "column",
    "element",
    "path",
    "actual",
    "expected",
    "message",
    "first_seen",
    "waiver_owner",
    "waiver_reason",
    "waiver_expires",
    "fingerprint",
    "change",
];

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let evaluation = report.evaluation;
    let mut table = WriterBuilder::new().quote_style(QuoteStyle::Necessary).from_writer(out);
    table.write_record(COLUMNS).map_err(unwritten)?;
    for finding in &evaluation.findings {
        table.write_record(of_finding(finding)).map_err(unwritten)?;
    }
    for undecided in &evaluation.undecided {
        table.write_record(of_undecided(undecided)).map_err(unwritten)?;
    }
    for unread in &evaluation.unread {
        table.write_record(of_unread(unread)).map_err(unwritten)?;
    }
    for (status, findings) in [("fixed", &evaluation.fixed), ("ended", &evaluation.ended)] {
        for one in findings {
            table.write_record(of_fixed(status, one)).map_err(unwritten)?;
        }
    }
    table.flush()
}

/// The failure of the writer, whose kind says whether anybody reads the report.
fn unwritten(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

/// A row, made from the columns that are filled.
#[derive(Default)]
struct Row([String; COLUMNS.len()]);

impl Row {
    fn set(mut self, column: &str, text: &str) -> Row {
        if let Some(at) = COLUMNS.iter().position(|name| *name == column) {
            self.0[at] = cell(text);
        }
        self
    }

    fn pool(self, pool: &PoolRef) -> Row {
        let identity = &pool.identity;
        let text = |text: &Option<std::sync::Arc<str>>| text.as_deref().unwrap_or_default().to_owned();
        self.set("pool_name", &text(&identity.name))
            .set("pool_id", &text(&identity.id))
            .set("pool_arn", &text(&identity.arn))
            .set("account", &text(&identity.account))
            .set("region", &text(&identity.region))
            .set("input", &pool.origin.name)
    }

    fn subject(self, subject: Option<&Subject>) -> Row {
        match subject {
            Some(subject) => self.set("element", subject.label.as_deref().unwrap_or(&subject.key)),
            None => self,
        }
    }

    fn waiver(self, waiver: &Acceptance) -> Row {
        let expires = waiver.expires.map_or_else(String::new, |day| day.to_string());
        self.set("waiver_owner", &waiver.owner)
            .set("waiver_reason", &waiver.reason)
            .set("waiver_expires", &expires)
    }
}

/// A text that no spreadsheet takes for a formula.
fn cell(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = sanitized(text);
    if formula { format!("'{text}") } else { text.into_owned() }
}

fn of_finding(finding: &Finding) -> [String; COLUMNS.len()] {
    let standing = &finding.standing;
    let mut row = Row::default()
        .set("status", standing.status.word())
        .set("severity", finding.rule.severity.word())
        .set("rule", &finding.rule.id)
        .set("title", &finding.rule.title)
        .pool(&finding.pool)
        .subject(finding.subject.as_deref())
        .set("path", &finding.path)
        .set("actual", &finding.actual.as_ref().map_or_else(String::new, Value::to_string))
        .set("expected", &finding.expected)
        .set("message", &finding.message)
        .set("fingerprint", &finding.fingerprint);
    if let Some(at) = &finding.location {
        row = row
            .set("input", &at.file)
            .set("line", &at.line.to_string())
            .set("column", &at.column.to_string());
    }
    row = match standing.change {
        Some(Change::New) => row.set("change", "new"),
        Some(Change::Still(first)) => row.set("change", "still").set("first_seen", &first.to_string()),
        None => row,
    };
    let waiver = match &standing.status {
        Status::Waived(waiver) => Some(waiver),
        Status::Open | Status::Known => standing.lapsed.as_ref(),
    };
    match waiver {
        Some(waiver) => row.waiver(waiver).0,
        None => row.0,
    }
}

fn of_undecided(undecided: &Undecided) -> [String; COLUMNS.len()] {
    Row::default()
        .set("status", "unknown")
        .set("severity", undecided.rule.severity.word())
        .set("rule", &undecided.rule.id)
        .set("title", &undecided.rule.title)
        .pool(&undecided.pool)
        .subject(undecided.subject.as_ref())
        .set("path", &undecided.path)
        .set("message", &undecided.reason)
        .0
}

fn of_unread(unread: &Unread) -> [String; COLUMNS.len()] {
    let row = Row::default()
        .set("status", "unread")
        .set("input", &unread.target)
        .set("message", &summary::unread(unread));
    match unread.at {
        Some((line, column)) => row.set("line", &line.to_string()).set("column", &column.to_string()).0,
        None => row.0,
    }
}

fn of_fixed(status: &str, one: &Fixed) -> [String; COLUMNS.len()] {
    let row = Row::default().set("status", status).set("rule", &one.rule).set("pool_name", &one.title);
    let row = if one.pool.starts_with("arn:") { row.set("pool_arn", &one.pool) } else { row };
    row.set("path", &one.path)
        .set("first_seen", &one.first_seen.to_string())
        .set("fingerprint", &one.fingerprint)
        .0
}
