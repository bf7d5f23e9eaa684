//! A place of a pool, by its path and by a key that is the same in every pool.

use crate::drift::compare::{join, quoted};
use crate::schema::{Kind, NodeId, schema};

/// A place of a pool.
#[derive(Clone, Copy, Debug)]
pub struct Spot<'a> {
    /// The same for the same place of every pool: elements are in it by what matches them with those of another pool.
    pub key: &'a str,
    /// As changes name it: `Clients[web].CallbackURLs`.
    pub path: &'a str,
    pub node: Option<NodeId>,
}

impl Spot<'_> {
    /// The path of something that is named here.
    pub fn path_of(&self, shown: &str) -> String {
        match self.is_list() {
            true => format!("{}[{shown}]", self.path),
            false => join(self.path, &quoted(shown)),
        }
    }

    /// The key of something that is named here.
    pub fn key_of(&self, name: &str) -> String {
        format!("{}{}", self.key, step(name))
    }

    fn is_list(&self) -> bool {
        self.node.is_some_and(|id| schema().node(id).kind == Kind::List)
    }
}

/// The name of one of several elements of a name: one more of it is another name.
pub(super) fn nth(name: &str, at: usize) -> String {
    if at == 0 { name.to_owned() } else { format!("{name}\0{at}") }
}

/// The step of a key to something that is named. With the length no name reads like several steps.
pub(super) fn step(name: &str) -> String {
    format!("[{}:{name}]", name.len())
}
