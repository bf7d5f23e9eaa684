//! The texts of pools that were read, to compare those of the next chunk with. Most pools have the same attributes and
//! objects, and a live answer or a file has one pool.

use super::read_state::{KeptList, ReadState};
use super::reader::Skipped;
use crate::schema::NodeId;
use crate::value::Value;

/// With as many new texts, a state is remembered in the place of the one before.
const NEW: usize = if cfg!(test) { 1 } else { 8 };

/// The number of texts that are remembered of a list, and of lists. A pool may have any number, and every later text is
/// begun with what is remembered.
const MOST: usize = 64;

/// The bytes of all texts that are remembered.
const ROOM: usize = 64 << 10;

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

/// The memory before the first pool.
pub(in crate::source) static NO_MEMORY: Memory = Memory {
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
        let mut room = ROOM;
        let mut owned = |texts: Vec<&str>| -> Vec<Box<str>> {
            texts.into_iter().take(MOST).map(|text| fitting(text, &mut room)).collect()
        };
        let members = owned(self.skipped.members);
        let lists = self.skipped.lists.into_iter().take(MOST).map(&mut owned).collect();
        let passed = self.passed.into_iter().map(|(node, texts)| (node, owned(texts))).collect();
        let mut kept = Vec::new();
        for KeptList { element, elements, .. } in self.kept {
            let fitting = |(text, value): (&str, Value)| match fitting(text, &mut room) {
                text if text.is_empty() => (text, Value::Null),
                text => (text, value),
            };
            kept.push((element, elements.into_iter().take(MOST).map(fitting).collect()));
        }
        let (in_snapshot, following) = (self.in_snapshot, self.following);
        Some(Memory { in_snapshot, members, lists, passed, kept, following })
    }
}

/// A text. It is empty where there is no room for it, as the text of an element never is.
fn fitting(text: &str, room: &mut usize) -> Box<str> {
    match room.checked_sub(text.len()) {
        Some(left) => {
            *room = left;
            Box::from(text)
        }
        None => Box::default(),
    }
}

fn kept((element, elements): &(NodeId, Elements)) -> KeptList<'_> {
    KeptList::new(*element, elements.iter().map(|(text, value)| (&**text, value.clone())).collect())
}

fn borrowed(texts: &[Box<str>]) -> Vec<&str> {
    texts.iter().map(AsRef::as_ref).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of a pool of any size, little is remembered, so that the texts after it take no longer.
    #[test]
    fn what_is_remembered_has_a_limit() {
        let texts: Vec<String> =
            (0..10_000).map(|number| format!("{{\"Name\":\"{number:0500}\"}}")).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let elements = texts.iter().map(|text| (*text, Value::Null)).collect();
        let state = ReadState {
            skipped: Skipped { members: texts.clone(), lists: vec![texts.clone(); 1000] },
            passed: vec![(NodeId::ROOT, texts.clone())],
            kept: vec![KeptList::new(NodeId::ROOT, elements)],
            new_texts: texts.len(),
            ..ReadState::default()
        };
        let memory = state.memory().unwrap();
        let passed: Vec<&Box<str>> = memory.passed.iter().flat_map(|(_, texts)| texts).collect();
        let kept: Vec<&Box<str>> =
            memory.kept.iter().flat_map(|(_, all)| all).map(|(text, _)| text).collect();
        let all = memory.members.iter().chain(memory.lists.iter().flatten()).chain(passed).chain(kept);
        let (mut count, mut bytes) = (0, 0);
        for text in all {
            (count, bytes) = (count + 1, bytes + text.len());
        }
        assert!(count == MOST * (MOST + 3) && bytes <= ROOM && bytes > ROOM / 2, "{count} {bytes}");
    }
}
