//! Mutants: rules that differ from a rule by a single change, which the tests of the rule must notice.
//!
//! An operator is flipped, a bound moved by one, a quantifier swapped, a part dropped. A change that the compiler
//! refuses, such as a bound that the API does not allow, makes no mutant.

mod variant;

use std::ops::Range;
use std::sync::Arc;

use super::compile::mutant;
use super::written::{WrittenNamed, WrittenParam, WrittenRule};
use super::{Override, Rule};
use crate::diagnostic::SourceFile;
use crate::spanned::{Item, Toml};
use variant::{Variant, variants};

/// The rules that one change makes: one, or every rule that uses a named predicate.
#[derive(Clone, Debug)]
pub struct Mutant {
    /// The rule that is changed, or the named predicate: `mfa-off`, `predicate.people-sign-in`.
    pub of: Arc<str>,
    /// The part that is changed and the change, which name the mutant: `expect.all[1] is dropped`.
    pub name: String,
    pub source_file: SourceFile,
    /// The part that is changed, in bytes.
    pub at: Range<usize>,
    /// Each has the id of the rule that it was made of.
    pub rules: Vec<(WrittenRule, Arc<Rule>)>,
}

/// The mutants of a rule.
pub fn mutants(written: &WrittenRule) -> Vec<Mutant> {
    let plain = plain(written);
    let of: Arc<str> = Arc::from(written.id.0.as_str());
    let mut mutants = Vec::new();
    let mut add = |name: String, at: &Range<usize>, rule: WrittenRule| {
        if let Some(compiled) = mutant(&rule, &[]) {
            let source_file = written.source_file.clone();
            mutants.push(Mutant {
                of: Arc::clone(&of),
                name,
                source_file,
                at: at.clone(),
                rules: vec![(rule, Arc::new(compiled))],
            });
        }
    };
    for (param, n, value) in moved_params(written) {
        let mut params = written.params.clone();
        params[param].value.toml = Toml::Int(n);
        let name = format!("params.{} becomes {n}", params[param].name.0);
        add(name, &value.at, WrittenRule { params, ..plain.clone() });
    }
    if let Some(when) = &written.when {
        add("when is dropped".to_owned(), &when.at, WrittenRule { when: None, ..plain.clone() });
        for Variant { at, place, change, predicate } in variants(when, "when") {
            let when = Some(predicate);
            add(format!("{place} {change}"), &at, WrittenRule { when, ..plain.clone() });
        }
    }
    for Variant { at, place, change, predicate } in variants(&written.expect, "expect") {
        add(format!("{place} {change}"), &at, WrittenRule { expect: predicate, ..plain.clone() });
    }
    mutants
}

/// The mutants of a named predicate, each with the rules that use it.
pub fn of_predicate(named: &WrittenNamed, rules: &[&WrittenRule]) -> Vec<Mutant> {
    let users: Vec<&WrittenRule> = rules.iter().copied().filter(|rule| uses(rule, &named.name.0)).collect();
    let changed = |Variant { at, place, change, predicate }: Variant| {
        let changed = WrittenNamed { expect: predicate, ..named.clone() };
        let with = |rule: &&WrittenRule| {
            // The first predicate of a name is the one that counts.
            let predicates = [std::slice::from_ref(&changed), rule.predicates.as_slice()].concat();
            let rule = WrittenRule { predicates: Arc::new(predicates), ..plain(rule) };
            mutant(&rule, &[]).map(|compiled| (rule, Arc::new(compiled)))
        };
        let rules: Vec<(WrittenRule, Arc<Rule>)> = users.iter().filter_map(with).collect();
        let name = format!("{place} {change}");
        let of = Arc::from(format!("predicate.{}", named.name.0));
        (!rules.is_empty()).then(|| Mutant { of, name, source_file: named.source_file.clone(), at, rules })
    };
    variants(&named.expect, "expect").into_iter().filter_map(changed).collect()
}

/// The rule of a mutant under other parameters.
pub fn under(written: &WrittenRule, change: &Override) -> Option<Rule> {
    mutant(written, &[change])
}

/// Whether a rule looks at the predicate, which may be by way of another.
fn uses(written: &WrittenRule, name: &str) -> bool {
    let Some(rule) = mutant(&plain(written), &[]) else { return false };
    let mut uses = false;
    for predicate in rule.when.iter().chain([&rule.expect]) {
        predicate.named(&mut |named| uses |= &*named.name == name);
    }
    uses
}

/// A rule without texts, which say nothing about verdicts and may need parameters that a mutant does not have.
fn plain(written: &WrittenRule) -> WrittenRule {
    WrittenRule {
        title: None,
        why: None,
        fix: None,
        console: None,
        api: None,
        message: None,
        tests: Vec::new(),
        ..written.clone()
    }
}

/// The numbers among the parameters, one less and one more.
fn moved_params(written: &WrittenRule) -> Vec<(usize, i64, &Item)> {
    let moved = |(index, param): (usize, &'_ WrittenParam)| match param.value.toml {
        Toml::Int(n) => {
            [n.checked_sub(1), n.checked_add(1)].into_iter().flatten().map(|n| (index, n)).collect()
        }
        _ => Vec::new(),
    };
    let numbers: Vec<(usize, i64)> = written.params.iter().enumerate().flat_map(moved).collect();
    numbers.into_iter().map(|(index, n)| (index, n, &written.params[index].value)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::written;

    /// The names of the mutants of a rule with these keys.
    fn names(keys: &str) -> Vec<String> {
        let text = format!("[[rule]]\nid = \"example\"\n{keys}");
        let mut mistakes = Vec::new();
        let rules = written::read(&SourceFile::new("rules.toml", text), &mut mistakes);
        assert!(mistakes.is_empty(), "{mistakes:?}");
        mutants(&rules[0]).into_iter().map(|mutant| mutant.name).collect()
    }

    #[test]
    fn operators_are_flipped_and_bounds_moved() {
        assert_eq!(
            names(
                r#"expect = { path = "Policies.PasswordPolicy.MinimumLength", at-least = 12, at-most = 64 }"#
            ),
            [
                "expect.at-least becomes `at-most`",
                "expect.at-least becomes 11",
                "expect.at-least becomes 13",
                "expect.at-least is dropped",
                "expect.at-most becomes `at-least`",
                "expect.at-most becomes 63",
                "expect.at-most becomes 65",
                "expect.at-most is dropped",
            ]
        );
        assert_eq!(
            names(r#"expect = { path = "CustomDomain", present = true }"#),
            ["expect.present becomes false"]
        );
    }

    /// The API has no passwords with fewer than 6 characters, so a bound of 6 could never fail.
    #[test]
    fn a_change_that_the_compiler_refuses_makes_no_mutant() {
        assert_eq!(
            names(r#"expect = { path = "Policies.PasswordPolicy.MinimumLength", at-least = 7 }"#),
            ["expect.at-least becomes `at-most`", "expect.at-least becomes 8"]
        );
    }

    #[test]
    fn parameters_are_moved_and_conditions_dropped() {
        let keys = r#"
params = { minimum = 12 }
title  = "Shorter than {minimum}"
when   = "local-users-sign-in"
expect = { path = "Policies.PasswordPolicy.MinimumLength", at-least = { param = "minimum" } }"#;
        assert_eq!(
            names(keys),
            [
                "params.minimum becomes 11",
                "params.minimum becomes 13",
                "when is dropped",
                "when is negated",
                "expect.at-least becomes `at-most`",
            ]
        );
    }

    #[test]
    fn parts_are_dropped_and_quantifiers_swapped() {
        let keys = r#"
expect = { any = [
    { none = [{ path = "MfaConfiguration", equals = "OFF" }] },
    { some = "Clients", where = { path = "ClientName", equals = "web" }, expect = { path = "ClientSecret", present = true } },
    { count = "Clients", at-most = 2 },
    { unique = "Clients", of = "ClientName" },
] }"#;
        assert_eq!(
            names(keys),
            [
                "expect `any` becomes `all`",
                "expect.any[0] is dropped",
                "expect.any[0] `none` becomes `any`",
                "expect.any[0].none[0].equals becomes `not-equals`",
                "expect.any[1] is dropped",
                "expect.any[1].some `some` becomes `every`",
                "expect.any[1].some.where is dropped",
                "expect.any[1].some.where.equals becomes `not-equals`",
                "expect.any[1].some.expect.present becomes false",
                "expect.any[2] is dropped",
                "expect.any[2].count.at-most becomes `at-least`",
                "expect.any[2].count.at-most becomes 1",
                "expect.any[2].count.at-most becomes 3",
                "expect.any[3] is dropped",
                "expect.any[3].unique is negated",
            ]
        );
    }
}
