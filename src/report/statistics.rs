//! One line for each rule that failed: its severity, its findings and their pools.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use super::ansi::{Ansi, styled};
use super::{Report, Style, order};
use crate::finding::{Finding, PoolRef};

/// Writes the table, the worst rule with the most findings first.
pub(super) fn write(report: &Report, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let (mut findings, apart) = order::shown(report, style.show.least);
    findings.extend(apart);
    if findings.is_empty() {
        return Ok(());
    }
    let heading = format!("{:>8}  {:>5}  {:8}  rule", "findings", "pools", "severity");
    writeln!(out, "{}", styled(style, Ansi::Bold, &heading))?;
    let mut rules: BTreeMap<_, Vec<&Finding>> = BTreeMap::new();
    for finding in findings {
        rules.entry((finding.rule.severity, &finding.rule.id)).or_default().push(finding);
    }
    let mut rows: Vec<_> = rules.into_iter().collect();
    rows.sort_by_key(|((severity, _), findings)| std::cmp::Reverse((*severity, findings.len())));
    for ((severity, id), findings) in rows {
        let pools: BTreeSet<&PoolRef> = findings.iter().map(|finding| finding.pool.as_ref()).collect();
        let word = severity.word();
        let gap = " ".repeat(8 - word.len());
        let start = format!("{:>8}  {:>5}", findings.len(), pools.len());
        let fits = start.len() + 12 + id.len() <= style.width;
        let between = if fits { "  " } else { "\n  " };
        let word = styled(style, Ansi::of(severity), word);
        writeln!(out, "{start}  {word}{}{between}{id}", if fits { &gap } else { "" })?;
    }
    writeln!(out)
}
