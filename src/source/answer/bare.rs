//! A pool without an envelope: the members at the top of an object.

use serde::de::MapAccess;

use super::member::{METADATA, Seen, known_member, listed, respelled, see_foreign, unknown_member};
use super::read_state::ReadState;
use crate::pool::Projection;
use crate::schema::{NodeId, schema};
use crate::source::text::members;
use crate::value::Map;

/// A pool without an envelope.
#[derive(Default)]
pub(super) struct Bare {
    members: Map,
    seen: Seen,
    /// The position at which the next member is looked for first.
    pub guess: usize,
}

impl Bare {
    pub(super) fn member<'de, A: MapAccess<'de>>(
        &mut self,
        position: usize,
        projection: &Projection,
        read_state: &mut ReadState<'de>,
        map: &mut A,
    ) -> Result<(), A::Error> {
        let root = schema().node(NodeId::ROOT);
        self.guess = position + 1;
        let value = known_member(root, position, &mut self.seen, projection, read_state, map)?;
        self.members.0.extend(value.map(|value| (root.names[position].into(), value)));
        Ok(())
    }

    pub(super) fn has(&self, name: &str) -> bool {
        let position = schema().node(NodeId::ROOT).position(name.as_bytes(), 0);
        position.is_some_and(|position| self.seen.given & (1 << position) != 0)
    }

    /// The first member that is there, whether it is kept or not.
    pub(super) fn first(&self) -> Option<&'static str> {
        let first = self.seen.given.trailing_zeros() as usize;
        schema().node(NodeId::ROOT).names.get(first).copied()
    }

    /// A pool has a name or an id, and more than ListUserPools tells of it.
    pub(super) fn is_pool(&self) -> bool {
        let root = schema().node(NodeId::ROOT);
        (self.has("Id") || self.has("Name") || self.has("Arn")) && self.seen.given & !listed(root) != 0
    }

    pub(super) fn finish(
        mut self,
        foreign: Vec<(String, serde_json::Value)>,
        projection: &Projection,
        read_state: &mut ReadState<'_>,
    ) -> Map {
        for (name, value) in foreign {
            if METADATA.contains(&name.as_str()) {
                continue;
            }
            see_foreign(schema().node(NodeId::ROOT), &name, &mut self.seen);
            if projection.wants_unknown_members() && !value.is_null() {
                self.members.set(name.clone().into(), unknown_member(&name, value));
            }
            read_state.unknown_members.push(name);
        }
        respelled(NodeId::ROOT, self.seen, projection, &mut self.members);
        self.members
    }
}

/// Whether an object has more of a pool than ListUserPools tells of it.
pub(super) fn says_more(object: &str) -> bool {
    let root = schema().node(NodeId::ROOT);
    members(object).iter().any(|(name, _)| {
        let member = root.position(name.as_bytes(), 0);
        member.is_some_and(|at| listed(root) & (1 << at) == 0) || name == "UserPool"
    })
}
