//! The test inside a rule.

use super::{ListPath, Operator};
use crate::schema::{NodeId, Path};

/// Something that holds, does not hold, or cannot be known.
#[derive(Clone, Debug)]
pub enum Predicate {
    /// A path and its operators, all of which must hold.
    Leaf(Leaf),
    All(Vec<Predicate>),
    Any(Vec<Predicate>),
    None(Vec<Predicate>),
    /// At least one element that passes `filter` meets `expect`.
    Some(Quantified),
    /// Every element that passes `filter` meets `expect`.
    Every(Quantified),
}

/// A predicate over the elements of a list.
#[derive(Clone, Debug)]
pub struct Quantified {
    pub list: ListPath,
    pub filter: Option<Box<Predicate>>,
    pub expect: Option<Box<Predicate>>,
}

/// A path and what must be true of its value.
#[derive(Clone, Debug)]
pub struct Leaf {
    pub path: Path,
    /// `None` for a path that the schema does not know.
    pub node: Option<NodeId>,
    pub operators: Vec<Operator>,
}

impl Predicate {
    /// Calls `visit` for every leaf and every quantified list, with the path and its node in the schema.
    pub fn paths<'a>(&'a self, visit: &mut impl FnMut(&'a Path, Option<NodeId>)) {
        match self {
            Predicate::Leaf(leaf) => visit(&leaf.path, leaf.node),
            Predicate::All(inner) | Predicate::Any(inner) | Predicate::None(inner) => {
                for predicate in inner {
                    predicate.paths(visit);
                }
            }
            Predicate::Some(quantified) | Predicate::Every(quantified) => {
                visit(&quantified.list.path, quantified.list.element);
                for inner in [&quantified.filter, &quantified.expect].into_iter().flatten() {
                    inner.paths(visit);
                }
            }
        }
    }
}
