//! A rule that looks at nothing in which a pool differs from the pool before is not judged again. A run that judges
//! every rule on every pool, as one with evidence does, counts and finds the same.

use std::sync::Arc;

use cognito_lint::diagnostic::SourceFile;
use cognito_lint::evaluate::{Detail, Evaluation, Options, evaluate};
use cognito_lint::pool::{Origin, Section};
use cognito_lint::rule::assemble::assemble;
use cognito_lint::rule::{Policy, builtin, written};
use cognito_lint::schema::{Kind, Node, NodeId, schema};
use cognito_lint::source::{Chunk, Delivery, Shape};
use serde_json::{Map, Value, json};

/// Rules of other forms than those of the program.
const OWN: &str = r#"
[[rule]]
id = "own-account"
expect = { path = "account(Arn)", equals = "111122223333" }
[[rule]]
id = "own-region"
expect = { path = "region(Arn)", equals = "eu-west-1" }
[[rule]]
id = "own-member"
unchecked = true
expect = { path = "NewMember", present = true }
[[rule]]
id = "own-comparison"
each = "Clients"
expect = { path = "ClientName", equals = { path = "$.Name" } }
[[rule]]
id = "own-key"
expect = { path = "UserPoolTags.owner", present = true }
[[rule]]
id = "own-structure"
expect = { path = "AdminCreateUserConfig", present = true }
[[rule]]
id = "own-journey"
forbid = "stranger-to-token"
[[rule]]
id = "own-answer"
expect = { every = "Journeys", expect = { path = "Proven", not-equals = "yes" } }
[[rule]]
id = "own-answer-in-a-condition"
each = "Journeys"
when = { all = [
    { path = "$.MfaConfiguration", not-equals = "OFF" },
    { path = "Id", equals = "leaked-access-token" },
    { some = "$.Journeys", where = { all = [{ path = "Id", equals = "stranger-token" }, { path = "Possible", not-equals = "no" }] } },
] }
expect = { path = "Answer", equals = "no" }
[[rule]]
id = "own-answer-of-the-pool"
each = "Clients"
when = { path = "$.MfaConfiguration", not-equals = "OFF" }
expect = { any = [
    { some = "$.Journeys", where = { all = [{ path = "Id", equals = "stranger-user" }, { path = "Answer", equals = "no" }] } },
    { path = "EnableTokenRevocation", equals = true },
] }
[[rule]]
id = "own-region-condition"
when = { path = "region(Arn)", equals = "eu-west-1" }
expect = { path = "MfaConfiguration", equals = "ON" }
[[rule]]
id = "own-element-condition"
each = "Clients"
when = { path = "$.MfaConfiguration", not-equals = "OFF" }
expect = { path = "EnableTokenRevocation", equals = true }
[[rule]]
id = "own-members"
each = "LambdaConfig.**"
when = { path = "service()", equals = "acm" }
expect = { path = "account()", equals = { path = "account($.Arn)" } }
[[rule]]
id = "own-machines"
when = { none = ["people-sign-in"] }
expect = { path = "DeletionProtection", equals = "ACTIVE" }
[[rule]]
id = "own-people"
when-absent = "skip"
when = { any = ["passwords-sign-in", { path = "UserPoolTier", equals = "PLUS" }] }
expect = { any = ["local-users-sign-in", { path = "UserPoolAddOns.AdvancedSecurityMode", equals = "ENFORCED" }] }
"#;

fn policy() -> Policy {
    let mut mistakes = Vec::new();
    let files = builtin::ids().into_iter().map(|id| builtin::rule(id).unwrap());
    let files = files.chain([SourceFile::new("own.toml", OWN)]);
    let rules = files.flat_map(|file| written::read(&file, &mut mistakes)).collect::<Vec<_>>();
    let policy = assemble(rules, &[], &[], Vec::new(), &mut mistakes);
    assert!(mistakes.is_empty(), "{mistakes:#?}");
    policy
}

/// Pools with clients, with none, and without a word about them.
fn pools() -> Vec<u8> {
    let pool = |number: usize, sections: &str| {
        format!(
            r#"{{"UserPool":{{"Id":"eu-west-1_Pool{number}","Name":"pool-{number}","MfaConfiguration":"OFF"{sections}}}}}"#
        )
    };
    let client = r#"{"ClientId":"1","ClientName":"web","AllowedOAuthFlows":["implicit"]}"#;
    let sections = [
        String::new(),
        format!(r#","Clients":[{client}]"#),
        String::new(),
        r#","Clients":[],"Groups":[]"#.to_owned(),
        r#","Clients":"many""#.to_owned(),
        r#","IdentityProviders":[{"ProviderName":"corp","ProviderType":"SAML"}]"#.to_owned(),
        String::new(),
    ];
    let lines = sections.iter().enumerate().map(|(number, sections)| pool(number, sections));
    lines.collect::<Vec<_>>().join("\n").into_bytes()
}

fn chunk(name: &str, bytes: Vec<u8>, unread: &[Section], held: &[Section]) -> Delivery {
    let unread = unread.iter().map(|section| (*section, Arc::from("access was denied"))).collect();
    let origin = Origin { name: Arc::from(name), ..Origin::default() };
    let held = held.to_vec();
    Delivery::Chunk(Chunk { origin, bytes, shape: Shape::Lines, unread, held, ..Chunk::default() })
}

/// Judges pools with and without taking verdicts over, and asserts that the results are the same.
fn compare(policy: &Policy, deliveries: &dyn Fn() -> Vec<Delivery>) -> Evaluation {
    for detail in [Detail::Counts, Detail::Places] {
        for full_coverage in [false, true] {
            let run = |evidence| {
                let options = Options { now: 0, full_coverage, evidence, detail, shard: None };
                evaluate(policy, deliveries().into_iter(), options)
            };
            let (repeated, single) = (run(false), run(true));
            assert_eq!(repeated.tally, single.tally, "{detail:?} {full_coverage}");
            assert_eq!(repeated.outside, single.outside, "{detail:?} {full_coverage}");
            assert_eq!(format!("{:?}", repeated.findings), format!("{:?}", single.findings));
            assert_eq!(format!("{:?}", repeated.undecided), format!("{:?}", single.undecided));
        }
    }
    let options =
        Options { now: 0, full_coverage: false, evidence: false, detail: Detail::Places, shard: None };
    evaluate(policy, deliveries().into_iter(), options)
}

#[test]
fn rules_of_absent_sections_count_as_if_each_were_judged() {
    let policy = policy();
    let clients = [Section::Clients];
    for (unread, held) in [(&[][..], &[][..]), (&clients[..], &[][..]), (&[][..], &clients[..])] {
        let evaluation = compare(&policy, &|| vec![chunk("pools.ndjson", pools(), unread, held)]);
        assert_eq!(evaluation.tally.pools, 7, "{:?}", evaluation.unread);
        assert!(!evaluation.findings.is_empty() && !evaluation.outside.is_empty());
    }
}

/// A linear congruential generator: the same numbers in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % end
    }

    fn choose<T: Copy>(&mut self, values: &[T]) -> T {
        values[self.below(values.len())]
    }
}

/// The members that an answer may have.
fn members(node: &Node) -> Vec<NodeId> {
    let is_sent = |id: &NodeId| schema().node(*id).is_sent();
    node.members.iter().copied().filter(is_sent).collect()
}

/// A value of a member, which the API might not take.
fn value(id: NodeId, numbers: &mut Numbers) -> Value {
    let node = schema().node(id);
    match node.kind {
        Kind::Structure => {
            let there: Vec<NodeId> = members(node).into_iter().filter(|_| numbers.below(2) == 0).collect();
            let member = |id: NodeId| (schema().node(id).name.to_string(), value(id, numbers));
            Value::Object(there.into_iter().map(member).collect())
        }
        Kind::List => {
            let element = node.element.unwrap();
            (0..numbers.below(3)).map(|_| value(element, numbers)).collect()
        }
        Kind::Map => {
            let element = node.element.unwrap();
            let keys = ["owner", "env"].into_iter().take(numbers.below(3));
            Value::Object(keys.map(|key| (key.to_owned(), value(element, numbers))).collect())
        }
        Kind::Boolean => json!(numbers.below(2) == 0),
        Kind::Integer => json!(numbers.choose(&[0, 1, 7, 12, 30, 90, 3600])),
        Kind::Timestamp => json!(numbers.choose(&[0, 1_600_000_000])),
        Kind::String if !node.values.is_empty() => json!(node.values[numbers.below(node.values.len())]),
        Kind::String if node.numeric => json!(numbers.choose(&["0", "7", "2048"])),
        Kind::String => {
            json!(numbers.choose(&["a", "b", "http://example.com", "arn:aws:acm:eu-west-1:111122223333:x"]))
        }
    }
}

/// Changes one member of a pool, however deep.
fn change(members_of: &mut Map<String, Value>, owner: NodeId, numbers: &mut Numbers) {
    let id = numbers.choose(&members(schema().node(owner)));
    let node = schema().node(id);
    let name = node.name.to_string();
    let inner = members_of.get_mut(&name).and_then(Value::as_object_mut);
    match inner {
        Some(inner) if node.kind == Kind::Structure && numbers.below(4) > 0 => change(inner, id, numbers),
        _ if numbers.below(3) == 0 => drop(members_of.remove(&name)),
        _ => drop(members_of.insert(name, value(id, numbers))),
    }
}

/// Pools of which most have something in common with the one before.
fn random_pools(count: usize, numbers: &mut Numbers) -> Vec<u8> {
    let mut lines = Vec::new();
    let mut pool = Map::new();
    for number in 0..count {
        if numbers.below(12) == 0 {
            pool.clone_from(value(NodeId::ROOT, numbers).as_object().unwrap());
        }
        for _ in 0..numbers.below(4) {
            change(&mut pool, NodeId::ROOT, numbers);
        }
        let region = numbers.choose(&["eu-west-1", "us-east-1"]);
        pool.insert("Id".to_owned(), json!(format!("{region}_Pool{number}")));
        match numbers.below(3) {
            0 => drop(pool.remove("Arn")),
            _ => {
                let account = numbers.choose(&["111122223333", "444455556666"]);
                let arn = format!("arn:aws:cognito-idp:{region}:{account}:userpool/{region}_Pool{number}");
                pool.insert("Arn".to_owned(), json!(arn));
            }
        }
        match numbers.below(3) {
            0 => drop(pool.insert("NewMember".to_owned(), json!(1))),
            _ => drop(pool.remove("NewMember")),
        }
        lines.push(json!({ "UserPool": pool }).to_string());
    }
    lines.join("\n").into_bytes()
}

#[test]
fn what_a_pool_takes_over_from_the_pool_before_is_what_judging_it_gives() {
    let policy = policy();
    let (held, unread) = ([Section::Clients, Section::Groups], [Section::IdentityProviders]);
    for seed in 0..2 {
        let inputs = || {
            let mut numbers = Numbers(seed);
            let mut inputs = Vec::new();
            for (name, unread, held) in
                [("one", &[][..], &[][..]), ("two", &[][..], &[][..]), ("three", &unread[..], &held[..])]
            {
                inputs.push(chunk(name, random_pools(60, &mut numbers), unread, held));
            }
            inputs
        };
        let evaluation = compare(&policy, &inputs);
        assert!(evaluation.tally.pools > 100, "{:?}", evaluation.unread);
        assert!(evaluation.tally.pass > 1000 && evaluation.tally.fail > 1000, "{:?}", evaluation.tally);
    }
}

/// Pools of which each has one of a few values at each of many members, so that what decides a rule comes again and
/// again without being that of the pool before.
fn pools_of_few_values(count: usize, numbers: &mut Numbers) -> Vec<u8> {
    let mut top = members(schema().node(NodeId::ROOT));
    top.retain(|id| schema().node(*id).name != "Arn");
    let choices: Vec<(String, Vec<Option<Value>>)> = top
        .into_iter()
        .map(|id| {
            let values = (0..3).map(|number| (number > 0).then(|| value(id, numbers))).collect();
            (schema().node(id).name.to_string(), values)
        })
        .collect();
    let mut pool = Map::new();
    for (name, values) in &choices {
        pool.extend(values[1].clone().map(|value| (name.clone(), value)));
    }
    let lines = (0..count).map(|_| {
        for _ in 0..numbers.below(6) {
            let (name, values) = &choices[numbers.below(choices.len())];
            match &values[numbers.below(values.len())] {
                Some(value) => drop(pool.insert(name.clone(), value.clone())),
                None => drop(pool.remove(name)),
            }
        }
        let region = numbers.choose(&["eu-west-1", "us-east-1"]);
        pool.insert("Arn".to_owned(), json!(format!("arn:aws:cognito-idp:{region}:111122223333:userpool/x")));
        json!({ "UserPool": pool }).to_string()
    });
    lines.collect::<Vec<_>>().join("\n").into_bytes()
}

#[test]
fn what_is_known_from_earlier_pools_is_what_judging_gives() {
    let policy = policy();
    let held = [Section::Clients, Section::Domains];
    let inputs = || {
        let first = pools_of_few_values(120, &mut Numbers(10));
        // The same pools where other sections were read.
        let (none, held) = ((&[][..], &[][..]), (&[][..], &held[..]));
        [("one", none), ("two", held), ("three", none)]
            .map(|(name, (unread, held))| chunk(name, first.clone(), unread, held))
            .into()
    };
    let evaluation = compare(&policy, &inputs);
    assert_eq!(evaluation.tally.pools, 360, "{:?}", evaluation.unread);
    assert!(evaluation.tally.pass > 4000 && evaluation.tally.fail > 4000, "{:?}", evaluation.tally);
}
