//! Findings of one rule in many places: the explanation once, the pools below it.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::drawing;
use super::undecided::signed;
use crate::finding::{Finding, PoolRef};
use crate::pool::Source;
use crate::report::ansi::{Ansi, NARROWEST, count, labelled, link, styled, visible, wrap};
use crate::report::sanitize::{sanitized, sanitized_text, shortened};
use crate::report::{Group, Style, since};
use crate::rule::Severity;

/// From this number of findings on, a rule is shown once with its pools.
const MANY: usize = 10;

/// Fewest pools that are a list.
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

/// How much a group explains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// The reason, the fix and the link.
    Full,
    /// The reason.
    Brief,
    /// The title and one pool.
    Short,
    /// The title, and no more.
    Bare,
}

/// The groups in words: as many pools of each as fit into `room` lines of the screen.
pub(super) fn blocks(groups: &[Vec<&Finding>], room: usize, style: Style) -> Blocks {
    let explained: Vec<Explanation> = groups.iter().map(|findings| explanation(findings, style)).collect();
    // Whoever asks for groups gets them whole.
    let may_shorten = style.show.group == Group::Auto;
    let room = room.saturating_sub(height(&hint(true, may_shorten, style), style));
    let forms = if may_shorten { forms(&explained, room, style) } else { vec![Form::Full; groups.len()] };
    let taken: usize = explained.iter().zip(&forms).map(|(one, form)| one.lines(*form, style)).sum();
    let mut left = room.saturating_sub(taken);
    let mut cut = false;
    let mut texts = Vec::new();
    for (at, findings) in groups.iter().enumerate() {
        let (Some(one), Some(form), Some(first)) = (explained.get(at), forms.get(at), findings.first())
        else {
            continue;
        };
        let share = left / (groups.len() - at);
        let list = match form {
            // Whoever asks for groups gets pools of each.
            Form::Full if style.show.group == Group::Rule => list(findings, &one.want, usize::MAX, style),
            Form::Full => list(findings, &one.want, share + height(&one.example, style), style),
            Form::Brief | Form::Short | Form::Bare => None,
        };
        let alone = usize::from(*form != Form::Bare);
        let shown = list.as_ref().map_or(alone, |list| list.shown);
        let body = match &list {
            Some(List { text, .. }) => [&*one.want, &one.parts(*form), text].concat(),
            // Many rules have one pool each, with what is expected beside its value.
            None => [&*one.parts(*form), one.example(*form)].concat(),
        };
        let is_last = forms.get(at + 1).is_none_or(|next| *next != Form::Bare);
        let gap = if *form == Form::Bare && !is_last { "" } else { "\n" };
        let text = format!("{}{body}{gap}", one.heading);
        left = left.saturating_sub(height(&text, style).saturating_sub(one.lines(*form, style)));
        cut |= shown < findings.len();
        texts.push((first.rule.severity, text));
    }
    Blocks { texts, hint: hint(cut, forms.iter().any(|form| *form != Form::Full), style) }
}

/// The last rules are explained in short where the explanations alone do not fit.
fn forms(explained: &[Explanation], room: usize, style: Style) -> Vec<Form> {
    let mut forms = vec![Form::Full; explained.len()];
    let mut taken: usize = explained.iter().map(|one| one.lines(Form::Full, style)).sum();
    for shorter in [Form::Brief, Form::Short, Form::Bare] {
        // One empty line ends all titles.
        let room = if shorter == Form::Bare { room.saturating_sub(1) } else { room };
        for (form, one) in forms.iter_mut().zip(explained).rev() {
            if taken > room {
                taken = taken + one.lines(shorter, style) - one.lines(*form, style);
                *form = shorter;
            }
        }
    }
    forms
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

/// The explanation that holds for every finding of the group, in parts.
#[derive(Default)]
struct Explanation {
    heading: String,
    want: String,
    why: String,
    fix: String,
    /// The first pool.
    example: String,
}

impl Explanation {
    fn parts(&self, form: Form) -> String {
        match form {
            Form::Full => [&*self.why, &self.fix].concat(),
            Form::Brief => self.why.clone(),
            Form::Short | Form::Bare => String::new(),
        }
    }

    /// The first pool, if the form has one.
    fn example(&self, form: Form) -> &str {
        if form == Form::Bare { "" } else { &self.example }
    }

    /// The lines of the screen that the group takes with one pool, and with an empty line below it.
    fn lines(&self, form: Form, style: Style) -> usize {
        let gap = usize::from(form != Form::Bare);
        height(&[&*self.heading, &self.parts(form), self.example(form)].concat(), style) + gap
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
    number.push_str(&new(findings));
    let tag = format!("{}[{}]:", rule.severity.word(), rule.id);
    let said = if rule.titled { &*rule.title } else { &*first.message };
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
    let one_path = findings.iter().all(|finding| finding.path == first.path);
    let want = match (want.then(|| drawing::expected(first)).flatten(), one_path) {
        (Some(expected), true) => line("want:", &format!("{}: {expected}", sanitized(&first.path))),
        (Some(expected), false) => line("want:", &expected),
        (None, _) => String::new(),
    };
    let why = if rule.why.is_empty() { String::new() } else { line("why:", &sanitized_text(&rule.why)) };
    Explanation {
        heading,
        want,
        why,
        fix: fix(findings, first, &line, style),
        example: example(findings, style),
    }
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

/// The fix and the link.
fn fix(findings: &[&Finding], first: &Finding, line: &dyn Fn(&str, &str) -> String, style: Style) -> String {
    let rule = &first.rule;
    let mut block = String::new();
    // The words of a plan or template are the fix there, where all findings have the same.
    let by_hand = rule.fix_of(findings.iter().all(|finding| finding.pool.is_declared()));
    match (fix_of_all(findings), by_hand.is_empty()) {
        (Some(fix), _) => block.push_str(&line("set:", &sanitized(fix))),
        (None, false) => block.push_str(&line("help:", &sanitized_text(&by_hand))),
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
    let path = sanitized(&first.path);
    let expected = match drawing::expected(first).filter(|_| first.rule.titled) {
        Some(expected) => format!(", expected {expected}"),
        None => String::new(),
    };
    let more = match findings.len() - 1 {
        0 => String::new(),
        more => format!("; and {more} more"),
    };
    let line = format!("{title}, {}: {path} {}{expected}{}{more}", place(first), value(first), mark(first));
    let lines = wrap(&line, style.width.saturating_sub(4).max(NARROWEST));
    format!("  - {}\n", lines.join("\n    "))
}

/// Pools of a group, one below the other.
struct List {
    text: String,
    /// How many pools are in it; below them is the number of the others.
    shown: usize,
}

/// As many pools as fit into the lines below what is expected of them; none where one would be alone.
fn list(findings: &[&Finding], want: &str, room: usize, style: Style) -> Option<List> {
    let path = findings.first().map_or("", |finding| &*finding.path);
    let one_path = findings.iter().all(|finding| &*finding.path == path);
    let width = style.width.saturating_sub(4).max(NARROWEST);
    let mut room = room.saturating_sub(height(want, style));
    let mut rows: Vec<String> = Vec::new();
    for finding in findings.iter().take(MOST + 1) {
        let title = sanitized(&finding.pool.identity.title()).into_owned();
        let path = if one_path { String::new() } else { format!("{} ", sanitized(&finding.path)) };
        let line = format!("{title}, {}: {path}{}{}", place(finding), value(finding), mark(finding));
        let row = format!("  - {}\n", wrap(&line, width).join("\n    "));
        let lines = height(&row, style);
        if lines > room {
            break;
        }
        room -= lines;
        rows.push(row);
    }
    // The number of the others takes a line, which the last pool may have instead.
    if rows.len() < findings.len() && (room == 0 || rows.len() > MOST) {
        rows.pop();
    }
    let shown = rows.len();
    if shown < FEWEST.min(findings.len()) {
        return None;
    }
    let mut text = rows.concat();
    if shown < findings.len() {
        text.push_str(&format!("    and {} more\n", findings.len() - shown));
    }
    Some(List { text, shown })
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
