//! Replicas and terms of a template are parts of its pool, as they are of a live one.

use cognito_lint::diagnostic::SourceFile;
use cognito_lint::evaluate::verdict;
use cognito_lint::pool::{Pool, Projection};
use cognito_lint::rule::{Verdict, assemble, written};
use cognito_lint::source::{self, Chunk};

const TEMPLATE: &str = r#"
Resources:
  Pool:
    Type: AWS::Cognito::UserPool
    Properties: { UserPoolName: shop }
  Replica:
    Type: AWS::Cognito::UserPoolReplica
    Properties: { UserPoolId: !Ref Pool, RegionName: eu-central-1, UserPoolTagsAtCreate: { owner: sign-in } }
  Terms:
    Type: AWS::Cognito::Terms
    Properties:
      UserPoolId: !Ref Pool
      TermsName: terms-of-use
      TermsSource: LINK
      Enforcement: NONE
      Links: { "cognito:default": "https://example.com/terms" }
"#;

fn pool() -> Pool {
    let chunk = Chunk { bytes: TEMPLATE.as_bytes().to_vec(), first_line: 1, ..Chunk::default() };
    let (mut pools, unread, notes) = source::read(&chunk, &Projection::everything()).first();
    assert!(unread.is_empty() && notes.is_empty(), "{unread:?} {notes:?}");
    pools.remove(0)
}

#[track_caller]
fn expect(wanted: Verdict, predicate: &str) {
    let mut mistakes = Vec::new();
    let text = format!("[[rule]]\nid = \"own\"\nexpect = {predicate}\n");
    let rules = written::read(&SourceFile::new("own.toml", text), &mut mistakes);
    let rule = std::sync::Arc::new(assemble::alone(&rules[0], &mut mistakes).unwrap());
    assert!(mistakes.is_empty(), "{}", mistakes[0]);
    assert_eq!(verdict(&rule, &pool(), 0), wanted, "{predicate}");
}

#[test]
fn replicas_and_terms_of_a_template_are_judged() {
    let region = |name: &str| {
        format!(r#"{{ every = "Replicas", expect = {{ path = "RegionName", equals = "{name}" }} }}"#)
    };
    expect(Verdict::Pass, &region("eu-central-1"));
    expect(Verdict::Fail, &region("eu-west-1"));
    expect(Verdict::Fail, r#"{ path = "Replicas", length-at-most = 0 }"#);
    expect(Verdict::Pass, r#"{ some = "Terms", expect = { path = "TermsName", equals = "terms-of-use" } }"#);
    expect(
        Verdict::Fail,
        r#"{ every = "Terms", expect = { path = "TermsName", equals = "privacy-policy" } }"#,
    );
}

/// The service sets them when it makes the replica.
#[test]
fn the_state_of_a_replica_is_not_known_before_it_is_there() {
    for member in ["Status", "Role"] {
        let value = if member == "Role" { "SECONDARY" } else { "ACTIVE" };
        expect(
            Verdict::Unknown,
            &format!(r#"{{ every = "Replicas", expect = {{ path = "{member}", equals = "{value}" }} }}"#),
        );
    }
}
