//! Values of records as a pool document has them.

use serde_json::Value as Json;

use crate::schema::{Kind, NodeId, schema};
use crate::trail::is_name;
use crate::value::{Map, Text, Value};

/// Values that records hide.
const HIDDEN: [&str; 2] = ["HIDDEN_DUE_TO_SECURITY_REASONS", "HIDDEN_FOR_SECURITY_REASONS"];

/// Whether a record hides what is there.
pub(super) fn is_hidden_text(text: &str) -> bool {
    HIDDEN.contains(&text)
}

/// Whether a part of a value is not known.
pub(super) fn is_hidden(value: &Value) -> bool {
    match value {
        Value::Secret | Value::Later(_) | Value::Unknown(_) => true,
        Value::List(items) => items.iter().any(is_hidden),
        Value::Map(Map(members)) => members.iter().any(|(_, value)| is_hidden(value)),
        Value::Null
        | Value::Bool(_)
        | Value::Int(_)
        | Value::Float(_)
        | Value::String(_)
        | Value::Time(_) => false,
    }
}

/// A value of a record as a pool document has it: with the API's names, without secrets and dates.
pub(super) fn converted(json: &Json, id: Option<NodeId>) -> Value {
    let node = id.map(|id| schema().node(id));
    if node.is_some_and(|node| node.secret) {
        return Value::Secret;
    }
    match json {
        Json::String(text) if is_hidden_text(text) => Value::Secret,
        Json::Array(items) => {
            let element = node.and_then(|node| node.element);
            Value::List(items.iter().map(|item| converted(item, element)).collect())
        }
        Json::Object(members) => {
            let is_map = node.is_some_and(|node| node.kind == Kind::Map);
            let mut all = Map::default();
            for (name, value) in members {
                if is_map {
                    let secret = node.is_some_and(|node| node.is_secret_key(name));
                    let inner = node.and_then(|node| node.element);
                    let value = if secret { Value::Secret } else { converted(value, inner) };
                    all.set(name.clone().into(), value);
                    continue;
                }
                let known = node.and_then(|node| node.names.iter().find(|known| is_name(name, known)));
                let inner = known.zip(id).and_then(|(known, id)| schema().member(id, known));
                if inner.is_some_and(|inner| !schema().node(inner).drifts()) {
                    continue;
                }
                let name: Text = known.map_or_else(|| capital(name).into(), |known| Text::Borrowed(known));
                let value = if known.is_none() && schema().names_secret(&name) {
                    Value::Secret
                } else {
                    converted(value, inner)
                };
                all.set(name, value);
            }
            Value::Map(all)
        }
        plain => Value::from_json(plain.clone()),
    }
}

/// A name with a capital letter at its start.
fn capital(name: &str) -> String {
    let mut chars = name.chars();
    chars.next().map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + chars.as_str())
}
