//! One operator of a leaf: does it fit the path, and can its operand be real?

mod build;
mod compared;

use super::constant::{Constant, constant};
use super::operand::{Operand, path_operand};
use super::{Base, Compiler};
use crate::mistake::Mistake;
use crate::rule::operator::{Asked, Measure, together};
use crate::rule::written::WrittenOperator;
use crate::rule::{Absence, Compared, Leaf, Operator, OperatorName, Predicate};
use crate::schema::{Kind, Node, NodeId, Path, schema};
use crate::value::Value;
use build::build;

/// An operator that was checked.
pub(super) enum Built {
    Fixed(Operator),
    Compared(Compared),
}

/// Compiles one operator; `None` after at least one mistake.
pub(super) fn operator(
    compiler: &mut Compiler<'_>,
    written: &WrittenOperator,
    path: &Path,
    id: Option<NodeId>,
    base: Base,
) -> Option<Built> {
    let node = id.map(|id| schema().node(id));
    let name = written.name;
    if let Some(node) = node {
        let secret = is_secret(node, path);
        if !name.fits(node, secret) {
            let mistake = misfit(name, node, path, secret);
            compiler.mistake(written.at.clone(), mistake.0, "does not fit", Some(mistake.1));
            return None;
        }
    }
    if let Some(operand) = path_operand(&written.operand) {
        return compared::compared(compiler, name, &operand, (path, node), base).map(Built::Compared);
    }
    let operand = compiler.operand(&written.operand)?;
    let operator = match build(name, &operand, node) {
        Ok(operator) => operator,
        Err(mistakes) => {
            compiler.mistakes.extend(mistakes);
            return None;
        }
    };
    let single =
        Leaf { path: path.clone(), node: id, operators: vec![operator.clone()], compared: Vec::new() };
    if let Some(constant) = constant(&Predicate::Leaf(single)) {
        let mistake = constant_mistake(&operand, &operator, &constant, compiler.absence);
        compiler.mistakes.push(mistake);
        return None;
    }
    Some(Built::Fixed(operator))
}

/// Whether the value is not kept when a pool is read.
fn is_secret(node: &Node, path: &Path) -> bool {
    let key = path.steps.last().map_or("", |step| step.name.as_ref());
    node.secret || schema().node(node.parent).is_secret_key(key)
}

/// The message and the help for an operator that does not fit.
fn misfit(name: OperatorName, node: &Node, path: &Path, secret: bool) -> (String, String) {
    let what = if secret { "a secret".to_owned() } else { kind_words(node) };
    let fitting = OperatorName::ALL.into_iter().filter(|name| name.fits(node, secret));
    let fitting: Vec<String> = fitting.map(|name| format!("`{}`", name.word())).collect();
    let more = match node.kind {
        _ if secret => "; its value is never kept",
        Kind::Structure => "; or name one of its members",
        Kind::List if node.holds_structures() => "; or look at its elements with `each`, `some` or `every`",
        _ => "",
    };
    let name = name.word();
    let message = format!("`{name}` does not fit {}, which is {what}", path.called());
    (message, format!("what fits: {}{more}", fitting.join(", ")))
}

fn constant_mistake(
    operand: &Operand,
    operator: &Operator,
    constant: &Constant<'_>,
    absence: Absence,
) -> Mistake {
    let (node, path) = (constant.node, constant.path.called());
    if let Operator::Present(_) = operator {
        return presence_mistake(operand, constant);
    }
    let has = matches!(
        operator,
        Operator::LengthAtLeast(_)
            | Operator::LengthAtMost(_)
            | Operator::Contains(_)
            | Operator::NotContains(_)
            | Operator::ContainsAll(_)
            | Operator::ContainsOnly(_)
    );
    // What a value is never, if it is never anything but these, is what it always is.
    let refuses = matches!(operator, Operator::NotEquals(_) | Operator::NoneOf(_));
    let (always, never) = match (has, refuses) {
        (true, _) => ("always has", "never has"),
        (false, true) => ("is always", "is always"),
        (false, false) => ("is always", "is never"),
    };
    let asked = Asked { operator, negated: refuses && !constant.holds };
    let expected = together(&[asked], None);
    let message = match constant.holds {
        true if constant.fails_absent(absence) => {
            format!("this fails only where {path} is absent: otherwise it {always} {expected}")
        }
        true => format!("this can never fail: {path} {always} {expected}"),
        false if constant.passes_absent(absence) => {
            format!("this holds only where {path} is absent: otherwise it {never} {expected}")
        }
        false => format!("this can never hold: {path} {never} {expected}"),
    };
    let can_be = match operator {
        Operator::LengthAtLeast(_) | Operator::LengthAtMost(_) => "the length can be",
        Operator::ContainsOnly(_) => "an element can be",
        _ => "the value can be",
    };
    let values = match operator {
        Operator::ContainsOnly(_) => node.element.map_or(node, |id| schema().node(id)),
        _ => node,
    };
    let mistake = operand.mistake(message, format!("{can_be} {}", domain_words(values)));
    if constant.holds && constant.fails_absent(absence) {
        return mistake.help("to ask only whether it is there, use `present = true`");
    }
    if !constant.holds && constant.passes_absent(absence) {
        return mistake.help("to ask only that it is not there, use `present = false`");
    }
    mistake.maybe_help(useful_bounds(operator, node))
}

fn presence_mistake(operand: &Operand, constant: &Constant<'_>) -> Mistake {
    let path = constant.path.called();
    let mistake = match constant.holds {
        true => operand.mistake(format!("this can never fail: {path} is always there"), "always true"),
        false => operand.mistake(format!("this can never hold: {path} is never absent"), "never true"),
    };
    match &constant.node.defaults.any {
        Some(Value::List(_) | Value::Map(_)) => {
            let asked = if constant.holds { "length-at-least = 1" } else { "length-at-most = 0" };
            mistake.help(format!("one that is left out is empty: use `{asked}`"))
        }
        Some(default) => mistake.help(format!("one that is left out counts as {default}: compare the value")),
        None => mistake.help("compare the value, or take this out"),
    }
}

/// Which bounds tell one value from another.
fn useful_bounds(operator: &Operator, node: &Node) -> Option<String> {
    let bound = operator.bound()?;
    let (least, most) = match (bound.of, bound.at_least) {
        (Measure::Number, true) => (node.min? + 1, node.max),
        (Measure::Length, true) => (node.min.unwrap_or(0) + 1, node.max),
        (Measure::Number, false) => (node.min?, Some(node.max? - 1)),
        (Measure::Length, false) => (node.min.unwrap_or(0), node.max.map(|max| max - 1)),
        (Measure::Age | Measure::Prefix, _) => return None,
    };
    Some(match most {
        Some(most) => format!("a bound from {least} to {most} makes a difference"),
        None => format!("a bound of {least} or more makes a difference"),
    })
}

/// What values the API allows, in words.
pub(super) fn domain_words(node: &Node) -> String {
    if let Some((last, others)) = node.values.split_last() {
        let others = others.join(", ");
        return if others.is_empty() { last.to_string() } else { format!("{others} or {last}") };
    }
    match (node.min, node.max) {
        (Some(min), Some(max)) => format!("{min} to {max}"),
        (None, Some(max)) => format!("0 to {max}"),
        (Some(min), None) => format!("{min} or more"),
        (None, None) if node.kind == Kind::Boolean => "true or false".to_owned(),
        (None, None) => "0 or more".to_owned(),
    }
}

fn kind_words(node: &Node) -> String {
    let kind = node.kind.one();
    match (node.kind, node.element.map(|id| schema().node(id))) {
        (Kind::List, Some(element)) => format!("{kind} of {}s", element.kind.word()),
        _ if node.numeric => format!("{kind} that holds a number"),
        _ if !node.values.is_empty() => format!("{kind} with fixed values"),
        _ => kind,
    }
}
