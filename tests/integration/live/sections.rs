//! The sections that are read beside the pool itself: what the rules need and nothing more.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use cognito_lint::evaluate::{Detail, Evaluation, Options, evaluate};
use cognito_lint::finding::Verdict;
use cognito_lint::outcome::{FailurePolicy, Outcome, outcome};
use cognito_lint::rule::Policy;
use cognito_lint::source::aws::read;
use cognito_lint::source::live::{Quotas, Request, actions};
use serde_json::{Value, json};

use super::snapshots::run;
use super::{A, B, C, Delivered, document, request};
use crate::every_path::policy;
use crate::fake::{Fake, Fault, On, Plan, pool};

const CLIENTS: &str = r#"
[[rule]]
id = "client-revocation"
each = "Clients"
expect = { path = "EnableTokenRevocation", equals = true }
"#;

/// A rule on a path from the pool, with the path as its id, which a full pool passes.
fn on(path: &str) -> String {
    let operator = match path {
        "MfaConfiguration" => "equals = 'OFF'",
        "MfaConfig.MfaConfiguration" => "equals = 'ON'",
        "DeletionProtection" => "equals = 'INACTIVE'",
        path if path.ends_with('s') => "length-at-least = 1",
        _ => "present = true",
    };
    format!("[[rule]]\nid = '{}'\nexpect = {{ path = '{path}', {operator} }}\n", id(path))
}

fn id(path: &str) -> String {
    path.to_lowercase().replace('.', "-")
}

/// A pool with something in every section.
pub(super) fn full(id: &str) -> Value {
    let mut pool = pool(id);
    pool["Domain"] = json!("login");
    pool["CustomDomain"] = json!("login.example.com");
    pool["UserPoolAddOns"] = json!({ "AdvancedSecurityMode": "ENFORCED" });
    pool["MfaConfig"] = json!({ "MfaConfiguration": "ON", "Quantum": 18_446_744_073_709_551_615_u64 });
    pool["Clients"] = json!([{
        "ClientId": "web", "ClientName": "Web", "EnableTokenRevocation": true, "New": [1, null],
        "RiskConfiguration": { "ClientId": "web", "RiskExceptionConfiguration": {} },
        "SessionConfiguration": { "UserPoolId": id, "ClientId": "web", "SSOSession": { "MaxValidityMinutes": 90 } },
        "ClientSecrets": [{ "ClientSecretId": "web--1700000000", "ClientSecretCreateDate": 1_700_000_000 }],
    }, {
        "ClientId": "api", "EnableTokenRevocation": false,
        "SessionConfiguration": { "UserPoolId": id, "ClientId": "api", "SSOSession": { "MaxValidityMinutes": 60 } },
        "ClientSecrets": [],
    }]);
    pool["RiskConfiguration"] = json!({ "UserPoolId": id, "AccountTakeoverRiskConfiguration": {} });
    pool["LogDelivery"] = json!({ "UserPoolId": id, "LogConfigurations": [{ "LogLevel": "ERROR", "EventSource": "userNotification" }] });
    pool["IdentityProviders"] =
        json!([{ "ProviderName": "Okta", "ProviderType": "SAML", "IdpIdentifiers": ["o"] }]);
    pool["ResourceServers"] = json!([{ "Identifier": "api", "Name": "API", "Scopes": [] }]);
    pool["Groups"] = json!([{ "GroupName": "admins", "RoleArn": "arn:aws:iam::111122223333:role/admin" }]);
    pool["Domains"] = json!([
        { "Domain": "login", "UserPoolId": id, "Status": "ACTIVE" },
        { "Domain": "login.example.com", "UserPoolId": id, "Status": "ACTIVE" },
    ]);
    pool["WebACL"] =
        json!({ "Name": "login", "Id": "1", "Rules": [{ "Name": "rate", "New": { "Limit": 100 } }] });
    pool["SessionConfiguration"] =
        json!({ "UserPoolId": id, "UserSessionTracking": "ENABLED", "TokenSession": { "MaxPerUser": 5 } });
    pool["Replicas"] = json!([{ "RegionName": "us-west-2", "Status": "ACTIVE", "Role": "SECONDARY" }]);
    pool["Terms"] = json!([{
        "TermsId": "d6a4b8f2-0000-4000-8000-000000000001", "TermsName": "terms-of-use", "Enforcement": "NONE",
        "CreationDate": 1_700_000_000, "LastModifiedDate": 1_700_000_000,
    }]);
    let recovery = |id: &str, status: &str| {
        json!({
            "RestoreId": format!("0d1c2b3a-0000-4000-8000-{id}"), "RestoreStatus": status,
            "RestoreTimestamp": 1_700_000_000, "TriggerTimestamp": 1_700_000_900,
            "RestorePreview": [{ "Entity": "Users", "CreateCount": 3, "UpdateCount": 0, "DeleteCount": 1 }],
        })
    };
    pool["PointInTimeRecoveries"] =
        json!(
            [recovery("000000000001", "PREVIEW_GENERATED"), recovery("000000000002", "RESTORE_COMPLETED"),]
        );
    pool
}

fn request_for(fake: &Fake, policy: &Policy) -> Request {
    Request { sections: policy.sections(), ..request(fake) }
}

fn check(fake: &Fake, rules: &str) -> Evaluation {
    let policy = policy(rules);
    let options = Options { now: 0, full_coverage: false, evidence: true, detail: Detail::ALL, shard: None };
    evaluate(&policy, read(request_for(fake, &policy)), options)
}

/// How often each operation was called.
fn calls(fake: &Fake) -> BTreeMap<String, usize> {
    let mut calls = BTreeMap::new();
    for seen in fake.requests() {
        *calls.entry(seen.operation).or_insert(0) += 1;
    }
    calls
}

/// The operations that the IAM policy for rules allows.
fn allowed(rules: &str) -> BTreeSet<String> {
    let actions = actions(&policy(rules).sections());
    // AWS WAF asks for one of its actions by itself.
    let all = actions.on_everything.union(&actions.on_pools).filter(|one| *one != "wafv2:GetWebACL");
    all.map(|action| action.split(':').next_back().unwrap().to_owned()).collect()
}

/// Verdict and reason of a rule, for each of its subjects.
fn verdicts(evaluation: &Evaluation, rule: &str) -> Vec<(Verdict, Arc<str>)> {
    let of_rule = evaluation.evidence.verdicts().map(Result::unwrap).filter(|one| &*one.rule == rule);
    of_rule.map(|one| (one.verdict, one.reason)).collect()
}

#[test]
fn each_section_costs_its_own_calls_and_no_others() {
    let cases: [(&str, &[(&str, usize)]); 14] = [
        ("MfaConfiguration", &[]),
        ("MfaConfig.MfaConfiguration", &[("GetUserPoolMfaConfig", 1)]),
        ("Clients", &[("ListUserPoolClients", 1), ("DescribeUserPoolClient", 2)]),
        ("RiskConfiguration.UserPoolId", &[("DescribeRiskConfiguration", 1)]),
        ("LogDelivery.LogConfigurations", &[("GetLogDeliveryConfiguration", 1)]),
        ("IdentityProviders", &[("ListIdentityProviders", 1), ("DescribeIdentityProvider", 1)]),
        ("ResourceServers", &[("ListResourceServers", 1)]),
        ("Groups", &[("ListGroups", 1)]),
        ("Domains", &[("DescribeUserPoolDomain", 2)]),
        ("WebACL.Name", &[("GetWebACLForResource", 1)]),
        ("SessionConfiguration.UserPoolId", &[("GetUserPoolSessionConfiguration", 1)]),
        ("Replicas", &[("ListUserPoolReplicas", 1)]),
        ("Terms", &[("ListTerms", 1)]),
        ("PointInTimeRecoveries", &[("ListPointInTimeRecoveries", 1), ("DescribePointInTimeRecovery", 2)]),
    ];
    for (path, more) in cases {
        let fake = Fake::start(Plan::new().pool(full(A)));
        let evaluation = check(&fake, &on(path));
        let always = [("ListUserPools", 1), ("DescribeUserPool", 1)];
        let expected = always.iter().chain(more).map(|(name, n)| ((*name).to_owned(), *n)).collect();
        assert_eq!(calls(&fake), expected, "{path}");
        assert_eq!(allowed(&on(path)), calls(&fake).into_keys().collect(), "{path}");
        assert_eq!(verdicts(&evaluation, &id(path))[0].0, Verdict::Pass, "{path}: {evaluation:?}");
    }
}

/// A section of each client costs a call for each, and no answer but its own.
#[test]
fn sections_of_clients_cost_a_call_for_each_client() {
    let cases = [
        ("RiskConfiguration.ClientId", "present = true", "DescribeRiskConfiguration"),
        (
            "SessionConfiguration.SSOSession.MaxValidityMinutes",
            "at-most = 90",
            "GetUserPoolClientSessionConfiguration",
        ),
        ("ClientSecrets", "length-at-most = 1", "ListUserPoolClientSecrets"),
    ];
    for (path, operator, operation) in cases {
        let fake = Fake::start(Plan::new().pool(full(A)));
        let rule =
            format!("[[rule]]\nid = 'part'\neach = 'Clients'\nexpect = {{ path = '{path}', {operator} }}\n");
        let evaluation = check(&fake, &rule);
        assert_eq!(calls(&fake).get(operation), Some(&2), "{path}: {:?}", calls(&fake));
        assert_eq!(allowed(&rule), calls(&fake).into_keys().collect(), "{path}");
        assert_eq!(verdicts(&evaluation, "part")[1].0, Verdict::Pass, "{path}: {evaluation:?}");
    }
}

/// Of the secrets of a client, their number and age are read: a value would be a marker.
#[test]
fn secrets_of_clients_are_counted_and_dated() {
    let mut pool = full(A);
    pool["Clients"][1]["ClientSecrets"] = json!([
        { "ClientSecretId": "api--1", "ClientSecretCreateDate": 0, "ClientSecretValue": "EXAMPLEexampleEXAMPLEexample1234" },
        { "ClientSecretId": "api--2", "ClientSecretCreateDate": 1 },
    ]);
    let fake = Fake::start(Plan::new().pool(pool));
    let rules = "
[[rule]]
id = 'old'
each = 'Clients'
expect = { every = 'ClientSecrets', expect = { path = 'ClientSecretCreateDate', newer-than = '3650d' } }
[[rule]]
id = 'several'
each = 'Clients'
expect = { path = 'ClientSecrets', length-at-most = 1 }
";
    let policy = policy(rules);
    let options = Options {
        now: 1_800_000_000_000,
        full_coverage: false,
        evidence: true,
        detail: Detail::ALL,
        shard: None,
    };
    let evaluation = evaluate(&policy, read(request_for(&fake, &policy)), options);
    for rule in ["old", "several"] {
        let told: Vec<Verdict> =
            verdicts(&evaluation, rule).into_iter().map(|(verdict, _)| verdict).collect();
        assert_eq!(told, [Verdict::Fail, Verdict::Pass], "{rule}: {evaluation:?}");
    }
    assert!(!format!("{evaluation:?}").contains("EXAMPLEexample"));
}

/// One section of the clients that is denied leaves the others, and the clients.
#[test]
fn a_denied_section_of_clients_leaves_the_others() {
    let denied = Fault::Error("AccessDeniedException");
    let plan = Plan::new().pool(full(A)).fault(On::Operation("ListUserPoolClientSecrets"), denied);
    let fake = Fake::start(plan);
    let rules = "
[[rule]]
id = 'secrets'
each = 'Clients'
expect = { path = 'ClientSecrets', length-at-most = 1 }
[[rule]]
id = 'sessions'
each = 'Clients'
expect = { path = 'SessionConfiguration.SSOSession.MaxValidityMinutes', at-most = 90 }
";
    let evaluation = check(&fake, rules);
    let all = |rule: &str| -> Vec<Verdict> {
        verdicts(&evaluation, rule).into_iter().map(|(verdict, _)| verdict).collect()
    };
    assert_eq!(all("secrets"), [Verdict::Unknown; 2], "{evaluation:?}");
    assert_eq!(all("sessions"), [Verdict::Pass; 2], "{evaluation:?}");
    assert_eq!(calls(&fake)["ListUserPoolClientSecrets"], 1, "the next client would be denied as well");
    assert!(verdicts(&evaluation, "secrets")[0].1.contains("allow `cognito-idp:ListUserPoolClientSecrets`"));
}

/// A recovery that waits for a decision blocks writing, and its preview is in an answer of its own.
#[test]
fn recoveries_are_read_with_their_previews() {
    let rules = "
[[rule]]
id = 'waiting'
each = 'PointInTimeRecoveries'
expect = { path = 'RestoreStatus', none-of = ['PREVIEW_GENERATED', 'RESTORING'] }
[[rule]]
id = 'deletes'
expect = { every = 'PointInTimeRecoveries', expect = { every = 'RestorePreview', expect = { path = 'DeleteCount', at-most = 0 } } }
[[rule]]
id = 'none'
expect = { path = 'PointInTimeRecoveries', length-at-most = 0 }
";
    let told = |plan: Plan| {
        let evaluation = check(&Fake::start(plan), rules);
        let of = |rule: &str| {
            verdicts(&evaluation, rule).into_iter().map(|(verdict, _)| verdict).collect::<Vec<_>>()
        };
        ["waiting", "deletes", "none"].map(of)
    };
    let (pass, fail, unknown) = (Verdict::Pass, Verdict::Fail, Verdict::Unknown);
    assert_eq!(told(Plan::new().pool(full(A))), [vec![fail, pass], vec![fail], vec![fail]]);
    let none = [vec![Verdict::Skipped], vec![pass], vec![pass]];
    assert_eq!(told(Plan::new().pool(pool(A))), none, "a pool without recoveries");
    // The feature plan Lite refuses the list, and an answer without it says nothing.
    for operation in ["ListPointInTimeRecoveries", "DescribePointInTimeRecovery"] {
        let nothing = Fault::Raw(200, "application/x-amz-json-1.1", b"{}".to_vec());
        for fault in [Fault::Error("FeatureUnavailableInTierException"), nothing] {
            let plan = Plan::new().pool(full(A)).fault(On::Operation(operation), fault);
            assert_eq!(told(plan), [vec![unknown], vec![unknown], vec![unknown]], "{operation}");
        }
    }
}

#[test]
fn nothing_of_an_answer_is_lost() {
    let pool = full(A);
    let fake = Fake::start(Plan::new().pool(pool.clone()));
    let each = ["RiskConfiguration", "SessionConfiguration", "ClientSecrets"].map(|part| {
        let operator = if part == "ClientSecrets" { "length-at-most = 1" } else { "present = true" };
        let expect = format!("{{ path = '{part}', {operator} }}");
        format!("[[rule]]\nid = 'client-{}'\neach = 'Clients'\nexpect = {expect}\n", id(part))
    });
    let tops = [
        "MfaConfig",
        "LogDelivery",
        "IdentityProviders",
        "ResourceServers",
        "Groups",
        "Domains",
        "WebACL.Name",
        "SessionConfiguration.UserPoolId",
        "Replicas",
        "Terms",
        "PointInTimeRecoveries",
    ];
    let rules: String = tops.into_iter().chain(["RiskConfiguration.UserPoolId"]).map(on).collect();
    let all = Delivered::of(read(request_for(&fake, &policy(&(rules + &each.concat())))));
    assert_eq!(all.unread, []);
    assert_eq!(all.chunks[0].unread, []);
    assert_eq!(document(&all.chunks[0])["UserPool"], pool);
}

#[test]
fn clients_are_read_to_the_last_page() {
    let mut many = pool(A);
    let client = |i: usize| json!({ "ClientId": format!("c{i:03}"), "EnableTokenRevocation": i != 77 });
    many["Clients"] = (0..130).map(client).collect();
    let fake = Fake::start(Plan::new().pool(many));
    let evaluation = check(&fake, CLIENTS);
    assert_eq!((evaluation.tally.pass, evaluation.tally.fail), (129, 1));
    assert_eq!(evaluation.findings[0].subject.as_ref().map(|subject| &*subject.key), Some("c077"));
    assert_eq!((calls(&fake)["ListUserPoolClients"], calls(&fake)["DescribeUserPoolClient"]), (3, 130));
}

#[test]
fn a_denied_section_leaves_the_rest_judged() {
    let denied = Fault::Error("AccessDeniedException");
    let plan = Plan::new().pool(full(A)).fault(On::Operation("ListUserPoolClients"), denied);
    let fake = Fake::start(plan);
    let rules = CLIENTS.to_owned() + &on("MfaConfig.MfaConfiguration") + &on("DeletionProtection");
    let evaluation = check(&fake, &rules);
    let tally = &evaluation.tally;
    assert_eq!((tally.pass, tally.fail, tally.unknown), (2, 0, 1), "{evaluation:?}");
    assert_eq!(evaluation.unread, [], "it is said once, of the verdict");
    let [undecided] = &evaluation.undecided[..] else { panic!("{evaluation:?}") };
    assert!(undecided.reason.starts_with("AccessDeniedException from ListUserPoolClients: access denied: "));
    let allow = "allow `cognito-idp:ListUserPoolClients` on \
                 `arn:aws:cognito-idp:us-east-1:111122223333:userpool/us-east-1_aaa`";
    assert!(undecided.reason.contains(allow), "{}", undecided.reason);
    assert!(undecided.reason.ends_with("than DescribeUserPool"), "{}", undecided.reason);
    assert_eq!(outcome(&evaluation, FailurePolicy::default()), Outcome::Incomplete);
}

#[test]
fn a_domain_has_no_arn_to_allow() {
    let denied = Fault::Error("AccessDeniedException");
    let fake = Fake::start(Plan::new().pool(full(A)).fault(On::Operation("DescribeUserPoolDomain"), denied));
    let evaluation = check(&fake, &on("Domains"));
    let reason = &evaluation.undecided[0].reason;
    let help = "allow `cognito-idp:DescribeUserPoolDomain` on `*`, or choose the pack `pool`, whose rules need no more \
                than DescribeUserPool";
    assert!(reason.ends_with(help), "{reason}");
}

#[test]
fn a_web_acl_is_asked_of_another_service() {
    let denied = Fault::Error("AccessDeniedException");
    let fake = Fake::start(Plan::new().pool(full(A)).fault(On::Operation("GetWebACLForResource"), denied));
    let evaluation = check(&fake, &on("WebACL.Name"));
    let reason = &evaluation.undecided[0].reason;
    let allowed = "allow `wafv2:GetWebACLForResource` on `*` with `wafv2:GetWebACL`, and \
                   `cognito-idp:GetWebACLForResource` on the pool, or ";
    assert!(reason.contains(allowed), "{reason}");
    assert!(fake.requests().iter().any(|seen| seen.service == "wafv2"));

    let fake = Fake::start(Plan::new().pool(pool(A)));
    let evaluation = check(&fake, &on("WebACL.Name"));
    assert_eq!(
        verdicts(&evaluation, "webacl-name")[0].0,
        Verdict::Fail,
        "no web ACL is a value: {evaluation:?}"
    );
    assert_eq!(evaluation.tally.unknown, 0);
}

#[test]
fn a_section_of_which_there_is_nothing_is_held() {
    let mut bare = pool(A);
    bare["Domain"] = json!("gone");
    let fake = Fake::start(Plan::new().pool(bare));
    let each =
        |list: &str| format!("[[rule]]\nid = '{}'\neach = '{list}'\nexpect = {{ all = [] }}\n", id(list));
    let lists = ["Clients", "Domains", "Groups", "IdentityProviders", "ResourceServers"];
    let rules: String =
        lists.into_iter().map(|list| each(list).replace("{ all = [] }", &any_of(list))).collect();
    let evaluation = check(&fake, &(rules + &on("RiskConfiguration.UserPoolId")));
    for list in lists {
        let nothing = (Verdict::Skipped, Arc::from("there is no element to judge"));
        assert_eq!(verdicts(&evaluation, &id(list)), [nothing], "{list}");
    }
    // Threat protection is off, so there is nothing to configure.
    assert_eq!(verdicts(&evaluation, "riskconfiguration-userpoolid")[0].0, Verdict::Fail);
    assert_eq!((evaluation.unread.len(), evaluation.outside.len()), (0, 0), "{evaluation:?}");
}

/// A predicate on an element of a list.
fn any_of(list: &str) -> String {
    let member = match list {
        "Clients" => "ClientId",
        "Domains" => "Domain",
        "Groups" => "GroupName",
        "IdentityProviders" => "ProviderName",
        _ => "Identifier",
    };
    format!("{{ path = '{member}', present = true }}")
}

#[test]
fn a_client_without_risk_settings_of_its_own_is_told_from_one_that_was_not_read() {
    let rules = "[[rule]]\nid = 'own'\neach = 'Clients'\n\
                 expect = { path = 'RiskConfiguration.ClientId', present = false }\n";
    let fake = Fake::start(Plan::new().pool(full(A)));
    let evaluation = check(&fake, rules);
    assert_eq!((evaluation.tally.pass, evaluation.tally.fail), (1, 1), "{evaluation:?}");
    assert_eq!(calls(&fake)["DescribeRiskConfiguration"], 2);
    assert_eq!(allowed(rules), calls(&fake).into_keys().collect());
    let denied = Fault::Error("AccessDeniedException");
    let on_risk = On::Operation("DescribeRiskConfiguration");
    let fake = Fake::start(Plan::new().pool(full(A)).fault(on_risk, denied));
    let evaluation = check(&fake, &(rules.to_owned() + CLIENTS));
    assert_eq!((evaluation.tally.pass, evaluation.tally.fail, evaluation.tally.unknown), (1, 1, 2));
    assert_eq!(calls(&fake)["DescribeRiskConfiguration"], 1, "one denial is enough");
}

#[test]
fn an_answer_that_is_none_leaves_the_section_unknown_and_the_pool_judged() {
    let json = |body: &str| Fault::Raw(200, "application/x-amz-json-1.1", body.as_bytes().to_vec());
    let error = r#"{"__type":"InternalErrorException"}"#;
    let other = r#"{"LogDeliveryConfiguration":{"UserPoolId":"us-east-1_zzz","LogConfigurations":[]}}"#;
    let cases = [
        ("MfaConfig.MfaConfiguration", "GetUserPoolMfaConfig", ""),
        ("MfaConfig.MfaConfiguration", "GetUserPoolMfaConfig", "{}"),
        ("RiskConfiguration.UserPoolId", "DescribeRiskConfiguration", error),
        ("LogDelivery.LogConfigurations", "GetLogDeliveryConfiguration", error),
        ("LogDelivery.LogConfigurations", "GetLogDeliveryConfiguration", other),
        ("Clients", "ListUserPoolClients", "{}"),
        ("Groups", "ListGroups", "{}"),
        ("Groups", "ListGroups", r#"{"Groups":[null]}"#),
        ("ResourceServers", "ListResourceServers", "[]"),
        ("IdentityProviders", "ListIdentityProviders", "{}"),
        ("Domains", "DescribeUserPoolDomain", "{}"),
        ("Domains", "DescribeUserPoolDomain", r#"{"DomainDescription":{"Domain":"other"}}"#),
    ];
    for (path, operation, body) in cases {
        let plan = Plan::new().pool(full(A)).fault(On::Operation(operation), json(body));
        let evaluation = check(&Fake::start(plan), &(on(path) + &on("DeletionProtection")));
        let [(verdict, reason)] = &verdicts(&evaluation, &id(path))[..] else {
            panic!("{path}: {evaluation:?}")
        };
        assert_eq!(*verdict, Verdict::Unknown, "{path} {body}");
        assert!(reason.starts_with(&format!("{operation}: the answer cannot be read: ")), "{reason}");
        assert_eq!(verdicts(&evaluation, "deletionprotection")[0].0, Verdict::Pass);
        assert_eq!(evaluation.unread, [], "{path} {body}");
    }
}

#[test]
fn what_two_pages_name_is_read_once() {
    let mut pool = full(A);
    pool["Groups"].as_array_mut().unwrap().push(json!({ "GroupName": "users" }));
    let plan = Plan::new().pool(pool.clone()).page_size(1);
    let plan = plan.fault(On::Operation("ListUserPoolClients"), Fault::Overlap);
    let fake = Fake::start(plan.fault(On::Operation("ListGroups"), Fault::Overlap));
    let all = Delivered::of(read(request_for(&fake, &policy(&(CLIENTS.to_owned() + &on("Groups"))))));
    let document = document(&all.chunks[0]);
    assert_eq!(document["UserPool"]["Groups"], pool["Groups"]);
    assert_eq!(document["UserPool"]["Clients"].as_array().map(Vec::len), Some(2));
    assert_eq!(calls(&fake)["DescribeUserPoolClient"], 2);
}

#[test]
fn a_pool_with_threat_protection_is_not_said_to_have_none() {
    let none = Fault::Error("UserPoolAddOnNotEnabledException");
    let plan = Plan::new().pool(full(A)).fault(On::Operation("DescribeRiskConfiguration"), none);
    let evaluation = check(&Fake::start(plan), &on("RiskConfiguration.UserPoolId"));
    assert_eq!(
        verdicts(&evaluation, "riskconfiguration-userpoolid")[0].0,
        Verdict::Unknown,
        "{evaluation:?}"
    );
}

#[test]
fn a_throttle_that_clears_loses_no_client() {
    let throttle = || Fault::Error("TooManyRequestsException");
    let plan = Plan::new().pool(full(A)).fault_times(2, On::Operation("ListUserPoolClients"), throttle());
    let fake = Fake::start(plan.fault_times(4, On::Operation("DescribeUserPoolClient"), throttle()));
    let evaluation = check(&fake, CLIENTS);
    let tally = &evaluation.tally;
    assert_eq!((tally.pass, tally.fail, tally.unknown), (1, 1, 0), "{evaluation:?}");
}

#[test]
fn what_was_deleted_meanwhile_is_left_out() {
    let gone = Fault::Error("ResourceNotFoundException");
    let plan = Plan::new().pool(full(A)).fault_times(1, On::Operation("DescribeUserPoolClient"), gone);
    let evaluation = check(&Fake::start(plan), CLIENTS);
    assert_eq!((evaluation.tally.pass, evaluation.tally.fail, evaluation.tally.unknown), (0, 1, 0));
    let [note] = &evaluation.notes[..] else { panic!("{:?}", evaluation.notes) };
    assert_eq!(note.target, "aaa (us-east-1_aaa)");
    assert_eq!(note.message, "the app client `web` was deleted after it had been listed");
}

#[test]
fn credentials_that_run_out_end_the_region() {
    let ids: Vec<String> = (0..30).map(|i| format!("us-east-1_p{i:02}")).collect();
    let expired = Fault::Error("ExpiredTokenException");
    let plan = Plan::new().pools(ids.iter().map(String::as_str));
    let fake = Fake::start(plan.fault(On::Operation("GetUserPoolMfaConfig"), expired));
    let evaluation = check(&fake, &(on("MfaConfig.MfaConfiguration") + CLIENTS + &on("DeletionProtection")));
    let [unread] = &evaluation.unread[..] else { panic!("{:?}", evaluation.unread) };
    assert_eq!(
        (unread.target.as_str(), unread.operation.as_deref()),
        ("us-east-1", Some("GetUserPoolMfaConfig"))
    );
    assert!(evaluation.tally.pass >= 1, "what was read is judged");
    assert!(fake.requests().len() <= 15, "it went on");
}

#[test]
fn a_section_that_is_never_answered_is_given_up_for_the_others() {
    let ids: Vec<String> = (0..30).map(|i| format!("us-east-1_p{i:02}")).collect();
    let plan = Plan::new().pools(ids.iter().map(String::as_str));
    let fake = Fake::start(plan.fault(On::Operation("ListGroups"), Fault::Reset));
    let evaluation = check(&fake, &(on("Groups") + &on("DeletionProtection")));
    assert_eq!((evaluation.tally.pass, evaluation.tally.unknown), (30, 30));
    // Three tries each, and those that were under way when the tenth came back.
    assert!(calls(&fake)["ListGroups"] <= 3 * 14, "{:?}", calls(&fake));
    let given_up = |reason: &str| reason.contains("for 10 pools in a row");
    assert!(evaluation.undecided.iter().any(|undecided| given_up(&undecided.reason)));
}

#[test]
fn risk_settings_of_clients_that_are_never_answered_are_given_up_too() {
    let rule = "[[rule]]\nid = 'own'\neach = 'Clients'\n\
                expect = { path = 'RiskConfiguration.ClientId', present = true }\n";
    let ids: Vec<String> = (0..25).map(|i| format!("us-east-1_p{i:02}")).collect();
    let plan = ids.iter().fold(Plan::new(), |plan, id| plan.pool(full(id)));
    let fake = Fake::start(plan.fault(On::Operation("DescribeRiskConfiguration"), Fault::Reset));
    let evaluation = check(&fake, &(rule.to_owned() + CLIENTS));
    assert_eq!((evaluation.tally.pass, evaluation.tally.fail, evaluation.tally.unknown), (25, 25, 50));
    assert!(calls(&fake)["DescribeRiskConfiguration"] <= 3 * 14, "{:?}", calls(&fake));
}

#[test]
fn a_page_token_that_repeats_ends_the_list_of_clients() {
    let plan = Plan::new().pool(full(A)).page_size(1);
    let fake = Fake::start(plan.fault(On::Operation("ListUserPoolClients"), Fault::RepeatToken));
    let evaluation = check(&fake, CLIENTS);
    assert!(verdicts(&evaluation, "client-revocation")[0].1.contains("repeated a page token"));
}

#[test]
fn one_pool_is_not_asked_faster_than_its_own_quota() {
    let mut pool = full(A);
    pool["Clients"] = (0..5).map(|i| json!({ "ClientId": format!("c{i}") })).collect();
    let fake = Fake::start(Plan::new().pool(pool).pools([B, C]));
    let policy = policy(CLIENTS);
    let quotas = Quotas { one_pool: 5.0, ..super::NO_QUOTAS };
    let start = Instant::now();
    let all = Delivered::of(read(Request { quotas, ..request_for(&fake, &policy) }));
    assert_eq!(all.chunks.len(), 3);
    let spent = start.elapsed();
    // Half a second's worth of the five clients at once; the other pools do not wait for each other.
    assert!(Duration::from_millis(200) < spent && spent < Duration::from_millis(900), "{spent:?}");
}

#[test]
fn a_scope_has_a_say_in_what_is_read() {
    let mut policy = policy(&on("DeletionProtection"));
    assert!(policy.sections().iter().all(|section| section.member() == "UserPool"));
    let other = crate::every_path::policy(CLIENTS).rules.remove(0);
    policy.scopes.push(cognito_lint::rule::Scope {
        name: "one".to_owned(),
        selector: cognito_lint::rule::Selector::default(),
        changes: vec![(0, Some(Arc::clone(&other)))],
    });
    assert!(policy.sections().iter().any(|section| section.member() == "Clients"));
}

/// A web ACL as AWS WAF gives it, with the members that every one has, has none that the schema does not know.
#[test]
fn a_live_web_acl_has_no_unknown_members() {
    let visible = |name: &str| json!({ "SampledRequestsEnabled": true, "CloudWatchMetricsEnabled": true, "MetricName": name });
    let override_of = |name: &str| json!({ "Name": name, "ActionToUse": { "Count": {} } });
    let mut pool = full(A);
    pool["WebACL"] = json!({
        "Name": "front", "Id": "0a1b2c3d-0000-4000-8000-000000000000", "DefaultAction": { "Allow": {} },
        "ARN": "arn:aws:wafv2:us-east-1:111122223333:regional/webacl/front/0a1b2c3d-0000-4000-8000-000000000000",
        "Description": "", "VisibilityConfig": visible("front"), "Capacity": 752, "ManagedByFirewallManager": false,
        "LabelNamespace": "awswaf:111122223333:webacl:front:", "RetrofittedByFirewallManager": false,
        "Rules": [
            { "Name": "rate", "Priority": 0, "Action": { "Block": {} }, "VisibilityConfig": visible("rate"),
              "Statement": { "RateBasedStatement": {
                  "Limit": 1000, "EvaluationWindowSec": 300, "AggregateKeyType": "IP",
                  "ScopeDownStatement": { "NotStatement": { "Statement": { "GeoMatchStatement": { "CountryCodes": ["DE"] } } } } } } },
            { "Name": "common", "Priority": 1, "OverrideAction": { "None": {} }, "VisibilityConfig": visible("common"),
              "Statement": { "ManagedRuleGroupStatement": {
                  "VendorName": "AWS", "Name": "AWSManagedRulesCommonRuleSet",
                  "RuleActionOverrides": [override_of("SizeRestrictions_BODY")],
                  "ExcludedRules": [{ "Name": "NoUserAgent_HEADER" }] } } },
        ],
    });
    let fake = Fake::start(Plan::new().pool(pool));
    let folder = tempfile::tempdir().unwrap();
    let check = ["check", "--no-config", "--rules", "web-acl-missing", "--report", "json"];
    let output = run(&fake, folder.path(), &check);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&report["unknown_members"], &report["notes"]), (&json!([]), &json!([])), "{report}");
    assert_eq!((output.status.code(), &report["summary"]["pass"]), (Some(0), &json!(1)), "{report}");
}
