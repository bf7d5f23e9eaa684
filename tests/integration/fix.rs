//! The inputs that `fix` writes, held against a model of `UpdateUserPool` that resets whatever it is not given.

use cognito_lint::evaluate::verdict;
use cognito_lint::fix::{Fix, Input, Operation, Wish, fix};
use cognito_lint::pool::{Pool, Projection, Section};
use cognito_lint::rule::assemble::assemble;
use cognito_lint::rule::{Policy, Verdict, builtin, written};
use cognito_lint::schema::{Kind, NodeId, Path, schema};
use cognito_lint::source::{self, Chunk, Shape};
use serde_json::{Map, Value, json};

use crate::every_path::policy;

const EXTERNAL_ID: &str = "made-for-the-test";

/// Older names for members of `VerificationMessageTemplate`.
const MIRRORED: [(&str, &str); 3] = [
    ("SmsVerificationMessage", "SmsMessage"),
    ("EmailVerificationMessage", "EmailMessage"),
    ("EmailVerificationSubject", "EmailSubject"),
];

/// Every built-in rule but those that ask for the opposite of another, as those do that give the verdicts of another
/// tool.
fn every_rule() -> Policy {
    let mut mistakes = Vec::new();
    // With passkeys, a pool that does not require user verification would fail another rule.
    let others = [
        "password-character-classes-missing",
        "password-letters-and-digits-unforced",
        "phishing-resistant-sign-in-missing",
    ];
    let scripts = builtin::ids().into_iter().filter(|id| !others.contains(id)).filter_map(builtin::rule);
    let rules = scripts.flat_map(|script| written::read(&script, &mut mistakes));
    let rules = rules.filter(|rule| !rule.tags.iter().any(|(tag, _)| tag == "parity")).collect();
    let policy = assemble(rules, &[], &[], Vec::new(), &mut mistakes);
    assert!(mistakes.is_empty(), "{mistakes:?}");
    policy
}

/// The pool of an answer, whole.
fn read(document: &Value) -> Pool {
    let whole = Projection::everything();
    let bytes = json!({ "UserPool": document }).to_string().into_bytes();
    let held = vec![Section::MfaConfig];
    let chunk = Chunk { bytes, held, first_line: 1, shape: Shape::Document, ..Chunk::default() };
    let read = source::read(&chunk, &whole);
    assert!(!read.pools[0].is_declared(), "an answer was taken for a template");
    let (mut pools, unread, _) = read.first();
    assert_eq!(unread, []);
    pools.remove(0)
}

/// A sequence of numbers that looks random and is the same on every machine (splitmix64).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % sides
    }
}

/// A possible value of a node of the schema.
fn value(id: NodeId, dice: &mut Dice) -> Value {
    let node = schema().node(id);
    match node.kind {
        Kind::String if !node.values.is_empty() => {
            let at = dice.roll(node.values.len() as u64);
            json!(node.values[usize::try_from(at).unwrap()])
        }
        Kind::String if node.numeric => json!(dice.roll(100).to_string()),
        Kind::String => json!("x".repeat(usize::try_from(node.min.unwrap_or(1).max(1)).unwrap())),
        Kind::Integer => {
            let (min, max) = (node.min.unwrap_or(0), node.max.unwrap_or(100));
            json!(min + i64::try_from(dice.roll(u64::try_from(max - min + 1).unwrap())).unwrap())
        }
        Kind::Boolean => json!(dice.roll(2) == 0),
        Kind::Timestamp => json!(1_700_000_000 + dice.roll(1_000_000)),
        Kind::List => {
            let mut items: Vec<Value> = Vec::new();
            for _ in 0..dice.roll(3) {
                let item = value(node.element.unwrap(), dice);
                if !items.contains(&item) {
                    items.push(item);
                }
            }
            json!(items)
        }
        Kind::Map => {
            json!({ "aws:cloudformation:stack-name": "stack", "owner": value(node.element.unwrap(), dice) })
        }
        Kind::Structure => {
            let mut members = Map::new();
            for member in node.members.iter().filter(|member| schema().node(**member).is_sent()) {
                if schema().node(*member).required || dice.roll(10) < 6 {
                    members.insert(schema().node(*member).name.to_string(), value(*member, dice));
                }
            }
            Value::Object(members)
        }
    }
}

/// An answer of `DescribeUserPool` that the service could give, with or without the answer about MFA.
fn answer(dice: &mut Dice) -> Value {
    let mut pool = value(NodeId::ROOT, dice);
    let members = pool.as_object_mut().unwrap();
    for section in Section::ATTACHED.into_iter().filter(|section| *section != Section::MfaConfig) {
        members.remove(section.member());
    }
    members.insert("Id".to_owned(), json!("eu-west-1_Example1"));
    members.insert("Name".to_owned(), json!("example"));
    let arn = "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_Example1";
    members.insert("Arn".to_owned(), json!(arn));
    let tier = schema().find("UserPoolTier").unwrap();
    members.insert("UserPoolTier".to_owned(), value(tier, dice));
    members.remove("AcrConfiguration");
    let policy = &mut members.entry("Policies").or_insert(json!({}))["PasswordPolicy"];
    if policy.is_null() {
        *policy = json!({ "MinimumLength": 8 });
    }
    if members["UserPoolTier"] == "LITE"
        && let Some(policies) = members.get_mut("Policies").and_then(Value::as_object_mut)
    {
        policies.remove("SignInPolicy");
        let password = policies.get_mut("PasswordPolicy").and_then(Value::as_object_mut);
        password.map(|password| password.remove("PasswordHistorySize"));
    }
    // The newer template and the older names say the same in every answer.
    for (older, newer) in MIRRORED {
        let mirrored = members.get("VerificationMessageTemplate").map(|template| template[newer].clone());
        match mirrored {
            Some(Value::Null) => drop(members.remove(older)),
            Some(message) => drop(members.insert(older.to_owned(), message)),
            None => {}
        }
    }
    pool
}

/// A pool after `UpdateUserPool`: members that are omitted are reset. Sources: the API reference of `UpdateUserPool`
/// on omitted members, and on `DcrConfiguration`, which stays.
fn update(before: &Value, input: &Value) -> Value {
    const STAY: [&str; 17] = [
        "Id",
        "Arn",
        "Status",
        "CreationDate",
        "LastModifiedDate",
        "EstimatedNumberOfUsers",
        "SmsConfigurationFailure",
        "EmailConfigurationFailure",
        "Domain",
        "CustomDomain",
        "AliasAttributes",
        "UsernameAttributes",
        "UsernameConfiguration",
        "SchemaAttributes",
        "MfaConfig",
        "DcrConfiguration",
        "",
    ];
    let mut after = before.as_object().unwrap().clone();
    after.retain(|name, _| STAY.contains(&name.as_str()));
    for (name, value) in input.as_object().unwrap() {
        let name = match name.as_str() {
            "UserPoolId" => continue,
            "PoolName" => "Name",
            name => name,
        };
        after.insert(name.to_owned(), value.clone());
    }
    Value::Object(after)
}

/// The request of the AWS CLI.
fn sent(input: &Input) -> Value {
    let mut text = Vec::new();
    cognito_lint::report::fix::json(input, &mut text).unwrap();
    serde_json::from_slice(&text).unwrap()
}

/// A pool after `SetUserPoolMfaConfig`, which replaces everything.
fn set_mfa(before: &Value, input: &Value) -> Value {
    let mut after = before.clone();
    let mut config = input.as_object().unwrap().clone();
    config.remove("UserPoolId");
    after["MfaConfiguration"] = config["MfaConfiguration"].clone();
    after["MfaConfig"] = Value::Object(config);
    after
}

/// The pool with the reported changes, applied one by one.
fn changed(before: &Value, fix: &Fix) -> Value {
    let mut after = before.clone();
    for change in &fix.changes {
        set(&mut after, &change.path, change.after.as_ref().map(cognito_lint::value::Value::to_json));
    }
    after
}

fn set(mut at: &mut Value, path: &str, value: Option<Value>) {
    let steps: Vec<&str> = path.split('.').collect();
    for step in &steps[..steps.len() - 1] {
        at = at.as_object_mut().unwrap().entry((*step).to_owned()).or_insert_with(|| json!({}));
    }
    let last = (*steps.last().unwrap()).to_owned();
    match value {
        Some(value) => drop(at.as_object_mut().unwrap().insert(last, value)),
        None => drop(at.as_object_mut().unwrap().remove(&last)),
    }
}

/// A pool without what says nothing: empty structures, mirrored names, the tags of AWS.
fn bare(mut pool: Value) -> Value {
    let members = pool.as_object_mut().unwrap();
    for (older, newer) in MIRRORED {
        if members.get("VerificationMessageTemplate").map(|template| &template[newer]) == members.get(older) {
            members.remove(older);
        }
    }
    let temporary =
        members.get("Policies").map(|policies| &policies["PasswordPolicy"]["TemporaryPasswordValidityDays"]);
    if temporary.is_some_and(Value::is_number) {
        let create = members.get_mut("AdminCreateUserConfig").and_then(Value::as_object_mut);
        create.map(|create| create.remove("UnusedAccountValidityDays"));
    }
    if let Some(tags) = members.get_mut("UserPoolTags").and_then(Value::as_object_mut) {
        tags.retain(|key, _| !key.starts_with("aws:"));
    }
    for name in ["UserPoolAddOns", "SmsConfiguration"] {
        if members.get(name) == Some(&json!({})) {
            members.remove(name);
        }
    }
    // The answer about MFA repeats the setting.
    if let Some(config) = members.get_mut("MfaConfig").and_then(Value::as_object_mut) {
        config.remove("MfaConfiguration");
        // A factor without settings is as good as none, and cannot be sent.
        config.retain(|_, factor| *factor != json!({}));
        if config.is_empty() {
            members.remove("MfaConfig");
        }
    }
    pool
}

/// External ids become the one that the wish gives.
fn with_external_id(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (name, inner) in members {
                if name == "ExternalId" {
                    *inner = json!(EXTERNAL_ID);
                }
                with_external_id(inner);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(with_external_id),
        _ => {}
    }
}

/// The two calls that answer the MFA setting answer the same.
fn with_one_mfa_setting(pool: &mut Value) {
    let setting = pool["MfaConfig"]["MfaConfiguration"].clone();
    if setting.is_string() {
        pool["MfaConfiguration"] = setting;
    }
}

fn wish() -> Wish {
    let choose = |path: &str, value: &str| {
        (Path::parse(path).unwrap(), cognito_lint::value::Value::String(value.to_owned().into()))
    };
    Wish {
        chosen: vec![choose("MfaConfiguration", "ON")],
        sms_external_id: Some(EXTERNAL_ID.to_owned()),
        ..Wish::default()
    }
}

#[test]
fn nothing_but_the_changes_changes() {
    let policy = every_rule();
    let (mut written, mut left) = (0, 0);
    for seed in 0..400 {
        let mut before = answer(&mut Dice(seed));
        with_external_id(&mut before);
        with_one_mfa_setting(&mut before);
        let pool = read(&before);
        let Ok(fix) = fix(&policy, &pool, &wish()) else {
            left += 1;
            continue;
        };
        let after = fix.inputs.iter().fold(before.clone(), |pool, input| match input.operation {
            Operation::UpdateUserPool => update(&pool, &sent(input)),
            Operation::SetUserPoolMfaConfig => set_mfa(&pool, &sent(input)),
            Operation::UpdateUserPoolClient => panic!("the pool has no clients"),
        });
        assert_eq!(bare(after.clone()), bare(changed(&before, &fix)), "seed {seed}: {fix:#?}");
        let fixed = read(&after);
        for rule in &policy.rules {
            let asked = fix.changes.iter().any(|change| change.rules.contains(&rule.id));
            let (before, after) = (verdict(rule, &pool, 0), verdict(rule, &fixed, 0));
            // A change for another rule may make it one that does not apply.
            let mended = matches!(after, Verdict::Pass | Verdict::Skipped);
            assert!(!asked || mended, "seed {seed}: {} is {after:?}", rule.id);
            assert!(before == Verdict::Fail || after != Verdict::Fail, "seed {seed}: {} fails now", rule.id);
        }
        written += usize::from(!fix.inputs.is_empty());
    }
    // The others are refused: with MFA on, a pool without a recovery setting would fail another rule.
    assert!(280 < written, "{written} pools were mended, {left} refused");
}

/// A client that the service could answer.
fn client(dice: &mut Dice, number: usize) -> Value {
    let list = schema().node(schema().find("Clients").unwrap());
    let mut client = value(list.element.unwrap(), dice);
    let members = client.as_object_mut().unwrap();
    for own in ["RiskConfiguration", "SessionConfiguration", "ClientSecrets", "ManagedLoginBranding"] {
        members.remove(own);
    }
    members.insert("UserPoolId".to_owned(), json!("eu-west-1_Example1"));
    members.insert("ClientId".to_owned(), json!(format!("{number}example")));
    members.insert("ClientName".to_owned(), json!("web"));
    for date in ["CreationDate", "LastModifiedDate"] {
        members.insert(date.to_owned(), json!(1_700_000_000));
    }
    if number != 1 {
        members.remove("AnalyticsConfiguration");
    }
    client
}

/// A client after `UpdateUserPoolClient`, which keeps what nobody can set, and resets what it is not given.
fn update_client(before: &Value, input: &Value) -> Value {
    let kept = [
        "UserPoolId",
        "ClientId",
        "ClientSecret",
        "ClientSecretArn",
        "ClientType",
        "CreationDate",
        "LastModifiedDate",
    ];
    let mut after = before.as_object().unwrap().clone();
    after.retain(|name, _| kept.contains(&name.as_str()));
    after.extend(input.as_object().unwrap().clone());
    Value::Object(after)
}

/// A client without members that mean the same as their absence.
fn without_nothing(client: &Value) -> Value {
    let list = schema().node(schema().find("Clients").unwrap());
    let mut members = client.as_object().unwrap().clone();
    members.retain(|name, value| {
        let node = schema().node(schema().member(list.element.unwrap(), name).unwrap());
        !node.means_none(&cognito_lint::value::Value::parse_json(&value.to_string()).unwrap())
    });
    Value::Object(members)
}

#[test]
fn nothing_but_the_changes_of_clients_changes() {
    let policy = every_rule();
    let (mut written, mut left) = (0, 0);
    for seed in 0..200 {
        let dice = &mut Dice(seed);
        let mut before = json!({"Id": "eu-west-1_Example1", "Name": "example", "UserPoolTier": "PLUS",
            "MfaConfiguration": "ON", "Policies": { "PasswordPolicy": { "MinimumLength": 14 } } });
        before["Clients"] = (0..3).map(|number| client(dice, number)).collect();
        let pool = read(&before);
        let rules: Vec<String> =
            policy.rules.iter().filter(|rule| rule.each.is_some()).map(|rule| rule.id.to_string()).collect();
        let Ok(fix) = fix(&policy, &pool, &Wish { rules, ..Wish::default() }) else {
            left += 1;
            continue;
        };
        let mut after = before.clone();
        for input in &fix.inputs {
            assert_eq!(input.operation, Operation::UpdateUserPoolClient);
            let input = sent(input);
            let clients = after["Clients"].as_array_mut().unwrap();
            let own = clients.iter_mut().find(|one| one["ClientId"] == input["ClientId"]).unwrap();
            *own = update_client(own, &input);
            written += 1;
        }
        for (number, own) in after["Clients"].as_array().unwrap().iter().enumerate() {
            let mut wanted = before["Clients"][number].clone();
            let start = format!("Clients[web ({number}example)].");
            for change in &fix.changes {
                if let Some(path) = change.path.strip_prefix(&start) {
                    set(&mut wanted, path, change.after.as_ref().map(cognito_lint::value::Value::to_json));
                }
            }
            assert_eq!(without_nothing(own), without_nothing(&wanted), "seed {seed}: {fix:#?}");
        }
        // Nothing that failed for no client fails for one now.
        let fixed = read(&after);
        for rule in &policy.rules {
            let (before, after) = (verdict(rule, &pool, 0), verdict(rule, &fixed, 0));
            assert!(before == Verdict::Fail || after != Verdict::Fail, "seed {seed}: {} fails now", rule.id);
        }
    }
    assert!(200 < written, "{written} clients were mended, {left} pools refused");
}

#[test]
fn a_pool_that_passes_needs_nothing() {
    let rule = "[[rule]]\nid = 'mfa-off'\nexpect = { path = 'MfaConfiguration', not-equals = 'OFF' }";
    let pool = json!({"Id": "eu-west-1_Example1", "Name": "example", "MfaConfiguration": "ON", "UserPoolTier": "PLUS",
        "Policies": { "PasswordPolicy": { "MinimumLength": 8 } } });
    let fix = fix(&policy(rule), &read(&pool), &Wish::default()).unwrap();
    assert!(fix.changes.is_empty() && fix.inputs.is_empty() && fix.left.is_empty());
}

/// Each refusal with the words that say what to do.
#[test]
fn what_would_lose_something_is_refused() {
    let long =
        "[[rule]]\nid = 'short'\nexpect = { path = 'Policies.PasswordPolicy.MinimumLength', at-least = 12 }";
    let whole = json!({
        "Id": "eu-west-1_Example1", "Name": "example", "UserPoolTier": "PLUS",
        "Policies": { "PasswordPolicy": { "MinimumLength": 8 } }
    });
    let without = |member: &str| {
        let mut pool = whole.clone();
        pool.as_object_mut().unwrap().remove(member);
        pool
    };
    let with = |member: &str, value: Value| {
        let mut pool = whole.clone();
        pool[member] = value;
        pool
    };
    let cases = [
        (without("UserPoolTier"), "does not have the pool's tier"),
        (without("Id"), "the pool has no id"),
        (without("Policies"), "has no `Policies.PasswordPolicy`"),
        (with("Policies", json!({})), "has no `Policies.PasswordPolicy`"),
        (without("Name"), "has no `Name`"),
        (with("SomethingNew", json!(1)), "the pool has `SomethingNew`"),
        (with("SmsConfiguration", json!({"ExternalId": "x"})), "`ExternalId` is a secret"),
    ];
    for (pool, said) in cases {
        let obstacle = fix(&policy(long), &read(&pool), &Wish::default()).unwrap_err();
        assert!(obstacle.message.contains(said), "{obstacle:?} does not say {said:?}");
        assert!(!obstacle.help.is_empty());
    }
}

#[test]
fn the_last_element_of_a_list_that_cannot_be_empty_stays() {
    let rule = "[[rule]]\nid = 'code'\nexpect = { path = 'Policies.SignInPolicy.AllowedFirstAuthFactors', not-contains = 'EMAIL_OTP' }";
    let pool = |factors: Value| {
        json!({
            "Id": "eu-west-1_Example1", "Name": "example", "UserPoolTier": "PLUS",
            "Policies": {
                "PasswordPolicy": { "MinimumLength": 8 },
                "SignInPolicy": { "AllowedFirstAuthFactors": factors }
            }
        })
    };
    let only = fix(&policy(rule), &read(&pool(json!(["EMAIL_OTP"]))), &Wish::default()).unwrap();
    assert!(only.inputs.is_empty() && only.left[0].obstacle.message.contains("cannot be empty"), "{only:?}");
    let two = pool(json!(["PASSWORD", "EMAIL_OTP"]));
    let two = fix(&policy(rule), &read(&two), &Wish::default()).unwrap();
    assert_eq!(
        sent(&two.inputs[0])["Policies"]["SignInPolicy"]["AllowedFirstAuthFactors"],
        json!(["PASSWORD"])
    );
}
