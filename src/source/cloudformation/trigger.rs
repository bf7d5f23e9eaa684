//! Triggers that SAM attaches to a pool: they stand with the function, as its events.

use super::node::Node;
use super::scene::Scene;
use super::template::{Resource, Template, mentions};
use super::term::Meaning;
use crate::schema::{Kind, NodeId, schema};
use crate::value::{Map, Value};

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

/// Puts the triggers into the pool.
pub(super) fn attach(scene: &Scene<'_>, pool: &Resource, functions: &[&Resource], document: &mut Map) {
    for function in functions {
        let made = function.condition().map(|name| scene.settled.get(name).copied());
        let why = format!("the ARN of `{}` is known when the template is deployed", function.id);
        let value = match made {
            Some(Some(false)) => continue,
            Some(None) => {
                Value::Unknown(format!("`{}` depends on a condition that is not known", function.id).into())
            }
            None | Some(Some(true)) => Value::Later(why.into()),
        };
        for event in events(function, pool) {
            let Some(trigger) = event.get("Trigger") else { continue };
            let names = match scene.term(trigger).what {
                Meaning::List(items) => items.into_iter().map(|item| item.what).collect(),
                one => vec![one],
            };
            for name in names.iter().filter_map(Meaning::as_text) {
                set(document, &name, value.clone());
            }
        }
    }
}

fn set(document: &mut Map, trigger: &str, value: Value) {
    let structure = schema().member(NodeId::ROOT, "LambdaConfig").and_then(|id| schema().member(id, trigger));
    let value = match structure.is_some_and(|id| schema().node(id).kind == Kind::Structure) {
        true => Value::Map(Map(vec![("LambdaArn".into(), value)])),
        false => value,
    };
    if document.get("LambdaConfig").is_none() {
        document.set("LambdaConfig".into(), Value::Map(Map::default()));
    }
    if let Some((_, Value::Map(config))) = document.0.iter_mut().find(|(name, _)| name == "LambdaConfig")
        && config.get(trigger).is_none()
    {
        config.set(trigger.to_owned().into(), value);
    }
}
