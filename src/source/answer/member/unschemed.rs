//! Values that the schema does not know, or does not know in their place: kept without what has the name of a secret.

use std::borrow::Cow;

use serde::de::{MapAccess, SeqAccess};

use super::MapKey;
use crate::schema::schema;
use crate::value::{Map, Value};

/// The value of a member that the schema does not know, or does not know there.
pub(in crate::source::answer) fn unknown_member(name: &str, value: serde_json::Value) -> Value {
    match value {
        serde_json::Value::Null => Value::Null,
        _ if schema().names_secret(name) => Value::Secret,
        value => without_secrets(value),
    }
}

/// A value that the schema does not know there, without what has the name of a secret.
fn without_secrets(value: serde_json::Value) -> Value {
    match value {
        serde_json::Value::Array(items) => Value::List(items.into_iter().map(without_secrets).collect()),
        serde_json::Value::Object(members) => {
            let member = |(name, value): (String, _)| {
                let value = unknown_member(&name, value);
                (Cow::Owned(name), value)
            };
            Value::Map(Map(members.into_iter().map(member).collect()))
        }
        plain => Value::from_json(plain),
    }
}

/// An array where the schema has none: kept as it is, or skipped.
pub(super) fn unschemed<'de, A: SeqAccess<'de>>(keep: bool, mut seq: A) -> Result<Value, A::Error> {
    let mut items = Vec::new();
    while let Some(item) = seq.next_element::<serde_json::Value>()? {
        if keep {
            items.push(without_secrets(item));
        }
    }
    Ok(Value::List(items))
}

/// An object where the schema has none: kept as it is, or skipped.
pub(super) fn object_without_schema<'de, A: MapAccess<'de>>(
    keep: bool,
    mut map: A,
) -> Result<Value, A::Error> {
    let mut members = Map::default();
    while let Some((MapKey(key), value)) = map.next_entry::<_, serde_json::Value>()? {
        if keep {
            let value = unknown_member(&key, value);
            members.set(Cow::Owned(key.into_owned()), value);
        }
    }
    Ok(Value::Map(members))
}
