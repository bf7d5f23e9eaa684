//! Reads one pool's members, guided by the schema, and keeps those that are needed.
//!
//! Every member name is checked, even if the value is skipped: that `read_state` members newer than the schema, and members
//! that are there twice.

mod unschemed;
mod untold;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::read_state::{ReadState, join, twice};
use super::reader::{NAME, Raw, Reader, Skipped};
use super::skim::{SkipList, skim};
use crate::pool::Projection;
use crate::schema::{Kind, Node, NodeId, schema};
use crate::source::text::read_time;
use crate::value::{Map, Text, Value};
pub(super) use unschemed::unknown_member;
use unschemed::{object_without_schema, unschemed};
pub(super) use untold::{METADATA, is_same_word, listed, respelled, see_foreign};

/// The value at one node of the schema, as far as the projection wants it.
pub(super) struct Member<'a, 'de> {
    pub node: NodeId,
    pub projection: &'a Projection,
    pub read_state: &'a mut ReadState<'de>,
}

impl<'de> DeserializeSeed<'de> for Member<'_, 'de> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl Member<'_, '_> {
    fn schema_node(&self) -> &'static Node {
        schema().node(self.node)
    }

    /// A value that is kept as it is, unless it is a secret.
    fn plain(&self, value: impl FnOnce() -> Value) -> Value {
        if self.schema_node().secret { Value::Secret } else { value() }
    }

    fn text(&self, text: &str, owned: impl FnOnce() -> Text) -> Value {
        // A marker would not show that the secret is empty.
        let node = self.schema_node();
        if text.is_empty() && node.secret && node.means_none(&Value::String(Cow::Borrowed(""))) {
            return Value::Null;
        }
        // A text in the place of a structure may be all of it, with its secrets.
        let is_misplaced = matches!(node.kind, Kind::Structure | Kind::Map | Kind::List);
        if is_misplaced && holds_secrets(self.node) {
            return Value::Secret;
        }
        self.plain(|| {
            let node = self.schema_node();
            match node.kind {
                Kind::Timestamp => read_time(text).unwrap_or_else(|| Value::String(owned())),
                _ => Value::String(known(&node.values, text).unwrap_or_else(owned)),
            }
        })
    }
}

/// Whether a node or one inside it is a secret, or has keys that are.
fn holds_secrets(id: NodeId) -> bool {
    schema()
        .inside(id)
        .map(|id| schema().node(id))
        .any(|node| node.secret || !node.rare().secret_keys.is_empty())
}

/// The schema's own copy of an enum value.
fn known(values: &'static [Text], text: &str) -> Option<Text> {
    values.iter().find(|value| *value == text).map(|value| Cow::Borrowed(value.as_ref()))
}

impl<'de> Visitor<'de> for Member<'_, 'de> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(self.plain(|| Value::Bool(value)))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(self.plain(|| match self.schema_node().kind {
            Kind::Timestamp => Value::Time(value.saturating_mul(1000)),
            _ => Value::Int(value),
        }))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        match i64::try_from(value) {
            Ok(int) => self.visit_i64(int),
            Err(_) => Ok(self.plain(|| Value::Float(value as f64))),
        }
    }

    #[expect(clippy::cast_possible_truncation, reason = "a cast of a float stops at the greatest integer")]
    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Ok(self.plain(|| match self.schema_node().kind {
            Kind::Timestamp => Value::Time((value * 1000.0).round() as i64),
            Kind::Integer if value.fract() == 0.0 && value.abs() < 9e15 => Value::Int(value as i64),
            _ => Value::Float(value),
        }))
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Value, E> {
        self.visit_str(text)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
        Ok(self.text(text, || Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut seq: A) -> Result<Value, A::Error> {
        let Some(element) = self.schema_node().element.filter(|_| self.schema_node().kind == Kind::List)
        else {
            return unschemed(!self.schema_node().secret, seq);
        };
        if schema().node(element).kind == Kind::Structure && self.read_state.compares(element) {
            let items = self.compared(element, seq)?;
            return Ok(self.plain(|| Value::List(items)));
        }
        let mut items = Vec::new();
        loop {
            let seed =
                Member { node: element, projection: self.projection, read_state: &mut *self.read_state };
            match seq.next_element_seed(seed)? {
                Some(item) => items.push(item),
                None => return Ok(self.plain(|| Value::List(items))),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Value, A::Error> {
        match self.schema_node().kind {
            Kind::Structure => {
                let (members, seen) = members(self.node, self.projection, self.read_state, map)?;
                Ok(self.plain(|| untold::structure(self.node, members, seen, self.projection)))
            }
            Kind::Map => self.entries(map),
            _ => object_without_schema(!self.schema_node().secret, map),
        }
    }
}

impl<'de> Member<'_, 'de> {
    /// The elements of a list. Most pools have the same attributes, so an element with the text that it had in the
    /// pool before is not read again.
    fn compared<A: SeqAccess<'de>>(&mut self, element: NodeId, mut seq: A) -> Result<Vec<Value>, A::Error> {
        let mut items = Vec::new();
        while let Some(Raw(text)) = seq.next_element()? {
            let index = items.len();
            if let Some(item) = self.read_state.kept(element, index, text) {
                items.push(item);
                continue;
            }
            let unknown = self.read_state.unknown_members.len();
            let seed =
                Member { node: element, projection: self.projection, read_state: &mut *self.read_state };
            let mut item = seed
                .deserialize(&mut Reader::new(text, &mut Skipped::default()))
                .map_err(A::Error::custom)?;
            if self.read_state.unknown_members.len() == unknown {
                self.read_state.keep(element, index, text, &mut item);
            }
            items.push(item);
        }
        Ok(items)
    }

    /// The keys and values of a map such as the tags.
    fn entries<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let node = self.schema_node();
        let Some(element) = node.element else {
            return object_without_schema(true, map);
        };
        let mut entries = Map::default();
        while let Some(MapKey(key)) = map.next_key()? {
            if schema().node(element).kind != Kind::Structure && !self.projection.wants_key(self.node, &key) {
                map.next_value::<IgnoredAny>()?;
                continue;
            }
            let seed =
                Member { node: element, projection: self.projection, read_state: &mut *self.read_state };
            let value = map.next_value_seed(seed)?;
            if entries.get(&key).is_some() {
                return Err(A::Error::custom(twice(&key)));
            }
            match value {
                Value::Null => {}
                _ if node.is_secret_key(&key) => {
                    entries.0.push((Cow::Owned(key.into_owned()), Value::Secret));
                }
                value => entries.0.push((Cow::Owned(key.into_owned()), value)),
            }
        }
        Ok(Value::Map(entries))
    }
}

/// The key of a map, borrowed where it has no escapes.
#[derive(Deserialize)]
struct MapKey<'a>(#[serde(borrow)] Cow<'a, str>);

/// The members that most structures have at most: room for more is made when they come.
const USUAL: usize = 16;

/// Which members of a structure were there, a bit for each.
#[derive(Clone, Copy, Default)]
pub(super) struct Seen {
    named: u64,
    /// Those with a value, for `null` means unset.
    pub given: u64,
    /// Those that are there under a name that is spelled otherwise.
    respelled: u64,
    /// Another member was there.
    foreign: bool,
}

/// Reads the members of a structure, and says which of them were there.
pub(super) fn members<'de, A: MapAccess<'de>>(
    owner_id: NodeId,
    projection: &Projection,
    read_state: &mut ReadState<'de>,
    mut map: A,
) -> Result<(Map, Seen), A::Error> {
    let mut kept = Map::default();
    let (mut seen, mut guess, mut last) = (Seen::default(), 0, None);
    let owner = schema().node(owner_id);
    while let Some(key) = map.next_key_seed(Key { owner, guess })? {
        match key {
            Name::Known(position) => {
                let follows = owner.members[position];
                if let Some(last) = last.replace(follows).filter(|_| position != guess) {
                    read_state.follow(last, position);
                }
                guess = read_state.guess(follows, position);
                let value = known_member(owner, position, &mut seen, projection, read_state, &mut map)?;
                if let Some(value) = value {
                    if kept.is_empty() {
                        kept.0.reserve(owner.members.len().min(USUAL));
                    }
                    kept.0.push((Cow::Borrowed(owner.names[position]), value));
                }
            }
            Name::Unknown(name) => {
                see_foreign(owner, &name, &mut seen);
                if !owner.open {
                    read_state.unknown_members.push(join(&owner.path, &name));
                }
                // A structure that is wanted as a whole is not empty when all it has is newer than the schema.
                if projection.wants_unknown_members() || projection.wants_whole(owner_id) {
                    let value = unknown_member(&name, map.next_value()?);
                    if kept.get(&name).is_some() {
                        return Err(A::Error::custom(twice(&name)));
                    }
                    if value != Value::Null {
                        kept.0.push((Cow::Owned(name), value));
                    }
                } else {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
    }
    respelled(owner_id, seen, projection, &mut kept);
    Ok((kept, seen))
}

/// Reads the value of a known member, if it is wanted and not null.
pub(super) fn known_member<'de, A: MapAccess<'de>>(
    owner: &'static Node,
    position: usize,
    seen: &mut Seen,
    projection: &Projection,
    read_state: &mut ReadState<'de>,
    map: &mut A,
) -> Result<Option<Value>, A::Error> {
    let (node, bit) = (owner.members[position], 1_u64 << position);
    if seen.named & bit != 0 {
        return Err(A::Error::custom(twice(owner.names[position])));
    }
    seen.named |= bit;
    seen.given |= bit;
    if projection.wants(node) {
        let value = map.next_value_seed(Member { node, projection, read_state })?;
        if matches!(value, Value::Null) {
            seen.given &= !bit;
            return Ok(None);
        }
        return Ok(Some(value));
    }
    let schema_node = schema().node(node);
    if read_state.in_snapshot && schema_node.operation.is_some() {
        // A snapshot holds every section. Nothing is said of those that a live run for the same rules would not read.
        map.next_value::<IgnoredAny>()?;
    } else if let (Kind::List, true) = (schema_node.kind, schema_node.has_members()) {
        map.next_value_seed(SkipList { list: schema_node, node, read_state })?;
    } else if schema_node.has_members() {
        let Raw(text) = map.next_value()?;
        if !read_state.has_passed(node, 0, text) {
            let unknown = read_state.unknown_members.len();
            skim(text, node, read_state).map_err(|refused| A::Error::custom(refused.message()))?;
            if read_state.unknown_members.len() == unknown {
                read_state.pass(node, 0, text);
            }
        }
    } else {
        map.next_value::<IgnoredAny>()?;
    }
    Ok(None)
}

/// A member name of a structure.
pub(super) enum Name {
    /// Its position among the structure's members.
    Known(usize),
    Unknown(String),
}

/// Reads a member name. `guess` is its probable position.
pub(super) struct Key {
    pub owner: &'static Node,
    pub guess: usize,
}

impl<'de> DeserializeSeed<'de> for Key {
    type Value = Name;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Name, D::Error> {
        let probable = self.owner.names.get(self.guess..).unwrap_or_default();
        deserializer.deserialize_struct(NAME, probable, self)
    }
}

impl Visitor<'_> for Key {
    type Value = Name;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a member name")
    }

    /// It is the probable one.
    fn visit_unit<E: Error>(self) -> Result<Name, E> {
        Ok(Name::Known(self.guess))
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Name, E> {
        let position = self.owner.position(name.as_bytes(), self.guess);
        Ok(position.map_or_else(|| Name::Unknown(name.to_owned()), Name::Known))
    }
}
