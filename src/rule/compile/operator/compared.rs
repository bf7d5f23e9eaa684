//! An operator whose operand is another value of the pool.

use crate::diagnostic::{SourceDiagnostic, suggest};
use crate::rule::compile::{Base, Compiler};
use crate::rule::written::SpannedText;
use crate::rule::{Compared, OperatorName};
use crate::schema::{Kind, Node, Path, schema};

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
    let (other, id) = compiler.value(operand, base)?;
    if let (Some(node), Some(id)) = (node, id) {
        let target = schema().node(id);
        if let Some(wanted) = misfit(name, node, target) {
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

/// The type that the operand must have, if it has another.
fn misfit(name: OperatorName, node: &Node, target: &Node) -> Option<String> {
    let element = |of: &Node| of.element.map(|id| schema().node(id).kind).filter(|_| of.kind == Kind::List);
    // The keys of a map are text.
    let inner = element(node).unwrap_or(Kind::String);
    let (fits, wanted) = match name {
        OperatorName::OneOf | OperatorName::NoneOf => {
            (element(target) == Some(node.kind), format!("a list of {}s", node.kind.word()))
        }
        OperatorName::ContainsAll | OperatorName::ContainsOnly => {
            (element(target) == Some(inner), format!("a list of {}s", inner.word()))
        }
        OperatorName::Contains | OperatorName::NotContains => (target.kind == inner, inner.one()),
        OperatorName::AtLeast | OperatorName::AtMost => {
            (target.kind == Kind::Integer || target.numeric, Kind::Integer.one())
        }
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
        | OperatorName::PrefixAtLeast => (target.kind == node.kind && !target.secret, node.kind.one()),
    };
    (!fits).then_some(wanted)
}
