//! The lines of a text: which one a place is on, and the few around it as an excerpt.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use crate::source::Excerpt;

/// Lines longer than this are not shown from the file. Their content is laid out anew.
pub(in crate::source) const LONGEST_LINE: usize = 160;
/// Lines shown before and after the value.
const CONTEXT: usize = 2;
/// A value of more lines than this is labelled on its first.
const TALLEST_LABEL: usize = 6;

/// A text and where its lines start.
#[derive(Debug)]
pub struct Lines<'t> {
    pub(in crate::source) text: &'t str,
    /// Number of the first line, from 1.
    first_line: usize,
    index: Arc<LineIndex>,
}

/// Where the lines of a text start, found once however many places are asked for.
#[derive(Debug, Default)]
pub(in crate::source) struct LineIndex {
    starts: OnceLock<Vec<usize>>,
    /// Characters before each block of bytes. A file of many pools may be one line, on which a column is counted
    /// for every finding: without this, 10,000 pools with 60,000 findings took 8.8 s.
    characters: OnceLock<Vec<usize>>,
}

/// Bytes between two counts of characters.
const BLOCK: usize = 4096;

impl<'t> Lines<'t> {
    pub(in crate::source) fn new(text: &'t str, first_line: usize) -> Lines<'t> {
        Lines { text, first_line, index: Arc::default() }
    }

    /// The lines of a whole file that is asked about more than once.
    pub(in crate::source) fn of(text: &'t str, index: &Arc<LineIndex>) -> Lines<'t> {
        Lines { text, first_line: 1, index: Arc::clone(index) }
    }

    /// Line and column of a place, both from 1, the column in characters.
    pub(in crate::source) fn line_column(&self, at: usize) -> (usize, usize) {
        let line = self.line(at);
        let start = self.starts()[line];
        let before = match at - start {
            0..BLOCK => self.text[start..at].chars().count(),
            _ => self.characters_before(at) - self.characters_before(start),
        };
        (self.first_line + line, before + 1)
    }

    /// Number of characters of the text before a place.
    fn characters_before(&self, at: usize) -> usize {
        // A character over the end of a block is in the next one.
        let start = |block: usize| self.text.floor_char_boundary(block * BLOCK);
        let blocks = self.index.characters.get_or_init(|| {
            let mut before = vec![0];
            for block in 0..self.text.len() / BLOCK {
                let count = self.text[start(block)..start(block + 1)].chars().count();
                before.push(before.last().copied().unwrap_or_default() + count);
            }
            before
        });
        blocks[at / BLOCK] + self.text[start(at / BLOCK)..at].chars().count()
    }

    /// Whether one of the lines of a range is too long to be shown.
    pub(in crate::source) fn are_long(&self, range: &Range<usize>) -> bool {
        (self.line(range.start)..=self.line(range.end)).any(|line| self.line_text(line).len() > LONGEST_LINE)
    }

    /// The text on the lines of a range, before and after it.
    pub(in crate::source) fn around(&self, range: &Range<usize>) -> (&'t str, &'t str) {
        let before = &self.text[self.starts()[self.line(range.start)]..range.start];
        (before, self.text[range.end..].split('\n').next().unwrap_or_default())
    }

    /// Cuts the lines around a label out, without those outside of `within`, and with stars in place of `secrets`.
    pub(in crate::source) fn cut(
        &self,
        name: String,
        label: Range<usize>,
        within: &Range<usize>,
        secrets: &[Range<usize>],
    ) -> Excerpt {
        let (first, mut last) = (self.line(label.start), self.line(label.end.max(label.start + 1) - 1));
        let mut end = label.end;
        if last - first >= TALLEST_LABEL {
            last = first;
            end = self.starts()[first] + self.line_text(first).trim_end().len();
        }
        let near = |line: &usize| self.line_text(*line).len() <= LONGEST_LINE;
        let (top, bottom) = (self.line(within.start), self.line(within.end.max(within.start + 1) - 1));
        let from =
            (first.saturating_sub(CONTEXT).max(top)..first).rev().take_while(near).last().unwrap_or(first);
        let to = (last + 1..=(last + CONTEXT).min(bottom)).take_while(near).last().unwrap_or(last);
        let start = self.starts()[from];
        let stop = self.starts().get(to + 1).copied().unwrap_or(self.text.len());
        let mut text = self.text[start..stop].trim_end().to_owned();
        for secret in secrets {
            let (a, b) = (secret.start.max(start), secret.end.min(start + text.len()));
            if a < b {
                let mask =
                    self.text.as_bytes()[a..b].iter().map(|byte| if *byte == b'\n' { '\n' } else { '*' });
                text.replace_range(a - start..b - start, &mask.collect::<String>());
            }
        }
        Excerpt { name, text, first_line: self.first_line + from, label: label.start - start..end - start }
    }

    fn starts(&self) -> &[usize] {
        self.index.starts.get_or_init(|| {
            let newlines = memchr::memchr_iter(b'\n', self.text.as_bytes());
            std::iter::once(0).chain(newlines.map(|at| at + 1)).collect()
        })
    }

    /// The index of the line of a byte, from 0.
    fn line(&self, at: usize) -> usize {
        self.starts().partition_point(|start| *start <= at).saturating_sub(1)
    }

    fn line_text(&self, line: usize) -> &'t str {
        let end = self.starts().get(line + 1).copied().unwrap_or(self.text.len());
        &self.text[self.starts()[line]..end]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_of_long_lines_count_characters() {
        let text = format!("first\n{}\nlast", "aé€😀".repeat(3 * BLOCK));
        let lines = Lines::new(&text, 1);
        for (at, _) in text.char_indices().step_by(997) {
            let before = &text[..at];
            let start = before.rfind('\n').map_or(0, |end| end + 1);
            let wanted = (before.matches('\n').count() + 1, before[start..].chars().count() + 1);
            assert_eq!(lines.line_column(at), wanted, "byte {at}");
        }
    }
}
