//! Checks the member names of a value that is skipped, in JSON that is known to be valid.
//!
//! Finding members that the schema does not know must not slow the whole run down: two thirds of an answer are
//! attribute definitions that few rules read.

use std::fmt;

use memchr::memchr2;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::read_state::{ReadState, join, twice};
use super::reader::Raw;
use crate::schema::{Kind, Node, NodeId, schema};

/// Values deeper than this are refused, as they are where they are kept.
const DEEPEST: usize = 128;

/// The reason to refuse a value even though it is skipped.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// A member is twice in one object.
    Twice(String),
    /// Values are nested deeper than in any answer.
    Deep,
}

impl Refused {
    pub(super) fn message(self) -> String {
        match self {
            Refused::Twice(name) => twice(&name),
            Refused::Deep => format!("values are nested more than {DEEPEST} deep here"),
        }
    }
}

/// Skips a list of structures.
///
/// The same standard attributes are in the same order in nearly every pool, so an element that equals that of the
/// pool before is not checked again.
pub(super) struct SkipList<'a, 'de> {
    pub list: &'static Node,
    pub node: NodeId,
    pub read_state: &'a mut ReadState<'de>,
}

impl<'de> DeserializeSeed<'de> for SkipList<'_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for SkipList<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        let Some(element) = self.list.element else { return Ok(()) };
        let mut index = 0;
        while let Some(Raw(raw)) = seq.next_element()? {
            if !self.read_state.has_passed(self.node, index, raw) {
                let unknown = self.read_state.unknown_members.len();
                skim(raw, element, self.read_state).map_err(|refused| A::Error::custom(refused.message()))?;
                if self.read_state.unknown_members.len() == unknown {
                    self.read_state.pass(self.node, index, raw);
                }
            }
            index += 1;
        }
        Ok(())
    }

    // Of other kinds than a list there is nothing to look over.

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while map.next_entry::<serde::de::IgnoredAny, serde::de::IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }
}

/// Notes the members of a structure, or of the structures of a list, that the schema does not know.
pub(super) fn skim(text: &str, node: NodeId, read_state: &mut ReadState<'_>) -> Result<(), Refused> {
    let mut skimmer = Skimmer { text: text.as_bytes(), at: 0, depth: 0, read_state };
    skimmer.value(Some(schema().node(node)))
}

struct Skimmer<'a, 'de> {
    text: &'a [u8],
    at: usize,
    depth: usize,
    read_state: &'a mut ReadState<'de>,
}

impl Skimmer<'_, '_> {
    /// The next byte that is not white space. 0 at the end.
    fn peek(&mut self) -> u8 {
        while let Some(byte) = self.text.get(self.at) {
            if !byte.is_ascii_whitespace() {
                return *byte;
            }
            self.at += 1;
        }
        0
    }

    /// Goes past a value. `node` is what the schema has there, as far as it has anything.
    fn value(&mut self, node: Option<&'static Node>) -> Result<(), Refused> {
        match self.peek() {
            b'"' => {
                self.string();
                Ok(())
            }
            b'{' | b'[' if self.depth == DEEPEST => Err(Refused::Deep),
            b'{' => {
                self.depth += 1;
                self.object(node)?;
                self.depth -= 1;
                Ok(())
            }
            b'[' => {
                let element = node.filter(|node| node.kind == Kind::List).and_then(|node| node.element);
                self.depth += 1;
                self.array(element.map(|id| schema().node(id)))?;
                self.depth -= 1;
                Ok(())
            }
            _ => {
                while self.text.get(self.at).is_some_and(|byte| !b",]} \n\r\t".contains(byte)) {
                    self.at += 1;
                }
                Ok(())
            }
        }
    }

    fn array(&mut self, element: Option<&'static Node>) -> Result<(), Refused> {
        self.at += 1;
        loop {
            match self.peek() {
                b',' => self.at += 1,
                b']' | 0 => {
                    self.at += 1;
                    return Ok(());
                }
                _ => self.value(element)?,
            }
        }
    }

    fn object(&mut self, node: Option<&'static Node>) -> Result<(), Refused> {
        self.at += 1;
        let (mut seen, mut guess) = (0_u64, 0);
        loop {
            match self.peek() {
                b',' => self.at += 1,
                b'"' => {
                    let name = self.string();
                    self.peek();
                    self.at += 1; // The colon.
                    let Some(node) = node.filter(|node| node.kind == Kind::Structure) else {
                        let of_map = node.filter(|node| node.kind == Kind::Map).and_then(|node| node.element);
                        self.value(of_map.map(|id| schema().node(id)))?;
                        continue;
                    };
                    let name = &self.text[name];
                    let Some(position) = node.position(name, guess) else {
                        if !node.open {
                            self.unknown(node, name);
                        }
                        self.value(None)?;
                        continue;
                    };
                    if seen & (1 << position) != 0 {
                        return Err(Refused::Twice(node.names[position].to_owned()));
                    }
                    seen |= 1 << position;
                    guess = position + 1;
                    self.value(Some(schema().node(node.members[position])))?;
                }
                _ => {
                    self.at += 1;
                    return Ok(());
                }
            }
        }
    }

    /// Goes past a string and gives the place of its content.
    fn string(&mut self) -> std::ops::Range<usize> {
        let start = self.at + 1;
        let mut end = start;
        while let Some(offset) = memchr2(b'"', b'\\', &self.text[end..]) {
            end += offset;
            if self.text[end] == b'"' {
                self.at = end + 1;
                return start..end;
            }
            end += 2;
        }
        self.at = self.text.len();
        start..self.at
    }

    #[cold]
    fn unknown(&mut self, node: &Node, name: &[u8]) {
        let name = String::from_utf8_lossy(name);
        // The name may be written with escapes.
        let plain = serde_json::from_str(&format!("\"{name}\"")).unwrap_or_else(|_| name.into_owned());
        if node.position(plain.as_bytes(), 0).is_none() {
            self.read_state.unknown_members.push(join(&node.path, &plain));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unknown(text: &str) -> Result<Vec<String>, Refused> {
        let mut read_state = ReadState::default();
        let node = schema().find("SchemaAttributes").unwrap();
        skim(text, node, &mut read_state)?;
        Ok(read_state.unknown_members)
    }

    #[test]
    fn unknown_members_are_found_at_every_depth() {
        let text = r#" [ {"Name" : "a\"]}", "Odd": {"Name": 1, "Name": 2}, "Mutable": true } ,
            {"StringAttributeConstraints":{"MinLength":"0","Deep":[1,{"x":null}]},"Required":false}, 7, "x", null]"#;
        assert_eq!(
            unknown(text),
            Ok(vec![
                "SchemaAttributes[].Odd".to_owned(),
                "SchemaAttributes[].StringAttributeConstraints.Deep".to_owned()
            ])
        );
    }

    #[test]
    fn escaped_names_are_the_same_names() {
        assert_eq!(unknown(r#"[{"N\u0061me": "x"}]"#), Ok(Vec::new()));
        assert_eq!(unknown(r#"[{"N\u0062me": "x"}]"#), Ok(vec!["SchemaAttributes[].Nbme".to_owned()]));
    }

    #[test]
    fn a_member_that_stands_twice_is_refused() {
        assert_eq!(
            unknown(r#"[{"Name": "x", "Required": true, "Name": "y"}]"#),
            Err(Refused::Twice("Name".to_owned()))
        );
    }

    #[test]
    fn values_deeper_than_any_answer_are_refused() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert_eq!(unknown(&nested(DEEPEST)), Ok(Vec::new()));
        assert_eq!(unknown(&nested(100_000)), Err(Refused::Deep));
    }

    #[test]
    fn values_of_other_kinds_are_passed_over() {
        for text in ["[]", "{}", "null", "1e5", "\"[{\"", "[[{\"Name\": 1}]]", "{\"Name\": [1, 2]}"] {
            assert_eq!(unknown(text), Ok(Vec::new()), "{text}");
        }
    }
}
