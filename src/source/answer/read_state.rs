//! Facts about an answer beside its values: unknown members, and the entry of a snapshot.

use serde::de::Error;

use super::reader::Skipped;
use super::snapshot::Recorded;
use crate::schema::{NodeId, schema};
use crate::value::Value;

/// Findings beside the values, and a record of elements that were checked already.
#[derive(Debug, Default)]
pub(super) struct ReadState<'de> {
    /// Paths of members that the schema does not know.
    pub unknown_members: Vec<String>,
    /// The elements that were valid last, for each list that is skipped.
    pub passed: Vec<(NodeId, Vec<&'de str>)>,
    /// The elements of the pool before, for each list of structures that is kept.
    pub kept: Vec<KeptList<'de>>,
    /// The number of elements that were not there before.
    pub new_texts: usize,
    /// The value is read by `serde_json`, whose errors name their places: it reads every element where it is.
    pub is_slow: bool,
    /// The texts of the objects that were skipped in the pool before.
    pub skipped: Skipped<'de>,
    /// By member, the position of the one that followed it last, from 1.
    pub following: Vec<u8>,
    /// The entry of a snapshot's line about its pool.
    pub recorded: Option<Recorded>,
    /// The pools are those of a snapshot.
    pub in_snapshot: bool,
    /// Why the value as a whole is not a pool, once that is known. It ends the reading of the value.
    pub refusal: Option<Refusal>,
}

/// The elements that a list had in the pool before.
#[derive(Debug)]
pub(super) struct KeptList<'de> {
    pub element: NodeId,
    pub elements: Vec<(&'de str, Value)>,
    /// The numbers of elements that had the same text as in the pool before, and another one.
    same: usize,
    other: usize,
}

impl<'de> KeptList<'de> {
    pub(super) fn new(element: NodeId, elements: Vec<(&'de str, Value)>) -> KeptList<'de> {
        KeptList { element, elements, same: 0, other: 0 }
    }
}

/// The number of different elements from which on a list counts as one that differs from pool to pool.
const TRIES: usize = 64;

/// A few elements more or less before it move an element so far.
const MOVED: usize = 8;

/// The element of a list that is wanted: the one at a position, or one near it. The others are not looked at, because a
/// list may be long.
fn near<T>(list: &[T], index: usize, is_wanted: impl Fn(&T) -> bool) -> Option<&T> {
    let around = index.saturating_sub(MOVED)..list.len().min(index + MOVED + 1);
    let here = list.get(index).filter(|element| is_wanted(element));
    here.or_else(|| list.get(around)?.iter().find(|element| is_wanted(element)))
}

/// Whether a text is a known one. The reader gives the known one again, so that its place decides.
fn is_same(known: &str, text: &str) -> bool {
    std::ptr::eq(known, text) || known == text
}

/// A value that is not a pool, and how to describe it.
#[derive(Debug)]
pub(super) struct Refusal {
    pub message: String,
    /// The command to run instead, if it is known.
    pub help: Option<&'static str>,
}

impl<'de> ReadState<'de> {
    /// Whether an element was valid in the pool before.
    pub(super) fn has_passed(&self, node: NodeId, index: usize, text: &str) -> bool {
        let list = self.passed.iter().find(|(list, _)| *list == node);
        list.is_some_and(|(_, texts)| near(texts, index, |known| is_same(known, text)).is_some())
    }

    /// Notes that an element is valid.
    pub(super) fn pass(&mut self, node: NodeId, index: usize, text: &'de str) {
        self.new_texts += 1;
        let known = self.passed.iter().position(|(list, _)| *list == node);
        let list = known.unwrap_or(self.passed.len());
        if known.is_none() {
            self.passed.push((node, Vec::new()));
        }
        let texts = &mut self.passed[list].1;
        texts.resize(texts.len().max(index + 1), "");
        texts[index] = text;
    }

    /// The probable position of the member that follows another, which is at a position: the one that did so last. Answers
    /// keep the order of the schema, but no answer has every member.
    pub(super) fn guess(&self, node: NodeId, position: usize) -> usize {
        match self.following.get(node.index()) {
            Some(known @ 1..) => usize::from(*known) - 1,
            _ => position + 1,
        }
    }

    /// Notes the position of the member that follows another.
    pub(super) fn follow(&mut self, node: NodeId, position: usize) {
        if self.following.is_empty() {
            self.following.resize(schema().nodes().len(), 0);
        }
        self.following[node.index()] = u8::try_from(position + 1).unwrap_or_default();
    }

    /// Whether the elements of a list are compared with those of the pool before. Where most of them differ, reading
    /// each for its end and again for its members would take longer.
    pub(super) fn compares(&self, element: NodeId) -> bool {
        let list = self.kept.iter().find(|list| list.element == element);
        !self.is_slow && list.is_none_or(|list| list.other < TRIES || list.other < list.same)
    }

    /// The value of an element, if it has the text that it had in the pool before.
    pub(super) fn kept(&mut self, element: NodeId, index: usize, text: &str) -> Option<Value> {
        let list = self.kept.iter_mut().find(|list| list.element == element)?;
        let known = near(&list.elements, index, |(known, _)| is_same(known, text));
        let known = known.map(|(_, value)| value.clone());
        *(if known.is_some() { &mut list.same } else { &mut list.other }) += 1;
        known
    }

    /// Keeps the value of an element for the next pool.
    pub(super) fn keep(&mut self, element: NodeId, index: usize, text: &'de str, value: &mut Value) {
        self.new_texts += 1;
        let known = self.kept.iter().position(|list| list.element == element);
        let at = known.unwrap_or(self.kept.len());
        if known.is_none() {
            self.kept.push(KeptList::new(element, Vec::new()));
        }
        if let Value::Map(map) = value {
            map.0.share();
        }
        let elements = &mut self.kept[at].elements;
        elements.resize(elements.len().max(index + 1), ("", Value::Null));
        elements[index] = (text, value.clone());
    }

    /// Forgets what was found in the value before.
    pub(super) fn begin(&mut self) {
        self.unknown_members.clear();
        (self.recorded, self.refusal) = (None, None);
    }

    /// Refuses the value as a whole. The error only ends the reading: the refusal is what is reported.
    pub(super) fn refuse<E: Error>(&mut self, message: String, help: Option<&'static str>) -> E {
        self.refusal = Some(Refusal { message, help });
        E::custom("refused")
    }
}

/// The message about a member that is in one object twice.
pub(in crate::source) fn twice(name: &str) -> String {
    format!("`{name}` appears twice in the same object, and it is not clear which one counts")
}

/// The path of a member of something.
pub(super) fn join(owner: &str, name: &str) -> String {
    if owner.is_empty() { name.to_owned() } else { format!("{owner}.{name}") }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[test]
    fn a_long_list_is_not_searched() {
        let list: Vec<usize> = (0..10_000).collect();
        let looked = Cell::new(0);
        let is = |wanted: usize| {
            let looked = &looked;
            move |element: &usize| {
                looked.set(looked.get() + 1);
                *element == wanted
            }
        };
        for (index, wanted, found) in [
            (0, 0, true),
            (5, 9, true),
            (9, 5, true),
            (5, 500, false),
            (9_999, 9_995, true),
            (20_000, 3, false),
        ] {
            looked.set(0);
            assert_eq!(near(&list, index, is(wanted)).is_some(), found, "{wanted} at {index}");
            assert!(looked.get() <= 2 * MOVED + 2, "{} elements", looked.get());
        }
    }
}
