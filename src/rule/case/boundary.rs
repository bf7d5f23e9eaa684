//! Derives the pools on both sides of a rule's bound, or with each of an enum's values.

use super::{Case, pool};
use crate::rule::{Operator, Predicate, Rule, Verdict};
use crate::schema::{InputKind, Kind, NodeId, schema};
use crate::value::{Map, Value};

/// The boundary cases of a rule with a single bound or enum; nothing for any other rule.
pub fn boundaries(rule: &Rule) -> Vec<Case> {
    let Predicate::Leaf(leaf) = &rule.expect else {
        return Vec::new();
    };
    let (Some(id), [operator], [], None, None) =
        (leaf.node, leaf.operators.as_slice(), leaf.compared.as_slice(), &rule.when, &rule.each)
    else {
        return Vec::new();
    };
    let node = schema().node(id);
    let in_bounds = |n: &i64| node.min.is_none_or(|min| *n >= min) && node.max.is_none_or(|max| *n <= max);
    let values: Vec<Value> = match (node.kind, operator) {
        (Kind::Integer, Operator::AtLeast(n) | Operator::AtMost(n)) => {
            [n - 1, *n, n + 1].iter().filter(|n| in_bounds(n)).map(|n| Value::Int(*n)).collect()
        }
        (Kind::String, _) if !node.values.is_empty() => {
            node.values.iter().cloned().map(Value::String).collect()
        }
        (Kind::Boolean, _) => vec![Value::Bool(true), Value::Bool(false)],
        _ => return Vec::new(),
    };
    let case = |value: Value| {
        Some(Case {
            name: format!("derived: {} = {value}", leaf.path),
            verdict: expected(operator, &value)?,
            pool: pool(document(id, value), InputKind::Answer),
            script: rule.script.clone(),
            at: rule.at.clone(),
        })
    };
    values.into_iter().filter_map(case).collect()
}

/// What the operator means for a value, told apart from the code that evaluates it.
fn expected(operator: &Operator, value: &Value) -> Option<Verdict> {
    let number = if let Value::Int(n) = value { *n } else { 0 };
    let text = || value.as_str().unwrap_or_default();
    let holds = match operator {
        Operator::AtLeast(n) => number >= *n,
        Operator::AtMost(n) => number <= *n,
        Operator::Equals(wanted) => wanted == value,
        Operator::NotEquals(unwanted) => unwanted != value,
        Operator::OneOf(wanted) => wanted.iter().any(|one| one == value),
        Operator::NoneOf(unwanted) => unwanted.iter().all(|one| one != value),
        Operator::Matches(regex) => regex.is_match(text()),
        Operator::NotMatches(regex) => !regex.is_match(text()),
        Operator::Present(wanted) => *wanted,
        // Lists and times, of which no boundary is derived.
        Operator::Contains(_)
        | Operator::NotContains(_)
        | Operator::ContainsAll(_)
        | Operator::ContainsOnly(_)
        | Operator::LengthAtLeast(_)
        | Operator::LengthAtMost(_)
        | Operator::OlderThan(..)
        | Operator::NewerThan(..)
        | Operator::PrefixAtLeast(_) => return None,
    };
    Some(if holds { Verdict::Pass } else { Verdict::Fail })
}

/// A pool document with one value in it.
fn document(id: NodeId, value: Value) -> Map {
    let node = schema().node(id);
    let mut map = Map::default();
    map.set(node.name.clone(), value);
    if node.parent == NodeId::ROOT {
        return map;
    }
    document(node.parent, Value::Map(map))
}
