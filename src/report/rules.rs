//! The rules of a policy, as a list and one by one.

mod json;

use std::io::{self, Write};

use super::Style;
use super::paint::{Paint, count, labelled, link, paint};
use super::plain::{plain, plain_text};
use crate::rule::{Rule, Severity};

pub use json::{json, json_list};

/// A rule and the packs that it is in.
#[derive(Clone, Debug)]
pub struct Listed<'a> {
    pub rule: &'a Rule,
    pub packs: Vec<&'a str>,
}

/// A title shorter than this says nothing any more.
const NARROWEST_TITLE: usize = 24;

/// Prints one line a rule: id, severity, title, packs.
pub fn list(rules: &[Listed], style: Style, out: &mut dyn Write) -> io::Result<()> {
    let titles: Vec<_> = rules.iter().map(|listed| plain(&listed.rule.title)).collect();
    let packs: Vec<String> = rules.iter().map(|listed| listed.packs.join(", ")).collect();
    let widest = |lengths: &mut dyn Iterator<Item = usize>| lengths.max().unwrap_or(0);
    let id = widest(&mut rules.iter().map(|listed| listed.rule.id.len()));
    let severity = widest(&mut rules.iter().map(|listed| listed.rule.severity.word().len()));
    let pack = widest(&mut packs.iter().map(String::len));
    let room = style.width.saturating_sub(id + severity + pack + 6).max(NARROWEST_TITLE);
    let title = widest(&mut titles.iter().map(|title| title.chars().count())).min(room);
    for ((listed, full), packs) in rules.iter().zip(&titles).zip(&packs) {
        let rule = listed.rule;
        let word = rule.severity.word();
        let gap = " ".repeat(severity - word.len());
        let line = format!(
            "{}{}  {}{gap}  {:title$}  {packs}",
            paint(style, Paint::Bold, &rule.id),
            " ".repeat(id - rule.id.len()),
            paint(style, Paint::of(rule.severity), word),
            cut(full, title, style),
        );
        writeln!(out, "{}", line.trim_end())?;
    }
    writeln!(out, "\n{}", count(rules.len(), "rule"))
}

fn cut(text: &str, most: usize, style: Style) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let gap = if style.unicode { "…" } else { "..." };
    let start: String = text.chars().take(most - gap.chars().count()).collect();
    format!("{}{gap}", start.trim_end())
}

/// Prints everything about one rule.
pub fn show(listed: &Listed, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let rule = listed.rule;
    let severity = paint(style, Paint::of(rule.severity), rule.severity.word());
    writeln!(out, "{} ({severity})", paint(style, Paint::Bold, &rule.id))?;
    writeln!(out, "{}\n", plain(&rule.title))?;
    out.write_all(facts(listed, style).as_bytes())?;
    writeln!(out, "\n{}", paint(style, Paint::Bold, "The rule"))?;
    for line in plain_text(source(rule)).lines() {
        writeln!(out, "{}", format!("  {line}").trim_end())?;
    }
    writeln!(out, "\n{}", paint(style, Paint::Bold, "To change it, in cognito-lint.toml"))?;
    for line in change(rule).lines() {
        writeln!(out, "  {line}")?;
    }
    writeln!(out, "\n{}", paint(style, Paint::Bold, "To turn it off"))?;
    writeln!(out, "  off = [\"{}\"]", rule.id)
}

fn facts(listed: &Listed, style: Style) -> String {
    let rule = listed.rule;
    let mut block = String::new();
    let mut fact = |name: &str, text: String| {
        if !text.is_empty() {
            block.push_str(&labelled(style, name, 13, &text));
        }
    };
    let controls = rule.controls.iter().map(|(framework, ids)| format!("{framework} {}", ids.join(", ")));
    let (row, _) = rule.line_column();
    fact("why:", plain_text(&rule.why));
    fact("help:", plain_text(&rule.fix));
    fact("params:", params(rule).join("\n"));
    fact("packs:", listed.packs.join(", "));
    fact("controls:", plain_text(&controls.collect::<Vec<_>>().join("\n")));
    fact("tags:", plain_text(&rule.tags.join(", ")));
    let links: Vec<String> = rule.links.iter().map(|address| link(style, address)).collect();
    fact("more:", links.join("\n"));
    fact("from:", format!("{}:{row}", plain(rule.script.name())));
    block
}

/// `minimum = 12`, as TOML has it.
fn params(rule: &Rule) -> Vec<String> {
    let params = rule.params.iter();
    params.map(|(name, value)| plain(&format!("{name} = {}", value.to_json())).into_owned()).collect()
}

/// The text of the rule in its file, without its tests.
fn source(rule: &Rule) -> &str {
    let text = rule.script.text();
    let header = |line: &str| -> Option<bool> {
        let bare: String = line.chars().take_while(|c| *c != '#').filter(|c| !c.is_whitespace()).collect();
        match bare.as_str() {
            "[[rule]]" => Some(true),
            "[[rule.test]]" => Some(false),
            _ => None,
        }
    };
    let mut start = 0;
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        match header(line) {
            Some(_) if rule.at.start < offset => return text[start..offset].trim_end(),
            Some(true) => start = offset,
            Some(false) | None => {}
        }
        offset += line.len();
    }
    text[start..].trim_end()
}

/// What a configuration says to change the rule, with its parameters as they are.
fn change(rule: &Rule) -> String {
    let severity = match rule.severity {
        Severity::Medium => Severity::High,
        _ => Severity::Medium,
    };
    let mut change = format!("[rule.{}]\nseverity = \"{}\"", rule.id, severity.word());
    if !rule.params.is_empty() {
        change.push_str(&format!("\nparams = {{ {} }}", params(rule).join(", ")));
    }
    change
}
