//! The output of `fix`: each change with the value before and after, and the rules that require it; then the rest.

mod unified;
mod in_file;

use std::collections::BTreeSet;
use std::io::{self, Write};

pub use in_file::{diffs, write as write_in_file};

use super::Style;
use super::ansi::{Ansi, indented, labelled, styled, titled};
use super::sanitize::{sanitized, sanitized_text, shortened};
use crate::fix::{Edit, Fix, Input, Left};
use crate::pool::Identity;
use crate::value::Value;

/// Where the text after `before:`, `after:` and the like starts.
const COLUMN: usize = 11;
/// Values longer than this are shortened; the inputs have them whole.
const LONGEST_VALUE: usize = 100;

/// Writes the changes, the rules that are left, and the answer as the last line.
pub fn write(pool: &Identity, fix: &Fix, style: Style, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(titled(style, &sanitized(&pool.title())).as_bytes())?;
    for change in &fix.changes {
        write_change(change, style, out)?;
    }
    for note in &fix.notes {
        writeln!(out, "{}", indented(style, &format!("note: {}", sanitized_text(note)), 2, 8))?;
    }
    for of_rule in fix.left.chunk_by(|one, other| one.rule.id == other.rule.id) {
        write_left(of_rule, false, style, out)?;
    }
    out.write_all(indented(style, &answer(fix), 0, 0).as_bytes())
}

/// An input as `--cli-input-json` takes it, with a line break at its end.
pub fn json(input: &Input, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &Value::Map(input.members.clone()).to_json())?;
    writeln!(out)
}

fn write_change(change: &Edit, style: Style, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "  {}", sanitized(&change.path))?;
    let shown = |value: Option<&Value>| {
        value.map_or("absent".to_owned(), |value| match value.to_json().to_string() {
            text if matches!(value, Value::List(_) | Value::Map(_)) => {
                shortened(&sanitized(&text), LONGEST_VALUE)
            }
            _ => shortened(&sanitized(&value.to_string()), LONGEST_VALUE),
        })
    };
    let before = shown(change.before.as_ref());
    let before = if change.default { format!("{before} (default)") } else { before };
    let line = |name: &str, text: &str| labelled(style, name, COLUMN, text);
    out.write_all(line("before:", &before).as_bytes())?;
    out.write_all(line("after:", &shown(change.after.as_ref())).as_bytes())?;
    let rules: Vec<&str> = change.rules.iter().map(AsRef::as_ref).collect();
    if !rules.is_empty() {
        out.write_all(line("for:", &rules.join(", ")).as_bytes())?;
    }
    writeln!(out)
}

/// Writes why a rule is left, once with what to do by hand.
fn write_left(of_rule: &[Left], is_declared: bool, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let Some((Left { rule, obstacle, .. }, others)) = of_rule.split_first() else { return Ok(()) };
    let tag = format!("{}[{}]", rule.severity.word(), rule.id);
    let lines = indented(style, &format!("{tag} is not fixed: {}", sanitized_text(&obstacle.message)), 2, 4);
    let lines = lines.replacen(&tag, &styled(style, Ansi::of(rule.severity), &tag), 1);
    out.write_all(lines.as_bytes())?;
    out.write_all(labelled(style, "help:", COLUMN, &sanitized_text(&obstacle.help)).as_bytes())?;
    for Left { obstacle, .. } in others {
        out.write_all(labelled(style, "also:", COLUMN, &sanitized_text(&obstacle.message)).as_bytes())?;
        out.write_all(labelled(style, "help:", COLUMN, &sanitized_text(&obstacle.help)).as_bytes())?;
    }
    let by_hand = rule.fix_of(is_declared);
    if !by_hand.is_empty() {
        out.write_all(labelled(style, "by hand:", COLUMN, &sanitized_text(&by_hand)).as_bytes())?;
    }
    writeln!(out)
}

/// The result, in a sentence.
fn answer(fix: &Fix) -> String {
    let count = |n: usize, noun: &str| format!("{n} {noun}{}", if n == 1 { "" } else { "s" });
    let left = match fix.left.len() {
        0 => String::new(),
        _ => {
            let rules: BTreeSet<&str> = fix.left.iter().map(|left| &*left.rule.id).collect();
            format!("; {} left to do by hand", count(rules.len(), "rule"))
        }
    };
    match fix.changes.len() {
        0 if fix.left.is_empty() => "nothing to change: no rule fails".to_owned(),
        0 => format!("nothing was written{left}"),
        n => {
            let mut operations: Vec<&str> =
                fix.inputs.iter().map(|input| input.operation.command()).collect();
            operations.dedup();
            format!("{} by {}{left}; nothing was changed yet", count(n, "change"), operations.join(", then "))
        }
    }
}
