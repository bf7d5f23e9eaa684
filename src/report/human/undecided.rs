//! Everything beside the findings that a person must know: targets not read, verdicts not decided, sections not held.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use crate::evaluate::Evaluation;
use crate::finding::Undecided;
use crate::report::ansi::{Ansi, NARROWEST, count, labelled, styled, titled, wrap};
use crate::report::sanitize::sanitized;
use crate::report::{Report, Style, skipped, summary};
use crate::source::{About, Unread};

/// More names than this are counted, not listed.
const LISTED: usize = 8;

/// From this number of reads that failed alike on, the cause is said once.
const ALIKE: usize = 4;

pub(super) fn write(report: &Report, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let evaluation = report.evaluation;
    if !evaluation.unread.is_empty() {
        out.write_all(titled(style, "Could not be read").as_bytes())?;
        for alike in by_cause(&evaluation.unread) {
            let Some(first) = alike.first() else { continue };
            if alike.len() < ALIKE {
                for unread in alike {
                    out.write_all(of_unread(unread, style).as_bytes())?;
                    writeln!(out)?;
                }
                continue;
            }
            out.write_all(of_unread(first, style).as_bytes())?;
            let targets: BTreeSet<String> = alike[1..].iter().map(|one| summary::unread_at(one)).collect();
            out.write_all(labelled(style, "also:", 9, &listed(&targets)).as_bytes())?;
            writeln!(out)?;
        }
    }
    if !evaluation.undecided.is_empty() {
        let heading = format!("Undecided: {}", count(evaluation.undecided.len(), "verdict"));
        out.write_all(titled(style, &heading).as_bytes())?;
        let mut cut = false;
        for (reason, verdicts) in summary::by_reason(&evaluation.undecided) {
            let (block, is_cut) = of_reason(reason, &verdicts, style);
            out.write_all(block.as_bytes())?;
            writeln!(out)?;
            cut |= is_cut;
        }
        if cut {
            let hint = "`--report json=FILE` has all of these pools, rules and places";
            writeln!(out, "{}", signed(" ", Ansi::Dim, hint, style))?;
        }
    }
    if style.show.verbose {
        reasons(evaluation, style, out)?;
    }
    for note in summary::notes_of_text(report, style.show) {
        let lines = wrap(&note, style.width.saturating_sub(6).max(NARROWEST));
        for (i, line) in lines.iter().enumerate() {
            let lead = if i == 0 { styled(style, Ansi::Cyan, "note:") } else { "     ".to_owned() };
            writeln!(out, "{lead} {line}")?;
        }
    }
    Ok(())
}

/// The reason of every skipped verdict.
fn reasons(evaluation: &Evaluation, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let reasons = skipped::by_rule(evaluation)?;
    if reasons.is_empty() {
        return Ok(());
    }
    let number = count(evaluation.tally.skipped, "verdict");
    out.write_all(titled(style, &format!("Skipped: {number}")).as_bytes())?;
    for ((rule, reason), number) in reasons {
        let times = if number == 1 { String::new() } else { format!(" ({})", count(number, "verdict")) };
        let text = format!("{rule}: {}{times}", sanitized(&reason));
        out.write_all(signed("-", Ansi::Dim, &text, style).as_bytes())?;
    }
    writeln!(out)
}

/// Reads that failed alike, in the order of the first of each: the same answer, but for the names of its own target.
fn by_cause(unread: &[Unread]) -> Vec<Vec<&Unread>> {
    let cause = |one: &Unread| {
        let About { account, region, pool, section } = &one.about;
        let own = [Some(&one.target), pool.as_ref(), region.as_ref(), account.as_ref()];
        let nameless = |text: &str| {
            let names = own.into_iter().flatten().filter(|name| !name.is_empty());
            names.fold(text.to_owned(), |text, name| text.replace(name.as_str(), ""))
        };
        let help = one.help.as_deref().map(nameless);
        (one.code.clone(), one.operation.clone(), *section, help, nameless(&one.message))
    };
    let mut places = BTreeMap::new();
    let mut groups: Vec<Vec<&Unread>> = Vec::new();
    for one in unread {
        let at = *places.entry(cause(one)).or_insert(groups.len());
        match groups.get_mut(at) {
            Some(group) => group.push(one),
            None => groups.push(vec![one]),
        }
    }
    groups
}

/// What, why, and what to do about it.
fn of_unread(unread: &Unread, style: Style) -> String {
    let sign = if style.unicode { "×" } else { "x" };
    let text = format!("{}: {}", summary::unread_at(unread), summary::unread(unread));
    let mut block = signed(sign, Ansi::Red, &text, style);
    if let Some(help) = &unread.help {
        block.push_str(&labelled(style, "help:", 9, &sanitized(help)));
    }
    block
}

/// One reason, and the rules and pools that it leaves open. Whether some of them are only counted.
fn of_reason(reason: &str, verdicts: &[&Undecided], style: Style) -> (String, bool) {
    let rules: BTreeSet<&str> = verdicts.iter().map(|verdict| verdict.rule.id.as_ref()).collect();
    let paths = verdicts.iter().map(|verdict| sanitized(&verdict.path).into_owned());
    let paths: BTreeSet<String> = paths.filter(|path| !path.is_empty()).collect();
    let pools: BTreeSet<String> =
        verdicts.iter().map(|verdict| sanitized(&verdict.pool.identity.title()).into_owned()).collect();
    let mut block = signed("?", Ansi::Yellow, &sanitized(reason), style);
    let locations = verdicts.iter().filter_map(|verdict| verdict.location.as_ref());
    let locations: BTreeSet<String> = locations
        .map(|at| sanitized(&format!("{}:{}:{}", at.file, at.line, at.column)).into_owned())
        .collect();
    if !locations.is_empty() {
        block.push_str(&labelled(style, "at:", 10, &listed(&locations)));
    }
    if !paths.is_empty() {
        block.push_str(&labelled(style, "path:", 10, &listed(&paths)));
    }
    block.push_str(&labelled(style, "rules:", 10, &listed(&rules)));
    block.push_str(&labelled(style, "pools:", 10, &listed(&pools)));
    let lengths = [rules.len(), paths.len(), pools.len(), locations.len()];
    (block, lengths.into_iter().any(|length| length > LISTED + 1))
}

/// A paragraph with a sign before it.
pub(super) fn signed(sign: &str, color: Ansi, text: &str, style: Style) -> String {
    let mut block = String::new();
    for (i, line) in wrap(text, style.width.saturating_sub(4).max(NARROWEST)).iter().enumerate() {
        let lead = if i == 0 { styled(style, color, sign) } else { " ".to_owned() };
        block.push_str(&format!("  {lead} {line}\n"));
    }
    block
}

fn listed<T: AsRef<str>>(names: &BTreeSet<T>) -> String {
    let most = if names.len() == LISTED + 1 { LISTED + 1 } else { LISTED };
    let shown: Vec<&str> = names.iter().take(most).map(AsRef::as_ref).collect();
    match names.len() - shown.len() {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}
