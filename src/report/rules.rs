//! The rules of a policy, as a list and one by one.

mod json;
mod coverage;

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use super::Style;
pub use super::ansi::count;
use super::ansi::{Ansi, indented, labelled, link, styled, wrap};
use super::sanitize::{sanitized, sanitized_text};
use crate::diagnostic::SourceFile;
use crate::rule::{Rule, Severity, builtin};

pub use coverage::{Coverage, coverage};
pub use json::{json, json_list};

/// Titles that have fewer columns beside the id begin on a line of their own.
const LEAST_TITLE: usize = 30;

/// A rule and the packs that it is in.
#[derive(Clone, Debug)]
pub struct Listed<'a> {
    pub rule: &'a Rule,
    /// Packs without controls.
    pub packs: Vec<&'a str>,
    /// Packs for standards.
    pub standards: Vec<&'a str>,
    pub in_run: InRun,
}

/// Whether a run with the same configuration and choice judges a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InRun {
    Judged,
    /// It is chosen, and turned off.
    Off,
    NotChosen,
}

impl<'a> Listed<'a> {
    fn all_packs(&self) -> Vec<&'a str> {
        self.packs.iter().chain(&self.standards).copied().collect()
    }
}

impl InRun {
    fn word(self) -> &'static str {
        match self {
            InRun::Judged => "on",
            InRun::Off => "off",
            InRun::NotChosen => "not chosen",
        }
    }
}

/// Prints one line a rule: id, severity, packs without controls, and title. The title is last and complete, since a column for it would
/// be wider than most terminals.
pub fn list(rules: &[Listed], style: Style, out: &mut dyn Write) -> io::Result<()> {
    let packs: Vec<String> = rules.iter().map(|listed| names(&listed.packs)).collect();
    let id_width = rules.iter().map(|listed| listed.rule.id.len()).max().unwrap_or(0);
    let word_width = rules.iter().map(|listed| severity(listed).len()).max().unwrap_or(0);
    let pack_width = packs.iter().map(String::len).max().unwrap_or(0);
    for (listed, packs) in rules.iter().zip(&packs) {
        let rule = listed.rule;
        let word = severity(listed);
        let id = styled(style, Ansi::Bold, &rule.id);
        let severity = styled(style, Ansi::of(rule.severity), word);
        let column = id_width + word_width + pack_width + 6;
        let title = sanitized(&rule.title);
        if style.rows.is_some() && style.width < column + LEAST_TITLE {
            let packs_fit = rule.id.len() + word.len() + packs.len() + 5 <= style.width;
            let (beside, below) = match packs_fit {
                true => (format!("{severity}; {packs}"), title.into_owned()),
                false => (severity, format!("{packs}\n{title}")),
            };
            writeln!(out, "{id} ({beside})")?;
            for line in wrap(&below, style.width.saturating_sub(4)) {
                writeln!(out, "    {line}")?;
            }
            continue;
        }
        let (id_gap, word_gap) = (" ".repeat(id_width - rule.id.len()), " ".repeat(word_width - word.len()));
        let room = if style.rows.is_some() { style.width - column } else { usize::MAX };
        for (i, line) in wrap(&title, room).iter().enumerate() {
            match i {
                0 => writeln!(out, "{id}{id_gap}  {severity}{word_gap}  {packs:pack_width$}  {line}")?,
                _ => writeln!(out, "{}{line}", " ".repeat(column))?,
            }
        }
    }
    let judged = rules.iter().filter(|listed| listed.in_run == InRun::Judged).count();
    match rules.len() - judged {
        0 => writeln!(out, "\n{}", count(rules.len(), "rule")),
        _ => writeln!(out, "\n{}; a run judges {judged} of them", count(rules.len(), "rule")),
    }
}

/// The severity that findings of a rule have in the run; `off` where it is turned off.
fn severity(listed: &Listed) -> &'static str {
    match listed.in_run {
        InRun::Off => InRun::Off.word(),
        InRun::Judged | InRun::NotChosen => listed.rule.severity.word(),
    }
}

fn names(packs: &[&str]) -> String {
    if packs.is_empty() { "-".to_owned() } else { packs.join(", ") }
}

/// Prints everything about one rule.
pub fn show(listed: &Listed, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let rule = listed.rule;
    let severity = styled(style, Ansi::of(rule.severity), rule.severity.word());
    writeln!(out, "{} ({severity})", styled(style, Ansi::Bold, &rule.id))?;
    writeln!(out, "{}", indented(style, &sanitized(&rule.title), 0, 0))?;
    out.write_all(facts(listed, style).as_bytes())?;
    writeln!(out, "\n{}", styled(style, Ansi::Bold, "The rule"))?;
    out.write_all(toml(&sanitized_text(source(rule)), style).as_bytes())?;
    let predicates = predicates(rule);
    if !predicates.is_empty() {
        writeln!(out, "\n{}", styled(style, Ansi::Bold, "The predicates that it uses"))?;
        out.write_all(toml(&sanitized_text(&predicates.join("\n\n")), style).as_bytes())?;
    }
    writeln!(out, "\n{}", styled(style, Ansi::Bold, "To change it, in cognito-lint.toml"))?;
    out.write_all(toml(&change(rule), style).as_bytes())?;
    writeln!(out, "\n{}", styled(style, Ansi::Bold, "To turn it off"))?;
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
    let (row, _) = rule.line_column();
    fact("why:", sanitized_text(&rule.why));
    fact("help:", sanitized_text(&rule.fix));
    fact("console:", sanitized_text(&rule.console));
    fact("api:", sanitized_text(&rule.api));
    fact("params:", params(rule).join("\n"));
    fact("packs:", listed.all_packs().join(", "));
    fact("controls:", sanitized_text(&controls(rule).join("\n")));
    fact("tags:", sanitized_text(&rule.tags.join(", ")));
    fact("waivers:", if rule.waivable { String::new() } else { "none can cover it".to_owned() });
    let links: Vec<String> = rule.links.iter().map(|address| link(style, address)).collect();
    fact("more:", links.join("\n"));
    fact("from:", format!("{}:{row}", sanitized(rule.source_file.name())));
    block
}

/// The controls that a rule names itself, or those of packs that name it: `aws-fsbp Cognito.3`.
fn controls(rule: &Rule) -> Vec<String> {
    let own = rule.controls.iter().map(|(framework, ids)| format!("{framework} {}", ids.join(", ")));
    let of_packs = rule.is_builtin().then(|| builtin::controls().get(&*rule.id)).flatten();
    let of_packs = of_packs.into_iter().flatten().map(|of| {
        let relation = if of.satisfies { "proves it" } else { "helps" };
        let params = of.params.iter().map(|param| format!(", {param}"));
        format!("{} {} ({relation}{})", of.pack, of.control, params.collect::<String>())
    });
    own.chain(of_packs).collect()
}

/// `minimum = 12`, as TOML has it.
fn params(rule: &Rule) -> Vec<String> {
    let params = rule.params.iter();
    params.map(|(name, value)| sanitized(&format!("{name} = {}", value.to_json())).into_owned()).collect()
}

/// The text of the rule in its file, without its tests.
fn source(rule: &Rule) -> &str {
    let text = rule.source_file.text();
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

/// The texts of the named predicates that a rule uses, those of its file or of the program.
fn predicates(rule: &Rule) -> Vec<String> {
    let mut names = Vec::new();
    for predicate in rule.when.iter().chain([&rule.expect]) {
        predicate.named(&mut |named| {
            if !names.contains(&&*named.name) {
                names.push(&*named.name);
            }
        });
    }
    let builtin = builtin::predicates();
    let texts = || std::iter::once(rule.source_file.text()).chain(builtin.iter().map(SourceFile::text));
    let of = |name: &&str| texts().find_map(|text| predicate(text, name)).map(str::to_owned);
    names.iter().filter_map(of).collect()
}

/// The `[predicate.NAME]` table of a text.
fn predicate<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let header = format!("[predicate.{name}]");
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if line.trim() == header {
            break;
        }
        start += line.len();
    }
    let rest = text[start..].strip_prefix(header.as_str())?;
    let end = rest.find("\n[").unwrap_or(rest.len());
    Some(text[start..start + header.len() + end].trim_end())
}

/// The text of a rule. On a terminal, a line that does not fit would break anywhere: a text that is shown above is not
/// repeated, and other lines break between words. In a pipe, the rule is whole.
fn toml(text: &str, style: Style) -> String {
    let line = |line: &str| {
        let key = ["title", "why", "fix", "console", "api", "links"]
            .into_iter()
            .find(|key| line.strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with('=')));
        let bare = line.trim_start();
        let lead = 2 + line.len() - bare.len();
        match key {
            _ if bare.is_empty() => "\n".to_owned(),
            _ if style.rows.is_none() || lead + bare.width() <= style.width => {
                format!("{}{}\n", " ".repeat(lead), bare.trim_end())
            }
            Some(key) => format!("  {key:<8} = ...  # as above\n"),
            None => indented(style, bare, lead, lead + 4),
        }
    };
    text.lines().map(line).collect()
}

/// The lines of a configuration that change the rule, with its current parameters.
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
