//! A pool is who its ARN says: two pools that share an id, in two Regions or accounts, are two in every command.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};

const ID: &str = "us-east-1_Example01";

/// A pool of that id, in a Region of an account.
fn pool(region: &str, account: &str, mfa: &str) -> Value {
    json!({ "UserPool": {
        "Id": ID, "Name": "customers", "Arn": arn(region, account), "MfaConfiguration": mfa,
        "UserPoolTier": "ESSENTIALS", "DeletionProtection": "ACTIVE",
        "Policies": { "PasswordPolicy": { "MinimumLength": 14 } },
    }})
}

fn arn(region: &str, account: &str) -> String {
    format!("arn:aws:cognito-idp:{region}:{account}:userpool/{ID}")
}

fn write(folder: &Path, pools: &[Value]) {
    fs::write(folder.join("pools.json"), json!(pools).to_string()).unwrap();
}

fn lint(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cognito-lint"));
    command.args(arguments).current_dir(folder).env("NO_COLOR", "1").output().unwrap()
}

fn check(folder: &Path, more: &[&str]) -> Value {
    let check =
        ["check", "pools.json", "--no-config", "--rules", "mfa-off", "-q", "--report", "json=report.json"];
    let output = lint(folder, &[&check, more].concat());
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_str(&fs::read_to_string(folder.join("report.json")).unwrap()).unwrap()
}

/// The ARN of the pool of each finding.
fn arns(report: &Value) -> Vec<&str> {
    report["findings"].as_array().unwrap().iter().map(|one| one["pool"]["arn"].as_str().unwrap()).collect()
}

const TWINS: [[(&str, &str); 2]; 2] = [
    [("eu-west-1", "111122223333"), ("us-east-1", "111122223333")],
    [("us-east-1", "111122223333"), ("us-east-1", "444455556666")],
];

fn twins(places: [(&str, &str); 2], mfa: [&str; 2]) -> [Value; 2] {
    [0, 1].map(|at| pool(places[at].0, places[at].1, mfa[at]))
}

#[test]
fn a_baseline_and_earlier_reports_know_them_apart() {
    for places in TWINS {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        let [first, second] = places.map(|(region, account)| arn(region, account));
        write(folder, &twins(places, ["OFF", "ON"]));
        let report = check(folder, &[]);
        assert_eq!(arns(&report), [&first]);
        fs::rename(folder.join("report.json"), folder.join("earlier.json")).unwrap();
        lint(
            folder,
            &["baseline", "write", "pools.json", "--no-config", "--rules", "mfa-off", "-o", "known.toml"],
        );
        // The finding moves to the other pool: new there, fixed here, and in no baseline.
        write(folder, &twins(places, ["ON", "OFF"]));
        let report = check(folder, &["--since", "earlier.json", "--baseline", "known.toml"]);
        assert_eq!(arns(&report), [&second]);
        assert_eq!(
            (&report["findings"][0]["change"], &report["findings"][0]["status"]),
            (&json!("new"), &json!("open"))
        );
        assert_eq!(report["fixed"][0]["pool"], json!(first));
        // One of the two leaves the file: its finding ends, and its entry can be dropped.
        write(folder, &twins(places, ["ON", "ON"])[1..]);
        let report = check(folder, &["--since", "earlier.json"]);
        assert_eq!((&report["ended"][0]["pool"], &report["fixed"]), (&json!(first), &json!([])));
        let prune = [
            "baseline",
            "prune",
            "pools.json",
            "--no-config",
            "--rules",
            "mfa-off",
            "--baseline",
            "known.toml",
        ];
        let output = lint(folder, &prune);
        assert!(String::from_utf8_lossy(&output.stderr).contains("removed 1 finding, 0 left"), "{output:?}");
    }
}

#[test]
fn shards_share_them_out_and_are_merged() {
    for places in TWINS {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        write(folder, &twins(places, ["OFF", "OFF"]));
        let mut whole = check(folder, &["--evidence"]);
        assert_eq!(whole["summary"]["pools"], 2);
        for count in 1..=3 {
            let shards: Vec<String> = (1..=count).map(|index| format!("{index}/{count}")).collect();
            let mut files = Vec::new();
            for (index, shard) in shards.iter().enumerate() {
                check(folder, &["--evidence", "--shard", shard]);
                let file = format!("{index}.json");
                fs::rename(folder.join("report.json"), folder.join(&file)).unwrap();
                files.push(file);
            }
            let files: Vec<&str> = files.iter().map(String::as_str).collect();
            let merge = [&["merge"], &files[..], &["-q", "--report", "json=merged.json"]].concat();
            assert_eq!(lint(folder, &merge).status.code(), Some(1));
            let merged = fs::read_to_string(folder.join("merged.json")).unwrap();
            let mut merged: Value = serde_json::from_str(&merged).unwrap();
            for report in [&mut merged, &mut whole] {
                report.as_object_mut().unwrap().remove("generated");
            }
            assert_eq!(merged, whole, "{count} shards");
        }
    }
}

#[test]
fn a_fix_is_for_the_one_that_its_arn_names() {
    for places in TWINS {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        write(folder, &twins(places, ["OFF", "ON"]));
        let rules = ["pools.json", "--no-config", "--rules", "mfa-off"];
        let fix = |name: &str| lint(folder, &[&["fix", name], &rules[..]].concat());
        let [first, second] = places.map(|(region, account)| fix(&arn(region, account)));
        assert!(String::from_utf8_lossy(&second.stderr).contains("no rule fails"), "{second:?}");
        assert!(!String::from_utf8_lossy(&first.stderr).contains("no rule fails"), "{first:?}");
        // An id is that of one Region, and two accounts may have it there.
        let either = fix(ID);
        let said = String::from_utf8_lossy(&either.stderr).into_owned();
        if places[0].0 == places[1].0 {
            assert_eq!((either.status.code(), either.stdout.len()), (Some(2), 0), "{said}");
            let line: String = said.split_whitespace().collect();
            assert!(places.iter().all(|(region, account)| line.contains(&arn(region, account))), "{said}");
        } else {
            assert_eq!(
                (either.status, either.stderr),
                (second.status, second.stderr),
                "it is that of us-east-1"
            );
        }
    }
}
