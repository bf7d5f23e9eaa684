//! Excerpts are kept for as many findings as the report for a person can show: it has the same bytes where each has one,
//! which it does beside a report in HTML.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::json;

/// A rule that fails for eight pools, and one that fails for all and only informs.
const RULES: &str = r#"
[[rule]]
id = "mfa-off"
severity = "high"
expect = { path = "MfaConfiguration", not-equals = "OFF" }
[[rule]]
id = "minimum-low"
severity = "high"
expect = { path = "Policies.PasswordPolicy.MinimumLength", at-least = 12 }
[[rule]]
id = "tier-low"
severity = "info"
expect = { path = "UserPoolTier", equals = "PLUS" }
"#;

const POOLS: usize = 14;

fn write(directory: &Path) {
    let pool = |number: usize| {
        json!({
            "Id": format!("eu-west-1_{number:09}"),
            "Name": format!("pool {number}"),
            "MfaConfiguration": if number < 6 { "ON" } else { "OFF" },
            "Policies": { "PasswordPolicy": { "MinimumLength": if number < 12 { 8 } else { 14 } } },
            "UserPoolTier": "LITE",
        })
    };
    for number in 0..POOLS {
        fs::write(directory.join(format!("{number:02}.json")), pool(number).to_string()).unwrap();
    }
    fs::write(directory.join("rules.toml"), RULES).unwrap();
    let waiver = |number: usize| {
        format!(
            "[[waiver]]\nrule = \"minimum-low\"\npool = \"eu-west-1_{number:09}\"\nowner = \"identity team\"\n\
             reason = \"it is being replaced\"\nexpires = 2026-12-31\n"
        )
    };
    let waivers: String = (0..8).map(waiver).collect();
    fs::write(directory.join("waivers.toml"), waivers).unwrap();
    let resource = |number: usize| {
        let waiver = "          # cognito-lint: ignore minimum-low owner=\"identity team\" until=2026-12-31 \
                      reason=\"it is being replaced\"\n";
        format!(
            "  Pool{number}:\n    Type: AWS::Cognito::UserPool\n    Properties:\n      MfaConfiguration: \"ON\"\n      \
             Policies:\n        PasswordPolicy:\n{}          MinimumLength: 8\n",
            if number < 8 { waiver } else { "" },
        )
    };
    let resources: String = (0..POOLS).map(resource).collect();
    fs::write(directory.join("template.yaml"), format!("Resources:\n{resources}")).unwrap();
}

fn check(directory: &Path, line: &str, further: &[&str]) -> String {
    let mut program = Command::new(env!("CARGO_BIN_EXE_cognito-lint"));
    program.current_dir(directory).args([
        "check",
        "--no-config",
        "--rules",
        "rules.toml",
        "--report",
        "human",
    ]);
    program.args(["--today", "2026-11-01"]).args(line.split(' ')).args(further);
    let output = program.output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "{line}: {said}{}", String::from_utf8_lossy(&output.stderr));
    said
}

#[test]
fn a_finding_that_is_shown_has_its_excerpt() {
    let directory = tempfile::tempdir().unwrap();
    write(directory.path());
    let files: Vec<String> = (0..POOLS).map(|number| format!("{number:02}.json")).collect();
    let files = files.join(" ");
    let end = "\u{2570}\u{2500}\u{2500}\u{2500}\u{2500}\n";
    for (line, excerpts) in [
        (files.as_str(), 8),
        (&format!("{files} --waivers waivers.toml"), 20),
        (&format!("{files} --group rule"), 0),
        (&format!("{files} --group pool"), 34),
        (&format!("{files} --statistics"), 0),
        (&format!("{files} --off minimum-low --fail-on medium"), 16),
        ("template.yaml", 6),
    ] {
        let (own, beside) = (
            check(directory.path(), line, &[]),
            check(directory.path(), line, &["--report", "html=report.html"]),
        );
        assert_eq!(own, beside, "{line}");
        assert_eq!(own.matches(end).count(), excerpts, "{line}: {own}");
    }
}
