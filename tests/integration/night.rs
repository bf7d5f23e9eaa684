//! The nights of a history: the same command each night, whose reports are the next night's earlier ones.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::fake::pool;

/// The nightly command over the pools of a file, and what its report says.
fn night(folder: &Path, day: &str, pools: &[Value]) -> Value {
    std::fs::write(folder.join("pools.json"), json!(pools).to_string()).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_cognito-lint"))
        .args(["check", "pools.json", "--no-config", "--rules", "mfa-off", "--since", "reports", "-q"])
        .args(["--today", day, "--report", "json=reports/{date}.json"])
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(matches!(output.status.code(), Some(0 | 1)), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_str(&std::fs::read_to_string(folder.join(format!("reports/{day}.json"))).unwrap())
        .unwrap()
}

fn changes(report: &Value) -> Vec<&str> {
    let findings = report["findings"].as_array().unwrap().iter();
    findings
        .map(|one| one["first_seen"].as_str().or(one["change"].as_str()).unwrap_or("compared with none"))
        .collect()
}

#[test]
fn a_history_begins_by_itself_and_keeps_every_night() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let with = |id: &str, mfa: &str| {
        let mut pool = pool(&format!("us-east-1_{id}"));
        pool["MfaConfiguration"] = json!(mfa);
        pool
    };
    let (a, b) = (with("a", "OFF"), with("b", "OFF"));
    let first = night(folder, "2026-11-21", &[a.clone(), b.clone()]);
    // Nothing is new since a report that there is none of.
    assert_eq!(changes(&first), ["compared with none"; 2]);
    assert_eq!(first["notes"][0]["target"], "reports");
    // The finding of a pool that the file no longer has ends with the pool, and is not fixed.
    let second = night(folder, "2026-11-22", std::slice::from_ref(&a));
    assert_eq!((changes(&second), &second["fixed"]), (vec!["2026-11-21"], &json!([])));
    assert_eq!(
        (&second["ended"][0]["first_seen"], &second["unvisited"]),
        (&json!("2026-11-21"), &Value::Null)
    );
    // A finding that ended and came back is new since then, as one that was fixed is.
    let third = night(folder, "2026-11-23", &[a, b.clone()]);
    assert_eq!(changes(&third), ["2026-11-21", "new"]);
    // A night that is repeated says the same again.
    let (fixed, new) = (with("a", "ON"), with("c", "OFF"));
    let fourth = night(folder, "2026-11-24", &[fixed.clone(), b.clone(), new.clone()]);
    let again = night(folder, "2026-11-24", &[fixed, b, new]);
    assert_eq!(changes(&fourth), ["2026-11-23", "new"]);
    assert_eq!((changes(&again), &again["fixed"]), (changes(&fourth), &fourth["fixed"]));
    assert_eq!(again["fixed"].as_array().unwrap().len(), 1);
}

/// Files that a repository or a file system keeps in a directory of reports do not stop the first night, or any other.
#[test]
fn files_that_are_not_reports_do_not_end_a_history() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    std::fs::create_dir_all(folder.join("reports/lost+found")).unwrap();
    for (file, text) in [(".gitkeep", ""), ("README.md", "# Reports"), ("cut.json", "{\"version\": 1")] {
        std::fs::write(folder.join("reports").join(file), text).unwrap();
    }
    let pools = [pool("us-east-1_a")];
    let first = night(folder, "2026-11-21", &pools);
    let notes: Vec<&str> =
        first["notes"].as_array().unwrap().iter().filter_map(|note| note["target"].as_str()).collect();
    assert_eq!(notes[..4], ["reports", "reports/.gitkeep", "reports/README.md", "reports/cut.json"]);
    assert!(first["findings"].as_array().unwrap().iter().all(|one| one["change"].is_null()), "{first}");
    let second = night(folder, "2026-11-22", &pools);
    assert_eq!(changes(&second), vec!["2026-11-21"; changes(&first).len()]);
}
