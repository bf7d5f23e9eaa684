//! The report for a person: the answer, findings in order of severity, those of many pools by rule, and what could not be
//! decided.

mod excerpt;
mod drawing;
mod undecided;
mod grouped;
mod accepted;
mod deploy;
mod traced;
mod controls;
mod apart;

pub(super) use grouped::detail;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use super::ansi::{count, labelled, titled};
use super::answer::{Answer, around};
use super::instance::Instances;
use super::sanitize::sanitized;
use super::{Group, Report, Style, order, statistics, summary};
use crate::finding::{Finding, PoolRef};
use crate::pool::Source;

/// Lines of a report whose rules fail for many pools, whatever else it holds: a screen of a large terminal.
const LINES: usize = 60;

pub(super) fn write(report: &Report, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let answer = Answer::of(report);
    around(&answer, style, true, out, |out| {
        let evaluation = report.evaluation;
        if style.show.statistics {
            statistics::write(report, style, out)?;
            return rest(report, style, out);
        }
        let (shown, apart) = order::shown(report, style.show.least);
        let above: BTreeSet<&str> = shown.iter().map(|finding| &*finding.rule.id).collect();
        let mut below = Vec::new();
        apart::write(&apart, &above, style, &mut below)?;
        traced::section(evaluation, style, &mut below)?;
        deploy::write(evaluation, style, &mut below)?;
        accepted::write(evaluation, style, &mut below)?;
        rest(report, style, &mut below)?;
        let taken = answer.lines(style) + grouped::height(&String::from_utf8_lossy(&below), style);
        findings(shown, LINES.saturating_sub(taken), style, out)?;
        out.write_all(&below)
    })
}

/// Controls, and what could not be decided.
fn rest(report: &Report, style: Style, out: &mut dyn Write) -> io::Result<()> {
    controls::write(report, style, out)?;
    undecided::write(report, style, out)
}

/// The findings that count: the worst first, those of a rule with many together, which share the lines.
fn findings(mut shown: Vec<&Finding>, room: usize, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let group = style.show.group;
    if group == Group::Pool {
        order::by_pool(&mut shown);
    }
    let mut all_of: BTreeMap<&PoolRef, usize> = BTreeMap::new();
    for finding in &shown {
        *all_of.entry(&*finding.pool).or_default() += 1;
    }
    let (groups, mut rest) = grouped::split(&shown, group);
    let beside = (all_of, Instances::join(&mut rest));
    let mut explained = BTreeSet::new();
    let mut rest = rest.as_slice();
    let blocks = grouped::blocks(&groups, room, style);
    for (severity, block) in blocks.texts {
        let worse = rest.iter().take_while(|finding| finding.rule.severity > severity).count();
        let (before, after) = rest.split_at(worse);
        one_by_one(before, &beside, &mut explained, style, out)?;
        out.write_all(block.as_bytes())?;
        rest = after;
    }
    out.write_all(blocks.hint.as_bytes())?;
    one_by_one(rest, &beside, &mut explained, style, out)
}

/// Findings with their excerpts, below the name of their pool. A rule is explained at its first finding and not
/// again, so that one that fails for twenty clients stays readable; where each pool is a section of its own, it is
/// explained in each.
fn one_by_one<'a>(
    findings: &[&'a Finding],
    (all_of, instances): &(BTreeMap<&PoolRef, usize>, Instances<'_>),
    explained: &mut BTreeSet<&'a str>,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    for of_pool in findings.chunk_by(|a, b| a.pool == b.pool) {
        let Some(first) = of_pool.first() else { continue };
        let all = all_of.get(&*first.pool).copied().unwrap_or_default();
        let mut by_severity = [0; 5];
        for finding in of_pool {
            by_severity[finding.rule.severity as usize] += 1;
        }
        // The others of the pool are with their rule, or at their severity.
        let of = if all > of_pool.len() { format!(" of {}", count(all, "finding")) } else { String::new() };
        let heading = format!("{}: {}{of}", heading(&first.pool), summary::severities(&by_severity));
        out.write_all(titled(style, &heading).as_bytes())?;
        if style.show.group == Group::Pool {
            explained.clear();
        }
        for finding in of_pool {
            let explain = explained.insert(&finding.rule.id);
            out.write_all(drawing::draw(finding, explain, style).as_bytes())?;
            if let Some(named) = instances.named(finding) {
                out.write_all(labelled(style, "of:", drawing::COLUMN, &named).as_bytes())?;
            }
            writeln!(out)?;
        }
    }
    Ok(())
}

/// The pool and where it was read.
fn heading(pool: &PoolRef) -> String {
    let title = pool.identity.title();
    let title = sanitized(&title);
    let place = sanitized(&pool.origin.name);
    match (pool.origin.source, &pool.identity.account) {
        (Source::Live, Some(account)) => format!("{title}, live in {place} of account {account}"),
        (Source::Live, None) => format!("{title}, live in {place}"),
        (_, _) => format!("{title} in {place}"),
    }
}
