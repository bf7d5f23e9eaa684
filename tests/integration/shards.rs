//! Runs in shards: together they give the result of one run.

/// The examples for machines that run shards.
mod examples;
/// Live pools in shards.
mod live;
/// Reports that do not belong together.
mod refused;

use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::fake::pool;

/// Some rules are off for all pools, and some for a part of them.
const CONFIG: &str = r#"
off = ["usernames-case-sensitive"]
[[scope]]
name = "sandbox"
pools = ["p1*"]
off = ["mfa-off"]
[[scope]]
name = "nobody"
pools = ["nobody*"]
off = ["mfa-off"]
[[scope]]
name = "strict"
pools = ["p2*"]
[scope.rule.password-too-short]
severity = "critical"
"#;

/// A directory with a configuration, and with pools in every form in `pools`; among them what cannot be read.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: String| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    let with = |id: &str, name: &str, value: Value| {
        let mut pool = pool(id);
        pool[name] = value;
        pool
    };
    write("cognito-lint.toml", CONFIG.to_owned());
    for i in 0..8 {
        let answer = json!({ "UserPool": pool(&format!("us-east-1_p{i}")) });
        write(&format!("pools/one/{i}.json"), answer.to_string());
    }
    let many: Vec<Value> = (10..30).map(|i| pool(&format!("eu-west-1_p{i}"))).collect();
    write("pools/many.json", json!(many).to_string());
    let lines = [
        with("us-east-1_m1", "MfaConfiguration", json!("ON")),
        with("us-east-1_m2", "UserPoolTier", Value::Null),
        // A pool without id and ARN, twice equal, and one that is in another file too.
        json!({ "Name": "nameless", "MfaConfiguration": "OFF" }),
        json!({ "Name": "nameless", "MfaConfiguration": "OFF" }),
        with("us-east-1_p3", "Novelty", json!({ "x": 1 })),
    ];
    write("pools/lines.ndjson", lines.map(|line| line.to_string()).join("\n"));
    write("pools/broken.json", "[{\"UserPool\": {\"Id\": ".to_owned());
    write("pools/notes.txt", String::new());
    folder
}

fn lint(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_cognito-lint"))
        .args(arguments)
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .output()
        .unwrap()
}

fn read(folder: &Path, file: &str) -> String {
    std::fs::read_to_string(folder.join(file)).unwrap()
}

/// A JSON report without the time of the run.
fn timeless(text: &str) -> Value {
    let mut report: Value = serde_json::from_str(text).unwrap();
    report.as_object_mut().unwrap().remove("generated").unwrap();
    report
}

/// Runs every shard, each with a JSON report of its own, and gives their names.
fn shards(folder: &Path, count: u32, format: &str, more: &[&str]) -> Vec<String> {
    (1..=count)
        .map(|index| {
            let (shard, file) = (format!("{index}/{count}"), format!("{index}-of-{count}.{format}"));
            let report = format!("{format}={file}");
            let arguments =
                [&["check", "pools", "--shard", &shard, "-q", "--report", &report], more].concat();
            let output = lint(folder, &arguments);
            assert_ne!(output.status.code(), Some(2), "{}", String::from_utf8_lossy(&output.stderr));
            file
        })
        .collect()
}

#[test]
fn shards_come_to_what_one_run_comes_to() {
    let folder = folder();
    let folder = folder.path();
    let formats = ["--report", "json=whole.json", "--report", "compact=whole.txt", "--evidence"];
    let whole = lint(folder, &[&["check", "pools", "-q"], &formats[..]].concat());
    assert_eq!(whole.status.code(), Some(3));
    let drawn = lint(folder, &["merge", "whole.json"]);
    let expected = timeless(&read(folder, "whole.json"));
    assert_eq!(expected["summary"]["pools"], 33);
    for count in 1..=4 {
        let format = if count == 3 { "jsonl" } else { "json" };
        let reports = shards(folder, count, format, &["--evidence"]);
        let reports: Vec<&str> = reports.iter().rev().map(String::as_str).collect();
        let formats = ["--report", "json=merged.json", "--report", "compact=merged.txt", "--report", "human"];
        let output = lint(folder, &[&["merge"], &reports[..], &formats].concat());
        assert_eq!(output.status.code(), Some(3), "{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(timeless(&read(folder, "merged.json")), expected, "{count} shards");
        assert_eq!(read(folder, "merged.txt"), read(folder, "whole.txt"), "{count} shards");
        assert_eq!(String::from_utf8(output.stdout), String::from_utf8(drawn.stdout.clone()));
    }
}

/// A number in a note is of the pools of one shard, and the merged report has the sum.
#[test]
fn numbers_in_notes_are_added_up() {
    let folder = folder();
    let folder = folder.path();
    let with = |mfa: &str, length: u64| {
        let pools: Vec<Value> = (0..9)
            .map(|i| {
                let mut pool = pool(&format!("us-east-1_q{i}"));
                pool["MfaConfiguration"] = json!(mfa);
                pool["Policies"]["PasswordPolicy"]["MinimumLength"] = json!(length);
                pool
            })
            .collect();
        std::fs::write(folder.join("pools/many.json"), json!(pools).to_string()).unwrap();
    };
    with("OFF", 8);
    let rules = ["--no-config", "--rules", "mfa-off", "--rules", "password-too-short"];
    lint(folder, &[&["baseline", "write", "-o", "known.toml", "pools/many.json"], &rules[..]].concat());
    with("ON", 8);
    let waivers = "[[waiver]]\nrule = \"password-too-short\"\npool = \"*\"\nowner = \"team\"\n\
                   reason = \"It is fine.\"\nexpires = 2026-01-31\n";
    std::fs::write(folder.join("waivers.toml"), waivers).unwrap();
    let check = ["check", "pools/many.json", "-q", "--baseline", "known.toml", "--waivers", "waivers.toml"];
    let check = [&check, &["--today", "2026-02-28"][..], &rules].concat();
    let formats = ["--report", "json=whole.json", "--report", "compact=whole.txt"];
    lint(folder, &[&check[..], &formats].concat());
    for index in ["1", "2", "3"] {
        let report = format!("json={index}.json");
        lint(folder, &[&check[..], &["--shard", &format!("{index}/3"), "--report", &report]].concat());
    }
    let formats = ["--report", "json=merged.json", "--report", "compact=merged.txt", "-q"];
    lint(folder, &[&["merge", "1.json", "2.json", "3.json"], &formats[..]].concat());
    let whole = read(folder, "whole.txt");
    for note in ["9 entries were fixed", "so 9 findings count again"] {
        assert!(whole.contains(note), "{whole}");
    }
    assert_eq!(read(folder, "merged.txt"), whole);
    assert_eq!(timeless(&read(folder, "merged.json")), timeless(&read(folder, "whole.json")));
}

/// A merged report lacks nothing but the text around values.
#[test]
fn only_excerpts_are_missing_in_a_merged_report() {
    let folder = folder();
    let folder = folder.path();
    lint(
        folder,
        &["check", "pools/many.json", "-q", "--report", "json=whole.json", "--report", "human=whole.txt"],
    );
    let merged = String::from_utf8(lint(folder, &["merge", "whole.json"]).stdout).unwrap();
    let whole = read(folder, "whole.txt");
    let missing: Vec<&str> = whole
        .lines()
        .filter(|line| !merged.contains(line.trim()) && !line.trim().is_empty())
        .filter(|line| !line.contains(['│', '╭', '·', '╰']))
        .collect();
    assert_eq!(missing, [""; 0], "{merged}");
}

#[test]
fn a_shard_without_pools_of_its_own_is_fine() {
    let folder = folder();
    let folder = folder.path();
    let mut empty = 0;
    for index in 1..=4 {
        let arguments = ["check", "pools/one/0.json", "--no-config", "--report", "compact", "--shard"];
        let output = lint(folder, &[&arguments[..], &[&*format!("{index}/4")]].concat());
        let said = String::from_utf8(output.stdout).unwrap();
        if said.contains(" of 4: none of 1 pool belongs to it (") {
            assert_eq!(output.status.code(), Some(0));
            empty += 1;
        } else {
            assert_eq!(output.status.code(), Some(1), "{said}");
        }
    }
    assert_eq!(empty, 3);
    assert_eq!(lint(folder, &["check", "none", "--shard", "1/4"]).status.code(), Some(3));
}
