//! GitLab Code Quality: the findings that count, and what keeps the run from being complete.
//!
//! GitLab does not show `check_name`, so the description begins with it. A path is one of the repository, or names a
//! live pool.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::PrettyFormatter;

use super::anchor::{self, Anchor};
use super::json::escaping::EscapingFormatter;
use super::sanitize::sanitized;
use super::{Report, summary};
use crate::finding::{PoolRef, fingerprint};
use crate::rule::Severity;

/// The check of what could not be read.
const UNREAD: &str = "could-not-be-read";

#[derive(Serialize)]
struct IssueShape {
    description: String,
    check_name: String,
    fingerprint: String,
    severity: &'static str,
    location: LocationShape,
}

#[derive(Serialize)]
struct LocationShape {
    path: String,
    lines: LinesShape,
}

#[derive(Serialize)]
struct LinesShape {
    begin: usize,
}

pub(super) fn write(report: &Report, mut out: &mut dyn Write) -> io::Result<()> {
    let mut issues = issues(report);
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    for issue in &mut issues {
        // Of issues with one fingerprint, GitLab shows one. Pools without name and id share theirs.
        let before = times.entry(issue.fingerprint.clone()).or_default();
        if *before > 0 {
            issue.fingerprint.push_str(&format!("-{before}"));
        }
        *before += 1;
    }
    let mut serializer =
        serde_json::Serializer::with_formatter(&mut out, EscapingFormatter(PrettyFormatter::new()));
    issues.serialize(&mut serializer)?;
    writeln!(out)
}

fn issues(report: &Report) -> Vec<IssueShape> {
    let evaluation = report.evaluation;
    let unread = evaluation.unread.iter().map(|unread| {
        let what = format!("{}\n{}", unread.target, unread.operation.as_deref().unwrap_or_default());
        let print = fingerprint(UNREAD, &PoolRef::default(), &what, None);
        let message = format!("{} could not be read: {}", unread.target, summary::unread(unread));
        issue(UNREAD, "critical", &message, print, &anchor::of_unread(unread))
    });
    let undecided = evaluation.undecided.iter().filter(|_| !report.terms.ignore_unknown).map(|one| {
        let print = fingerprint(&one.rule.id, &one.pool, &one.path, one.subject.as_ref());
        let message = format!("not decided: {} ({})", one.reason, one.pool.identity.title());
        issue(&one.rule.id, "major", &message, print, &anchor::of_undecided(one))
    });
    let findings = summary::open(evaluation).map(|one| {
        let lapsed = summary::lapsed(one).map_or_else(String::new, |said| format!("; {said}"));
        let message = format!("{} ({}){lapsed}", one.message, one.pool.identity.title());
        let severity = severity(one.rule.severity);
        issue(&one.rule.id, severity, &message, one.fingerprint.clone(), &anchor::of_finding(one))
    });
    unread.chain(undecided).chain(findings).collect()
}

fn issue(check: &str, severity: &'static str, message: &str, fingerprint: String, at: &Anchor) -> IssueShape {
    IssueShape {
        description: sanitized(&format!("{check}: {message}")).into_owned(),
        check_name: sanitized(check).into_owned(),
        fingerprint,
        severity,
        location: LocationShape {
            path: sanitized(&at.path).into_owned(),
            lines: LinesShape { begin: at.line.max(1) },
        },
    }
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "blocker",
        Severity::High => "critical",
        Severity::Medium => "major",
        Severity::Low => "minor",
        Severity::Info => "info",
    }
}
