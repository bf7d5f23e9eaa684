//! The test inside a rule.

use regex::Regex;

use super::ListPath;
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

/// What must be true of a value.
#[derive(Clone, Debug)]
pub enum Operator {
    Equals(Value),
    NotEquals(Value),
    OneOf(Vec<Value>),
    NoneOf(Vec<Value>),
    AtLeast(i64),
    AtMost(i64),
    Matches(Regex),
    NotMatches(Regex),
    Present(bool),
    Contains(Value),
    NotContains(Value),
    ContainsAll(Vec<Value>),
    ContainsOnly(Vec<Value>),
    LengthAtLeast(i64),
    LengthAtMost(i64),
    /// Age in milliseconds, and how it was written.
    OlderThan(i64, String),
    NewerThan(i64, String),
}

impl Operator {
    /// What is expected, as it reads after the word "expected": `at least 12`, `one of ON, OPTIONAL`.
    pub fn expected(&self) -> String {
        match self {
            Operator::Equals(value) => value.to_string(),
            Operator::NotEquals(value) => format!("anything but {value}"),
            Operator::OneOf(values) => format!("one of {}", listed(values)),
            Operator::NoneOf(values) => format!("none of {}", listed(values)),
            Operator::AtLeast(n) => format!("at least {n}"),
            Operator::AtMost(n) => format!("at most {n}"),
            Operator::Matches(regex) => format!("text that matches /{regex}/"),
            Operator::NotMatches(regex) => format!("text that does not match /{regex}/"),
            Operator::Present(true) => "a value".to_owned(),
            Operator::Present(false) => "no value".to_owned(),
            Operator::Contains(value) => format!("{value} among them"),
            Operator::NotContains(value) => format!("no {value} among them"),
            Operator::ContainsAll(values) => format!("all of {} among them", listed(values)),
            Operator::ContainsOnly(values) if values.is_empty() => "nothing in it".to_owned(),
            Operator::ContainsOnly(values) => format!("only {}", listed(values)),
            Operator::LengthAtLeast(n) => format!("a length of at least {n}"),
            Operator::LengthAtMost(n) => format!("a length of at most {n}"),
            Operator::OlderThan(_, age) => format!("a time more than {age} ago"),
            Operator::NewerThan(_, age) => format!("a time within the last {age}"),
        }
    }
}

fn listed(values: &[Value]) -> String {
    values.iter().map(Value::to_string).collect::<Vec<_>>().join(", ")
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
