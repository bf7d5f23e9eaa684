//! The changes of a plan to pools, app clients and domains beside setting values: a member of the pool document, by
//! which a rule can fail a plan that replaces or deletes them.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use super::join::{Joiner, Owner};
use super::resource::{Fate, Resource};
use super::tree::{Node, Tree};
use crate::pool::{Lifecycle, Origin, Pool, Section};
use crate::source::declared::{DeclaredPool, Holder, Places, Scenario};
use crate::source::text::ValueStep;
use crate::value::{Map, Value};

const CHANGE: &str = "PlannedChange";

/// Says in the document of a pool that the pool is replaced or deleted.
pub(super) fn pool(resource: &Resource, document: &mut Map, places: &mut Places) {
    let (Some(at), Some(action)) = (&resource.action_at, action(resource.fate)) else { return };
    let mut change = Map::default();
    change.set(Cow::Borrowed("Action"), Value::String(Cow::Borrowed(action)));
    if let Some(users) = users(resource) {
        change.set(Cow::Borrowed("EstimatedNumberOfUsers"), Value::Int(users));
    }
    document.set(Cow::Borrowed(CHANGE), Value::Map(change));
    place(resource, at, vec![member(CHANGE)], places);
}

/// Says in the document of its pool that an app client or a domain is replaced or deleted.
pub(super) fn part(resource: &Resource, document: &mut Map, places: &mut Places) {
    let (Some(at), Some((list, element))) = (&resource.action_at, element(resource)) else { return };
    let known = document.0.iter().any(|(name, _)| name == CHANGE);
    if !known {
        document.set(Cow::Borrowed(CHANGE), Value::Map(Map::default()));
    }
    let change = document.0.iter_mut().find(|(name, _)| name == CHANGE);
    let Some((_, Value::Map(change))) = change else { return };
    if change.get(list).is_none() {
        change.set(Cow::Borrowed(list), Value::List(Vec::new()));
    }
    let elements = change.0.iter_mut().find(|(name, _)| name == list);
    let Some((_, Value::List(elements))) = elements else { return };
    elements.push(Value::Map(element));
    let steps = vec![member(CHANGE), member(list), ValueStep::Index(elements.len() - 1)];
    place(resource, at, steps, places);
}

/// The pools that a plan deletes, and those that are not in the plan and lose a client or a domain by it.
pub(super) fn gone(joiner: Joiner<'_>, origin: &Origin) -> Vec<DeclaredPool> {
    let mut gone = Vec::new();
    let mut elsewhere: BTreeMap<String, DeclaredPool> = BTreeMap::new();
    for resource in joiner.resources.iter().filter(|resource| resource.action_at.is_some()) {
        if resource.is_pool() && resource.fate == Fate::Destroyed {
            let mut declared = empty(origin, resource);
            let Scenario { pool: deleted, .. } = &mut declared.scenarios[0];
            for name in ["Id", "Name", "Arn"] {
                let argument = resource.mapping.shown(name);
                if let Some(text) = argument.and_then(|argument| resource.text(argument)) {
                    deleted.document.set(Cow::Borrowed(name), Value::String(text.to_owned().into()));
                }
            }
            deleted.address = Some(resource.address.as_str().into());
            pool(resource, &mut deleted.document, &mut declared.places);
            declared.places.resources.insert(Vec::new(), resource.declared());
            gone.push(declared);
        }
        if element(resource).is_none() {
            continue;
        }
        if let Owner::Elsewhere(id) = joiner.pool_of(resource)
            && !joiner.is_gone(&id)
        {
            let declared = elsewhere.entry(id.clone()).or_insert_with(|| empty(origin, resource));
            let Scenario { pool: there, .. } = &mut declared.scenarios[0];
            there.document.set(Cow::Borrowed("Id"), Value::String(id.into()));
            part(resource, &mut there.document, &mut declared.places);
        }
    }
    gone.extend(elsewhere.into_values());
    gone
}

/// A pool of which nothing is known yet.
fn empty(origin: &Origin, resource: &Resource) -> DeclaredPool {
    let pool = Pool {
        origin: origin.clone(),
        place: resource.tree.at.clone(),
        lifecycle: Lifecycle::Stated,
        region: resource.text("region").or(resource.region.as_deref()).map(Into::into),
        ..Pool::default()
    };
    DeclaredPool {
        scenarios: vec![Scenario { when: String::new(), pool }],
        before: None,
        places: Places::default(),
    }
}

/// The word for what becomes of what is lost; none for what stays, or is made.
fn action(fate: Fate) -> Option<&'static str> {
    match fate {
        Fate::Replaced => Some("replace"),
        Fate::Destroyed => Some("delete"),
        Fate::Made | Fate::RawState | Fate::Changed | Fate::Forgotten | Fate::Deposed => None,
    }
}

/// An app client or a domain that is replaced or deleted, and the list that it is an element of. A managed client
/// stays where Terraform no longer looks after it.
fn element(resource: &Resource) -> Option<(&'static str, Map)> {
    let was = was(resource)?;
    let mapping = resource.mapping;
    let names: &[&'static str] = if mapping.section == Section::Clients && !mapping.adopts {
        &["ClientId", "ClientName"]
    } else if mapping.section == Section::Domains {
        &["Domain"]
    } else {
        return None;
    };
    let mut element = Map::default();
    for name in names {
        let text = mapping.shown(name).and_then(|argument| was.get(argument)).and_then(Tree::as_str);
        if let Some(text) = text {
            element.set(Cow::Borrowed(*name), Value::String(text.to_owned().into()));
        }
    }
    element.set(Cow::Borrowed("Action"), Value::String(Cow::Borrowed(action(resource.fate)?)));
    Some((mapping.section.member(), element))
}

/// The former value of a lost resource.
fn was(resource: &Resource) -> Option<&Tree> {
    match resource.fate {
        Fate::Replaced => resource.before.as_ref(),
        Fate::Destroyed => Some(&resource.tree),
        Fate::Made | Fate::RawState | Fate::Changed | Fate::Forgotten | Fate::Deposed => None,
    }
}

/// How many users a pool that is lost has, as far as the plan knows.
fn users(resource: &Resource) -> Option<i64> {
    match &was(resource)?.get("estimated_number_of_users")?.node {
        Node::Number(number) => number.as_i64(),
        _ => None,
    }
}

fn member(name: &'static str) -> ValueStep<'static> {
    ValueStep::Member(Cow::Borrowed(name))
}

/// Notes where the plan says it, and of which resource.
fn place(resource: &Resource, at: &Range<usize>, steps: Vec<ValueStep<'static>>, places: &mut Places) {
    let declared = resource.declared();
    let whole = at.start.min(declared.whole.start)..at.end.max(declared.whole.end);
    let mut action = steps.clone();
    action.push(member("Action"));
    places.values.insert(action, at.clone());
    places.resources.insert(steps, Holder { at: at.clone(), whole, ..declared });
}
