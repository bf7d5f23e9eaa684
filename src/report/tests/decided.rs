//! Findings about which something was decided, in every format.

use std::sync::Arc;

use super::fixture::{Fixture, fixture};
use super::{GOLDEN, hold};
use crate::finding::{Acceptance, Change, Fixed, Status};
use crate::report::json::v1;
use crate::report::{Format, JSON_SCHEMA, sanitize, write};
use crate::value::Day;

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

/// One finding of each kind: lapsed, new, known, waived and still there.
pub(super) fn decided() -> Fixture {
    let mut fixture = fixture();
    let acceptance = |expires| {
        Arc::new(Acceptance {
            owner: "identity\u{1b}[2J team".to_owned(),
            reason: "Staff sign in with a second factor.\nCustomers\u{202e} may.".to_owned(),
            expires,
            place: "cognito-lint.toml:12:11".to_owned(),
            in_source: false,
        })
    };
    let [lapsed, new, known, accepted, still] = &mut fixture.evaluation.findings[..] else {
        panic!("five findings");
    };
    lapsed.standing.lapsed = Some(acceptance(Some(day("2026-03-31"))));
    lapsed.standing.change = Some(Change::Still(day("2026-01-01")));
    new.standing.change = Some(Change::New);
    known.standing.status = Status::Known;
    accepted.standing.status = Status::Waived(acceptance(None));
    still.standing.change = Some(Change::Still(day("2026-02-28")));
    fixture.evaluation.fixed = vec![Fixed {
        pool: "arn:aws:cognito-idp:eu-central-1:111122223333:userpool/eu-central-1_AbCdEf123".to_owned(),
        title: "customers (eu-central-1_AbCdEf123)".to_owned(),
        rule: "deletion-protection-inactive".to_owned(),
        path: "DeletionProtection".to_owned(),
        fingerprint: "0123456789abcdef0123456789abcdef".to_owned(),
        first_seen: day("2025-12-24"),
    }];
    fixture.evaluation.tally.count_accepted(&fixture.evaluation.findings);
    fixture
}

fn written(format: Format, fixture: &Fixture) -> String {
    let mut out = Vec::new();
    write(format, &fixture.report(), GOLDEN, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn what_was_decided_is_in_every_format() {
    let fixture = decided();
    for (format, name) in [(Format::Human, "decided.txt"), (Format::Compact, "decided-compact.txt")] {
        hold(name, written(format, &fixture).as_bytes());
    }
    for format in Format::ALL {
        let text = written(format, &fixture);
        assert!(!text.chars().any(|c| c != '\n' && sanitize::is_unsafe_on_terminal(c)), "{}", format.word());
    }
    let json: serde_json::Value = serde_json::from_str(&written(Format::Json, &fixture)).unwrap();
    let statuses: Vec<_> = json["findings"].as_array().unwrap().iter().map(|one| &one["status"]).collect();
    assert_eq!(statuses, ["open", "open", "known", "waived", "open"]);
    assert_eq!((&json["summary"]["waived"], &json["summary"]["known"]), (&1.into(), &1.into()));
    let schema = serde_json::from_str(JSON_SCHEMA).unwrap();
    let errors: Vec<_> =
        jsonschema::validator_for(&schema).unwrap().iter_errors(&json).map(|e| e.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
}

#[test]
fn what_was_decided_comes_back() {
    let fixture = decided();
    for format in [Format::Json, Format::Jsonl] {
        let recorded = v1::read(&written(format, &fixture)).unwrap();
        let (old, new) = (&fixture.evaluation, &recorded.evaluation);
        assert_eq!((&old.fixed, &old.tally), (&new.fixed, &new.tally));
        for (old, new) in old.findings.iter().zip(&new.findings) {
            assert_eq!(old.standing, new.standing, "{}", format.word());
        }
    }
}

#[test]
fn what_is_accepted_does_not_fail_a_run() {
    let mut fixture = decided();
    fixture.evaluation.unread.clear();
    fixture.evaluation.undecided.clear();
    fixture.evaluation.tally.unknown = 0;
    for finding in &mut fixture.evaluation.findings {
        finding.standing.status = Status::Known;
    }
    fixture.evaluation.tally.count_accepted(&fixture.evaluation.findings);
    assert_eq!(fixture.outcome().exit_code(), 0);
    let text = written(Format::Human, &fixture);
    let answer = text.lines().next().unwrap();
    assert!(
        answer.starts_with("2 pools meet policy but for 5 known findings (9 rules, 8 passed, 5 known"),
        "{answer}"
    );
    fixture.evaluation.findings[4].standing.status = Status::Open;
    fixture.evaluation.tally.count_accepted(&fixture.evaluation.findings);
    assert_eq!(fixture.outcome().exit_code(), 1);
}
