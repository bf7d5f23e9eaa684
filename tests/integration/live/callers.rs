//! Who changed live pools, by look-ups in CloudTrail.

use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use cognito_lint::report::DRIFT_SCHEMA;
use serde_json::{Value, json};

use super::snapshots::run;
use super::{A, B};
use crate::fake::{Fake, Fault, On, Plan, pool};

const HOUR: i64 = 3600;

/// Seconds since 1970.
fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() as i64
}

fn moment(seconds: i64) -> String {
    cognito_lint::value::Value::Time(seconds * 1000).to_string()
}

/// Takes a snapshot of the pools, dated some seconds before now.
fn take(plan: Plan, folder: &Path, age: i64) {
    let taken = run(&Fake::start(plan), folder, &["snapshot", "-o", "pools.ndjson"]);
    assert_eq!(taken.status.code(), Some(0), "{taken:?}");
    let file = folder.join("pools.ndjson");
    let text = std::fs::read_to_string(&file).unwrap();
    let (header, lines) = text.split_once('\n').unwrap();
    let mut header: Value = serde_json::from_str(header).unwrap();
    header["made"] = moment(now() - age).into();
    // The first snapshots had no checksum over their first line.
    header.as_object_mut().unwrap().shift_remove("header-sha256");
    std::fs::write(file, format!("{header}\n{lines}")).unwrap();
}

fn record(number: usize, name: &str, ago: i64, user: &str, request: &Value) -> Value {
    json!({
        "userIdentity": {"type": "IAMUser", "userName": user, "accountId": "111122223333"},
        "eventTime": moment(now() - ago),
        "eventSource": "cognito-idp.amazonaws.com",
        "eventName": name,
        "awsRegion": "us-east-1",
        "sourceIPAddress": "192.0.2.10",
        "userAgent": "aws-cli/2.36.28",
        "requestParameters": request,
        "eventID": format!("event-{number}"),
        "readOnly": false,
        "eventType": "AwsApiCall",
        "recipientAccountId": "111122223333",
    })
}

fn changed() -> Value {
    let mut changed = pool(A);
    changed["DeletionProtection"] = json!("ACTIVE");
    changed["AutoVerifiedAttributes"] = json!(["email"]);
    changed["UserPoolTags"] = json!({"owner": "shop"});
    changed
}

fn compare(fake: &Fake, folder: &Path, arguments: &[&str]) -> (Value, Option<i32>) {
    let drift = [&["drift", "pools.ndjson", "--report", "json"], arguments].concat();
    let output = run(fake, folder, &drift);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{output:?}"));
    let schema: Value = serde_json::from_str(DRIFT_SCHEMA).unwrap();
    let mistakes: Vec<String> = jsonschema::validator_for(&schema)
        .unwrap()
        .iter_errors(&report)
        .map(|error| error.to_string())
        .collect();
    assert_eq!(mistakes, Vec::<String>::new());
    (report, output.status.code())
}

/// Path, status, and the callers or the codes of the reasons.
fn callers(report: &Value) -> Vec<(String, String, Vec<String>)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut all = Vec::new();
    for pool in report["pools"].as_array().unwrap() {
        let caller = |event: &Value| {
            let calls = pool["calls"].as_array().unwrap();
            let call = calls.iter().find(|call| call["event"] == *event).unwrap();
            text(&call["caller"]["title"])
        };
        for change in pool["changes"].as_array().unwrap() {
            let by = &change["changed_by"];
            let calls = by["calls"].as_array().unwrap().iter().map(|call| caller(&call["event"]));
            let reasons = by["reasons"].as_array().unwrap().iter().map(|reason| text(&reason["code"]));
            all.push((text(&change["path"]), text(&by["status"]), calls.chain(reasons).collect()));
        }
    }
    all
}

fn look_ups(fake: &Fake) -> Vec<Duration> {
    let calls = fake.requests();
    let first = calls.iter().find(|call| call.operation == "LookupEvents").map(|call| call.at);
    let calls = calls.iter().filter(|call| call.operation == "LookupEvents");
    calls.map(|call| call.at.duration_since(first.unwrap())).collect()
}

/// Three people, in the noise of sign-ins and of another pool, whose calls take more than a page.
#[test]
fn each_caller_is_named_and_each_name_looked_up_once() {
    let folder = tempfile::tempdir().unwrap();
    take(Plan::new().pool(pool(A)).pools([B]), folder.path(), 48 * HOUR);
    let mut records = vec![
        record(
            1,
            "UpdateUserPool",
            30 * HOUR,
            "dana",
            &json!({"userPoolId": A, "deletionProtection": "ACTIVE"}),
        ),
        record(
            2,
            "UpdateUserPool",
            20 * HOUR,
            "erin",
            &json!({"userPoolId": A, "deletionProtection": "ACTIVE", "autoVerifiedAttributes": ["email"]}),
        ),
        record(
            3,
            "TagResource",
            10 * HOUR,
            "kim",
            &json!({"resourceArn": pool(A)["Arn"], "tags": {"owner": "shop"}}),
        ),
    ];
    for number in 100..160 {
        records.push(record(number, "UpdateUserPool", 25 * HOUR, "ops", &json!({"userPoolId": B})));
        records.push(record(number + 100, "InitiateAuth", 25 * HOUR, "", &json!({"clientId": "web"})));
    }
    let fake = Fake::start(Plan::new().pool(changed()).pools([B]).records(records));
    let (report, code) = compare(&fake, folder.path(), &["--who"]);
    let sure = |path: &str, who: &str| (path.to_owned(), "sure".to_owned(), vec![who.to_owned()]);
    let expected = [
        sure("DeletionProtection", "user dana"),
        sure("AutoVerifiedAttributes", "user erin"),
        sure("UserPoolTags.owner", "user kim"),
    ];
    assert_eq!((callers(&report), code), (expected.to_vec(), Some(1)), "{report}");
    // Two pages of UpdateUserPool, one of TagResource and one of UntagResource, slower than two a second.
    let times = look_ups(&fake);
    assert_eq!(times.len(), 4, "{times:?}");
    assert!(times.windows(2).all(|pair| pair[0] + Duration::from_millis(550) <= pair[1]), "{times:?}");
    let throttled =
        fake.requests().into_iter().filter(|call| call.service == "cloudtrail" && call.status != Some(200));
    assert_eq!(throttled.count(), 0);
}

#[test]
fn a_run_without_drift_looks_nothing_up() {
    let folder = tempfile::tempdir().unwrap();
    take(Plan::new().pool(pool(A)), folder.path(), 48 * HOUR);
    let fake = Fake::start(Plan::new().pool(pool(A)));
    let (report, code) = compare(&fake, folder.path(), &["--who"]);
    assert_eq!((callers(&report), code), (vec![], Some(0)));
    assert!(look_ups(&fake).is_empty());
}

/// A look-up that fails loses nothing of the comparison, and changes neither verdicts nor the exit code.
#[test]
fn a_look_up_that_fails_is_a_reason() {
    let folder = tempfile::tempdir().unwrap();
    take(Plan::new().pool(pool(A)), folder.path(), 48 * HOUR);
    let html = Fault::Raw(500, "text/html", b"<html>no such service</html>".to_vec());
    for fault in [Fault::Error("AccessDeniedException"), html] {
        let plan = Plan::new().pool(changed()).fault(On::Operation("LookupEvents"), fault);
        let fake = Fake::start(plan);
        let (bare, expected) = compare_without(&fake, folder.path());
        let (report, code) = compare(&fake, folder.path(), &["--who"]);
        assert_eq!(
            (code, &report["summary"], &report["answer"]),
            (expected, &bare["summary"], &bare["answer"])
        );
        for (path, status, reasons) in callers(&report) {
            assert_eq!((status.as_str(), reasons[0].as_str()), ("not-found", "records-not-read"), "{path}");
        }
    }
}

fn compare_without(fake: &Fake, folder: &Path) -> (Value, Option<i32>) {
    let (report, code) = compare(fake, folder, &[]);
    assert_eq!(report["pools"][0]["changes"][0].get("changed_by"), None);
    (report, code)
}

/// A change that is seconds old has no record yet, and the events of an older snapshot are gone.
#[test]
fn a_fresh_change_and_an_old_snapshot_have_their_reasons() {
    let folder = tempfile::tempdir().unwrap();
    take(Plan::new().pool(pool(A)), folder.path(), 60);
    let request = json!({"userPoolId": A, "deletionProtection": "ACTIVE"});
    let records = [record(1, "UpdateUserPool", 30, "dana", &request)];
    let mut fresh = changed();
    fresh["LastModifiedDate"] = (now() - 30).into();
    let fake = Fake::start(Plan::new().pool(fresh).records(records));
    let (report, _) = compare(&fake, folder.path(), &["--who"]);
    for (path, status, reasons) in callers(&report) {
        assert_eq!((status.as_str(), reasons), ("not-found", vec!["too-fresh".to_owned()]), "{path}");
    }
    take(Plan::new().pool(pool(A)), folder.path(), 100 * 24 * HOUR);
    let records = [record(1, "UpdateUserPool", 30 * HOUR, "dana", &request)];
    let fake = Fake::start(Plan::new().pool(changed()).records(records));
    let (report, _) = compare(&fake, folder.path(), &["--who"]);
    let of = callers(&report).into_iter().find(|(path, ..)| path == "DeletionProtection").unwrap();
    let expected = vec!["user dana".to_owned(), "records-not-read".to_owned()];
    assert_eq!((of.1.as_str(), of.2), ("candidates", expected));
}
