//! The lines around a value, fit for the terminal: no control characters, no lines beyond its width.

use std::ops::Range;

use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::finding::{Excerpt, Location};
use crate::report::Style;
use crate::report::ansi::NARROWEST;
use crate::report::sanitize::{sanitized, sanitized_lines};

/// Lines to show on each side of the value. An excerpt is short as it is made, so this is only a guard.
pub(super) const LINES: usize = 12;

/// A label over more lines than this would be all bracket and no text, so it shrinks to its first line.
const TALLEST_LABEL: usize = 6;

/// On a terminal with fewer columns, lines lose the indent that they share.
const NARROW: usize = 60;

/// With fewer columns beside it, a label has no text.
const LEAST_ROOM: usize = 20;

/// An excerpt that miette can read.
#[derive(Debug)]
pub(super) struct Excerpted {
    name: String,
    text: String,
    pub(super) label: Range<usize>,
    /// Number of the first line, from 0.
    first_line: usize,
    /// Line and column of the value in the file, from 0; clipped lines have other columns.
    at: (usize, usize),
    /// Columns that are left for the label's text, if that is enough for any.
    pub(super) room: Option<usize>,
}

/// Makes an excerpt fit to be drawn; `None` where it holds nothing.
pub(super) fn prepare(excerpt: &Excerpt, location: Option<&Location>, style: Style) -> Option<Excerpted> {
    let range = within(&excerpt.text, &excerpt.label);
    let (text, label) = sanitized_lines(&excerpt.text, &range);
    let text = text.trim_end_matches('\n');
    let label = visible(text, within(text, &label))?;
    let (text, label) = indented(text, &label, style.width < NARROW);
    let text = text.as_str();
    let first_line = excerpt.first_line.saturating_sub(1);
    let row = first_line + excerpt.text[..range.start].matches('\n').count();
    let last_line = first_line + text.matches('\n').count() + 1;
    // A line number, a space on each side, the bar, and a space; two more for the bracket of a tall label.
    let gutter = last_line.to_string().len() + 4 + if text[label.clone()].contains('\n') { 3 } else { 0 };
    let budget = style.width.saturating_sub(gutter).max(NARROWEST);
    let (text, label) = clip(text, &label, budget, if style.unicode { "…" } else { "..." });
    let before = &text[..label.start];
    let indent = before[before.rfind('\n').map_or(0, |newline| newline + 1)..].width();
    let half = text[label.clone()].lines().next().map_or(0, UnicodeWidthStr::width) / 2;
    let at = match location.filter(|location| *location.file == *excerpt.name) {
        Some(at) => (at.line.saturating_sub(1), at.column.saturating_sub(1)),
        None => (row, column(&excerpt.text, range.start)),
    };
    Some(Excerpted {
        name: sanitized(&excerpt.name).into_owned(),
        room: Some(budget.saturating_sub(indent + half + 5)).filter(|room| *room >= LEAST_ROOM),
        text,
        label,
        first_line,
        at,
    })
}

/// The range within the text and between characters, whatever it was.
fn within(text: &str, range: &Range<usize>) -> Range<usize> {
    let floor = |mut at: usize| {
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let start = floor(range.start.min(text.len()));
    start..floor(range.end.clamp(start, text.len())).max(start)
}

/// A label that can be seen: it has a character, ends before a line end, and is not too tall.
fn visible(text: &str, mut label: Range<usize>) -> Option<Range<usize>> {
    if text[label.clone()].matches('\n').count() >= TALLEST_LABEL {
        let first = text[label.clone()].find('\n').unwrap_or(label.len());
        label.end = label.start + first;
    }
    label.end = label.start + text[label.clone()].trim_end_matches(['\n', ' ']).len();
    if label.is_empty() {
        let at = text[label.start..].chars().next().filter(|c| *c != '\n');
        match at {
            Some(c) => label.end = label.start + c.len_utf8(),
            None => label.start = text[..label.start].char_indices().next_back()?.0,
        }
    }
    Some(label)
}

fn column(text: &str, at: usize) -> usize {
    let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    text[start..at].chars().count()
}

/// Cuts lines that are too long: around the label where it starts, at the end anywhere else. A saved pool may be
/// one line of many thousand characters.
fn clip(text: &str, label: &Range<usize>, budget: usize, gap: &str) -> (String, Range<usize>) {
    let mut clipped = String::with_capacity(text.len());
    let mut moved = 0..0;
    let mut offset = 0;
    for (i, line) in text.split('\n').enumerate() {
        if i > 0 {
            clipped.push('\n');
        }
        let end = offset + line.len();
        let start_here = (offset..=end).contains(&label.start);
        let window = window(line, start_here.then(|| label.start - offset), budget);
        let new_start = clipped.len();
        if window.start > 0 {
            clipped.push_str(gap);
        }
        let text_start = clipped.len();
        clipped.push_str(&line[window.clone()]);
        if window.end < line.len() {
            clipped.push_str(gap);
        }
        let place = |at: usize| match at - offset {
            at if at < window.start => new_start,
            at if at > window.end => clipped.len(),
            at => text_start + at - window.start,
        };
        if start_here {
            moved.start = place(label.start);
        }
        if (offset..=end).contains(&label.end) {
            moved.end = place(label.end);
        }
        offset = end + 1;
    }
    (clipped, moved)
}

/// The bytes of a line to show, in at most that number of columns.
fn window(line: &str, label: Option<usize>, budget: usize) -> Range<usize> {
    let length = line.width();
    if length <= budget {
        return 0..line.len();
    }
    let budget = budget - 6;
    let wanted = label.map_or(0, |at| line[..at].width().saturating_sub(budget / 3));
    let first = wanted.min(length - budget);
    let (mut column, mut start, mut end) = (0, line.len(), 0);
    for (at, c) in line.char_indices() {
        if column >= first {
            start = start.min(at);
        }
        column += c.width().unwrap_or(0);
        if column <= first + budget {
            end = at + c.len_utf8();
        }
    }
    start.min(end)..end
}

/// The text with spaces for tabs, and where there is little room, without the indent that all its lines have.
fn indented(text: &str, label: &Range<usize>, narrow: bool) -> (String, Range<usize>) {
    let indent = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    let common = if narrow { lines.map(indent).min().unwrap_or(0) } else { 0 };
    let (mut laid, mut moved, mut offset) = (String::with_capacity(text.len()), 0..0, 0);
    for line in text.split_inclusive('\n') {
        let skipped = common.min(indent(line));
        for (at, c) in line.char_indices() {
            if offset + at <= label.start {
                moved.start = laid.len();
            }
            if offset + at <= label.end {
                moved.end = laid.len();
            }
            match c {
                _ if at < skipped => {}
                '\t' => laid.push_str("    "),
                c => laid.push(c),
            }
        }
        offset += line.len();
    }
    if label.end >= text.len() {
        moved.end = laid.len();
    }
    (laid, moved)
}

impl SourceCode for Excerpted {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let contents = self.text.read_span(span, before, after)?;
        // Miette asks for no context when it wants to name the place of the label.
        let (line, column) = match (before, after) {
            (0, 0) => self.at,
            _ => (self.first_line + contents.line(), 0),
        };
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            contents.data(),
            *contents.span(),
            line,
            column,
            contents.line_count(),
        )))
    }
}
