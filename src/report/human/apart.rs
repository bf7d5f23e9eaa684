//! Findings that only inform about pools that meet policy, in short.

use std::collections::BTreeSet;
use std::io::{self, Write};

use super::accepted::line;
use super::grouped;
use super::undecided::signed;
use crate::finding::Finding;
use crate::report::ansi::{Ansi, count, titled};
use crate::report::{Group, Style};

/// Lines for the rules that have many findings.
const LINES: usize = 15;

/// `above`: the rules that are explained above.
pub(super) fn write(
    apart: &[&Finding],
    above: &BTreeSet<&str>,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    if apart.is_empty() {
        return Ok(());
    }
    let heading = format!("For information, of pools that meet policy: {}", count(apart.len(), "finding"));
    out.write_all(titled(style, &heading).as_bytes())?;
    let (groups, rest) = grouped::split(apart, Group::Auto);
    let (known, groups): (Vec<_>, Vec<_>) = groups
        .into_iter()
        .partition(|findings| findings.first().is_some_and(|one| above.contains(&*one.rule.id)));
    for findings in &known {
        if let Some(rule) = findings.first().map(|one| &one.rule) {
            let text = format!(
                "{}[{}]: {}, explained above",
                rule.severity.word(),
                rule.id,
                count(findings.len(), "finding")
            );
            out.write_all(signed("-", Ansi::Dim, &text, style).as_bytes())?;
        }
    }
    if !known.is_empty() {
        writeln!(out)?;
    }
    let blocks = grouped::blocks(&groups, LINES, style);
    for (_, block) in blocks.texts {
        out.write_all(block.as_bytes())?;
    }
    out.write_all(blocks.hint.as_bytes())?;
    for finding in &rest {
        out.write_all(signed("-", Ansi::Dim, &line(finding), style).as_bytes())?;
    }
    if !rest.is_empty() {
        let help = "`cognito-lint rules show ID` explains a rule; `--min-severity low` leaves these out";
        out.write_all(signed(" ", Ansi::Dim, help, style).as_bytes())?;
        writeln!(out)?;
    }
    Ok(())
}
