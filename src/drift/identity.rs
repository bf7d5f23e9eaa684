//! Identity: the member that identifies an element of a list, and elements that the service creates itself.

use std::collections::BTreeMap;

use super::pair::Pair;
use crate::schema::Node;
use crate::value::{Text, Value};

/// The identity of the elements of a list.
#[derive(Clone, Debug)]
pub(super) struct ElementKey {
    member: Option<Text>,
    kind: ElementKeyKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ElementKeyKind {
    Name,
    /// The names of attributes have a prefix in answers, and none in templates.
    Attribute,
    /// Two pools have no domain in common, but each may have one of its own name and one of the service's.
    Domain,
}

/// The identity of the elements of two lists: their names, if the service assigns different ids in each or has not
/// assigned one yet.
pub(super) fn key(list: &Node, items: [&[Value]; 2], pair: Pair<'_>) -> ElementKey {
    let has_key = |item: &Value| {
        let key = list.key.as_ref().and_then(|key| item.get(key));
        key.is_some_and(|key| !key.is_unknown() && *key != Value::Null)
    };
    let named = pair.apart || !items.into_iter().flatten().all(has_key);
    let label = list.label.clone().filter(|_| named);
    let kind = match list.path.as_ref() {
        "SchemaAttributes" => ElementKeyKind::Attribute,
        "Domains" if pair.apart => ElementKeyKind::Domain,
        _ => ElementKeyKind::Name,
    };
    ElementKey { member: label.or_else(|| list.key.clone()), kind }
}

/// Whether the identity of an element is unknown.
pub(super) fn is_open(item: &Value, by: &ElementKey) -> bool {
    let own = by.member.as_ref().and_then(|member| item.get(member));
    item.is_unknown() || own.is_some_and(|own| own.is_unknown() || *own == Value::Secret)
}

pub(super) fn key_of(item: &Value, by: &ElementKey) -> String {
    let own = by.member.as_ref().and_then(|member| item.get(member)).map(Value::to_string);
    match (own, by.kind) {
        (Some(name), ElementKeyKind::Name) => name,
        (Some(name), ElementKeyKind::Attribute) => bare(&name).to_owned(),
        (Some(name), ElementKeyKind::Domain) => name.contains('.').to_string(),
        (None, _) => item.to_string(),
    }
}

fn bare(attribute: &str) -> &str {
    let name = attribute.strip_prefix("dev:").unwrap_or(attribute);
    name.strip_prefix("custom:").unwrap_or(name)
}

/// The name of an element in a path.
pub(super) fn shown(item: &Value, by: &ElementKey, index: usize) -> String {
    let own = by.member.as_ref().and_then(|member| item.get(member));
    own.map_or_else(|| index.to_string(), Value::to_string)
}

/// An element and its position.
pub(super) type Item<'v> = Option<(usize, &'v Value)>;

/// Matches the elements of two lists, sorted by their keys.
pub(super) fn matched<'v>(a: &'v [Value], b: &'v [Value], by: &ElementKey) -> Vec<(Item<'v>, Item<'v>)> {
    let mut all: BTreeMap<String, [Vec<(usize, &Value)>; 2]> = BTreeMap::new();
    for (index, item) in a.iter().enumerate() {
        all.entry(key_of(item, by)).or_default()[0].push((index, item));
    }
    for (index, item) in b.iter().enumerate() {
        all.entry(key_of(item, by)).or_default()[1].push((index, item));
    }
    let mut matched = Vec::new();
    for [of_a, of_b] in all.into_values() {
        for i in 0..of_a.len().max(of_b.len()) {
            matched.push((of_a.get(i).copied(), of_b.get(i).copied()));
        }
    }
    matched
}

/// Whether the service creates an element of a list by itself: standard attributes, which AWS adds over time, and the
/// group of an identity provider, which its first user creates.
pub(super) fn comes_by_itself(list: &str, item: &Value, pair: Pair<'_>) -> bool {
    let text = |member| item.get(member).and_then(Value::as_str);
    match list {
        "SchemaAttributes" => {
            let standard = text("Name").is_some_and(|name| name == bare(name));
            let required = item.get("Required") == Some(&Value::Bool(true)) && text("Name") != Some("sub");
            standard && !required
        }
        "Groups" => [pair.recorded, pair.current].into_iter().any(|pool| {
            let id = pool.document.get("Id").and_then(Value::as_str);
            let start = id.map(|id| format!("{id}_"));
            start.is_some_and(|start| text("GroupName").is_some_and(|name| name.starts_with(&start)))
                && item.get("RoleArn").is_none()
        }),
        _ => false,
    }
}
