//! The effects of a plan on pools beside setting values: notes for whoever is about to apply it.

use super::resource::{Fate, Resource};
use super::tree::Tree;
use crate::schema::schema;
use crate::source::declared::{Argument, Mapping};

/// The arguments of a pool that only its creation sets. Attributes can be added to a pool, so `schema` is not among
/// them.
fn fixed(mapping: &Mapping) -> impl Iterator<Item = &'static str> {
    let only_creation_sets = |argument: &&Argument| {
        let node = schema().node(argument.node);
        node.set_by.as_deref() == Some("CreateUserPool") && !node.holds_structures()
    };
    mapping.arguments.iter().filter(only_creation_sets).map(|argument| argument.name)
}

/// Notes about the changes of a pool.
pub(super) fn notes(resource: &Resource) -> Vec<String> {
    let Resource { address, .. } = resource;
    if resource.fate == Fate::Deposed {
        let id = resource.text("id").map_or(String::new(), |id| format!(" ({id})"));
        let users = if resource.is_pool() { ", with all of its users" } else { "" };
        return vec![format!(
            "{address}{id} is left from an apply that did not finish: it still exists and is not judged, and the next \
             apply deletes it{users}"
        )];
    }
    if !resource.is_pool() {
        let forgotten = resource.fate == Fate::Forgotten;
        let note = format!("{address} is taken out of the state and stays as it is, so it is not judged");
        return forgotten.then_some(note).into_iter().collect();
    }
    match resource.fate {
        Fate::Destroyed => {
            vec![format!("{address} is destroyed, with all of its users, so its settings are not judged")]
        }
        Fate::Forgotten => {
            vec![format!("{address} is taken out of the state and stays as it is, so it is not judged")]
        }
        Fate::Replaced => {
            let forced = match resource.forced.as_slice() {
                [] => String::new(),
                paths => format!("; what forces it: {}", paths.join(", ")),
            };
            vec![format!("{address} is replaced, and all users of the pool that is there are lost{forced}")]
        }
        Fate::Changed => changed(resource),
        Fate::Made | Fate::RawState | Fate::Deposed => Vec::new(),
    }
}

/// Changes that the service will refuse.
fn changed(resource: &Resource) -> Vec<String> {
    let Resource { address, before, tree, .. } = resource;
    let Some(before) = before else { return Vec::new() };
    let mut notes = Vec::new();
    let known = |argument: &str| !resource.unknown().member(argument).any();
    let altered = |argument: &&str| match (before.get(argument), tree.get(argument)) {
        (Some(before), Some(after)) => known(argument) && !same_set(before, after),
        (_, _) => false,
    };
    for argument in fixed(resource.mapping).filter(|argument| altered(argument)) {
        notes.push(format!(
            "{address} changes `{argument}`, which cannot be changed once a pool is there: applying it fails or \
             replaces the pool"
        ));
    }
    let attributes = |tree: &'_ Tree| tree.get("schema").is_some();
    if attributes(before) && attributes(tree) {
        let after = tree.get("schema").map_or(&[] as &[_], Tree::elements);
        let gone = before.get("schema").map_or(&[] as &[_], Tree::elements).iter();
        let gone = gone.filter(|one| !after.iter().any(|other| one.same(other)));
        let names: Vec<&str> = gone.filter_map(|one| one.get("name").and_then(Tree::as_str)).collect();
        if !names.is_empty() {
            notes.push(format!(
                "{address} changes or removes {} of `schema`, which the service refuses: attributes can only be \
                 added",
                names.join(", ")
            ));
        }
    }
    notes
}

/// Whether two values are the same, whatever the order of their elements.
fn same_set(a: &Tree, b: &Tree) -> bool {
    let (left, right) = (a.elements(), b.elements());
    let has = |all: &[Tree], one: &Tree| all.iter().any(|other| one.same(other));
    a.same(b)
        || (left.len() == right.len()
            && !left.is_empty()
            && left.iter().all(|one| has(right, one))
            && right.iter().all(|one| has(left, one)))
}
