//! Pools that a reader who did not know the conditions of the built-in rules made from their titles and reasons: for each
//! rule, a legitimate pool that must not fail and a dangerous one that must not pass.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use cognito_lint::rule::builtin;

use crate::house::{expect_none, files, read, root};

const FOLDER: &str = "tests/integration/probes";

#[test]
fn pools_made_from_the_titles_of_rules_have_the_verdicts_that_their_reader_expects() {
    let mut program = Command::new(env!("CARGO_BIN_EXE_cognito-lint"));
    program.args(["rules", "test", "--no-config"]).args(files(FOLDER, "toml")).current_dir(root());
    let output = program.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains(" passed, 0 failed"), "{said}");
}

#[test]
fn every_rule_has_a_legitimate_and_a_dangerous_pool() {
    let mut verdicts: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for file in files(FOLDER, "toml") {
        let file: toml::Table = read(&file).parse().unwrap();
        for test in file["test"].as_array().unwrap() {
            let word = |key: &str| test[key].as_str().unwrap().to_owned();
            verdicts.entry(word("rule")).or_default().insert(word("verdict"));
        }
    }
    let none = BTreeSet::new();
    let lacking = builtin::ids().into_iter().filter_map(|id| {
        let found = verdicts.get(id).unwrap_or(&none);
        let both = found.contains("fail") && (found.contains("pass") || found.contains("skipped"));
        (!both).then(|| format!("{id} has {found:?}"))
    });
    expect_none(&lacking.collect::<Vec<_>>());
}
