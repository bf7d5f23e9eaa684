//! The canonical form of pool documents: members in the schema's order, lists without an order sorted.
//!
//! Every member stays. Values that mean the same and are written in another way, such as an absent value and its
//! default, are not changed.

use std::borrow::Cow;

use crate::schema::{Kind, Node, NodeId, schema};
use crate::value::{Map, Text, Value};

/// Brings a pool document into its canonical form.
pub fn canonical(document: &Map) -> Map {
    map(document, Some(NodeId::ROOT))
}

/// A member of an object, and its node if the schema has one.
#[derive(Debug)]
pub struct OrderedMember<'v> {
    pub name: &'v Text,
    pub value: &'v Value,
    pub node: Option<NodeId>,
    /// Among the members of the schema; those that it does not know come last, by name.
    position: usize,
}

/// The members of an object in their canonical order, but for those that are unset and those that no answer has.
pub fn ordered_members(object: &Map, id: Option<NodeId>) -> Vec<OrderedMember<'_>> {
    let owner = id.map(|id| schema().node(id));
    let (mut ordered, mut guess) = (Vec::with_capacity(object.len()), 0);
    for (name, value) in &object.0 {
        let (position, node) = match owner {
            Some(Node { kind: Kind::Map, element, .. }) => (None, *element),
            Some(owner) => {
                let position = owner.position(name.as_bytes(), guess);
                (position, position.map(|position| owner.members[position]))
            }
            None => (None, None),
        };
        guess = position.map_or(guess, |position| position + 1);
        if *value != Value::Null && node.is_none_or(|id| schema().node(id).is_sent()) {
            ordered.push(OrderedMember { name, value, node, position: position.unwrap_or(usize::MAX) });
        }
    }
    ordered.sort_by(|a, b| (a.position, a.name).cmp(&(b.position, b.name)));
    ordered
}

/// The elements of a list in their canonical order, and the node of each.
pub fn ordered_elements(items: &[Value], id: Option<NodeId>) -> (Vec<&Value>, Option<NodeId>) {
    let list = id.map(|id| schema().node(id)).filter(|node| node.kind == Kind::List);
    let mut ordered: Vec<&Value> = items.iter().collect();
    let element = list.and_then(|list| list.element);
    if let Some(list) = list.filter(|list| list.unordered || list.key.is_some()) {
        sort(&mut ordered, list);
    }
    (ordered, element)
}

fn value(value: &Value, node: Option<NodeId>) -> Value {
    match value {
        Value::Map(object) => Value::Map(map(object, node)),
        Value::List(items) => {
            let (ordered, element) = ordered_elements(items, node);
            Value::List(ordered.into_iter().map(|item| self::value(item, element)).collect())
        }
        plain => plain.clone(),
    }
}

fn map(object: &Map, id: Option<NodeId>) -> Map {
    let members = ordered_members(object, id).into_iter();
    Map(members.map(|member| (member.name.clone(), value(member.value, member.node))).collect())
}

/// Sorts elements by their identifying members, if they have one, then by the whole values.
fn sort(items: &mut [&Value], list: &Node) {
    items.sort_by(|a, b| key(a, list).cmp(&key(b, list)));
    for alike in items.chunk_by_mut(|a, b| key(a, list) == key(b, list)) {
        match alike {
            [_] => {}
            texts if texts.iter().all(|item| item.as_str().is_some()) => {
                texts.sort_by_key(|item| item.as_str());
            }
            // The text of each is made once, since they may be as large as any answer.
            others => others.sort_by_cached_key(|item| value(item, list.element).to_string()),
        }
    }
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
        Value::Map(canonical(&document)).to_json()
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
        for clients in [
            "[2, 1, {}, {\"New\": 2, \"ClientName\": \"b\"}, {\"ClientName\": \"a\"}, \"z\"]",
            "[\"z\", {\"ClientName\": \"a\"}, {\"ClientName\": \"b\", \"New\": 2}, 1, 2, {}]",
        ] {
            becomes(
                serde_json::json!({ "Clients": serde_json::from_str::<serde_json::Value>(clients).unwrap() }),
                r#"{"Clients":[1,2,"z",{"ClientName":"a"},{"ClientName":"b","New":2},{}]}"#,
            );
        }
    }

    #[test]
    fn what_stands_in_a_wrong_place_stays() {
        let odd = serde_json::json!({ "Id": ["b", "a"], "Clients": { "b": 1, "a": 2 }, "Policies": "none" });
        becomes(odd, r#"{"Id":["b","a"],"Policies":"none","Clients":{"a":2,"b":1}}"#);
    }
}
