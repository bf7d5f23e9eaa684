//! What stands at a path of a pool: the five states.

use std::borrow::Cow;

use super::{Pool, Section};
use crate::schema::{Absence, Kind, Manner, NodeId, Path, schema};
use crate::value::Value;

/// What stands at a path.
#[derive(Clone, Debug, PartialEq)]
pub enum State<'a> {
    /// The value is there.
    Present(&'a Value),
    /// It is absent, and the API reads that as this value.
    Default(&'a Value),
    /// It is absent, and there is no default.
    Absent,
    /// It cannot be known, and why.
    Unknown(Cow<'a, str>),
    /// The input does not hold the section at all.
    Outside(Section),
}

/// Where paths start: the pool, or an element of one of its lists.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'a> {
    pub pool: &'a Pool,
    /// The element and its place in the schema; `None` for the pool itself.
    pub element: Option<(&'a Value, Option<NodeId>)>,
}

/// Follows a path and says what stands there.
pub fn resolve<'a>(scope: Scope<'a>, path: &Path) -> State<'a> {
    let manner = scope.pool.manner();
    let mut steps = path.steps.iter();
    let (mut value, mut node) = match scope.element {
        Some((value, node)) if !path.from_pool => (value, node),
        _ => {
            let Some(first) = steps.next() else {
                return State::Absent;
            };
            let node = schema().member(NodeId::ROOT, &first.name);
            let section = Section::of(&first.name);
            // What is known of a section that was not read as a whole may not be all of it.
            let unread = scope.pool.unread.iter().any(|(unread, _)| *unread == section);
            match scope.pool.document.get(&first.name).filter(|_| !unread) {
                Some(value) => (value, node),
                None => match section_state(scope.pool, section) {
                    Some(state) => return state,
                    None => return absent(node, steps.map(|step| step.name.as_ref()), manner, true),
                },
            }
        }
    };
    while let Some(step) = steps.next() {
        let next = node.and_then(|id| schema().member(id, &step.name));
        match value {
            Value::Map(map) => match map.get(&step.name) {
                Some(inner) => (value, node) = (inner, next),
                None => {
                    let section = inner_section(scope.pool, next);
                    let rest = steps.map(|step| step.name.as_ref());
                    return section.unwrap_or_else(|| absent(next, rest, manner, true));
                }
            },
            Value::Later(why) | Value::Unknown(why) => return State::Unknown(Cow::Borrowed(why)),
            other => {
                return State::Unknown(Cow::Owned(format!(
                    "{} stands where the API has an object with `{}`",
                    other.kind(),
                    step.name
                )));
            }
        }
    }
    found(value, node, manner)
}

/// The same of a section that hangs inside another.
fn inner_section(pool: &Pool, node: Option<NodeId>) -> Option<State<'_>> {
    section_state(pool, node.and_then(Section::topped_by)?)
}

/// Whether a section is unread or outside; `None` when it is held.
fn section_state(pool: &Pool, section: Section) -> Option<State<'_>> {
    if let Some((_, why)) = pool.unread.iter().find(|(unread, _)| *unread == section) {
        return Some(State::Unknown(Cow::Borrowed(why)));
    }
    let held = section == Section::UserPool || pool.held.contains(&section);
    (!held).then_some(State::Outside(section))
}

/// A value that is there, which may yet mean the same as none.
fn found(value: &Value, node: Option<NodeId>, manner: Manner) -> State<'_> {
    let node = node.map(|id| schema().node(id));
    match value {
        Value::Unknown(why) => State::Unknown(Cow::Borrowed(why)),
        Value::Map(map) if map.is_empty() && node.is_some_and(|node| node.empty_is_absent) => State::Absent,
        Value::List(items) if items.is_empty() && node.is_some_and(|node| node.empty_is_default) => node
            .map_or(State::Absent, |node| match node.absence(manner, true) {
                Absence::Default(value) => State::Default(value),
                _ => State::Present(value),
            }),
        _ => State::Present(value),
    }
}

/// What the absence of a value means, after following the rest of the path through the schema.
fn absent<'a>(
    mut node: Option<NodeId>,
    rest: impl Iterator<Item = &'a str>,
    manner: Manner,
    mut in_block: bool,
) -> State<'static> {
    for name in rest {
        // A default of the structure around it would be stated by its members, so only they are asked.
        node = node.and_then(|id| schema().member(id, name));
        in_block = false;
    }
    let Some(node) = node.map(|id| schema().node(id)) else {
        return State::Absent;
    };
    match node.absence(manner, in_block && node.kind != Kind::Structure) {
        Absence::Default(value) => State::Default(value),
        Absence::Unknown(why) => State::Unknown(Cow::Borrowed(why)),
        Absence::Absent => State::Absent,
    }
}
