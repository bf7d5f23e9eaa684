//! The code of a text, and the comments beside it.

use std::ops::Range;

use super::{NAME, peer};

/// The parts of a text that a parser found, in no particular order.
#[derive(Clone, Debug, Default)]
pub(in crate::source) struct Outline {
    pub leaders: Leaders,
    /// Texts, in which nothing is a comment.
    pub opaque: Vec<Range<usize>>,
    /// Arguments, blocks, members and elements.
    pub code: Vec<Range<usize>>,
}

/// The beginnings of comments.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::source) enum Leaders {
    /// `#`, `//` and `/*`.
    #[default]
    Hcl,
    /// `#` after a space or at the start of a line.
    Yaml,
}

impl Outline {
    /// The comments of a text, in their order.
    pub(super) fn comments(&self, text: &str) -> Vec<Range<usize>> {
        let mut opaque = self.opaque.clone();
        opaque.sort_by_key(|range| range.start);
        let mut opaque = opaque.into_iter().peekable();
        let (bytes, mut comments, mut at) = (text.as_bytes(), Vec::new(), 0);
        while at < bytes.len() {
            while opaque.next_if(|range| range.end <= at).is_some() {}
            if let Some(inside) = opaque.peek().filter(|range| range.start <= at) {
                at = inside.end;
                continue;
            }
            let rest = &bytes[at..];
            let ends = match self.leaders {
                Leaders::Hcl if rest.starts_with(b"/*") => Some("*/"),
                Leaders::Hcl if rest.starts_with(b"#") || rest.starts_with(b"//") => Some("\n"),
                Leaders::Yaml if rest.starts_with(b"#") && is_apart(&bytes[..at]) => Some("\n"),
                Leaders::Hcl | Leaders::Yaml => None,
            };
            let Some(ends) = ends else {
                at += 1;
                continue;
            };
            let length = text[at..].find(ends);
            let length = length.map_or(rest.len(), |length| if ends == "*/" { length + 2 } else { length });
            comments.push(at..at + length);
            at += length.max(1);
        }
        comments
    }

    /// The code that a comment is beside: on the same line, else on the next line. Empty where there is none.
    pub(super) fn beside(
        &self,
        text: &str,
        comments: &[Range<usize>],
        comment: &Range<usize>,
    ) -> Range<usize> {
        let line = text[..comment.start].rfind('\n').map_or(0, |newline| newline + 1);
        // A file may begin with a mark of its encoding.
        if text[line..comment.start].trim_start_matches('\u{feff}').trim().is_empty() {
            return self.below(text, comments, comment).unwrap_or(0..0);
        }
        // The code of the line that ends right before the comment, such as an element of a list that goes on; else that
        // which a bracket ends there; else that which begins on the line and goes on, such as a block. All code around
        // the last value of a block of YAML ends with it.
        let ended = self.code.iter().filter(|one| line < one.end && one.end <= comment.start);
        let last = ended.clone().map(|one| one.end).max();
        let ended = ended.filter(|one| Some(one.end) == last);
        let begun = self.code.iter().filter(|one| line <= one.start && one.start < comment.start);
        let whole = ended.clone().filter(|one| line <= one.start).max_by_key(|one| one.len());
        let bracket = || ended.min_by_key(|one| one.len());
        whole.or_else(bracket).or_else(|| begun.max_by_key(|one| one.len())).cloned().unwrap_or(0..0)
    }

    /// The outermost code that a comment is in.
    pub(super) fn around(&self, comment: &Range<usize>) -> Option<Range<usize>> {
        let around = self.code.iter().filter(|one| one.start < comment.start && comment.end <= one.end);
        around.max_by_key(|one| one.len()).cloned()
    }

    /// The code that begins after a comment, with other waivers and no empty line between. Other comments may be code
    /// that is not in use, which the waiver may be for.
    fn below(&self, text: &str, comments: &[Range<usize>], of: &Range<usize>) -> Option<Range<usize>> {
        let mut at = of.end;
        loop {
            let rest = text.get(at..)?;
            let next = at + rest.len() - rest.trim_start().len();
            if text[at..next].matches('\n').count() > 1 {
                return None;
            }
            at = match comments.iter().find(|comment| comment.start == next) {
                Some(comment) if is_waiver(&text[comment.clone()]) => comment.end,
                Some(_) => return None,
                // In YAML, a comment that is further in than the code below ends what is above it.
                None if self.leaders == Leaders::Yaml && column(text, next) != column(text, of.start) => {
                    return None;
                }
                None => {
                    let is_element = self.leaders == Leaders::Yaml && text[next..].starts_with("- ");
                    let start = if is_element { next + 2 } else { next };
                    let start = start + text[start..].len() - text[start..].trim_start_matches(' ').len();
                    let here = self.code.iter().filter(|one| one.start == start);
                    return here.max_by_key(|one| one.end).cloned();
                }
            };
        }
    }
}

/// Whether a comment is a waiver, or that of another program.
fn is_waiver(comment: &str) -> bool {
    comment.contains(NAME) || peer::is_one(comment)
}

/// The number of characters before a place on its line.
fn column(text: &str, at: usize) -> usize {
    let line = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    text[line..at].trim_start_matches('\u{feff}').chars().count()
}

fn is_apart(before: &[u8]) -> bool {
    before.last().is_none_or(u8::is_ascii_whitespace)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_on_the_first_line_is_above_the_second() {
        for start in ["", "\u{feff}"] {
            let text = format!("{start}# a\r\nb = 1\r\n\r\n# c\r\n\r\nd = 2 # e");
            let at = |part: &str| text.find(part).map_or(0..0, |at| at..at + part.len());
            let code = vec![at("b = 1"), at("d = 2")];
            let outline = Outline { leaders: Leaders::Hcl, opaque: Vec::new(), code };
            let comments = outline.comments(&text);
            let beside: Vec<&str> =
                comments.iter().map(|one| &text[outline.beside(&text, &comments, one)]).collect();
            assert_eq!(beside, ["b = 1", "", "d = 2"], "{start:?}");
        }
    }
}
