//! Findings with everything that can be said of one, of a run that looked at a plan and at earlier reports too.

use std::sync::Arc;

use super::decided::decided;
use super::fixture::Fixture;
use crate::finding::{Declaration, Effect, Finding, Place, Standing, Undone, fingerprint};
use crate::value::Value;

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
    let removed = Finding { standing: Standing::default(), also: Vec::new(), ..findings[2].clone() };
    fixture.evaluation.removed = vec![Finding { pool: Arc::clone(&live), location: None, ..removed }];
    fixture.evaluation.undone = vec![Undone {
        pool: live,
        path: "UserPoolTags.owner".to_owned(),
        before: Some(Value::String("platform".into())),
        live: Some(Value::String("some\u{202e}body".into())),
        after: None,
    }];
    fixture
}
