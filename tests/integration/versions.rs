//! Files that an older version wrote, or that were written for it: each folder of `versions` is one version.
//!
//! The reports, the snapshot and the baseline in a folder were written by that version over `pools.json`; they stay as
//! they are.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

/// The folders of the versions, each copied to where it may be written to.
fn versions() -> Vec<tempfile::TempDir> {
    let all = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/integration/versions");
    let folders: BTreeSet<PathBuf> = all.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(!folders.is_empty());
    let copied = |folder: PathBuf| {
        let copy = tempfile::tempdir().unwrap();
        for file in folder.read_dir().unwrap() {
            let file = file.unwrap();
            std::fs::copy(file.path(), copy.path().join(file.file_name())).unwrap();
        }
        copy
    };
    folders.into_iter().map(copied).collect()
}

fn lint(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cognito-lint"));
    command.args(arguments).current_dir(folder).env("NO_COLOR", "1").output().unwrap()
}

fn read(folder: &Path, file: &str) -> Value {
    serde_json::from_str(&std::fs::read_to_string(folder.join(file)).unwrap()).unwrap()
}

/// Rule, fingerprint, severity and status of every finding.
fn findings(report: &Value) -> Vec<[String; 4]> {
    let text = |one: &Value, name: &str| one[name].as_str().unwrap().to_owned();
    let members = ["rule", "fingerprint", "severity", "status"];
    let findings = report["findings"].as_array().unwrap().iter();
    findings.map(|one| members.map(|name| text(one, name))).collect()
}

/// Checks by the rules of the folder, without its configuration.
fn check(folder: &Path, input: &str, more: &[&str]) -> (Option<i32>, Value) {
    let rules = ["check", input, "--no-config", "--rules", "policy.toml", "--today", "2026-11-24"];
    let output = lint(folder, &[&rules, more, &["-q", "--report", "json=now.json"]].concat());
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    (output.status.code(), read(folder, "now.json"))
}

#[test]
fn verdicts_and_fingerprints_are_the_same() {
    for folder in versions() {
        let folder = folder.path();
        for (input, report) in [("pools.json", "report.json"), ("snapshot.ndjson", "snapshot-report.json")] {
            let then = read(folder, report);
            let (code, now) = check(folder, input, &["--evidence"]);
            assert_eq!(code.map(i64::from), then["exit_code"].as_i64(), "{input}");
            assert_eq!(findings(&now), findings(&then), "{input}");
            assert_eq!(now["verdicts"].as_array().unwrap().len(), then["verdicts"].as_array().unwrap().len());
        }
    }
}

#[test]
fn reports_are_read() {
    for folder in versions() {
        let folder = folder.path();
        for since in ["report.json", "report.jsonl"] {
            let (_, now) = check(folder, "pools.json", &["--since", since]);
            let changes = now["findings"].as_array().unwrap().iter().map(|one| one["first_seen"].as_str());
            assert!(changes.clone().count() > 3 && changes.clone().all(|day| day == Some("2026-11-20")));
            assert_eq!(now["fixed"], Value::Array(Vec::new()));
        }
        let trend = lint(folder, &["trend", "report.json"]);
        assert_eq!(trend.status.code(), Some(0));
        for merged in [&["report.json"][..], &["report.jsonl"], &["1-of-2.json", "2-of-2.json"]] {
            let merge = [&["merge"], merged, &["-q", "--report", "json=merged.json"]].concat();
            assert_eq!(lint(folder, &merge).status.code(), Some(3));
            let (merged, then) = (read(folder, "merged.json"), read(folder, "report.json"));
            for member in ["findings", "unknown", "pools", "summary", "outside", "notes"] {
                assert_eq!(merged[member], then[member], "{member}");
            }
        }
    }
}

#[test]
fn baselines_waivers_and_configurations_are_read() {
    for folder in versions() {
        let folder = folder.path();
        let (_, now) = check(folder, "pools.json", &["--baseline", "baseline.toml"]);
        assert!(findings(&now).iter().all(|[.., status]| status == "known"), "{now}");
        let then = read(folder, "configured.json");
        let configured =
            ["check", "pools.json", "--today", "2026-11-20", "-q", "--report", "json=configured-now.json"];
        let output = lint(folder, &configured);
        assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(output.status.code().map(i64::from), then["exit_code"].as_i64());
        let now = read(folder, "configured-now.json");
        assert_eq!(findings(&now), findings(&then));
        assert!(findings(&now).iter().any(|[.., status]| status == "waived"));
    }
}
