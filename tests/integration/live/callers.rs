//! Who changed live pools, by look-ups in CloudTrail.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use cognito_lint::report::DRIFT_SCHEMA;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

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

/// Takes a snapshot of the pools, read some seconds before now.
fn take(plan: Plan, folder: &Path, age: i64) {
    take_slowly(plan, folder, age, age);
}

/// Takes a snapshot of the pools, which were read from when until when: both in seconds before now.
fn take_slowly(plan: Plan, folder: &Path, from: i64, until: i64) {
    let taken = run(&Fake::start(plan), folder, &["snapshot", "-o", "pools.ndjson"]);
    assert_eq!(taken.status.code(), Some(0), "{taken:?}");
    let (from, until) = (moment(now() - from), moment(now() - until));
    change_header(&folder.join("pools.ndjson"), |header| {
        header["made"] = json!(until);
        header["read"] = json!({"from": from, "until": until});
    });
}

/// Changes the first line of a snapshot, and its checksum.
fn change_header(file: &Path, change: impl FnOnce(&mut Value)) {
    let text = std::fs::read_to_string(file).unwrap();
    let (header, lines) = text.split_once('\n').unwrap();
    let mut header: Value = serde_json::from_str(header).unwrap();
    header.as_object_mut().unwrap().shift_remove("header-sha256");
    change(&mut header);
    header["header-sha256"] = json!(sha256(header.to_string().as_bytes()));
    std::fs::write(file, format!("{header}\n{lines}")).unwrap();
}

fn sha256(bytes: &[u8]) -> String {
    let digits: Vec<String> = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    digits.concat()
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

/// A pool, the same with protection against deletion, and the request that turns it on.
fn protected() -> (Value, Value, Value) {
    let mut before = pool(A);
    before["DeletionProtection"] = json!("INACTIVE");
    let mut after = before.clone();
    after["DeletionProtection"] = json!("ACTIVE");
    (before, after, json!({"userPoolId": A, "deletionProtection": "ACTIVE"}))
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

/// A call while pools were read may have come before or after the read, so that no later call is certain.
#[test]
fn a_call_during_a_long_read_makes_no_other_certain() {
    let folder = tempfile::tempdir().unwrap();
    let with = |length: i64, state: &str| {
        let mut pool = pool(A);
        pool["DeletionProtection"] = json!(state);
        pool["Policies"] = json!({"PasswordPolicy": {"MinimumLength": length}});
        pool
    };
    let protect = |number: usize, ago: i64, user: &str, state: &str| {
        record(number, "UpdateUserPool", ago, user, &json!({"userPoolId": A, "deletionProtection": state}))
    };
    // It took an hour. The first call came while it was read, and after the pool itself was.
    take_slowly(Plan::new().pool(with(8, "INACTIVE")), folder.path(), 48 * HOUR, 47 * HOUR);
    let records = [protect(1, 47 * HOUR + 1800, "dana", "ACTIVE"), protect(2, 30 * HOUR, "erin", "ACTIVE")];
    let fake = Fake::start(Plan::new().pool(with(8, "ACTIVE")).records(records));
    let (report, _) = compare(&fake, folder.path(), &["--who"]);
    let sure = ("DeletionProtection".to_owned(), "sure".to_owned(), vec!["user dana".to_owned()]);
    assert_eq!(callers(&report), [sure], "{report}");
    // The current pools are read while calls go on: each of these may have come after the read.
    take(Plan::new().pool(with(8, "INACTIVE")), folder.path(), 48 * HOUR);
    std::fs::rename(folder.path().join("pools.ndjson"), folder.path().join("evening.ndjson")).unwrap();
    take_slowly(Plan::new().pool(with(8, "ACTIVE")), folder.path(), 26 * HOUR, 24 * HOUR);
    let records = [
        protect(1, 40 * HOUR, "dana", "ACTIVE"),
        protect(2, 25 * HOUR + 900, "erin", "INACTIVE"),
        protect(3, 25 * HOUR, "kim", "ACTIVE"),
        record(4, "InitiateAuth", 60 * HOUR, "", &json!({"clientId": "web"})),
        record(5, "InitiateAuth", 20 * HOUR, "", &json!({"clientId": "web"})),
    ];
    std::fs::write(folder.path().join("log.json"), json!({"Records": records}).to_string()).unwrap();
    let files = ["drift", "evening.ndjson", "pools.ndjson", "--report", "json", "--trail", "log.json"];
    let output = run(&fake, folder.path(), &files);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{output:?}"));
    let [(_, status, who)] = &callers(&report)[..] else { panic!("{report}") };
    assert_eq!(
        (status.as_str(), &who[..2]),
        ("candidates", &["user kim", "user dana"].map(str::to_owned)[..])
    );
}

/// The date of a snapshot that was written again from an earlier one, or from saved answers, is not that of the read.
#[test]
fn a_snapshot_that_is_written_again_is_not_newer() {
    let folder = tempfile::tempdir().unwrap();
    let (before, after, request) = protected();
    let records = [
        record(1, "UpdateUserPool", 40 * HOUR, "dana", &request),
        record(2, "UpdateUserPool", 30 * HOUR, "erin", &request),
    ];
    let fake = Fake::start(Plan::new().pool(after).records(records));
    take(Plan::new().pool(before.clone()), folder.path(), 48 * HOUR);
    let again = run(&fake, folder.path(), &["snapshot", "pools.ndjson", "-o", "again.ndjson"]);
    assert_eq!(again.status.code(), Some(0), "{again:?}");
    let age = |header: &mut Value| header["made"] = json!(moment(now() - 35 * HOUR));
    change_header(&folder.path().join("again.ndjson"), age);
    std::fs::rename(folder.path().join("again.ndjson"), folder.path().join("pools.ndjson")).unwrap();
    let (report, _) = compare(&fake, folder.path(), &["--who"]);
    let who = |status: &str, who: &[&str]| {
        let who = who.iter().map(|who| (*who).to_owned()).collect();
        vec![("DeletionProtection".to_owned(), status.to_owned(), who)]
    };
    assert_eq!(callers(&report), who("sure", &["user dana"]), "{report}");
    // Nobody knows when saved answers were read, and a snapshot of them does not say it.
    std::fs::write(folder.path().join("saved.json"), json!({"UserPool": before}).to_string()).unwrap();
    let of_saved = run(&fake, folder.path(), &["snapshot", "saved.json", "-o", "pools.ndjson"]);
    assert_eq!(of_saved.status.code(), Some(0), "{of_saved:?}");
    let age = |header: &mut Value| {
        header["made"] = json!(moment(now() - 35 * HOUR));
        header["read"] = json!({"until": header["made"]});
    };
    change_header(&folder.path().join("pools.ndjson"), age);
    let (report, _) = compare(&fake, folder.path(), &["--who"]);
    assert_eq!(callers(&report), who("candidates", &["user dana", "no-time"]), "{report}");
    // The first snapshots have no more than a date.
    let old = |header: &mut Value| _ = header.as_object_mut().unwrap().shift_remove("read");
    change_header(&folder.path().join("pools.ndjson"), old);
    let (report, _) = compare(&fake, folder.path(), &["--who"]);
    assert_eq!(callers(&report), who("candidates", &["user dana", "no-time"]), "{report}");
}

/// The clocks of this machine and of AWS differ a little, so that a call near the end of a window may be outside.
#[test]
fn a_clock_that_is_off_makes_no_caller_certain() {
    let folder = tempfile::tempdir().unwrap();
    let (before, after, request) = protected();
    // A clock that is four minutes ahead dates the read after a call that came when the pool had been read.
    take(Plan::new().pool(before), folder.path(), 48 * HOUR);
    let records = [
        record(1, "UpdateUserPool", 48 * HOUR + 240, "dana", &request),
        record(2, "UpdateUserPool", 30 * HOUR, "erin", &request),
    ];
    let fake = Fake::start(Plan::new().pool(after).records(records));
    let (report, _) = compare(&fake, folder.path(), &["--who"]);
    let sure = ("DeletionProtection".to_owned(), "sure".to_owned(), vec!["user dana".to_owned()]);
    assert_eq!(callers(&report), [sure], "{report}");
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

/// Nobody changed a section that the snapshot lacks: the finding may be older.
#[test]
fn a_section_that_was_not_recorded_was_changed_by_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let rules = "[[rule]]\nid = \"groups-without-mfa\"\nwhen = { path = \"MfaConfiguration\", equals = \"OFF\" }\n\
                 expect = { path = \"Groups\", length-at-most = 0 }\n\
                 [[rule]]\nid = \"groups\"\nexpect = { path = \"Groups\", length-at-most = 0 }\n";
    std::fs::write(folder.path().join("rules.toml"), rules).unwrap();
    let with = |mode: &str| {
        let mut pool = pool(A);
        pool["MfaConfiguration"] = json!(mode);
        pool["MfaConfig"] = json!({"MfaConfiguration": mode});
        pool["Groups"] = json!([{"GroupName": "staff", "UserPoolId": A}]);
        pool
    };
    let denied = Fault::Error("AccessDeniedException");
    let plan = Plan::new().pool(with("ON")).fault(On::Operation("ListGroups"), denied);
    let taken = run(&Fake::start(plan), folder.path(), &["snapshot", "-o", "pools.ndjson"]);
    assert_eq!(taken.status.code(), Some(3), "{taken:?}");
    let then = moment(now() - 48 * HOUR);
    change_header(&folder.path().join("pools.ndjson"), |header| {
        header["read"] = json!({"from": then, "until": then});
    });
    let request = json!({"userPoolId": A, "mfaConfiguration": "OFF"});
    let group = json!({"userPoolId": A, "groupName": "staff"});
    let records = [
        record(1, "SetUserPoolMfaConfig", 30 * HOUR, "dana", &request),
        record(2, "UpdateGroup", 20 * HOUR, "erin", &group),
    ];
    let fake = Fake::start(Plan::new().pool(with("OFF")).records(records));
    let check = ["check", "--rules", "rules.toml", "--since", "pools.ndjson", "--who", "--report", "json"];
    let output = run(&fake, folder.path(), &check);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{output:?}"));
    let of = |rule: &str| {
        let findings = report["findings"].as_array().unwrap();
        findings.iter().find(|finding| finding["rule"] == rule).unwrap()["changes"].clone()
    };
    assert_eq!(of("groups"), json!([]), "{report}");
    let by = &of("groups-without-mfa")[0]["changed_by"];
    assert_eq!(
        (&by["status"], &by["reasons"][0]["code"]),
        (&json!("candidates"), &json!("section-not-recorded"))
    );
    let (drift, _) = compare(&fake, folder.path(), &["--who"]);
    let sure = ("MfaConfiguration".to_owned(), "sure".to_owned(), vec!["user dana".to_owned()]);
    assert_eq!(callers(&drift), [sure], "{drift}");
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

/// Accounts of several profiles and Regions are looked up by their own credentials, once each for every name, and a role
/// is assumed once.
#[test]
fn callers_are_looked_up_once_in_each_region_with_the_credentials_of_the_account() {
    let folder = tempfile::tempdir().unwrap();
    let accounts = ["444455556666", "777788889999"];
    let config = "[aws]\nregions = [\"us-east-1\", \"eu-west-1\"]\n[[account]]\nprofile = \"first\"\n\
                  [[account]]\nprofile = \"second\"\nrole-arn = \"arn:aws:iam::777788889999:role/auditor\"\n";
    std::fs::write(folder.path().join("cognito-lint.toml"), config).unwrap();
    let profile = |name: &str, key: &str| {
        format!("[{name}]\naws_access_key_id = {key}\naws_secret_access_key = secret\n")
    };
    let profiles = profile("first", "ASIA444455556666") + &profile("second", "AKIDEXAMPLE");
    std::fs::write(folder.path().join("credentials"), profiles).unwrap();
    let regions = ["us-east-1", "eu-west-1"];
    let places: Vec<(&str, &str)> =
        accounts.iter().flat_map(|account| regions.map(|region| (*account, region))).collect();
    let id = |region: &str, number: usize| format!("{region}_{number}");
    let plan = |state: &str| {
        places.iter().flat_map(|place| [(place, 1), (place, 2)]).fold(
            Plan::new(),
            |plan, ((account, region), number)| {
                let mut pool = pool_in(account, &id(region, number));
                pool["DeletionProtection"] = json!(state);
                plan.pool(pool)
            },
        )
    };
    let with_profiles = |fake: &Fake, arguments: &[&str]| {
        let credentials = folder.path().join("credentials");
        command(fake, folder.path(), arguments)
            .env("AWS_SHARED_CREDENTIALS_FILE", credentials)
            .env_remove("AWS_ACCESS_KEY_ID")
            .output()
            .unwrap()
    };
    let taken = with_profiles(&Fake::start(plan("INACTIVE")), &["snapshot", "-o", "pools.ndjson"]);
    assert_eq!(taken.status.code(), Some(0), "{taken:?}");
    let then = moment(now() - 48 * HOUR);
    change_header(&folder.path().join("pools.ndjson"), |header| {
        header["read"] = json!({"from": then, "until": then});
    });
    let mut records = Vec::new();
    for (number, ((account, region), pool)) in
        places.iter().flat_map(|place| [(place, 1), (place, 2)]).enumerate()
    {
        let request = json!({"userPoolId": id(region, pool), "deletionProtection": "ACTIVE"});
        let user = format!("user-{account}-{region}-{pool}");
        let mut record = record(number, "UpdateUserPool", 30 * HOUR, &user, &request);
        record["recipientAccountId"] = json!(account);
        record["awsRegion"] = json!(region);
        record["userIdentity"]["accountId"] = json!(account);
        records.push(record);
    }
    let fake = Fake::start(plan("ACTIVE").records(records));
    let output = with_profiles(&fake, &["drift", "pools.ndjson", "--who", "--report", "json"]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{output:?}"));
    let mut who: Vec<String> = callers(&report)
        .into_iter()
        .map(|(path, status, who)| format!("{path} {status} {}", who.join(" and ")))
        .collect();
    who.sort();
    let mut expected: Vec<String> = places
        .iter()
        .flat_map(|(account, region)| [1, 2].map(|pool| format!("user-{account}-{region}-{pool}")))
        .map(|user| format!("DeletionProtection sure user {user}"))
        .collect();
    expected.sort();
    assert_eq!(who, expected, "{report}");
    let requests = fake.requests();
    let mut asked: Vec<(&str, &str)> = requests
        .iter()
        .filter(|call| call.operation == "LookupEvents")
        .map(|call| (call.account.as_str(), call.region.as_str()))
        .collect();
    asked.sort_unstable();
    let mut every = places.clone();
    every.sort_unstable();
    assert_eq!(asked, every);
    // Once to read the pools, and once to look up.
    assert_eq!(requests.iter().filter(|call| call.operation == "AssumeRole").count(), 2);
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
