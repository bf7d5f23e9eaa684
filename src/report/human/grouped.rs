//! Findings of one rule in many places: the explanation once, the pools below it.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::drawing;
use crate::finding::{Finding, PoolRef};
use crate::pool::Source;
use crate::report::ansi::{Ansi, NARROWEST, count, labelled, link, styled, wrap};
use crate::report::sanitize::{sanitized, sanitized_text, shortened};
use crate::report::{Group, Style};
use crate::rule::Severity;

/// From this number of findings on, a rule is shown once with its pools.
const MANY: usize = 10;

/// Lines that the groups of a report share. Each group has at least `FEWEST` pools.
const LINES: usize = 50;

/// Fewest pools of a group.
const FEWEST: usize = 2;

/// Most pools of a group.
const MOST: usize = 10;

/// A longer value is cut.
const LONGEST_VALUE: usize = 48;

/// Groups of findings, the worst rule first, and the findings of all other rules, all in the order that they had.
pub(super) fn split<'a>(open: &[&'a Finding], group: Group) -> (Vec<Vec<&'a Finding>>, Vec<&'a Finding>) {
    let mut by_rule: BTreeMap<(Reverse<Severity>, &str), Vec<&Finding>> = BTreeMap::new();
    for finding in open {
        by_rule.entry((Reverse(finding.rule.severity), &finding.rule.id)).or_default().push(finding);
    }
    let is_group = |findings: &[&Finding]| match group {
        Group::Auto => findings.len() >= MANY,
        Group::Rule => true,
        Group::Pool => false,
    };
    let rest = open.iter().copied().filter(|finding| {
        let key = (Reverse(finding.rule.severity), &*finding.rule.id);
        by_rule.get(&key).is_none_or(|findings| !is_group(findings))
    });
    let rest = rest.collect();
    (by_rule.into_values().filter(|findings| is_group(findings)).collect(), rest)
}

/// The groups in words, with as many pools for each as fit, and the severity of each.
pub(super) fn blocks(groups: &[Vec<&Finding>], style: Style) -> Vec<(Severity, String)> {
    let explained: Vec<Explanation> = groups.iter().map(|findings| explanation(findings, style)).collect();
    // An empty line and the number of further pools take two lines of each group.
    let taken: usize = explained.iter().map(|one| one.lines() + 2).sum();
    let share = LINES.saturating_sub(taken) / groups.len().max(1);
    let both = groups.iter().zip(explained);
    both.filter_map(|(findings, explanation)| {
        let mut block = explanation.heading;
        // Many rules have one pool each, with what is expected beside its value.
        match share < FEWEST {
            true => {
                block.push_str(&explanation.why);
                block.push_str(&example(findings, style));
            }
            false => {
                block.push_str(&explanation.want);
                block.push_str(&explanation.why);
                block.push_str(&pools(findings, share.clamp(FEWEST, MOST), style));
            }
        }
        block.push('\n');
        Some((findings.first()?.rule.severity, block))
    })
    .collect()
}

/// The explanation that holds for every finding of the group, in parts.
#[derive(Default)]
struct Explanation {
    heading: String,
    want: String,
    why: String,
}

impl Explanation {
    fn lines(&self) -> usize {
        [&self.heading, &self.want, &self.why].iter().map(|part| part.lines().count()).sum()
    }
}

fn explanation(findings: &[&Finding], style: Style) -> Explanation {
    let Some(first) = findings.first() else { return Explanation::default() };
    let rule = &first.rule;
    let pools: BTreeSet<&PoolRef> = findings.iter().map(|finding| finding.pool.as_ref()).collect();
    let mut number = count(pools.len(), "pool");
    if pools.len() != findings.len() {
        number = format!("{} in {number}", count(findings.len(), "finding"));
    }
    let tag = format!("{}[{}]:", rule.severity.word(), rule.id);
    let said = if rule.titled { &rule.title } else { &first.message };
    let alike = rule.titled || findings.iter().all(|finding| finding.message == first.message);
    let said =
        if alike { sanitized(said).into_owned() } else { format!("expected {}", sanitized(&first.expected)) };
    let lines =
        wrap(&format!("{tag} {number}: {said}"), style.width.saturating_sub(4).max(NARROWEST)).join("\n    ");
    let mut heading = lines.replacen(&tag, &styled(style, Ansi::of(rule.severity), &tag), 1);
    heading.push('\n');
    let line = |name: &str, text: &str| labelled(style, name, drawing::COLUMN, text);
    // A message says itself what is expected.
    let want = rule.titled && findings.iter().all(|finding| finding.expected == first.expected);
    let want = if want { line("want:", &sanitized(&first.expected)) } else { String::new() };
    Explanation { heading, want, why: why(findings, first, &line, style) }
}

/// The reason, the fix and the link.
fn why(findings: &[&Finding], first: &Finding, line: &dyn Fn(&str, &str) -> String, style: Style) -> String {
    let rule = &first.rule;
    let mut block = String::new();
    if !rule.why.is_empty() {
        block.push_str(&line("why:", &sanitized_text(&rule.why)));
    }
    // The words of a plan or template are the fix there, where all findings have the same.
    match (fix_of_all(findings), rule.fix.is_empty()) {
        (Some(fix), _) => block.push_str(&line("set:", &sanitized(fix))),
        (None, false) => block.push_str(&line("help:", &sanitized_text(&rule.fix))),
        (None, true) => {}
    }
    if let Some(address) = rule.links.first() {
        block.push_str(&line("more:", &link(style, address)));
    }
    block
}

fn fix_of_all<'a>(findings: &[&'a Finding]) -> Option<&'a str> {
    let mut fixes = findings.iter().map(|finding| finding.declaration.as_ref()?.fix.as_deref());
    let first = fixes.next()??;
    fixes.all(|fix| fix == Some(first)).then_some(first)
}

/// The first pool, and the number of the others.
fn example(findings: &[&Finding], style: Style) -> String {
    let Some(first) = findings.first() else { return String::new() };
    let title = sanitized(&first.pool.identity.title()).into_owned();
    let path = if first.rule.titled { String::new() } else { format!("{} ", sanitized(&first.path)) };
    let expected = match first.rule.titled {
        true => format!(", expected {}", sanitized(&first.expected)),
        false => String::new(),
    };
    let more = match findings.len() - 1 {
        0 => String::new(),
        more => format!(", and {more} more; `--report json=FILE` has them all"),
    };
    let line = format!("{title}, {}: {path}{}{expected}{more}", place(first), value(first));
    let lines = wrap(&line, style.width.saturating_sub(4).max(NARROWEST));
    format!("  - {}\n", lines.join("\n    "))
}

/// One line for each pool, and the number of those that do not fit.
fn pools(findings: &[&Finding], room: usize, style: Style) -> String {
    // "and 1 more" takes the line of that one.
    let shown = if findings.len() <= room + 1 { findings.len() } else { room };
    let path = findings.first().map_or("", |finding| finding.path.as_str());
    let one_path = findings.iter().all(|finding| finding.path == path);
    let mut block = String::new();
    for finding in &findings[..shown] {
        let title = sanitized(&finding.pool.identity.title()).into_owned();
        let path = if one_path { String::new() } else { format!("{} ", sanitized(&finding.path)) };
        let line = format!("{title}, {}: {path}{}", place(finding), value(finding));
        let lines = wrap(&line, style.width.saturating_sub(4).max(NARROWEST));
        block.push_str(&format!("  - {}\n", lines.join("\n    ")));
    }
    if shown < findings.len() {
        let more = findings.len() - shown;
        let said = format!("and {more} more; `--report json=FILE` has them all");
        let lines = wrap(&said, style.width.saturating_sub(4).max(NARROWEST));
        block.push_str(&format!("    {}\n", lines.join("\n    ")));
    }
    block
}

/// The line of a file, or the Region and the account of a live pool.
fn place(finding: &Finding) -> String {
    let origin = &finding.pool.origin;
    match (&finding.location, origin.source, &finding.pool.identity.account) {
        (Some(at), _, _) => sanitized(&format!("{}:{}:{}", at.file, at.line, at.column)).into_owned(),
        (None, Source::Live, Some(account)) => {
            sanitized(&format!("{} of {account}", origin.name)).into_owned()
        }
        (None, _, _) => sanitized(&origin.name).into_owned(),
    }
}

fn value(finding: &Finding) -> String {
    let value = finding.actual.as_ref().map(|value| shortened(&sanitized(&value.to_string()), LONGEST_VALUE));
    match (value, finding.default) {
        (None, _) => "absent".to_owned(),
        (Some(value), true) => format!("{value} (default)"),
        (Some(value), false) if value.is_empty() => "empty".to_owned(),
        (Some(value), false) => value,
    }
}
