//! Pools that mean the same do not drift, however they are written; and a change at any path is seen.

use cognito_lint::drift::{Drift, Rules, Side, drift};
use cognito_lint::outcome::{DriftTerms, FailOnDrift, outcome_of_drift};
use cognito_lint::pool::{Projection, Section};
use cognito_lint::report::drift::{DriftFormat, DriftReport, write};
use cognito_lint::report::{DRIFT_SCHEMA, Style};
use cognito_lint::rule::Policy;
use cognito_lint::schema::{Around, InputKind, Kind, Node, NodeId, schema};
use cognito_lint::source::{Chunk, read};
use serde_json::{Map, Value, json};

use crate::every_path::policy;

/// A rule with a bound, and one that turns.
const RULES: &str = r#"
[[rule]]
id = "password-too-short"
expect = { path = "Policies.PasswordPolicy.MinimumLength", at-least = 12 }
[[rule]]
id = "mfa-off"
expect = { path = "MfaConfiguration", not-equals = "OFF" }
"#;

/// Numbers that look random and are the same in every run.
pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }

    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            let j = self.roll(i + 1);
            items.swap(i, j);
        }
    }
}

pub fn side(document: &Value) -> Side {
    let bytes = json!({ "UserPool": document }).to_string().into_bytes();
    let held = Section::ATTACHED.to_vec();
    let chunk = Chunk { bytes, held, first_line: 1, ..Chunk::default() };
    let (pools, unread, notes) = read(&chunk, &Projection::everything()).first();
    assert_eq!((unread, notes), (Vec::new(), Vec::new()));
    Side { pools, ..Side::default() }
}

pub fn between(a: &Value, b: &Value) -> Drift {
    against(RULES, &side(a), &side(b))
}

fn against(rules: &str, recorded: &Side, current: &Side) -> Drift {
    drift(Rules { policy: &policy(rules), others: &[] }, recorded, current, &[], 0)
}

fn paths(drift: &Drift) -> Vec<&str> {
    drift.pools.iter().flat_map(|pool| &pool.changes).map(|change| change.path.as_str()).collect()
}

/// A pool with something at many places; `dice` decides at which.
fn pool(dice: &mut Dice) -> Value {
    let Value::Object(mut document) = value(NodeId::ROOT, dice) else { panic!() };
    document.insert("Id".to_owned(), json!("us-east-1_aaa"));
    document
        .insert("Arn".to_owned(), json!("arn:aws:cognito-idp:us-east-1:111122223333:userpool/us-east-1_aaa"));
    document.insert("UserPoolTier".to_owned(), json!("PLUS"));
    // Members that repeat others do so.
    for (mirror, told) in
        [("SmsVerificationMessage", "SmsMessage"), ("EmailVerificationMessage", "EmailMessage")]
    {
        let text =
            document.get("VerificationMessageTemplate").and_then(|template| template.get(told)).cloned();
        document.remove(mirror);
        document.extend(text.map(|text| (mirror.to_owned(), text)));
    }
    for gone in ["EmailVerificationSubject", "MfaConfig", "AdminCreateUserConfig", "LambdaConfig"] {
        document.remove(gone);
    }
    Value::Object(document)
}

fn value(id: NodeId, dice: &mut Dice) -> Value {
    let node = schema().node(id);
    match node.kind {
        Kind::Structure => {
            let members = node.members.iter().map(|id| (*id, schema().node(*id)));
            let given: Vec<_> =
                members.filter(|(_, member)| member.is_sent()).filter(|_| dice.roll(3) > 0).collect();
            given.into_iter().map(|(id, member)| (member.name.to_string(), value(id, dice))).collect()
        }
        Kind::List => {
            let Some(element) = node.element else { return json!([]) };
            let count = dice.roll(4);
            let mut items: Vec<Value> = (0..count).map(|_| value(element, dice)).collect();
            if let Some(key) = &node.key {
                for (number, item) in items.iter_mut().enumerate() {
                    item[key.as_ref()] = json!(format!("key{number}"));
                }
            }
            let mut once = Vec::new();
            items.retain(|item| (!once.contains(item)).then(|| once.push(item.clone())).is_some());
            Value::Array(items)
        }
        Kind::Map => {
            (0..dice.roll(3)).map(|i| (format!("k{i}"), json!(format!("v{}", dice.roll(9))))).collect()
        }
        _ => plain(node, dice.roll(5)),
    }
}

/// One of five values for a path, all different if there are that many.
fn plain(node: &Node, choice: usize) -> Value {
    match node.kind {
        Kind::Boolean => json!(choice.is_multiple_of(2)),
        Kind::Integer => json!(node.min.unwrap_or(0) + i64::try_from(choice).unwrap()),
        Kind::Timestamp => json!(1_700_000_000 + choice),
        Kind::String if node.numeric => json!(choice.to_string()),
        _ => match node.values.as_slice() {
            [] => json!(format!("text {choice}")),
            values => json!(values[choice % values.len()].as_ref()),
        },
    }
}

/// The same pool in another writing.
fn rewritten(value: &Value, id: Option<NodeId>, dice: &mut Dice) -> Value {
    let node = id.map(|id| schema().node(id));
    match (value, node.map(|node| node.kind)) {
        (Value::Object(members), _) => {
            let inner = |name: &str| id.and_then(|id| schema().member(id, name));
            let mut members: Vec<(String, Value)> = members
                .iter()
                .map(|(name, value)| (name.clone(), rewritten(value, inner(name), dice)))
                .collect();
            if let Some(node) = node.filter(|node| node.kind == Kind::Structure) {
                fill(node, &mut members, dice);
            }
            dice.shuffle(&mut members);
            Value::Object(members.into_iter().collect())
        }
        (Value::Array(items), _) => {
            let element = node.and_then(|node| node.element);
            let mut items: Vec<Value> = items.iter().map(|item| rewritten(item, element, dice)).collect();
            if node.is_some_and(|node| node.unordered) {
                dice.shuffle(&mut items);
            }
            Value::Array(items)
        }
        (Value::Number(number), Some(Kind::Timestamp)) => match dice.roll(2) {
            0 => json!(number.as_f64().unwrap()),
            _ => {
                let time = cognito_lint::value::Value::Time(number.as_i64().unwrap() * 1000);
                json!(time.to_string().replace('Z', "+00:00"))
            }
        },
        (Value::Number(number), Some(Kind::Integer)) if dice.roll(2) == 0 => json!(number.as_f64().unwrap()),
        (Value::String(text), _) if node.is_some_and(|node| node.numeric) => json!(format!("0{text}")),
        (plain, _) => match node.is_some_and(|node| node.secret) {
            true => json!("another secret"),
            false => plain.clone(),
        },
    }
}

/// Adds what says no more than that there is nothing: nulls, defaults, empty lists, what changes by itself.
fn fill(node: &Node, members: &mut Vec<(String, Value)>, dice: &mut Dice) {
    for id in &node.members {
        let member = schema().node(*id);
        let there = members.iter().any(|(name, _)| *name == member.name);
        let default = match member.absence(InputKind::Answer, Around::Given) {
            cognito_lint::schema::Absence::Default(value) => Some(value.to_json()),
            _ => None,
        };
        let filler = match (member.kind, dice.roll(3)) {
            _ if !member.is_sent() => continue,
            _ if member.volatile => plain(member, dice.roll(5)),
            (_, 0) => Value::Null,
            (Kind::List, 1) if default.is_none() || default == Some(json!([])) => json!([]),
            _ => default.unwrap_or(Value::Null),
        };
        if !there {
            members.push((member.name.to_string(), filler));
        } else if member.volatile {
            members.retain(|(name, _)| *name != member.name);
            members.push((member.name.to_string(), filler));
        }
    }
}

#[test]
fn pools_that_mean_the_same_do_not_drift() {
    for seed in 0..300 {
        let mut dice = Dice(seed);
        let one = pool(&mut dice);
        let other = rewritten(&one, Some(NodeId::ROOT), &mut dice);
        let found = between(&one, &other);
        assert_eq!((paths(&found), found.compared), (vec![], 1), "seed {seed}\n{one}\n{other}");
        let back = between(&other, &one);
        assert_eq!(paths(&back), Vec::<&str>::new(), "seed {seed}, the other way\n{one}\n{other}");
    }
}

/// The least document with a value at a path, and the path as drift names it.
fn least(id: NodeId, inner: Value) -> Value {
    let node = schema().node(id);
    if id == NodeId::ROOT {
        return inner;
    }
    let around = schema().node(node.parent);
    let value = match around.kind {
        Kind::List => {
            let mut item = inner;
            if let (Some(key), Value::Object(members)) = (&around.key, &mut item) {
                members.entry(key.to_string()).or_insert(json!("key"));
            }
            json!([item])
        }
        Kind::Map => json!({ "key": inner }),
        _ => Value::Object(Map::from_iter([(node.name.to_string(), inner)])),
    };
    // The value of a list or a map is not yet under the name of it.
    least(node.parent, value)
}

#[test]
fn a_change_at_any_path_is_seen() {
    let mut unseen = Vec::new();
    for (id, node) in schema().nodes() {
        let leaf = !matches!(node.kind, Kind::Structure | Kind::List | Kind::Map);
        let around =
            std::iter::successors(Some(id), |id| (*id != NodeId::ROOT).then(|| schema().node(*id).parent));
        let by_itself = around.into_iter().any(|id| {
            let node = schema().node(id);
            !node.drifts() || node.secret
        });
        // Keys tell elements apart: another key is another element.
        let names = ["Id", "Arn"].contains(&node.path.as_ref());
        let single = node.values.len() == 1;
        if !leaf || by_itself || names || single {
            continue;
        }
        let document = |choice| {
            let mut document = least(id, plain(node, choice));
            let members = document.as_object_mut().unwrap();
            members.insert("Id".to_owned(), json!("us-east-1_aaa"));
            document
        };
        // Attributes of the service come by themselves.
        let found = between(&document(1), &document(2));
        if paths(&found).is_empty() && !node.path.starts_with("SchemaAttributes[].Name") {
            unseen.push(node.path.to_string());
        }
    }
    assert_eq!(unseen, Vec::<String>::new());
}

#[test]
fn the_json_report_fits_its_schema() {
    let schema: Value = serde_json::from_str(DRIFT_SCHEMA).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let before = json!({ "Id": "us-east-1_aaa", "Name": "a", "MfaConfiguration": "ON", "LastModifiedDate": 1, "UserPoolTier": "LITE",
        "Policies": { "PasswordPolicy": { "MinimumLength": 20 } } });
    let after = json!({ "Id": "us-east-1_aaa", "Name": "a", "MfaConfiguration": "OFF", "LastModifiedDate": 2,
        "Policies": { "PasswordPolicy": { "MinimumLength": 14 } } });
    let mut drift = between(&before, &after);
    let lone = against(RULES, &side(&before), &Side::default());
    drift.pools.extend(lone.pools);
    let terms = DriftTerms { fail_on: FailOnDrift::Any, allow_empty: false };
    let outcome = outcome_of_drift(&drift, terms);
    let report = DriftReport { drift: &drift, outcome, terms, generated: 0, trail: None };
    let mut out = Vec::new();
    write(DriftFormat::Json, &report, Style::default(), &mut out).unwrap();
    let report: Value = serde_json::from_slice(&out).unwrap();
    let complaints: Vec<String> =
        validator.iter_errors(&report).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert_eq!(complaints, Vec::<String>::new());
    assert_eq!(report["summary"]["weakened"], 2);
    assert_eq!(report["pools"][0]["uncompared"][0]["what"], "UserPoolTier");
}

/// A pool with a hostile name that drifted, one that is gone, and a section that could not be read.
fn reported(format: DriftFormat, fail_on: FailOnDrift) -> String {
    styled(format, fail_on, Style::default())
}

fn styled(format: DriftFormat, fail_on: FailOnDrift, style: Style) -> String {
    let name = "a|`b` @octocat </details><script>\u{202e}]]>";
    let pool = |mfa: &str, length: i64| {
        json!({ "Id": "us-east-1_aaa", "Name": name, "MfaConfiguration": mfa,
            "Policies": { "PasswordPolicy": { "MinimumLength": length } } })
    };
    let mut drift = between(&pool("ON", 14), &pool("OFF", 20));
    let gone = json!({ "Id": "us-east-1_bbb", "Name": "gone", "Policies": { "PasswordPolicy": {} } });
    drift.pools.extend(against(RULES, &side(&gone), &Side::default()).pools);
    let terms = DriftTerms { fail_on, allow_empty: false };
    let outcome = outcome_of_drift(&drift, terms);
    let report = DriftReport { drift: &drift, outcome, terms, generated: 0, trail: None };
    let mut out = Vec::new();
    write(format, &report, style, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// Words are not broken, so that paths can be copied; nothing else is wider than the terminal.
#[test]
fn drift_fits_on_every_terminal() {
    for width in [40, 80, 100, 140] {
        let style = Style { width, rows: Some(24), ..Style::default() };
        let text = styled(DriftFormat::Human, FailOnDrift::Any, style);
        for line in text.lines().filter(|line| line.chars().count() > width) {
            let words = line.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric));
            assert!(words.count() <= 1, "{width}: {line}");
        }
    }
}

#[test]
fn every_format_has_every_change_and_no_markup_of_others() {
    let [any, weakened] = [FailOnDrift::Any, FailOnDrift::Weakened];
    let markdown = reported(DriftFormat::Markdown, any);
    for part in ["drift: failed", "**weakened** `MfaConfiguration`: `ON` to `OFF`", "the pool was removed"] {
        assert!(markdown.contains(part), "{part}: {markdown}");
    }
    assert!(markdown.find("**weakened**") < markdown.find("**strengthened**"), "{markdown}");
    assert!(!markdown.contains("<script>") && !markdown.contains('\u{202e}'), "{markdown}");
    let html = reported(DriftFormat::Html, any);
    for part in [
        "<h1>2 of 2 pools drifted",
        "<td class=\"long\" data-name=\"Before\">ON</td><td class=\"long\" data-name=\"After\">OFF</td>",
        "the pool was removed",
    ] {
        assert!(html.contains(part), "{part}: {html}");
    }
    assert!(!html.contains("<script") && !html.contains('\u{202e}'));
    let sarif: Value = serde_json::from_str(&reported(DriftFormat::Sarif, weakened)).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let said: Vec<_> =
        results.iter().map(|one| (one["ruleId"].as_str().unwrap(), one["level"].as_str().unwrap())).collect();
    let expected = [("drift-weakened", "error"), ("drift-strengthened", "note"), ("drift-neutral", "note")];
    assert_eq!(said, expected);
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(sarif["runs"][0]["tool"]["driver"]["rules"][index]["id"], result["ruleId"]);
    }
    assert_eq!(sarif["runs"][0]["automationDetails"]["id"], "cognito/drift/");
    let junit =
        |fail_on| quick_junit::Report::deserialize_from_str(&reported(DriftFormat::Junit, fail_on)).unwrap();
    assert_eq!((junit(any).failures, junit(any).errors), (3, 0));
    assert_eq!((junit(weakened).failures, junit(weakened).errors), (1, 0));
}

/// Rules, a pool before and after, and the direction of its one change.
#[test]
fn rules_decide_the_direction() {
    let leaf = |operators: &str| format!("[[rule]]\nid = 'one'\nexpect = {{ {operators} }}\n");
    let length = "path = 'Policies.PasswordPolicy.MinimumLength'";
    let at_least = leaf(&format!("{length}, at-least = 12"));
    let at_most = leaf(&format!("none = [{{ {length}, at-most = 11 }}]"));
    let password = |length: i64| json!({ "Policies": { "PasswordPolicy": { "MinimumLength": length } } });
    let mfa = |word: &str| json!({ "MfaConfiguration": word });
    let off = "[[rule]]\nid = 'off'\nseverity = 'high'\nexpect = { path = 'MfaConfiguration', not-equals = 'OFF' }\n";
    let optional = "[[rule]]\nid = 'optional'\nwhen = { path = 'MfaConfiguration', not-equals = 'OFF' }\n\
                    expect = { path = 'MfaConfiguration', equals = 'ON' }\n";
    let both = format!("{off}{optional}");
    let client = |minutes: i64| {
        json!({ "Clients": [{ "ClientId": "web", "AccessTokenValidity": minutes,
        "TokenValidityUnits": { "AccessToken": "minutes" } }] })
    };
    let tokens = "[[rule]]\nid = 'tokens'\neach = 'Clients'\n\
                  expect = { path = 'AccessTokenLifetimeSeconds', at-most = 3600 }\n";
    let cases = [
        (&*at_least, password(14), password(11), "weakened"),
        (&at_least, password(20), password(14), "weakened"),
        (&at_least, password(8), password(6), "weakened"),
        (&at_least, password(8), password(10), "strengthened"),
        (&at_least, password(11), password(12), "strengthened"),
        (&at_most, password(20), password(14), "weakened"),
        (&at_least, mfa("ON"), mfa("OFF"), "neutral"),
        (off, mfa("ON"), mfa("OPTIONAL"), "neutral"),
        (&both, mfa("ON"), mfa("OPTIONAL"), "weakened"),
        (&both, mfa("OPTIONAL"), mfa("OFF"), "weakened"),
        // The worse state is left for one that another rule still minds.
        (&both, mfa("OFF"), mfa("OPTIONAL"), "strengthened"),
        (tokens, client(30), client(50), "weakened"),
        (tokens, client(90), client(50), "strengthened"),
        (tokens, json!({ "Clients": [] }), client(90), "weakened"),
        (tokens, json!({ "Clients": [] }), client(50), "neutral"),
        (tokens, client(90), json!({ "Clients": [] }), "strengthened"),
    ];
    for (rules, mut before, mut after, direction) in cases {
        before["Id"] = json!("us-east-1_aaa");
        after["Id"] = json!("us-east-1_aaa");
        let found = against(rules, &side(&before), &side(&after));
        let changes: Vec<_> = found.pools.iter().flat_map(|pool| &pool.changes).collect();
        let [change] = changes[..] else { panic!("{before} to {after}: {changes:#?}") };
        assert_eq!(change.direction.word(), direction, "{rules} {before} to {after}");
    }
}

/// A rule that picks an element by its key is turned by no change of another.
#[test]
fn a_rule_is_turned_by_changes_of_the_elements_that_it_picks() {
    const RULE: &str = r#"
[[rule]]
id = "email-unverified"
when = { none = [{ some = "SchemaAttributes", where = { path = "Name", equals = "email" }, expect = { path = "Mutable", equals = false } }] }
expect = { path = "AutoVerifiedAttributes", contains = "email" }
"#;
    let pool = |verified: &[&str], attributes: &[(&str, bool)]| {
        let attribute = |(name, mutable): &(&str, bool)| json!({ "Name": name, "AttributeDataType": "String", "Mutable": mutable });
        let attributes: Vec<Value> = attributes.iter().map(attribute).collect();
        side(&json!({
            "Id": "us-east-1_aaa", "AutoVerifiedAttributes": verified, "SchemaAttributes": attributes,
        }))
    };
    let blamed = |recorded: &Side, current: &Side| -> Vec<String> {
        let drift = against(RULE, recorded, current);
        let changes = drift.pools.iter().flat_map(|pool| &pool.changes);
        changes.filter(|change| !change.rules.is_empty()).map(|change| change.path.clone()).collect()
    };
    let recorded = pool(&["email"], &[("email", true)]);
    let another = pool(&[], &[("email", true), ("custom:team", true)]);
    assert_eq!(blamed(&recorded, &another), ["AutoVerifiedAttributes"]);
    let picked = pool(&["email"], &[("email", false)]);
    assert_eq!(blamed(&recorded, &picked), ["SchemaAttributes[email].Mutable"]);
}

#[test]
fn a_match_names_two_pools_or_one_and_all() {
    let parse = |text| cognito_lint::drift::Match::parse(text).map(|one| format!("{one:?}"));
    for right in ["a=b", "*=b", "a=*", "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_a=b"] {
        assert!(parse(right).is_ok(), "{right}");
    }
    for wrong in ["a", "=b", "a=", "*=*", ""] {
        assert!(parse(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn rules_that_nobody_chose_speak_where_no_chosen_rule_does() {
    let rule = |id: &str, value: bool| {
        let path = "Policies.PasswordPolicy.RequireSymbols";
        format!("[[rule]]\nid = '{id}'\nexpect = {{ path = '{path}', equals = {value} }}\n")
    };
    let pool = |symbols: bool| {
        side(
            &json!({ "Id": "us-east-1_aaa", "Policies": { "PasswordPolicy": { "RequireSymbols": symbols } } }),
        )
    };
    let direction = |chosen: &str, others: &str| {
        let [chosen, others] =
            [chosen, others].map(|text| if text.is_empty() { Policy::default() } else { policy(text) });
        let rules = Rules { policy: &chosen, others: &others.rules };
        drift(rules, &pool(false), &pool(true), &[], 0).pools[0].changes[0].direction.word()
    };
    let (wanted, refused) = (rule("wanted", true), rule("refused", false));
    assert_eq!(direction("", &wanted), "strengthened");
    assert_eq!(direction("", &refused), "weakened");
    assert_eq!(direction("", &(wanted.clone() + &refused)), "neutral");
    assert_eq!(direction(&wanted, &refused), "strengthened");
    assert_eq!(direction(&refused, &wanted), "weakened");
    assert_eq!(direction(&(wanted + &refused), ""), "weakened");
}

/// A member that the schema does not know changes a rule that names it, also one of each element, and no rule that
/// names another member that begins alike.
#[test]
fn rules_on_members_that_the_schema_does_not_know_see_their_changes() {
    let rules = |path: &str, each: &str| {
        format!(
            "[[rule]]\nid = \"newer\"\nunchecked = true\n{each}expect = {{ path = \"{path}\", equals = true }}\n"
        )
    };
    let pool = |on: bool| {
        json!({
            "Id": "eu-west-1_Example01", "Name": "p", "Policies": {"PasswordPolicy": {"MinimumLength": 12}},
            "Newer": {"On": on}, "Clients": [{"ClientId": "1example", "Newer": on}],
        })
    };
    let directions = |path: &str, each: &str| {
        let drift = against(&rules(path, each), &side(&pool(true)), &side(&pool(false)));
        let changes = drift.pools.into_iter().flat_map(|pool| pool.changes);
        changes.map(|change| (change.path, change.direction.word())).collect::<Vec<_>>()
    };
    let told = |client: &'static str, pool: &'static str| {
        vec![("Clients[1example].Newer".to_owned(), client), ("Newer".to_owned(), pool)]
    };
    let sorted = |mut changes: Vec<(String, &'static str)>| {
        changes.sort();
        for (path, _) in &mut changes {
            *path = path.trim_end_matches(".On").to_owned();
        }
        changes
    };
    assert_eq!(sorted(directions("Newer", "each = \"Clients\"\n")), told("weakened", "neutral"));
    assert_eq!(sorted(directions("Newer.On", "")), told("neutral", "weakened"));
    assert_eq!(sorted(directions("NewerStill", "")), told("neutral", "neutral"));
}

/// A document that was cut short says nothing of what it leaves out, whatever path: never a default, never absent.
#[test]
fn nothing_that_a_document_cut_short_leaves_out_drifts() {
    let cut = json!({ "Id": "us-east-1_Example01", "Name": "customers", "MfaConfiguration": "OPTIONAL" });
    let mut tried = 0;
    for (id, node) in schema().nodes() {
        // A member of the pool itself, at any depth, outside of lists and maps.
        let own = Section::around(id).next() == Some(Section::UserPool) && node.drifts();
        if !own || node.path.contains(['[', '{']) {
            continue;
        }
        let mut whole = cut.clone();
        whole["Policies"] = json!({ "PasswordPolicy": { "MinimumLength": 14 } });
        let mut at = &mut whole;
        for name in node.path.split('.') {
            at = at.as_object_mut().unwrap().entry(name).or_insert(json!({}));
        }
        if !at.as_object().is_some_and(Map::is_empty) {
            continue;
        }
        *at = match node.kind {
            Kind::Boolean => json!(true),
            Kind::Integer => json!(3),
            Kind::String => json!("x"),
            _ => continue,
        };
        for found in [between(&cut, &whole), between(&whole, &cut)] {
            let pool = &found.pools[0];
            assert!(pool.changes.is_empty(), "{}: {:#?}", node.path, pool.changes);
            assert!(pool.is_incomplete() && pool.uncompared.len() == 1, "{}: {pool:#?}", node.path);
        }
        tried += 1;
    }
    assert!(tried > 30, "{tried}");
    // Members that it has are compared, and two that leave out the same are the same as far as anybody can tell.
    let mut other = cut.clone();
    other["MfaConfiguration"] = json!("OFF");
    let found = between(&cut, &other);
    assert_eq!(found.pools[0].changes.len(), 1);
    assert!(found.pools[0].uncompared.is_empty(), "{:#?}", found.pools[0]);
    assert!(between(&cut, &cut).pools.is_empty());
}
