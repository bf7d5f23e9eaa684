//! `check PLAN --live`: what applying a plan does to the pool that is there.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::A;
use super::snapshots::command;
use crate::fake::{Fake, Fault, On, Plan, pool};

const RULES: [&str; 4] =
    ["deletion-protection-inactive", "mfa-off", "password-too-short", "owner-tag-missing"];

fn arn() -> String {
    format!("arn:aws:cognito-idp:us-east-1:111122223333:userpool/{A}")
}

/// The arguments of the pool in Terraform.
fn arguments(deletion_protection: &str, minimum_length: u32) -> Value {
    json!({
        "id": A, "arn": arn(), "name": "customers", "region": "us-east-1",
        "deletion_protection": deletion_protection,
        "mfa_configuration": "OFF",
        "password_policy": [{
            "minimum_length": minimum_length, "require_lowercase": true, "require_numbers": true,
            "require_symbols": true, "require_uppercase": true, "temporary_password_validity_days": 7,
        }],
        "tags": { "owner": "platform" }, "tags_all": { "owner": "platform" },
        "user_pool_tier": "ESSENTIALS",
    })
}

/// A plan that turns deletion protection off and makes passwords longer.
fn plan() -> Value {
    let change = json!({
        "actions": ["update"], "before": arguments("ACTIVE", 8), "after": arguments("INACTIVE", 12),
        "after_unknown": {}, "before_sensitive": {}, "after_sensitive": {},
    });
    json!({
        "format_version": "1.2", "terraform_version": "1.11.4", "planned_values": { "root_module": {} },
        "resource_changes": [{
            "address": "aws_cognito_user_pool.main", "mode": "managed", "type": "aws_cognito_user_pool",
            "name": "main", "change": change,
        }],
    })
}

/// The pool as it is: somebody took the tag over by hand.
fn there() -> Value {
    let mut there = pool(A);
    there["Name"] = json!("customers");
    there["Arn"] = json!(arn());
    there["DeletionProtection"] = json!("ACTIVE");
    there["MfaConfiguration"] = json!("OFF");
    there["Policies"]["PasswordPolicy"] = json!({
        "MinimumLength": 8, "RequireLowercase": true, "RequireNumbers": true, "RequireSymbols": true,
        "RequireUppercase": true, "TemporaryPasswordValidityDays": 7,
    });
    there["UserPoolTags"] = json!({ "owner": "somebody" });
    there["UserPoolTier"] = json!("ESSENTIALS");
    there
}

/// Exit code and report of a check of the plan, beside the pools of the fake.
fn check(fake: &Fake, format: &str) -> (Option<i32>, String) {
    check_in(tempfile::tempdir().unwrap().path(), fake, &["--report", format])
}

/// The same with these options and in this directory, which stays.
fn check_in(folder: &Path, fake: &Fake, options: &[&str]) -> (Option<i32>, String) {
    fs::write(folder.join("plan.json"), plan().to_string()).unwrap();
    let check = [&["check", "plan.json", "--live", "--no-config"], options].concat();
    let mut command = command(fake, folder, &check);
    command.args(RULES.iter().flat_map(|rule| ["--rules", rule]));
    let output = command.output().unwrap();
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    (output.status.code(), String::from_utf8(output.stdout).unwrap())
}

#[test]
fn a_plan_is_held_against_the_pool_that_is_there() {
    let fake = Fake::start(Plan::new().pool(there()));
    let (code, report) = check(&fake, "json");
    assert_eq!(code, Some(1), "{report}");
    let report: Value = serde_json::from_str(&report).unwrap();
    let findings = report["findings"].as_array().unwrap().iter();
    let effects: Vec<(&str, &str)> =
        findings.map(|one| (one["rule"].as_str().unwrap(), one["deploy"].as_str().unwrap())).collect();
    assert_eq!(effects, [("deletion-protection-inactive", "introduced"), ("mfa-off", "kept")]);
    assert_eq!(report["removed"].as_array().unwrap().len(), 1);
    assert_eq!(report["removed"][0]["rule"], "password-too-short");
    let undone = json!([{
        "pool": arn(), "path": "UserPoolTags.owner", "before": "platform", "live": "somebody", "after": "platform",
    }]);
    let mut reported = report["undone"].clone();
    assert_eq!(reported[0].as_object_mut().unwrap().remove("reference").unwrap()["id"], A);
    assert_eq!(reported, undone);
}

/// The findings beside the plan survive the way through the files of shards.
#[test]
fn shards_of_a_deploy_come_to_what_one_run_comes_to() {
    let fake = Fake::start(Plan::new().pool(there()));
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    check_in(folder, &fake, &["-q", "--report", "json=whole.json", "--report", "compact=whole.txt"]);
    for index in ["1", "2"] {
        let report = format!("json={index}.json");
        check_in(folder, &fake, &["-q", "--shard", &format!("{index}/2"), "--report", &report]);
    }
    let merge =
        ["merge", "1.json", "2.json", "-q", "--report", "json=merged.json", "--report", "compact=merged.txt"];
    assert_eq!(command(&fake, folder, &merge).output().unwrap().status.code(), Some(1));
    let read = |file| fs::read_to_string(folder.join(file)).unwrap();
    let timeless = |file| {
        let mut report: Value = serde_json::from_str(&read(file)).unwrap();
        report.as_object_mut().unwrap().remove("generated").unwrap();
        report
    };
    assert_eq!(timeless("merged.json"), timeless("whole.json"));
    assert_eq!(read("merged.txt"), read("whole.txt"));
}

#[test]
fn text_says_what_applying_does() {
    let fake = Fake::start(Plan::new().pool(there()));
    let (_, human) = check(&fake, "human");
    let lines =
        ["apply: brings this in", "apply: leaves this as it is", "Removed by applying the plan: 1 finding"];
    for line in lines {
        assert!(human.contains(line), "{line:?} is not in\n{human}");
    }
    let (_, compact) = check(&fake, "compact");
    let line = format!(
        "changed outside customers: UserPoolTags.owner is somebody, and applying sets platform ({})",
        arn()
    );
    assert!(compact.lines().any(|one| one == line), "{compact}");
}

#[test]
fn a_pool_that_cannot_be_read_leaves_the_run_incomplete() {
    let fake =
        Fake::start(Plan::new().pool(there()).fault(On::Describe, Fault::Error("AccessDeniedException")));
    let (code, report) = check(&fake, "json");
    assert_eq!(code, Some(3), "{report}");
    let report: Value = serde_json::from_str(&report).unwrap();
    let findings = report["findings"].as_array().unwrap();
    assert!(!findings.is_empty() && findings.iter().all(|one| one.get("deploy").is_none()), "{report}");
}

/// Terraform refreshes before it plans, so `before` is the live pool; `resource_drift` has what the last apply left.
#[test]
fn what_others_changed_is_undone_by_a_plan_that_was_refreshed() {
    let fake = Fake::start(Plan::new().pool(there()));
    let folder = tempfile::tempdir().unwrap();
    let mut plan = plan();
    let mut live = arguments("ACTIVE", 8);
    live["tags"]["owner"] = json!("somebody");
    live["tags_all"]["owner"] = json!("somebody");
    let change = &mut plan["resource_changes"][0]["change"];
    change["before"] = live.clone();
    let drift = json!({ "actions": ["update"], "before": arguments("ACTIVE", 8), "after": live });
    plan["resource_drift"] = json!([{
        "address": "aws_cognito_user_pool.main", "mode": "managed", "type": "aws_cognito_user_pool",
        "name": "main", "change": drift,
    }]);
    fs::write(folder.path().join("plan.json"), plan.to_string()).unwrap();
    let arguments = ["check", "plan.json", "--live", "--no-config", "--rules", "mfa-off", "--report", "json"];
    let output = command(&fake, folder.path(), &arguments).output().unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let paths: Vec<&Value> =
        report["undone"].as_array().unwrap().iter().map(|undone| &undone["path"]).collect();
    assert_eq!(paths, ["UserPoolTags.owner"], "{report}");
}

/// A plan without a web ACL does not hold the section, so it takes no finding about it away.
#[test]
fn a_rule_that_the_plan_cannot_decide_takes_nothing_away() {
    let fake = Fake::start(Plan::new().pool(there()));
    let folder = tempfile::tempdir().unwrap();
    let options = ["--rules", "web-acl-missing", "--report", "json"];
    let (_, report) = check_in(folder.path(), &fake, &options);
    let report: Value = serde_json::from_str(&report).unwrap();
    let removed = report["removed"].as_array().unwrap().iter();
    let rules: Vec<&str> = removed.map(|one| one["rule"].as_str().unwrap()).collect();
    assert_eq!(rules, ["password-too-short"], "{report}");
}

/// A setting without an argument of the provider is there before and after: applying takes no finding about it away. One
/// that an update without it removes is changed by applying.
#[test]
fn an_update_takes_nothing_away_that_it_does_not_send() {
    let trigger = |name: &str| format!("arn:aws:lambda:us-east-1:111122223333:function:{name}");
    let of_plan = |version: &str| {
        let mut values = arguments("ACTIVE", 8);
        values["tags"] = json!({ "version": version });
        values["tags_all"] = json!({ "version": version });
        values["lambda_config"] = json!([{ "pre_sign_up": trigger("pre") }]);
        values
    };
    let mut plan = plan();
    plan["resource_changes"][0]["change"]["before"] = of_plan("1");
    plan["resource_changes"][0]["change"]["after"] = of_plan("2");
    let mut there = there();
    there["UserPoolTags"] = json!({ "version": "1" });
    there["LambdaConfig"] = json!({
        "PreSignUp": trigger("pre"),
        "InboundFederation": { "LambdaArn": trigger("federation"), "LambdaVersion": "V1_0" },
    });
    there["DcrConfiguration"] = json!({ "EnableStatus": "Enabled", "OpenDcrEnabled": true });
    let fake = Fake::start(Plan::new().pool(there));
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("plan.json"), plan.to_string()).unwrap();
    let check = ["check", "plan.json", "--live", "--no-config", "--rules", "open-client-registration"];
    let output =
        command(&fake, folder.path(), &[&check[..], &["--report", "json"]].concat()).output().unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report.get("removed"), None, "{report}");
    let kept: Vec<(&Value, &Value)> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| (&finding["rule"], &finding["deploy"]))
        .collect();
    assert_eq!(kept, [(&json!("open-client-registration"), &json!("kept"))], "{report}");
    assert_eq!(output.status.code(), Some(1));
    let undone: Vec<&Value> = report["undone"].as_array().unwrap().iter().map(|one| &one["path"]).collect();
    assert!(
        undone.iter().any(|path| path.as_str().unwrap().starts_with("LambdaConfig.InboundFederation")),
        "{report}"
    );
}
