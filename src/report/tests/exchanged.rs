//! Formats that other systems import: OCSF, ASFF and OSCAL.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::Value as Json;

use super::GOLDEN;
use super::everything::everything;
use super::fixture::Fixture;
use super::machine::{hostile, many};
use crate::report::{Format, left_out, write};
use crate::rule::Rule;

fn written(format: Format, fixture: &Fixture) -> String {
    let mut out = Vec::new();
    write(format, &fixture.report(), GOLDEN, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn events(fixture: &Fixture) -> Vec<Json> {
    serde_json::from_str(&written(Format::Ocsf, fixture)).unwrap()
}

fn requests(fixture: &Fixture) -> Vec<Json> {
    written(Format::Asff, fixture).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn ocsf_has_an_event_for_every_state() {
    for fixture in [everything(), hostile()] {
        let events = events(&fixture);
        let states: Vec<[u64; 4]> = events
            .iter()
            .map(|event| {
                let of = |name: &str| event[name].as_u64().unwrap();
                [
                    of("type_uid"),
                    of("status_id"),
                    event["compliance"]["status_id"].as_u64().unwrap(),
                    of("severity_id"),
                ]
            })
            .collect();
        let [create, update, close] = [200_301, 200_302, 200_303];
        let expected = [
            // Still there, new, known, waived, and still there; each fails.
            [update, 2, 3, 3],
            [create, 1, 3, 1],
            [create, 2, 3, 5],
            [create, 3, 3, 4],
            [update, 2, 3, 4],
            // Those of a template and of a plan.
            [create, 1, 3, 5],
            [create, 1, 3, 5],
            // Unknown, two reads, fixed, and gone with its pool.
            [create, 1, 2, 2],
            [create, 1, 2, 0],
            [create, 1, 2, 0],
            [close, 4, 1, 0],
            [close, 4, 0, 0],
            // Two verdicts that passed.
            [create, 4, 1, 1],
            [create, 4, 1, 1],
        ];
        assert_eq!(states, expected);
    }
    // The day of the report that had it first.
    assert_eq!(events(&everything())[0]["time"], 1_767_225_600_000_u64);
}

#[test]
fn asff_sends_each_account_its_own_findings_in_batches() {
    let mut fixture = many(250);
    let live = fixture.evaluation.pools.iter().find(|pool| pool.identity.account.is_some()).unwrap().clone();
    for (index, finding) in fixture.evaluation.findings.iter_mut().enumerate() {
        let mut pool = (*live).clone();
        pool.identity.account = Some(format!("11112222333{}", index % 2).into());
        finding.pool = Arc::new(pool);
    }
    let requests = requests(&fixture);
    for request in &requests {
        let findings = request["Findings"].as_array().unwrap();
        let accounts: BTreeSet<&str> =
            findings.iter().map(|one| one["AwsAccountId"].as_str().unwrap()).collect();
        assert!(findings.len() <= 100 && accounts.len() == 1, "{} {accounts:?}", findings.len());
    }
    // 125 in each account, and what is fixed, ended and unknown in the first one's own.
    assert!(requests.len() >= 4);
}

#[test]
fn asff_counts_what_it_has_no_place_for() {
    let fixture = everything();
    // Five findings of files, and a file that could not be read.
    assert_eq!(left_out(Format::Asff, &fixture.report()), 6);
    assert_eq!(left_out(Format::Ocsf, &fixture.report()), 0);
    let statuses: Vec<String> = requests(&fixture)
        .iter()
        .flat_map(|request| request["Findings"].as_array().unwrap())
        .map(|one| one["Compliance"]["Status"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(statuses, ["FAILED", "FAILED", "WARNING", "PASSED", "NOT_AVAILABLE", "NOT_AVAILABLE"]);
}

#[test]
fn asff_keeps_within_the_lengths_of_the_service() {
    let mut fixture = everything();
    for finding in &mut fixture.evaluation.findings {
        let long = "\u{20ac} ".repeat(4_000);
        finding.rule = Arc::new(Rule {
            title: long.clone(),
            why: long.clone(),
            fix: long.clone(),
            ..(*finding.rule).clone()
        });
        finding.message = long.into();
    }
    for request in requests(&fixture) {
        for finding in request["Findings"].as_array().unwrap() {
            let length = |name: &str| finding[name].as_str().unwrap().chars().count();
            assert!(length("Title") <= 256 && length("Description") <= 1_024 && length("Id") <= 512);
        }
    }
}

#[test]
fn oscal_says_nothing_is_satisfied_and_has_no_finding_for_unknown() {
    let mut fixture = everything();
    let results = |fixture: &Fixture| -> Json {
        let document: Json = serde_json::from_str(&written(Format::Oscal, fixture)).unwrap();
        document["assessment-results"]["results"][0].clone()
    };
    let before = results(&fixture);
    // Seven findings, an unknown verdict and two reads; the ids of the rules are of no catalogue.
    assert_eq!(before["observations"].as_array().unwrap().len(), 10);
    assert!(before.get("findings").is_none());
    for finding in &mut fixture.evaluation.findings {
        let controls = vec![("nist-800-53-r5".to_owned(), vec!["IA-5(1)".to_owned()])];
        finding.rule = Arc::new(Rule { controls, ..(*finding.rule).clone() });
    }
    fixture.policy.rules = fixture.evaluation.findings.iter().map(|finding| finding.rule.clone()).collect();
    let after = results(&fixture);
    let findings = after["findings"].as_array().unwrap();
    assert_eq!(findings.len(), 1);
    assert_eq!(findings[0]["target"]["target-id"], "ia-5.1_smt");
    assert_eq!(findings[0]["target"]["status"]["state"], "not-satisfied");
    // The waived and the known one are observations alone.
    assert_eq!(findings[0]["related-observations"].as_array().unwrap().len(), 5);
    let selected = &after["reviewed-controls"]["control-selections"][0]["include-controls"];
    assert_eq!(selected[0]["control-id"], "ia-5.1");
}
