//! Pools with the same text on both sides of a drift are not compared. Whatever the other pools are, the report is
//! that of a comparison of every pool.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

/// A line of a file with a pool.
fn pool(number: usize, length: i64) -> String {
    let pool = json!({
        "Id": format!("eu-west-1_Pool{number:05}"),
        "Name": format!("pool-{number}"),
        "Arn": format!("arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_Pool{number:05}"),
        "Policies": {"PasswordPolicy": {"MinimumLength": length}},
        "UserPoolTags": {"owner": "team"},
    });
    json!({ "UserPool": pool }).to_string()
}

/// Both files of each case.
fn cases() -> Vec<(&'static str, Vec<String>, Vec<String>)> {
    let (a, b, c) = (pool(1, 8), pool(2, 8), pool(3, 8));
    let all = || vec![a.clone(), b.clone(), c.clone()];
    let without = |text: &str, part: &str| text.replace(part, "");
    let arn = |number: usize| {
        format!(r#","Arn":"arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_Pool{number:05}""#)
    };
    let nameless =
        r#"{"UserPool":{"Policies":{"PasswordPolicy":{"MinimumLength":8}},"MfaConfiguration":"ON"}}"#;
    let twice = b.replace(r#""owner":"team""#, r#""owner":"team","owner":"other""#);
    let unclear = b.replace(r#""MinimumLength":8"#, r#""MinimumLength":{"of":8}"#);
    vec![
        ("the same", all(), all()),
        ("in another order", all(), vec![c.clone(), a.clone(), b.clone()]),
        ("one changed", all(), vec![a.clone(), pool(2, 12), c.clone()]),
        ("one removed, one added", all(), vec![a.clone(), c.clone(), pool(4, 8)]),
        ("one that is there twice", all(), vec![a.clone(), b.clone(), b.clone(), c.clone()]),
        ("one that is there with two texts", all(), vec![a.clone(), b.clone(), pool(2, 12), c.clone()]),
        ("one without ARN", all(), vec![a.clone(), without(&b, &arn(2)), c.clone()]),
        ("one without ARN beside its twin", vec![a.clone(), b.clone(), without(&b, &arn(2))], all()),
        ("one without names", vec![a.clone(), nameless.to_owned()], vec![a.clone(), nameless.to_owned()]),
        ("a tag that is there twice", vec![a.clone(), twice.clone()], vec![a.clone(), twice]),
        ("a value of another type", vec![a.clone(), unclear.clone()], vec![a.clone(), unclear]),
        ("nothing in common", vec![a.clone()], vec![pool(1, 12)]),
    ]
}

#[test]
fn pools_of_the_same_text_change_nothing_in_a_report() {
    let directory = tempfile::tempdir().unwrap();
    let drift = |recorded: &[String], current: &[String]| -> (Option<i32>, Value) {
        let write = |name: &str, lines: &[String]| {
            let file = directory.path().join(name);
            std::fs::write(&file, lines.join("\n") + "\n").unwrap();
            file
        };
        let (recorded, current) = (write("recorded.ndjson", recorded), write("current.ndjson", current));
        let output = Command::new(env!("CARGO_BIN_EXE_cognito-lint"))
            .args(["drift", "--no-config", "--report", "json"])
            .args([recorded, current])
            .output()
            .unwrap();
        let mut report: Value = serde_json::from_slice(&output.stdout).unwrap();
        report["generated"] = Value::Null;
        (output.status.code(), report)
    };
    for (name, recorded, current) in cases() {
        // With another white space, no text is the same; its length is, and so the offsets of the report.
        let spaced = |lines: &[String], text: &str| -> Vec<String> {
            lines.iter().map(|line| line.replacen(r#"{"UserPool":"#, text, 1)).collect()
        };
        let (here, there) = (r#"{ "UserPool":"#, r#"{"UserPool" :"#);
        let (recorded, other) = (spaced(&recorded, here), spaced(&current, there));
        assert_eq!(drift(&recorded, &spaced(&current, here)), drift(&recorded, &other), "{name}");
    }
}

/// Pools in a file, a line each, with another length of passwords in one of them.
fn write(file: &Path, count: usize, changed: usize) {
    let lines = (0..count).map(|number| pool(number, if number == changed { 12 } else { 8 }) + "\n");
    std::fs::write(file, lines.collect::<String>()).unwrap();
}

/// Whether a report has the one change among as many pools.
#[track_caller]
fn assert_one_change(output: &Output, compared: usize) {
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["summary"]["compared"], compared, "{report}");
    let drifted = report["pools"].as_array().unwrap();
    assert_eq!(drifted.len(), 1, "{report}");
    assert_eq!(drifted[0]["changes"][0]["path"], "Policies.PasswordPolicy.MinimumLength");
    let value = |side: &str| drifted[0]["changes"][0][side]["value"].as_i64();
    assert_eq!((value("before"), value("after")), (Some(8), Some(12)));
    assert_eq!(output.status.code(), Some(1));
}

fn drift(directory: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cognito-lint"));
    command.args(["drift", "--no-config", "--report", "json"]).args(arguments).current_dir(directory);
    command
}

#[test]
fn pools_in_another_form_are_the_same() {
    let directory = tempfile::tempdir().unwrap();
    let file = |name: &str| directory.path().join(name);
    // More than are compared without a look at their canonical lines.
    write(&file("pools.ndjson"), 2100, 5000);
    write(&file("changed.ndjson"), 2100, 1500);
    let snapshot = Command::new(env!("CARGO_BIN_EXE_cognito-lint"))
        .args(["snapshot", "--no-config", "pools.ndjson", "-o", "snapshot.ndjson"])
        .current_dir(&directory)
        .status();
    assert!(snapshot.unwrap().success());
    let run = |current: &str| drift(directory.path(), &["snapshot.ndjson", current]).output().unwrap();
    assert_one_change(&run("changed.ndjson"), 2100);
    let same: Value = serde_json::from_slice(&run("pools.ndjson").stdout).unwrap();
    assert_eq!((&same["summary"]["compared"], &same["pools"]), (&json!(2100), &json!([])));
}

#[test]
fn what_can_be_read_only_once_is_compared_as_a_file_is() {
    let directory = tempfile::tempdir().unwrap();
    let file = |name: &str| directory.path().join(name);
    write(&file("pools.ndjson"), 50, 5000);
    write(&file("changed.ndjson"), 50, 7);
    let changed = std::fs::read(file("changed.ndjson")).unwrap();
    let mut child = drift(directory.path(), &["pools.ndjson", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .env("TMPDIR", directory.path())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(&changed).unwrap();
    assert_one_change(&child.wait_with_output().unwrap(), 50);
    let left = std::fs::read_dir(&directory).unwrap().count();
    assert_eq!(left, 2, "the copy is removed");
}

#[test]
fn pools_in_no_match_are_counted() {
    let directory = tempfile::tempdir().unwrap();
    let file = |name: &str| directory.path().join(name);
    write(&file("pools.ndjson"), 50, 5000);
    write(&file("changed.ndjson"), 40, 7);
    let names = ["pools.ndjson", "changed.ndjson", "--match", "pool-7=eu-west-1_Pool00007"];
    let output = drift(directory.path(), &names).output().unwrap();
    assert_one_change(&output, 1);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let notes = report["notes"].to_string();
    assert!(notes.contains("49 pools are in no") && notes.contains("39 pools are in no"), "{notes}");
}
