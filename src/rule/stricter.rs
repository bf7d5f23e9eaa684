//! The direction in which a parameter makes its rule stricter.

use super::OperatorName;
use super::written::{
    Form, WrittenCount, WrittenOperator, WrittenPredicate, WrittenQuantified, WrittenRule, WrittenUnique,
};
use crate::spanned::{Item, Toml};

/// The change of a parameter after which fewer pools meet the rule, and none that did not meet it before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stricter {
    /// A greater number.
    Higher,
    /// A smaller number.
    Lower,
    /// More values in a list.
    More,
    /// Fewer values in a list.
    Fewer,
}

/// The direction of each parameter that has one, by its position. A parameter that is not the operand of a bound or a
/// list, or that is used in opposite directions, has none.
pub fn directions(written: &WrittenRule) -> Vec<(usize, Stricter)> {
    let direction = |name: &str| {
        let mut found = Vec::new();
        let mut visit = |operator: &WrittenOperator, wanted: Option<bool>| {
            if param(&operator.operand) == Some(name) {
                found.push(wanted.and_then(|wanted| stricter(operator.name, wanted)));
            }
        };
        if let Some(when) = &written.when {
            walk(when, Some(false), &mut visit);
        }
        walk(&written.expect, Some(true), &mut visit);
        let first = found.first().copied().flatten()?;
        found.iter().all(|one| *one == Some(first)).then_some(first)
    };
    let params = written.params.iter().enumerate();
    params.filter_map(|(index, param)| Some((index, direction(&param.name.0)?))).collect()
}

/// The parameter that an operand names.
fn param(operand: &Item) -> Option<&str> {
    let Toml::Table(table) = &operand.toml else { return None };
    match &table.get("param")?.toml {
        Toml::String(name) => Some(name),
        _ => None,
    }
}

/// Calls `visit` with every operator, and what it must amount to for the rule to pass; `None` where that may be either.
fn walk(
    predicate: &WrittenPredicate,
    wanted: Option<bool>,
    visit: &mut impl FnMut(&WrittenOperator, Option<bool>),
) {
    let opposite = wanted.map(|wanted| !wanted);
    let mut parts: Vec<(&WrittenPredicate, Option<bool>)> = Vec::new();
    let mut own: &[WrittenOperator] = &[];
    match &predicate.form {
        Form::Leaf { operators, .. } | Form::Element { operators, .. } => own = operators,
        Form::All(inner) | Form::Any(inner) => parts.extend(inner.iter().map(|part| (part, wanted))),
        Form::None(inner) => parts.extend(inner.iter().map(|part| (part, opposite))),
        Form::Some(WrittenQuantified { filter, expect, .. }) => {
            parts.extend(filter.iter().chain(expect).map(|part| (&**part, wanted)));
        }
        Form::Every(WrittenQuantified { filter, expect, .. }) => {
            parts.extend(filter.iter().map(|part| (&**part, opposite)));
            parts.extend(expect.iter().map(|part| (&**part, wanted)));
        }
        Form::Count(WrittenCount { filter, bounds, .. }) => {
            // The elements that are counted may be too few or too many.
            parts.extend(filter.iter().map(|part| (&**part, None)));
            own = bounds;
        }
        Form::Unique(WrittenUnique { filter, .. }) => {
            parts.extend(filter.iter().map(|part| (&**part, opposite)));
        }
        // A named predicate has no parameters, and a rule with a mistake is not strengthened.
        Form::Named(_) | Form::Broken(_) | Form::Lost(_) => {}
    }
    for operator in own {
        visit(operator, wanted);
    }
    for (part, wanted) in parts {
        walk(part, wanted, visit);
    }
}

/// The direction in which the operand of an operator makes it hold for fewer values, or for more where it must not
/// hold.
fn stricter(name: OperatorName, wanted: bool) -> Option<Stricter> {
    let (positive, negative) = match name {
        OperatorName::AtLeast
        | OperatorName::LengthAtLeast
        | OperatorName::OlderThan
        | OperatorName::PrefixAtLeast => (Stricter::Higher, Stricter::Lower),
        OperatorName::AtMost | OperatorName::LengthAtMost | OperatorName::NewerThan => {
            (Stricter::Lower, Stricter::Higher)
        }
        OperatorName::ContainsAll | OperatorName::NoneOf => (Stricter::More, Stricter::Fewer),
        OperatorName::ContainsOnly | OperatorName::OneOf => (Stricter::Fewer, Stricter::More),
        OperatorName::Equals
        | OperatorName::NotEquals
        | OperatorName::Matches
        | OperatorName::NotMatches
        | OperatorName::Present
        | OperatorName::Contains
        | OperatorName::NotContains => return None,
    };
    Some(if wanted { positive } else { negative })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::SourceFile;
    use crate::rule::written;

    fn of(keys: &str) -> Vec<(usize, Stricter)> {
        let text = format!("[[rule]]\nid = \"example\"\n{keys}");
        let mut mistakes = Vec::new();
        let rules = written::read(&SourceFile::new("rules.toml", text), &mut mistakes);
        assert!(mistakes.is_empty(), "{mistakes:?}");
        directions(&rules[0])
    }

    #[test]
    fn a_negation_and_a_filter_turn_the_direction_around() {
        let length = r#"{ path = "Policies.PasswordPolicy.MinimumLength", at-least = { param = "n" } }"#;
        assert_eq!(of(&format!("params = {{ n = 8 }}\nexpect = {length}")), [(0, Stricter::Higher)]);
        let negated = format!("params = {{ n = 8 }}\nexpect = {{ none = [{length}] }}");
        assert_eq!(of(&negated), [(0, Stricter::Lower)]);
        let both = format!("params = {{ n = 8 }}\nwhen = {length}\nexpect = {length}");
        assert_eq!(of(&both), []);
        let filter = r#"
params = { names = ["a"], n = 3 }
expect = { every = "Clients", where = { path = "ClientName", one-of = { param = "names" } }, expect = { path = "CallbackURLs", length-at-most = { param = "n" } } }"#;
        assert_eq!(of(filter), [(0, Stricter::More), (1, Stricter::Lower)]);
        let counted = r#"
params = { names = ["a"], n = 3 }
expect = { count = "Clients", where = { path = "ClientName", one-of = { param = "names" } }, at-most = { param = "n" } }"#;
        assert_eq!(of(counted), [(1, Stricter::Lower)]);
    }
}
