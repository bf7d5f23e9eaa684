//! Colour, hyperlinks and line breaks for text that a person reads.

use unicode_width::UnicodeWidthStr;

use super::Style;
use super::sanitize::sanitized;
use crate::rule::Severity;

/// The style of a piece of text on a terminal with colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ansi {
    Bold,
    Dim,
    Red,
    Yellow,
    Green,
    Cyan,
}

impl Ansi {
    /// The colour of a severity, the same wherever it is named.
    pub(super) fn of(severity: Severity) -> Ansi {
        match severity {
            Severity::Critical | Severity::High => Ansi::Red,
            Severity::Medium => Ansi::Yellow,
            Severity::Low | Severity::Info => Ansi::Cyan,
        }
    }

    fn code(self) -> &'static str {
        match self {
            Ansi::Bold => "1",
            Ansi::Dim => "2",
            Ansi::Red => "1;31",
            Ansi::Yellow => "1;33",
            Ansi::Green => "1;32",
            Ansi::Cyan => "1;36",
        }
    }
}

/// The text in a colour, where there are colours.
pub(super) fn styled(style: Style, ansi: Ansi, text: &str) -> String {
    if style.color && !text.is_empty() {
        format!("\u{1b}[{}m{text}\u{1b}[0m", ansi.code())
    } else {
        text.to_owned()
    }
}

/// An address as a hyperlink, where there are hyperlinks.
pub(super) fn link(style: Style, address: &str) -> String {
    let address = sanitized(address);
    if style.links {
        format!("\u{1b}]8;;{address}\u{1b}\\{address}\u{1b}]8;;\u{1b}\\")
    } else {
        address.into_owned()
    }
}

/// Breaks a text into lines of at most `width` columns. Words are never broken, so that an ARN or an address
/// can be copied; line breaks of the text stay.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let mut line = String::new();
        let mut taken = 0;
        for word in paragraph.split_whitespace() {
            let length = word.width();
            if taken > 0 && taken + 1 + length > width {
                lines.push(std::mem::take(&mut line));
                taken = 0;
            }
            if taken > 0 {
                line.push(' ');
                taken += 1;
            }
            line.push_str(word);
            taken += length;
        }
        lines.push(line);
    }
    lines
}

/// The columns that a line takes on a terminal: colours and the targets of hyperlinks take none.
pub(super) fn visible(line: &str) -> usize {
    let mut width = 0;
    let mut pieces = line.split('\u{1b}');
    width += pieces.next().unwrap_or_default().width();
    for piece in pieces {
        let shown = match piece.strip_prefix(']') {
            Some(_) => "",
            None => piece.split_once(['m', '\\']).map_or("", |(_, after)| after),
        };
        width += shown.width();
    }
    width
}

/// Text is not made narrower than this, however narrow the terminal is.
pub(super) const NARROWEST: usize = 24;

/// A text after a name, wrapped and aligned: `  why:  Short passwords ...`.
pub(super) fn labelled(style: Style, name: &str, column: usize, text: &str) -> String {
    let width = style.width.saturating_sub(column).max(NARROWEST);
    let mut block = String::new();
    for (i, line) in wrap(text, width).into_iter().enumerate() {
        if i == 0 {
            let gap = " ".repeat(column.saturating_sub(name.chars().count() + 2).max(1));
            block.push_str(&format!("  {}{gap}{line}\n", styled(style, Ansi::Cyan, name)));
        } else {
            block.push_str(&format!("{}{line}\n", " ".repeat(column)));
        }
    }
    block
}

/// A text that is one line in a file and a pipe, in lines that fit on a terminal: the first behind `first` spaces, the
/// others behind `rest`.
pub(super) fn indented(style: Style, text: &str, first: usize, rest: usize) -> String {
    let width = style.width.saturating_sub(first.max(rest)).max(NARROWEST);
    let lines = if style.rows.is_some() { wrap(text, width) } else { vec![text.to_owned()] };
    let indents = std::iter::once(first).chain(std::iter::repeat(rest));
    let mut block = String::new();
    for (line, indent) in lines.iter().zip(indents) {
        block.extend([&" ".repeat(indent), line, "\n"]);
    }
    block
}

/// The same of a text of others, without the last line end.
pub fn line(style: Style, text: &str) -> String {
    indented(style, &sanitized(text.trim_end()), 0, 4).trim_end_matches('\n').to_owned()
}

/// A heading with an empty line below it, in lines that fit on a terminal.
pub(super) fn titled(style: Style, heading: &str) -> String {
    let lines = if style.rows.is_some() { wrap(heading, style.width) } else { vec![heading.to_owned()] };
    let lines: Vec<String> = lines.iter().map(|line| styled(style, Ansi::Bold, line)).collect();
    format!("{}\n\n", lines.join("\n"))
}

/// `1 pool`, `2 pools`.
pub fn count(n: usize, one: &str) -> String {
    match (n, one.strip_suffix('y')) {
        (1, _) => format!("1 {one}"),
        (_, Some(stem)) if !one.ends_with("ey") => format!("{n} {stem}ies"),
        _ => format!("{n} {one}s"),
    }
}
