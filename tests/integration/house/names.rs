//! The names in the texts of rules are those of AWS, Terraform and CloudFormation, and what they say of packs is so.

use std::collections::{BTreeMap, BTreeSet};

use cognito_lint::rule::builtin;
use regex::Regex;
use serde::Deserialize;
use serde_json::Value as Json;

use super::builtin::rules;
use super::{expect_none, read};

/// Names that are in no schema and no mapping, by what they are of.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Names {
    names: BTreeMap<String, Vec<String>>,
}

/// Words of a text without what parameters put into it and without addresses.
fn words(text: &str) -> Vec<String> {
    let text = Regex::new(r"\{[a-z-]+\}|https?://\S+").unwrap().replace_all(text, " ").into_owned();
    let parts = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// Every word of the keys and texts of a JSON document.
fn all(json: &Json, found: &mut BTreeSet<String>) {
    match json {
        Json::String(text) => found.extend(words(text)),
        Json::Array(items) => items.iter().for_each(|item| all(item, found)),
        Json::Object(members) => members.iter().for_each(|(key, value)| {
            found.extend(words(key));
            all(value, found);
        }),
        Json::Null | Json::Bool(_) | Json::Number(_) => {}
    }
}

/// The names of members, values, operations, arguments and properties.
fn known() -> BTreeSet<String> {
    let parse = |path: &str| serde_json::from_str::<Json>(&read(path)).unwrap();
    let mut known = BTreeSet::new();
    for line in parse("src/schema/cognito.json")["paths"].as_array().unwrap() {
        for key in ["path", "values", "operation", "set_by"] {
            all(&line[key], &mut known);
        }
    }
    for language in ["terraform", "cloudformation"] {
        all(&parse(&format!("src/source/{language}/mapping.json")), &mut known);
    }
    known
}

#[test]
fn names_in_texts_of_rules_exist() {
    // Written like a name: with a capital letter inside, an underscore, or in capital letters.
    let (known, names) = (known(), Regex::new(r"[a-z][A-Z]|[A-Z]{2}[a-z]|_|^[A-Z]{4,}$").unwrap());
    let others: Names = toml::from_str(&read("tests/integration/house/names.toml")).unwrap();
    let mut unused: BTreeSet<&str> = others.names.values().flatten().map(String::as_str).collect();
    let others = unused.clone();
    let mut complaints = Vec::new();
    for (id, rule) in rules() {
        for (key, text) in [
            ("title", &rule.title),
            ("why", &rule.why),
            ("fix", &rule.fix),
            ("message", &rule.message),
            ("console", &rule.console),
            ("api", &rule.api),
        ] {
            let Some((text, _)) = text else { continue };
            for word in words(text).into_iter().filter(|word| names.is_match(word)) {
                unused.remove(word.as_str());
                if !known.contains(&word) && !others.contains(word.as_str()) {
                    complaints.push(format!("{id}: `{key}` names `{word}`, which nothing has"));
                }
            }
        }
    }
    complaints.extend(unused.iter().map(|name| format!("names.toml: no text has `{name}`")));
    complaints.extend(
        others
            .iter()
            .filter(|name| known.contains(**name))
            .map(|name| format!("names.toml: `{name}` is known")),
    );
    expect_none(&complaints);
}

/// `The recommended and strict packs leave this rule out` is so, and no text says which packs alone have a rule.
#[test]
fn rules_are_in_the_packs_that_their_texts_name() {
    let said = Regex::new(r"[Tt]he ((?:[a-z-]+ and )?[a-z-]+) packs? leaves? this rule out").unwrap();
    let mut complaints = Vec::new();
    let mut found = 0;
    for (id, rule) in rules() {
        for (text, _) in [&rule.why, &rule.fix, &rule.console, &rule.api].into_iter().flatten() {
            if text.contains("No pack") || text.contains("only the") && text.contains(" pack ") {
                complaints.push(format!(
                    "{id}: it says which packs alone have it, which the next pack makes wrong"
                ));
            }
            for names in said.captures_iter(text) {
                for name in names[1].split(" and ") {
                    found += 1;
                    let pack = builtin::pack(name)
                        .unwrap()
                        .unwrap_or_else(|mistakes| panic!("{name}: {}", mistakes[0]));
                    if pack.rules.iter().any(|(rule, _)| rule.as_str() == id) {
                        complaints.push(format!("{id}: the pack {name} has it"));
                    }
                }
            }
        }
    }
    assert!(found > 5, "only {found} texts say that a pack leaves the rule out");
    expect_none(&complaints);
}
