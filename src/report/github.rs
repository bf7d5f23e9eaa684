//! Annotations of a GitHub Actions job: workflow commands on standard output.
//!
//! GitHub shows ten annotations of a step and drops the others without a word, so the worst ten are written, with the
//! number of all. The compact report follows for the log, and the step summary is the Markdown report: both have
//! everything.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::io::{self, Write};

use super::instance::Instances;
use super::sanitize::sanitized;
use super::{Report, Style, anchor, compact, since, summary};
use crate::finding::Finding;
use crate::outcome::Outcome;
use crate::rule::Severity;

/// The number of annotations that GitHub shows for a step.
const MOST: usize = 10;

pub(super) fn write(report: &Report, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let mut open: Vec<&Finding> = summary::open(report.evaluation).collect();
    open.sort_by_key(|finding| (Reverse(finding.rule.severity), !since::is_new(finding)));
    let all = open.len();
    let instances = Instances::join(&mut open);
    let is_part = matches!(report.outcome, Outcome::Incomplete | Outcome::Interrupted(_));
    let room = if is_part { MOST - 1 } else { MOST };
    let answer = summary::answer(report);
    // A part that was not checked matters more than any one finding.
    if is_part {
        writeln!(out, "::error title={}::{}", property("cognito-lint"), data(&answer))?;
    }
    for finding in open.iter().take(room) {
        annotation(finding, &instances, out)?;
    }
    if open.len() > room {
        writeln!(out, "{room} of {all} findings are shown as annotations, the worst first")?;
    }
    // In the log of the job, no line of it is a command.
    compact::write(report, style, out)
}

fn annotation(finding: &Finding, instances: &Instances<'_>, out: &mut dyn Write) -> io::Result<()> {
    let command = match finding.rule.severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "notice",
    };
    let at = anchor::of_finding(finding);
    let place = match at.is_file {
        true => format!("file={},line={},col={},", property(&sanitized(&at.path)), at.line, at.column),
        false => String::new(),
    };
    let rule = &finding.rule;
    let title = property(&sanitized(&format!("{}: {}", rule.severity.word(), rule.title))).into_owned();
    let named = instances.named(finding).unwrap_or_else(|| finding.pool.identity.title());
    let message = format!("{} ({named}) [{}]", finding.message, rule.id);
    writeln!(out, "::{command} {place}title={title}::{}", data(&sanitized(&message)))
}

/// The text after a command.
fn data(text: &str) -> Cow<'_, str> {
    match text.contains(['%', '\r', '\n']) {
        true => text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A").into(),
        false => text.into(),
    }
}

/// The value of a command's property.
fn property(text: &str) -> Cow<'_, str> {
    let text = data(text);
    match text.contains([':', ',']) {
        true => text.replace(':', "%3A").replace(',', "%2C").into(),
        false => text,
    }
}
