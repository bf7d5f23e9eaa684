//! The problem matcher of the action, which editors take too, on the lines of `--report compact`.

use std::process::Command;

use regex::Regex;
use serde_json::Value;

use crate::house::root;

const TEMPLATE: &str = "{\"Resources\": {\"Pool\": {\"Type\": \"AWS::Cognito::UserPool\",\n  \
                        \"Properties\": {\"MfaConfiguration\": \"OFF\"}}}}\n";

/// The expression, and the numbers of its groups: code, message, file, line and column.
fn matcher() -> (Regex, [usize; 5]) {
    let text = std::fs::read_to_string(root().join("packaging/action/problem-matcher.json")).unwrap();
    let file: Value = serde_json::from_str(&text).unwrap();
    let pattern = &file["problemMatcher"][0]["pattern"][0];
    let group = |name: &str| usize::try_from(pattern[name].as_u64().unwrap()).unwrap();
    let groups = ["code", "message", "file", "line", "column"].map(group);
    (Regex::new(pattern["regexp"].as_str().unwrap()).unwrap(), groups)
}

/// The place and rule of each line of a report that the matcher finds.
fn found(report: &str) -> Vec<String> {
    let (expression, groups) = matcher();
    let part = |line: &str| {
        let all = expression.captures(line)?;
        let [rule, message, file, row, column] = groups.map(|group| all[group].to_owned());
        assert!(!message.is_empty(), "{line}");
        Some(format!("{file}:{row}:{column} {rule}"))
    };
    report.lines().filter_map(part).collect()
}

#[test]
fn every_finding_of_the_compact_report_is_a_problem() {
    let folder = tempfile::tempdir().unwrap();
    let configuration = "resource \"aws_cognito_user_pool\" \"main\" {\n  count             = 2\n  \
                         name              = \"a (b)\"\n  mfa_configuration = \"OFF\"\n}\n";
    std::fs::write(folder.path().join("main.tf"), configuration).unwrap();
    let names = ["a b.json", "C:\\infra\\pool.json", "\\\\host\\share\\k\u{fc}che.json"];
    // On Windows the last two are paths, and what is printed of them is the same.
    let names = if cfg!(windows) { &names[..1] } else { &names[..] };
    for name in names {
        std::fs::write(folder.path().join(name), TEMPLATE).unwrap();
    }
    let run = |more: &[&str]| {
        let mut program = Command::new(env!("CARGO_BIN_EXE_cognito-lint"));
        program.current_dir(folder.path()).args(["check", "--no-config", "--rules", "mfa-off"]);
        let output = program.args(["--report", "compact"]).args(more).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let report = run(&[&["main.tf"], names].concat());
    let mut all = found(&report);
    all.sort();
    let mut wanted: Vec<String> = names.iter().map(|name| format!("{name}:2:38 mfa-off")).collect();
    wanted.push("main.tf:4:23 mfa-off".to_owned());
    wanted.sort();
    assert_eq!(all, wanted, "{report}");
    // A remark on the age of a finding follows the place.
    std::fs::create_dir(folder.path().join("reports")).unwrap();
    let report = run(&["--since", "reports", "a b.json"]);
    assert_eq!(found(&report), ["a b.json:2:38 mfa-off"], "{report}");
}
