//! Whether the service would take a changed value: its bounds, the members that it needs, and what it refuses beside
//! each other. What it has taken already is not asked about again.

use super::Obstacle;
use crate::pool::Section;
use crate::schema::{CLIENT_RELATIONS, Kind, Node, NodeId, Relation, schema};
use crate::source::ValueStep;
use crate::value::Value;

/// Checks a member of the pool against what it was.
pub(super) fn member(name: &str, before: Option<&Value>, after: Option<&Value>) -> Result<(), Obstacle> {
    match (schema().member(NodeId::ROOT, name), after) {
        (Some(id), Some(after)) => taken(id, name, before, after, &[]),
        (_, _) => Ok(()),
    }
}

/// Checks an element of a list of the pool against what it was.
pub(super) fn element(id: NodeId, before: Option<&Value>, after: &Value) -> Result<(), Obstacle> {
    let is_client =
        schema().member(NodeId::ROOT, Section::Clients.member()) == Some(schema().node(id).parent);
    taken(id, "", before, after, if is_client { &CLIENT_RELATIONS } else { &[] })
}

/// Whether the service refuses a number at a place in the document of a pool.
pub(super) fn is_out_of_bounds(steps: &[ValueStep<'_>], value: &Value) -> bool {
    let Value::Int(number) = value else { return false };
    let node = steps.iter().try_fold(NodeId::ROOT, |node, step| match step {
        ValueStep::Member(name) => schema().member(node, name),
        ValueStep::Index(_) => schema().node(node).element,
    });
    let Some(node) = node.map(|id| schema().node(id)) else { return false };
    !node.means_none(value)
        && (node.min.is_some_and(|min| *number < min) || node.max.is_some_and(|max| *number > max))
}

fn taken(
    id: NodeId,
    path: &str,
    before: Option<&Value>,
    after: &Value,
    relations: &[Relation],
) -> Result<(), Obstacle> {
    let all = |value: &Value| {
        let mut found = Vec::new();
        refusals(id, path, value, &mut found);
        found.extend(relations.iter().filter_map(|relation| relation.refused(value)));
        found
    };
    let known = before.map(all).unwrap_or_default();
    match all(after).into_iter().find(|refusal| !known.contains(refusal)) {
        None => Ok(()),
        Some(refusal) => {
            let help = "change it by hand, together with what goes with it";
            Err(Obstacle::new(format!("Cognito refuses the change: {refusal}"), help))
        }
    }
}

/// Collects what the service refuses in a value.
fn refusals(id: NodeId, path: &str, value: &Value, found: &mut Vec<String>) {
    let node = schema().node(id);
    if node.means_none(value) {
        return;
    }
    match (node.kind, value) {
        (Kind::Integer, Value::Int(number)) => bounds(node, path, *number, "", found),
        (Kind::String, Value::String(text)) if !node.numeric => {
            let is_known = node.values.is_empty() || node.values.iter().any(|known| **known == **text);
            if !is_known {
                found.push(format!("`{path}` cannot be `{text}`"));
            }
            bounds(node, path, text.chars().count() as i64, " characters", found);
        }
        (Kind::List, Value::List(items)) => {
            bounds(node, path, items.len() as i64, " elements", found);
            if let Some(element) = node.element {
                for item in items {
                    refusals(element, &format!("{path}[]"), item, found);
                }
            }
        }
        (Kind::Structure, Value::Map(map)) => {
            for member in node.members.iter().map(|member| schema().node(*member)) {
                if member.required && map.get(&member.name).is_none() {
                    found.push(format!("`{path}` needs `{}`", member.name));
                }
            }
            for (name, inner) in &map.0 {
                if let Some(member) = schema().member(id, name) {
                    let path = if path.is_empty() { name.to_string() } else { format!("{path}.{name}") };
                    refusals(member, &path, inner, found);
                }
            }
        }
        _ => {}
    }
}

fn bounds(node: &Node, path: &str, size: i64, of: &str, found: &mut Vec<String>) {
    if node.min.is_some_and(|min| size < min) || node.max.is_some_and(|max| size > max) {
        let (min, max) =
            (node.min.unwrap_or_default(), node.max.map_or("any".to_owned(), |max| max.to_string()));
        found.push(format!("`{path}` would be {size}{of}, and it takes {min} to {max}"));
    }
}
