//! Findings with everything that can be said of one, of a run that looked at a plan and at earlier reports too.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::decided::decided;
use super::fixture::Fixture;
use crate::finding::{
    Counted, Declaration, Disposition, Effect, Finding, Fixed, Place, Undone, Unvisited, fingerprint,
};
use crate::value::{Day, Value};

/// The findings on which something was decided, a finding with several places, and what a deploy does.
pub(super) fn everything() -> Fixture {
    let mut fixture = decided();
    let findings = &mut fixture.evaluation.findings;
    for finding in findings.iter_mut() {
        finding.excerpt = None;
    }
    let path = "Policies.PasswordPolicy.TemporaryPasswordValidityDays";
    findings[3].also = vec![Place {
        path: path.to_owned(),
        actual: Some(Value::Int(90)),
        fingerprint: fingerprint(&findings[3].rule.id, &findings[3].pool, path, None),
    }];
    findings[0].declaration = Some(Declaration {
        address: "aws_cognito_user_pool_client.web".to_owned(),
        construct: Some("App/Users/Web".to_owned()),
        name: Some("refresh_token_validity".to_owned()),
        fix: Some("refresh_token_validity = 30".to_owned()),
    });
    findings[0].standing.deploy = Some(Effect::Introduced);
    findings[1].standing.deploy = Some(Effect::Kept);
    let live = Arc::clone(&findings[0].pool);
    let removed = Finding { standing: Disposition::default(), also: Vec::new(), ..findings[2].clone() };
    fixture.evaluation.removed = vec![Finding { pool: Arc::clone(&live), location: None, ..removed }];
    fixture.evaluation.undone = vec![Undone {
        pool: live,
        path: "UserPoolTags.owner".to_owned(),
        before: Some(Value::String("platform".into())),
        live: Some(Value::String("some\u{202e}body".into())),
        after: None,
    }];
    let ended = fixture.evaluation.fixed[0].clone();
    fixture.evaluation.ended = vec![Fixed {
        pool: ended.pool.replace("AbCdEf123", "Gone\u{9b}1m"),
        title: "gone (eu-central-1_Gone\u{9b}1m)".to_owned(),
        ..ended
    }];
    fixture.evaluation.unvisited =
        vec![Unvisited { title: "later".to_owned(), pool: "later.json#later".to_owned(), findings: 3 }];
    let last = Day::parse("2026-02-28").unwrap();
    let (place, waiver) =
        ("cognito-lint.toml:20:11".to_owned(), "the waiver of `mfa-off` by team".to_owned());
    fixture.evaluation.counted = BTreeMap::from([
        (Counted::EntriesFixed { baseline: "baseline.toml".to_owned() }, 2),
        (Counted::CountAgain { place, waiver, last }, 1),
    ]);
    fixture
}
