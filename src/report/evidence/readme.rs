//! The text that somebody reads first who was handed a pack and does not know the program.

use std::collections::BTreeSet;
use std::io::{self, Write};

use super::{Facts, NEVER};
use crate::finding::Proof;
use crate::report::ansi::{count, wrap};
use crate::report::html::controls::{ByControl, ByStandard, standards};
use crate::report::html::gaps::gaps;
use crate::report::json::moment;
use crate::report::sanitize::sanitized;
use crate::report::{Report, summary};

const WIDTH: usize = 96;

/// The members, and what each is for.
const MEMBERS: [(&str, &str); 12] = [
    ("README.txt", "this text"),
    (
        "controls.html",
        "the result by control for people: open it in a browser; it asks nothing of the network",
    ),
    ("controls.json", "the same for programs"),
    ("report.html", "the whole report for people, with every finding"),
    ("report.json", "the whole report for programs, with every verdict of every rule for every pool"),
    ("oscal.json", "the result as OSCAL assessment results"),
    ("not-looked-at.json", "everything that was not read, not decided, or not asked for"),
    ("iam-policy.json", "the IAM policy that is enough to read the pools for these rules"),
    (
        "policy/",
        "the rules, packs, configuration and waivers that the pools were judged by, as they were written",
    ),
    ("run.json", "how the pools were judged, and the digest of the policy"),
    ("snapshot.jsonl", "the pools, one on a line, as they were when they were read; a secret is a marker"),
    ("SHA256SUMS", "the checksum of every other member"),
];

/// Writes the text.
pub fn write(report: &Report, facts: &Facts<'_>, out: &mut dyn Write) -> io::Result<()> {
    let title = "Evidence: Amazon Cognito user pools against policy";
    writeln!(out, "{title}\n{}\n", "=".repeat(title.len()))?;
    paragraph(&format!("{}.", summary::answer(report)), out)?;
    read(report, facts, out)?;
    let standards = standards(report);
    heading("Result by control", out)?;
    if standards.is_empty() {
        paragraph("No control was judged: no pool was read.", out)?;
    }
    for standard in &standards {
        by_control(standard, out)?;
    }
    not_looked_at(report, facts, out)?;
    heading("Members of this file", out)?;
    for (name, what) in MEMBERS {
        for (position, line) in wrap(what, WIDTH - 22).into_iter().enumerate() {
            let name = if position == 0 { name } else { "" };
            writeln!(out, "  {name:<20}{line}")?;
        }
    }
    check(out)
}

fn read(report: &Report, facts: &Facts<'_>, out: &mut dyn Write) -> io::Result<()> {
    let evaluation = report.evaluation;
    let identities = evaluation.pools.iter().map(|pool| &pool.identity);
    let accounts: BTreeSet<&str> = identities.clone().filter_map(|one| one.account.as_deref()).collect();
    let regions: BTreeSet<&str> = identities.filter_map(|one| one.region.as_deref()).collect();
    heading("The run", out)?;
    let from = if facts.live { "read from AWS" } else { "taken from saved files" };
    let words = |set: BTreeSet<&str>, one: &str| match set.is_empty() {
        true => format!("{one} not known"),
        false => format!("{one} {}", sanitized(&set.into_iter().collect::<Vec<_>>().join(", "))),
    };
    let waivers = match facts.waivers {
        0 => "no waiver".to_owned(),
        n => count(n, "waiver"),
    };
    let configuration = if facts.configuration { "a configuration" } else { "no configuration" };
    let rows = [
        ("Pools", format!("{}, {from}", count(evaluation.tally.pools, "pool"))),
        ("Where", format!("{}; {}", words(accounts, "account"), words(regions, "Region"))),
        ("Judged as of", moment(report.run.generated)),
        ("By", format!("{}, with {configuration} and {waivers}", count(report.policy.rules.len(), "rule"))),
        ("Policy digest", sanitized(report.run.digest).into_owned()),
        ("Tool", format!("{} {}", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"))),
    ];
    rows.iter().try_for_each(|(name, what)| {
        wrap(what, WIDTH - 18).iter().enumerate().try_for_each(|(position, line)| {
            writeln!(out, "  {:<16}{line}", if position == 0 { name } else { "" })
        })
    })
}

fn by_control(standard: &ByStandard, out: &mut dyn Write) -> io::Result<()> {
    let ByStandard { title, pack, figures, controls } = standard;
    let figures = figures.map(|(number, word)| format!("{number} {word}")).join(", ");
    paragraph(&format!("{title} ({pack}): {figures}. A control has the worst verdict of all pools."), out)?;
    let width = controls.iter().map(|one| one.id.chars().count()).max().unwrap_or(0);
    for ByControl { id, verdict, meaning, reasons, more, rules, .. } in controls {
        let gap = width + 17;
        for (position, line) in wrap(meaning, WIDTH.saturating_sub(gap).max(40)).iter().enumerate() {
            match position {
                0 => writeln!(out, "  {id:<width$}  {verdict:<13}{line}")?,
                _ => writeln!(out, "{:gap$}{line}", "")?,
            }
        }
        if *verdict == Proof::NotCovered.word() {
            item(rules, gap, out)?;
        }
        for reason in reasons {
            item(reason, gap, out)?;
        }
        if *more > 0 {
            item(&format!("{more} more: see report.json"), gap, out)?;
        }
    }
    Ok(())
}

fn not_looked_at(report: &Report, facts: &Facts<'_>, out: &mut dyn Write) -> io::Result<()> {
    heading("Not looked at", out)?;
    for gap in gaps(report) {
        let gap = gap.shortened();
        paragraph(&format!("{}. {}", gap.heading, gap.meaning), out)?;
        gap.items.iter().try_for_each(|text| item(text, 2, out))?;
        if gap.more > 0 {
            item(&format!("{} more: see not-looked-at.json", gap.more), 2, out)?;
        }
    }
    let limits = facts.limits();
    if !limits.is_empty() {
        paragraph("In this run.", out)?;
    }
    limits.iter().try_for_each(|text| item(&sanitized(text), 2, out))?;
    paragraph("In any run.", out)?;
    NEVER.iter().try_for_each(|text| item(text, 2, out))
}

fn check(out: &mut dyn Write) -> io::Result<()> {
    heading("How to check it", out)?;
    for text in [
        "1. No member was changed by accident: unpack the file, and run `sha256sum -c SHA256SUMS` beside them.",
        "2. The verdicts are those of the pools and the policy in this file: run `cognito-lint evidence verify FILE`. \
         It needs neither network nor AWS credentials, judges the snapshot again, and compares every verdict and \
         every document.",
        "3. Whose file it is: neither of them says. Whoever can write a whole pack can write one of other pools. \
         Compare the policy digest with the one that you agreed on, and ask for a signed statement: `cognito-lint \
         evidence --attest FILE` writes one to sign, with the digest of every pool and of this file.",
    ] {
        paragraph(text, out)?;
    }
    Ok(())
}

fn heading(text: &str, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n{text}\n{}", "-".repeat(text.len()))
}

fn paragraph(text: &str, out: &mut dyn Write) -> io::Result<()> {
    wrap(text, WIDTH).iter().try_for_each(|line| writeln!(out, "{line}"))
}

fn item(text: &str, indent: usize, out: &mut dyn Write) -> io::Result<()> {
    let lines = wrap(text, WIDTH.saturating_sub(indent + 2).max(40));
    lines.iter().enumerate().try_for_each(|(position, line)| {
        writeln!(out, "{:indent$}{} {line}", "", if position == 0 { "-" } else { " " })
    })
}
