//! A snapshot of live pools: the report on it is that of the live run, byte for byte.

use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::sections::full;
use super::{A, B, C};
use crate::fake::{Fake, Fault, On, Plan};

/// Rules on every section, on secrets, on age, and on members that no schema knows.
const RULES: &str = r#"
[[rule]]
id = "external-id-there"
expect = { path = "SmsConfiguration.ExternalId", present = false }
[[rule]]
id = "client-secret-there"
each = "Clients"
expect = { path = "ClientSecret", present = false }
[[rule]]
id = "callbacks-few"
each = "Clients"
expect = { path = "CallbackURLs", length-at-most = 1 }
[[rule]]
id = "providers-of-saml"
each = "IdentityProviders"
expect = { path = "ProviderType", equals = "OIDC" }
[[rule]]
id = "groups-without-role"
expect = { every = "Groups", expect = { path = "RoleArn", present = false } }
[[rule]]
id = "firewall-missing"
expect = { path = "WebACL.Name", present = true }
[[rule]]
id = "pool-old"
expect = { path = "CreationDate", newer-than = "1d" }
[[rule]]
id = "tier-low"
expect = { path = "UserPoolTier", equals = "PLUS" }
[[rule]]
id = "quantum-off"
unchecked = true
expect = { path = "QuantumConfiguration.Mode", equals = "ON" }
"#;

/// A pool with everything in it that could get lost on the way, in an order of its own.
pub(super) fn rich(id: &str) -> Value {
    let mut pool = full(id);
    pool["SmsConfiguration"] = json!({ "ExternalId": "s3cret", "SnsCallerArn": "arn:aws:iam::111122223333:role/sms", "Carrier": 1.50 });
    pool["QuantumConfiguration"] =
        json!({ "Mode": "OFF", "Level": 1e300, "Serial": 18_446_744_073_709_551_615_u64, "Unset": null });
    pool["UserPoolTags"] = json!({ "zone": "b\u{85}c", "app": "shop" });
    pool["SchemaAttributes"] = json!([
        { "Name": "sub", "Mutable": false }, { "Name": "email", "Mutable": true, "Grade": 2 }
    ]);
    pool["Clients"][0]["CallbackURLs"] = json!(["https://example.com/z", "https://example.com/a"]);
    pool["Clients"][0]["ClientSecret"] = json!("hush");
    pool["Clients"][1]["CreationDate"] = json!(1_763_000_000);
    pool["RiskConfiguration"]["Novelty"] = json!(true);
    pool
}

/// Runs the program against a fake.
pub(super) fn run(fake: &Fake, folder: &Path, arguments: &[&str]) -> Output {
    command(fake, folder, arguments).output().unwrap()
}

pub(super) fn command(fake: &Fake, folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cognito-lint"));
    command.args(arguments).current_dir(folder).env_clear().env("HOME", folder);
    command.env("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE").env("AWS_SECRET_ACCESS_KEY", "secret");
    command.env("AWS_REGION", "us-east-1").env("AWS_ENDPOINT_URL", fake.url());
    command
}

/// The report on the live pools and the one on their snapshot, with exit codes.
fn both(plan: Plan, arguments: &[&str]) -> [(String, Option<i32>); 2] {
    let fake = Fake::start(plan);
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("rules.toml"), RULES).unwrap();
    let check = [&["check", "--rules", "strict", "--rules", "rules.toml"], arguments].concat();
    let taken = run(&fake, folder.path(), &["snapshot", "--output", "pools.ndjson"]);
    assert!(taken.stdout.is_empty(), "{taken:?}");
    let recorded = [&check[..], &["pools.ndjson"]].concat();
    [run(&fake, folder.path(), &check), run(&fake, folder.path(), &recorded)]
        .map(|output| (timeless(output.stdout), output.status.code()))
}

/// A report without the moment at which it was made.
fn timeless(report: Vec<u8>) -> String {
    let report = String::from_utf8(report).unwrap();
    let lines = report.split_inclusive('\n').filter(|line| !line.contains("\"generated\": "));
    lines.collect()
}

#[test]
fn the_report_on_a_snapshot_is_that_of_the_live_run() {
    let plan = Plan::new()
        .pool(rich(A))
        .pools([B, C, "us-east-1_ddd"])
        .fault(On::Operation("ListGroups"), Fault::Error("AccessDeniedException"))
        .fault(On::Pool(B), Fault::Error("NotAuthorizedException"))
        .fault(On::Pool(C), Fault::Error("ResourceNotFoundException"));
    for format in [&["--report", "human"][..], &["--report", "compact"], &["--report", "json", "--evidence"]]
    {
        let [live, snapshot] = both(plan.clone(), format);
        let apart = live.0.lines().zip(snapshot.0.lines()).find(|(live, snapshot)| live != snapshot);
        assert_eq!((apart, live.1), (None, snapshot.1), "{format:?}");
        assert!(live == snapshot, "{format:?}: one goes on after the other");
        let (report, code) = live;
        assert_eq!(code, Some(3), "{report}");
        for said in ["external-id-there", "callbacks-few", "bbb (us-east-1_bbb)", "QuantumConfiguration"] {
            assert!(report.contains(said), "no {said} in {report}");
        }
        assert!(!report.contains("s3cret") && !report.contains("hush"), "{report}");
    }
}

#[test]
fn a_report_says_nothing_of_sections_that_no_rule_is_about() {
    let one = ["--no-config", "--report", "json"];
    let fake = Fake::start(Plan::new().pool(rich(A)));
    let folder = tempfile::tempdir().unwrap();
    let rules = "[[rule]]\nid = 'clients-many'\nexpect = { path = 'Clients', length-at-most = 1 }\n";
    std::fs::write(folder.path().join("one.toml"), rules).unwrap();
    run(&fake, folder.path(), &["snapshot", "--output", "pools.ndjson"]);
    let check = [&["check", "--rules", "one.toml"], &one[..]].concat();
    let [live, snapshot] = [check.clone(), [&check[..], &["pools.ndjson"]].concat()]
        .map(|arguments| timeless(run(&fake, folder.path(), &arguments).stdout));
    assert_eq!(live, snapshot);
    assert!(live.contains("clients-many") && !live.contains("Novelty"), "{live}");
}

#[test]
fn what_is_missing_from_a_snapshot_is_told() {
    let plan = Plan::new()
        .pools([A, B, C])
        .fault(On::Operation("ListGroups"), Fault::Error("AccessDeniedException"))
        .fault(On::Pool(C), Fault::Error("NotAuthorizedException"));
    let folder = tempfile::tempdir().unwrap();
    let taken = run(&Fake::start(plan), folder.path(), &["snapshot", "-o", "pools.ndjson"]);
    assert_eq!(taken.status.code(), Some(3));
    let said = String::from_utf8(taken.stderr).unwrap();
    for part in [
        "ccc (us-east-1_ccc): not read: access denied",
        "aaa (us-east-1_aaa) and 1 more: Groups not read: ",
        "allow `cognito-idp:ListGroups`",
        "wrote 2 pools to pools.ndjson; the parts above could not be read",
    ] {
        assert!(said.contains(part), "no {part} in {said}");
    }
    let taken = run(&Fake::start(Plan::new().pool(rich(A))), folder.path(), &["snapshot"]);
    assert_eq!(taken.status.code(), Some(0), "{taken:?}");
    let text = String::from_utf8(taken.stdout).unwrap();
    assert_eq!(text.lines().count(), 2);
    assert!(!text.contains("s3cret") && !text.contains("hush"), "{text}");
    assert!(text.contains("b\\u0085c"), "{text}");
    let header: Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    assert_eq!(header["sections"].as_array().unwrap().len(), 15);
}

#[test]
#[cfg(unix)]
fn an_interrupted_snapshot_leaves_the_old_file() {
    for (signal, code) in [("-INT", 130), ("-TERM", 143)] {
        // One call is in flight for good.
        let fake = Fake::start(Plan::new().pools([A, B]).fault(On::Pool(B), Fault::Stall));
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("pools.ndjson");
        std::fs::write(&file, "old").unwrap();
        let mut command = command(&fake, folder.path(), &["snapshot", "-o", "pools.ndjson"]);
        let mut child = command.stderr(Stdio::null()).spawn().unwrap();
        let start = Instant::now();
        while fake.requests().iter().all(|seen| seen.pool.as_deref() != Some(A)) {
            assert!(start.elapsed() < Duration::from_secs(30), "nothing was asked for");
            std::thread::sleep(Duration::from_millis(10));
        }
        let kill = Command::new("kill").args([signal, &child.id().to_string()]).status();
        assert!(kill.unwrap().success());
        assert_eq!(child.wait().unwrap().code(), Some(code));
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "old");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing unfinished is left");
    }
}
