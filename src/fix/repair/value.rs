//! Values with which an operator holds: the only one that is possible, or what is left of a list.

use crate::fix::Obstacle;
use crate::schema::{Node, Path, SUCCESSOR};
use crate::value::{Text, Value};

/// The remaining elements of a list with the successor of those that are gone, if they are enough.
pub(super) fn rest(
    (path, node): (&Path, Option<&Node>),
    elements: &[Value],
    gone: &dyn Fn(&Value) -> bool,
) -> Result<Option<Value>, Obstacle> {
    let mut kept: Vec<Value> = elements.iter().filter(|element| !gone(element)).cloned().collect();
    if node.is_some_and(|node| *node.path == *SUCCESSOR.list) {
        let needed = SUCCESSOR.needed(elements, &kept).map(|name| Value::String(name.into()));
        kept.splice(0..0, needed.filter(|needed| !gone(needed)));
    }
    let least = node.and_then(|node| usize::try_from(node.min?).ok()).unwrap_or_default();
    match kept.len() < least {
        true => Err(no_value(&format!("`{path}` cannot be empty, and nothing else is left in it"))),
        false => Ok(Some(Value::List(kept))),
    }
}

pub(super) fn list(value: Option<&Value>) -> &[Value] {
    value.and_then(Value::as_list).unwrap_or_default()
}

/// The only possible value, or an obstacle that lists the possible ones.
pub(super) fn choice(
    path: &Path,
    values: impl Iterator<Item = impl ToString>,
) -> Result<Option<Value>, Obstacle> {
    let values: Vec<String> = values.map(|value| value.to_string()).collect();
    match &values[..] {
        [only] => Ok(Some(Value::String(only.clone().into()))),
        [] => Err(no_value(&format!("no value of `{path}` makes the rule pass"))),
        _ => {
            let message = format!("several values of `{path}` make the rule pass: {}", values.join(", "));
            Err(Obstacle::new(message, format!("choose one: `--set {path}=VALUE`")))
        }
    }
}

/// A value that is not refused, if there is only one.
pub(super) fn other(path: &Path, node: Option<&Node>, refused: &[Value]) -> Result<Option<Value>, Obstacle> {
    if let [Value::Bool(no)] = refused {
        return Ok(Some(Value::Bool(!no)));
    }
    let values = node.map_or(&[] as &[Text], |node| &node.values);
    choice(path, values.iter().filter(|one| !refused.iter().any(|no| no.as_str() == Some(one))))
}

pub(super) fn no_value(message: &str) -> Obstacle {
    Obstacle::new(message, "change it by hand, or give the value with `--set PATH=VALUE`")
}
