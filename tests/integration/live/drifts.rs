//! Live pools against a snapshot of them.

use std::path::Path;

use serde_json::{Value, json};

use super::snapshots::{rich, run};
use super::{A, B, C};
use crate::fake::{Fake, Fault, On, Plan, pool};

/// Takes a snapshot of some pools, and compares it with others; gives the report and the exit code.
fn drift(then: Plan, now: Plan, arguments: &[&str]) -> (Value, Option<i32>) {
    let folder = tempfile::tempdir().unwrap();
    take(then, folder.path());
    compare(&Fake::start(now), folder.path(), arguments)
}

fn take(plan: Plan, folder: &Path) {
    let taken = run(&Fake::start(plan), folder, &["snapshot", "-o", "pools.ndjson"]);
    assert_eq!(taken.status.code(), Some(0), "{taken:?}");
}

fn compare(fake: &Fake, folder: &Path, arguments: &[&str]) -> (Value, Option<i32>) {
    let drift = [&["drift", "pools.ndjson", "--report", "json"], arguments].concat();
    let output = run(fake, folder, &drift);
    let report = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{output:?}"));
    (report, output.status.code())
}

/// Path and direction of every change.
fn changes(report: &Value) -> Vec<(&str, &str)> {
    let pools = report["pools"].as_array().unwrap();
    let changes = pools.iter().flat_map(|pool| pool["changes"].as_array().unwrap());
    changes.map(|one| (one["path"].as_str().unwrap(), one["direction"].as_str().unwrap())).collect()
}

#[test]
fn an_unchanged_pool_does_not_drift() {
    let plan = || Plan::new().pool(rich(A)).pools([B, C]);
    let (report, code) = drift(plan(), plan(), &[]);
    assert_eq!((changes(&report), code), (vec![], Some(0)), "{report}");
    assert_eq!((&report["pools"], &report["summary"]["compared"]), (&json!([]), &json!(3)));
}

#[test]
fn a_change_in_a_section_is_seen_and_judged() {
    let mut now = rich(A);
    now["MfaConfig"]["MfaConfiguration"] = json!("OPTIONAL");
    now["DeletionProtection"] = json!("ACTIVE");
    now["Clients"][0]["CallbackURLs"] = json!(["https://example.com/a", "https://example.com/z"]);
    now["Clients"][1]["AccessTokenValidity"] = json!(24);
    now["LastModifiedDate"] = json!(1_763_000_100);
    let (report, code) = drift(Plan::new().pool(rich(A)), Plan::new().pool(now), &[]);
    let expected = [
        ("DeletionProtection", "strengthened"),
        ("MfaConfig.MfaConfiguration", "neutral"),
        ("Clients[api].AccessTokenValidity", "weakened"),
    ];
    assert_eq!((changes(&report), code), (expected.to_vec(), Some(1)));
    assert_eq!(report["pools"][0]["last_modified"], "2025-11-13T02:15:00Z");
}

#[test]
fn a_pool_that_is_gone_was_removed_and_one_that_cannot_be_read_was_not() {
    let denied = Fault::Error("AccessDeniedException");
    let now = Plan::new().pools([A, B]).fault(On::Pool(B), denied);
    let (report, code) = drift(Plan::new().pools([A, B, C]), now, &[]);
    assert_eq!((changes(&report), code), (vec![("", "neutral")], Some(3)), "{report}");
    assert_eq!(
        (&report["pools"][0]["recorded"]["id"], &report["pools"][0]["current"]),
        (&json!(C), &Value::Null)
    );
    assert_eq!(report["unread"].as_array().unwrap().len(), 1);
    let (report, code) = drift(Plan::new().pools([A, B]), Plan::new().pools([A]), &[]);
    assert_eq!((changes(&report), code), (vec![("", "neutral")], Some(1)), "{report}");
}

#[test]
fn a_denied_section_is_not_compared_and_makes_the_run_incomplete() {
    let now = Plan::new().pool(rich(A));
    let now = now.fault(On::Operation("ListGroups"), Fault::Error("AccessDeniedException"));
    let (report, code) = drift(Plan::new().pool(rich(A)), now, &[]);
    assert_eq!((changes(&report), code), (vec![], Some(3)));
    let uncompared = &report["pools"][0]["uncompared"];
    assert_eq!((&uncompared[0]["what"], &uncompared[0]["side"]), (&json!("Groups"), &json!("current")));
    assert_eq!(uncompared.as_array().unwrap().len(), 1);
}

#[test]
fn new_pools_are_seen_where_pools_are_listed() {
    let (report, code) = drift(Plan::new().pools([A]), Plan::new().pools([A, B]), &[]);
    assert_eq!((changes(&report), code), (vec![], Some(0)), "{report}");
    let (report, code) = drift(Plan::new().pools([A]), Plan::new().pools([A, B]), &["--region", "us-east-1"]);
    assert_eq!((changes(&report), code), (vec![("", "neutral")], Some(1)), "{report}");
    let all = drift(Plan::new().pools([A, C]), Plan::new().pools([A, B]), &["--pool", "aaa", "--pool", "b*"]);
    assert_eq!((changes(&all.0), all.1), (vec![("", "neutral")], Some(1)), "{}", all.0);
    assert_eq!(all.0["notes"][0]["message"], "1 recorded pool was not asked for and not compared");
}

#[test]
fn what_was_not_recorded_is_not_read() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("pools.ndjson"), pool(A).to_string()).unwrap();
    let fake = Fake::start(Plan::new().pool(rich(A)).pools([B]));
    let (report, _) = compare(&fake, folder.path(), &[]);
    assert_eq!(report["summary"]["compared"], 1, "{report}");
    let operations: Vec<String> = fake.requests().into_iter().map(|seen| seen.operation).collect();
    assert_eq!(operations, ["DescribeUserPool"]);
}

#[test]
fn every_pool_can_be_held_against_a_golden_one() {
    let mut golden = pool(A);
    golden["DeletionProtection"] = json!("ACTIVE");
    let golden = Plan::new().pool(golden);
    let (report, code) = drift(golden, Plan::new().pools([A, B, C]), &["--match", "aaa=*"]);
    assert_eq!(report["summary"]["compared"], 3);
    assert_eq!((changes(&report), code), (vec![("DeletionProtection", "weakened"); 3], Some(1)));
}
