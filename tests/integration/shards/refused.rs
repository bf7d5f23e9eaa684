//! Reports that do not belong together are refused, with all reasons.

use serde_json::{Value, json};

use super::{folder, lint, read, shards};
use crate::fake::pool;

#[test]
fn reports_that_do_not_belong_together_are_refused() {
    let folder = folder();
    let folder = folder.path();
    shards(folder, 2, "json", &[]);
    shards(folder, 3, "json", &[]);
    lint(folder, &["check", "pools", "-q", "--report", "json=whole.json"]);
    let second = |name: &str, more: &[&str]| {
        let report = format!("json={name}");
        lint(folder, &[&["check", "pools", "--shard", "2/2", "-q", "--report", &report], more].concat());
    };
    second("strict.json", &["--rules", "strict"]);
    second("never.json", &["--fail-on", "never", "--evidence"]);
    let mut report: Value = serde_json::from_str(&read(folder, "2-of-2.json")).unwrap();
    let changed = |name: &str, change: &dyn Fn(&mut Value)| {
        let mut report = report.clone();
        change(&mut report);
        std::fs::write(folder.join(name), report.to_string()).unwrap();
    };
    changed("tool.json", &|report| report["tool"]["version"] = json!("0.0.9"));
    changed("old.json", &|report| report["generated"] = json!("2026-01-01T00:00:00Z"));
    changed("newer.json", &|report| report["version"] = json!(2));
    report.as_object_mut().unwrap().remove("policy");
    std::fs::write(folder.join("bare.json"), report.to_string()).unwrap();
    let one = "1-of-2.json";
    let cases: [(&[&str], &[&str]); 15] = [
        (&[one], &["of 2 shards, 2 is missing"]),
        (&["2-of-3.json"], &["of 3 shards, 1, 3 are missing"]),
        (&[one, one], &["shard 1 of 2 is there twice: 1-of-2.json and 1-of-2.json", "2 is missing"]),
        (&[one, "2-of-2.json", one], &["shard 1 of 2 is there twice"]),
        (&[one, "2-of-3.json"], &["are of 2 and of 3 shards"]),
        (&[one, "strict.json"], &["judged by different rules, severities or parameters"]),
        (&[one, "never.json"], &["have different conditions for failure"]),
        (&[one, "tool.json"], &["written by different versions of cognito-lint"]),
        (&[one, "old.json"], &["hours apart, so one is from an earlier run"]),
        (&[one, "bare.json"], &["bare.json does not say by which rules and terms it was made"]),
        (&[one, "whole.json"], &["whole.json is of a whole run, and cannot be merged"]),
        (
            &["whole.json", "whole.json"],
            &["whole.json is of a whole run, and says of no account that it was"],
        ),
        (&["newer.json"], &["newer.json cannot be read: this report is of version 2"]),
        (&["pools/many.json"], &["this is JSON, but not a report of cognito-lint"]),
        (&["nothing.json"], &["nothing.json could not be read"]),
    ];
    for (reports, said) in cases {
        let output = lint(folder, &[&["merge"], reports].concat());
        let error = String::from_utf8(output.stderr).unwrap();
        let error = error.split_whitespace().collect::<Vec<_>>().join(" ").replace("│ ", "");
        assert_eq!(output.status.code(), Some(2), "{reports:?}: {error}");
        assert!(output.stdout.is_empty());
        for part in said {
            assert!(error.contains(part), "{reports:?}: no `{part}` in {error}");
        }
    }
    assert_eq!(lint(folder, &["merge", "whole.json"]).status.code(), Some(3));
}

/// A directory stands for the reports in it, and a number for how many there must be.
#[test]
fn a_directory_of_reports_is_merged_if_it_has_as_many_as_are_expected() {
    let folder = folder();
    let folder = folder.path();
    shards(folder, 2, "json", &[]);
    std::fs::create_dir(folder.join("parts")).unwrap();
    std::fs::create_dir(folder.join("none")).unwrap();
    for file in ["1-of-2.json", "2-of-2.json"] {
        std::fs::copy(folder.join(file), folder.join("parts").join(file)).unwrap();
    }
    std::fs::write(folder.join("parts/notes.txt"), "not a report").unwrap();
    let told = |arguments: &[&str]| {
        let output = lint(folder, &[&["merge", "--report", "compact"], arguments].concat());
        let error = String::from_utf8(output.stderr).unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap(), error)
    };
    let files = told(&["1-of-2.json", "2-of-2.json"]);
    assert_eq!(files.0, Some(3));
    assert_eq!(told(&["parts", "--expect", "2"]), files);
    for (arguments, said) in [
        (["parts", "--expect", "3"], "2 reports are there, and 3 were expected"),
        (["parts", "--expect", "1"], "2 reports are there, and 1 were expected"),
        (["none", "--expect", "2"], "0 reports are there, and 2 were expected"),
    ] {
        let (code, out, error) = told(&arguments);
        assert_eq!((code, &*out), (Some(2), ""), "{error}");
        assert!(error.contains(said), "{error}");
    }
    let (code, out, error) = told(&["none"]);
    assert_eq!((code, &*out), (Some(2), ""), "{error}");
    assert!(error.contains("no report was found to merge"), "{error}");
}

/// A pool that was made while the shards ran, or inputs that are not the same: its own shard has not seen it.
#[test]
fn a_pool_that_its_own_shard_did_not_see_makes_the_run_incomplete() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    std::fs::create_dir(folder.join("pools")).unwrap();
    let write =
        |id: &str| std::fs::write(folder.join(format!("pools/{id}.json")), pool(id).to_string()).unwrap();
    for id in ["us-east-1_a", "us-east-1_b", "us-east-1_c"] {
        write(id);
    }
    let check = |index: u32| {
        let (shard, report) = (format!("{index}/2"), format!("json={index}.json"));
        let arguments = ["check", "pools", "--fail-on", "never", "--no-config", "-q", "--shard"];
        lint(folder, &[&arguments[..], &[&shard, "--report", &report]].concat());
    };
    check(1);
    // These are for both shards, so the first shard has missed some.
    let late: Vec<String> = (0..10).map(|i| format!("us-east-1_late{i}")).collect();
    for id in &late {
        write(id);
    }
    check(2);
    let output = lint(folder, &["merge", "1.json", "2.json", "--report", "compact"]);
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(3), "{said}");
    let line = said.lines().find(|line| line.starts_with("unread shard 1 of 2: ")).unwrap();
    assert!(line.contains("it did not see pools that are its own and that other shards saw: us-east-1_late"));
    assert!(!said.contains("shard 2 of 2"), "{said}");
}
