//! Where secrets stand in a file, so that no excerpt shows them.

use std::ops::Range;

use super::resource::Resource;
use super::tree::{Marks, Node, Tree};
use crate::schema::schema;

/// Arguments that are secrets wherever they stand, beside those that go by the API's name for them.
const NAMES: [&str; 2] = ["client_secret", "external_id"];

/// The places of the secrets of a resource: what the plan marks as sensitive, and what has the name of a secret.
/// What it was before stands next to what it will be, so that is looked through too.
pub(super) fn of(resource: &Resource, places: &mut Vec<Range<usize>>) {
    collect(&resource.tree, resource.sensitive(), places);
    if let Some(before) = &resource.before {
        collect(before, Marks(Some(&resource.before_sensitive)), places);
    }
}

fn collect(tree: &Tree, sensitive: Marks<'_>, places: &mut Vec<Range<usize>>) {
    if sensitive.all() {
        return hide(tree, places);
    }
    match &tree.node {
        Node::Deep => hide(tree, places),
        Node::List(elements) => {
            for (index, element) in elements.iter().enumerate() {
                collect(element, sensitive.element(index), places);
            }
        }
        Node::Map(members) => {
            for (name, value) in members {
                if NAMES.contains(&name.as_str()) || schema().names_secret(name) {
                    hide(value, places);
                } else {
                    collect(value, sensitive.member(name), places);
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
