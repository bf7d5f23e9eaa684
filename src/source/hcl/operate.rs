//! Plain values: as booleans, numbers and texts, and operators on them.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::convert::{convert, in_order};
use super::decimal::Decimal;
use super::kind::Type;
use super::syntax::Operator;
use super::unknown::Stop;
use super::value::{Value, What};

/// A value as a boolean.
pub(super) fn boolean(value: &Value) -> Result<bool, Stop> {
    match convert(value, &Type::Bool)?.what {
        What::Bool(value) => Ok(value),
        other => absent(&other),
    }
}

/// A value as a number.
pub(super) fn number(value: &Value) -> Result<Decimal, Stop> {
    match convert(value, &Type::Number)?.what {
        What::Number(value) => Ok(value),
        other => absent(&other),
    }
}

/// A value as a text.
pub(super) fn text(value: &Value) -> Result<Rc<str>, Stop> {
    match convert(value, &Type::Text)?.what {
        What::Text(value) => Ok(value),
        other => absent(&other),
    }
}

/// The key that a text is among others; `None` if it is another text.
pub(super) fn key_in(key: &Value, all: &BTreeMap<Rc<str>, Value>) -> Result<Option<Rc<str>>, Stop> {
    let Some(unknown) = key.as_unknown().filter(|unknown| unknown.variable.is_some()) else {
        return text(key).map(Some).map(|key| key.filter(|key| all.contains_key(key)));
    };
    for other in all.keys() {
        unknown.is(Some(other)).map_err(Stop::Unknown)?;
    }
    // Null is not a key.
    if unknown.sure { Ok(None) } else { unknown.is(None).map(|_| None).map_err(Stop::Unknown) }
}

fn absent<T>(what: &What) -> Result<T, Stop> {
    match what {
        What::Unknown(unknown) => Err(Stop::Unknown(unknown.made_of())),
        _ => Stop::caught("a value is null"),
    }
}

/// Arithmetic, and comparisons of numbers.
pub(super) fn arithmetic(operator: Operator, left: &Value, right: &Value) -> Result<Value, Stop> {
    let (left, right) = (number(left)?, number(right)?);
    let compared =
        |wanted: &[Ordering]| left.compare(right).map(|order| Value::bool(wanted.contains(&order)));
    let value = match operator {
        Operator::Plus => left.plus(right).map(Value::number),
        Operator::Minus => left.minus(right).map(Value::number),
        Operator::Times => left.times(right).map(Value::number),
        Operator::Divide | Operator::Remainder if right == Decimal::integer(0) => {
            return Stop::lost("a number is divided by 0");
        }
        Operator::Divide => left.over(right).map(Value::number),
        Operator::Remainder => left.remainder(right).map(Value::number),
        Operator::Less => compared(&[Ordering::Less]),
        Operator::LessOrEqual => compared(&[Ordering::Less, Ordering::Equal]),
        Operator::Greater => compared(&[Ordering::Greater]),
        Operator::GreaterOrEqual => compared(&[Ordering::Greater, Ordering::Equal]),
        Operator::Equal | Operator::NotEqual | Operator::And | Operator::Or => None,
    };
    value.map_or_else(|| Stop::lost("a number is not exact"), Ok)
}

/// The keys and values of a collection.
pub(super) fn pairs(collection: &Value) -> Result<Vec<(Value, Value)>, Stop> {
    if let Some(members) = collection.members() {
        return Ok(members.iter().map(|(key, value)| (Value::text(&**key), value.clone())).collect());
    }
    let is_set = matches!(collection.what, What::Set(_));
    if collection.is_null() {
        return Stop::caught("a value is null");
    }
    let items = in_order(collection)?.iter().enumerate();
    // The keys of a set are its elements.
    let pair = |(index, value): (usize, &Value)| {
        (if is_set { value.clone() } else { Value::count(index) }, value.clone())
    };
    Ok(items.map(pair).collect())
}
