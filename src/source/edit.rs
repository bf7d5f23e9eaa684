//! Edits of a text by span, so that whatever is not changed stays as it is, byte for byte.

use std::ops::Range;
use std::sync::Arc;

use crate::value::Value;

/// A replacement of a part of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextEdit {
    /// The name of the file, as messages have it.
    pub file: Arc<str>,
    /// In bytes of its text.
    pub at: Range<usize>,
    pub new: String,
}

/// Why a file is not changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Starts in lower case, no period.
    pub message: String,
    pub help: String,
}

impl Refusal {
    pub(super) fn new(message: impl Into<String>, help: impl Into<String>) -> Refusal {
        Refusal { message: message.into(), help: help.into() }
    }

    /// A change that is left to a person.
    pub(super) fn by_hand(message: impl Into<String>) -> Refusal {
        Refusal::new(message, "change it by hand")
    }
}

/// A member to write that is not there yet, or a block of them.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Added {
    Value(Value),
    Block(Members),
}

/// Adds a value below the names that lead to it.
fn grow(members: &mut Members, names: &[&str], value: &Value) {
    let Some((first, rest)) = names.split_first() else { return };
    if rest.is_empty() {
        members.push(((*first).to_owned(), Added::Value(value.clone())));
        return;
    }
    if !members.iter().any(|(name, _)| name == first) {
        members.push(((*first).to_owned(), Added::Block(Vec::new())));
    }
    if let Some((_, Added::Block(inner))) = members.iter_mut().find(|(name, _)| name == first) {
        grow(inner, rest, value);
    }
}

/// The additions of a file: the same place once, with all that belongs there.
#[derive(Debug, Default)]
pub(super) struct Additions {
    all: Vec<(Range<usize>, Members)>,
}

/// Members to add, by their names.
pub(super) type Members = Vec<(String, Added)>;

impl Additions {
    /// `within`: the text of the block that lacks the first of the names.
    pub(super) fn add(&mut self, within: &Range<usize>, names: &[&str], value: &Value) {
        if !self.all.iter().any(|(at, _)| at == within) {
            self.all.push((within.clone(), Vec::new()));
        }
        if let Some((_, members)) = self.all.iter_mut().find(|(at, _)| at == within) {
            grow(members, names, value);
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &(Range<usize>, Members)> {
        self.all.iter()
    }
}

/// A text with edits; `None` if two of them touch the same part.
pub(super) fn applied(text: &str, edits: &[TextEdit]) -> Option<String> {
    let mut sorted: Vec<&TextEdit> = edits.iter().collect();
    sorted.sort_by_key(|edit| edit.at.start);
    let (mut new, mut from) = (String::with_capacity(text.len()), 0);
    for edit in sorted {
        new.push_str(text.get(from..edit.at.start)?);
        new.push_str(&edit.new);
        from = edit.at.end;
    }
    new.push_str(text.get(from..)?);
    Some(new)
}

/// How the line of a place ends; the last one as the one before it.
pub(super) fn line_end(text: &str, at: usize) -> &'static str {
    let own = text[at..].find('\n').map(|newline| at + newline);
    match own.or_else(|| text[..at].rfind('\n')) {
        Some(newline) if text[..newline].ends_with('\r') => "\r\n",
        _ => "\n",
    }
}

/// The start of the line that a place is on.
pub(super) fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |newline| newline + 1)
}

/// The end of the line that a place is on, before what ends it.
pub(super) fn end_of_line(text: &str, at: usize) -> usize {
    let end = text[at..].find('\n').map_or(text.len(), |newline| at + newline);
    if text[at..end].ends_with('\r') { end - 1 } else { end }
}

/// The white space that a line starts with.
pub(super) fn indent(text: &str, at: usize) -> &str {
    let line = &text[line_start(text, at)..end_of_line(text, at)];
    &line[..line.len() - line.trim_start().len()]
}

/// Whether there is something between the elements of a list in brackets: a comment, which is about one of them.
pub(super) fn has_comments(text: &str, brackets: &Range<usize>, held: &[(Range<usize>, Value)]) -> bool {
    let ends = held.iter().map(|(at, _)| at.end);
    let starts = held.iter().map(|(at, _)| at.start);
    let from = std::iter::once(brackets.start + 1).chain(ends);
    let to = starts.chain(std::iter::once(brackets.end.saturating_sub(1)));
    let between = from.zip(to).filter_map(|(from, to)| text.get(from..to));
    between.flat_map(str::chars).any(|c| !c.is_whitespace() && c != ',')
}

/// The changes of a list in brackets that make `wanted` of `held`: those that stay are not touched.
pub(super) fn in_brackets(
    (text, brackets): (&str, Range<usize>),
    held: &[(Range<usize>, Value)],
    wanted: &[Value],
    write: impl Fn(&Value) -> Option<String>,
) -> Option<Vec<(Range<usize>, String)>> {
    let added: Vec<&Value> =
        wanted.iter().filter(|one| !held.iter().any(|(_, value)| value == *one)).collect();
    let added: Vec<String> = added.into_iter().map(write).collect::<Option<_>>()?;
    let stays = |at: usize| held.get(at).is_some_and(|(_, value)| wanted.contains(value));
    let Some(last) = (0..held.len()).rev().find(|at| stays(*at)) else {
        return Some(vec![(brackets, format!("[{}]", added.join(", ")))]);
    };
    let first = held.first()?.0.start;
    let separator = match text[brackets.start..first].contains('\n') {
        true => format!(",{}{}", line_end(text, first), indent(text, first)),
        false => ", ".to_owned(),
    };
    let tail = held[last].0.end..held.last()?.0.end;
    let mut changes = Vec::new();
    let more: String = added.iter().flat_map(|one| [separator.as_str(), one]).collect();
    if !tail.is_empty() || !more.is_empty() {
        changes.push((tail, more));
    }
    let gone = (0..last).filter(|at| !stays(*at));
    changes.extend(gone.map(|at| (held[at].0.start..held[at + 1].0.start, String::new())));
    Some(changes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edited(text: &str, wanted: &[&str]) -> String {
        let value = |text: &str| Value::String(text.to_owned().into());
        let held: Vec<_> = text
            .match_indices(|c: char| c.is_ascii_lowercase())
            .map(|(at, word)| (at..at + 1, value(word)))
            .collect();
        let wanted: Vec<Value> = wanted.iter().map(|word| value(word)).collect();
        let changes =
            in_brackets((text, 0..text.len()), &held, &wanted, |one| Some(one.to_string())).unwrap();
        let edits: Vec<TextEdit> =
            changes.into_iter().map(|(at, new)| TextEdit { file: "".into(), at, new }).collect();
        applied(text, &edits).unwrap()
    }

    #[test]
    fn a_list_keeps_what_stays_in_it() {
        assert_eq!(edited("[a, b, c]", &["a", "c"]), "[a, c]");
        assert_eq!(edited("[a, b, c]", &["b"]), "[b]");
        assert_eq!(edited("[a, b]", &["a", "d"]), "[a, d]");
        assert_eq!(edited("[a]", &["d", "e"]), "[d, e]");
        assert_eq!(edited("[]", &["d"]), "[d]");
        assert_eq!(edited("[\n  a,\n  b,\n]", &["a", "b", "d"]), "[\n  a,\n  b,\n  d,\n]");
    }

    #[test]
    fn comments_of_a_list_are_seen() {
        let held = [(1..2, Value::Null), (4..5, Value::Null)];
        assert!(!has_comments("[a, b,\n]", &(0..8), &held));
        assert!(has_comments("[a, b] ", &(0..7), &held));
        assert!(has_comments("[a, b # b\n]", &(0..11), &held));
        assert!(has_comments("[ # none\n]", &(0..10), &[]));
    }

    #[test]
    fn a_line_ends_as_it_does_where_the_text_is_mixed() {
        assert_eq!(["a\r\nb\n", "b\na\r\n"].map(|text| line_end(text, 0)), ["\r\n", "\n"]);
        assert_eq!(["a\r\nb", "a\nb", "a"].map(|text| line_end(text, text.len())), ["\r\n", "\n", "\n"]);
    }

    #[test]
    fn edits_of_the_same_part_are_refused() {
        let edit = |at: Range<usize>| TextEdit { file: "".into(), at, new: "x".to_owned() };
        assert_eq!(applied("abc", &[edit(0..2), edit(1..3)]), None);
        assert_eq!(applied("abc", &[edit(2..3), edit(0..1)]).as_deref(), Some("xbx"));
    }
}
