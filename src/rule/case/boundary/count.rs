//! Lists whose elements are counted, on both sides of the bound of their number and of those of a condition on them.

use super::document;
use super::part::{place, values_with};
use super::value::{distinct, expected};
use super::{Case, pool};
use crate::rule::{Count, Leaf, Operator, Predicate, Rule, Verdict};
use crate::schema::{Aspect, InputKind, NodeId, schema};
use crate::value::Value;

/// Lists of as many elements as are at both sides of a bound, and lists of that many elements whose value is at both
/// sides of what the condition asks.
pub(super) fn cases(rule: &Rule, count: &Count) -> Vec<Case> {
    let list = &count.list;
    let (Some(id), None, [bound]) = (list.element, list.of, count.bounds.as_slice()) else {
        return Vec::new();
    };
    let (Operator::AtLeast(at) | Operator::AtMost(at) | Operator::Equals(Value::Int(at))) = bound else {
        return Vec::new();
    };
    let list_node = schema().node(id).parent;
    let node = schema().node(list_node);
    let possible = |n: &i64| *n >= node.min.unwrap_or(0) && node.max.is_none_or(|max| *n <= max);
    let case = |elements: Option<Vec<Value>>, counted: i64| {
        let elements = elements?;
        Some(Case {
            name: format!("derived: {} elements of {}, {counted} counted", elements.len(), list.path),
            verdict: expected(std::slice::from_ref(bound), &Value::Int(counted))?,
            pool: pool(document(list_node, Value::List(elements)), InputKind::Answer),
            source_file: rule.source_file.clone(),
            at: rule.at.clone(),
        })
    };
    let sizes = [at - 1, *at, at + 1].into_iter().filter(possible);
    let Some(filter) = count.filter.as_deref() else {
        return sizes.filter_map(|n| case((0..n).map(|at| distinct(id, at)).collect(), n)).collect();
    };
    let Some(filter) = asked_of_element(filter) else { return Vec::new() };
    let (counted, others) = (values_with(filter, Verdict::Pass), values_with(filter, Verdict::Fail));
    let mut cases = Vec::new();
    if let Some(value) = counted.first() {
        cases.extend(sizes.filter_map(|n| case(alike(id, filter, value, n), n)));
    }
    let size = (*at).max(1);
    for value in counted.iter().filter(|_| possible(&size)) {
        cases.extend(case(alike(id, filter, value, size), size));
    }
    for value in others.iter().filter(|_| possible(&size)) {
        cases.extend(case(alike(id, filter, value, size), 0));
    }
    cases
}

/// The condition on an element, where it asks for one value of it.
fn asked_of_element(filter: &Predicate) -> Option<&Leaf> {
    match filter {
        Predicate::Leaf(leaf) if leaf.compared.is_empty() && leaf.path.aspect == Aspect::Value => {
            Some(leaf).filter(|leaf| !leaf.path.from_pool)
        }
        _ => None,
    }
}

/// As many elements with the same value; `None` where an element is the value, and would be there twice.
fn alike(element: NodeId, filter: &Leaf, value: &Value, size: i64) -> Option<Vec<Value>> {
    if filter.path.steps.is_empty() {
        return (size <= 1).then(|| vec![value.clone(); usize::try_from(size).unwrap_or_default()]);
    }
    let one = |at: i64| {
        let mut element = distinct(element, at)?;
        let Value::Map(map) = &mut element else { return None };
        place(map, &filter.path.steps, value.clone())?;
        Some(element)
    };
    (0..size).map(one).collect()
}
