//! Mirrors: members that have the same value under two names. A value under one name is completed under the other.

use super::{Pool, Projection, Section};
use crate::schema::{InputKind, Kind, Mirror, Node, NodeId, schema};
use crate::value::{Map, Text, Value};

/// A value that was added under a second name because it was given under the first.
#[derive(Clone, Debug, PartialEq)]
pub struct Mirrored {
    pub from: NodeId,
    pub to: NodeId,
    /// The value that was replaced and meant nothing: 0, null or an empty structure.
    instead_of: Option<Value>,
}

/// The state of a path before its mirror is added.
enum Held<'d> {
    Value(&'d Value),
    /// A structure around it is unknown, so its value may be anything.
    Open(&'d Value),
    Nothing,
}

/// Completes a pool document: each value with two names is added under the missing name. Values that were given under
/// both names are unchanged. `mirrored` and `made` of the pool list the additions. Members that the projection leaves out
/// under both names are not looked for.
pub fn mirror(pool: &mut Pool, projection: &Projection) {
    let wanted = |one: &&Mirror| projection.wants(one.copy) || projection.wants(one.original);
    for one in schema().mirrors().iter().filter(wanted) {
        let (copy, original) = (held(pool, one.copy), held(pool, one.original));
        let is_open = matches!((&copy, &original), (Held::Open(_), _) | (_, Held::Open(_)));
        let (from, to, value) = match (copy, original) {
            (Held::Nothing, Held::Value(value) | Held::Open(value)) => (one.original, one.copy, value),
            (Held::Value(value), Held::Nothing) => (one.copy, one.original, value),
            // An unknown structure of the copy makes only the copy unknown: the original is in another structure.
            (Held::Open(value), Held::Nothing) if one.within.is_none() => (one.copy, one.original, value),
            // A 0 that means the default means it under both names.
            (Held::Nothing, Held::Nothing) if schema().node(one.copy).kind == Kind::Integer => {
                let [copy, original] = [one.copy, one.original].map(|id| raw(pool, id));
                match (copy, original) {
                    (None, Some(zero @ Value::Int(0))) => (one.original, one.copy, zero),
                    (Some(zero @ Value::Int(0)), None) => (one.copy, one.original, zero),
                    _ => continue,
                }
            }
            _ => continue,
        };
        let value = match value {
            // The structure is certain, and the member in it is not.
            Value::Later(why) if is_open => Value::Unknown(why.clone()),
            value => value.clone(),
        };
        if can_hold(pool, one, to) {
            let way: Vec<NodeId> = way(to).collect();
            let instead_of = at(&pool.document, &way).cloned();
            let made = set(&mut pool.document, &way, value);
            pool.made.extend(made);
            pool.mirrored.push(Mirrored { from, to, instead_of });
        }
    }
}

/// The document without the additions of `mirror`.
pub fn given(pool: &Pool) -> Map {
    let mut document = pool.document.clone();
    for one in &pool.mirrored {
        let way: Vec<NodeId> = way(one.to).collect();
        match &one.instead_of {
            Some(value) => drop(set(&mut document, &way, value.clone())),
            None => take(&mut document, &way),
        }
    }
    // The last one is the innermost.
    for id in pool.made.iter().rev() {
        let way: Vec<NodeId> = way(*id).collect();
        take(&mut document, &way);
    }
    document
}

/// Completes a document again in which values were replaced: each value under a second name is that of the first.
pub fn mirror_again(pool: &mut Pool) {
    for one in schema().mirrors() {
        let [copy, original] = [one.copy, one.original].map(|id| raw(pool, id));
        if copy.is_some() && copy != original {
            let way: Vec<NodeId> = way(one.copy).collect();
            take(&mut pool.document, &way);
        }
    }
    mirror(pool, &Projection::everything());
}

/// The members from the pool to a path.
fn way(id: NodeId) -> impl DoubleEndedIterator<Item = NodeId> {
    let above = |id: &NodeId| Some(schema().node(*id).parent).filter(|above| *above != NodeId::ROOT);
    let way: Vec<NodeId> = std::iter::successors(Some(id), above).collect();
    way.into_iter().rev()
}

fn at<'d>(document: &'d Map, way: &[NodeId]) -> Option<&'d Value> {
    let (first, rest) = way.split_first()?;
    let name = |id: &NodeId| schema().node(*id).name.as_ref();
    rest.iter().try_fold(document.get(name(first))?, |value, step| value.get(name(step)))
}

fn raw(pool: &Pool, id: NodeId) -> Option<&Value> {
    let way: Vec<NodeId> = way(id).collect();
    at(&pool.document, &way)
}

fn held(pool: &Pool, id: NodeId) -> Held<'_> {
    let node = schema().node(id);
    match around(&pool.document, node.parent) {
        Ok(around) => match around.get(&node.name) {
            Some(value) if !node.means_none(value) => Held::Value(value),
            _ => Held::Nothing,
        },
        Err(held) => held,
    }
}

/// A structure of a document; how much is known of its members if it is not there.
fn around(document: &Map, id: NodeId) -> Result<&Map, Held<'_>> {
    if id == NodeId::ROOT {
        return Ok(document);
    }
    let node = schema().node(id);
    match around(document, node.parent)?.get(&node.name) {
        Some(Value::Map(inner)) => Ok(inner),
        Some(value) if value.is_unknown() => Err(Held::Open(value)),
        _ => Err(Held::Nothing),
    }
}

/// Whether the structures around a member may be added to hold it.
fn can_hold(pool: &Pool, mirror: &Mirror, to: NodeId) -> bool {
    let mut around = Some(&pool.document);
    for step in way(to).filter(|step| *step != to) {
        let node = schema().node(step);
        around = match around.and_then(|around| around.get(&node.name)) {
            Some(Value::Map(inner)) => Some(inner),
            // A secret, or a value in a wrong place.
            Some(value) if *value != Value::Null => return false,
            _ => None,
        };
        let absent = around.is_none();
        let unread = Section::rooted_at(step).is_some_and(|section| {
            pool.unread.iter().any(|(unread, _)| *unread == section)
                || (absent && !pool.held.contains(&section))
        });
        if unread || (absent && (Some(step) == mirror.within || is_in_every_answer(pool, node))) {
            return false;
        }
    }
    true
}

/// Whether a structure is missing because the answer was truncated.
fn is_in_every_answer(pool: &Pool, node: &Node) -> bool {
    let known = |id: &NodeId| schema().node(*id).defaults().unknown_in_answer.is_none();
    node.kind == Kind::Structure && pool.input_kind() == InputKind::Answer && !node.members.iter().all(known)
}

/// Sets a member, and returns the structures that were added for it.
fn set(around: &mut Map, way: &[NodeId], value: Value) -> Vec<NodeId> {
    let Some((first, rest)) = way.split_first() else { return Vec::new() };
    let name: &Text = &schema().node(*first).name;
    if rest.is_empty() {
        around.set(name.clone(), value);
        return Vec::new();
    }
    let mut made = Vec::new();
    if !matches!(around.get(name), Some(Value::Map(_))) {
        around.set(name.clone(), Value::Map(Map::default()));
        made.push(*first);
    }
    if let Some((_, Value::Map(inner))) = around.0.iter_mut().find(|(own, _)| own == name) {
        made.extend(set(inner, rest, value));
    }
    made
}

fn take(around: &mut Map, way: &[NodeId]) {
    let Some((first, rest)) = way.split_first() else { return };
    let name: &Text = &schema().node(*first).name;
    match around.0.iter_mut().find(|(own, _)| own == name) {
        Some((_, Value::Map(inner))) if !rest.is_empty() => take(inner, rest),
        Some(_) if rest.is_empty() => around.0.retain(|(own, _)| own != name),
        _ => {}
    }
}
