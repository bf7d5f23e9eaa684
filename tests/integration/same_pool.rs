//! One pool in every form that it can be written in gets the same verdict from every built-in rule.
//!
//! `same_pool/NAME.json` is the answer of the API with the sections under their names, `NAME.tf.json` a plan that
//! makes the same pool, `NAME.yaml` a template. The plans are made by hand in the form that Terraform documents.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use cognito_lint::evaluate::{Detail, Evaluation, Options, evaluate};
use cognito_lint::rule::assemble::assemble;
use cognito_lint::rule::{Policy, builtin, written};
use cognito_lint::source::{Chunk, Delivery, Shape};

/// 2026-01-01T00:00:00Z, in milliseconds.
const NOW: i64 = 1_767_225_600_000;

const FORMS: [&str; 2] = ["tf.json", "yaml"];

#[test]
fn every_form_gets_the_same_verdicts() {
    let policy = policy();
    let (mut complaints, mut compared) = (Vec::new(), 0);
    for answer in answers() {
        let expected = verdicts(&policy, &answer);
        for form in FORMS {
            let file = answer.with_extension(form);
            if !file.exists() {
                continue;
            }
            compared += 1;
            let found = verdicts(&policy, &file);
            for rule in builtin::ids() {
                let (expected, found) = (expected.get(rule), found.get(rule));
                if expected != found {
                    complaints.push(format!("{}: {rule}: {expected:?} became {found:?}", file.display()));
                }
            }
        }
    }
    assert!(compared > 0);
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

/// Every rule that is there.
fn policy() -> Policy {
    let mut mistakes = Vec::new();
    let mut rules = Vec::new();
    for id in builtin::ids() {
        rules.extend(written::read(&builtin::rule(id).unwrap(), &mut mistakes));
    }
    let policy = assemble(rules, &[], &[], Vec::new(), &mut mistakes);
    assert!(mistakes.is_empty(), "{mistakes:#?}");
    policy
}

fn answers() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/integration/same_pool");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = files
        .filter(|path| path.file_name().unwrap().to_str().unwrap().matches('.').count() == 1)
        .filter(|path| path.extension().is_some_and(|end| end == "json"))
        .collect();
    files.sort();
    files
}

/// The verdicts of each rule, sorted; what a finding is about goes by other names in each form.
fn verdicts(policy: &Policy, file: &Path) -> BTreeMap<String, Vec<String>> {
    let evaluation = judge(policy, file);
    assert_eq!(evaluation.tally.pools, 1, "{}: {:?}", file.display(), evaluation.unread);
    assert!(evaluation.unread.is_empty(), "{}: {:?}", file.display(), evaluation.unread);
    let mut verdicts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for one in &evaluation.evidence {
        verdicts.entry(one.rule.to_string()).or_default().push(format!("{:?}", one.verdict));
    }
    for all in verdicts.values_mut() {
        all.sort();
    }
    verdicts
}

fn judge(policy: &Policy, file: &Path) -> Evaluation {
    let bytes = std::fs::read(file).unwrap();
    let chunk = Chunk { bytes, first_line: 1, shape: Shape::Document, ..Chunk::default() };
    let options =
        Options { now: NOW, full_coverage: false, evidence: true, detail: Detail::Excerpts, shard: None };
    evaluate(policy, std::iter::once(Delivery::Chunk(chunk)), options)
}
