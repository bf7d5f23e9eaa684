//! Text of others does nothing to a terminal or to the log of a CI job, wherever it was planted and in whatever the
//! program prints.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::house::expect_none;

/// A title of the terminal, a change of direction, a line end, and commands of CI jobs.
const PLANTED: &str = "\u{1b}]0;t\u{7}\u{202e}x\n::error::planted\n##[error]planted##vso[x]y";

/// The same in a string of JSON or TOML.
const ESCAPED: &str = r"\u001b]0;t\u0007\u202ex\n::error::planted\n##[error]planted##vso[x]y";

/// Files with a planted text, by what is wrong with them.
fn files(directory: &Path) {
    let pool = r#"{"UserPool": {"Id": "eu-west-1_A", "Name": "PLANTED", "MfaConfiguration": "OFF", "Policies": {"PasswordPolicy": {"MinimumLength": 6}}, "UserPoolTags": {"PLANTED": "PLANTED"}, "PLANTED": 1}}"#;
    let template = r#"{"Resources": {"PLANTED": {"Type": "AWS::Cognito::UserPool", "Properties": {"UserPoolName": "PLANTED", "PLANTED": {"Ref": "PLANTED"}}}, "B": {"Type": "AWS::Cognito::UserpooPLANTED"}}}"#;
    let plan = r#"{"format_version": "1.2", "terraform_version": "1.9.0", "resource_changes": [{"address": "aws_cognito_user_pool.PLANTED", "mode": "managed", "type": "aws_cognito_user_pool", "name": "PLANTED", "change": {"actions": ["create"], "before": null, "after": {"name": "PLANTED", "PLANTED": 1}, "after_unknown": {}}}]}"#;
    let all = [
        ("pool.json", pool),
        ("other.json", r#"{"PLANTED": 1}"#),
        ("template.json", template),
        ("plan.json", plan),
        ("id.toml", "[[rule]]\nid = \"PLANTED\"\nexpect = { path = \"PLANTED\", equals = \"PLANTED\" }\n"),
        (
            "title.toml",
            "[[rule]]\nid = \"own\"\ntitle = \"PLANTED\"\nwhy = \"PLANTED\"\nfix = \"PLANTED\"\nlinks = [\"https://example.com/PLANTED\"]\nmessage = \"PLANTED\"\nexpect = { path = \"MfaConfiguration\", equals = \"ON\" }\n",
        ),
        (
            "test.toml",
            "[[rule]]\nid = \"own\"\nexpect = { path = \"Name\", equals = \"PLANTED\" }\n[[rule.test]]\nverdict = \"pass\"\npool = { Name = \"PLANTED?\" }\n",
        ),
        ("key.toml", "\"PLANTED\" = 1\n[\"PLANTED\"]\nx = 1\n"),
        ("raw.toml", "[[rule]]\nid = \"a\"RAW x\n"),
        (
            "waivers.toml",
            "[[waiver]]\nrule = \"PLANTED\"\npool = \"PLANTED\"\nowner = \"PLANTED\"\nreason = \"PLANTED\"\nuntil = 2001-01-01\n",
        ),
        (
            "baseline.json",
            r#"{"cognito-lint": "baseline", "version": 1, "findings": [{"PLANTED": 1}], "PLANTED": 1}"#,
        ),
        (
            "report.json",
            r#"{"version": 1, "tool": {"version": "PLANTED"}, "generated": "PLANTED", "PLANTED": 1}"#,
        ),
        ("parameters.json", r#"[{"ParameterKey": "PLANTED", "ParameterValue": ["PLANTED"]}]"#),
        (
            "source/main.tf",
            "variable \"PLANTED\" {\n  default = \"PLANTED\"\n}\nresource \"aws_cognito_user_pool\" \"PLANTED\" {\n  name = \"PLANTED\"\n  planted = \"PLANTED\"\n  tags = { \"PLANTED\" = \"PLANTED\" }\n  mfa_configuration = file(\"PLANTED\")\n}\nmodule \"PLANTED\" {\n  source = \"PLANTED\"\n}\n",
        ),
        ("wrong/main.tf", "resource \"aws_cognito_user_pool\" \"a\" {\n  name = RAW\n"),
        (
            "clients.json",
            r#"{"UserPool": {"Id": "eu-west-1_B", "Name": "PLANTED", "Domain": "PLANTED", "UserPoolTags": {"PLANTED": "PLANTED"}}, "Clients": [{"ClientId": "PLANTED", "ClientName": "PLANTED", "AllowedOAuthFlows": ["implicit"], "AllowedOAuthFlowsUserPoolClient": true, "CallbackURLs": ["PLANTED"]}]}"#,
        ),
    ];
    let record = r#"{"userIdentity": {"type": "AssumedRole", "arn": "arn:aws:sts::111122223333:assumed-role/PLANTED/PLANTED", "accountId": "PLANTED", "sessionContext": {"sourceIdentity": "PLANTED"}}, "eventTime": "2026-11-20T09:14:38Z", "eventSource": "cognito-idp.amazonaws.com", "eventName": "UpdateUserPool", "awsRegion": "eu-west-1", "sourceIPAddress": "PLANTED", "userAgent": "PLANTED", "requestParameters": {"userPoolId": "eu-west-1_Examp1e01", "deletionProtection": "INACTIVE"}, "eventID": "PLANTED", "eventType": "AwsApiCall", "recipientAccountId": "111122223333"REFUSED}"#;
    let refused = record
        .replace("REFUSED", r#", "errorCode": "PLANTED""#)
        .replace(r#""eventID": ""#, r#""eventID": "b"#);
    let first =
        record.replace("REFUSED", "").replace("2026-11-20", "2026-11-18").replace("Examp1e01", "Other");
    let records = [first, record.replace("REFUSED", ""), refused].join(", ");
    let trail = format!(r#"{{"Records": [{records}]}}"#);
    for (name, from) in [("before", "recorded"), ("after", "night")] {
        let from = format!("tests/cmd/drift-trail.in/{from}.ndjson");
        fs::copy(from, directory.join(name).with_extension("ndjson")).unwrap();
    }
    let all = all.into_iter().chain([("trail.json", &*trail)]);
    fs::create_dir(directory.join("source")).unwrap();
    fs::create_dir(directory.join("wrong")).unwrap();
    for (name, text) in all {
        let text = text.replace("PLANTED", ESCAPED).replace("RAW", "\u{1b}]0;t\u{7}\u{202e}");
        fs::write(directory.join(name), text).unwrap();
    }
    fs::copy(directory.join("pool.json"), directory.join(format!("{PLANTED}.json"))).unwrap();
    fs::write(directory.join(format!("{PLANTED}.toml")), "[[rule]]\n").unwrap();
}

/// Commands that read them or have a planted text as an argument (`PLANTED`).
const COMMANDS: &str = "
check pool.json
check pool.json other.json template.json plan.json --verbose --statistics
check pool.json --report compact
check pool.json other.json --report markdown
check pool.json other.json --report csv
check pool.json other.json --report gitlab
check pool.json other.json --report github
check pool.json other.json --report json
check pool.json other.json --report jsonl
check pool.json other.json --report sarif
check pool.json other.json --report junit
check pool.json other.json --rules strict --group rule
check PLANTED.json
check PLANTED
check .
check pool.json --rules title.toml
check pool.json --rules title.toml --report compact
check pool.json --rules id.toml
check pool.json --rules PLANTED.toml
check pool.json --rules PLANTED
check pool.json --fail-on PLANTED
check pool.json --PLANTED
check pool.json --report PLANTED
check pool.json --report json=PLANTED/PLANTED
check pool.json --config key.toml
check pool.json --config raw.toml
check pool.json --config PLANTED.toml
check pool.json --waivers waivers.toml
check pool.json --baseline baseline.json
check pool.json --since report.json
check template.json --parameters parameters.json
check template.json --parameter PLANTED
PLANTED
rules check id.toml
rules check key.toml raw.toml
rules test test.toml
rules test title.toml
rules show PLANTED
rules list PLANTED
rules list --rules title.toml
controls PLANTED
schema PLANTED
drift pool.json pool.json
drift pool.json template.json
outliers pool.json other.json --least 3
outliers pool.json --by PLANTED*
drift pool.json other.json
drift pool.json pool.json --match PLANTED=PLANTED
snapshot pool.json other.json
baseline write pool.json other.json
waive mfa-off eu-west-1_A pool.json --owner PLANTED --reason PLANTED
waive mfa-off PLANTED pool.json --owner a --reason b
fix eu-west-1_A pool.json
fix PLANTED other.json
fix eu-west-1_A pool.json --set PLANTED=PLANTED
trend report.json
merge report.json
report report.json
report written.json
report written.json --report markdown
report written.json --report github
trend written.json
merge written.json
check pool.json --since written.json
check source
check source/main.tf --verbose
check source --report compact
check source --report github
check source --var PLANTED
check wrong
journeys pool.json clients.json
journeys clients.json other.json --report json
journeys template.json source
journeys PLANTED
controls
controls nist-800-63b-4
controls nist-800-63b-4 --PLANTED
rules learn pool.json other.json
rules learn clients.json template.json source
rules learn PLANTED
rules coverage --rules title.toml
rules new PLANTED MfaConfiguration
rules new a PLANTED
rules list --rules title.toml --json
rules show own --rules title.toml
check pool.json --show-settings --config PLANTED.toml
check pool.json --show-settings --exclude PLANTED
check clients.json --rules strict --report compact --statistics --verbose
check clients.json --rules strict --report junit
drift pool.json clients.json --report compact
drift pool.json clients.json --report json
drift pool.json clients.json --report markdown
drift clients.json other.json --report junit
drift clients.json other.json --report sarif
drift PLANTED other.json
waive mfa-off eu-west-1_B clients.json other.json --owner PLANTED --reason PLANTED
waive PLANTED eu-west-1_B
fix eu-west-1_B clients.json template.json
fix eu-west-1_B clients.json --output PLANTED
iam-policy --rules PLANTED
init PLANTED/PLANTED
completions PLANTED
schema --json PLANTED
drift before.ndjson after.ndjson --trail trail.json
drift before.ndjson after.ndjson --trail trail.json --report compact
drift before.ndjson after.ndjson --trail trail.json --report json
drift before.ndjson after.ndjson --trail trail.json --report markdown
drift before.ndjson after.ndjson --trail trail.json --report sarif
drift before.ndjson after.ndjson --trail trail.json --report junit
drift before.ndjson after.ndjson --trail PLANTED
check after.ndjson --since before.ndjson --trail trail.json
check after.ndjson --since before.ndjson --trail trail.json --group rule
check after.ndjson --since before.ndjson --trail trail.json --report compact
check after.ndjson --since before.ndjson --trail trail.json --report json
check after.ndjson --since before.ndjson --trail trail.json --report jsonl
check after.ndjson --since before.ndjson --trail trail.json --report markdown
check after.ndjson --since before.ndjson --trail trail.json --report sarif
check after.ndjson --since before.ndjson --trail trail.json --report asff
";

#[test]
#[cfg(unix)]
fn planted_text_acts_on_nothing() {
    let directory = tempfile::tempdir().unwrap();
    files(directory.path());
    let written =
        ["check", "pool.json", "other.json", "--no-config", "--evidence", "--report", "json=written.json"];
    let mut write = Command::new(env!("CARGO_BIN_EXE_cognito-lint"));
    assert_eq!(write.args(written).current_dir(&directory).output().unwrap().status.code(), Some(3));
    let mut complaints = Vec::new();
    let mut shown = 0;
    for line in COMMANDS.lines().filter(|line| !line.is_empty()) {
        let words: Vec<String> = line.split(' ').map(|word| word.replace("PLANTED", PLANTED)).collect();
        let output = Command::new(env!("CARGO_BIN_EXE_cognito-lint"))
            .args(&words)
            .current_dir(&directory)
            .output()
            .unwrap();
        let text = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).join("\n");
        shown += usize::from(text.contains("planted"));
        complaints.extend(text.lines().filter(|line| acts(line)).map(|found| format!("{line}: {found:?}")));
        if !(0..=3).contains(&output.status.code().unwrap_or(-1)) {
            complaints.push(format!("{line}: ended with {}", output.status));
        }
    }
    expect_none(&complaints);
    // The text is shown and not left out.
    assert!(shown >= 90, "only {shown} commands show the text");
}

/// Whether a line does something to a terminal, or is a command that nobody but the planted text gives.
fn acts(line: &str) -> bool {
    let unsafe_on_terminal = |c: char| c.is_control() && c != '\t' || ('\u{202a}'..='\u{202e}').contains(&c);
    // A runner takes a command behind spaces too, and those of the older form wherever they are in a line.
    let is_command =
        line.trim_start().starts_with("::error::") || line.contains("##[e") || line.contains("##vso[");
    line.contains(unsafe_on_terminal) || is_command
}
