//! The canonical form of pool documents: members in the schema's order, lists without an order sorted.
//!
//! Every member stays. Values that mean the same and are written in another way, such as an absent value and its
//! default, are not changed.

use std::borrow::Cow;
use std::cmp::Ordering;

use crate::schema::{Kind, Node, NodeId, schema};
use crate::value::{Map, Value};

/// Brings a pool document into its canonical form. Members that the schema does not know come last, by name.
pub fn canonical(document: Map) -> Map {
    map(document, Some(NodeId::ROOT))
}

fn value(value: Value, node: Option<NodeId>) -> Value {
    match value {
        Value::Map(members) => Value::Map(map(members, node)),
        Value::List(items) => Value::List(list(items, node)),
        plain => plain,
    }
}

fn map(members: Map, id: Option<NodeId>) -> Map {
    let structure = id.map(|id| schema().node(id)).filter(|node| node.kind == Kind::Structure);
    let mut sent = Vec::with_capacity(members.len());
    for (name, inner) in members.0 {
        let node = id.and_then(|id| schema().member(id, &name));
        let is_sent = node.is_none_or(|id| schema().node(id).is_sent());
        if inner != Value::Null && is_sent {
            let known = structure.and_then(|structure| structure.position(name.as_bytes(), 0));
            sent.push((known.unwrap_or(usize::MAX), name, value(inner, node)));
        }
    }
    sent.sort_by(|(a, name_a, _), (b, name_b, _)| (a, name_a).cmp(&(b, name_b)));
    Map(sent.into_iter().map(|(_, name, value)| (name, value)).collect())
}

fn list(items: Vec<Value>, id: Option<NodeId>) -> Vec<Value> {
    let node = id.map(|id| schema().node(id)).filter(|node| node.kind == Kind::List);
    let element = node.and_then(|node| node.element);
    let mut items: Vec<Value> = items.into_iter().map(|item| value(item, element)).collect();
    if let Some(node) = node.filter(|node| node.unordered || node.key.is_some()) {
        items.sort_by(|a, b| order(a, b, node));
    }
    items
}

/// The order of elements: by their identifying members, if they have one, then by the whole values.
fn order(a: &Value, b: &Value, node: &Node) -> Ordering {
    key(a, node).cmp(&key(b, node)).then_with(|| text(a).cmp(&text(b)))
}

fn key<'v>(item: &'v Value, node: &Node) -> Option<Cow<'v, str>> {
    node.key.as_ref().and_then(|key| item.get(key)).map(text)
}

fn text(value: &Value) -> Cow<'_, str> {
    match value.as_str() {
        Some(text) => Cow::Borrowed(text),
        None => Cow::Owned(value.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canonical_of(json: serde_json::Value) -> serde_json::Value {
        let Value::Map(document) = Value::from_json(json) else { panic!() };
        Value::Map(canonical(document)).to_json()
    }

    /// As text, since two objects are equal whatever their order.
    #[track_caller]
    fn becomes(from: serde_json::Value, to: &str) {
        assert_eq!(canonical_of(from).to_string(), to);
    }

    #[test]
    fn members_stand_in_the_order_of_the_schema_and_unknown_ones_last() {
        becomes(
            serde_json::json!({ "Zeta": { "b": null, "c": 1, "a": [null] }, "Alpha": 1, "Name": "n", "Id": "i", "Arn": null }),
            r#"{"Id":"i","Name":"n","Alpha":1,"Zeta":{"a":[null],"c":1}}"#,
        );
        becomes(
            serde_json::json!({ "UserPoolTags": { "b": "1", "a": "2" } }),
            r#"{"UserPoolTags":{"a":"2","b":"1"}}"#,
        );
    }

    #[test]
    fn lists_are_sorted_where_their_order_means_nothing() {
        becomes(
            serde_json::json!({ "AutoVerifiedAttributes": ["phone_number", "email"], "New": ["b", "a"] }),
            r#"{"AutoVerifiedAttributes":["email","phone_number"],"New":["b","a"]}"#,
        );
        becomes(
            serde_json::json!({ "Clients": [{ "AllowedOAuthScopes": ["b", "a"], "ClientId": "2" }, { "ClientId": "1" }, 7] }),
            r#"{"Clients":[7,{"ClientId":"1"},{"ClientId":"2","AllowedOAuthScopes":["a","b"]}]}"#,
        );
    }

    #[test]
    fn what_stands_in_a_wrong_place_stays() {
        let odd = serde_json::json!({ "Id": ["b", "a"], "Clients": { "b": 1, "a": 2 }, "Policies": "none" });
        becomes(odd, r#"{"Id":["b","a"],"Policies":"none","Clients":{"a":2,"b":1}}"#);
    }
}
