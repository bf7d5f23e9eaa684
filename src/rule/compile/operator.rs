//! One operator of a leaf: does it fit the path, and can its operand be real?

mod build;
mod compared;

use super::constant::{Constant, constant};
use super::operand::{Operand, path_operand};
use super::{Base, Compiler};
use crate::diagnostic::{SourceDiagnostic, one_of};
use crate::rule::operator::{Asked, Measure, together};
use crate::rule::written::WrittenOperator;
use crate::rule::{Absence, Compared, Leaf, Operator, OperatorName, Predicate};
use crate::schema::{ArnPart, Aspect, InputKind, Kind, LIST_OPERATORS, Node, NodeId, Path, schema};
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
    let nodes = asked_of(path, id, base);
    if !fits(compiler, written, path, &nodes) {
        return None;
    }
    if let Some(operand) = path_operand(&written.operand) {
        return compared::compared(compiler, name, &operand, (path, node), base).map(Built::Compared);
    }
    let operand = match name {
        OperatorName::Matches | OperatorName::NotMatches => compiler.pattern(&written.operand)?,
        _ => compiler.operand(&written.operand)?,
    };
    let built = match (path.aspect, nodes.split_first()) {
        // A comparison that fits one of the members is possible.
        (Aspect::Value, Some((first, others))) => {
            let node = |id: &NodeId| Some(schema().node(*id));
            let other = |id: &NodeId| build(name, &operand, node(id)).ok();
            build(name, &operand, node(first))
                .or_else(|mistakes| others.iter().find_map(other).ok_or(mistakes))
        }
        (Aspect::Value, None) => build(name, &operand, None),
        (aspect, _) => build(name, &operand, None).and_then(|operator| text(aspect, operator, &operand)),
    };
    let operator = match built {
        Ok(operator) => operator,
        Err(mistakes) => {
            compiler.mistakes.extend(mistakes);
            return None;
        }
    };
    let single =
        Leaf { path: path.clone(), node: id, operators: vec![operator.clone()], compared: Vec::new() };
    if nodes.len() < 2
        && let Some(constant) = constant(&Predicate::Leaf(single))
    {
        let mistake = constant_mistake(&operand, &operator, &constant, compiler.absence);
        compiler.mistakes.push(mistake);
        return None;
    }
    Some(Built::Fixed(operator))
}

/// Notes an operator that does not fit the type of all that it may be asked of.
fn fits(compiler: &mut Compiler<'_>, written: &WrittenOperator, path: &Path, nodes: &[NodeId]) -> bool {
    let name = written.name;
    if path.aspect == Aspect::Scopes {
        if !fits_texts(name) {
            let message = format!("`{}` does not fit `{path}`, which is a list of texts", name.word());
            compiler.mistake(written.at.clone(), message, "does not fit", Some(LIST_OPERATORS.to_owned()));
        }
        return fits_texts(name);
    }
    if matches!(path.aspect, Aspect::Arn(_) | Aspect::Key | Aspect::Source) && !fits_text(name) {
        let message = format!("`{}` does not fit `{path}`, which is a text", name.word());
        let help = what_fits(OperatorName::ALL.into_iter().filter(|name| fits_text(*name)));
        compiler.mistake(written.at.clone(), message, "does not fit", Some(help));
        return false;
    }
    // A key is a text, whatever its value is.
    if path.aspect == Aspect::Key {
        return true;
    }
    for node in nodes.iter().map(|id| schema().node(*id)) {
        let secret = is_secret(node, path);
        if !name.fits(node, secret) {
            let mut mistake = misfit(name, node, path, secret);
            if nodes.len() > 1 {
                mistake.0 = format!(
                    "`{}` does not fit {}, which is {}",
                    name.word(),
                    node.called(),
                    kind_words(node)
                );
                mistake.1.push_str("; `**` looks at the plain values inside");
            }
            compiler.mistake(written.at.clone(), mistake.0, "does not fit", Some(mistake.1));
            return false;
        }
    }
    true
}

/// The places in the schema that a leaf may ask about: several for the members of a structure.
fn asked_of(path: &Path, id: Option<NodeId>, base: Base) -> Vec<NodeId> {
    match (path.aspect, base) {
        (Aspect::Value, Base::Member { .. }) if path.steps.is_empty() => base.nodes(),
        _ => id.into_iter().collect(),
    }
}

/// Whether it can be asked of a key or a part of an ARN.
fn fits_text(name: OperatorName) -> bool {
    match name {
        OperatorName::Equals
        | OperatorName::NotEquals
        | OperatorName::OneOf
        | OperatorName::NoneOf
        | OperatorName::Matches
        | OperatorName::NotMatches
        | OperatorName::Present => true,
        OperatorName::AtLeast
        | OperatorName::AtMost
        | OperatorName::Contains
        | OperatorName::NotContains
        | OperatorName::ContainsAll
        | OperatorName::ContainsOnly
        | OperatorName::LengthAtLeast
        | OperatorName::LengthAtMost
        | OperatorName::OlderThan
        | OperatorName::NewerThan
        | OperatorName::PrefixAtLeast => false,
    }
}

/// Whether it can be asked of a list of texts.
fn fits_texts(name: OperatorName) -> bool {
    match name {
        OperatorName::Contains
        | OperatorName::NotContains
        | OperatorName::ContainsAll
        | OperatorName::ContainsOnly
        | OperatorName::LengthAtLeast
        | OperatorName::LengthAtMost
        | OperatorName::Present => true,
        OperatorName::Equals
        | OperatorName::NotEquals
        | OperatorName::OneOf
        | OperatorName::NoneOf
        | OperatorName::AtLeast
        | OperatorName::AtMost
        | OperatorName::Matches
        | OperatorName::NotMatches
        | OperatorName::OlderThan
        | OperatorName::NewerThan
        | OperatorName::PrefixAtLeast => false,
    }
}

/// An operator on a key, a part of an ARN or scopes, if its values can be real.
fn text(aspect: Aspect, operator: Operator, operand: &Operand) -> Result<Operator, Vec<SourceDiagnostic>> {
    let is_account = |value: &Value| {
        value.as_str().is_some_and(|id| id.len() == 12 && id.bytes().all(|b| b.is_ascii_digit()))
    };
    let of_account = aspect == Aspect::Arn(ArnPart::Account);
    let is_kind = |value: &Value| InputKind::ALL.into_iter().any(|kind| value.as_str() == Some(kind.word()));
    let wrong = |value: &&Value| match aspect {
        Aspect::Source => !is_kind(value),
        _ if of_account => !is_account(value),
        _ => value.as_str().is_none(),
    };
    let Some(value) = operator.named().iter().find(wrong) else { return Ok(operator) };
    Err(vec![if aspect == Aspect::Source {
        operand
            .mistake(format!("`source()` is never {value}"), "no such kind of input")
            .help(one_of(InputKind::ALL.map(InputKind::word)))
    } else if of_account {
        operand
            .mistake(format!("{value} is not the id of an account"), "not an account")
            .help("an account id has 12 digits, and is in quotes: \"111122223333\"")
    } else {
        operand
            .mistake(format!("{value} is compared with a text"), "not a text")
            .help(format!("put it in quotes: \"{value}\""))
    }])
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
    let more = match node.kind {
        _ if secret => "; its value is never kept",
        Kind::Structure => "; or name one of its members",
        Kind::List if node.holds_structures() => "; or look at its elements with `each`, `some` or `every`",
        _ => "",
    };
    let name = name.word();
    let message = format!("`{name}` does not fit {}, which is {what}", path.called());
    (message, what_fits(fitting) + more)
}

fn what_fits(names: impl Iterator<Item = OperatorName>) -> String {
    let names: Vec<String> = names.map(|name| format!("`{}`", name.word())).collect();
    format!("what fits: {}", names.join(", "))
}

fn constant_mistake(
    operand: &Operand,
    operator: &Operator,
    constant: &Constant<'_>,
    absence: Absence,
) -> SourceDiagnostic {
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
    // A value that is always one of these is never another, so the complement is what it always is.
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

fn presence_mistake(operand: &Operand, constant: &Constant<'_>) -> SourceDiagnostic {
    let path = constant.path.called();
    let mistake = match constant.holds {
        true => operand.mistake(format!("this can never fail: {path} is always there"), "always true"),
        false => operand.mistake(format!("this can never hold: {path} is never absent"), "never true"),
    };
    match &constant.node.defaults().any {
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

/// The values that the API allows, in words.
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
