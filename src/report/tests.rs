//! Every format is shown the same findings, and what it makes of them is kept beside it in `golden/`.
//!
//! `BLESS=1 cargo test` writes the files anew.

#![expect(clippy::disallowed_methods, reason = "tests look at files")]

mod back;
mod decided;
mod everything;
mod grouped;
mod exchanged;
mod html;
mod fixture;
mod formats;
mod listings;
mod machine;
mod people;
mod sarif;
mod states;
mod text;

use std::collections::BTreeMap;

use super::Style;
use crate::evaluate::Evaluation;
use crate::rule::{Policy, Scope, Selector};

/// The style of the golden files.
const GOLDEN: Style = Style { width: 90, ..Style::PLAIN };

/// Compares output with its golden file.
fn hold(name: &str, actual: &[u8]) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/report/golden").join(name);
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, actual).unwrap();
        return;
    }
    let wanted = std::fs::read_to_string(&path).unwrap_or_default();
    let actual = String::from_utf8(actual.to_vec()).unwrap();
    assert!(wanted == actual, "{name} differs; BLESS=1 writes it anew\n{actual}");
}

/// The rules that something is said of, and a scope.
fn policy(evaluation: &Evaluation) -> Policy {
    let undecided = evaluation.undecided.iter().map(|undecided| &undecided.rule);
    let rules = evaluation.findings.iter().map(|finding| &finding.rule).chain(undecided);
    let rules: BTreeMap<_, _> = rules.map(|rule| (rule.id.clone(), rule.clone())).collect();
    let scopes =
        vec![Scope { name: "sandbox".into(), selector: Selector::default(), changes: vec![(0, None)] }];
    Policy {
        rules: rules.into_values().collect(),
        scopes,
        off: vec!["usernames-case-sensitive".into()],
        tags: false,
        journeys: false,
        standards: Vec::new(),
    }
}
