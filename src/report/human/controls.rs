//! The controls of standards, in short: how many are met, and which are not.

use std::collections::BTreeSet;
use std::io::{self, Write};

use super::undecided::signed;
use crate::finding::{ControlVerdict, PoolRef, Proof};
use crate::report::ansi::{Ansi, count, titled};
use crate::report::sanitize::sanitized;
use crate::report::{Report, Style, summary};
use crate::rule::Standard;

/// Pools are counted from this number on, and named below it.
const NAMED: usize = 3;

pub(super) fn write(report: &Report, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let of = |standard: &Standard| -> Vec<&ControlVerdict> {
        report.evaluation.controls.iter().filter(|one| one.standard == standard.pack).collect()
    };
    let standards = report.policy.standards.iter().map(|standard| (standard, of(standard)));
    let judged = standards.filter(|(_, all)| !all.is_empty());
    for ((standard, all), heading) in judged.zip(summary::controls(report)) {
        of_standard(standard, &all, &heading, style, out)?;
    }
    Ok(())
}

fn of_standard(
    standard: &Standard,
    all: &[&ControlVerdict],
    heading: &str,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    out.write_all(titled(style, heading).as_bytes())?;
    for (proof, color) in [(Proof::Failed, Ansi::Red), (Proof::NotDecided, Ansi::Yellow)] {
        for control in &standard.controls {
            let pools: BTreeSet<&PoolRef> = all
                .iter()
                .filter(|one| one.verdict == proof && one.control == control.id)
                .map(|one| &*one.pool)
                .collect();
            if pools.is_empty() {
                continue;
            }
            let level =
                if control.level.is_empty() { String::new() } else { format!(" ({})", control.level) };
            let text = format!("{}{level} {}: {}", sanitized(&control.id), proof.word(), named(&pools));
            out.write_all(signed("-", color, &text, style).as_bytes())?;
        }
    }
    writeln!(out)
}

fn named(pools: &BTreeSet<&PoolRef>) -> String {
    if pools.len() > NAMED {
        return count(pools.len(), "pool");
    }
    let titles = pools.iter().map(|pool| sanitized(&pool.identity.title()).into_owned());
    titles.collect::<Vec<_>>().join(", ")
}
