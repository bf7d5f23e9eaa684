//! Finds predicates that have the same result for every pool.
//!
//! The values of one path are few enough to try them all: enums, booleans, and integers with bounds.

use crate::rule::{Operator, Predicate};
use crate::schema::{Kind, Node, NodeId, Path, schema};
use crate::value::Value;

/// Integers with a wider range than this are not tried one by one.
const WIDEST: i64 = 100_000;

/// The result that a predicate has whatever the pool, if there is such a result.
pub(super) fn constant(predicate: &Predicate) -> Option<bool> {
    let (_, id) = single_path(predicate)?;
    let node = schema().node(id?);
    if let Predicate::Leaf(leaf) = predicate
        && let [Operator::Present(wanted)] = leaf.operators.as_slice()
    {
        return node.never_absent().then_some(*wanted);
    }
    let mut results = domain(node)?
        .into_iter()
        .map(|value| holds(predicate, &value, node));
    let first = results.next()??;
    results.all(|result| result == Some(first)).then_some(first)
}

/// The same for lengths, which have no domain of values.
pub(super) fn length_constant(operator: &Operator, node: Option<&Node>) -> Option<bool> {
    let node = node?;
    let (min, max) = (node.min.unwrap_or(0), node.max.unwrap_or(i64::MAX));
    match operator {
        Operator::LengthAtLeast(least) if *least <= min => Some(true),
        Operator::LengthAtLeast(least) if *least > max => Some(false),
        Operator::LengthAtMost(most) if *most >= max => Some(true),
        Operator::LengthAtMost(most) if *most < min => Some(false),
        _ => None,
    }
}

/// The one path that a predicate looks at, if it looks at one alone and asks for its value.
fn single_path(predicate: &Predicate) -> Option<(&Path, Option<NodeId>)> {
    match predicate {
        Predicate::Leaf(leaf) => Some((&leaf.path, leaf.node)),
        Predicate::All(inner) | Predicate::Any(inner) | Predicate::None(inner) => {
            let mut paths = inner
                .iter()
                .map(|one| single_path(one).filter(|_| !asks_presence(one)));
            let first = paths.next()??;
            paths
                .all(|path| path.is_some_and(|path| path.0.steps_equal(first.0)))
                .then_some(first)
        }
        Predicate::Some(_) | Predicate::Every(_) => None,
    }
}

fn asks_presence(predicate: &Predicate) -> bool {
    matches!(predicate, Predicate::Leaf(leaf) if leaf.operators.iter().any(|op| matches!(op, Operator::Present(_))))
}

fn domain(node: &Node) -> Option<Vec<Value>> {
    match node.kind {
        Kind::String if !node.values.is_empty() => {
            Some(node.values.iter().cloned().map(Value::String).collect())
        }
        Kind::Boolean => Some(vec![Value::Bool(true), Value::Bool(false)]),
        Kind::Integer => {
            let (min, max) = (node.min?, node.max?);
            (max - min <= WIDEST).then(|| (min..=max).map(Value::Int).collect())
        }
        _ => None,
    }
}

fn holds(predicate: &Predicate, value: &Value, node: &Node) -> Option<bool> {
    let all = |inner: &[Predicate]| {
        inner
            .iter()
            .map(|one| holds(one, value, node))
            .collect::<Option<Vec<_>>>()
    };
    Some(match predicate {
        Predicate::Leaf(leaf) => {
            let results: Option<Vec<bool>> = leaf
                .operators
                .iter()
                .map(|operator| operator.holds(value, Some(node), 0).ok())
                .collect();
            results?.into_iter().all(|holds| holds)
        }
        Predicate::All(inner) => all(inner)?.into_iter().all(|holds| holds),
        Predicate::Any(inner) => all(inner)?.into_iter().any(|holds| holds),
        Predicate::None(inner) => !all(inner)?.into_iter().any(|holds| holds),
        Predicate::Some(_) | Predicate::Every(_) => return None,
    })
}
