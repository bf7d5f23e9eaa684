//! The test inside a rule.

use std::sync::Arc;

use super::{ListPath, Operator, OperatorName};
use crate::schema::{NodeId, Path};
use crate::value::Value;

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
    /// The number of elements that pass a filter is within bounds.
    Count(Count),
    /// No two elements share a value.
    Unique(Unique),
    /// A predicate that has a name, and a title for the reason of a skipped rule.
    Named(Named),
}

/// A predicate on the number of elements.
#[derive(Clone, Debug)]
pub struct Count {
    pub list: ListPath,
    pub filter: Option<Box<Predicate>>,
    /// The conditions on the number.
    pub bounds: Vec<Operator>,
}

/// A predicate on the values of all elements together.
#[derive(Clone, Debug)]
pub struct Unique {
    pub list: ListPath,
    pub filter: Option<Box<Predicate>>,
    /// The member of the elements that has the value, or a list of values; `None` for the elements themselves.
    pub member: Option<(Path, Option<NodeId>)>,
}

/// A predicate under its name.
#[derive(Clone, Debug)]
pub struct Named {
    pub name: Arc<str>,
    pub title: Arc<str>,
    /// Its paths start at the pool, wherever it is used.
    pub of_pool: bool,
    /// The result if it cannot be known. Nothing is read for the sake of such a predicate.
    pub when_unknown: Option<bool>,
    pub inner: Arc<Predicate>,
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
    /// Without steps, it is the element itself.
    pub path: Path,
    /// `None` for a path that the schema does not know.
    pub node: Option<NodeId>,
    pub operators: Vec<Operator>,
    /// Comparisons with other values of the pool.
    pub compared: Vec<Compared>,
}

/// An operator whose operand is a value of the pool.
#[derive(Clone, Debug)]
pub struct Compared {
    pub operator: OperatorName,
    pub path: Path,
    pub node: Option<NodeId>,
}

impl Compared {
    /// The operator with the value that is at the path.
    pub fn with(&self, value: &Value) -> Result<Operator, String> {
        let misfit =
            || format!("`{}` is {value}, which `{}` cannot compare with", self.path, self.operator.word());
        let list = || value.as_list().map(<[Value]>::to_vec).ok_or_else(misfit);
        let number = || match value {
            Value::Int(n) => Ok(*n),
            other => other.as_str().and_then(|text| text.parse().ok()).ok_or_else(misfit),
        };
        match self.operator {
            OperatorName::Equals => Ok(Operator::Equals(value.clone())),
            OperatorName::NotEquals => Ok(Operator::NotEquals(value.clone())),
            OperatorName::Contains => Ok(Operator::Contains(value.clone())),
            OperatorName::NotContains => Ok(Operator::NotContains(value.clone())),
            OperatorName::OneOf => list().map(Operator::OneOf),
            OperatorName::NoneOf => list().map(Operator::NoneOf),
            OperatorName::ContainsAll => list().map(Operator::ContainsAll),
            OperatorName::ContainsOnly => list().map(Operator::ContainsOnly),
            OperatorName::AtLeast => number().map(Operator::AtLeast),
            OperatorName::AtMost => number().map(Operator::AtMost),
            OperatorName::LengthAtLeast => number().map(Operator::LengthAtLeast),
            OperatorName::LengthAtMost => number().map(Operator::LengthAtMost),
            OperatorName::Matches
            | OperatorName::NotMatches
            | OperatorName::Present
            | OperatorName::OlderThan
            | OperatorName::NewerThan
            | OperatorName::PrefixAtLeast => Err(misfit()),
        }
    }
}

impl Predicate {
    /// Calls `visit` for every leaf and every quantified list, with the path and its node in the schema.
    pub fn paths<'a>(&'a self, visit: &mut impl FnMut(&'a Path, Option<NodeId>)) {
        self.look(true, visit);
    }

    /// The predicates directly inside.
    fn inner(&self) -> Vec<&Predicate> {
        match self {
            Predicate::Leaf(_) => Vec::new(),
            Predicate::All(inner) | Predicate::Any(inner) | Predicate::None(inner) => inner.iter().collect(),
            Predicate::Count(Count { filter, .. }) | Predicate::Unique(Unique { filter, .. }) => {
                filter.iter().map(AsRef::as_ref).collect()
            }
            Predicate::Named(named) => vec![&named.inner],
            Predicate::Some(Quantified { filter, expect, .. })
            | Predicate::Every(Quantified { filter, expect, .. }) => {
                filter.iter().chain(expect).map(AsRef::as_ref).collect()
            }
        }
    }

    /// Calls `visit` for itself and every predicate inside, however deep.
    pub fn each<'a>(&'a self, visit: &mut impl FnMut(&'a Predicate)) {
        visit(self);
        for inner in self.inner() {
            inner.each(visit);
        }
    }

    /// Calls `visit` for every operator in it, however deep, to change it.
    pub fn change_operators(&mut self, visit: &mut impl FnMut(&mut Operator)) {
        let mut inside: Vec<&mut Predicate> = Vec::new();
        match self {
            Predicate::Leaf(leaf) => leaf.operators.iter_mut().for_each(&mut *visit),
            Predicate::All(inner) | Predicate::Any(inner) | Predicate::None(inner) => inside.extend(inner),
            Predicate::Count(Count { filter, bounds, .. }) => {
                bounds.iter_mut().for_each(&mut *visit);
                inside.extend(filter.as_deref_mut());
            }
            Predicate::Unique(Unique { filter, .. }) => inside.extend(filter.as_deref_mut()),
            Predicate::Named(named) => inside.push(Arc::make_mut(&mut named.inner)),
            Predicate::Some(Quantified { filter, expect, .. })
            | Predicate::Every(Quantified { filter, expect, .. }) => {
                inside.extend(filter.as_deref_mut().into_iter().chain(expect.as_deref_mut()));
            }
        }
        for predicate in inside {
            predicate.change_operators(visit);
        }
    }

    /// Calls `visit` for every named predicate in it, however deep.
    pub fn named<'a>(&'a self, visit: &mut impl FnMut(&'a Named)) {
        self.each(&mut |predicate| {
            if let Predicate::Named(named) = predicate {
                visit(named);
            }
        });
    }

    /// Calls `visit` for what is read for its sake: not for a named predicate that does without.
    pub fn needs<'a>(&'a self, visit: &mut impl FnMut(&'a Path, Option<NodeId>)) {
        self.look(false, visit);
    }

    fn look<'a>(&'a self, all: bool, visit: &mut impl FnMut(&'a Path, Option<NodeId>)) {
        match self {
            Predicate::Leaf(leaf) => {
                visit(&leaf.path, leaf.node);
                for compared in &leaf.compared {
                    visit(&compared.path, compared.node);
                }
            }
            Predicate::All(inner) | Predicate::Any(inner) | Predicate::None(inner) => {
                for predicate in inner {
                    predicate.look(all, visit);
                }
            }
            Predicate::Count(count) => {
                count.list.visit(visit);
                if let Some(filter) = &count.filter {
                    filter.look(all, visit);
                }
            }
            Predicate::Unique(unique) => {
                unique.list.visit(visit);
                if let Some((path, node)) = &unique.member {
                    visit(path, *node);
                }
                if let Some(filter) = &unique.filter {
                    filter.look(all, visit);
                }
            }
            Predicate::Named(named) if all || named.when_unknown.is_none() => named.inner.look(all, visit),
            Predicate::Named(_) => {}
            Predicate::Some(quantified) | Predicate::Every(quantified) => {
                quantified.list.visit(visit);
                for inner in [&quantified.filter, &quantified.expect].into_iter().flatten() {
                    inner.look(all, visit);
                }
            }
        }
    }
}
