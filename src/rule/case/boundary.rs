//! Derives the pools on both sides of a rule's bounds, or with each of an enum's values.

mod value;
mod member;
mod part;
mod settled;
mod alone;
mod compared;
mod count;

use super::{Case, pool};
use crate::pool::{Pool, given};
use crate::rule::{Predicate, Rule, Unique, Verdict};
use crate::schema::{InputKind, Kind, NodeId, schema};
use crate::value::{Map, Value};
use part::Part;
use value::distinct;

/// Whether a rule is for every derived pool: it has no condition, or one that holds where nothing else is known.
fn is_for_all(rule: &Rule) -> bool {
    let holds =
        |when: &Predicate| matches!(when, Predicate::Named(named) if named.when_unknown == Some(true));
    rule.each.is_none() && rule.when.as_ref().is_none_or(holds)
}

/// The pools that can be derived of a rule, and of the pools of its own tests.
pub fn boundaries(rule: &Rule, tests: &[Case]) -> Vec<Case> {
    let mut cases = match &rule.expect {
        // No pool is found for a wanted answer about the whole of it.
        _ if rule.infers => return Vec::new(),
        _ if !is_for_all(rule) => Vec::new(),
        Predicate::Leaf(leaf) if !leaf.compared.is_empty() => compared::cases(rule, leaf),
        Predicate::Leaf(_) | Predicate::Some(_) | Predicate::Every(_) => bare(rule),
        Predicate::Count(count) => count::cases(rule, count),
        Predicate::Unique(unique) => unique_cases(rule, unique),
        Predicate::All(_) | Predicate::Any(_) | Predicate::None(_) | Predicate::Named(_) => Vec::new(),
    };
    if cases.is_empty() {
        cases = alone::cases(rule, tests);
    }
    cases
}

/// Pools with nothing but a value of the one path that a rule looks at.
fn bare(rule: &Rule) -> Vec<Case> {
    let Some(part) = Part::of(&rule.expect) else { return Vec::new() };
    let case = |(value, verdict): (Value, Verdict)| {
        let mut document = Map::default();
        alone::set(&mut document, &alone::names(rule, part.path), part.node, &value)?;
        Some(Case {
            name: format!("derived: {} = {value}", part.path),
            verdict,
            pool: pool(document, InputKind::Answer),
            source_file: rule.source_file.clone(),
            at: rule.at.clone(),
        })
    };
    part.values().into_iter().filter_map(case).collect()
}

/// A list whose elements differ in a member, and one whose elements do not.
fn unique_cases(rule: &Rule, unique: &Unique) -> Vec<Case> {
    let (Some(element), None, None) = (unique.list.element, unique.list.of, &unique.filter) else {
        return Vec::new();
    };
    let member = unique.member.as_ref().and_then(|(path, node)| path.steps.first().zip(*node));
    let one = |at: i64| {
        let Some((step, node)) = member else { return distinct(element, at) };
        let node = schema().node(node);
        let mut map = Map::default();
        let plain = node.kind == Kind::String && node.values.is_empty();
        map.set(step.name.clone(), plain.then(|| Value::String(format!("example-{at}").into()))?);
        Some(Value::Map(map))
    };
    let case = |second: i64, verdict: Verdict| {
        let elements = vec![one(0)?, one(second)?];
        Some(Case {
            name: format!("derived: two elements of {}", unique.list.path),
            verdict,
            pool: pool(document(schema().node(element).parent, Value::List(elements)), InputKind::Answer),
            source_file: rule.source_file.clone(),
            at: rule.at.clone(),
        })
    };
    [case(1, Verdict::Pass), case(0, Verdict::Fail)].into_iter().flatten().collect()
}

/// Pools that a rule passes and fails, as documents, as far as they can be derived without any test.
pub fn samples(rule: &Rule) -> Vec<(Verdict, Map)> {
    let document = match rule.each.as_ref().map(|each| (&each.path, each.element)) {
        Some((_, Some(element))) => {
            let list = schema().node(element).parent;
            document(list, Value::List(distinct(element, 0).into_iter().collect()))
        }
        Some((_, None)) | None => Map::default(),
    };
    let test = |verdict| Case {
        name: String::new(),
        verdict,
        pool: pool(document.clone(), InputKind::Answer),
        source_file: rule.source_file.clone(),
        at: rule.at.clone(),
    };
    let cases = boundaries(rule, &[test(Verdict::Pass)]);
    let of = |verdict| cases.iter().find(|case| case.verdict == verdict);
    let found = [Verdict::Pass, Verdict::Fail].into_iter().filter_map(of);
    found.map(|case| (case.verdict, written(&case.pool))).collect()
}

/// The document of a pool without what is worked out.
fn written(pool: &Pool) -> Map {
    let mut document = given(pool);
    for (_, node) in schema().nodes().filter(|(_, node)| node.derived.is_some()) {
        let list = &schema().node(schema().node(node.parent).parent).name;
        let elements = document.0.iter_mut().find(|(name, _)| name == list).map(|(_, value)| value);
        let Some(Value::List(elements)) = elements else { continue };
        for element in elements {
            if let Value::Map(element) = element {
                element.0.retain(|(name, _)| *name != node.name);
            }
        }
    }
    document
}

/// A pool document with one value in it.
fn document(id: NodeId, value: Value) -> Map {
    let node = schema().node(id);
    let mut map = Map::default();
    map.set(node.name.clone(), value);
    if node.parent == NodeId::ROOT {
        return map;
    }
    document(node.parent, Value::Map(map))
}

#[cfg(test)]
mod tests {
    use crate::diagnostic::SourceFile;
    use crate::rule::{assemble, case, written};

    /// The derived cases of a rule with these keys, each with its verdict.
    fn derived(keys: &str) -> Vec<String> {
        let text = format!("[[rule]]\nid = \"example\"\n{keys}");
        let mut mistakes = Vec::new();
        let rules = written::read(&SourceFile::new("rules.toml", text), &mut mistakes);
        let rule = assemble::alone(&rules[0], &mut mistakes);
        assert!(mistakes.is_empty(), "{mistakes:?}");
        let cases = case::cases(&rules[0], &mut mistakes);
        let derived = super::boundaries(&rule.unwrap(), &cases);
        derived
            .iter()
            .map(|case| format!("{} {}", &case.name["derived: ".len()..], case.verdict.word()))
            .collect()
    }

    #[test]
    fn both_sides_of_a_bound_are_tried() {
        assert_eq!(
            derived(r#"expect = { path = "Policies.PasswordPolicy.MinimumLength", at-least = 12 }"#),
            [
                "Policies.PasswordPolicy.MinimumLength = 11 fail",
                "Policies.PasswordPolicy.MinimumLength = 12 pass",
                "Policies.PasswordPolicy.MinimumLength = 13 pass",
            ]
        );
        assert_eq!(
            derived(r#"expect = { path = "Name", length-at-most = 2 }"#),
            ["Name = e pass", "Name = ee pass", "Name = eee fail"]
        );
        assert_eq!(
            derived(r#"expect = { path = "UsernameAttributes", contains = "email" }"#),
            [
                r#"UsernameAttributes = ["email"] pass"#,
                r#"UsernameAttributes = ["phone_number"] fail"#,
                r#"UsernameAttributes = ["email","phone_number"] pass"#,
            ]
        );
    }

    /// Of two elements, one is enough for `some`, and one that the filter leaves out counts for nothing.
    #[test]
    fn elements_that_meet_it_are_mixed_with_others() {
        let keys = r#"expect = { some = "SchemaAttributes", where = { path = "Required", equals = true }, expect = { path = "Mutable", equals = true } }"#;
        let verdicts: Vec<String> =
            derived(keys).iter().filter_map(|case| Some(case.rsplit_once(' ')?.1.to_owned())).collect();
        assert_eq!(verdicts, ["pass", "fail", "pass", "fail"]);
    }

    /// Both the number and the condition on the elements that are counted have two sides.
    #[test]
    fn elements_at_both_sides_of_a_condition_are_counted() {
        let keys =
            r#"expect = { count = "Groups", where = { path = "Precedence", at-most = 7 }, at-most = 1 }"#;
        let verdicts: Vec<String> =
            derived(keys).iter().filter_map(|case| Some(case.split_once(", ")?.1.to_owned())).collect();
        assert_eq!(
            verdicts,
            [
                "0 counted pass",
                "1 counted pass",
                "2 counted fail",
                "1 counted pass",
                "1 counted pass",
                "0 counted pass"
            ]
        );
    }

    /// The pool of a test without what the condition asks for is not judged.
    #[test]
    fn what_a_condition_leaves_out_is_skipped() {
        let keys = r#"
when   = { path = "Name", matches = '^prod-' }
expect = { path = "DeletionProtection", equals = "ACTIVE" }

[[rule.test]]
verdict = "fail"
pool    = { Name = "prod-1", DeletionProtection = "INACTIVE" }"#;
        assert_eq!(
            derived(keys),
            [
                "DeletionProtection = ACTIVE pass",
                "DeletionProtection = INACTIVE fail",
                "Name = example skipped"
            ]
        );
    }

    /// The operand is a sample, or the value that the rule's own test has there.
    #[test]
    fn two_values_of_the_pool_are_compared() {
        assert_eq!(
            derived(r#"expect = { path = "Name", equals = { path = "CustomDomain" } }"#),
            [
                "Name = example-0, CustomDomain = example-0 pass",
                "Name = example, CustomDomain = example-0 fail"
            ]
        );
        assert_eq!(
            derived(
                r#"
expect = { all = [{ path = "Name", not-equals = { path = "CustomDomain" } }, { path = "DeletionProtection", equals = "ACTIVE" }] }
[[rule.test]]
verdict = "pass"
pool    = { Name = "a", CustomDomain = "b.example.com", DeletionProtection = "ACTIVE" }"#
            ),
            [
                "Name = b.example.com fail",
                "Name = example pass",
                "DeletionProtection = ACTIVE pass",
                "DeletionProtection = INACTIVE fail",
            ]
        );
    }

    /// An element may be compared with a list of the pool, and `where` may ask about the same element.
    #[test]
    fn elements_are_compared_with_a_list_of_the_pool() {
        let keys = r#"
each   = "Clients"
expect = { every = "AllowedOAuthScopes", where = { none-of = ["openid"] }, expect = { one-of = { path = "scopes($.ResourceServers)" } } }
[[rule.test]]
verdict = "pass"
pool    = { ResourceServers = [{ Identifier = "a", Scopes = [{ ScopeName = "r", ScopeDescription = "d" }] }], Clients = [{ ClientId = "1example", AllowedOAuthScopes = ["a/r"] }] }"#;
        assert_eq!(
            derived(keys),
            [
                r#"AllowedOAuthScopes = ["a/r"] pass"#,
                r#"AllowedOAuthScopes = ["example"] fail"#,
                r#"AllowedOAuthScopes = ["a/r","example"] fail"#,
                r#"AllowedOAuthScopes = ["openid"] pass"#,
            ]
        );
    }

    /// One of two members counts for nothing where `where` leaves it out.
    #[test]
    fn members_that_a_condition_leaves_out_count_for_nothing() {
        let tags = r#"expect = { every = "UserPoolTags.*", where = { path = "key()", equals = "stage" }, expect = { one-of = ["prod"] } }"#;
        assert_eq!(
            derived(tags),
            [
                r#"UserPoolTags.* = {"stage":"prod"} pass"#,
                r#"UserPoolTags.* = {"stage":"example"} fail"#,
                r#"UserPoolTags.* = {"example":"example"} pass"#,
            ]
        );
        let triggers = r#"expect = { every = "LambdaConfig.**", where = { path = "service()", equals = "lambda" }, expect = { path = "account()", equals = "111122223333" } }"#;
        let verdicts: Vec<String> =
            derived(triggers).iter().filter_map(|case| Some(case.rsplit_once(' ')?.1.to_owned())).collect();
        assert_eq!(verdicts, ["pass", "fail", "fail", "pass"]);
    }

    #[test]
    fn a_part_of_an_arn_is_tried_with_the_value_that_is_named_and_another() {
        assert_eq!(
            derived(r#"expect = { path = "account(LambdaConfig.PreSignUp)", equals = "111122223333" }"#),
            [
                "account(LambdaConfig.PreSignUp) = arn:aws:lambda:eu-west-1:111122223333:function:example pass",
                "account(LambdaConfig.PreSignUp) = arn:aws:lambda:eu-west-1:444455556666:function:example fail",
            ]
        );
        assert_eq!(
            derived(r#"expect = { path = "region(EmailConfiguration.SourceArn)", none-of = ["us-east-1"] }"#),
            [
                "region(EmailConfiguration.SourceArn) = arn:aws:lambda:us-east-1:111122223333:function:example fail",
                "region(EmailConfiguration.SourceArn) = arn:aws:lambda:eu-north-1:111122223333:function:example pass",
            ]
        );
    }

    #[test]
    fn members_that_meet_it_are_mixed_with_others() {
        assert_eq!(
            derived(r#"expect = { every = "UserPoolTags.*", expect = { length-at-most = 2 } }"#),
            [
                r#"UserPoolTags.* = {"example-0":"e"} pass"#,
                r#"UserPoolTags.* = {"example-0":"eee"} fail"#,
                r#"UserPoolTags.* = {"example-0":"e","example-1":"eee"} fail"#,
            ]
        );
        assert_eq!(
            derived(r#"expect = { some = "UserPoolTags.*", expect = { path = "key()", equals = "owner" } }"#),
            [
                r#"UserPoolTags.* = {"owner":"example"} pass"#,
                r#"UserPoolTags.* = {"example":"example"} fail"#,
                r#"UserPoolTags.* = {"owner":"example","example":"example"} pass"#,
            ]
        );
        let account = r#"expect = { every = "LambdaConfig.**", expect = { path = "account()", equals = "111122223333" } }"#;
        let verdicts: Vec<String> =
            derived(account).iter().filter_map(|case| Some(case.rsplit_once(' ')?.1.to_owned())).collect();
        assert_eq!(verdicts, ["pass", "fail", "fail"]);
    }

    #[test]
    fn a_part_of_a_compound_is_changed_where_the_others_decide_nothing() {
        let keys = r#"
each   = "Clients"
when   = { path = "ClientSecret", present = true }
expect = { all = [{ path = "AuthSessionValidity", at-most = 5 }, { path = "EnableTokenRevocation", equals = true }] }

[[rule.test]]
verdict = "pass"
pool    = { Clients = [{ ClientId = "1example23456789", ClientSecret = "1exampleexampleexampleexample" }] }"#;
        assert_eq!(
            derived(keys),
            [
                "AuthSessionValidity = 4 pass",
                "AuthSessionValidity = 5 pass",
                "AuthSessionValidity = 6 fail",
                "EnableTokenRevocation = true pass",
                "EnableTokenRevocation = false fail",
                "ClientSecret = null skipped",
            ]
        );
    }
}
