//! The union of the checks of all tools: each is answered by rules, and what tools get wrong there is a test of them.

use std::collections::{BTreeMap, BTreeSet};

use cognito_lint::rule::{builtin, written};
use serde::Deserialize;

use crate::house::{expect_none, read};

/// The numbers of the checks of tools.
const NUMBERS: std::ops::RangeInclusive<usize> = 1..=46;

/// The checks that nothing of a pool decides.
const OUT_OF_REACH: [usize; 2] = [44, 46];

/// Checks of tools, or checks that no other tool makes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Checks {
    pub(crate) check: Vec<Check>,
}

/// A check, with the rules that answer it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Check {
    pub(crate) number: Option<usize>,
    pub(crate) says: String,
    #[serde(default)]
    pub(crate) tools: Vec<String>,
    #[serde(default)]
    pub(crate) rules: Vec<String>,
    /// A fact of the service that is easily got wrong.
    pub(crate) trap: Option<String>,
    /// The tests that hold the trap: `RULE: NAME`.
    #[serde(default)]
    pub(crate) tests: Vec<String>,
    /// Why nothing of a pool decides it.
    pub(crate) out_of_reach: Option<String>,
    /// Why there is no rule.
    pub(crate) left_out: Option<String>,
}

/// The checks of a file of `union`.
pub(crate) fn checks(file: &str) -> Vec<Check> {
    toml::from_str::<Checks>(&read(format!("tests/integration/union/{file}.toml"))).unwrap().check
}

/// Every check has a rule, with a test that holds its trap.
#[test]
fn every_check_is_answered() {
    let names = test_names();
    let mut complaints = Vec::new();
    for check in checks("checks").into_iter().chain(checks("further")) {
        let reasons = [&check.out_of_reach, &check.left_out];
        if let Some(reason) = reasons.into_iter().flatten().next() {
            if !check.rules.is_empty() || !check.tests.is_empty() || !reason.ends_with('.') {
                complaints.push(format!("{}: it has rules, or a reason without a period", check.says));
            }
            continue;
        }
        if check.rules.is_empty() || check.tests.is_empty() || check.trap.is_none() {
            complaints.push(format!("{}: it has no rule, no trap, or no test that holds it", check.says));
        }
        for rule in check.rules.iter().filter(|rule| !names.contains_key(rule.as_str())) {
            complaints.push(format!("{}: there is no rule `{rule}`", check.says));
        }
        for test in &check.tests {
            let there = test
                .split_once(": ")
                .is_some_and(|(rule, name)| names.get(rule).is_some_and(|names| names.contains(name)));
            if !there {
                complaints.push(format!("{}: no such test: {test}", check.says));
            }
        }
    }
    expect_none(&complaints);
}

/// The checks of tools are all there, and two are out of reach.
#[test]
fn the_checks_of_tools_are_complete() {
    let checks = checks("checks");
    let numbers: Vec<usize> = checks.iter().filter_map(|check| check.number).collect();
    assert_eq!(numbers, NUMBERS.collect::<Vec<_>>());
    let without = checks.iter().filter(|check| check.rules.is_empty());
    let without: Vec<usize> = without.filter_map(|check| check.number).collect();
    assert_eq!(without, OUT_OF_REACH);
    assert!(checks.iter().all(|check| !check.tools.is_empty()));
}

/// The names of the tests of each built-in rule.
fn test_names() -> BTreeMap<&'static str, BTreeSet<String>> {
    let names = |id| {
        let mut mistakes = Vec::new();
        let rules = written::read(&builtin::rule_with_tests(id).unwrap(), &mut mistakes);
        let tests = rules.into_iter().flat_map(|rule| rule.tests);
        tests.filter_map(|test| test.name).collect()
    };
    builtin::ids().into_iter().map(|id| (id, names(id))).collect()
}
