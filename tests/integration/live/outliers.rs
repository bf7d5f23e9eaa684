//! Live pools unlike their siblings.

use serde_json::{Value, json};

use super::snapshots::run;
use crate::fake::{Fake, Fault, On, Plan, pool};

/// The pools of two Regions: all but one of the first have MFA.
fn plan() -> Plan {
    (0..12).fold(Plan::new(), |plan, number| {
        let region = if number < 6 { "us-east-1" } else { "eu-west-1" };
        let mut pool = pool(&format!("{region}_pool{number}"));
        let mode = if number == 3 { "OFF" } else { "ON" };
        pool["MfaConfiguration"] = json!(mode);
        pool["MfaConfig"] =
            json!({"MfaConfiguration": mode, "SoftwareTokenMfaConfiguration": {"Enabled": true}});
        plan.pool(pool)
    })
}

fn outliers(fake: &Fake, arguments: &[&str]) -> (Value, Option<i32>) {
    let folder = tempfile::tempdir().unwrap();
    let outliers = [&["outliers", "--report", "json"], arguments].concat();
    let output = run(fake, folder.path(), &outliers);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{output:?}"));
    let schema: Value = serde_json::from_str(cognito_lint::report::OUTLIERS_SCHEMA).unwrap();
    assert!(jsonschema::is_valid(&schema, &report), "{report}");
    (report, output.status.code())
}

/// The paths, each with the names of the pools that differ there.
fn places(report: &Value) -> Vec<(&str, Vec<&str>)> {
    let mut all = Vec::new();
    for place in report["places"].as_array().unwrap() {
        let outliers = place["outliers"].as_array().unwrap().iter();
        let names = outliers.map(|outlier| outlier["pool"]["name"].as_str().unwrap()).collect();
        all.push((place["path"].as_str().unwrap(), names));
    }
    all
}

/// The comparison goes through the pools several times, and AWS is asked once for each.
#[test]
fn live_pools_are_read_once_and_the_outlier_is_found() {
    let fake = Fake::start(plan());
    let live = ["--region", "us-east-1", "--region", "eu-west-1", "--by", "region"];
    let (report, code) = outliers(&fake, &live);
    assert_eq!((places(&report), code), (vec![("MfaConfiguration", vec!["pool3"])], Some(0)), "{report}");
    assert_eq!(
        (&report["summary"]["pools"], &report["summary"]["groups"]),
        (&json!(12), &json!(2)),
        "{report}"
    );
    let described = fake.requests().into_iter().filter(|call| call.operation == "DescribeUserPool");
    assert_eq!(described.count(), 12);
}

/// A pool that is not read is missing from its group, and the run is incomplete.
#[test]
fn a_live_pool_that_is_not_read_is_reported() {
    let denied = Fault::Error("AccessDeniedException");
    let fake = Fake::start(plan().fault(On::Pool("us-east-1_pool0"), denied));
    let (report, code) = outliers(&fake, &["--region", "us-east-1"]);
    assert_eq!((places(&report), code), (vec![("MfaConfiguration", vec!["pool3"])], Some(3)), "{report}");
    let unread = report["unread"].as_array().unwrap();
    assert!(unread.iter().any(|one| one["target"].as_str().unwrap().contains("pool0")), "{report}");
    assert_eq!(report["summary"]["pools"], 5);
}
