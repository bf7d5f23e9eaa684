//! Every path of DescribeUserPool can be named by a rule, which then passes on one pool and fails on another.

use cognito_lint::diagnostic::SourceFile;
use cognito_lint::evaluate::{Detail, Evaluation, Options, evaluate};
use cognito_lint::pool::Section;
use cognito_lint::rule::Policy;
use cognito_lint::rule::assemble::assemble;
use cognito_lint::rule::written;
use cognito_lint::schema::{Kind, Node, NodeId, schema};
use cognito_lint::source::{Chunk, Delivery, Shape};
use serde_json::{Value, json};

/// 2026-01-01T00:00:00Z, in milliseconds.
const NOW: i64 = 1_767_225_600_000;

pub fn policy(text: &str) -> Policy {
    let mut mistakes = Vec::new();
    let rules = written::read(&SourceFile::new("rule.toml", text), &mut mistakes);
    let policy = assemble(rules, &[], &[], Vec::new(), &mut mistakes);
    assert!(mistakes.is_empty(), "{text}\n{mistakes:#?}");
    policy
}

/// A pool with what every answer holds, where it has none of its own.
pub fn whole(mut pool: Value) -> Value {
    for (member, value) in [("Id", "us-east-1_abcdefghi"), ("Name", "customers")] {
        if pool[member].is_null() {
            pool[member] = json!(value);
        }
    }
    if pool["Policies"]["PasswordPolicy"].is_null() {
        pool["Policies"]["PasswordPolicy"] = json!({});
    }
    pool
}

pub fn judge(policy: &Policy, pool: &Value) -> Evaluation {
    judge_as_it_is(policy, &whole(pool.clone()))
}

fn judge_as_it_is(policy: &Policy, pool: &Value) -> Evaluation {
    let bytes = json!({ "UserPool": pool }).to_string().into_bytes();
    let chunk = Chunk { bytes, first_line: 1, shape: Shape::Document, ..Chunk::default() };
    let options =
        Options { now: NOW, full_coverage: false, evidence: true, detail: Detail::ALL, shard: None };
    evaluate(policy, std::iter::once(Delivery::Chunk(chunk)), options)
}

/// An operator with its operand, a value for which it holds, and one for which it does not (`null`: absent).
fn operator(node: &Node) -> (String, Value, Value) {
    // 0 may stand for the default.
    let number = node.min.unwrap_or(0) + if node.zero_is_absent { 2 } else { 1 };
    match node.kind {
        _ if node.secret => ("present = true".to_owned(), json!("s3cret"), Value::Null),
        Kind::String if node.numeric => ("at-least = 5".to_owned(), json!("5"), json!("4")),
        Kind::String => match node.values.as_slice() {
            [] => {
                let length = usize::try_from(node.min.unwrap_or(1)).unwrap().max(1);
                let (good, bad) = ("a".repeat(length), "b".repeat(length));
                (format!("equals = '{good}'"), json!(good), json!(bad))
            }
            [_] => ("present = true".to_owned(), json!(node.values[0]), Value::Null),
            [good, bad, ..] => (format!("equals = '{good}'"), json!(good), json!(bad)),
        },
        Kind::Integer => (format!("at-least = {number}"), json!(number), json!(number - 1)),
        Kind::Boolean => ("equals = true".to_owned(), json!(true), json!(false)),
        Kind::Timestamp => {
            ("older-than = '90d'".to_owned(), json!("2020-01-31T00:00:00+09:00"), json!(1.7672e9))
        }
        Kind::List => {
            let element = schema().node(node.element.unwrap());
            let good = element.values.first().map_or("aaaaaaaa", |value| value.as_ref());
            (format!("contains = '{good}'"), json!([good]), json!([]))
        }
        Kind::Map => ("contains = 'Level1'".to_owned(), json!({"Level1": "x"}), json!({"Level2": "x"})),
        Kind::Structure => ("present = true".to_owned(), json!({}), Value::Null),
    }
}

/// Puts a value at a node, in the parents that it needs, and returns the pool.
fn wrapped(id: NodeId, value: Value) -> Value {
    let node = schema().node(id);
    if id == NodeId::ROOT {
        return value;
    }
    let parent = schema().node(node.parent);
    let outer = match parent.kind {
        Kind::List => json!([value]),
        Kind::Map => json!({ "Level1": value }),
        _ => json!({ node.name.as_ref(): value }),
    };
    wrapped(node.parent, outer)
}

/// The rule for a leaf: lists are looked into with `some`, maps by a key.
fn rule(path: &str, operator: &str) -> String {
    let mut expect = String::new();
    let mut rest = path;
    let mut open = 0;
    while let Some((list, inner)) = rest.split_once("[].") {
        expect.push_str(&format!("{{ some = '{list}', expect = "));
        open += 1;
        rest = inner;
    }
    let leaf = rest.replace("{}", ".Level1");
    let closing = " }".repeat(open);
    format!("[[rule]]\nid = 'leaf'\nexpect = {expect}{{ path = '{leaf}', {operator} }}{closing}\n")
}

#[test]
fn every_leaf_of_describe_user_pool_can_pass_and_fail() {
    let mut leaves = 0;
    let mut paths = 0;
    for (id, node) in schema().nodes().skip(1) {
        let top = node.path.split(['.', '[', '{']).next().unwrap();
        if Section::of(top) != Section::UserPool || !node.is_sent() {
            continue;
        }
        paths += 1;
        let element = node.name.is_empty();
        let structures = node.element.is_some_and(|id| schema().node(id).kind == Kind::Structure);
        if node.kind == Kind::Structure
            || structures
            || (element && schema().node(node.parent).kind == Kind::List)
        {
            // Structures have leaves of their own, and elements are asked for by their list.
            continue;
        }
        leaves += 1;
        let (operator, good, bad) = operator(node);
        let policy = policy(&rule(&node.path, &operator));
        for (value, pass) in [(good, true), (bad, false)] {
            let mut pool = wrapped(id, value);
            let members = pool.as_object_mut().unwrap();
            members.entry("Id").or_insert(json!("us-east-1_abcdefghi"));
            let evaluation = judge(&policy, &pool);
            let tally = &evaluation.tally;
            let expected = if pass { (1, 0) } else { (0, 1) };
            let told: Vec<_> = evaluation.evidence.verdicts().collect();
            assert_eq!((tally.pass, tally.fail), expected, "{} on {pool}: {told:?}", node.path);
        }
    }
    assert_eq!(paths, 141, "the response has 141 paths in the model of {}", schema().model);
    assert_eq!(leaves, 102);
}

/// A document that lacks what every answer holds says nothing of anything else that it leaves out, whatever rule asks.
#[test]
fn what_was_cut_short_says_nothing_of_what_it_leaves_out() {
    let held = schema().in_every_answer();
    assert_eq!(held.len(), 3);
    for (_, node) in schema().nodes().skip(1) {
        let top = node.path.split(['.', '[', '{']).next().unwrap();
        let structures = node.has_members() || node.kind == Kind::Structure;
        // No answer, complete or not, has what is not sent.
        if !node.is_sent()
            || Section::of(top) != Section::UserPool
            || structures
            || node.name.is_empty()
            || node.always
        {
            continue;
        }
        let policy = policy(&rule(&node.path, &operator(node).0));
        for lacked in held {
            let mut pool = whole(json!({}));
            let path = &schema().node(*lacked).path;
            let (outer, name) = path.rsplit_once('.').unwrap_or(("", path));
            let outer = if outer.is_empty() { &mut pool } else { &mut pool[outer] };
            outer.as_object_mut().unwrap().remove(name);
            let evaluation = judge_as_it_is(&policy, &pool);
            let tally = &evaluation.tally;
            assert_eq!((tally.pass, tally.fail, tally.unknown), (0, 0, 1), "{} of {pool}", node.path);
            let why = format!("{:?}", evaluation.evidence.verdicts().collect::<Vec<_>>());
            assert!(why.contains(&format!("has no `{path}`")), "{}: {why}", node.path);
        }
    }
}

/// Passes, failures and unknown verdicts of one rule on one pool.
fn counts(expect: &str, pool: &Value) -> (usize, usize, usize) {
    let evaluation = judge(&policy(&format!("[[rule]]\nid = 'one'\nexpect = {expect}\n")), pool);
    (evaluation.tally.pass, evaluation.tally.fail, evaluation.tally.unknown)
}

#[test]
fn words_for_numbers_are_no_numbers() {
    let expect = "{ some = 'SchemaAttributes', expect = { path = 'StringAttributeConstraints.MinLength', at-least = 5 } }";
    for (text, counted) in [("7", (1, 0, 0)), ("4", (0, 1, 0)), ("inf", (0, 0, 1)), ("nan", (0, 0, 1))] {
        let constraints = json!({ "MinLength": text });
        let pool = json!({
            "Id": "us-east-1_abcdefghi",
            "SchemaAttributes": [{ "Name": "email", "StringAttributeConstraints": constraints }],
        });
        assert_eq!(counts(expect, &pool), counted, "{text}");
    }
}

#[test]
fn a_structure_with_nothing_but_newer_members_is_there() {
    let expect = "{ path = 'UserPoolAddOns', present = true }";
    for (add_ons, counted) in
        [(json!({ "Newer": 1 }), (1, 0, 0)), (json!({}), (0, 1, 0)), (json!(null), (0, 1, 0))]
    {
        let pool = json!({ "Id": "us-east-1_abcdefghi", "UserPoolAddOns": add_ons });
        assert_eq!(counts(expect, &pool), counted, "{add_ons}");
    }
}
