//! A value with two names is the same under both, whichever of them an input gives.

use cognito_lint::pool::{Pool, Scope, State, given, resolve};
use cognito_lint::schema::{Kind, Mirror, NodeId, Path, schema};
use cognito_lint::source::{Chunk, read};
use cognito_lint::value::Map;
use serde_json::{Value, json};

use crate::drift::{between, side};

fn path(id: NodeId) -> &'static str {
    &schema().node(id).path
}

/// A possible value of a member.
fn value(id: NodeId) -> Value {
    let node = schema().node(id);
    match node.kind {
        Kind::Integer => json!(3),
        Kind::Structure => json!({ "SnsRegion": "eu-west-1" }),
        _ => json!(node.values.last().map_or("Your code is {####}", |value| value.as_ref())),
    }
}

/// Sets a member of a pool.
fn set(pool: &mut Value, id: NodeId, value: Value) {
    let mut at = pool;
    for name in path(id).split('.') {
        at = at.as_object_mut().unwrap().entry(name).or_insert(json!({}));
    }
    *at = value;
}

/// A pool with everything around both names, and none of them.
fn without(mirror: &Mirror) -> Value {
    let mut pool = json!({
        "Id": "eu-west-1_Example1",
        "Name": "example",
        "Policies": { "PasswordPolicy": { "MinimumLength": 8 } },
        "MfaConfig": {},
    });
    if let Some(within) = mirror.within {
        set(&mut pool, within, json!({}));
    }
    pool
}

#[track_caller]
fn expect(pool: &Pool, id: NodeId, expected: &Value) {
    let asked = Path::parse(path(id)).unwrap();
    match resolve(Scope::of(pool), &asked) {
        State::Present(found) => assert_eq!(found.to_json(), *expected, "{}", path(id)),
        other => panic!("{}: {other:?}", path(id)),
    }
}

#[test]
fn an_answer_has_both_names_of_a_value() {
    assert!(!schema().mirrors().is_empty());
    for mirror in schema().mirrors() {
        for (from, to) in [(mirror.copy, mirror.original), (mirror.original, mirror.copy)] {
            let mut pool = without(mirror);
            set(&mut pool, from, value(from));
            let read = side(&pool).pools.remove(0);
            expect(&read, from, &value(from));
            expect(&read, to, &value(from));
            assert_eq!(json_of(&given(&read)), pool, "{} is as it was given", path(from));
        }
    }
}

fn json_of(document: &Map) -> Value {
    cognito_lint::value::Value::Map(document.clone()).to_json()
}

#[test]
fn one_name_and_both_names_do_not_drift() {
    for mirror in schema().mirrors() {
        let mut both = without(mirror);
        set(&mut both, mirror.copy, value(mirror.copy));
        set(&mut both, mirror.original, value(mirror.copy));
        for from in [mirror.copy, mirror.original] {
            let mut one = without(mirror);
            set(&mut one, from, value(from));
            for (a, b) in [(&one, &both), (&both, &one)] {
                let found = between(a, b);
                assert_eq!(found.pools.len(), 0, "{}: {:#?}", path(from), found.pools);
            }
        }
    }
}

#[test]
fn a_change_of_both_names_is_reported_once_under_a_name_that_was_given() {
    for mirror in schema().mirrors() {
        for names in [vec![mirror.copy], vec![mirror.original], vec![mirror.copy, mirror.original]] {
            let (before, mut after) = (without(mirror), without(mirror));
            for name in &names {
                set(&mut after, *name, value(*name));
            }
            let found = between(&before, &after);
            let changes: Vec<_> = found.pools.iter().flat_map(|pool| &pool.changes).collect();
            let wanted = names.last().copied().map(path).unwrap();
            // A structure that came as a whole is one change.
            let told = |at: &str| wanted.starts_with(at) || at.starts_with(wanted);
            assert!(changes.len() == 1 && told(&changes[0].path), "{wanted}: {changes:#?}");
        }
    }
}

/// The pool of a template.
fn template(properties: &str) -> Pool {
    let text = format!("Resources: {{ P: {{ Type: AWS::Cognito::UserPool, Properties: {properties} }} }}");
    let chunk = Chunk { bytes: text.into_bytes(), first_line: 1, ..Chunk::default() };
    let projection = cognito_lint::pool::Projection::everything();
    read(&chunk, &projection).first().0.remove(0)
}

#[track_caller]
fn state(pool: &Pool, asked: &str) -> String {
    match resolve(Scope::of(pool), &Path::parse(asked).unwrap()) {
        State::Present(value) => value.to_string(),
        State::Default(value) => format!("{value} (default)"),
        State::Absent => "absent".to_owned(),
        State::Unknown(_) => "unknown".to_owned(),
        State::Outside(_) => "outside".to_owned(),
    }
}

#[test]
fn a_structure_that_holds_a_second_name_keeps_the_defaults_of_one_that_is_left_out() {
    let pool = template("{ AdminCreateUserConfig: { UnusedAccountValidityDays: 3 } }");
    assert_eq!(state(&pool, "Policies.PasswordPolicy.TemporaryPasswordValidityDays"), "3");
    assert_eq!(state(&pool, "Policies.PasswordPolicy.RequireSymbols"), "true (default)");
    assert_eq!(state(&pool, "Policies.PasswordPolicy.MinimumLength"), "8 (default)");
    let pool = template("{ LambdaConfig: { PreTokenGeneration: 'arn:aws:lambda:us-east-1:1:function:f' } }");
    assert_eq!(state(&pool, "LambdaConfig.PreTokenGenerationConfig.LambdaVersion"), "V1_0 (default)");
    let none = template("{}");
    assert_eq!(state(&none, "LambdaConfig.PreTokenGenerationConfig.LambdaVersion"), "absent");
    assert_eq!(state(&none, "LambdaConfig.PreTokenGenerationConfig"), "absent");
}

#[test]
fn what_is_unknown_under_one_name_is_unknown_under_the_other() {
    let open = "{ AdminCreateUserConfig: !GetAtt X.Y, VerificationMessageTemplate: !GetAtt X.Y }";
    let pool = template(open);
    for name in ["Policies.PasswordPolicy.TemporaryPasswordValidityDays", "SmsVerificationMessage"] {
        assert_eq!(state(&pool, name), "unknown", "{name}");
    }
    let pool = template("{ EmailVerificationMessage: !GetAtt X.Y }");
    assert_eq!(state(&pool, "VerificationMessageTemplate.EmailMessage"), "unknown");
    let given = "{ SmsVerificationMessage: 'Code {####}', VerificationMessageTemplate: !GetAtt X.Y }";
    assert_eq!(state(&template(given), "SmsVerificationMessage"), "Code {####}");
}
