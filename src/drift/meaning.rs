//! The meaning of a value, independent of how it is written: absent and default, null and empty, numbers in quotes.

use crate::schema::{Absence, Around, InputKind, Kind, Node};
use crate::value::{Map, Value};

/// The value of a path after normalization.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Meaning<'v> {
    Value(&'v Value),
    Default(&'v Value),
    Absent,
    /// It is unknown, with the reason.
    Unknown(String),
    /// It is absent, and the service's default is unknown, with the reason.
    Undocumented(String),
}

impl<'v> Meaning<'v> {
    /// `around` is the structure that would hold it.
    pub(super) fn of(
        value: Option<&'v Value>,
        node: Option<&'v Node>,
        kind: InputKind,
        around: Around,
    ) -> Meaning<'v> {
        let value = value.filter(|value| !is_nothing(value, node));
        if let Some(value) = value {
            return match value {
                value if node.is_some_and(|node| node.means_none(value)) => {
                    node.and_then(Node::given_default).map_or(Meaning::Absent, Meaning::Default)
                }
                Value::Later(why) | Value::Unknown(why) => Meaning::Unknown(why.to_string()),
                value => Meaning::Value(value),
            };
        }
        let Some(node) = node else { return Meaning::Absent };
        match node.absence(kind, around) {
            // An empty default means the same as an absent value.
            Absence::Default(value) if is_nothing(value, Some(node)) => Meaning::Absent,
            // The members of a structure are compared, each with its own default.
            Absence::Default(_) if node.kind == Kind::Structure => Meaning::Absent,
            Absence::Default(value) => Meaning::Default(value),
            Absence::Unknown(why) => Meaning::Undocumented(why.to_owned()),
            Absence::Absent => Meaning::Absent,
        }
    }

    pub(super) fn value(&self) -> Option<&'v Value> {
        match self {
            Meaning::Value(value) | Meaning::Default(value) => Some(value),
            Meaning::Absent | Meaning::Unknown(_) | Meaning::Undocumented(_) => None,
        }
    }
}

/// Whether a value means the same as its absence.
fn is_nothing(value: &Value, node: Option<&Node>) -> bool {
    match value {
        Value::Null => true,
        Value::List(items) => {
            items.is_empty() && node.is_some_and(|node| !node.empty_is_value && !node.empty_is_default)
        }
        Value::Map(map) => {
            map.0.iter().all(|(_, value)| *value == Value::Null)
                && node.is_some_and(|node| !node.empty_is_value)
        }
        _ => false,
    }
}

/// Whether two values outside the schema are equal, with any order of members and with or without nulls.
#[expect(clippy::float_cmp, reason = "a number that was written down is read back as the same number")]
pub(super) fn same(a: &Value, b: &Value, node: Option<&Node>) -> bool {
    match (a, b) {
        // A value that one side hides is only compared by its presence.
        (Value::Secret, _) | (_, Value::Secret) => true,
        (Value::Int(int), Value::Float(float)) | (Value::Float(float), Value::Int(int)) => {
            *int as f64 == *float
        }
        (Value::List(a), Value::List(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b, None))
        }
        (Value::Map(a), Value::Map(b)) => within(a, b) && within(b, a),
        (a, b) if node.is_some_and(|node| node.numeric) => match (number(a), number(b)) {
            (Some(a), Some(b)) => a == b,
            _ => a == b,
        },
        (a, b) => a == b,
    }
}

/// Whether everything in one map is the same in another.
fn within(a: &Map, b: &Map) -> bool {
    a.0.iter().filter(|(_, value)| *value != Value::Null).all(|(name, value)| {
        let other = b.get(name).filter(|value| **value != Value::Null);
        other.is_some_and(|other| same(value, other, None))
    })
}

/// A whole number, also one in quotes.
pub(super) fn number(value: &Value) -> Option<i64> {
    match value {
        Value::Int(number) => Some(*number),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}
