//! Details of each finding that the JSON report does not have: the lines around the value, and a waiver to copy.

use std::io::{self, Write};

use serde::{Serialize, Serializer};
use serde_json::ser::CompactFormatter;

use crate::finding::{Excerpt, Finding};
use crate::report::Report;
use crate::report::json::escaping::EscapingFormatter;
use crate::report::sanitize::sanitized_lines;
use crate::report::waiver::{self, Draft};
use crate::value::Day;

/// The number of days that a waiver holds.
const DAYS: i32 = 90;

/// A list with an item for each finding, in the order of the report.
struct Beside<'a> {
    findings: &'a [Finding],
    expires: Day,
}

#[derive(Serialize)]
struct ItemShape {
    /// The line of the file that the text starts at, the text before the value, the value, and the text after it.
    excerpt: Option<(usize, String, String, String)>,
    waiver: Option<String>,
}

pub(super) fn write(report: &Report, mut out: &mut dyn Write) -> io::Result<()> {
    let expires = Day::of(report.run.generated).after(DAYS);
    let beside = Beside { findings: &report.evaluation.findings, expires };
    let mut serializer =
        serde_json::Serializer::with_formatter(&mut out, EscapingFormatter(CompactFormatter));
    beside.serialize(&mut serializer)?;
    Ok(())
}

impl Serialize for Beside<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.findings.iter().map(|finding| ItemShape {
            excerpt: finding.excerpt.as_deref().and_then(excerpt),
            waiver: finding.rule.waivable.then(|| waiver(finding, self.expires)),
        }))
    }
}

/// The text in its three parts; `None` where the label is not within it.
fn excerpt(excerpt: &Excerpt) -> Option<(usize, String, String, String)> {
    let (text, label) = sanitized_lines(&excerpt.text, &excerpt.label);
    let part = |range: std::ops::Range<usize>| text.get(range).map(str::to_owned);
    let after = label.end..text.len();
    Some((excerpt.first_line, part(0..label.start)?, part(label.clone())?, part(after)?))
}

fn waiver(finding: &Finding, expires: Day) -> String {
    let identity = &finding.pool.identity;
    let named = identity.id.as_ref().or(identity.name.as_ref()).or(identity.address.as_ref());
    let draft = Draft {
        rule: &finding.rule.id,
        pool: named.map_or("*", |name| name),
        owner: "",
        reason: "",
        expires,
    };
    let mut text = Vec::new();
    // Writing to memory cannot fail.
    let _ = waiver::write(&draft, Some((finding, finding.actual.as_ref())), &mut text);
    String::from_utf8_lossy(&text).into_owned()
}
