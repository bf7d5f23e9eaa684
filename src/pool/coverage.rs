//! Coverage: the members of a pool that a language has arguments for.

use crate::schema::{NodeId, schema};

/// The members that a language has arguments for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage(Vec<bool>);

impl Coverage {
    /// Adds a member, and the structures and lists around it.
    pub fn add(&mut self, id: NodeId) {
        self.0.resize(schema().nodes().len(), false);
        let above = |id: &NodeId| (*id != NodeId::ROOT).then(|| schema().node(*id).parent);
        for id in std::iter::successors(Some(id), above) {
            self.0[id.index()] = true;
        }
    }

    /// Adds a member with everything inside it.
    pub fn add_whole(&mut self, id: NodeId) {
        self.add(id);
        for inner in schema().inside(id) {
            self.0[inner.index()] = true;
        }
    }

    /// Adds the members that follow from others: mirrors, derived members, and the effects of applying the input.
    pub fn complete(&mut self) {
        let of_no_input = schema().nodes().filter(|(_, node)| node.planned || node.inferred);
        for (id, _) in of_no_input {
            self.add_whole(id);
        }
        for mirror in schema().mirrors() {
            for (from, to) in [(mirror.original, mirror.copy), (mirror.copy, mirror.original)] {
                self.repeat(from, to);
            }
        }
        let derived: Vec<NodeId> = schema()
            .nodes()
            .filter(|(_, node)| {
                let number = node.derived.and_then(|derived| schema().member(node.parent, derived.number));
                number.is_some_and(|number| self.has(number))
            })
            .map(|(id, _)| id)
            .collect();
        for id in derived {
            self.add(id);
        }
    }

    fn repeat(&mut self, from: NodeId, to: NodeId) {
        if !self.has(from) {
            return;
        }
        self.add(to);
        for inner in &schema().node(from).members {
            if let Some(other) = schema().member(to, &schema().node(*inner).name) {
                self.repeat(*inner, other);
            }
        }
    }

    /// Whether the language has an argument for a member.
    pub fn has(&self, id: NodeId) -> bool {
        self.0.get(id.index()).copied().unwrap_or_default()
    }
}
