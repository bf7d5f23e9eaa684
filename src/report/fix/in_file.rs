//! The output of `fix` for a file: the changes by what they are in, what is left, and the answer.

use std::io::{self, Write};

use super::{unified, write_change, write_left};
use crate::fix::InFile;
use crate::report::Style;
use crate::report::ansi::{indented, titled};
use crate::report::sanitize::{sanitized, sanitized_text};

/// Writes the changes, the rules that are left, and the answer as the last line. `written`: the files have them.
pub fn write(fix: &InFile, written: bool, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let mut subjects: Vec<&str> = Vec::new();
    let changed = fix.changes.iter().map(|made| made.subject.as_str());
    for subject in changed.chain(fix.left.iter().map(|left| left.subject.as_str())) {
        if !subjects.contains(&subject) {
            subjects.push(subject);
        }
    }
    for subject in subjects {
        out.write_all(titled(style, &sanitized(subject)).as_bytes())?;
        for made in fix.changes.iter().filter(|made| made.subject == subject) {
            write_change(&made.edit, style, out)?;
        }
        for left in fix.left.iter().filter(|left| left.subject == subject) {
            write_left(std::slice::from_ref(&left.left), true, style, out)?;
        }
    }
    out.write_all(indented(style, &sanitized_text(&answer(fix, written)), 0, 0).as_bytes())
}

/// The diffs of all files.
pub fn diffs(fix: &InFile) -> String {
    fix.files.iter().map(|(name, (before, after))| unified::diff(name, before, after)).collect()
}

/// The result, in a sentence.
fn answer(fix: &InFile, written: bool) -> String {
    let count = |n: usize, noun: &str| format!("{n} {noun}{}", if n == 1 { "" } else { "s" });
    let left = match fix.left.len() {
        0 => String::new(),
        n => format!("; {} left to do by hand", count(n, "verdict")),
    };
    let files: Vec<&str> = fix.files.keys().map(String::as_str).collect();
    match (files.is_empty(), written) {
        (true, _) if fix.left.is_empty() => "nothing to change: no rule fails".to_owned(),
        (true, _) => format!("nothing was changed{left}"),
        (false, true) => {
            format!("{} written to {}{left}", count(fix.changes.len(), "change"), files.join(", "))
        }
        (false, false) => format!(
            "{} in {}{left}; nothing was written: `--write` writes",
            count(fix.changes.len(), "change"),
            files.join(", ")
        ),
    }
}
