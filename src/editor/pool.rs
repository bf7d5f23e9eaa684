//! The pool of a test, as the API could produce it.

use serde_json::{Map, Value as Json, json};

use crate::schema::{Kind, Node, NodeId, schema};

/// The pool document.
pub(super) fn document() -> Json {
    shape(NodeId::ROOT)
}

/// The names of paths from the pool, and of paths from an element of a list.
pub(super) fn paths() -> Vec<String> {
    let mut paths: Vec<String> = Vec::new();
    for (_, node) in schema().nodes() {
        let path = node.path.as_ref();
        let plain = path.rsplit(['[', '{']).next().unwrap_or_default();
        let relative = plain.strip_prefix("].").or(plain.strip_prefix("}.")).unwrap_or(path);
        if !relative.is_empty() && !relative.contains(['[', '{']) {
            paths.push(relative.to_owned());
        }
    }
    paths.sort();
    paths.dedup();
    paths
}

fn shape(id: NodeId) -> Json {
    let node = schema().node(id);
    match node.kind {
        Kind::Structure => {
            let member = |id: &NodeId| (schema().node(*id).name.to_string(), shape(*id));
            let members = node.members.iter().filter(|id| !schema().node(**id).inferred);
            let properties: Map<String, Json> = members.map(member).collect();
            json!({ "type": "object", "properties": properties, "additionalProperties": node.open })
        }
        Kind::Map => {
            let values = node.element.map_or(json!(true), shape);
            bounded(json!({ "type": "object", "additionalProperties": values }), node, "Properties")
        }
        Kind::List => {
            let items = node.element.map_or(json!(true), shape);
            bounded(json!({ "type": "array", "items": items }), node, "Items")
        }
        Kind::Integer => {
            let mut shape = json!({ "type": "integer" });
            for (key, bound) in [("minimum", node.min), ("maximum", node.max)] {
                add(&mut shape, key, bound);
            }
            shape
        }
        Kind::Boolean => json!({ "type": "boolean" }),
        // A secret is a marker, whatever is written.
        Kind::String if node.secret => json!({ "type": "string" }),
        Kind::String if !node.values.is_empty() => {
            json!({ "enum": node.values.iter().map(AsRef::as_ref).collect::<Vec<&str>>() })
        }
        Kind::String => bounded(json!({ "type": "string" }), node, "Length"),
        // A date of TOML is a text for the validators.
        Kind::Timestamp => json!({ "type": "string" }),
    }
}

/// The shape with the bounds of a size: `minItems`, `maxItems`.
fn bounded(mut shape: Json, node: &Node, of: &str) -> Json {
    for (end, bound) in [("min", node.min), ("max", node.max)] {
        add(&mut shape, &format!("{end}{of}"), bound);
    }
    shape
}

fn add(shape: &mut Json, key: &str, bound: Option<i64>) {
    if let (Json::Object(members), Some(bound)) = (shape, bound) {
        members.insert(key.to_owned(), bound.into());
    }
}
