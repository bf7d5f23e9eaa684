//! The report for a person: findings of many pools by rule, others by pool, what could not be decided, and the answer as the last line.

mod excerpt;
mod drawing;
mod grouped;
mod rest;
mod decided;
mod deploy;
mod controls;

use std::collections::BTreeSet;
use std::io::{self, Write};

use super::paint::{Paint, paint};
use super::plain::plain;
use super::{Report, Style, summary};
use crate::finding::{Finding, PoolRef};
use crate::outcome::Outcome;
use crate::pool::Source;

/// With more blocks than this, the answer is above them too, since its last line is far from the first.
const SHORT: usize = 3;

pub(super) fn write(report: &Report, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let evaluation = report.evaluation;
    let answer = paint(style, answer_paint(report.outcome), &summary::answer(report));
    let open: Vec<&Finding> = summary::open(evaluation).collect();
    let blocks = open.len() + evaluation.unread.len() + evaluation.undecided.len();
    if blocks > SHORT {
        writeln!(out, "{answer}\n")?;
    }
    let (groups, rest) = grouped::split(&open, style.group);
    grouped::write(&groups, style, out)?;
    for of_pool in rest.chunk_by(|a, b| a.pool == b.pool) {
        write_pool(of_pool, style, out)?;
    }
    deploy::write(evaluation, style, out)?;
    decided::write(evaluation, style, out)?;
    controls::write(report, style, out)?;
    rest::write(evaluation, style, out)?;
    writeln!(out, "{answer}")
}

fn answer_paint(outcome: Outcome) -> Paint {
    match outcome {
        Outcome::Clean => Paint::Green,
        Outcome::Findings => Paint::Red,
        Outcome::Incomplete | Outcome::Interrupted(_) => Paint::Yellow,
    }
}

/// The findings of one pool. A rule is explained at its first finding there and not again, so that a rule that
/// fails for twenty clients stays readable.
fn write_pool(findings: &[&Finding], style: Style, out: &mut dyn Write) -> io::Result<()> {
    let Some(first) = findings.first() else {
        return Ok(());
    };
    let mut by_severity = [0; 5];
    for finding in findings {
        by_severity[finding.rule.severity as usize] += 1;
    }
    let heading = format!("{}: {}", heading(&first.pool), summary::severities(&by_severity));
    writeln!(out, "{}\n", paint(style, Paint::Bold, &heading))?;
    let mut explained = BTreeSet::new();
    for finding in findings {
        let explain = explained.insert(&finding.rule.id);
        out.write_all(drawing::draw(finding, explain, style).as_bytes())?;
        writeln!(out)?;
    }
    Ok(())
}

/// The pool and where it was read.
fn heading(pool: &PoolRef) -> String {
    let title = pool.identity.title();
    let title = plain(&title);
    let place = plain(&pool.origin.name);
    match (pool.origin.source, &pool.identity.account) {
        (Source::Live, Some(account)) => format!("{title}, live in {place} of account {account}"),
        (Source::Live, None) => format!("{title}, live in {place}"),
        (_, _) => format!("{title} in {place}"),
    }
}
