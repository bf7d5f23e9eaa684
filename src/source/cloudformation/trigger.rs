//! Triggers that SAM attaches to a pool: they are events of the function.

use std::sync::Arc;

use super::node::Node;
use super::resolver::Resolver;
use super::template::{Resource, Template, mentions};
use crate::schema::{Kind, NodeId, schema};
use crate::source::declared::{Meaning, Member, Term};

/// The functions of a template that have a trigger of the pool.
pub(super) fn functions<'t>(template: &'t Template, pool: &Resource) -> Vec<&'t Resource> {
    let has = |resource: &&Resource| events(resource, pool).next().is_some();
    template
        .resources
        .iter()
        .filter(|resource| &*resource.kind == "AWS::Serverless::Function")
        .filter(has)
        .collect()
}

/// The events of a function that are triggers of the pool.
fn events<'t>(function: &'t Resource, pool: &'t Resource) -> impl Iterator<Item = &'t Node> {
    let events = function.properties().and_then(|properties| properties.get("Events"));
    let events = events.map(Node::entries).unwrap_or_default().iter().map(|entry| &entry.value);
    let cognito = events.filter(|event| event.get("Type").and_then(Node::text) == Some("Cognito"));
    cognito.filter_map(|event| event.get("Properties")).filter(|properties| {
        properties.get("UserPool").is_some_and(|link| mentions(link).contains(&&*pool.id))
    })
}

/// Puts the triggers among the properties of the pool.
pub(super) fn attach(
    resolver: Resolver<'_>,
    pool: &Resource,
    functions: &[&Resource],
    properties: &mut Term,
) {
    for function in functions {
        let made = function.condition().map(|name| resolver.outcomes.get(name).copied());
        let what = match made {
            Some(Some(false)) => continue,
            Some(None) => {
                Meaning::unknown(format!("`{}` depends on a condition that is not known", function.id))
            }
            None | Some(Some(true)) => {
                Meaning::later(format!("the ARN of `{}` is known when the template is deployed", function.id))
            }
        };
        for event in events(function, pool) {
            let Some(trigger) = event.get("Trigger") else { continue };
            let names = match resolver.term(trigger).what {
                Meaning::List(items) => items.into_iter().map(|item| item.what).collect(),
                one => vec![one],
            };
            for name in names.iter().filter_map(Meaning::as_text) {
                set(properties, name, Term { at: None, what: what.clone() });
            }
        }
    }
}

fn set(properties: &mut Term, trigger: Arc<str>, arn: Term) {
    let structure =
        schema().member(NodeId::ROOT, "LambdaConfig").and_then(|id| schema().member(id, &trigger));
    let member = |key: Arc<str>, value: Term| Member { key, key_at: 0..0, value };
    let value = match structure.is_some_and(|id| schema().node(id).kind == Kind::Structure) {
        true => Term { at: None, what: Meaning::Map(vec![member("LambdaArn".into(), arn)], None) },
        false => arn,
    };
    let Meaning::Map(members, _) = &mut properties.what else { return };
    match members.iter_mut().find(|one| &*one.key == "LambdaConfig").map(|one| &mut one.value.what) {
        Some(Meaning::Map(triggers, _)) => {
            if triggers.iter().all(|one| one.key != trigger) {
                triggers.push(member(trigger, value));
            }
        }
        Some(_) => {}
        None => {
            let config = Term { at: None, what: Meaning::Map(vec![member(trigger, value)], None) };
            members.push(member("LambdaConfig".into(), config));
        }
    }
}
