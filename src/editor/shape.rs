//! The shapes that schemas are made of.

use serde_json::{Map, Value as Json, json};

/// The description of a key that has no type.
pub(super) const NO_TYPE: &str = "A key without a type.";

/// A table with some of the keys of a reader, and no others.
pub(super) fn table(keys: &[&str], required: &[&str], of: impl Fn(&str) -> Option<Json>) -> Json {
    let key = |key: &&str| {
        let shape = of(key).unwrap_or_else(|| json!({ "description": NO_TYPE }));
        ((*key).to_owned(), shape)
    };
    let properties: Map<String, Json> = keys.iter().map(key).collect();
    json!({
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

/// The same shape with a description.
pub(super) fn about(mut shape: Json, description: &str) -> Json {
    if let Json::Object(members) = &mut shape {
        members.insert("description".to_owned(), description.into());
    }
    shape
}

pub(super) fn text() -> Json {
    json!({ "type": "string", "minLength": 1 })
}

/// An integer of TOML.
pub(super) fn integer() -> Json {
    json!({ "type": "integer", "minimum": i64::MIN, "maximum": i64::MAX })
}

pub(super) fn boolean() -> Json {
    json!({ "type": "boolean" })
}

pub(super) fn word(words: impl IntoIterator<Item = &'static str>) -> Json {
    json!({ "enum": words.into_iter().collect::<Vec<_>>() })
}

pub(super) fn array(items: impl Into<Json>, least: usize) -> Json {
    let items: Json = items.into();
    json!({ "type": "array", "items": items, "minItems": least })
}

/// An array in which nothing is there twice.
pub(super) fn set(items: impl Into<Json>, least: usize) -> Json {
    let items: Json = items.into();
    json!({ "type": "array", "items": items, "minItems": least, "uniqueItems": true })
}

/// A table with any keys.
pub(super) fn map(values: impl Into<Json>, least: usize) -> Json {
    let values: Json = values.into();
    json!({ "type": "object", "additionalProperties": values, "minProperties": least })
}

pub(super) fn reference(definition: &str) -> Json {
    json!({ "$ref": format!("#/definitions/{definition}") })
}

/// A value that a rule compares with.
pub(super) fn scalar() -> Json {
    json!({ "type": ["string", "integer", "boolean"] })
}
