//! The meaning of members that are left out or empty: each fact is a predicate or a rule over a pool.

use std::collections::BTreeSet;
use std::sync::Arc;

use cognito_lint::diagnostic::SourceFile;
use cognito_lint::evaluate::verdict;
use cognito_lint::rule::{assemble, builtin, case, written};

use crate::house::{expect_none, read};

/// The rule of a fact with the fact as its only test.
fn rule_of(fact: &toml::Table) -> String {
    let test: toml::Table = fact
        .iter()
        .filter(|(key, _)| ["pool", "source", "verdict"].contains(&key.as_str()))
        .map(own)
        .collect();
    let rule: toml::Table = match fact.get("rule") {
        None => [("id".to_owned(), "fact".into()), ("expect".to_owned(), fact["expect"].clone())]
            .into_iter()
            .collect(),
        Some(id) => {
            let file = builtin::rule(id.as_str().unwrap()).unwrap_or_else(|| panic!("there is no rule {id}"));
            let table: toml::Table = file.text().parse().unwrap();
            table["rule"][0].as_table().unwrap().clone()
        }
    };
    let tested: toml::Table = rule.iter().map(own).chain([("test".to_owned(), vec![test].into())]).collect();
    toml::to_string(&toml::Table::from_iter([("rule".to_owned(), vec![tested].into())])).unwrap()
}

fn own((key, value): (&String, &toml::Value)) -> (String, toml::Value) {
    (key.clone(), value.clone())
}

#[test]
fn what_is_left_out_means_what_the_service_makes_of_it() {
    let file: toml::Table = read("tests/integration/facts.toml").parse().unwrap();
    let (mut complaints, mut said) = (Vec::new(), BTreeSet::new());
    for fact in file["fact"].as_array().unwrap() {
        let fact = fact.as_table().unwrap();
        let says = fact["says"].as_str().unwrap();
        if !said.insert(says.to_owned()) {
            complaints.push(format!("{says}: twice"));
        }
        let mut mistakes = Vec::new();
        let rules = written::read(&SourceFile::new("facts.toml", rule_of(fact)), &mut mistakes);
        let compiled = rules.first().and_then(|rule| assemble::alone(rule, &mut mistakes));
        let cases = rules.first().map_or_else(Vec::new, |rule| case::cases(rule, &mut mistakes));
        complaints.extend(mistakes.iter().map(|mistake| format!("{says}: {mistake}")));
        let (Some(compiled), [case]) = (compiled, cases.as_slice()) else { continue };
        let found = verdict(&Arc::new(compiled), &case.pool, 0);
        if found != case.verdict {
            complaints.push(format!("{says}: {}, not {}", found.word(), case.verdict.word()));
        }
    }
    assert!(said.len() > 20, "{} facts", said.len());
    expect_none(&complaints);
}
