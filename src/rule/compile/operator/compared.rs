//! An operator whose operand is another value of the pool.

use crate::diagnostic::{SourceDiagnostic, suggest};
use crate::rule::compile::{Base, Compiler};
use crate::rule::written::SpannedText;
use crate::rule::{Compared, OperatorName};
use crate::schema::{Aspect, Kind, Node, Path, schema};

/// Checks that the operand leads to something that the value can be compared with.
pub(super) fn compared(
    compiler: &mut Compiler<'_>,
    name: OperatorName,
    operand: &SpannedText,
    (path, node): (&Path, Option<&Node>),
    base: Base,
) -> Option<Compared> {
    if !takes_path(name) {
        let message = format!("`{}` cannot compare with another value of the pool", name.word());
        let words = OperatorName::ALL.into_iter().filter(|name| takes_path(*name)).map(OperatorName::word);
        let mistake = SourceDiagnostic::new(&compiler.rule.source_file, operand.1.clone(), message, "a path");
        compiler.mistakes.push(mistake.help(suggest(name.word(), words)));
        return None;
    }
    let (other, id) = compiler.operand_value(operand, base)?;
    if other == *path {
        let message = format!("`{}` compares {} with itself", name.word(), path.called());
        compiler.mistake(operand.1.clone(), message, "the same value", None);
        return None;
    }
    if let (Some(node), Some(id)) = (node, id) {
        let target_node = schema().node(id);
        if target_node.secret {
            let message = format!("`{other}` is a secret, and secrets are not compared");
            compiler.mistake(operand.1.clone(), message, "a secret", None);
            return None;
        }
        if let Some(message) = nothing_in_common(name, (path, node), (&other, target_node)) {
            compiler.mistake(operand.1.clone(), message, "of other values", None);
            return None;
        }
        let target = Shape::of(&other, target_node);
        if let Some(wanted) = misfit(name, &Shape::of(path, node), &target) {
            let message = format!(
                "`{}` compares {} with {wanted}, and `{other}` is {}",
                name.word(),
                path.called(),
                target.kind.one()
            );
            compiler.mistake(operand.1.clone(), message, "of another type", None);
            return None;
        }
    }
    Some(Compared { operator: name, path: other, node: id })
}

/// The mistake that two values can never be the same, each being one of a few.
fn nothing_in_common(
    name: OperatorName,
    (path, node): (&Path, &Node),
    (other, target): (&Path, &Node),
) -> Option<String> {
    let is_of_values = matches!(name, OperatorName::Equals | OperatorName::NotEquals)
        && [path, other].iter().all(|path| path.aspect == Aspect::Value)
        && [node, target].iter().all(|node| node.kind == Kind::String && !node.values.is_empty());
    if !is_of_values || node.values.iter().any(|value| target.values.contains(value)) {
        return None;
    }
    Some(format!("{} and `{other}` never have the same value", path.called()))
}

fn takes_path(name: OperatorName) -> bool {
    match name {
        OperatorName::Equals
        | OperatorName::NotEquals
        | OperatorName::OneOf
        | OperatorName::NoneOf
        | OperatorName::AtLeast
        | OperatorName::AtMost
        | OperatorName::Contains
        | OperatorName::NotContains
        | OperatorName::ContainsAll
        | OperatorName::ContainsOnly
        | OperatorName::LengthAtLeast
        | OperatorName::LengthAtMost => true,
        OperatorName::Matches
        | OperatorName::NotMatches
        | OperatorName::Present
        | OperatorName::OlderThan
        | OperatorName::NewerThan
        | OperatorName::PrefixAtLeast => false,
    }
}

/// The type of a value at a path.
struct Shape {
    kind: Kind,
    /// The type of the elements of a list.
    element: Option<Kind>,
    /// A whole number, however it is written.
    is_number: bool,
}

impl Shape {
    fn of(path: &Path, node: &Node) -> Shape {
        if path.aspect == Aspect::Scopes {
            return Shape { kind: Kind::List, element: Some(Kind::String), is_number: false };
        }
        let element = node.element.map(|id| schema().node(id).kind).filter(|_| node.kind == Kind::List);
        let is_number = node.kind == Kind::Integer || node.numeric;
        Shape { kind: node.kind, element, is_number }
    }
}

/// The type that the operand must have, if it has another.
fn misfit(name: OperatorName, node: &Shape, target: &Shape) -> Option<String> {
    // The keys of a map are text.
    let inner = node.element.unwrap_or(Kind::String);
    let (fits, wanted) = match name {
        OperatorName::OneOf | OperatorName::NoneOf => {
            (target.element == Some(node.kind), format!("a list of {}s", node.kind.word()))
        }
        OperatorName::ContainsAll | OperatorName::ContainsOnly => {
            (target.element == Some(inner), format!("a list of {}s", inner.word()))
        }
        OperatorName::Contains | OperatorName::NotContains => (target.kind == inner, inner.one()),
        OperatorName::AtLeast | OperatorName::AtMost => (target.is_number, Kind::Integer.one()),
        OperatorName::LengthAtLeast | OperatorName::LengthAtMost => {
            (target.kind == Kind::Integer, Kind::Integer.one())
        }
        OperatorName::Equals
        | OperatorName::NotEquals
        | OperatorName::Matches
        | OperatorName::NotMatches
        | OperatorName::Present
        | OperatorName::OlderThan
        | OperatorName::NewerThan
        | OperatorName::PrefixAtLeast => (target.kind == node.kind, node.kind.one()),
    };
    (!fits).then_some(wanted)
}
