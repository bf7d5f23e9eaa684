//! A pool whose plan and template leave the same setting out is the same pool in both.

use std::collections::BTreeSet;

use cognito_lint::pool::Projection;
use cognito_lint::source::ValueStep;
use cognito_lint::source::{Chunk, read};
use serde_json::Value as Json;

use super::{chunk, folder, members};
use cognito_lint::schema::schema;

/// Settings that the two languages write differently, so that the pools are equal only if both are given.
const APART: [&str; 6] = [
    // A template without one has a name that CloudFormation makes up.
    "Name",
    // A template says with `EnabledMfas` whether SMS is a factor, and the provider decides it by the mode.
    "MfaConfiguration",
    "MfaConfig.MfaConfiguration",
    // The provider sends 0 for it, which the service refuses.
    "Policies.PasswordPolicy.MinimumLength",
    // A template sets it by two properties.
    "MfaConfig.WebAuthnConfiguration",
    // A plan repeats them as `tags_all`.
    "UserPoolTags",
];

/// The name of a member in the language of a file, by its path.
fn names(chunk: &Chunk) -> impl Fn(&str) -> Option<String> {
    let read = read(chunk, &Projection::identity());
    move |path| {
        let places = read.places();
        let locator = places.of(&read.pools[0]).unwrap();
        let walk: Vec<ValueStep<'_>> = path.split('.').map(|name| ValueStep::Member(name.into())).collect();
        locator.declaration(&walk, None)?.name
    }
}

/// The plan with an argument of the pool left out; `None` where it is not in it.
fn without_argument(plan: &Json, argument: &str) -> Option<Json> {
    let mut plan = plan.clone();
    let mut at = &mut plan["resource_changes"][0]["change"]["after"];
    for name in argument.split('.') {
        at = match at {
            Json::Array(blocks) => blocks.first_mut()?.get_mut(name)?,
            object => object.get_mut(name)?,
        };
    }
    let empty = match at {
        Json::Null => return None,
        Json::Array(items) if items.first().is_some_and(Json::is_object) => Json::Array(Vec::new()),
        _ => Json::Null,
    };
    *at = empty;
    // A member that is left out and not computed is known to be absent.
    if !argument.contains('.') {
        plan["resource_changes"][0]["change"]["after_unknown"].as_object_mut()?.remove(argument);
    }
    Some(plan)
}

/// The template with a property of the pool left out; `None` where it is not in it.
fn without_property(template: &str, property: &str) -> Option<String> {
    let lines: Vec<&str> = template.lines().collect();
    let indent = |line: &str| line.len() - line.trim_start().len();
    let mut at = lines.iter().position(|line| line.trim() == "Properties:")?;
    let (mut cut, mut deep) = (0, 0);
    for name in property.split('.') {
        let around = indent(lines[at]);
        let inside = lines[at + 1..].iter().take_while(|line| indent(line) > around);
        let found = inside.clone().position(|line| {
            indent(line) == around + 2 && line.trim_start().split(':').next() == Some(name)
        })?;
        at += 1 + found;
        // A property with nothing left in it goes, too.
        let length =
            |at: usize| lines[at + 1..].iter().take_while(|line| indent(line) > indent(lines[at])).count();
        deep += 1;
        if cut == 0 || at - cut != deep || length(cut) != deep + length(at) {
            (cut, deep) = (at, 0);
        }
    }
    let at = cut;
    let whole = lines[at + 1..].iter().take_while(|line| indent(line) > indent(lines[at])).count();
    let kept = lines[..at].iter().chain(&lines[at + 1 + whole..]);
    Some(kept.copied().collect::<Vec<_>>().join("\n"))
}

#[test]
fn a_setting_that_is_left_out_means_the_same_in_every_language() {
    let file = |name: &str| chunk(&folder().join(name));
    let (plan, template) = (file("everything.tf.json"), file("everything.yaml"));
    let (argument, property) = (names(&plan), names(&template));
    let json: Json = serde_json::from_slice(&plan.bytes).unwrap();
    let text = String::from_utf8(template.bytes.clone()).unwrap();
    let (mut complaints, mut compared) = (Vec::new(), 0);
    for (_, node) in schema().nodes().filter(|(_, node)| !node.path.contains(['[', '{'])) {
        let Some((argument, property)) = argument(&node.path).zip(property(&node.path)) else { continue };
        let without = (without_argument(&json, &argument), without_property(&text, &property));
        let (Some(plan), Some(template)) = without else { continue };
        if APART.contains(&node.path.as_ref()) {
            continue;
        }
        compared += 1;
        let of = |bytes: Vec<u8>| members(&Chunk { bytes, first_line: 1, ..Chunk::default() });
        let (plan, template) = (of(plan.to_string().into_bytes()), of(template.into_bytes()));
        for path in plan.keys().chain(template.keys()).collect::<BTreeSet<_>>() {
            let (plan, template) = (plan.get(path), template.get(path));
            if plan != template {
                complaints.push(format!(
                    "without {}: {path} is {plan:?} by the plan and {template:?} by the template",
                    node.path
                ));
            }
        }
    }
    assert!(compared > 30, "{compared}");
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}
