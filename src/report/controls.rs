//! The controls of packs: for a person as a table, and as JSON.

use std::io::{self, Write};
use std::sync::Arc;

use super::Style;
use super::ansi::{Ansi, NARROWEST, count, indented, labelled, link, styled};
use super::json::v1::StandardShape;
use super::sanitize::{sanitized, sanitized_text};
use crate::rule::{Control, Rule, Standard};

/// Prints one line for each pack.
pub fn list(standards: &[Standard], style: Style, out: &mut dyn Write) -> io::Result<()> {
    let width = standards.iter().map(|standard| standard.pack.len()).max().unwrap_or(0);
    let numbers = |standard: &Standard| {
        let proven = standard.controls.iter().filter(|control| control.uncovered.is_none()).count();
        format!("{}, {proven} proven by rules", count(standard.controls.len(), "control"))
    };
    let widest = standards.iter().map(|standard| numbers(standard).len()).max().unwrap_or(0);
    for standard in standards {
        let name = styled(style, Ansi::Bold, &standard.pack);
        let gap = " ".repeat(width - standard.pack.len());
        let (numbers, title) = (numbers(standard), sanitized(&standard.title));
        if style.rows.is_some() && style.width < width + widest + 4 + NARROWEST {
            write!(out, "{name}\n{}", indented(style, &format!("{title}: {numbers}"), 2, 2))?;
            continue;
        }
        let column = width + widest + 4;
        let title = indented(style, &title, column, column);
        write!(out, "{name}{gap}  {numbers:widest$}  {}", title.trim_start())?;
    }
    write!(out, "\n{}", indented(style, "`cognito-lint controls PACK` shows the controls of one", 0, 0))
}

/// Prints every control of a pack, with what proves it.
pub fn show(standard: &Standard, style: Style, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{} ({})", styled(style, Ansi::Bold, &sanitized(&standard.title)), standard.pack)?;
    let shared = shared_source(standard);
    if let Some(source) = &shared {
        writeln!(out, "{}", link(style, source))?;
    }
    for control in &standard.controls {
        writeln!(out, "\n{}", heading(control, style))?;
        let mut fact = |name: &str, text: &str| match text.is_empty() {
            true => Ok(()),
            false => out.write_all(labelled(style, name, 15, &sanitized_text(text)).as_bytes()),
        };
        fact("asks:", &control.meaning)?;
        fact("proven by:", &rules(&control.satisfied_by))?;
        fact("helped by:", &rules(&control.supported_by))?;
        if let Some((why, sentence)) = &control.uncovered {
            fact("not covered:", &format!("{}. {sentence}", capital(why.clause())))?;
        }
        let verified = if control.verified { "" } else { " (not verified)" };
        let source = if shared.is_some() { String::new() } else { link(style, &control.source) };
        fact("source:", format!("{source}{verified}").trim_start())?;
    }
    Ok(())
}

/// The source of every control, where they have the same.
fn shared_source(standard: &Standard) -> Option<&str> {
    let (first, others) = standard.controls.split_first()?;
    let same = others.iter().all(|control| control.source == first.source);
    (same && !others.is_empty()).then_some(&*first.source)
}

fn heading(control: &Control, style: Style) -> String {
    let id = styled(style, Ansi::Bold, &sanitized(&control.id));
    if control.level.is_empty() { id } else { format!("{id} ({})", sanitized(&control.level)) }
}

pub(super) fn capital(clause: &str) -> String {
    let mut chars = clause.chars();
    chars.next().map_or(String::new(), |first| format!("{}{}", first.to_uppercase(), chars.as_str()))
}

/// `password-too-short (minimum = 8), mfa-off`.
pub(super) fn rules(rules: &[Arc<Rule>]) -> String {
    let one = |rule: &Arc<Rule>| {
        let params = rule.params_in_words().join(", ");
        if params.is_empty() { rule.id.to_string() } else { format!("{} ({params})", rule.id) }
    };
    rules.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// Writes the controls of several packs as a JSON array.
pub fn json_list(standards: &[Standard], out: &mut dyn Write) -> io::Result<()> {
    let shapes: Vec<StandardShape<'_>> = standards.iter().map(StandardShape::from).collect();
    serde_json::to_writer_pretty(&mut *out, &shapes)?;
    writeln!(out)
}

/// Writes the controls of a pack as a JSON object.
pub fn json(standard: &Standard, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &StandardShape::from(standard))?;
    writeln!(out)
}
