//! Reads one pool's members, guided by the schema, and keeps those that somebody will look at.
//!
//! Every member name is looked at, also where the value is skipped: that is how members newer than the schema
//! and members that stand twice come to light.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::pool::Projection;
use crate::schema::{Kind, Node, NodeId, schema};
use crate::value::{Map, Text, Value};

/// What is found beside the values.
#[derive(Debug, Default)]
pub(super) struct Finds {
    /// Paths of members that the schema does not know.
    pub unknown_members: Vec<String>,
}

/// The value at one node of the schema.
pub(super) struct Member<'a> {
    pub node: NodeId,
    /// Keep it, as far as the projection wants it.
    pub keep: bool,
    pub projection: &'a Projection,
    pub finds: &'a mut Finds,
}

impl<'de> DeserializeSeed<'de> for Member<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        let node = schema().node(self.node);
        let has_members = match node.kind {
            Kind::Structure => true,
            Kind::List => node
                .element
                .is_some_and(|element| schema().node(element).kind == Kind::Structure),
            _ => false,
        };
        if self.keep || has_members {
            return deserializer.deserialize_any(self);
        }
        deserializer
            .deserialize_ignored_any(IgnoredAny)
            .map(|_| Value::Null)
    }
}

impl Member<'_> {
    fn schema_node(&self) -> &'static Node {
        schema().node(self.node)
    }

    /// A value that is kept as it is, unless it is a secret.
    fn plain(&self, value: impl FnOnce() -> Value) -> Value {
        if !self.keep {
            Value::Null
        } else if self.schema_node().secret {
            Value::Secret
        } else {
            value()
        }
    }

    fn text(&self, text: &str, owned: impl FnOnce() -> Text) -> Value {
        self.plain(|| {
            let node = self.schema_node();
            match node.kind {
                Kind::Timestamp => read_time(text).unwrap_or_else(|| Value::String(owned())),
                _ => Value::String(known(&node.values, text).unwrap_or_else(owned)),
            }
        })
    }
}

/// The schema's own copy of an enum value.
fn known(values: &'static [Text], text: &str) -> Option<Text> {
    values
        .iter()
        .find(|value| *value == text)
        .map(|value| Cow::Borrowed(value.as_ref()))
}

/// A date as the AWS CLI prints it: RFC 3339, or without a zone, which is then read as UTC.
fn read_time(text: &str) -> Option<Value> {
    if let Ok(time) = text.parse::<jiff::Timestamp>() {
        return Some(Value::Time(time.as_millisecond()));
    }
    let civil: jiff::civil::DateTime = text.parse().ok()?;
    let zoned = civil.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    Some(Value::Time(zoned.timestamp().as_millisecond()))
}

impl<'de> Visitor<'de> for Member<'_> {
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

    #[expect(
        clippy::cast_possible_truncation,
        reason = "a cast of a float stops at the greatest integer"
    )]
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

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let Some(element) = self
            .schema_node()
            .element
            .filter(|_| self.schema_node().kind == Kind::List)
        else {
            return unschemed(self.keep && !self.schema_node().secret, seq);
        };
        let mut items = Vec::new();
        loop {
            let seed = Member {
                node: element,
                keep: self.keep,
                projection: self.projection,
                finds: &mut *self.finds,
            };
            match seq.next_element_seed(seed)? {
                Some(item) if self.keep => items.push(item),
                Some(_) => {}
                None => return Ok(self.plain(|| Value::List(items))),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Value, A::Error> {
        match self.schema_node().kind {
            Kind::Structure => {
                let members = members(self.node, self.keep, self.projection, self.finds, map)?.0;
                Ok(self.plain(|| Value::Map(members)))
            }
            Kind::Map => self.entries(map),
            _ => object_without_schema(self.keep && !self.schema_node().secret, map),
        }
    }
}

impl Member<'_> {
    /// The keys and values of a map such as the tags.
    fn entries<'de, A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let node = self.schema_node();
        let Some(element) = node.element else {
            return object_without_schema(self.keep, map);
        };
        let mut entries = Map::default();
        while let Some(key) = map.next_key::<Cow<'de, str>>()? {
            let seed = Member {
                node: element,
                keep: self.keep,
                projection: self.projection,
                finds: &mut *self.finds,
            };
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

fn twice(name: &str) -> String {
    format!("`{name}` stands twice in the same object, and it is not clear which one counts")
}

/// Reads the members of a structure, and says which of them were there.
pub(super) fn members<'de, A: MapAccess<'de>>(
    owner: NodeId,
    keep: bool,
    projection: &Projection,
    finds: &mut Finds,
    mut map: A,
) -> Result<(Map, u64), A::Error> {
    let mut kept = Map::default();
    let (mut seen, mut guess) = (0_u64, 0);
    while let Some(key) = map.next_key_seed(Key { owner, guess })? {
        match key {
            Name::Known(position, id) => {
                let bit = 1_u64 << position;
                if seen & bit != 0 {
                    return Err(A::Error::custom(twice(&schema().node(id).name)));
                }
                guess = position + 1;
                let keep = keep && projection.wants(id);
                let value = map.next_value_seed(Member {
                    node: id,
                    keep,
                    projection,
                    finds,
                })?;
                if value != Value::Null || !keep {
                    seen |= bit;
                }
                if keep && value != Value::Null {
                    kept.0.push((borrowed_name(id), value));
                }
            }
            Name::Unknown(name) => {
                finds
                    .unknown_members
                    .push(join(&schema().node(owner).path, &name));
                if keep && projection.wants_unknown_members() {
                    let value = Value::from_json(map.next_value()?);
                    if value != Value::Null {
                        kept.set(Cow::Owned(name), value);
                    }
                } else {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
    }
    Ok((kept, seen))
}

fn borrowed_name(id: NodeId) -> Text {
    Cow::Borrowed(schema().node(id).name.as_ref())
}

/// The path of a member of something.
pub(super) fn join(owner: &str, name: &str) -> String {
    if owner.is_empty() {
        name.to_owned()
    } else {
        format!("{owner}.{name}")
    }
}

/// A member name of a structure.
pub(super) enum Name {
    /// Its position among the structure's members, and its node.
    Known(usize, NodeId),
    Unknown(String),
}

/// Reads a member name. `guess` is the position where it probably stands: answers keep the model's order.
pub(super) struct Key {
    pub owner: NodeId,
    pub guess: usize,
}

impl<'de> DeserializeSeed<'de> for Key {
    type Value = Name;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Name, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Key {
    type Value = Name;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a member name")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Name, E> {
        let members = &schema().node(self.owner).members;
        let guess = self.guess.min(members.len());
        let (before, after) = members.split_at(guess);
        let found = (guess..)
            .zip(after)
            .chain((0..).zip(before))
            .find(|(_, id)| schema().node(**id).name == name);
        Ok(found.map_or_else(
            || Name::Unknown(name.to_owned()),
            |(position, id)| Name::Known(position, *id),
        ))
    }
}

/// An array where the schema has none: kept as it is, or skipped.
fn unschemed<'de, A: SeqAccess<'de>>(keep: bool, mut seq: A) -> Result<Value, A::Error> {
    let mut items = Vec::new();
    while let Some(item) = seq.next_element::<serde_json::Value>()? {
        if keep {
            items.push(Value::from_json(item));
        }
    }
    Ok(Value::List(items))
}

/// An object where the schema has none: kept as it is, or skipped.
fn object_without_schema<'de, A: MapAccess<'de>>(keep: bool, mut map: A) -> Result<Value, A::Error> {
    let mut members = Map::default();
    while let Some((key, value)) = map.next_entry::<Cow<'de, str>, serde_json::Value>()? {
        if keep {
            members.set(Cow::Owned(key.into_owned()), Value::from_json(value));
        }
    }
    Ok(Value::Map(members))
}
