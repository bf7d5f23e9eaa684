//! Members that are left out and have a value all the same: the service gives new things an id and dates, and values
//! of an adopted thing are unknown if they are left out.

use std::borrow::Cow;

use crate::pool::{Lifecycle, Section};
use crate::schema::{Kind, NodeId, schema};
use crate::source::text::ValueStep;
use crate::value::{Map, Value};

const LATER: &str = "the service sets it when it is created";
const ADOPTED: &str = "it was created elsewhere, and the input does not show it";

/// Makes known of what is left out that it is not known, where that is so.
pub(super) fn fill(part: &mut Map, at: NodeId, lifecycle: Lifecycle) {
    for id in &schema().node(at).members {
        let node = schema().node(*id);
        if !node.is_sent() || Section::rooted_at(*id).is_some() {
            continue;
        }
        match part.0.iter_mut().find(|(name, _)| *name == node.name) {
            Some((_, value)) => fill_inside(value, *id, lifecycle),
            None => match lifecycle {
                Lifecycle::Created if node.filled && node.kind != Kind::Structure => {
                    // The member that names it is always there.
                    let name = node.identifies || names_element(*id);
                    let value = if name { Value::Later } else { Value::Unknown };
                    part.set(node.name.clone(), value(LATER.into()));
                }
                Lifecycle::Adopted => part.set(node.name.clone(), Value::Unknown(ADOPTED.into())),
                Lifecycle::Created | Lifecycle::Answered | Lifecycle::Updated | Lifecycle::Stated => {}
            },
        }
    }
}

/// Whether a member is what an element of a list goes by.
fn names_element(id: NodeId) -> bool {
    let node = schema().node(id);
    let list = schema().node(schema().node(node.parent).parent);
    [&list.key, &list.label].into_iter().flatten().any(|name| *name == node.name)
}

fn fill_inside(value: &mut Value, id: NodeId, lifecycle: Lifecycle) {
    let node = schema().node(id);
    match (value, node.kind) {
        (Value::Map(map), Kind::Structure) => fill(map, id, lifecycle),
        (Value::List(items), Kind::List) => {
            let Some(element) = node.element else { return };
            for item in items {
                fill_inside(item, element, lifecycle);
            }
        }
        _ => {}
    }
}

/// Sets a member inside of members, which are made where they are missing.
pub(super) fn set(members: &mut Map, path: &[&'static str], value: Value) {
    match path {
        [] => {}
        [name] => members.set(Cow::Borrowed(*name), value),
        [name, rest @ ..] => {
            if members.get(name).is_none() {
                members.set(Cow::Borrowed(*name), Value::Map(Map::default()));
            }
            let inner = members.0.iter_mut().find(|(member, _)| member == name);
            if let Some((_, Value::Map(inner))) = inner {
                set(inner, rest, value);
            }
        }
    }
}

/// Sets a member inside of structures where it is not there.
pub(super) fn set_absent(members: &mut Map, steps: &[ValueStep<'static>], value: Value) {
    let [ValueStep::Member(name), rest @ ..] = steps else { return };
    match members.0.iter_mut().find(|(member, _)| member == name) {
        Some((_, Value::Map(inner))) => set_absent(inner, rest, value),
        None if rest.is_empty() => members.set(name.clone(), value),
        Some(_) | None => {}
    }
}

/// The members of a pool that its id, or an ARN in its place, shows.
pub(super) fn identity(id: Option<&str>) -> Map {
    let mut document = Map::default();
    let mut name = |member: &'static str, text: &str| {
        document.set(Cow::Borrowed(member), Value::String(text.to_owned().into()));
    };
    match id.map(|id| (id, id.rsplit_once(":userpool/"))) {
        Some((arn, Some((_, id)))) => {
            name("Id", id);
            name("Arn", arn);
        }
        Some((id, None)) => name("Id", id),
        None => {}
    }
    document
}
