//! Nights over live pools: which pools are gone, and which could not be read, by account, Region and id.

use std::fs;
use std::path::Path;
use std::process::Output;

use cognito_lint::source::ListedRegion;
use serde_json::{Value, json};

use super::snapshots::run;
use super::{A, B, EU, run_for};
use crate::fake::{ACCOUNT, Fake, Fault, On, Plan, pool_in};

const ONE: &str = "444455556666";
const TWO: &str = "777788889999";

/// Two accounts whose names look like an id, with a role in each.
const ACCOUNTS: &str = r#"
[aws]
regions = ["us-east-1"]
[[account]]
name = "shop_eu"
role-arn = "arn:aws:iam::444455556666:role/auditor"
[[account]]
name = "us-east-1_shop"
role-arn = "arn:aws:iam::777788889999:role/auditor"
"#;

/// A folder with a configuration of its own.
fn folder(config: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("cognito-lint.toml"), config).unwrap();
    folder
}

fn lint(plan: Plan, folder: &Path, arguments: &[&str]) -> Output {
    run(&Fake::start(plan), folder, arguments)
}

/// One night: its report, which the next night compares with.
fn night(plan: Plan, folder: &Path, day: &str, options: &[&str]) -> Value {
    let report = format!("json=reports/{day}.json");
    let check =
        ["check", "--rules", "mfa-off", "--since", "reports", "--today", day, "-q", "--report", &report];
    let output = lint(plan, folder, &[&check, options].concat());
    let path = folder.join(format!("reports/{day}.json"));
    serde_json::from_str(&fs::read_to_string(path).unwrap_or_else(|_| panic!("{output:?}"))).unwrap()
}

/// The ids of the pools in a list of a report.
fn ids(report: &Value, list: &str) -> Vec<String> {
    let pools = report[list].as_array().cloned().unwrap_or_default();
    pools.iter().map(|one| one["pool"].as_str().unwrap().rsplit('/').next().unwrap().to_owned()).collect()
}

#[test]
fn the_last_pool_of_a_region_ends_and_is_pruned() {
    let regions: &[&str] = &["--region", "us-east-1", "--region", "eu-west-1"];
    let folder = folder("");
    let folder = folder.path();
    night(Plan::new().pools([A, EU]), folder, "2026-11-21", regions);
    let write = [&["baseline", "write", "--rules", "mfa-off", "-o", "known.toml"], regions].concat();
    assert_eq!(lint(Plan::new().pools([A, EU]), folder, &write).status.code(), Some(0));
    // A list that was denied shows nothing.
    let denied = Plan::new().pools([A]).fault(On::Region("eu-west-1"), Fault::Error("AccessDeniedException"));
    let report = night(denied, folder, "2026-11-22", regions);
    assert_eq!((ids(&report, "ended"), ids(&report, "unvisited")), (vec![], vec![EU.to_owned()]));
    assert_eq!(report["listed"], json!([{ "account": ACCOUNT, "region": "us-east-1" }]));
    // A pool that could not be read in another Region leaves no doubt about this one.
    let elsewhere = Plan::new().pools([A, B]).fault(On::Pool(B), Fault::Error("AccessDeniedException"));
    let report = night(elsewhere, folder, "2026-11-23", regions);
    assert_eq!((ids(&report, "ended"), ids(&report, "unvisited")), (vec![EU.to_owned()], vec![]));
    let prune = [&["baseline", "prune", "--rules", "mfa-off", "--baseline", "known.toml"], regions].concat();
    assert_eq!(lint(Plan::new().pools([A]), folder, &prune).status.code(), Some(0));
    let left = fs::read_to_string(folder.join("known.toml")).unwrap();
    assert!(left.contains(A) && !left.contains(EU), "{left}");
}

/// Without any pool no answer names the account, so STS is asked.
#[test]
fn the_last_pool_of_all_ends() {
    let folder = folder("");
    night(Plan::new().pools([A]), folder.path(), "2026-11-21", &["--region", "us-east-1"]);
    let report = night(Plan::new(), folder.path(), "2026-11-22", &["--region", "us-east-1", "--allow-empty"]);
    assert_eq!((ids(&report, "ended"), &report["exit_code"]), (vec![A.to_owned()], &json!(0)), "{report}");
    // A filter on the list says nothing of other pools.
    let delivered = run_for(&Fake::start(Plan::new().pools([A])), &["a*"], &["us-east-1"]);
    assert_eq!(delivered.whole, []);
    let delivered = run_for(&Fake::start(Plan::new().pools([A])), &[], &["us-east-1"]);
    let region = ListedRegion { account: ACCOUNT.to_owned(), region: "us-east-1".to_owned() };
    assert_eq!(delivered.whole, [region]);
}

/// One pool of the same id in each of two accounts.
fn two_accounts() -> Plan {
    Plan::new().pool(pool_in(ONE, A)).pool(pool_in(TWO, B))
}

#[test]
fn accounts_are_told_apart_by_their_number_and_not_by_their_name() {
    let folder = folder(ACCOUNTS);
    let folder = folder.path();
    let report = night(two_accounts(), folder, "2026-11-21", &[]);
    let roles = [ONE, TWO].map(|account| format!("arn:aws:iam::{account}:role/auditor"));
    assert_eq!(report["roles"], json!(roles), "the roles that read the pools");
    // The role of the first account is refused, and the pool of the second is gone.
    let refused =
        Plan::new().pool(pool_in(ONE, A)).fault(On::Role(ONE), Fault::Error("AccessDeniedException"));
    let report = night(refused.clone(), folder, "2026-11-22", &[]);
    assert_eq!(ids(&report, "ended"), [B], "{report}");
    assert_eq!(ids(&report, "unvisited"), [A]);
    assert_eq!((&report["unread"][0]["account"], &report["unread"][0]["pool"]), (&json!(ONE), &Value::Null));
    // The other way round.
    let report = night(two_accounts(), folder, "2026-11-23", &[]);
    assert_eq!((ids(&report, "ended"), ids(&report, "unvisited")), (vec![], vec![]));
    let refused = two_accounts().fault(On::Role(TWO), Fault::Error("AccessDeniedException"));
    let report = night(refused, folder, "2026-11-24", &[]);
    assert_eq!((ids(&report, "ended"), ids(&report, "unvisited")), (vec![], vec![B.to_owned()]));
}

/// Path and id of everything that drifted, and the exit code.
fn drift(plan: Plan, folder: &Path) -> (Vec<String>, usize, Option<i32>) {
    let output = lint(plan, folder, &["drift", "pools.ndjson", "--report", "json"]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{output:?}"));
    let pools = report["pools"].as_array().unwrap().iter();
    let drifted = pools.filter(|pool| pool["changes"].as_array().is_some_and(|all| !all.is_empty()));
    let id = |pool: &Value| {
        let side = if pool["current"].is_null() { "recorded" } else { "current" };
        pool[side]["id"].as_str().unwrap().to_owned()
    };
    (drifted.map(id).collect(), report["unread"].as_array().unwrap().len(), output.status.code())
}

#[test]
fn drift_over_accounts_calls_removed_what_is_gone_and_nothing_else() {
    let folder = folder(ACCOUNTS);
    let folder = folder.path();
    let taken = lint(two_accounts(), folder, &["snapshot", "-o", "pools.ndjson"]);
    assert_eq!(taken.status.code(), Some(0), "{taken:?}");
    assert_eq!(drift(two_accounts(), folder), (vec![], 0, Some(0)));
    let denied = Fault::Error("AccessDeniedException");
    for fault in [On::Role(ONE), On::Account(ONE), On::Pool(A)] {
        let found = drift(two_accounts().fault(fault.clone(), denied.clone()), folder);
        assert_eq!(found, (vec![], 1, Some(3)), "{fault:?}");
    }
    let gone = Plan::new().pool(pool_in(ONE, A));
    assert_eq!(drift(gone.clone(), folder), (vec![B.to_owned()], 0, Some(1)));
    assert_eq!(drift(gone.fault(On::Role(ONE), denied.clone()), folder), (vec![B.to_owned()], 1, Some(3)));
    // A pool that could not be recorded was not added.
    let taken =
        lint(two_accounts().fault(On::Role(ONE), denied), folder, &["snapshot", "-o", "pools.ndjson"]);
    assert_eq!(taken.status.code(), Some(3));
    let (drifted, ..) = drift(two_accounts(), folder);
    assert_eq!(drifted, Vec::<String>::new());
}
