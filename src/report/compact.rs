//! One line a finding, with the severity, the rule and the pool first:
//! `high[password-too-short] customers: message (pools.json:12:24)`.

use std::io::{self, Write};

use super::ansi::{Ansi, count, styled};
use super::answer::{Answer, around};
use super::instance::Instances;
use super::sanitize::sanitized;
use super::{Report, Style, calls, order, since, skipped, statistics, summary};
use crate::evaluate::Evaluation;
use crate::finding::{Finding, Location, PoolRef, Status};

pub(super) fn write(report: &Report, style: Style, out: &mut dyn Write) -> io::Result<()> {
    around(&Answer::of(report), style, false, out, |out| {
        if style.show.statistics {
            statistics::write(report, style, out)?;
        } else {
            findings(report.evaluation, style, out)?;
        }
        for controls in summary::controls(report) {
            writeln!(out, "{controls}")?;
        }
        gaps(report.evaluation, style, out)?;
        if style.show.verbose {
            reasons(report.evaluation, style, out)?;
        }
        for note in summary::notes_of_text(report, style.show) {
            writeln!(out, "{}: {note}", styled(style, Ansi::Cyan, "note"))?;
        }
        Ok(())
    })
}

/// The findings that count, the worst first, then the others.
fn findings(evaluation: &Evaluation, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let least = style.show.least;
    let mut shown: Vec<&Finding> =
        evaluation.findings.iter().filter(|finding| finding.rule.severity >= least).collect();
    order::by_severity(&mut shown);
    shown.sort_by_key(|finding| finding.standing.status != Status::Open);
    let instances = Instances::join(&mut shown);
    for finding in shown {
        // A finding that does not count shows its status in place of the severity.
        let (word, color) = match &finding.standing.status {
            Status::Open => (finding.rule.severity.word(), Ansi::of(finding.rule.severity)),
            other => (other.word(), Ansi::Dim),
        };
        let tag = format!("{word}[{}]", finding.rule.id);
        writeln!(
            out,
            "{} {}{}: {} ({}){}",
            styled(style, color, &tag),
            name(&finding.pool),
            instances.named(finding).map_or_else(String::new, |named| format!(" ({named})")),
            sanitized(&finding.message),
            place(finding),
            decided(finding),
        )?;
    }
    for finding in &evaluation.removed {
        let (pool, at) = (name(&finding.pool), summary::place(&finding.pool));
        let tag = styled(style, Ansi::Green, &format!("taken away[{}]", finding.rule.id));
        writeln!(out, "{tag} {pool}: {} ({at})", sanitized(&finding.message))?;
    }
    for undone in &evaluation.undone {
        let (pool, at, path) = (name(&undone.pool), summary::place(&undone.pool), sanitized(&undone.path));
        let (live, after) = (summary::value(undone.live.as_ref()), summary::value(undone.after.as_ref()));
        let tag = styled(style, Ansi::Yellow, "changed outside");
        writeln!(out, "{tag} {pool}: {path} is {live}, and applying sets {after} ({at})")?;
    }
    for (what, findings) in [("fixed", &evaluation.fixed), ("pool deleted", &evaluation.ended)] {
        for one in findings {
            let (pool, at, first) = (sanitized(&one.pool), summary::fixed_at(one), one.first_seen);
            let tag = styled(style, Ansi::Green, &format!("{what}[{}]", sanitized(&one.rule)));
            writeln!(out, "{tag} {at}, first seen {first} ({pool})")?;
        }
    }
    Ok(())
}

/// Failures to read, and verdicts that are unknown.
fn gaps(evaluation: &Evaluation, style: Style, out: &mut dyn Write) -> io::Result<()> {
    for unread in &evaluation.unread {
        let tag = styled(style, Ansi::Red, "unread");
        writeln!(out, "{tag} {}: {}", summary::unread_at(unread), summary::unread(unread))?;
    }
    for undecided in &evaluation.undecided {
        let path = if undecided.path.is_empty() { "" } else { &format!("{}: ", sanitized(&undecided.path)) };
        let tag = styled(style, Ansi::Yellow, &format!("unknown[{}]", undecided.rule.id));
        let at = undecided.location.as_ref().map_or_else(|| summary::place(&undecided.pool), at);
        let pool = name(&undecided.pool);
        writeln!(out, "{tag} {pool}: {path}{} ({at})", sanitized(&undecided.reason))?;
    }
    Ok(())
}

/// The reason of every skipped verdict.
fn reasons(evaluation: &Evaluation, style: Style, out: &mut dyn Write) -> io::Result<()> {
    for ((rule, reason), number) in skipped::by_rule(evaluation)? {
        let tag = styled(style, Ansi::Dim, &format!("skipped[{rule}]"));
        let times = if number == 1 { String::new() } else { format!(" ({})", count(number, "verdict")) };
        writeln!(out, "{tag} {}{times}", sanitized(&reason))?;
    }
    Ok(())
}

fn at(location: &Location) -> String {
    format!("{}:{}:{}", sanitized(&location.file), location.line, location.column)
}

fn place(finding: &Finding) -> String {
    match &finding.location {
        Some(location) => at(location),
        None => summary::place(&finding.pool),
    }
}

/// Who accepts it until when, or accepted it, and since when it is there.
fn decided(finding: &Finding) -> String {
    let accepted = match &finding.standing.status {
        Status::Waived(waiver) => {
            let until = waiver.expires.map_or(String::new(), |day| format!(" until {day}"));
            format!(", by {}{until}", sanitized(&waiver.owner))
        }
        Status::Open | Status::Known => String::new(),
    };
    let lapsed = summary::lapsed(finding).map_or_else(String::new, |said| format!(", {}", sanitized(&said)));
    let change = since::since(finding).map_or_else(String::new, |since| format!(", {since}"));
    let by = calls::of_finding(finding).into_iter().map(|one| format!("; {}", sanitized(&one)));
    format!("{accepted}{lapsed}{change}{}", by.collect::<Vec<String>>().concat())
}

fn name(pool: &PoolRef) -> String {
    let identity = &pool.identity;
    let name = identity.name.as_ref().or(identity.id.as_ref()).or(identity.address.as_ref());
    name.map_or_else(|| pool.identity.title(), |name| sanitized(name).into_owned())
}
