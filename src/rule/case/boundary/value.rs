//! The values on both sides of a bound, and what operators say of them.

use crate::rule::operator::Measure;
use crate::rule::{Operator, Verdict};
use crate::schema::{Kind, Node, NodeId, schema};
use crate::value::{Map, Value};

/// The values of a path that its operators tell apart.
pub(super) fn values(node: &Node, operators: &[Operator]) -> Vec<Value> {
    let possible = |n: &i64| node.min.is_none_or(|min| *n >= min) && node.max.is_none_or(|max| *n <= max);
    let around = |of: Measure| {
        let bounds = operators.iter().filter_map(Operator::bound).filter(move |bound| bound.of == of);
        bounds.flat_map(|bound| [bound.at - 1, bound.at, bound.at + 1])
    };
    match node.kind {
        Kind::Integer => {
            let named = operators.iter().flat_map(Operator::named).filter_map(|value| match value {
                Value::Int(n) => Some([n - 1, *n, n + 1]),
                _ => None,
            });
            let numbers = around(Measure::Number).chain(named.flatten());
            numbers.filter(possible).map(Value::Int).collect()
        }
        Kind::String if !node.values.is_empty() => node.values.iter().cloned().map(Value::String).collect(),
        Kind::Boolean => vec![Value::Bool(true), Value::Bool(false)],
        Kind::List => {
            let Some(element) = node.element else { return Vec::new() };
            let of_length = |n: i64| {
                let elements: Option<Vec<Value>> = (0..n).map(|at| distinct(element, at)).collect();
                elements.map(Value::List)
            };
            let sizes = around(Measure::Length).filter(|n| *n >= 0).filter(possible);
            sizes.filter_map(of_length).chain(lists(schema().node(element), operators)).collect()
        }
        Kind::String => texts(operators).into_iter().map(|text| Value::String(text.into())).collect(),
        Kind::Timestamp | Kind::Structure | Kind::Map => Vec::new(),
    }
}

/// Texts that are named and another, those of a length at a bound, and ranges of addresses.
fn texts(operators: &[Operator]) -> Vec<String> {
    let named = operators.iter().flat_map(Operator::named).filter_map(Value::as_str).map(str::to_owned);
    let mut texts: Vec<String> = named.collect();
    if !texts.is_empty() {
        texts.push("derived".to_owned());
    }
    for bound in operators.iter().filter_map(Operator::bound) {
        let around = [bound.at - 1, bound.at, bound.at + 1];
        match bound.of {
            Measure::Length => {
                let sizes = around.into_iter().filter_map(|n| usize::try_from(n).ok());
                texts.extend(sizes.filter(|n| *n > 0).map(|n| "d".repeat(n)));
            }
            Measure::Prefix => {
                texts.extend(
                    around.iter().filter(|n| (0..=32).contains(*n)).map(|n| format!("192.0.2.0/{n}")),
                );
            }
            Measure::Number | Measure::Age => {}
        }
    }
    texts
}

/// Lists of each value that is named, of all of them, and of those with another.
fn lists(element: &Node, operators: &[Operator]) -> Vec<Value> {
    let named: Vec<Value> = operators.iter().flat_map(Operator::named).cloned().collect();
    if named.is_empty() {
        return Vec::new();
    }
    let mut others = element.values.iter().cloned().map(Value::String);
    let other = match element.values.is_empty() {
        true => Some(Value::String("derived".into())),
        false => others.find(|value| !named.contains(value)),
    };
    let mut lists: Vec<Vec<Value>> = named.iter().map(|value| vec![value.clone()]).collect();
    lists.extend(other.iter().map(|other| vec![other.clone()]));
    lists.push(named.iter().cloned().chain(other).collect());
    lists.extend(Some(named).filter(|named| named.len() > 1));
    lists.into_iter().map(Value::List).collect()
}

/// An element that differs from the others.
pub(super) fn distinct(element: NodeId, at: i64) -> Option<Value> {
    let node = schema().node(element);
    let text = Value::String(format!("derived-{at}").into());
    match node.kind {
        Kind::Structure => {
            let key = schema().node(node.parent).key.clone();
            Some(Value::Map(Map(key.into_iter().map(|key| (key, text.clone())).collect())))
        }
        Kind::String if node.values.is_empty() => Some(text),
        Kind::String => node.values.get(usize::try_from(at).ok()?).cloned().map(Value::String),
        Kind::Integer | Kind::Boolean | Kind::Timestamp | Kind::List | Kind::Map => None,
    }
}

/// The meaning of operators for a value, independent of the code that evaluates them.
pub(super) fn expected(operators: &[Operator], value: &Value) -> Option<Verdict> {
    let holds: Option<Vec<bool>> = operators.iter().map(|operator| holds(operator, value)).collect();
    Some(if holds?.into_iter().all(|holds| holds) { Verdict::Pass } else { Verdict::Fail })
}

fn holds(operator: &Operator, value: &Value) -> Option<bool> {
    let number = if let Value::Int(n) = value { *n } else { 0 };
    let text = || value.as_str().unwrap_or_default();
    let elements = value.as_list().unwrap_or_default();
    let size = elements.len() as i64;
    Some(match operator {
        Operator::AtLeast(n) => number >= *n,
        Operator::AtMost(n) => number <= *n,
        Operator::Equals(wanted) => wanted == value,
        Operator::NotEquals(unwanted) => unwanted != value,
        Operator::OneOf(wanted) => wanted.iter().any(|one| one == value),
        Operator::NoneOf(unwanted) => unwanted.iter().all(|one| one != value),
        Operator::Matches(regex) => regex.is_match(text()),
        Operator::NotMatches(regex) => !regex.is_match(text()),
        Operator::Present(wanted) => *wanted,
        Operator::Contains(wanted) => elements.iter().any(|one| one == wanted),
        Operator::NotContains(unwanted) => elements.iter().all(|one| one != unwanted),
        Operator::ContainsAll(wanted) => wanted.iter().all(|value| elements.iter().any(|one| one == value)),
        Operator::ContainsOnly(allowed) => {
            elements.iter().all(|one| allowed.iter().any(|other| other == one))
        }
        Operator::LengthAtLeast(n) if value.as_list().is_some() => size >= *n,
        Operator::LengthAtMost(n) if value.as_list().is_some() => size <= *n,
        Operator::LengthAtLeast(n) => text().chars().count() as i64 >= *n,
        Operator::LengthAtMost(n) => text().chars().count() as i64 <= *n,
        Operator::PrefixAtLeast(n) => text().split_once('/')?.1.parse::<i64>().ok()? >= *n,
        // Times, of which no boundary is derived.
        Operator::OlderThan(..) | Operator::NewerThan(..) => return None,
    })
}
