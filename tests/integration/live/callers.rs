//! Who changed live pools, by look-ups in CloudTrail.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use cognito_lint::report::DRIFT_SCHEMA;
use serde_json::{Value, json};

use super::snapshots::{command, run};
use super::{A, B};
use crate::fake::{Fake, Fault, On, Plan, pool, pool_in};

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

/// A check with an earlier snapshot names the caller of the change that a new finding comes from, and looks up the calls
/// that can explain new findings alone.
#[test]
fn a_check_names_who_made_a_new_finding() {
    let folder = tempfile::tempdir().unwrap();
    let protected = |state: &str| {
        let mut pool = pool(A);
        pool["DeletionProtection"] = json!(state);
        pool
    };
    take(Plan::new().pool(protected("ACTIVE")), folder.path(), 48 * HOUR);
    let mut now = protected("INACTIVE");
    // No rule of this run reads it, so that nobody looks it up.
    now["UserPoolTags"] = json!({"owner": "shop"});
    let request = json!({"userPoolId": A, "deletionProtection": "INACTIVE"});
    let refused = json!({"errorCode": "ThrottlingException"});
    let mut second = record(2, "UpdateUserPool", 29 * HOUR, "erin", &request);
    second.as_object_mut().unwrap().extend(refused.as_object().unwrap().clone());
    let records = [record(1, "UpdateUserPool", 30 * HOUR, "dana", &request), second];
    let fake = Fake::start(Plan::new().pool(now).records(records));
    let rules = ["check", "--rules", "deletion-protection-inactive", "--since", "pools.ndjson"];
    let output = run(&fake, folder.path(), &[&rules[..], &["--who", "--report", "json"]].concat());
    let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{output:?}"));
    let schema: Value = serde_json::from_str(cognito_lint::report::JSON_SCHEMA).unwrap();
    assert!(jsonschema::is_valid(&schema, &report), "{report}");
    let change = &report["findings"][0]["changes"][0];
    assert_eq!((&change["before"], &change["after"]), (&json!("ACTIVE"), &json!("INACTIVE")), "{report}");
    let by = &change["changed_by"];
    assert_eq!((&by["status"], &by["calls"][0]["caller"]["title"]), (&json!("sure"), &json!("user dana")));
    let notes = report["notes"].to_string();
    assert!(notes.contains("UpdateUserPool by user erin") && notes.contains("refused"), "{notes}");
    assert_eq!((look_ups(&fake).len(), output.status.code()), (1, Some(1)));
    // Nothing is new against the pools as they are, so that nothing is looked up.
    let same = Fake::start(Plan::new().pool(protected("ACTIVE")));
    let output = run(&same, folder.path(), &[&rules[..], &["--who"]].concat());
    assert_eq!((look_ups(&same).len(), output.status.code()), (0, Some(0)), "{output:?}");
    // A look-up that fails is a reason, and changes neither the finding nor the exit code.
    let denied = Fault::Error("AccessDeniedException");
    let plan = Plan::new().pool(protected("INACTIVE")).fault(On::Operation("LookupEvents"), denied);
    let fake = Fake::start(plan);
    let bare = run(&fake, folder.path(), &[&rules[..], &["--report", "compact"]].concat());
    let output = run(&fake, folder.path(), &[&rules[..], &["--who", "--report", "compact"]].concat());
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("the caller was not found: not all records were read"), "{text}");
    assert!(text.starts_with(String::from_utf8(bare.stdout).unwrap().lines().next().unwrap()));
    assert_eq!((output.status.code(), bare.status.code()), (Some(1), Some(1)));
}

/// The pools of accounts that are read by roles have their callers looked up by the same roles.
#[test]
fn callers_of_many_accounts_are_looked_up_by_their_roles() {
    let folder = tempfile::tempdir().unwrap();
    let accounts = ["444455556666", "777788889999"];
    let config: Vec<String> = accounts
        .iter()
        .map(|account| format!("[[account]]\nrole-arn = \"arn:aws:iam::{account}:role/auditor\"\n"))
        .collect();
    std::fs::write(folder.path().join("cognito-lint.toml"), config.concat()).unwrap();
    let ids = ["us-east-1_one", "us-east-1_two"];
    let plan = |state: &str| {
        accounts.iter().zip(ids).fold(Plan::new(), |plan, (account, id)| {
            let mut pool = pool_in(account, id);
            pool["DeletionProtection"] = json!(state);
            plan.pool(pool)
        })
    };
    take(plan("INACTIVE"), folder.path(), 48 * HOUR);
    let records = accounts.iter().zip(ids).zip(["dana", "erin"]).enumerate();
    let records = records.map(|(number, ((account, id), user))| {
        let request = json!({"userPoolId": id, "deletionProtection": "ACTIVE"});
        let mut record = record(number, "UpdateUserPool", 30 * HOUR, user, &request);
        record["recipientAccountId"] = json!(account);
        record["userIdentity"]["accountId"] = json!(account);
        record
    });
    let fake = Fake::start(plan("ACTIVE").records(records));
    let (report, code) = compare(&fake, folder.path(), &["--who"]);
    let sure = |who: &str| ("DeletionProtection".to_owned(), "sure".to_owned(), vec![who.to_owned()]);
    assert_eq!((callers(&report), code), (vec![sure("user dana"), sure("user erin")], Some(1)), "{report}");
    let asked: Vec<String> = fake
        .requests()
        .into_iter()
        .filter(|call| call.service == "cloudtrail")
        .map(|call| call.account)
        .collect();
    let mut sorted = asked.clone();
    sorted.sort();
    assert_eq!(sorted, accounts, "{asked:?}");
}

/// A signal during the look-ups ends the run with the comparison, and with the callers that are known.
#[test]
#[cfg(unix)]
fn an_interrupted_look_up_leaves_what_is_known() {
    let folder = tempfile::tempdir().unwrap();
    let with_mfa = |state: &str| {
        let mut pool = pool(A);
        pool["MfaConfiguration"] = json!(state);
        pool["MfaConfig"] = json!({"MfaConfiguration": state});
        pool
    };
    take(Plan::new().pool(with_mfa("ON")), folder.path(), 48 * HOUR);
    let request = json!({"userPoolId": A, "mfaConfiguration": "OFF"});
    for (arguments, signal, code) in [
        (&["drift", "pools.ndjson", "--who", "--report", "compact"][..], "-INT", 130),
        (&["check", "--since", "pools.ndjson", "--who", "--report", "compact"][..], "-TERM", 143),
    ] {
        // The names are looked up in their order: the first is answered, and the second hangs.
        let records = [record(1, "SetUserPoolMfaConfig", 30 * HOUR, "kim", &request)];
        let plan = Plan::new().pool(with_mfa("OFF")).records(records);
        let fake = Fake::start(plan.fault_after(1, On::Operation("LookupEvents"), Fault::Stall));
        let child = command(&fake, folder.path(), arguments).stdout(Stdio::piped()).spawn().unwrap();
        let start = Instant::now();
        while look_ups(&fake).len() < 2 {
            assert!(start.elapsed() < Duration::from_mins(1), "nothing was looked up");
            std::thread::sleep(Duration::from_millis(20));
        }
        let kill = Command::new("kill").args([signal, &child.id().to_string()]).status();
        assert!(kill.unwrap().success());
        let output = child.wait_with_output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(code), "{text}");
        assert!(text.contains("interrupted by SIG"), "{text}");
        assert!(text.contains("not all records were read: the look-up was interrupted"), "{text}");
    }
}
