//! Pools with nothing but the two values that a rule compares.

use super::alone::{names, set};
use super::value::{expected, sample, values};
use super::{Case, pool};
use crate::rule::{Leaf, Rule};
use crate::schema::{Aspect, InputKind, Kind, Mirror, Node, NodeId, schema};
use crate::value::{Map, Value};

/// The pools at both sides of the one comparison of a rule, with a sample as operand.
pub(super) fn cases(rule: &Rule, leaf: &Leaf) -> Vec<Case> {
    let ([compared], [], Some(id), Some(other)) = (
        leaf.compared.as_slice(),
        leaf.operators.as_slice(),
        leaf.node,
        leaf.compared.first().and_then(|one| one.node),
    ) else {
        return Vec::new();
    };
    let (node, operand) = (schema().node(id), schema().node(other));
    let plain = [&leaf.path, &compared.path].iter().all(|path| path.aspect == Aspect::Value);
    let apart = !schema().is_inside(id, other) && !schema().is_inside(other, id);
    let value =
        operand_value(operand).filter(|_| plain && apart && ![id, other].into_iter().any(is_mirrored));
    let Some((value, operator)) = value.and_then(|value| Some((value.clone(), compared.with(&value).ok()?)))
    else {
        return Vec::new();
    };
    let operators = [operator];
    let case = |own: Value| {
        let verdict = expected(&operators, &own)?;
        let mut document = Map::default();
        set(&mut document, &names(rule, &compared.path), operand, &value)?;
        set(&mut document, &names(rule, &leaf.path), node, &own)?;
        Some(Case {
            name: format!("derived: {} = {own}, {} = {value}", leaf.path, compared.path),
            verdict,
            pool: pool(document, InputKind::Answer),
            source_file: rule.source_file.clone(),
            at: rule.at.clone(),
        })
    };
    values(node, &operators).into_iter().filter(|own| *own != Value::Null).filter_map(case).collect()
}

/// A value for an operand: a text that no other value of a derived pool is.
fn operand_value(node: &Node) -> Option<Value> {
    let text = |node: &Node| node.kind == Kind::String && node.values.is_empty() && !node.secret;
    let other = || Value::String("example-0".into());
    match node.element.map(|id| schema().node(id)).filter(|_| node.kind == Kind::List) {
        Some(element) if text(element) => Some(Value::List(vec![other()])),
        _ if text(node) => Some(other()),
        _ => sample(node),
    }
}

fn is_mirrored(id: NodeId) -> bool {
    schema().mirrors().iter().any(|one: &Mirror| [one.copy, one.original].contains(&id))
}
