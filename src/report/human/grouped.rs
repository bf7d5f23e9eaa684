//! Findings of one rule in many places: the explanation once, the pools below it.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::drawing;
use super::undecided::signed;
use crate::evaluate::Detail;
use crate::finding::{Finding, PoolRef};
use crate::pool::Source;
use crate::report::ansi::{Ansi, NARROWEST, count, labelled, link, styled, visible, wrap};
use crate::report::sanitize::{sanitized, sanitized_text, shortened};
use crate::report::{Group, Style, since};
use crate::rule::Severity;

/// From this number of findings on, a rule is shown once with its pools, and none of its excerpts.
const MANY: usize = 10;

/// Fewest pools that are a list.
const FEWEST: usize = 2;

/// Most pools of a list, where groups were not asked for.
const MOST: usize = 10;

/// A longer value is cut.
const LONGEST_VALUE: usize = 48;

/// How much of each finding is shown.
pub(in crate::report) fn detail(group: Group) -> Detail {
    match group {
        Group::Auto => Detail::Excerpts { of_a_rule: MANY },
        Group::Rule => Detail::Places,
        Group::Pool => Detail::ALL,
    }
}

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
    let mut groups: Vec<Vec<&Finding>> =
        by_rule.into_values().filter(|findings| is_group(findings)).collect();
    // A list that is cut has what is new.
    for findings in &mut groups {
        findings.sort_by_key(|finding| !since::is_new(finding));
    }
    (groups, rest)
}

/// Groups in words.
pub(super) struct Blocks {
    pub(super) texts: Vec<(Severity, String)>,
    /// The ways to what the groups leave out, to be said below the last one.
    pub(super) hint: String,
}

/// How much a group shows, from the least to the most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Form {
    /// The rule and the number of its pools.
    Named,
    /// The title too.
    Titled,
    /// The name of one pool too, and its value.
    Brief,
    /// The place and the path of that too.
    Short,
    /// The fix too.
    Fixed,
    /// A list of pools instead of one, and the link.
    Listed,
    /// The reason too.
    Full,
}

/// The groups in words: as much of each as fits into `room` lines of the screen. No rule shows less than one that is
/// less severe.
pub(super) fn blocks(groups: &[Vec<&Finding>], room: usize, style: Style) -> Blocks {
    // Whoever asks for groups gets them whole.
    let is_whole = style.show.group == Group::Rule;
    let most = if is_whole { usize::MAX } else { MOST };
    let explained: Vec<Explanation> =
        groups.iter().filter_map(|findings| explanation(findings, most, style)).collect();
    let room = room.saturating_sub(height(&hint(true, true, style), style));
    let shown: Vec<(Form, usize)> = match is_whole {
        true => explained.iter().map(|one| (Form::Full, one.rows.len())).collect(),
        false => fitted(&explained, room, style),
    };
    let mut texts = Vec::new();
    let (mut cut, mut short) = (false, false);
    for (at, (one, (form, pools))) in explained.iter().zip(&shown).enumerate() {
        let is_last = shown.get(at + 1).is_none_or(|(next, _)| *next > Form::Titled);
        let gap = if *form > Form::Titled || is_last { "\n" } else { "" };
        let is_cut = if *form < Form::Brief { one.all > 0 } else { *pools < one.all };
        cut |= is_cut;
        short |= *form < Form::Full;
        texts.push((one.severity, format!("{}{gap}", one.text(*form, *pools))));
    }
    Blocks { texts, hint: hint(cut, short, style) }
}

/// The form and the number of pools of each group, so that all fit. Each step is made for the worst group first, and
/// the next step once no more groups have room for this one.
fn fitted(explained: &[Explanation], room: usize, style: Style) -> Vec<(Form, usize)> {
    let lines = |one: &Explanation, form, pools| {
        height(&one.text(form, pools), style) + usize::from(form > Form::Titled)
    };
    let mut shown = vec![(Form::Named, 1); explained.len()];
    // One empty line ends all titles.
    let mut taken = 1 + explained.iter().map(|one| lines(one, Form::Named, 1)).sum::<usize>();
    for form in [Form::Titled, Form::Brief, Form::Short, Form::Fixed, Form::Listed, Form::Full] {
        for (one, before) in explained.iter().zip(&mut shown) {
            let pools = if form < Form::Listed { 1 } else { FEWEST.min(one.rows.len()) };
            let more = taken + lines(one, form, pools) - lines(one, before.0, before.1);
            if more > room {
                break;
            }
            (taken, *before) = (more, (form, pools));
        }
    }
    for pools in FEWEST + 1..=MOST {
        for (one, (form, before)) in explained.iter().zip(&mut shown) {
            let pools = pools.min(one.rows.len());
            let more = taken + lines(one, *form, pools) - lines(one, *form, *before);
            if more > room || *form < Form::Listed {
                return shown;
            }
            (taken, *before) = (more, pools);
        }
    }
    shown
}

fn hint(cut: bool, short: bool, style: Style) -> String {
    let all = cut.then_some("`--report json=FILE` has them all");
    let why =
        short.then_some("`cognito-lint rules show ID` explains a rule, and `--group rule` each of them");
    let said: Vec<&str> = all.into_iter().chain(why).collect();
    match said.is_empty() {
        true => String::new(),
        false => format!("{}\n", signed(" ", Ansi::Dim, &said.join("; "), style)),
    }
}

/// The lines of the screen that a text takes: an address that is longer than a line takes several.
pub(super) fn height(text: &str, style: Style) -> usize {
    let lines = text.lines().map(|line| visible(line).div_ceil(style.width.max(1)).max(1));
    lines.sum()
}

/// The parts that a group in words is put together from.
struct Explanation {
    severity: Severity,
    /// The rule and the number of its pools.
    name: String,
    /// The same, and the title.
    heading: String,
    want: String,
    why: String,
    fix: String,
    link: String,
    /// The name of the first pool, and its value.
    brief: String,
    /// The first pool.
    example: String,
    /// The first pools of a list.
    rows: Vec<String>,
    /// The number of findings.
    all: usize,
}

impl Explanation {
    fn text(&self, form: Form, pools: usize) -> String {
        match form {
            Form::Named => self.name.clone(),
            Form::Titled => self.heading.clone(),
            Form::Brief => [&*self.heading, &self.brief].concat(),
            Form::Short => [&*self.heading, &self.example].concat(),
            Form::Fixed => [&*self.heading, &self.fix, &self.example].concat(),
            Form::Listed => [&*self.heading, &self.want, &self.fix, &self.link, &self.list(pools)].concat(),
            Form::Full => {
                [&*self.heading, &self.want, &self.why, &self.fix, &self.link, &self.list(pools)].concat()
            }
        }
    }

    /// Pools one below the other, and the number of the others.
    fn list(&self, pools: usize) -> String {
        let mut text = self.rows.iter().take(pools).map(String::as_str).collect::<String>();
        let more = self.all.saturating_sub(pools.min(self.rows.len()));
        if more > 0 {
            text.push_str(&format!("    and {more} more\n"));
        }
        text
    }
}

fn explanation(findings: &[&Finding], most: usize, style: Style) -> Option<Explanation> {
    let first = findings.first()?;
    let rule = &first.rule;
    let pools: BTreeSet<&PoolRef> = findings.iter().map(|finding| finding.pool.as_ref()).collect();
    let mut number = count(pools.len(), "pool");
    if pools.len() != findings.len() {
        number = format!("{} in {number}", count(findings.len(), "finding"));
    }
    number.push_str(&new(findings));
    let tag = format!("{}[{}]:", rule.severity.word(), rule.id);
    let said = if rule.titled { &*rule.title } else { &*first.message };
    let alike = rule.titled || findings.iter().all(|finding| finding.message == first.message);
    let said =
        if alike { sanitized(said).into_owned() } else { format!("expected {}", sanitized(&first.expected)) };
    let heading = |words: &str| {
        let lines = wrap(&format!("{tag} {words}"), style.width.saturating_sub(4).max(NARROWEST));
        let lines = lines.join("\n    ");
        format!("{}\n", lines.replacen(&tag, &styled(style, Ansi::of(rule.severity), &tag), 1))
    };
    let line = |name: &str, text: &str| labelled(style, name, drawing::COLUMN, text);
    // A message says itself what is expected.
    let want = rule.titled && findings.iter().all(|finding| finding.expected == first.expected);
    let one_path = findings.iter().all(|finding| finding.path == first.path);
    let want = match (want.then(|| drawing::expected(first)).flatten(), one_path) {
        (Some(expected), true) => line("want:", &format!("{}: {expected}", sanitized(&first.path))),
        (Some(expected), false) => line("want:", &expected),
        (None, _) => String::new(),
    };
    let is_named = one_path && (!want.is_empty() || !rule.titled && first.names_path);
    let why = if rule.why.is_empty() { String::new() } else { line("why:", &sanitized_text(&rule.why)) };
    let more = rule.links.first().map_or_else(String::new, |address| line("more:", &link(style, address)));
    Some(Explanation {
        severity: rule.severity,
        name: heading(&number),
        heading: heading(&format!("{number}: {said}")),
        want,
        why,
        fix: fix(findings, first, &line),
        link: more,
        brief: brief(findings, style),
        example: example(findings, style),
        rows: rows(findings, most, is_named, style),
        all: findings.len(),
    })
}

/// `, 3 new`, where findings were compared with earlier reports.
fn new(findings: &[&Finding]) -> String {
    let compared = findings.iter().any(|finding| finding.standing.change.is_some());
    match findings.iter().filter(|finding| since::is_new(finding)).count() {
        0 if compared => ", none new".to_owned(),
        0 => String::new(),
        new if new == findings.len() && new > 1 => ", all new".to_owned(),
        new => format!(", {new} new"),
    }
}

/// The mark of a new finding.
fn mark(finding: &Finding) -> &'static str {
    if since::is_new(finding) { ", new" } else { "" }
}

fn fix(findings: &[&Finding], first: &Finding, line: &dyn Fn(&str, &str) -> String) -> String {
    // The words of a plan or template are the fix there, where all findings have the same.
    let by_hand = first.rule.fix_of(findings.iter().all(|finding| finding.pool.is_declared()));
    match (fix_of_all(findings), by_hand.is_empty()) {
        (Some(fix), _) => line("set:", &sanitized(fix)),
        (None, false) => line("help:", &sanitized_text(&by_hand)),
        (None, true) => String::new(),
    }
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
    let path = sanitized(&first.path);
    let expected = match drawing::expected(first).filter(|_| first.rule.titled) {
        Some(expected) => format!(", expected {expected}"),
        None => String::new(),
    };
    let found = format!("{title}, {}: {path} {}{expected}{}", place(first), value(first), mark(first));
    first_of(findings, &found, style)
}

/// The same in the fewest words.
fn brief(findings: &[&Finding], style: Style) -> String {
    let Some(first) = findings.first() else { return String::new() };
    let identity = &first.pool.identity;
    let name = identity.name.as_deref().map_or_else(|| identity.title(), str::to_owned);
    first_of(findings, &format!("{}: {}{}", sanitized(&name), value(first), mark(first)), style)
}

fn first_of(findings: &[&Finding], found: &str, style: Style) -> String {
    let more = match findings.len() - 1 {
        0 => String::new(),
        more => format!("; and {more} more"),
    };
    let lines = wrap(&format!("{found}{more}"), style.width.saturating_sub(4).max(NARROWEST));
    format!("  - {}\n", lines.join("\n    "))
}

/// The first pools, each on lines of its own, with its path unless that is named above them.
fn rows(findings: &[&Finding], most: usize, is_named: bool, style: Style) -> Vec<String> {
    let width = style.width.saturating_sub(4).max(NARROWEST);
    let row = |finding: &&Finding| {
        let title = sanitized(&finding.pool.identity.title()).into_owned();
        let path = if is_named { String::new() } else { format!("{} ", sanitized(&finding.path)) };
        let line = format!("{title}, {}: {path}{}{}", place(finding), value(finding), mark(finding));
        format!("  - {}\n", wrap(&line, width).join("\n    "))
    };
    findings.iter().take(most).map(row).collect()
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
