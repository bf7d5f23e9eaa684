//! Projection: the members of a pool document that are kept when it is read.

use super::derived::UNITS;
use crate::schema::{NodeId, schema};
use crate::value::Text;

/// The set of paths that are needed. All others are skipped while reading.
#[derive(Clone, Debug)]
pub struct Projection {
    wanted: Vec<Wanted>,
    /// The needed keys of maps that are not needed as a whole.
    keys: Vec<(NodeId, Text)>,
    /// Keep members that the schema does not know, at any path.
    unknown_members: bool,
}

/// In the order in which one includes another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Wanted {
    No,
    /// Its presence is needed, and perhaps something inside.
    Inside,
    /// All of it is needed.
    Whole,
}

impl Projection {
    /// Keeps the identity of a pool and the members that show whether its document is complete, and nothing more.
    pub fn identity() -> Projection {
        let mut projection = Projection {
            wanted: vec![Wanted::No; schema().nodes().len()],
            keys: Vec::new(),
            unknown_members: false,
        };
        projection.wanted[NodeId::ROOT.index()] = Wanted::Inside;
        for name in ["Id", "Name", "Arn"] {
            if let Some(id) = schema().member(NodeId::ROOT, name) {
                projection.keep(id);
            }
        }
        for id in schema().in_every_answer() {
            projection.keep_around(*id);
        }
        projection
    }

    /// Keeps everything.
    pub fn everything() -> Projection {
        let wanted = vec![Wanted::Whole; schema().nodes().len()];
        Projection { wanted, keys: Vec::new(), unknown_members: true }
    }

    /// Keeps a path and everything inside it, and the members that it is derived from or mirrors.
    pub fn keep(&mut self, id: NodeId) {
        self.keep_alone(id);
        let inside = |one: NodeId| schema().is_inside(one, id) || schema().is_inside(id, one);
        for mirror in schema().mirrors() {
            if inside(mirror.copy) {
                self.keep_alone(mirror.original);
            }
            if inside(mirror.original) {
                self.keep_alone(mirror.copy);
            }
        }
    }

    fn keep_alone(&mut self, id: NodeId) {
        if let Some(derived) = schema().node(id).derived {
            let beside = schema().node(id).parent;
            for source in [derived.number, UNITS] {
                if let Some(source) = schema().member(beside, source) {
                    self.keep_alone(source);
                }
            }
        }
        for inner in schema().inside(id) {
            self.wanted[inner.index()] = Wanted::Whole;
        }
        self.keep_around(id);
    }

    /// Keeps the presence of a path, and everything around it.
    fn keep_around(&mut self, id: NodeId) {
        let above = |id: &NodeId| (*id != NodeId::ROOT).then(|| schema().node(*id).parent);
        for id in std::iter::successors(Some(id), above) {
            if self.wanted[id.index()] == Wanted::No {
                self.wanted[id.index()] = Wanted::Inside;
            }
        }
    }

    /// Keeps what another keeps, too.
    pub fn join(&mut self, other: &Projection) {
        for (own, other) in self.wanted.iter_mut().zip(&other.wanted) {
            *own = (*own).max(*other);
        }
        self.keys.extend(other.keys.iter().cloned());
        self.unknown_members |= other.unknown_members;
    }

    /// Drops a path and everything inside it, even if other parts are kept.
    pub fn leave(&mut self, id: NodeId) {
        for inner in schema().inside(id) {
            self.wanted[inner.index()] = Wanted::No;
        }
    }

    /// Keeps one key of a map.
    pub fn keep_key(&mut self, map: NodeId, key: &Text) {
        if self.wanted[map.index()] == Wanted::Whole {
            return;
        }
        if let Some(element) = schema().node(map).element {
            self.keep(element);
        }
        self.keys.push((map, key.clone()));
    }

    /// Whether a key of a map is needed.
    pub fn wants_key(&self, map: NodeId, key: &str) -> bool {
        self.wanted[map.index()] == Wanted::Whole
            || self.keys.iter().any(|(node, wanted)| *node == map && wanted == key)
    }

    /// Keeps members that the schema does not know.
    pub fn keep_unknown_members(&mut self) {
        self.unknown_members = true;
    }

    /// Whether the path or something inside it is needed.
    pub fn wants(&self, id: NodeId) -> bool {
        self.wanted[id.index()] != Wanted::No
    }

    /// Whether all of it is needed.
    pub fn wants_whole(&self, id: NodeId) -> bool {
        self.wanted[id.index()] == Wanted::Whole
    }

    pub fn wants_unknown_members(&self) -> bool {
        self.unknown_members
    }
}
