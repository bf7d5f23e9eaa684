//! The secrets of a file, so that no excerpt shows them.

use std::ops::Range;

use serde_json::{Map, Value as Json};

use super::resource::Resource;
use super::tree::{Marks, Node, Tree};
use crate::schema::schema;
use crate::source::declared::Mapping;

/// Marks the copies of what is sensitive too, which Terraform does not.
pub(super) fn spread(resource: &mut Resource) {
    spread_marks(&mut resource.sensitive, resource.mapping);
    spread_marks(&mut resource.before_sensitive, resource.mapping);
}

fn spread_marks(marks: &mut Json, mapping: &Mapping) {
    let Some(members) = marks.as_object_mut() else { return };
    let is_marked = |members: &Map<String, Json>, name: &str| members.get(name) == Some(&Json::Bool(true));
    match members.get("tags").cloned() {
        Some(Json::Bool(true)) => {
            members.insert("tags_all".to_owned(), Json::Bool(true));
        }
        Some(Json::Object(tags)) => {
            let all = members.entry("tags_all").or_insert_with(|| Json::Object(Map::new()));
            if let Some(all) = all.as_object_mut() {
                all.extend(tags);
            }
        }
        _ => {}
    }
    for (argument, template, copy) in copies(mapping) {
        let inner = members.get(template).and_then(|blocks| blocks.get(0)).and_then(|block| block.get(copy));
        if inner == Some(&Json::Bool(true)) {
            members.insert(argument.to_owned(), Json::Bool(true));
        } else if is_marked(members, argument) && !is_marked(members, template) {
            let blocks = members.entry(template).or_insert_with(|| Json::Array(Vec::new()));
            if let Some(blocks) = blocks.as_array_mut() {
                if blocks.is_empty() {
                    blocks.push(Json::Object(Map::new()));
                }
                if let Some(block) = blocks.first_mut().and_then(Json::as_object_mut) {
                    block.insert(copy.to_owned(), Json::Bool(true));
                }
            }
        }
    }
}

/// Values that the provider copies between two names: an argument, and a block with the other in it.
fn copies(mapping: &Mapping) -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    schema().mirrors().iter().filter_map(|mirror| {
        let name = |member| mapping.argument(&schema().node(member).path);
        let (copy, original) = (name(mirror.copy)?, name(mirror.original)?);
        let (block, inner) = original.split_once('.')?;
        let simple = !copy.contains('.') && !inner.contains('.');
        simple.then_some((copy, block, inner))
    })
}

/// The places of the secrets of a resource: values that the plan marks as sensitive, and values under the name of a
/// secret. The former value is beside the new one, so it is searched too.
pub(super) fn of(resource: &Resource, places: &mut Vec<Range<usize>>) {
    collect(&resource.tree, resource.sensitive(), resource.mapping, places);
    if let Some(before) = &resource.before {
        collect(before, Marks(Some(&resource.before_sensitive)), resource.mapping, places);
    }
}

fn collect(tree: &Tree, sensitive: Marks<'_>, mapping: &Mapping, places: &mut Vec<Range<usize>>) {
    if sensitive.all() {
        return hide(tree, places);
    }
    match &tree.node {
        Node::Deep => hide(tree, places),
        Node::List(elements) => {
            for (index, element) in elements.iter().enumerate() {
                collect(element, sensitive.element(index), mapping, places);
            }
        }
        Node::Map(members) => {
            for (name, value) in members {
                if mapping.names_secret(name) || schema().names_secret(name) {
                    hide(value, places);
                } else {
                    collect(value, sensitive.member(name), mapping, places);
                }
            }
        }
        _ => {}
    }
}

/// A text without its quotes; anything else as a whole.
fn hide(tree: &Tree, places: &mut Vec<Range<usize>>) {
    match &tree.node {
        Node::Null => {}
        Node::String(_) if tree.at.len() > 1 => places.push(tree.at.start + 1..tree.at.end - 1),
        _ => places.push(tree.at.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::arguments::mapping;
    use super::*;

    #[test]
    fn copies_of_what_is_sensitive_are_sensitive() {
        let mut marks = serde_json::json!({
            "tags": {"key": true}, "tags_all": {}, "verification_message_template": [],
            "email_verification_message": true,
        });
        spread_marks(&mut marks, mapping("aws_cognito_user_pool").unwrap());
        assert_eq!(marks["tags_all"], serde_json::json!({"key": true}));
        assert_eq!(marks["verification_message_template"], serde_json::json!([{"email_message": true}]));
        let mut other = serde_json::json!({"verification_message_template": [{"sms_message": true}]});
        spread_marks(&mut other, mapping("aws_cognito_user_pool").unwrap());
        assert_eq!(other["sms_verification_message"], true);
    }
}
