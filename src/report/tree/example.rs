//! A rule about a path, to start from.

use crate::schema::{Kind, Node, NodeId, schema};
use crate::value::{Text, Value};

/// The `expect` of a rule about a node, with `each` if the node is in a list. It compiles, and some pool fails it.
pub fn example(id: NodeId) -> String {
    let id = worth_asking(id);
    let lists = lists_around(id);
    let mut base = String::new();
    let mut each = String::new();
    let mut quantified = Vec::new();
    for (depth, list) in lists.into_iter().enumerate() {
        let path = &schema().node(list).path;
        let relative = quoted(path.strip_prefix(base.as_str()).unwrap_or(path));
        match depth {
            0 => each = format!("each   = {relative}\n"),
            _ => quantified.push(relative),
        }
        base = format!("{path}[].");
    }
    let path = &schema().node(id).path;
    let path = path.strip_prefix(base.as_str()).unwrap_or(path);
    let path = path.replace("{}", if has_levels(path) { ".Level1" } else { ".owner" });
    let mut predicate = format!("{{ path = {}, {} }}", quoted(&path), operator(schema().node(id)));
    for list in quantified.iter().rev() {
        predicate = format!("{{ every = {list}, expect = {predicate} }}");
    }
    format!("{each}expect = {predicate}")
}

/// The node that a rule would ask for: of a list of structures one of their members, of an element its list.
fn worth_asking(id: NodeId) -> NodeId {
    let node = schema().node(id);
    let parent = schema().node(node.parent);
    match node.element {
        Some(element) if node.kind == Kind::List && schema().node(element).kind == Kind::Structure => {
            worth_asking(element)
        }
        None if node.name.is_empty() && parent.kind == Kind::List => match telling_member(node) {
            Some(member) => worth_asking(member),
            None => node.parent,
        },
        _ => id,
    }
}

/// The member that says most: one with few values, else the one that names the element.
fn telling_member(node: &Node) -> Option<NodeId> {
    let asked = |id: &&NodeId| {
        let member = schema().node(**id);
        let few = member.kind == Kind::Boolean || member.values.len() > 1;
        few && !member.volatile && !member.secret
    };
    let key = &schema().node(node.parent).key;
    let named = |id: &&NodeId| key.as_ref().is_some_and(|key| schema().node(**id).name == *key);
    let members = &node.members;
    members.iter().find(asked).or_else(|| members.iter().find(named)).or(members.first()).copied()
}

/// The lists around a node, the outermost first.
fn lists_around(mut id: NodeId) -> Vec<NodeId> {
    let mut lists = Vec::new();
    while id != NodeId::ROOT {
        let node = schema().node(id);
        if node.name.is_empty() && schema().node(node.parent).kind == Kind::List {
            lists.push(node.parent);
        }
        id = node.parent;
    }
    lists.reverse();
    lists
}

/// Whether the keys of a map are levels, not names that somebody chose.
fn has_levels(path: &str) -> bool {
    path.contains("Acr")
}

/// An operator that the type allows, and that neither always nor never holds.
fn operator(node: &Node) -> String {
    let element = node.element.map(|id| schema().node(id));
    let default = node.defaults().any.as_ref().or(node.defaults().template.as_ref());
    match node.kind {
        _ if node.secret => "present = true".to_owned(),
        Kind::Boolean => "equals = true".to_owned(),
        Kind::Integer => number(node, default),
        Kind::Timestamp => "newer-than = \"365d\"".to_owned(),
        Kind::String if !node.values.is_empty() => one_of(&node.values, default),
        Kind::String if node.never_absent() => "matches = \"prod\"".to_owned(),
        Kind::List => match element.and_then(|element| element.values.first()) {
            Some(value) => format!("contains = {}", quoted(value)),
            None => format!("length-at-least = {}", node.min.unwrap_or(0) + 1),
        },
        Kind::Map if has_levels(&node.path) => "contains = \"Level1\"".to_owned(),
        Kind::Map => "contains = \"owner\"".to_owned(),
        Kind::String | Kind::Structure => "present = true".to_owned(),
    }
}

fn number(node: &Node, default: Option<&Value>) -> String {
    let least = node.min.unwrap_or(0);
    let default = match default {
        Some(Value::Int(n)) => *n,
        _ => least,
    };
    match node.max {
        Some(max) if max <= default => format!("at-most = {}", max - 1),
        _ => format!("at-least = {}", default.max(least) + 1),
    }
}

/// All values but the default, which is what a rule most often wants to rule out.
fn one_of(values: &[Text], default: Option<&Value>) -> String {
    let default = default.and_then(Value::as_str).or(values.first().map(AsRef::as_ref));
    let others = values.iter().filter(|value| Some(value.as_ref()) != default);
    let others: Vec<String> = others.map(|value| quoted(value)).collect();
    match others.as_slice() {
        [] => "present = true".to_owned(),
        [one] => format!("equals = {one}"),
        several => format!("one-of = [{}]", several.join(", ")),
    }
}

fn quoted(text: &str) -> String {
    format!("\"{text}\"")
}
