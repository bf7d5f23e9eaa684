//! The operation that changes a setting, or the reason that none does.

use super::Obstacle;
use crate::schema::{Aspect, NodeId, Path, schema};

/// Takes parameters that have the names and shapes of the pool's members.
pub(super) const UPDATE: &str = "UpdateUserPool";
const CREATE: &str = "CreateUserPool";
const SET_MFA: &str = "SetUserPoolMfaConfig";
/// Takes parameters that have the names and shapes of a client's members.
pub(super) const UPDATE_CLIENT: &str = "UpdateUserPoolClient";

/// The operation that sets a member of the pool. `None` if only the service does.
pub(super) fn set_by(member: &str) -> Option<&'static str> {
    let node = schema().member(NodeId::ROOT, member)?;
    schema().node(node).set_by.as_deref()
}

/// Whether a file can be changed so that it sets a member of the pool, or of an element of one of its lists. A member
/// that only a new pool can have must stay: a change of it would replace the pool, and its users would be lost.
pub(super) fn declarable(path: &Path) -> Result<(), Obstacle> {
    let first = path.steps.first().map(|step| step.name.as_ref()).unwrap_or_default();
    let member = if path.from_pool || schema().member(NodeId::ROOT, first).is_some() { first } else { "" };
    if set_by(member) == Some(CREATE) {
        let message = format!("a change of `{member}` replaces the pool, and its users would be lost");
        return Err(Obstacle::new(
            message,
            "create a new pool with the right setting and move the users there",
        ));
    }
    if path.aspect != Aspect::Value {
        return Err(Obstacle::new(not_a_value(path), "change the whole value by hand"));
    }
    Ok(())
}

/// Whether an update of an element can change the setting at a path in it.
pub(super) fn settable_in(element: Option<NodeId>, path: &Path) -> Result<(), Obstacle> {
    let first = path.steps.first().map(|step| step.name.as_ref()).unwrap_or_default();
    let help = "see what to change: `cognito-lint rules show ID`";
    if path.from_pool {
        return Err(Obstacle::new(format!("`{path}` is a setting of the pool, and not of the client"), help));
    }
    if path.aspect != Aspect::Value {
        return Err(Obstacle::new(not_a_value(path), help));
    }
    let node = element.and_then(|element| schema().member(element, first)).map(|id| schema().node(id));
    match node.and_then(|node| node.set_by.as_deref()) {
        Some(UPDATE_CLIENT) => Ok(()),
        Some(operation) => {
            let message = format!("`{path}` is set by {operation}, whose input is not written here");
            Err(Obstacle::new(message, help))
        }
        None if node.is_some_and(|node| node.derived.is_some()) => {
            Err(Obstacle::new(format!("`{path}` is computed from a number and its unit"), help))
        }
        None => {
            let message = format!("`{path}` cannot be changed once the client is made");
            Err(Obstacle::new(message, help))
        }
    }
}

/// The message that a path leads to something about a value, or about the input.
fn not_a_value(path: &Path) -> String {
    match path.aspect {
        Aspect::Source => format!("`{path}` is the kind of input, and not a setting"),
        _ => format!("`{path}` is a part of a value, which cannot be set by itself"),
    }
}

/// Whether `fix` can change the setting at a path. The error says where else it can be changed.
pub(super) fn settable(path: &Path) -> Result<(), Obstacle> {
    if path.aspect == Aspect::Source {
        return Err(Obstacle::new(not_a_value(path), "turn the rule off for this pool"));
    }
    let Some(first) = path.steps.first() else {
        return Err(Obstacle::new("the pool as a whole cannot be set", "name a path in it"));
    };
    if path.aspect != Aspect::Value {
        return Err(Obstacle::new(not_a_value(path), "set the whole value: `--set PATH=VALUE`"));
    }
    let name = first.name.as_ref();
    let (message, help) = match set_by(name) {
        Some(UPDATE | SET_MFA) => return Ok(()),
        Some(CREATE) => (
            format!("`{name}` cannot be changed after the pool is created"),
            "create a new pool with the right setting and move the users there",
        ),
        Some(operation) => (
            format!("`{path}` is set by {operation}, whose input is not written here"),
            "see the fix of the rule: `cognito-lint rules show ID`",
        ),
        None => (
            format!("the service sets `{name}` itself, so it cannot be changed"),
            "see the fix of the rule: `cognito-lint rules show ID`",
        ),
    };
    Err(Obstacle::new(message, help))
}
