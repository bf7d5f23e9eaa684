//! The texts of pools that were read, to compare those of the next chunk with. Most pools have the same attributes and
//! objects, and a live answer or a file has one pool.

use super::read_state::{KeptList, ReadState};
use super::reader::Skipped;
use crate::schema::NodeId;
use crate::value::Value;

/// With as many new texts, a state is remembered in the place of the one before.
const NEW: usize = if cfg!(test) { 1 } else { 8 };

/// The elements of a list, as text and as value.
type Elements = Vec<(Box<str>, Value)>;

/// The texts of a pool, with the values of those that are kept.
#[derive(Debug, Default)]
pub struct Memory {
    /// Less is looked over in a snapshot.
    in_snapshot: bool,
    members: Vec<Box<str>>,
    lists: Vec<Vec<Box<str>>>,
    passed: Vec<(NodeId, Vec<Box<str>>)>,
    kept: Vec<(NodeId, Elements)>,
    following: Vec<u8>,
}

/// No pool was read before.
pub(super) static NONE: Memory = Memory {
    in_snapshot: false,
    members: Vec::new(),
    lists: Vec::new(),
    passed: Vec::new(),
    kept: Vec::new(),
    following: Vec::new(),
};

impl Memory {
    /// The state to read a text with.
    pub(super) fn state(&self, in_snapshot: bool) -> ReadState<'_> {
        if in_snapshot != self.in_snapshot {
            return ReadState { in_snapshot, ..ReadState::default() };
        }
        let (members, lists) =
            (borrowed(&self.members), self.lists.iter().map(|list| borrowed(list)).collect());
        ReadState {
            skipped: Skipped { members, lists },
            passed: self.passed.iter().map(|(node, texts)| (*node, borrowed(texts))).collect(),
            kept: self.kept.iter().map(kept).collect(),
            following: self.following.clone(),
            in_snapshot,
            ..ReadState::default()
        }
    }
}

impl ReadState<'_> {
    /// The texts of the pools that were read. `None` where they are nearly those of the memory that they were read with.
    pub(super) fn memory(self) -> Option<Memory> {
        if self.new_texts < NEW {
            return None;
        }
        let kept = |list: KeptList<'_>| {
            let elements = list.elements.into_iter().map(|(text, value)| (Box::from(text), value));
            (list.element, elements.collect())
        };
        Some(Memory {
            in_snapshot: self.in_snapshot,
            members: owned(self.skipped.members),
            lists: self.skipped.lists.into_iter().map(owned).collect(),
            passed: self.passed.into_iter().map(|(node, texts)| (node, owned(texts))).collect(),
            kept: self.kept.into_iter().map(kept).collect(),
            following: self.following,
        })
    }
}

fn kept((element, elements): &(NodeId, Elements)) -> KeptList<'_> {
    KeptList::new(*element, elements.iter().map(|(text, value)| (&**text, value.clone())).collect())
}

fn borrowed(texts: &[Box<str>]) -> Vec<&str> {
    texts.iter().map(AsRef::as_ref).collect()
}

fn owned(texts: Vec<&str>) -> Vec<Box<str>> {
    texts.into_iter().map(Box::from).collect()
}
