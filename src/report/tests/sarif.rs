//! SARIF for GitHub: addresses, limits of rules, and fingerprints.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::Value as Json;

use super::everything::everything;
use super::fixture::Fixture;
use super::machine::{hostile, json};
use crate::finding::{Acceptance, Location, Status};
use crate::report::Format;
use crate::rule::{Rule, Severity};
use crate::value::Value;

fn results(log: &Json) -> Vec<&Json> {
    let runs = log["runs"].as_array().unwrap();
    runs.iter().flat_map(|run| run["results"].as_array().unwrap()).collect()
}

fn uri(result: &Json) -> &str {
    result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_str().unwrap()
}

/// GitHub refuses an upload whose absolute addresses have several schemes.
#[test]
fn addresses_are_relative_or_of_files() {
    for (file, wanted) in [
        ("infra/template.yaml", "infra/template.yaml"),
        ("./plan.json", "plan.json"),
        ("a b#1%.json", "a%20b%231%25.json"),
        ("k\u{fc}che/pool.json", "k%C3%BCche/pool.json"),
        ("/srv/pool.json", "file:///srv/pool.json"),
        ("C:\\audit\\pool.json", "file:///C:/audit/pool.json"),
        (
            "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/x",
            "arn%3Aaws%3Acognito-idp%3Aeu-west-1%3A111122223333%3Auserpool/x",
        ),
        ("https://example.com/pool.json", "https%3A//example.com/pool.json"),
    ] {
        let mut fixture = everything();
        fixture.evaluation.findings.truncate(6);
        let mut of = fixture.evaluation.findings[5].clone();
        of.location = Some(Location { file: file.into(), line: 1, column: 1 });
        fixture.evaluation.findings = vec![of];
        let log = json(Format::Sarif, &fixture);
        assert!(results(&log).iter().any(|one| uri(one) == wanted), "{file}: {log}");
    }
    for fixture in [everything(), hostile()] {
        let log = json(Format::Sarif, &fixture);
        let colon = |uri: &&str| uri.contains(':') && !uri.starts_with("file:///");
        let strange: Vec<&str> = results(&log).into_iter().map(uri).filter(colon).collect();
        assert!(strange.is_empty(), "{strange:?}");
    }
}

fn with_rule(change: impl Fn(&Rule) -> Rule) -> Fixture {
    let mut fixture = everything();
    let rules = fixture.policy.rules.iter().map(|rule| Arc::new(change(rule)));
    fixture.policy.rules = rules.collect();
    fixture
}

fn rules(log: &Json) -> &Vec<Json> {
    log["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap()
}

#[test]
fn rules_are_within_the_limits_and_have_no_empty_text() {
    let bare = |rule: &Rule| Rule {
        why: String::new(),
        fix: String::new(),
        console: String::new(),
        api: String::new(),
        links: Vec::new(),
        tags: (0..30).map(|tag| format!("tag-{tag}")).collect(),
        ..rule.clone()
    };
    let log = json(Format::Sarif, &with_rule(bare));
    let of_policy: Vec<&Json> = rules(&log).iter().filter(|rule| rule["id"] != "could-not-be-read").collect();
    assert_eq!(
        of_policy.len(),
        everything().policy.rules.len(),
        "every rule that was judged, not only those that fired"
    );
    for rule in of_policy {
        let tags: BTreeSet<&str> =
            rule["properties"]["tags"].as_array().unwrap().iter().map(|tag| tag.as_str().unwrap()).collect();
        assert!(tags.len() == 10 && tags.contains("security"), "{rule}");
        for text in [
            &rule["shortDescription"]["text"],
            &rule["fullDescription"]["text"],
            &rule["help"]["text"],
            &rule["help"]["markdown"],
        ] {
            assert!(!text.as_str().unwrap().is_empty(), "{rule}");
        }
        assert!(rule.get("helpUri").is_none(), "{rule}");
    }
}

/// A number as text, per rule, on GitHub's scale; an info finding has none.
#[test]
fn severities_are_those_of_security_alerts() {
    for (severity, wanted, level) in [
        (Severity::Critical, Some("9.5"), "error"),
        (Severity::High, Some("8.0"), "error"),
        (Severity::Medium, Some("5.5"), "warning"),
        (Severity::Low, Some("2.0"), "note"),
        (Severity::Info, None, "note"),
    ] {
        let log = json(Format::Sarif, &with_rule(|rule| Rule { severity, ..rule.clone() }));
        for rule in rules(&log).iter().filter(|rule| rule["id"] != "could-not-be-read") {
            assert_eq!(rule["properties"]["security-severity"].as_str(), wanted, "{rule}");
            assert_eq!(rule["defaultConfiguration"]["level"], level, "{rule}");
        }
    }
}

/// An alert of a live pool is the same as long as its rule, pool and path are.
#[test]
fn fingerprints_hold_neither_value_nor_message() {
    let before = everything();
    let mut after = everything();
    for finding in &mut after.evaluation.findings {
        finding.message = "other words".into();
        finding.actual = Some(Value::Int(7));
        finding.expected = "something else".into();
    }
    let prints = |fixture: &Fixture| -> Vec<Json> {
        results(&json(Format::Sarif, fixture)).iter().map(|one| one["partialFingerprints"].clone()).collect()
    };
    assert_eq!(prints(&before), prints(&after));
}

#[test]
fn waived_findings_are_suppressed_or_left_out() {
    let suppressed = |fixture: &Fixture| -> Vec<Json> {
        let log = json(Format::Sarif, fixture);
        results(&log).into_iter().filter_map(|one| one.get("suppressions").cloned()).collect()
    };
    for (in_source, kind) in [(false, "external"), (true, "inSource")] {
        let mut fixture = everything();
        for finding in &mut fixture.evaluation.findings {
            if let Status::Waived(acceptance) = &mut finding.standing.status {
                *acceptance = Arc::new(Acceptance { in_source, ..(**acceptance).clone() });
            }
        }
        let [one] = &suppressed(&fixture)[..] else { panic!("one result is suppressed") };
        let one = &one[0];
        assert_eq!((&one["kind"], &one["status"]), (&kind.into(), &"accepted".into()));
        assert!(
            one["justification"].as_str().unwrap().contains("Staff sign in with a second factor."),
            "{one}"
        );
    }
}
