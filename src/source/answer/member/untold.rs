//! Members that an answer does not hold although they are set: those of an item that a list told of, those of an answer
//! that is inside another object, and those that are spelled otherwise.

use std::sync::Arc;

use super::Seen;
use crate::pool::Projection;
use crate::schema::{Kind, Node, NodeId, schema};
use crate::value::{Map, Value};

/// Members beside a pool in the output of SDKs, which are not members of a pool.
pub(in crate::source::answer) const METADATA: [&str; 2] = ["ResponseMetadata", "$metadata"];

/// The part of a structure that an answer does not tell.
enum Untold {
    /// Anything.
    Whole(String),
    /// The members that it does not have.
    Rest(String),
}

/// The value of a structure with the members that were seen.
pub(super) fn structure(id: NodeId, mut members: Map, seen: Seen, projection: &Projection) -> Value {
    match untold(id, seen) {
        None => Value::Map(members),
        Some(Untold::Whole(why)) => Value::Unknown(why.into()),
        Some(Untold::Rest(why)) => {
            set_unknown(id, !seen.given, &why.into(), projection, &mut members);
            Value::Map(members)
        }
    }
}

fn untold(id: NodeId, seen: Seen) -> Option<Untold> {
    let node = schema().node(id);
    let list = schema().node(node.parent);
    if node.name.is_empty() && list.kind == Kind::List && list.operation.is_some() {
        let operation = list.operation.as_deref().unwrap_or_default();
        let key = list.key.as_deref()?;
        if seen.given & bit(node, key) == 0 {
            let why = format!(
                "it has no `{key}`, so it is not an answer of {operation}, or has one in another object"
            );
            return Some(Untold::Whole(why));
        }
        let told = listed(node);
        return (told != 0 && seen.given & !told == 0).then(|| {
            Untold::Rest(format!(
                "it has nothing but what a list tells of it, and an answer of {operation} was not saved"
            ))
        });
    }
    let operation =
        node.operation.as_deref().filter(|_| id != NodeId::ROOT && node.kind == Kind::Structure)?;
    (seen.foreign && seen.given == 0).then(|| {
        Untold::Whole(format!(
            "it has no member of an answer of {operation}, so it is not such an answer, or has one in another object"
        ))
    })
}

fn bit(node: &Node, name: &str) -> u64 {
    node.position(name.as_bytes(), 0).map_or(0, |position| 1 << position)
}

/// The members that the answer of a list has.
pub(in crate::source::answer) fn listed(node: &Node) -> u64 {
    let is_listed = |(_, id): &(usize, &NodeId)| schema().node(**id).listed;
    node.members.iter().enumerate().filter(is_listed).fold(0, |all, (position, _)| all | 1 << position)
}

/// Makes members unknown that are not told, where they are wanted. What other operations answer is not meant.
fn set_unknown(owner: NodeId, untold: u64, why: &Arc<str>, projection: &Projection, members: &mut Map) {
    let owner = schema().node(owner);
    for (position, id) in owner.members.iter().enumerate() {
        let node = schema().node(*id);
        let is_meant = untold & (1 << position) != 0 && projection.wants(*id);
        if is_meant && node.operation.is_none() && !node.planned && !node.inferred {
            members.0.push((owner.names[position].into(), Value::Unknown(Arc::clone(why))));
        }
    }
}

/// A name that is not a member's, as it counts for what was seen: it may be a member's in other letters.
pub(in crate::source::answer) fn see_foreign(owner: &Node, name: &str, seen: &mut Seen) {
    seen.foreign |= !METADATA.contains(&name);
    if !owner.open
        && let Some(position) = owner.names.iter().position(|known| is_same_word(known, name))
    {
        seen.respelled |= 1 << position;
    }
}

/// Makes members unknown that are there in other letters alone: the service does not read them so.
pub(in crate::source::answer) fn respelled(
    owner: NodeId,
    seen: Seen,
    projection: &Projection,
    members: &mut Map,
) {
    let respelled = seen.respelled & !seen.named;
    if respelled != 0 {
        let why = "it is given under a name that is spelled otherwise than in answers of the API".into();
        for position in (0..schema().node(owner).names.len()).filter(|at| respelled & (1 << at) != 0) {
            let id = schema().node(owner).members[position];
            // A section under such a name is not read either.
            if schema().node(id).operation.is_some() && projection.wants(id) {
                members
                    .0
                    .push((schema().node(owner).names[position].into(), Value::Unknown(Arc::clone(&why))));
            }
        }
        set_unknown(owner, respelled, &why, projection, members);
    }
}

/// Whether two names differ in nothing but capitals and the marks between words.
pub(in crate::source::answer) fn is_same_word(one: &str, other: &str) -> bool {
    let letters = |text: &str| -> Vec<u8> {
        text.bytes().filter(|byte| !matches!(byte, b'_' | b'-')).map(|b| b.to_ascii_lowercase()).collect()
    };
    letters(one) == letters(other)
}
