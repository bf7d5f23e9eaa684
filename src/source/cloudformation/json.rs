//! Reads JSON.

use std::ops::Range;

use serde_json::value::RawValue;

use super::node::{DEEPEST, Entry, Node, Problem, Scalar, What, refuse_twice};
use crate::source::text::{members, place};

/// A JSON text as a tree. `None` for a text that is not JSON, which others report.
pub(super) fn read(text: &str) -> Result<Option<Node>, Problem> {
    let Ok(root) = serde_json::from_str::<&RawValue>(text) else { return Ok(None) };
    node(text, place(text, root.get()), 0).map(Some)
}

/// The value at a place of a text, which is known to be JSON.
pub(super) fn part(text: &str, at: Range<usize>) -> Result<Node, Problem> {
    node(text, at, 0)
}

/// The value at a place, which is known to be JSON.
fn node(text: &str, at: Range<usize>, depth: usize) -> Result<Node, Problem> {
    if depth == DEEPEST {
        let message = format!("values are nested more than {DEEPEST} deep here");
        return Err(Problem::new(at.start, message));
    }
    let part = &text[at.clone()];
    let what = match part.as_bytes().first() {
        Some(b'{') => {
            let mut entries = Vec::new();
            let mut from = at.start + 1;
            for (key, value) in members(part) {
                let value = place(text, value.get());
                // The name is the first string after what came before.
                let start = from + text[from..value.start].find('"').unwrap_or_default();
                let end =
                    text[..value.start].rfind(':').map_or(start, |colon| text[..colon].trim_end().len());
                from = value.end;
                let value = node(text, value, depth + 1)?;
                entries.push(Entry { key: key.into(), key_at: start..end.max(start), value });
            }
            refuse_twice(&entries)?;
            What::Map(entries.into())
        }
        Some(b'[') => {
            let items: Vec<&RawValue> = serde_json::from_str(part).unwrap_or_default();
            let items: Result<Vec<Node>, Problem> =
                items.into_iter().map(|item| node(text, place(text, item.get()), depth + 1)).collect();
            What::List(items?.into())
        }
        Some(b'"') => {
            let string: String = serde_json::from_str(part).unwrap_or_default();
            What::Scalar(Scalar { text: string.into(), plain: false })
        }
        _ => What::Scalar(Scalar { text: part.into(), plain: true }),
    };
    Ok(Node { at, what })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_those_of_the_text() {
        let text = "{\t\"é\\\"x\" :\t{\"b\": [1, true, null, \"\\ud83d\\ude00:\"]}, \"c\": {\n}}";
        let root = read(text).unwrap().unwrap();
        let first = &root.entries()[0];
        assert_eq!((&*first.key, &text[first.key_at.clone()]), ("é\"x", "\"é\\\"x\""));
        let list = first.value.get("b").unwrap();
        assert_eq!(&text[list.at.clone()], "[1, true, null, \"\\ud83d\\ude00:\"]");
        assert_eq!(list.items()[3].text(), Some("😀:"));
        assert!(list.items()[2].is_null());
        assert_eq!(&text[root.entries()[1].key_at.clone()], "\"c\"");
    }

    #[test]
    fn what_cannot_be_read_is_refused() {
        assert!(read("{\"a\": ").unwrap().is_none());
        let twice = read("{\"a\": 1, \"a\": 2}").unwrap_err();
        assert_eq!(twice.at, 9);
        let deep = format!("{}{}", "[".repeat(120), "]".repeat(120));
        assert!(read(&deep).unwrap_err().message.contains("nested more than"));
        let deeper = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        assert!(read(&deeper).is_err());
    }
}
