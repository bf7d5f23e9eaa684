//! Conditions on a value. Everything that differs between operators is here and in the files below, each in a `match`
//! that names them all, so that the compiler finds what a new one needs.

mod expected;
mod holds;
mod pattern;

pub use expected::{Asked, in_units, measured, together};
pub use pattern::Pattern;

use crate::schema::{Kind, Node, NodeId, schema};
use crate::value::{Text, Value};

/// An operator as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OperatorName {
    Equals,
    NotEquals,
    OneOf,
    NoneOf,
    AtLeast,
    AtMost,
    Matches,
    NotMatches,
    Present,
    Contains,
    NotContains,
    ContainsAll,
    ContainsOnly,
    LengthAtLeast,
    LengthAtMost,
    OlderThan,
    NewerThan,
    PrefixAtLeast,
}

/// A condition on a value.
#[derive(Clone, Debug)]
pub enum Operator {
    Equals(Value),
    NotEquals(Value),
    OneOf(Vec<Value>),
    NoneOf(Vec<Value>),
    AtLeast(i64),
    AtMost(i64),
    Matches(Pattern),
    NotMatches(Pattern),
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
    /// Bits of the network in a CIDR range.
    PrefixAtLeast(i64),
}

/// A bound that an operator sets on the size of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bound {
    pub at: i64,
    /// A greater value meets it better.
    pub at_least: bool,
    pub of: Measure,
}

/// The quantity that a bound limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    Number,
    Length,
    /// In milliseconds.
    Age,
    /// In bits.
    Prefix,
}

impl OperatorName {
    /// In the order of the documentation.
    pub const ALL: [OperatorName; 18] = [
        OperatorName::Equals,
        OperatorName::NotEquals,
        OperatorName::OneOf,
        OperatorName::NoneOf,
        OperatorName::AtLeast,
        OperatorName::AtMost,
        OperatorName::Matches,
        OperatorName::NotMatches,
        OperatorName::Present,
        OperatorName::Contains,
        OperatorName::NotContains,
        OperatorName::ContainsAll,
        OperatorName::ContainsOnly,
        OperatorName::LengthAtLeast,
        OperatorName::LengthAtMost,
        OperatorName::OlderThan,
        OperatorName::NewerThan,
        OperatorName::PrefixAtLeast,
    ];

    pub fn word(self) -> &'static str {
        match self {
            OperatorName::Equals => "equals",
            OperatorName::NotEquals => "not-equals",
            OperatorName::OneOf => "one-of",
            OperatorName::NoneOf => "none-of",
            OperatorName::AtLeast => "at-least",
            OperatorName::AtMost => "at-most",
            OperatorName::Matches => "matches",
            OperatorName::NotMatches => "not-matches",
            OperatorName::Present => "present",
            OperatorName::Contains => "contains",
            OperatorName::NotContains => "not-contains",
            OperatorName::ContainsAll => "contains-all",
            OperatorName::ContainsOnly => "contains-only",
            OperatorName::LengthAtLeast => "length-at-least",
            OperatorName::LengthAtMost => "length-at-most",
            OperatorName::OlderThan => "older-than",
            OperatorName::NewerThan => "newer-than",
            OperatorName::PrefixAtLeast => "prefix-at-least",
        }
    }

    pub fn parse(word: &str) -> Option<OperatorName> {
        OperatorName::ALL.into_iter().find(|name| name.word() == word)
    }

    /// The words of all operators.
    pub fn phrase() -> impl Iterator<Item = &'static str> + Clone {
        OperatorName::ALL.into_iter().map(OperatorName::word)
    }

    /// The operator that asks the opposite of the same operand, or at least something else; `None` if there is none.
    pub fn flipped(self) -> Option<OperatorName> {
        match self {
            OperatorName::Equals => Some(OperatorName::NotEquals),
            OperatorName::NotEquals => Some(OperatorName::Equals),
            OperatorName::OneOf => Some(OperatorName::NoneOf),
            OperatorName::NoneOf => Some(OperatorName::OneOf),
            OperatorName::AtLeast => Some(OperatorName::AtMost),
            OperatorName::AtMost => Some(OperatorName::AtLeast),
            OperatorName::Matches => Some(OperatorName::NotMatches),
            OperatorName::NotMatches => Some(OperatorName::Matches),
            OperatorName::Contains => Some(OperatorName::NotContains),
            OperatorName::NotContains => Some(OperatorName::Contains),
            OperatorName::ContainsAll => Some(OperatorName::ContainsOnly),
            OperatorName::ContainsOnly => Some(OperatorName::ContainsAll),
            OperatorName::LengthAtLeast => Some(OperatorName::LengthAtMost),
            OperatorName::LengthAtMost => Some(OperatorName::LengthAtLeast),
            OperatorName::OlderThan => Some(OperatorName::NewerThan),
            OperatorName::NewerThan => Some(OperatorName::OlderThan),
            OperatorName::Present | OperatorName::PrefixAtLeast => None,
        }
    }

    /// Whether it can be asked of a value of the node's type.
    pub fn fits(self, node: &Node, secret: bool) -> bool {
        let sized = matches!(node.kind, Kind::List | Kind::Map);
        match self {
            OperatorName::Present => true,
            _ if secret => false,
            OperatorName::Equals | OperatorName::NotEquals => {
                matches!(node.kind, Kind::String | Kind::Integer | Kind::Boolean)
            }
            OperatorName::OneOf | OperatorName::NoneOf => matches!(node.kind, Kind::String | Kind::Integer),
            OperatorName::AtLeast | OperatorName::AtMost => node.kind == Kind::Integer || node.numeric,
            OperatorName::Matches | OperatorName::NotMatches => node.kind == Kind::String,
            OperatorName::Contains
            | OperatorName::NotContains
            | OperatorName::ContainsAll
            | OperatorName::ContainsOnly => sized && !node.holds_structures(),
            OperatorName::LengthAtLeast | OperatorName::LengthAtMost => {
                sized || (node.kind == Kind::String && node.values.is_empty())
            }
            OperatorName::OlderThan | OperatorName::NewerThan => node.kind == Kind::Timestamp,
            OperatorName::PrefixAtLeast => node.kind == Kind::String && node.values.is_empty(),
        }
    }
}

impl Operator {
    /// The values that it compares with.
    pub fn named(&self) -> &[Value] {
        match self {
            Operator::Equals(value)
            | Operator::NotEquals(value)
            | Operator::Contains(value)
            | Operator::NotContains(value) => std::slice::from_ref(value),
            Operator::OneOf(values)
            | Operator::NoneOf(values)
            | Operator::ContainsAll(values)
            | Operator::ContainsOnly(values) => values,
            Operator::AtLeast(_)
            | Operator::AtMost(_)
            | Operator::Matches(_)
            | Operator::NotMatches(_)
            | Operator::Present(_)
            | Operator::LengthAtLeast(_)
            | Operator::LengthAtMost(_)
            | Operator::OlderThan(..)
            | Operator::NewerThan(..)
            | Operator::PrefixAtLeast(_) => &[],
        }
    }

    /// The bound that it sets.
    pub fn bound(&self) -> Option<Bound> {
        let bound = |at, at_least, of| Some(Bound { at, at_least, of });
        match self {
            Operator::AtLeast(n) => bound(*n, true, Measure::Number),
            Operator::AtMost(n) => bound(*n, false, Measure::Number),
            Operator::LengthAtLeast(n) => bound(*n, true, Measure::Length),
            Operator::LengthAtMost(n) => bound(*n, false, Measure::Length),
            Operator::OlderThan(age, _) => bound(*age, true, Measure::Age),
            Operator::NewerThan(age, _) => bound(*age, false, Measure::Age),
            Operator::PrefixAtLeast(bits) => bound(*bits, true, Measure::Prefix),
            Operator::Equals(_)
            | Operator::NotEquals(_)
            | Operator::OneOf(_)
            | Operator::NoneOf(_)
            | Operator::Matches(_)
            | Operator::NotMatches(_)
            | Operator::Present(_)
            | Operator::Contains(_)
            | Operator::NotContains(_)
            | Operator::ContainsAll(_)
            | Operator::ContainsOnly(_) => None,
        }
    }

    /// The value nearest to mind for which it holds; `now` is what is there.
    pub fn suggestion(&self, node: Option<NodeId>, now: Option<&Value>) -> Option<Value> {
        let node = node.map(|id| schema().node(id));
        let is_list = node.is_some_and(|node| node.kind == Kind::List);
        let listed = || now.and_then(Value::as_list).unwrap_or_default().iter();
        let number = |n: i64| match node.is_some_and(|node| node.numeric) {
            true => Value::String(n.to_string().into()),
            false => Value::Int(n),
        };
        let other = |refused: &[Value]| {
            let values = node.map_or(&[] as &[Text], |node| &node.values);
            let mut left = values.iter().filter(|one| !refused.iter().any(|no| no.as_str() == Some(one)));
            left.next().filter(|_| left.next().is_none()).map(|one| Value::String(one.clone()))
        };
        match self {
            Operator::Equals(value) => Some(value.clone()),
            Operator::OneOf(values) => values.first().cloned(),
            Operator::AtLeast(n) | Operator::AtMost(n) => Some(number(*n)),
            Operator::NotEquals(Value::Bool(no)) => Some(Value::Bool(!no)),
            Operator::NotEquals(value) => other(std::slice::from_ref(value)),
            Operator::NoneOf(values) => other(values),
            Operator::Contains(value) if is_list => {
                Some(Value::List(listed().chain([value]).cloned().collect()))
            }
            Operator::NotContains(value) if is_list => {
                let rest: Vec<Value> = listed().filter(|one| *one != value).cloned().collect();
                // No list of the API may be given without elements where it is there to allow some.
                (!rest.is_empty()).then_some(Value::List(rest))
            }
            Operator::Contains(_)
            | Operator::NotContains(_)
            | Operator::Matches(_)
            | Operator::NotMatches(_)
            | Operator::Present(_)
            | Operator::ContainsAll(_)
            | Operator::ContainsOnly(_)
            | Operator::LengthAtLeast(_)
            | Operator::LengthAtMost(_)
            | Operator::OlderThan(..)
            | Operator::NewerThan(..)
            | Operator::PrefixAtLeast(_) => None,
        }
    }
}
