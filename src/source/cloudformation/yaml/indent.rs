//! Quoted text and flow collections that go on at the indent of their key, as templates in use have them. `PyYAML` and
//! CloudFormation read them; the parser does not. White space there has no meaning, so such lines are indented before
//! they are parsed, and every place is still one of the text as it was written.

use std::ops::Range;

use saphyr_parser::{ScalarStyle, ScanError};

use super::scalar_length;

/// More lines than this are not indented: each costs one more reading of the file.
const MOST: usize = 200;

/// The lines that are indented before they are parsed, by where they start.
#[derive(Debug, Default)]
pub(super) struct Indented {
    lines: Vec<usize>,
}

impl Indented {
    /// The text with its lines indented, and the position of each of its characters in the original. `None` if no
    /// character moved.
    pub(super) fn laid_out(&self, text: &str) -> (Option<String>, Option<Vec<usize>>) {
        let places = |text: &str| text.char_indices().map(|(at, _)| at).collect();
        if self.lines.is_empty() {
            return (None, (!text.is_ascii()).then(|| places(text)));
        }
        let widest = text.lines().map(|line| line.len() - line.trim_start().len()).max();
        let more = " ".repeat(widest.unwrap_or_default() + 2);
        let (mut laid_out, mut places) = (String::new(), Vec::new());
        for (start, line) in lines(text, 0..text.len()) {
            if self.lines.contains(&start) {
                laid_out.push_str(&more);
                places.extend(more.bytes().map(|_| start));
            }
            laid_out.push_str(line);
            places.extend(line.char_indices().map(|(at, _)| start + at));
        }
        (Some(laid_out), Some(places))
    }

    /// Takes in the lines that an error is about; whether there are any that were not indented yet.
    pub(super) fn take(&mut self, text: &str, error: &ScanError, at: usize) -> bool {
        let style = match text[at..].chars().next() {
            Some('"') => ScalarStyle::DoubleQuoted,
            _ => ScalarStyle::SingleQuoted,
        };
        let about: Range<usize> = match error.info() {
            "invalid indentation in quoted scalar" => at..at + scalar_length(&text[at..], style),
            "invalid indentation" | "invalid indentation in flow construct" => {
                let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
                let length = text[at..].chars().next().map_or(0, char::len_utf8);
                start..at + length
            }
            _ => return false,
        };
        let quoted = about.start == at && text[at..].starts_with(['"', '\'']);
        let more: Vec<usize> = lines(text, about)
            .map(|(start, _)| start)
            // A quoted text begins on a line that is right as it is.
            .skip(usize::from(quoted))
            .filter(|start| !self.lines.contains(start))
            .collect();
        let some = !more.is_empty() && self.lines.len() + more.len() <= MOST;
        self.lines.extend(more);
        some
    }
}

/// The lines of a part of a text that starts with one, each with where it starts.
fn lines(text: &str, part: Range<usize>) -> impl Iterator<Item = (usize, &str)> {
    let mut start = part.start;
    text[part].split_inclusive('\n').map(move |line| {
        let at = start;
        start += line.len();
        (at, line)
    })
}
