//! Learned policies: the pools that taught one meet it, no stricter one, and no pool that became worse.

use std::path::PathBuf;
use std::sync::Arc;

use cognito_lint::config;
use cognito_lint::diagnostic::SourceFile;
use cognito_lint::evaluate::kept::{Kept, keep};
use cognito_lint::evaluate::{Detail, Evaluation, Options, evaluate};
use cognito_lint::finding::Verdict;
use cognito_lint::learn::{Answer, Lesson, learn};
use cognito_lint::outcome::{FailurePolicy, Outcome, outcome};
use cognito_lint::pool::Projection;
use cognito_lint::report::learned;
use cognito_lint::rule::assemble::{alone, assemble};
use cognito_lint::rule::stricter::{Stricter, directions};
use cognito_lint::rule::written::{self, WrittenRule};
use cognito_lint::rule::{Policy, Rule, Severity, builtin, case};
use cognito_lint::source::input::{Input, open};
use cognito_lint::spanned::Toml;
use serde_json::{Value as Json, json};

/// In 2027.
const NOW: i64 = 1_800_000_000_000;

fn builtins() -> Vec<WrittenRule> {
    let read = |id: &str| written::read(&builtin::rule_with_tests(id).unwrap(), &mut Vec::new());
    builtin::ids().into_iter().flat_map(read).collect()
}

fn kept(input: &str) -> Kept {
    keep(&Projection::everything(), open(vec![Input::parse(input)]))
}

/// The configuration that is written.
fn text(lessons: &[Lesson], kept: &Kept) -> String {
    let mut text = Vec::new();
    learned::write(lessons, kept.pools.len(), &[], &mut text).unwrap();
    String::from_utf8(text).unwrap()
}

/// The policy of a configuration that names built-in rules.
fn policy(text: &str) -> Policy {
    let config = config::read(&SourceFile::new("learned.toml", text)).unwrap();
    let mut mistakes = Vec::new();
    let named = |(id, _): &(String, _)| written::read(&builtin::rule(id).unwrap(), &mut Vec::new());
    let rules = config.rules.iter().flat_map(named).collect();
    let policy = assemble(rules, &[], &config.overrides, Vec::new(), &mut mistakes);
    assert!(mistakes.is_empty(), "{mistakes:?}\n{text}");
    assert_eq!(config.terms.fail_on, Some(Some(Severity::Info)));
    policy
}

fn check(policy: &Policy, input: &str) -> Evaluation {
    let options =
        Options { now: NOW, full_coverage: false, evidence: false, detail: Detail::Places, shard: None };
    evaluate(policy, open(vec![Input::parse(input)]), options)
}

fn outcome_of(evaluation: &Evaluation) -> Outcome {
    let terms = FailurePolicy { fail_on: Some(Severity::Info), ..FailurePolicy::default() };
    outcome(evaluation, terms)
}

/// The inputs of the project: each file of an example, and each folder of a test.
fn inputs() -> Vec<String> {
    let mut inputs: Vec<String> =
        ["examples/pool.json", "examples/demo/pools.json"].map(String::from).to_vec();
    let folders = std::fs::read_dir("tests/cmd").unwrap().map(|entry| entry.unwrap().path());
    let mut folders: Vec<PathBuf> =
        folders.filter(|path| path.extension().is_some_and(|end| end == "in")).collect();
    folders.sort();
    inputs.extend(folders.into_iter().map(|path| path.to_string_lossy().into_owned()));
    inputs
}

#[test]
fn pools_meet_the_policy_that_they_taught_and_no_stricter_one() {
    let rules = builtins();
    let (mut taught, mut bounds) = (0, 0);
    for input in inputs() {
        let kept = kept(&input);
        if kept.pools.is_empty() {
            continue;
        }
        let lessons = learn(&rules, &kept, NOW);
        let text = text(&lessons, &kept);
        let evaluation = check(&policy(&text), &input);
        assert_eq!(evaluation.findings.iter().map(|one| &one.message).next(), None, "{input}\n{text}");
        assert_eq!(evaluation.undecided.first().map(|one| &one.reason), None, "{input}\n{text}");
        if kept.unread.is_empty() {
            assert_eq!(outcome_of(&evaluation), Outcome::Clean, "{input}");
        }
        bounds += tight_bounds(&rules, &lessons, &kept, &input);
        taught += 1;
    }
    assert!(taught > 50 && bounds > 20, "{taught} {bounds}");
}

/// The number of bounds that were learned, each of which is the strictest: one step further, a pool fails.
fn tight_bounds(rules: &[WrittenRule], lessons: &[Lesson], kept: &Kept, input: &str) -> usize {
    let mut bounds = 0;
    for lesson in lessons.iter().filter(|lesson| lesson.answer.is_learned()) {
        for bound in &lesson.bounds {
            let written = rules.iter().find(|rule| *rule.id.0 == *lesson.rule.id).unwrap();
            // Lists have no next bound.
            let Ok(n) = bound.value.to_string().parse::<i64>() else { continue };
            if let Some((further, rule)) = stricter(written, lesson, &bound.name, n) {
                assert!(
                    !kept.meet(&Arc::new(rule), NOW),
                    "{input}: {} {} {further}",
                    lesson.rule.id,
                    bound.name
                );
            }
            bounds += 1;
        }
    }
    bounds
}

/// The rule one step further in the direction that is stricter, if the API has such a value.
fn stricter(written: &WrittenRule, lesson: &Lesson, name: &str, n: i64) -> Option<(i64, Rule)> {
    let index = written.params.iter().position(|param| param.name.0 == name).unwrap();
    let (_, direction) = directions(written).into_iter().find(|(at, _)| *at == index).unwrap();
    let further = match direction {
        Stricter::Higher => n + 1,
        Stricter::Lower => n - 1,
        Stricter::More | Stricter::Fewer => return None,
    };
    let mut params = written.params.clone();
    for (param, (_, value)) in params.iter_mut().zip(&lesson.rule.params) {
        if let Ok(n) = value.to_string().parse() {
            param.value.toml = Toml::Int(n);
        }
    }
    params[index].value.toml = Toml::Int(further);
    let further_rule = WrittenRule { params, ..written.clone() };
    let rule = alone(&further_rule, &mut Vec::new())?;
    Some((further, rule))
}

/// A rule that a pool passes is in the policy that the pool teaches, for every test of every built-in rule.
#[test]
fn what_a_pool_fails_is_not_learned_and_what_it_passes_is() {
    let rules = builtins();
    for written in &rules {
        let rule = Arc::new(alone(written, &mut Vec::new()).unwrap());
        for case in case::cases(written, &mut Vec::new()) {
            let kept = Kept { pools: vec![case.pool.clone().into()], ..Kept::default() };
            let lessons = learn(std::slice::from_ref(written), &kept, NOW);
            let [lesson] = lessons.as_slice() else { panic!("{}", written.id.0) };
            let learned = lesson.answer.is_learned();
            let at_a_bound = !lesson.bounds.is_empty();
            match case.verdict {
                Verdict::Pass | Verdict::Skipped => {
                    assert!(learned || is_unread(lesson), "{}: {}", rule.id, case.name);
                }
                Verdict::Fail => assert!(!learned || at_a_bound, "{}: {}", rule.id, case.name),
                Verdict::Unknown => assert!(!learned, "{}: {}", rule.id, case.name),
            }
        }
    }
}

/// Whether nothing is claimed because the input cannot say, or a run with this rule alone would not read a section.
fn is_unread(lesson: &Lesson) -> bool {
    matches!(lesson.answer, Answer::Outside { .. } | Answer::Undecided { .. })
}

/// The pool of the next test: each value is as strict as it can be.
fn strict() -> Json {
    json!({ "UserPool": {
        "Id": "eu-west-1_Strict001",
        "Name": "strict",
        "Arn": "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_Strict001",
        "Policies": { "PasswordPolicy": {
            "MinimumLength": 20, "RequireUppercase": false, "RequireLowercase": false, "RequireNumbers": false,
            "RequireSymbols": false, "PasswordHistorySize": 12, "TemporaryPasswordValidityDays": 2
        } },
        "DeletionProtection": "ACTIVE",
        "MfaConfiguration": "ON",
        "MfaConfig": { "MfaConfiguration": "ON", "SoftwareTokenMfaConfiguration": { "Enabled": true } },
        "UserPoolTier": "PLUS",
        "UserPoolTags": { "owner": "identity" },
        "UserPoolAddOns": { "AdvancedSecurityMode": "ENFORCED" },
        "AdminCreateUserConfig": { "AllowAdminCreateUserOnly": true },
        "UsernameConfiguration": { "CaseSensitive": false },
        "DeviceConfiguration": { "ChallengeRequiredOnNewDevice": true, "DeviceOnlyRememberedOnUserPrompt": true },
        "AccountRecoverySetting": { "RecoveryMechanisms": [{ "Name": "admin_only", "Priority": 1 }] },
        "Clients": [{
            "ClientId": "1example23456789",
            "ClientName": "web",
            "ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
            "PreventUserExistenceErrors": "ENABLED",
            "EnableTokenRevocation": true,
            "AllowedOAuthFlowsUserPoolClient": true,
            "AllowedOAuthFlows": ["code"],
            "AllowedOAuthScopes": ["openid"],
            "SupportedIdentityProviders": ["COGNITO"],
            "CallbackURLs": ["https://app.example.com/"],
            "WriteAttributes": ["name"],
            "ReadAttributes": ["name"],
            "AccessTokenValidity": 20, "IdTokenValidity": 20, "RefreshTokenValidity": 2, "AuthSessionValidity": 5,
            "TokenValidityUnits": { "AccessToken": "minutes", "IdToken": "minutes", "RefreshToken": "hours" }
        }]
    } })
}

#[test]
fn a_pool_that_becomes_worse_fails() {
    let folder = tempfile::tempdir().unwrap();
    let input = |pool: &Json| {
        let file = folder.path().join("pool.json");
        std::fs::write(&file, pool.to_string()).unwrap();
        file.to_string_lossy().into_owned()
    };
    let kept = kept(&input(&strict()));
    let policy = policy(&text(&learn(&builtins(), &kept, NOW), &kept));
    assert_eq!(outcome_of(&check(&policy, &input(&strict()))), Outcome::Clean);
    let worse = [
        ("/UserPool/Policies/PasswordPolicy/MinimumLength", json!(19)),
        ("/UserPool/Policies/PasswordPolicy/PasswordHistorySize", json!(11)),
        ("/UserPool/Policies/PasswordPolicy/TemporaryPasswordValidityDays", json!(3)),
        ("/UserPool/DeletionProtection", json!("INACTIVE")),
        ("/UserPool/MfaConfiguration", json!("OPTIONAL")),
        ("/UserPool/MfaConfig/SoftwareTokenMfaConfiguration/Enabled", json!(false)),
        ("/UserPool/UserPoolTags", json!({})),
        ("/UserPool/UserPoolAddOns/AdvancedSecurityMode", json!("AUDIT")),
        ("/UserPool/AdminCreateUserConfig/AllowAdminCreateUserOnly", json!(false)),
        ("/UserPool/UsernameConfiguration/CaseSensitive", json!(true)),
        ("/UserPool/DeviceConfiguration/ChallengeRequiredOnNewDevice", json!(false)),
        ("/UserPool/Clients/0/PreventUserExistenceErrors", json!("LEGACY")),
        ("/UserPool/Clients/0/EnableTokenRevocation", json!(false)),
        ("/UserPool/Clients/0/AllowedOAuthFlows", json!(["code", "implicit"])),
        ("/UserPool/Clients/0/CallbackURLs", json!(["http://app.example.com/"])),
        (
            "/UserPool/Clients/0/ExplicitAuthFlows",
            json!(["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]),
        ),
        ("/UserPool/Clients/0/AccessTokenValidity", json!(21)),
        ("/UserPool/Clients/0/IdTokenValidity", json!(21)),
        ("/UserPool/Clients/0/RefreshTokenValidity", json!(3)),
        ("/UserPool/Clients/0/AuthSessionValidity", json!(6)),
    ];
    for (path, value) in worse {
        let mut pool = strict();
        *pool.pointer_mut(path).unwrap() = value;
        assert_eq!(outcome_of(&check(&policy, &input(&pool))), Outcome::Findings, "{path}");
    }
}
