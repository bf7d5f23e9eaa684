//! Findings that do not count, in short: waived, known, and those of earlier reports that are no more.

use std::io::{self, Write};

use super::undecided::signed;
use crate::evaluate::Evaluation;
use crate::finding::{Finding, Fixed, Status};
use crate::report::Style;
use crate::report::ansi::{Ansi, count, labelled, titled};
use crate::report::instance::Instances;
use crate::report::sanitize::sanitized;
use crate::report::{order, since, summary};

/// More known findings than this are counted, not listed.
const LISTED: usize = 20;

pub(super) fn write(evaluation: &Evaluation, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let least = style.show.least;
    let mut all: Vec<&Finding> =
        evaluation.findings.iter().filter(|finding| finding.rule.severity >= least).collect();
    order::by_severity(&mut all);
    let is_waived = |one: &&&Finding| matches!(one.standing.status, Status::Waived(_));
    let mut waived: Vec<&Finding> = all.iter().filter(is_waived).copied().collect();
    if !waived.is_empty() {
        heading("Waived", waived.len(), style, out)?;
        let instances = Instances::join(&mut waived);
        for finding in waived {
            out.write_all(signed("~", Ansi::Dim, &line(finding), style).as_bytes())?;
            if let Some(named) = instances.named(finding) {
                out.write_all(labelled(style, "of:", 9, &named).as_bytes())?;
            }
            if let Status::Waived(waiver) = &finding.standing.status {
                let until = waiver.expires.map_or(String::new(), |day| format!(" until {day}"));
                let by = format!("{}{until}: {}", sanitized(&waiver.owner), sanitized(&waiver.reason));
                out.write_all(labelled(style, "by:", 9, &by).as_bytes())?;
            }
        }
        writeln!(out)?;
    }
    all.retain(|one| one.standing.status == Status::Known);
    let known = all;
    if !known.is_empty() {
        heading("Known from the baseline", known.len(), style, out)?;
        for finding in known.iter().take(LISTED) {
            out.write_all(signed("~", Ansi::Dim, &line(finding), style).as_bytes())?;
        }
        if known.len() > LISTED {
            let more = format!("and {} more; `--report json=FILE` has them all", known.len() - LISTED);
            out.write_all(signed(" ", Ansi::Dim, &more, style).as_bytes())?;
        }
        writeln!(out)?;
    }
    let sign = if style.unicode { "✓" } else { "+" };
    no_more("Fixed", &evaluation.fixed, (sign, Ansi::Green), style, out)?;
    no_more("Gone with a deleted pool", &evaluation.ended, ("-", Ansi::Dim), style, out)
}

/// Findings of earlier reports that are no more.
fn no_more(
    what: &str,
    findings: &[Fixed],
    (sign, color): (&str, Ansi),
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    if findings.is_empty() {
        return Ok(());
    }
    heading(what, findings.len(), style, out)?;
    for one in findings {
        let text = format!("[{}] {} (first seen {})", one.rule, summary::fixed_at(one), one.first_seen);
        out.write_all(signed(sign, color, &text, style).as_bytes())?;
    }
    writeln!(out)
}

pub(super) fn heading(what: &str, n: usize, style: Style, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(titled(style, &format!("{what}: {}", count(n, "finding"))).as_bytes())
}

/// `high[mfa-off] customers (us-east-1_a): MfaConfiguration is OFF, expected anything but OFF`
pub(super) fn line(finding: &Finding) -> String {
    let title = finding.pool.identity.title();
    let (severity, rule) = (finding.rule.severity.word(), &finding.rule.id);
    let place = if finding.names_path { String::new() } else { format!(" ({})", sanitized(&finding.path)) };
    let since = since::since(finding).map_or_else(String::new, |since| format!(", {since}"));
    format!("{severity}[{rule}] {}: {}{place}{since}", sanitized(&title), sanitized(&finding.message))
}
