//! Derives the pools on both sides of a rule's bound, or with each of an enum's values.

use super::{Case, pool};
use crate::rule::{Count, Operator, Predicate, Rule, Unique, Verdict};
use crate::schema::{Aspect, InputKind, Kind, NodeId, schema};
use crate::value::{Map, Value};

/// Whether a rule is for every derived pool: it has no condition, or one that holds where nothing else is known.
fn is_for_all(rule: &Rule) -> bool {
    let holds =
        |when: &Predicate| matches!(when, Predicate::Named(named) if named.when_unknown == Some(true));
    rule.each.is_none() && rule.when.as_ref().is_none_or(holds)
}

/// The boundary cases of a rule with a single bound or enum; nothing for any other rule.
pub fn boundaries(rule: &Rule) -> Vec<Case> {
    let leaf = match &rule.expect {
        Predicate::Leaf(leaf) if leaf.path.aspect == Aspect::Value => leaf,
        Predicate::Count(count) if is_for_all(rule) => return counted(rule, count),
        Predicate::Unique(unique) if is_for_all(rule) => {
            return unique_cases(rule, unique);
        }
        Predicate::Leaf(_)
        | Predicate::All(_)
        | Predicate::Any(_)
        | Predicate::None(_)
        | Predicate::Some(_)
        | Predicate::Every(_)
        | Predicate::Count(_)
        | Predicate::Unique(_)
        | Predicate::Named(_) => return Vec::new(),
    };
    let (Some(id), [operator], [], true) =
        (leaf.node, leaf.operators.as_slice(), leaf.compared.as_slice(), is_for_all(rule))
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

/// Lists of as many elements as are at both sides of a bound.
fn counted(rule: &Rule, count: &Count) -> Vec<Case> {
    let list = &count.list;
    let (Some(element), None, [bound], None) =
        (list.element, list.of, count.bounds.as_slice(), &count.filter)
    else {
        return Vec::new();
    };
    let list_node = schema().node(element).parent;
    let at = match bound {
        Operator::AtLeast(n) | Operator::AtMost(n) | Operator::Equals(Value::Int(n)) => *n,
        _ => return Vec::new(),
    };
    let node = schema().node(list_node);
    let possible = |n: &i64| *n >= node.min.unwrap_or(0) && node.max.is_none_or(|max| *n <= max);
    let case = |n: i64| {
        let elements: Option<Vec<Value>> = (0..n).map(|at| distinct(element, at)).collect();
        Some(Case {
            name: format!("derived: {n} elements of {}", list.path),
            verdict: expected(bound, &Value::Int(n))?,
            pool: pool(document(list_node, Value::List(elements?)), InputKind::Answer),
            script: rule.script.clone(),
            at: rule.at.clone(),
        })
    };
    [at - 1, at, at + 1].into_iter().filter(possible).filter_map(case).collect()
}

/// A list whose elements differ in a member, and one whose elements do not.
fn unique_cases(rule: &Rule, unique: &Unique) -> Vec<Case> {
    let (Some(element), None, None) = (unique.list.element, unique.list.of, &unique.filter) else {
        return Vec::new();
    };
    let member = unique.member.as_ref().and_then(|(path, node)| path.steps.first().zip(*node));
    let one = |at: i64| {
        let Some((step, node)) = member else { return distinct(element, at) };
        let node = schema().node(node);
        let mut map = Map::default();
        let plain = node.kind == Kind::String && node.values.is_empty();
        map.set(step.name.clone(), plain.then(|| Value::String(format!("derived-{at}").into()))?);
        Some(Value::Map(map))
    };
    let case = |second: i64, verdict: Verdict| {
        let elements = vec![one(0)?, one(second)?];
        Some(Case {
            name: format!("derived: two elements of {}", unique.list.path),
            verdict,
            pool: pool(document(schema().node(element).parent, Value::List(elements)), InputKind::Answer),
            script: rule.script.clone(),
            at: rule.at.clone(),
        })
    };
    [case(1, Verdict::Pass), case(0, Verdict::Fail)].into_iter().flatten().collect()
}

/// An element that differs from the others.
fn distinct(element: NodeId, at: i64) -> Option<Value> {
    let node = schema().node(element);
    let text = Value::String(format!("derived-{at}").into());
    match node.kind {
        Kind::Structure => {
            let mut map = Map::default();
            if let Some(key) = &schema().node(node.parent).key {
                map.set(key.clone(), text);
            }
            Some(Value::Map(map))
        }
        Kind::String if node.values.is_empty() => Some(text),
        _ => None,
    }
}

/// The meaning of the operator for a value, independent of the code that evaluates it.
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
