//! Text that somebody else wrote, made safe to print.
//!
//! Pool names, tags, message templates and error messages come from an account that may not be ours. On a
//! terminal their control characters could move the cursor, hide a finding or swap the order of what is read,
//! so every text format shows them as escapes.

use std::borrow::Cow;
use std::fmt::Write;
use std::ops::Range;

use crate::file_name;

pub(super) use crate::value::{is_old_command, is_printable_ascii, is_unsafe_on_terminal};

/// The text on one line, with everything that acts on a terminal or on the log of a CI job written out: `\n`,
/// `\u{1b}`, and `\u{3a}:error::`, which a GitHub job would take for a command.
pub fn sanitized(text: &str) -> Cow<'_, str> {
    let is_plain = is_printable_ascii(text) || !text.chars().any(is_unsafe_on_terminal);
    if is_plain && !text.contains("::") && !text.contains("##") {
        return Cow::Borrowed(text);
    }
    Cow::Owned(without_commands(text, |safe, c, _| push(safe, c)))
}

/// The text as `push` writes its characters; the rest of the text begins with the character.
fn without_commands(text: &str, push: impl Fn(&mut String, char, &str)) -> String {
    let mut safe = String::with_capacity(text.len() + 8);
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        match is_old_command(&text[at..]) || before.is_whitespace() && is_command(&text[at..]) {
            true => push_code(&mut safe, c),
            false => push(&mut safe, c, &text[at..]),
        }
        before = c;
    }
    safe
}

/// Whether a character acts on a terminal inside of a line.
pub(super) fn acts_on_terminal(c: char) -> bool {
    is_unsafe_on_terminal(c) && c != '\t'
}

/// Whether a text begins as a command of a GitHub job (`::error`), which counts wherever wrapping brings it to the start
/// of a line.
pub(super) fn is_command(text: &str) -> bool {
    text.strip_prefix("::").is_some_and(|name| name.starts_with(|c: char| c.is_ascii_alphabetic()))
}

/// A text of a user's file on its own lines, and places in it, which are moved along.
pub fn sanitized_file(text: &str, places: &mut [&mut usize]) -> String {
    let is_unfit = |c: char| acts_on_terminal(c) && c != '\n';
    if !text.contains("##") && (is_printable_ascii(text) || !text.contains(is_unfit)) {
        return text.to_owned();
    }
    let mut safe = String::with_capacity(text.len());
    let meant: Vec<usize> = places.iter().map(|place| **place).collect();
    for (at, c) in text.char_indices() {
        for (place, meant) in places.iter_mut().zip(&meant) {
            if at <= *meant {
                **place = safe.len();
            }
        }
        match is_old_command(&text[at..]) {
            true => push_code(&mut safe, c),
            false => push_of_lines(&mut safe, c, &text[at..]),
        }
    }
    for (place, meant) in places.iter_mut().zip(&meant) {
        if text.len() <= *meant {
            **place = safe.len();
        }
    }
    safe
}

/// The same for a few lines of a file: line ends and tabs stay, and the range still covers the same text.
pub(super) fn sanitized_lines(text: &str, range: &Range<usize>) -> (String, Range<usize>) {
    let mut moved = range.clone();
    let safe = sanitized_file(text, &mut [&mut moved.start, &mut moved.end]);
    (safe, moved)
}

/// The same for a text of one or more paragraphs.
pub(super) fn sanitized_text(text: &str) -> String {
    without_commands(text, push_of_lines)
}

/// At most `most` characters of a text; the middle is left out, because both ends of a name tell it from others.
pub(super) fn shortened(text: &str, most: usize) -> String {
    if text.len() <= most {
        return text.to_owned();
    }
    let count = text.chars().count();
    if count <= most {
        return text.to_owned();
    }
    let tail = most / 3;
    let head = most.saturating_sub(tail + 3);
    let start: String = text.chars().take(head).collect();
    let end: String = text.chars().skip(count - tail).collect();
    format!("{start}...{end}")
}

fn push_of_lines(safe: &mut String, c: char, rest: &str) {
    match c {
        '\r' if rest.starts_with("\r\n") => {}
        '\n' | '\t' => safe.push(c),
        _ => push(safe, c),
    }
}

pub(super) fn push_code(safe: &mut String, c: char) {
    // Writing to a string cannot fail.
    _ = match file_name::byte(c) {
        Some(byte) => write!(safe, "\\x{byte:02x}"),
        None => write!(safe, "\\u{{{:x}}}", u32::from(c)),
    };
}

fn push(safe: &mut String, c: char) {
    match c {
        '\n' => safe.push_str("\\n"),
        '\r' => safe.push_str("\\r"),
        '\t' => safe.push_str("\\t"),
        c if is_unsafe_on_terminal(c) => push_code(safe, c),
        c => safe.push(c),
    }
}
