//! Comparisons with another value of a pool, as comparisons with the value that is there.

use super::Case;
use crate::pool::{Scope, State, at, elements};
use crate::rule::{Compared, Operator, Predicate, Rule};
use crate::value::Value;

/// The expectation of a rule with the values of a test's pool as operands, where they are known.
pub(super) fn settled(rule: &Rule, test: &Case) -> Predicate {
    let mut expect = rule.expect.clone();
    settle(&mut expect, true, &|compared| operand(rule, test, compared));
    expect
}

/// Puts operands in. Inside a quantifier, only those that start at the pool are the same for each element.
fn settle(predicate: &mut Predicate, is_outer: bool, known: &impl Fn(&Compared) -> Option<Operator>) {
    match predicate {
        Predicate::Leaf(leaf) => {
            let compared = std::mem::take(&mut leaf.compared);
            for one in compared {
                match known(&one).filter(|_| is_outer || one.path.from_pool) {
                    Some(operator) => leaf.operators.push(operator),
                    None => leaf.compared.push(one),
                }
            }
        }
        Predicate::All(inner) | Predicate::Any(inner) | Predicate::None(inner) => {
            for one in inner {
                settle(one, is_outer, known);
            }
        }
        Predicate::Some(own) | Predicate::Every(own) => {
            for inner in own.filter.iter_mut().chain(own.expect.iter_mut()) {
                settle(inner, false, known);
            }
        }
        Predicate::Count(_) | Predicate::Unique(_) | Predicate::Named(_) => {}
    }
}

/// The operator with the value that a test's pool has at the operand's path.
fn operand(rule: &Rule, test: &Case, compared: &Compared) -> Option<Operator> {
    let root = Scope::of(&test.pool);
    let element = match &rule.each {
        Some(each) if !compared.path.from_pool => {
            let elements = elements(root, &each.path, each.element).ok()?;
            let mut elements = elements.iter();
            let only = elements.next().filter(|_| elements.next().is_none())?;
            Some(only.element)
        }
        Some(_) | None => None,
    };
    at(Scope { element, ..root }, &compared.path, |state| match state {
        State::Present(value) | State::Default(value) => {
            let is_known =
                !value.is_unknown() && !value.as_list().unwrap_or_default().iter().any(Value::is_unknown);
            compared.with(value).ok().filter(|_| is_known)
        }
        State::Absent | State::Unknown(_) | State::Outside(_) => None,
    })
}
