//! JSON with the place of every value in it, and the marks that a plan sets beside its values.

use std::ops::Range;

use serde_json::value::RawValue;

use crate::source::answer::twice;
use crate::source::text::{members, place, twice_in};

/// Values deeper than this are ignored; no argument is that deep.
const DEEPEST: usize = 64;

/// A value and its span in the file.
#[derive(Clone, Debug)]
pub(super) struct Tree {
    pub at: Range<usize>,
    pub node: Node,
}

/// The value itself.
#[derive(Clone, Debug)]
pub(super) enum Node {
    /// A value inside more values than any argument is.
    Deep,
    Null,
    Bool(bool),
    Number(serde_json::Number),
    String(String),
    List(Vec<Tree>),
    Map(Vec<(String, Tree)>),
}

impl Tree {
    /// Reads a part of a file, which was found to be JSON before.
    pub(super) fn read(text: &str, part: &RawValue) -> Tree {
        Tree::at_depth(text, part, 0)
    }

    /// The same, where a member that is in one object twice is an error: it is not clear which one counts.
    pub(super) fn once(text: &str, part: &RawValue) -> Result<Tree, serde_json::Error> {
        match twice_in(part.get()) {
            Some(name) => Err(serde::de::Error::custom(twice(&name))),
            None => Ok(Tree::read(text, part)),
        }
    }

    fn at_depth(text: &str, part: &RawValue, depth: usize) -> Tree {
        let inner = part.get();
        let deeper = |part: &RawValue| Tree::at_depth(text, part, depth + 1);
        let node = match inner.as_bytes().first() {
            Some(b'{' | b'[') if depth == DEEPEST => Node::Deep,
            Some(b'{') => {
                let members = members(inner).into_iter();
                Node::Map(members.map(|(name, value)| (name.into_owned(), deeper(value))).collect())
            }
            Some(b'[') => {
                let elements: Vec<&RawValue> = serde_json::from_str(inner).unwrap_or_default();
                Node::List(elements.into_iter().map(deeper).collect())
            }
            Some(b'"') => Node::String(serde_json::from_str(inner).unwrap_or_default()),
            Some(b't') => Node::Bool(true),
            Some(b'f') => Node::Bool(false),
            Some(b'n') => Node::Null,
            _ => serde_json::from_str(inner).map_or(Node::Deep, Node::Number),
        };
        Tree { at: place(text, inner), node }
    }

    pub(super) fn get(&self, name: &str) -> Option<&Tree> {
        self.members().iter().find(|(member, _)| member == name).map(|(_, value)| value)
    }

    /// Sets a member of a block.
    pub(super) fn set(&mut self, name: &str, value: Tree) {
        let Node::Map(members) = &mut self.node else { return };
        match members.iter_mut().find(|(other, _)| other == name) {
            Some((_, old)) => *old = value,
            None => members.push((name.to_owned(), value)),
        }
    }

    pub(super) fn members(&self) -> &[(String, Tree)] {
        match &self.node {
            Node::Map(members) => members,
            _ => &[],
        }
    }

    pub(super) fn elements(&self) -> &[Tree] {
        match &self.node {
            Node::List(elements) => elements,
            _ => &[],
        }
    }

    pub(super) fn as_str(&self) -> Option<&str> {
        match &self.node {
            Node::String(text) => Some(text),
            _ => None,
        }
    }

    /// Whether it means the same as nothing: the provider writes empty texts, lists and objects for what is not set.
    pub(super) fn is_unset(&self) -> bool {
        match &self.node {
            Node::Null => true,
            Node::String(text) => text.is_empty(),
            Node::List(elements) => elements.is_empty(),
            Node::Map(members) => members.is_empty(),
            Node::Deep | Node::Bool(_) | Node::Number(_) => false,
        }
    }

    /// Whether a value that is known later cannot be inside it.
    pub(super) fn is_nothing(&self) -> bool {
        matches!(&self.node, Node::Null) || matches!(&self.node, Node::List(elements) if elements.is_empty())
    }

    /// Whether two values are equal, independent of their places.
    pub(super) fn same(&self, other: &Tree) -> bool {
        match (&self.node, &other.node) {
            (Node::Bool(a), Node::Bool(b)) => a == b,
            (Node::Number(a), Node::Number(b)) => a == b,
            (Node::String(a), Node::String(b)) => a == b,
            (Node::List(a), Node::List(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.same(b)),
            (Node::Map(a), Node::Map(b)) => {
                let unset = |tree: Option<&Tree>| tree.is_none_or(Tree::is_unset);
                let same = |name: &str| match (self.get(name), other.get(name)) {
                    (Some(a), Some(b)) => a.same(b) || (a.is_unset() && b.is_unset()),
                    (a, b) => unset(a) && unset(b),
                };
                a.iter().chain(b).all(|(name, _)| same(name))
            }
            (_, _) => self.is_unset() && other.is_unset(),
        }
    }
}

/// Which parts of a value are unknown, or sensitive: `true` for all of it, else the same for its members or elements.
#[derive(Clone, Copy, Debug)]
pub(super) struct Marks<'m>(pub Option<&'m serde_json::Value>);

impl<'m> Marks<'m> {
    /// Whether all of the value is marked.
    pub(super) fn all(self) -> bool {
        self.0.and_then(serde_json::Value::as_bool).unwrap_or(false)
    }

    pub(super) fn member(self, name: &str) -> Marks<'m> {
        if self.all() { self } else { Marks(self.0.and_then(|marks| marks.get(name))) }
    }

    pub(super) fn element(self, index: usize) -> Marks<'m> {
        if self.all() { self } else { Marks(self.0.and_then(|marks| marks.get(index))) }
    }

    /// Whether any part of it is marked.
    pub(super) fn any(self) -> bool {
        match self.0 {
            Some(serde_json::Value::Bool(all)) => *all,
            Some(serde_json::Value::Array(inner)) => inner.iter().any(|one| Marks(Some(one)).any()),
            Some(serde_json::Value::Object(inner)) => inner.values().any(|one| Marks(Some(one)).any()),
            _ => false,
        }
    }

    /// The names of members that something is marked of.
    pub(super) fn names(self) -> impl Iterator<Item = &'m str> {
        self.0.and_then(serde_json::Value::as_object).into_iter().flatten().map(|(name, _)| name.as_str())
    }
}

/// Reads marks. What cannot be read marks everything.
pub(super) fn marks(part: Option<&RawValue>) -> serde_json::Value {
    let read = |part: &RawValue| serde_json::from_str(part.get()).unwrap_or(serde_json::Value::Bool(true));
    part.map_or(serde_json::Value::Null, read)
}
