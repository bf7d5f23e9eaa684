//! Text that somebody else wrote, made safe to print.
//!
//! Pool names, tags, message templates and error messages come from an account that may not be ours. On a
//! terminal their control characters could move the cursor, hide a finding or swap the order of what is read,
//! so every text format shows them as escapes.

use std::borrow::Cow;
use std::fmt::Write;
use std::ops::Range;

pub(super) use crate::value::{is_printable_ascii, is_unsafe_on_terminal};

/// The text on one line, with everything that acts on a terminal written out: `\n`, `\u{1b}`.
pub fn sanitized(text: &str) -> Cow<'_, str> {
    if is_printable_ascii(text) || !text.chars().any(is_unsafe_on_terminal) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        push(&mut safe, c);
    }
    Cow::Owned(safe)
}

/// The same for a few lines of a file: line ends and tabs stay, and the range still covers the same text.
pub(super) fn sanitized_lines(text: &str, range: &Range<usize>) -> (String, Range<usize>) {
    let mut safe = String::with_capacity(text.len());
    let mut moved = 0..0;
    for (at, c) in text.char_indices() {
        if at <= range.start {
            moved.start = safe.len();
        }
        if at <= range.end {
            moved.end = safe.len();
        }
        match c {
            '\r' if text[at..].starts_with("\r\n") => {}
            '\n' | '\t' => safe.push(c),
            _ => push(&mut safe, c),
        }
    }
    if text.len() <= range.start {
        moved.start = safe.len();
    }
    if text.len() <= range.end {
        moved.end = safe.len();
    }
    (safe, moved)
}

/// The same for a text of one or more paragraphs.
pub(super) fn sanitized_text(text: &str) -> String {
    sanitized_lines(text, &(0..0)).0
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

fn push(safe: &mut String, c: char) {
    match c {
        '\n' => safe.push_str("\\n"),
        '\r' => safe.push_str("\\r"),
        '\t' => safe.push_str("\\t"),
        // Writing to a string cannot fail.
        c if is_unsafe_on_terminal(c) => _ = write!(safe, "\\u{{{:x}}}", u32::from(c)),
        c => safe.push(c),
    }
}
