//! A value of a resource, beside what the plan and the configuration say of it.

use super::tree::{Marks, Tree};
use super::written::Written;

/// A value with all that is said of it.
#[derive(Clone)]
pub(super) struct Given<'a> {
    pub tree: Option<&'a Tree>,
    pub unknown: Marks<'a>,
    pub sensitive: Marks<'a>,
    pub written: Written<'a>,
}

impl<'a> Given<'a> {
    pub(super) fn member(&self, name: &str) -> Given<'a> {
        Given {
            tree: self.tree.and_then(|tree| tree.get(name)),
            unknown: self.unknown.member(name),
            sensitive: self.sensitive.member(name),
            written: self.written.member(name),
        }
    }

    pub(super) fn element(&self, index: usize) -> Option<Given<'a>> {
        Some(Given {
            tree: Some(self.tree?.elements().get(index)?),
            unknown: self.unknown.element(index),
            sensitive: self.sensitive.element(index),
            written: self.written.clone(),
        })
    }
}
