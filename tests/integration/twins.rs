//! Pools with the same text on both sides of a drift are not compared. Whatever the other pools are, the report is
//! that of a comparison of every pool.

use std::process::Command;

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
