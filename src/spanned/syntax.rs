//! Syntax errors of TOML.

use std::ops::Range;

use crate::diagnostic::{SourceDiagnostic, SourceFile};

/// Converts the parser's errors to mistakes, in the order of the text. An unclosed bracket is reported as itself
/// alone, and of the errors of a line only the first: the others are consequences.
pub(super) fn mistakes(source_file: &SourceFile, errors: &[toml::de::Error]) -> Vec<SourceDiagnostic> {
    let place = |error: &toml::de::Error| error.span().unwrap_or(0..0);
    let mut errors: Vec<_> = errors.iter().map(|error| (place(error), error.message())).collect();
    errors.sort_by_key(|(at, _)| at.start);
    errors.dedup_by_key(|(at, _)| source_file.line_column(at.start).0);
    let text = source_file.text();
    let open = unclosed(text).filter(|open| errors.iter().any(|(at, _)| at.start > *open));
    let before = |at: &Range<usize>| open.is_none_or(|open| at.start < open);
    let mut mistakes: Vec<SourceDiagnostic> = errors
        .iter()
        .filter(|(at, _)| before(at))
        .map(|(at, message)| mistake(source_file, at, message))
        .collect();
    if let Some(open) = open {
        let bracket = &text[open..=open];
        let end = if bracket == "[" { "]" } else { "}" };
        let message = format!("not TOML: this `{bracket}` has no `{end}`");
        let mut mistake = SourceDiagnostic::new(source_file, open..open + 1, message, "never closed");
        if let Some((at, _)) = errors.iter().find(|(at, _)| at.start > open) {
            mistake = mistake.also(at.clone(), "this does not belong inside");
        }
        mistakes.push(mistake.help(format!("put a `{end}` where it ends")));
    }
    mistakes
}

fn mistake(source_file: &SourceFile, at: &Range<usize>, message: &str) -> SourceDiagnostic {
    let (message, label) = match message.split_once(", expected ") {
        Some((message, expected)) => (message, format!("expected {expected}")),
        None => (message, String::new()),
    };
    let text = &source_file.text()[at.clone()];
    let is_word = !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
    let help = match text.to_ascii_lowercase().as_str() {
        _ if message.starts_with("duplicate key") => {
            Some("a table has a key once, and a header once: put them together, or take one out".to_owned())
        }
        _ if message.contains("escape") => {
            Some(r"in single quotes a backslash is a plain character: '^prod\d+$'".to_owned())
        }
        lower @ ("true" | "false") => Some(format!("write it in small letters: {lower}")),
        _ if is_word && label.starts_with("expected") => Some(format!("put text in quotes: \"{text}\"")),
        _ => None,
    };
    SourceDiagnostic::new(source_file, at.clone(), format!("not TOML: {message}"), label).maybe_help(help)
}

/// The position of the outermost bracket that is never closed, if there is one. Headers do not count as brackets.
fn unclosed(text: &str) -> Option<usize> {
    let mut open = Vec::new();
    let mut at = 0;
    let mut starts_line = true;
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        let header = c == '[' && starts_line && open.is_empty();
        let skipped = match c {
            '"' | '\'' => string(rest),
            '#' => line(rest),
            _ if header => line(rest),
            _ => c.len_utf8(),
        };
        match c {
            '[' | '{' if !header => open.push(at),
            ']' | '}' => drop(open.pop()),
            _ => {}
        }
        starts_line = c == '\n' || (starts_line && c.is_whitespace());
        at += skipped;
    }
    open.first().copied()
}

/// The length of the string at the start of the text. A single-line string ends with its line at the latest.
fn string(text: &str) -> usize {
    let quote = &text[..1];
    let long = quote.repeat(3);
    let (from, end) = if text.starts_with(&long) { (3, long.as_str()) } else { (1, quote) };
    let mut at = from;
    while let Some(c) = text[at..].chars().next() {
        if text[at..].starts_with(end) {
            return at + end.len();
        }
        if c == '\n' && from == 1 {
            return at;
        }
        let escaped = text[at + c.len_utf8()..].chars().next().filter(|_| c == '\\' && quote == "\"");
        at += c.len_utf8() + escaped.map_or(0, char::len_utf8);
    }
    at
}

fn line(text: &str) -> usize {
    text.find('\n').unwrap_or(text.len())
}
