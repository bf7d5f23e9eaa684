//! The identity of pools and elements, and values that mean the same.

use cognito_lint::drift::{Direction, Drift, Rules, Side, drift};
use cognito_lint::schema::{Kind, NodeId, schema};
use cognito_lint::source::{About, Unread};
use serde_json::{Value, json};

use crate::drift::{between, side};
use crate::every_path::policy;

fn compare(recorded: &Side, current: &Side) -> Drift {
    drift(Rules { policy: &policy(RULE), others: &[] }, recorded, current, &[], 0)
}

const RULE: &str =
    "[[rule]]\nid = 'owner-tag-missing'\nexpect = { path = 'UserPoolTags.owner', present = true }";

fn arn(region: &str, account: &str) -> String {
    format!("arn:aws:cognito-idp:{region}:{account}:userpool/us-east-1_Example1")
}

fn pool(region: &str, mfa: &str) -> Value {
    let arn = arn(region, "111122223333");
    let policies = json!({ "PasswordPolicy": { "MinimumLength": 8 } });
    json!({
        "Id": "us-east-1_Example1", "Name": "example", "Arn": arn, "MfaConfiguration": mfa, "Policies": policies
    })
}

/// Both in one side.
fn both(a: &Value, b: &Value) -> Side {
    let mut first = side(a);
    first.pools.append(&mut side(b).pools);
    first
}

#[test]
fn replicas_with_one_id_are_two_pools() {
    let recorded = both(&pool("us-east-1", "ON"), &pool("eu-west-1", "ON"));
    let same = both(&pool("eu-west-1", "ON"), &pool("us-east-1", "ON"));
    let found = compare(&recorded, &same);
    assert_eq!((found.compared, found.pools.len(), found.unread), (2, 0, Vec::new()));
    let changed = both(&pool("eu-west-1", "OFF"), &pool("us-east-1", "ON"));
    let found = compare(&recorded, &changed);
    assert_eq!(found.pools.len(), 1);
    let region = found.pools[0].pool().unwrap().identity.region.as_deref();
    assert_eq!(region, Some("eu-west-1"));
    let found = compare(&recorded, &side(&pool("us-east-1", "ON")));
    assert!(found.pools.len() == 1 && found.pools[0].current.is_none(), "one of them was removed");
}

#[test]
fn a_pool_without_id_arn_and_name_is_neither_added_nor_removed() {
    let nameless = json!({ "MfaConfiguration": "OFF" });
    let found = compare(&side(&nameless), &side(&nameless));
    assert!(found.pools.is_empty(), "{:?}", found.pools);
    assert_eq!(found.unread.len(), 1);
}

fn unread(account: Option<&str>, region: &str, pool: Option<&str>, code: &str) -> Unread {
    let text = |text: Option<&str>| text.map(str::to_owned);
    Unread {
        // Its name decides nothing.
        target: "shop_eu".to_owned(),
        operation: Some("DescribeUserPool".to_owned()),
        code: Some(code.to_owned()),
        message: "no".to_owned(),
        help: None,
        at: None,
        about: About {
            account: text(account),
            region: Some(region.to_owned()),
            pool: text(pool),
            ..About::default()
        },
    }
}

#[test]
fn a_pool_that_could_not_be_read_was_not_removed() {
    let recorded = side(&pool("us-east-1", "ON"));
    let id = Some("us-east-1_Example1");
    let denied = "AccessDeniedException";
    for (unread, removed) in [
        (unread(Some("111122223333"), "us-east-1", id, denied), false),
        (unread(Some("111122223333"), "us-east-1", None, denied), false),
        (unread(None, "us-east-1", None, denied), false),
        (unread(Some("444455556666"), "us-east-1", None, denied), true),
        (unread(Some("111122223333"), "eu-west-1", id, denied), true),
        (unread(Some("111122223333"), "us-east-1", Some("us-east-1_Other1"), denied), true),
    ] {
        let told = format!("{unread:?}");
        let side = Side { unread: vec![unread], ..Side::default() };
        let found = compare(&recorded, &side);
        assert_eq!(!found.pools.is_empty(), removed, "{told}");
        assert_eq!(found.unread.len(), 1, "{told}");
        // The same way round: what could not be recorded was not added.
        let found = compare(&side, &recorded);
        assert_eq!(!found.pools.is_empty(), removed, "{told}");
    }
}

#[test]
fn a_pool_that_the_service_does_not_find_was_removed() {
    let gone =
        unread(Some("111122223333"), "us-east-1", Some("us-east-1_Example1"), "ResourceNotFoundException");
    let current = Side { unread: vec![gone], ..Side::default() };
    let found = compare(&side(&pool("us-east-1", "ON")), &current);
    assert_eq!((found.pools.len(), found.unread.len()), (1, 0), "removed, and that is all");
}

#[test]
fn a_rule_on_one_tag_is_about_that_tag() {
    let with = |tags: Value| {
        let mut pool = pool("us-east-1", "ON");
        pool["UserPoolTags"] = tags;
        side(&pool)
    };
    let found = compare(&with(json!({ "owner": "a" })), &with(json!({ "env": "x" })));
    let told: Vec<_> =
        found.pools[0].changes.iter().map(|change| (change.path.as_str(), change.direction)).collect();
    let expected = [("UserPoolTags.env", Direction::Neutral), ("UserPoolTags.owner", Direction::Weakened)];
    assert_eq!(told, expected);
}

/// A pool with one member of the pool itself or of a client.
fn with(id: NodeId, value: Option<Value>) -> Option<Value> {
    let node = schema().node(id);
    let mut pool = pool("us-east-1", "ON");
    pool["Clients"] = json!([{ "ClientId": "1example", "ClientName": "web", "EnableTokenRevocation": true }]);
    let (mut at, path) = match node.path.split_once("[].") {
        Some(("Clients", inner)) => (&mut pool["Clients"][0], inner),
        Some(_) => return None,
        None => (&mut pool, node.path.as_ref()),
    };
    let value = value?;
    for name in path.split('.') {
        at = at.as_object_mut()?.entry(name).or_insert(json!({}));
    }
    *at = value;
    Some(pool)
}

#[test]
fn a_zero_that_means_the_default_is_the_default() {
    let mut seen = 0;
    for (id, node) in schema().nodes().filter(|(_, node)| node.zero_is_absent) {
        assert_eq!(node.kind, Kind::Integer, "{}", node.path);
        let zero = with(id, Some(json!(0))).unwrap();
        let default = node.given_default().map_or(Value::Null, cognito_lint::value::Value::to_json);
        let default = with(id, Some(default)).unwrap();
        let found = between(&zero, &default);
        assert!(found.pools.is_empty(), "{}: {:#?}", node.path, found.pools);
        seen += 1;
    }
    assert!(seen >= 4);
}

#[test]
fn an_empty_list_is_a_change_only_where_it_says_something_else() {
    let grants = schema().find("DcrConfiguration.OpenDcrGrantTypes").unwrap();
    let attributes = schema().find("Clients[].WriteAttributes").unwrap();
    let drifts = |id, a: Value, b: Value| {
        let found = between(&with(id, Some(a)).unwrap(), &with(id, Some(b)).unwrap());
        !found.pools.is_empty()
    };
    assert!(drifts(grants, json!([]), json!(["code"])), "nothing may be granted, and the default");
    assert!(!drifts(grants, Value::Null, json!(["code"])));
    assert!(!drifts(attributes, json!([]), Value::Null), "every standard attribute");
}

#[test]
fn an_empty_external_id_is_none() {
    let of = |external: Value| {
        let mut pool = pool("us-east-1", "ON");
        pool["SmsConfiguration"] =
            json!({ "SnsCallerArn": "arn:aws:iam::111122223333:role/sms", "ExternalId": external });
        side(&pool)
    };
    let found = compare(&of(json!("")), &of(Value::Null));
    assert!(found.pools.is_empty(), "{:#?}", found.pools);
    assert_eq!(compare(&of(json!("")), &of(json!("made-up"))).pools.len(), 1);
}

#[test]
fn the_members_of_a_web_acl_are_known() {
    let mut pool = pool("us-east-1", "ON");
    let visible =
        json!({ "SampledRequestsEnabled": true, "CloudWatchMetricsEnabled": true, "MetricName": "m" });
    let byte = json!({ "ByteMatchStatement": { "SearchString": "x" } });
    pool["WebACL"] = json!({
        "Name": "acl", "Id": "1", "VisibilityConfig": visible, "DefaultAction": { "Allow": {} },
        "Rules": [
            { "Name": "rate", "Priority": 0, "Action": { "Block": {} }, "VisibilityConfig": visible,
              "Statement": { "RateBasedStatement": {
                  "Limit": 100, "AggregateKeyType": "IP", "ScopeDownStatement": byte } } },
            { "Name": "managed", "Priority": 1, "OverrideAction": { "None": {} }, "VisibilityConfig": visible,
              "Statement": { "ManagedRuleGroupStatement": { "VendorName": "AWS", "Name": "Common",
                  "RuleActionOverrides": [{ "Name": "x", "ActionToUse": { "Count": {} } }] } } },
        ],
    });
    assert_eq!(side(&pool).pools[0].unknown_members, Vec::<String>::new());
}
