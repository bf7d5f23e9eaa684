//! The commands of the examples, run as their systems run them, give the result of one run.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

use super::{folder, lint, read, timeless};
use crate::house;

/// The script that follows a line which ends in `|`, the `n`-th of a file in YAML.
fn script(file: &str, n: usize) -> String {
    let text = house::read(file);
    let lines: Vec<&str> = text.lines().collect();
    let starts = (0..lines.len()).filter(|row| lines[*row].ends_with('|'));
    let start = starts.clone().nth(n).unwrap_or_else(|| panic!("{file} has no script {n}"));
    let indent = |line: &str| line.len() - line.trim_start().len();
    let deep = indent(lines[start + 1]);
    let body = lines[start + 1..].iter().take_while(|line| line.is_empty() || indent(line) >= deep);
    body.map(|line| line.get(deep..).unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// The command of a job definition.
fn command(file: &str) -> String {
    let definition: Value = serde_json::from_str(&house::read(file)).unwrap();
    let command = definition["containerProperties"]["command"].as_array().unwrap();
    assert_eq!((command[0].as_str(), command[1].as_str()), (Some("sh"), Some("-c")));
    command[2].as_str().unwrap().to_owned()
}

/// Runs a script with `cognito-lint` as a program that checks the directory of pools in place of live ones.
fn run(folder: &Path, script: &str, variables: &[(&str, String)]) -> Output {
    let bin = folder.join("bin");
    std::fs::create_dir_all(&bin).unwrap();
    let real = env!("CARGO_BIN_EXE_cognito-lint");
    let program = format!(
        "#!/bin/sh\ncase $1 in merge) exec '{real}' \"$@\" ;; *) exec '{real}' \"$@\" pools ;; esac\n"
    );
    let shim = bin.join("cognito-lint");
    std::fs::write(&shim, program).unwrap();
    assert!(Command::new("chmod").arg("+x").arg(&shim).status().unwrap().success());
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap_or_default());
    let mut command = Command::new("sh");
    command.args(["-e", "-c", script]).current_dir(folder).env("PATH", path).env("REPORTS", "reports");
    command.envs(variables.iter().map(|(name, value)| (name, value))).output().unwrap()
}

const SHARDS: usize = 4;

/// Runs all shards and the merge, and holds what comes of it against one run. `of` gives what the system sets for
/// a shard, from 0; the report of the run is then in `reports`.
fn hold(shard: &str, merge: &str, of: &dyn Fn(usize) -> Vec<(&'static str, String)>, reports: &str) {
    let folder = folder();
    let folder = folder.path();
    std::fs::create_dir(folder.join("reports")).unwrap();
    for index in 0..SHARDS {
        let output = run(folder, shard, &of(index));
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert!(output.stdout.is_empty());
    }
    let merged = run(folder, merge, &[("RUN", "0f1e2d3c".to_owned())]);
    let whole = lint(folder, &["check", "pools", "-q", "--report", "json=whole.json"]);
    assert_eq!(merged.status.code(), whole.status.code(), "{}", String::from_utf8_lossy(&merged.stderr));
    let report = read(folder, &format!("{reports}/report.json"));
    assert_eq!(timeless(&report), timeless(&read(folder, "whole.json")));
    let answer = timeless(&report)["answer"].as_str().unwrap().to_owned();
    assert!(String::from_utf8(merged.stdout).unwrap().starts_with(&format!("{answer}\n")));
    // A shard that could not start fails, so that its system runs it again or stops.
    std::fs::write(folder.join("cognito-lint.toml"), "rules = 1").unwrap();
    assert!(!run(folder, shard, &of(0)).status.success());
}

#[test]
#[cfg(unix)]
fn an_indexed_job_of_kubernetes_comes_to_one_report() {
    let (shards, merge) = ("examples/kubernetes/shards.yaml", "examples/kubernetes/merge.yaml");
    for stated in [format!("completions: {SHARDS}"), format!("value: \"{SHARDS}\"")] {
        assert!(house::read(shards).contains(&stated), "{stated}");
    }
    let of = |index: usize| vec![("JOB_COMPLETION_INDEX", index.to_string()), ("SHARDS", SHARDS.to_string())];
    hold(&script(shards, 0), &script(merge, 0), &of, "reports");
}

#[test]
#[cfg(unix)]
fn an_array_job_of_aws_batch_comes_to_one_report() {
    let of = |index: usize| {
        vec![
            ("AWS_BATCH_JOB_ID", format!("0f1e2d3c:{index}")),
            ("AWS_BATCH_JOB_ARRAY_INDEX", index.to_string()),
            ("AWS_BATCH_JOB_ARRAY_SIZE", SHARDS.to_string()),
        ]
    };
    let (shards, merge) = ("examples/aws-batch/shards.json", "examples/aws-batch/merge.json");
    hold(&command(shards), &command(merge), &of, "reports/0f1e2d3c");
}

#[test]
#[cfg(unix)]
fn a_matrix_of_a_pipeline_comes_to_one_report() {
    let file = "examples/ci-matrix/workflow.yml";
    assert!(house::read(file).contains("shard: [1, 2, 3, 4]"));
    let of = |index: usize| vec![("SHARD", (index + 1).to_string()), ("SHARDS", SHARDS.to_string())];
    hold(&script(file, 0), &script(file, 1), &of, "reports");
}
