//! Pools unlike their siblings: every planted one is found, and no other, in any order and with any names.

use std::collections::BTreeSet;

use cognito_lint::drift::{Direction, Rules};
use cognito_lint::outcome::{DriftTerms, FailOnDrift, outcome_of_outliers};
use cognito_lint::outlier::{By, Most, Outliers, SiblingPattern, Terms, Threshold, outliers, siblings};
use cognito_lint::report::outlier::{OutlierFormat, OutlierReport, write};
use cognito_lint::report::{OUTLIERS_SCHEMA, Style};
use cognito_lint::source::input::texts;
use serde_json::{Value, json};

use crate::drift::Dice;
use crate::every_path::policy;

const RULES: &str = r#"
[[rule]]
id = "password-too-short"
severity = "medium"
expect = { path = "Policies.PasswordPolicy.MinimumLength", at-least = 12 }
[[rule]]
id = "mfa-off"
severity = "high"
expect = { path = "MfaConfiguration", not-equals = "OFF" }
"#;

/// A pool of a fleet: like its siblings but for names, dates, texts, and what each has of its own.
fn pool(number: usize, dice: &mut Dice) -> Value {
    let region = ["us-east-1", "eu-west-1"][dice.roll(2)];
    let account = ["111122223333", "444455556666"][dice.roll(2)];
    let id = format!("{region}_Ab{number:07}");
    let client = |name: &str| {
        json!({ "ClientId": format!("{name}{number}"), "ClientName": name, "UserPoolId": id,
            "CallbackURLs": [format!("https://tenant-{number}.example.com/callback")],
            "ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
            "AllowedOAuthFlows": ["code"], "AllowedOAuthScopes": ["openid", "email"],
            "TokenValidityUnits": { "AccessToken": "minutes" }, "AccessTokenValidity": 30,
            "CreationDate": 1_600_000_000 + number, "LastModifiedDate": 1_700_000_000 + number })
    };
    let mut pool = json!({
        "Id": id, "Name": format!("tenant-{number}"),
        "Arn": format!("arn:aws:cognito-idp:{region}:{account}:userpool/{id}"),
        "Policies": { "PasswordPolicy": { "MinimumLength": 14, "RequireUppercase": true, "RequireLowercase": true,
            "RequireNumbers": true, "RequireSymbols": true } },
        "LambdaConfig": {
            "PreSignUp": format!("arn:aws:lambda:{region}:{account}:function:sign-up"),
            "PostConfirmation": format!("arn:aws:lambda:{region}:{account}:function:tenant-{number}"),
        },
        "MfaConfiguration": "ON", "DeletionProtection": "ACTIVE", "UserPoolTier": "ESSENTIALS",
        "AutoVerifiedAttributes": ["email", "phone_number"],
        "AccountRecoverySetting": { "RecoveryMechanisms": [{ "Name": "verified_email", "Priority": 1 }] },
        "SmsConfiguration": { "SnsRegion": region, "SnsCallerArn": format!("arn:aws:iam::{account}:role/sms") },
        "EmailVerificationMessage": format!("Tenant {number} says {{####}}"),
        "UserPoolTags": { "owner": format!("team-{}@example.com", dice.roll(50)), "stage": "prod" },
        "EstimatedNumberOfUsers": dice.roll(100_000),
        "CreationDate": 1_600_000_000 + number, "LastModifiedDate": 1_700_000_000 + number,
        "Clients": [client("web"), client("app"), client(&format!("job-{number}"))],
        "IdentityProviders": [{ "ProviderName": "Staff", "ProviderType": "OIDC", "UserPoolId": id,
            "ProviderDetails": { "client_id": format!("tenant-{number}"), "oidc_issuer": "https://login.example.com",
                "client_secret": "hidden" } }],
        "Groups": [], "ResourceServers": [],
    });
    // The same, written in another way.
    if dice.roll(2) == 0 {
        pool["AutoVerifiedAttributes"] = json!(["phone_number", "email"]);
        pool["Clients"].as_array_mut().unwrap().reverse();
        pool["Clients"][0]["EnableTokenRevocation"] = json!(true);
        pool["AdminCreateUserConfig"] = json!({ "AllowAdminCreateUserOnly": false });
        pool["UserPoolAddOns"] = Value::Null;
    }
    pool
}

fn at<'v>(list: &'v mut Value, member: &str, name: &str) -> &'v mut Value {
    list.as_array_mut().unwrap().iter_mut().find(|one| one[member] == name).unwrap()
}

/// The ways in which a pool is made unlike the others, each with the path that says so.
const PLANTED: [&str; 10] = [
    "MfaConfiguration",
    "Policies.PasswordPolicy.MinimumLength",
    "Clients[web]",
    "Clients[app].ExplicitAuthFlows",
    "IdentityProviders[Rogue]",
    "LambdaConfig.PostConfirmation",
    "UserPoolTags.owner",
    "LambdaConfig.PreSignUp",
    "DeletionProtection",
    "IdentityProviders[Staff].ProviderDetails.oidc_issuer",
];

fn plant(pool: &mut Value, which: usize) {
    match which {
        0 => pool["MfaConfiguration"] = json!("OFF"),
        1 => pool["Policies"]["PasswordPolicy"]["MinimumLength"] = json!(8),
        2 => pool["Clients"].as_array_mut().unwrap().retain(|client| client["ClientName"] != "web"),
        3 => {
            let flows = json!(["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]);
            at(&mut pool["Clients"], "ClientName", "app")["ExplicitAuthFlows"] = flows;
        }
        4 => {
            let rogue = json!({ "ProviderName": "Rogue", "ProviderType": "OIDC",
                "ProviderDetails": { "oidc_issuer": "https://rogue.example.com" } });
            pool["IdentityProviders"].as_array_mut().unwrap().push(rogue);
        }
        5 => _ = pool["LambdaConfig"].as_object_mut().unwrap().remove("PostConfirmation"),
        6 => _ = pool["UserPoolTags"].as_object_mut().unwrap().remove("owner"),
        // A function of another account.
        7 => {
            pool["LambdaConfig"]["PreSignUp"] =
                json!("arn:aws:lambda:us-east-1:777788889999:function:sign-up");
        }
        8 => _ = pool.as_object_mut().unwrap().remove("DeletionProtection"),
        _ => {
            let details = &mut at(&mut pool["IdentityProviders"], "ProviderName", "Staff")["ProviderDetails"];
            details["oidc_issuer"] = json!("https://login.example.net");
        }
    }
}

fn text(pools: &[Value]) -> Vec<u8> {
    pools.iter().map(|pool| json!({ "UserPool": pool }).to_string() + "\n").collect::<String>().into_bytes()
}

fn found(pools: &[Value], by: &[&str]) -> Outliers {
    let by = by.iter().map(|text| By::parse(text).unwrap()).collect();
    with(pools, &Terms { by, threshold: Threshold::default() })
}

fn with(pools: &[Value], terms: &Terms) -> Outliers {
    let text = text(pools);
    let open = || -> cognito_lint::drift::Deliveries {
        Box::new(texts(vec![("pools.ndjson".to_owned(), text.clone())]))
    };
    outliers(&open, None, Rules { policy: &policy(RULES), others: &[] }, terms, 0)
}

/// The paths of outliers, each with its pool.
fn places(outliers: &Outliers) -> Vec<(String, String)> {
    let each = outliers.deviations.iter().flat_map(|one| {
        one.outliers
            .iter()
            .map(|outlier| (one.path.clone(), outlier.pool.identity.name.as_deref().unwrap().to_owned()))
    });
    each.collect()
}

fn written(outliers: &Outliers, format: OutlierFormat) -> String {
    let terms = DriftTerms { fail_on: FailOnDrift::Never, allow_empty: false };
    let outcome = outcome_of_outliers(outliers, terms);
    let report = OutlierReport { outliers, outcome, terms, generated: 0 };
    let mut out = Vec::new();
    write(format, &report, Style::default(), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

const FORMATS: [OutlierFormat; 3] = [OutlierFormat::Human, OutlierFormat::Json, OutlierFormat::Html];

#[test]
fn every_planted_outlier_is_found_and_no_other() {
    for seed in 1..=3 {
        let mut dice = Dice(seed);
        let mut pools: Vec<Value> = (0..1000).map(|number| pool(number, &mut dice)).collect();
        let mut planted = BTreeSet::new();
        for (which, path) in PLANTED.iter().enumerate() {
            let number = which * 100 + dice.roll(100);
            plant(&mut pools[number], which);
            planted.insert(((*path).to_owned(), format!("tenant-{number}")));
        }
        let all = found(&pools, &[]);
        assert_eq!(places(&all).into_iter().collect::<BTreeSet<_>>(), planted, "{seed}");
        assert_eq!(places(&all).len(), PLANTED.len());
        // Outliers that weaken policy are first, those of the severest rule before the others.
        let paths: Vec<&str> = all.deviations.iter().map(|one| one.path.as_str()).take(2).collect();
        assert_eq!(paths, ["MfaConfiguration", "Policies.PasswordPolicy.MinimumLength"]);
        assert_eq!(all.count(Direction::Weakened), 2);
        let reports = FORMATS.map(|format| written(&all, format));
        dice.shuffle(&mut pools);
        let shuffled = found(&pools, &[]);
        assert_eq!(places(&shuffled), places(&all), "{seed}");
        // The places of pools in the file are others.
        let without = |report: &str| -> Vec<String> {
            report.lines().filter(|line| !line.contains("\"offset\"")).map(str::to_owned).collect()
        };
        for (format, report) in FORMATS.into_iter().zip(reports) {
            assert_eq!(without(&written(&shuffled, format)), without(&report), "{seed}");
        }
    }
}

#[test]
fn places_say_what_most_have_and_how_many_agree() {
    let mut dice = Dice(7);
    let mut pools: Vec<Value> = (0..20).map(|number| pool(number, &mut dice)).collect();
    plant(&mut pools[3], 0);
    plant(&mut pools[4], 5);
    pools[5].as_object_mut().unwrap().remove("MfaConfiguration");
    let all = found(&pools, &[]);
    let place = |path: &str| all.deviations.iter().find(|one| one.path == path).unwrap();
    let mfa = place("MfaConfiguration");
    assert_eq!((mfa.agree, mfa.known, mfa.unknown), (18, 20, 0));
    assert_eq!(mfa.most, Most::Value(Some(cognito_lint::value::Value::String("ON".into()))));
    let defaults: Vec<bool> = mfa.outliers.iter().map(|outlier| outlier.change.after_default).collect();
    assert_eq!(defaults.iter().filter(|default| **default).count(), 1);
    assert_eq!(place("LambdaConfig.PostConfirmation").most, Most::Own);
    assert_eq!(all.deviations.len(), 2);
}

#[test]
fn few_pools_and_weak_majorities_say_nothing() {
    let fleet = |count: usize| -> Vec<Value> {
        let mut dice = Dice(8);
        let mut pools: Vec<Value> = (0..count).map(|number| pool(number, &mut dice)).collect();
        plant(&mut pools[0], 0);
        pools
    };
    let four = found(&fleet(4), &[]);
    assert_eq!((four.groups, four.small, four.deviations.len()), (0, (1, 4), 0));
    let terms = DriftTerms { fail_on: FailOnDrift::Any, allow_empty: false };
    assert_eq!(outcome_of_outliers(&four, terms).exit_code(), 3);
    let terms = DriftTerms { allow_empty: true, ..terms };
    assert_eq!(outcome_of_outliers(&four, terms).exit_code(), 0);
    let five = found(&fleet(5), &[]);
    assert_eq!((five.groups, five.small, places(&five).len()), (1, (0, 0), 1));
    assert_eq!(outcome_of_outliers(&five, terms).exit_code(), 1);
    // Of ten, two differ, and three are too many.
    for (differ, expected) in [(2, 2), (3, 0)] {
        let mut pools = fleet(10);
        (0..differ).for_each(|number| plant(&mut pools[number], 0));
        assert_eq!(places(&found(&pools, &[])).len(), expected, "{differ}");
    }
    let mut pools = fleet(10);
    (0..3).for_each(|number| plant(&mut pools[number], 0));
    let threshold = Threshold { percent: 70, least: 10 };
    assert_eq!(places(&with(&pools, &Terms { by: Vec::new(), threshold })).len(), 3);
    let threshold = Threshold { percent: 70, least: 11 };
    assert_eq!(with(&pools, &Terms { by: Vec::new(), threshold }).groups, 0);
}

#[test]
fn pools_are_compared_within_their_groups() {
    let mut dice = Dice(9);
    let mut pools: Vec<Value> = (0..30).map(|number| pool(number, &mut dice)).collect();
    for (number, pool) in pools.iter_mut().enumerate() {
        let stage = ["prod", "test", "demo"][number % 3];
        pool["UserPoolTags"]["stage"] = json!(stage);
        pool["Name"] = json!(format!("{stage}-{number}"));
        if stage == "test" {
            pool["MfaConfiguration"] = json!("OFF");
        }
    }
    pools[0]["MfaConfiguration"] = json!("OFF");
    pools[1]["MfaConfiguration"] = json!("ON");
    pools[2]["UserPoolTags"].as_object_mut().unwrap().remove("stage");
    for by in [vec!["tag:stage"], vec!["prod-*", "test-*"]] {
        let all = found(&pools, &by);
        let mfa: Vec<_> = places(&all).into_iter().filter(|(path, _)| path == "MfaConfiguration").collect();
        let place = |name: &str| ("MfaConfiguration".to_owned(), name.to_owned());
        assert_eq!(mfa, [place("prod-0"), place("test-1")], "{by:?}");
        let directions: Vec<Direction> =
            all.deviations.iter().flat_map(|one| &one.outliers).map(|one| one.change.direction).collect();
        assert_eq!(directions[..2], [Direction::Weakened, Direction::Strengthened]);
        assert_eq!(all.ungrouped.values().sum::<usize>(), if by.len() == 1 { 1 } else { 10 });
    }
    let all = found(&pools, &["account", "region"]);
    assert_eq!(all.groups + all.small.0, 4);
    for wrong in ["", "acount", "tag:", "prod"] {
        assert!(By::parse(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn what_is_unknown_neither_agrees_nor_differs() {
    let mut dice = Dice(10);
    let mut pools: Vec<Value> = (0..10).map(|number| pool(number, &mut dice)).collect();
    for pool in &mut pools[0..4] {
        pool.as_object_mut().unwrap().remove("IdentityProviders");
    }
    plant(&mut pools[9], 9);
    let all = found(&pools, &[]);
    let one = &all.deviations[0];
    assert_eq!((one.agree, one.known, places(&all).len()), (5, 6, 1));
    let gap = all.gaps.iter().find(|gap| gap.what == "IdentityProviders").unwrap();
    assert_eq!((gap.pools, gap.incomplete), (4, false));
    // An answer that was cut short.
    pools[1].as_object_mut().unwrap().remove("Policies");
    let cut = found(&pools, &[]);
    assert!(cut.is_incomplete());
    assert_eq!(places(&cut), places(&all));
}

#[test]
fn a_pool_that_is_there_again_is_compared_once() {
    let mut dice = Dice(11);
    let mut pools: Vec<Value> = (0..6).map(|number| pool(number, &mut dice)).collect();
    pools.extend(pools.clone());
    pools.extend(pools.clone());
    plant(&mut pools[5], 0);
    let all = found(&pools, &[]);
    assert_eq!(all.pools, 6);
    assert_eq!(places(&all), [("MfaConfiguration".to_owned(), "tenant-5".to_owned())]);
    assert_eq!(all.notes.len(), 1);
}

#[test]
fn another_client_of_the_same_name_is_no_disguise() {
    let mut dice = Dice(14);
    let mut pools: Vec<Value> = (0..10).map(|number| pool(number, &mut dice)).collect();
    for pool in &mut pools {
        pool["Clients"].as_array_mut().unwrap().retain(|client| client["ClientName"] == "web");
    }
    let mut second = pools[4]["Clients"][0].clone();
    second["ClientId"] = json!("another");
    pools[4]["Clients"].as_array_mut().unwrap().push(second);
    let all = found(&pools, &[]);
    assert_eq!(places(&all), [("Clients[web]".to_owned(), "tenant-4".to_owned())]);
}

#[test]
fn siblings_are_held_against_each_other() {
    let mut dice = Dice(12);
    let mut pools: Vec<Value> = Vec::new();
    for number in 0..4 {
        for stage in ["stage", "prod"] {
            let mut one = pool(pools.len(), &mut dice);
            one["Name"] = json!(format!("{stage}-shop-{number}"));
            pools.push(one);
        }
    }
    plant(&mut pools[1], 0);
    pools[7]["Name"] = json!("alone");
    let text = text(&pools);
    let open = || -> cognito_lint::drift::Deliveries {
        Box::new(texts(vec![("pools.ndjson".to_owned(), text.clone())]))
    };
    let patterns = [SiblingPattern::parse("stage-*=prod-*").unwrap()];
    let rules = policy(RULES);
    let all = siblings(&open, &patterns, Rules { policy: &rules, others: &[] }, 0);
    assert_eq!(all.pairs, Some(3));
    let mine = |(path, _): &(String, String)| !path.starts_with("UserPoolTags") && !path.contains("tenant");
    let places: Vec<_> = places(&all).into_iter().filter(mine).collect();
    let weak = ("MfaConfiguration".to_owned(), "prod-shop-0".to_owned());
    assert_eq!(places[0], weak);
    assert_eq!(places.iter().filter(|one| one.0 == "MfaConfiguration").count(), 1);
    // Values of the own account and Region are the same; functions and addresses of the own name are not.
    assert!(!places.iter().any(|(path, _)| path == "LambdaConfig.PreSignUp" || path.starts_with("Sms")));
    assert_eq!(all.notes.len(), 2);
}

#[test]
fn reports_fit_the_schema_and_hold_no_text_of_others_as_it_is() {
    let schema: Value = serde_json::from_str(OUTLIERS_SCHEMA).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let hostile = "\u{1b}[31m</td><script>alert(1)</script>\u{202e}\n::error::##[x]";
    let mut dice = Dice(13);
    let mut pools: Vec<Value> = (0..10).map(|number| pool(number, &mut dice)).collect();
    for pool in &mut pools {
        pool["Name"] = json!(format!("{hostile}{}", pool["Name"]));
        pool["UserPoolTags"][hostile] = json!(hostile);
    }
    pools[0]["UserPoolTags"].as_object_mut().unwrap().remove(hostile);
    pools[1]["IdentityProviders"][0]["ProviderName"] = json!(hostile);
    pools[2]["MfaConfiguration"] = json!(hostile);
    let by = format!("tag:{hostile}");
    for by in [vec![], vec![by.as_str()]] {
        let all = found(&pools, &by);
        assert!(all.deviations.len() > 1, "{:?}", places(&all));
        let report: Value = serde_json::from_str(&written(&all, OutlierFormat::Json)).unwrap();
        let complaints: Vec<String> = validator
            .iter_errors(&report)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert_eq!(complaints, Vec::<String>::new());
        for format in FORMATS {
            let report = written(&all, format);
            assert!(!report.contains(['\u{1b}', '\u{202e}']), "{format:?}: {report}");
            assert!(!report.contains("<script>alert") || format != OutlierFormat::Html, "{report}");
            assert!(!report.lines().any(|line| line.trim_start().starts_with("::error")), "{report}");
        }
    }
}
