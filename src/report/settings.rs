//! The settings of a run: each with its value and origin, and the rules with their parameters.

use std::io::{self, Write};

use super::Style;
use super::ansi::{Ansi, NARROWEST, count, indented, labelled, styled, wrap};
use super::sanitize::sanitized;
use crate::rule::{Policy, Rule};

/// A setting, its value and its origin.
#[derive(Clone, Debug)]
pub struct Setting {
    name: &'static str,
    value: String,
    origin: Origin,
}

/// Where a setting comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    CommandLine,
    Configuration,
    /// A list to which both add.
    Both,
    /// A variable of the environment, or the terminal.
    By(&'static str),
    Default,
}

impl Origin {
    fn word(self) -> &'static str {
        match self {
            Origin::CommandLine => "command line",
            Origin::Configuration => "configuration",
            Origin::Both => "command line and configuration",
            Origin::By(name) => name,
            Origin::Default => "default",
        }
    }
}

impl Setting {
    /// Its name, as options and keys have it.
    pub fn name(&self) -> &'static str {
        self.name
    }

    pub fn new(name: &'static str, value: String, origin: Origin) -> Setting {
        Setting { name, value, origin }
    }
}

/// The column of the values.
const COLUMN: usize = 23;

/// Prints the settings, then the rules that a run judges, the worst first.
pub fn settings(all: &[Setting], policy: &Policy, style: Style, out: &mut dyn Write) -> io::Result<()> {
    for setting in all {
        let value = sanitized(&setting.value);
        let said = format!("{value} ({})", setting.origin.word());
        let name = format!("{}:", setting.name);
        // There is no room for two columns.
        if style.rows.is_some() && style.width < COLUMN + NARROWEST {
            let name = styled(style, Ansi::Cyan, &name);
            write!(out, "  {name}\n{}", indented(style, &said, 4, 4))?;
            continue;
        }
        out.write_all(labelled(style, &name, COLUMN, &said).as_bytes())?;
    }
    let heading = format!("{}:", count(policy.rules.len(), "rule"));
    writeln!(out, "\n{}", styled(style, Ansi::Bold, &heading))?;
    let mut rules: Vec<&Rule> = policy.rules.iter().map(AsRef::as_ref).collect();
    rules.sort_by(|a, b| b.severity.cmp(&a.severity).then_with(|| a.id.cmp(&b.id)));
    for rule in rules {
        let severity = styled(style, Ansi::of(rule.severity), rule.severity.word());
        let gap = " ".repeat(8 - rule.severity.word().len());
        let said = format!("{}{}", rule.id, parameters(rule));
        for (i, line) in
            wrap(&sanitized(&said), style.width.saturating_sub(12).max(NARROWEST)).iter().enumerate()
        {
            match i {
                0 => writeln!(out, "  {severity}{gap}  {line}")?,
                _ => writeln!(out, "              {line}")?,
            }
        }
    }
    if !policy.off.is_empty() {
        let off: Vec<&str> = policy.off.iter().map(AsRef::as_ref).collect();
        writeln!(out)?;
        out.write_all(labelled(style, "turned off:", COLUMN, &sanitized(&off.join(", "))).as_bytes())?;
    }
    for scope in &policy.scopes {
        let changes = scope.changes.iter().filter_map(|(rule, changed)| {
            let rule = policy.rules.get(*rule)?;
            Some(match changed {
                None => format!("{} off", rule.id),
                Some(changed) => format!("{} {}{}", rule.id, changed.severity.word(), parameters(changed)),
            })
        });
        let mut changes: Vec<String> = changes.collect();
        if changes.is_empty() {
            changes.push("no chosen rule differs".to_owned());
        }
        let name = format!("scope {}:", sanitized(&scope.name));
        writeln!(out, "\n{}", styled(style, Ansi::Bold, &name))?;
        for line in changes.iter().flat_map(|change| wrap(&sanitized(change), style.width)) {
            writeln!(out, "  {line}")?;
        }
    }
    Ok(())
}

/// ` (minimum = 12)`.
fn parameters(rule: &Rule) -> String {
    let params = rule.params_in_words();
    if params.is_empty() { String::new() } else { format!(" ({})", params.join(", ")) }
}
