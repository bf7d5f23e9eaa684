//! Controls of packs over pools: each file of `controls` has a pool, and the verdicts that a standard asks for.

use std::collections::BTreeMap;
use std::process::Command;

use serde_json::Value as Json;

use crate::house::{expect_none, files, read};

#[test]
fn controls_have_the_verdicts_of_their_standards() {
    let mut complaints = Vec::new();
    for file in files("tests/integration/controls", "json") {
        let case: Json = serde_json::from_str(&read(&file)).unwrap();
        let wanted: BTreeMap<String, String> = serde_json::from_value(case["controls"].clone()).unwrap();
        let pack = case["pack"].as_str().unwrap();
        let verdicts = verdicts(pack, &case["pool"]);
        for (control, wanted) in wanted {
            match verdicts.get(&control) {
                Some((verdict, _)) if *verdict == wanted => {}
                Some((verdict, reason)) => complaints
                    .push(format!("{}: {control} is {verdict} ({reason}), not {wanted}", file.display())),
                None => complaints.push(format!("{}: {pack} has no {control}", file.display())),
            }
        }
    }
    expect_none(&complaints);
}

/// The bounds of controls do not change with those of the policy, nor with waivers, scopes and rules that are off.
#[test]
fn controls_are_judged_at_their_own_bounds() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("cognito-lint.toml");
    let text = "rules = [\"nist-800-63b-4\", \"-password-character-classes-forced\"]\n\
                off = [\"phishing-resistant-sign-in-missing\"]\n\
                [rule.password-too-short-for-its-factors]\nparams = { alone = 7, with-mfa = 7 }\n";
    std::fs::write(&config, text).unwrap();
    let pool = serde_json::json!({"UserPool": {"Id": "eu-west-1_Bounds001", "Name": "bounds", "MfaConfiguration": "OFF",
        "Policies": {"PasswordPolicy": {"MinimumLength": 8, "RequireSymbols": true}}}});
    let report = run(&["--config", config.to_str().unwrap()], &pool);
    let findings = report["findings"].as_array().unwrap();
    assert!(findings.iter().all(|finding| finding["rule"] != "password-too-short-for-its-factors"));
    let verdicts = by_control(&report);
    for control in ["3.1.1.2 length", "3.1.1.2 composition", "2.2.2"] {
        assert_eq!(verdicts[control].0, "failed", "{control}: {}", verdicts[control].1);
    }
}

/// Without evidence a pack costs no more than its rules.
#[test]
fn controls_are_judged_for_evidence_alone() {
    let pool = serde_json::json!({"UserPool": {"Id": "eu-west-1_Bounds001"}});
    let report = check(&["--no-config", "--rules", "aws-fsbp"], &pool);
    assert!(report.get("controls").is_none() && report["policy"].get("standards").is_none());
}

/// One change of a pool that meets the checks of a tool decides the check that it is about, and no other; where the
/// verdict is not that of the tool, the control says so.
#[test]
fn one_change_decides_one_check_of_a_tool() {
    let mut complaints = Vec::new();
    for file in files("tests/integration/control-changes", "json") {
        let case: Json = serde_json::from_str(&read(&file)).unwrap();
        let pack = case["pack"].as_str().unwrap();
        let uncovered: Vec<&str> = texts(&case["uncovered"]);
        let meanings = meanings(pack);
        let mut met: BTreeMap<&str, &str> = meanings.keys().map(|id| (id.as_str(), "passed")).collect();
        met.extend(uncovered.iter().map(|id| (*id, "not covered")));
        let mut compare = |says: &str, wanted: &BTreeMap<&str, &str>, pool: &Json| {
            for (control, (verdict, reason)) in verdicts(pack, pool) {
                let wanted = wanted[control.as_str()];
                if verdict != wanted {
                    complaints
                        .push(format!("{pack}, {says}: {control} is {verdict} ({reason}), not {wanted}"));
                }
            }
        };
        compare("unchanged", &met, &case["pool"]);
        let mut changed: Vec<&str> = Vec::new();
        let mut silent = Vec::new();
        for change in case["changes"].as_array().unwrap() {
            let text = |key: &str| change[key].as_str().unwrap();
            let (control, there, here) = (text("control"), text("there"), text("here"));
            let mut wanted = met.clone();
            wanted.insert(control, here);
            let also = change["also"].as_object().into_iter().flatten();
            wanted.extend(also.map(|(id, verdict)| (id.as_str(), verdict.as_str().unwrap())));
            compare(text("says"), &wanted, &with(&case["pool"], &change["set"]));
            if there != here && !meanings[control].contains("It differs: ") {
                silent.push(format!("{pack}: {control} does not say that its verdict differs"));
            }
            changed.push(control);
        }
        complaints.append(&mut silent);
        let untried =
            meanings.keys().filter(|id| !changed.contains(&id.as_str()) && met[id.as_str()] == "passed");
        complaints.extend(untried.map(|id| format!("{pack}: no change is about {id}")));
    }
    expect_none(&complaints);
}

fn verdicts(pack: &str, pool: &Json) -> BTreeMap<String, (String, String)> {
    by_control(&run(&["--no-config", "--rules", pack], pool))
}

fn by_control(report: &Json) -> BTreeMap<String, (String, String)> {
    let text = |control: &Json, key: &str| control[key].as_str().unwrap().to_owned();
    let controls = report["controls"].as_array().unwrap().iter();
    controls.map(|one| (text(one, "control"), (text(one, "verdict"), text(one, "reason")))).collect()
}

fn run(arguments: &[&str], pool: &Json) -> Json {
    check(&[arguments, &["--evidence"]].concat(), pool)
}

pub(crate) fn check(arguments: &[&str], pool: &Json) -> Json {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("pool.json");
    std::fs::write(&file, pool.to_string()).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_cognito-lint"))
        .args(["check", "--report", "json"])
        .args(arguments)
        .arg(&file)
        .output()
        .unwrap();
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{error}"))
}

fn texts(list: &Json) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|text| text.as_str().unwrap()).collect()
}

/// What each control of a pack asks for.
fn meanings(pack: &str) -> BTreeMap<String, String> {
    let pack = cognito_lint::rule::builtin::pack(pack).unwrap().unwrap();
    let mut mistakes = Vec::new();
    let standard = cognito_lint::rule::assemble::standard(&pack, &mut mistakes);
    assert!(mistakes.is_empty(), "{mistakes:?}");
    standard.controls.into_iter().map(|one| (one.id.to_string(), one.meaning)).collect()
}

/// A document with the values at these JSON pointers; `null` removes the member or element.
fn with(document: &Json, set: &Json) -> Json {
    let mut document = document.clone();
    for (pointer, value) in set.as_object().unwrap() {
        let (parent, last) = pointer.rsplit_once('/').unwrap();
        match document.pointer_mut(parent).unwrap() {
            Json::Object(members) if value.is_null() => drop(members.shift_remove(last)),
            Json::Object(members) => drop(members.insert(last.to_owned(), value.clone())),
            Json::Array(elements) => drop(elements.remove(last.parse().unwrap())),
            other => panic!("{pointer} is in {other}"),
        }
    }
    document
}
