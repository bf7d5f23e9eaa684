//! The facts of the schema about a path, in words.

use crate::pool::Section;
use crate::report::ansi::count;
use crate::schema::{Kind, Node, NodeId, schema};
use crate::value::{Text, Value};

const EMPTY_IS_ABSENT: &str = "empty means absent";

/// One line: type, values, bounds, defaults and the rest.
pub(super) fn sentence(id: NodeId) -> String {
    let node = schema().node(id);
    let mut facts = vec![kind(node)];
    facts.extend(bounds(node));
    facts.extend(defaults(node));
    // Nearly every structure is absent when empty, which would drown what sets a path apart.
    facts.extend(marks(node).into_iter().filter(|mark| *mark != EMPTY_IS_ABSENT));
    facts.extend(node.operation.as_ref().map(|operation| format!("from {operation}")));
    let around = &schema().node(node.parent).since;
    facts.extend(node.since.as_ref().filter(|_| node.since != *around).map(|date| format!("since {date}")));
    facts.join("; ")
}

/// Everything, each with a name.
pub(super) fn details(id: NodeId) -> Vec<(&'static str, String)> {
    let node = schema().node(id);
    let since = node.since.as_ref().map(|date| format!("first in the API's model of {date}"));
    let added = node.rare().added.as_ref().map(|file| format!("newer than the program: {file} adds it"));
    let since = added.or(since).unwrap_or_else(|| "before 2023-06-30".to_owned());
    // No call of the API has what is computed.
    let (from, since) = if node.inferred { (String::new(), String::new()) } else { (source(id), since) };
    let facts = vec![
        ("type", kind(node)),
        ("bounds", bounds(node).unwrap_or_default()),
        ("absent", defaults(node).join("\n")),
        ("pattern", node.pattern.as_deref().unwrap_or_default().to_owned()),
        ("note", marks(node).join("\n")),
        ("from", from),
        ("since", since),
    ];
    facts.into_iter().filter(|(_, text)| !text.is_empty()).collect()
}

/// The API call that fills the section around a node.
fn source(mut id: NodeId) -> String {
    let operation = loop {
        let node = schema().node(id);
        match &node.operation {
            None if id != NodeId::ROOT => id = node.parent,
            operation => break operation.as_deref().unwrap_or_default(),
        }
    };
    match schema().node(id).path.as_ref() {
        "" => format!("{operation}, which fills the pool itself"),
        section => {
            let read = Section::ATTACHED.iter().find(|one| one.member() == section);
            let is_read = read.is_none_or(|section| !section.operations().is_empty());
            let but = if is_read { "" } else { "; it is not read from live pools" };
            format!("{operation}, which fills {section}{but}")
        }
    }
}

/// `string`, `OFF | ON | OPTIONAL`, `list of structures`, `map of strings`.
fn kind(node: &Node) -> String {
    let element = node.element.map(|id| schema().node(id));
    match (node.kind, element) {
        (Kind::List, Some(element)) if !element.values.is_empty() => format!("list of {}", values(element)),
        (Kind::List | Kind::Map, Some(element)) => {
            let bounds = bounds(element).map(|bounds| format!(" of {bounds}")).unwrap_or_default();
            format!("{} of {}s{bounds}", node.kind.word(), element.kind.word())
        }
        _ if !node.values.is_empty() => values(node),
        (Kind::String, _) if node.numeric => "string that holds a whole number".to_owned(),
        (kind, _) => kind.word().to_owned(),
    }
}

fn values(node: &Node) -> String {
    let since =
        |value: &Text| node.rare().values_since.iter().find(|(name, _)| name == value).map(|(_, date)| date);
    let words = node.values.iter().map(|value| match since(value) {
        Some(date) => format!("{value} (since {date})"),
        None => value.to_string(),
    });
    words.collect::<Vec<_>>().join(" | ")
}

/// `6..99`, `1..128 characters`, `at most 50 elements`.
fn bounds(node: &Node) -> Option<String> {
    let unit = match node.kind {
        Kind::String => "character",
        Kind::List => "element",
        Kind::Map => "key",
        _ => "",
    };
    let with_unit = |n: i64| match (unit, usize::try_from(n)) {
        ("", _) | (_, Err(_)) => n.to_string(),
        (unit, Ok(n)) => count(n, unit),
    };
    match (node.min, node.max) {
        (None, None) => None,
        (Some(min), None) => Some(format!("at least {}", with_unit(min))),
        (None, Some(max)) => Some(format!("at most {}", with_unit(max))),
        (Some(min), Some(max)) => Some(format!("{min}..{}", with_unit(max))),
    }
}

/// The meaning of absence, by the origin of the document.
fn defaults(node: &Node) -> Vec<String> {
    let defaults = node.defaults();
    let mut facts = Vec::new();
    facts.extend(defaults.any.as_ref().map(|value| format!("default {}", shown(value))));
    let around = &schema().node(node.parent).name;
    match (&defaults.template, &defaults.in_block) {
        (Some(template), Some(in_block)) if template != in_block => facts.push(format!(
            "default {} in a template, but {} where {around} is written out without it",
            shown(template),
            shown(in_block)
        )),
        (Some(template), _) => facts.push(format!("default {} in a template", shown(template))),
        (None, Some(in_block)) => {
            facts.push(format!("default {} where {around} is written out without it", shown(in_block)));
        }
        (None, None) => {}
    }
    if defaults.unknown_in_template.is_some() {
        facts.push("unknown in a template that leaves it out".to_owned());
    }
    if defaults.unknown_in_answer.is_some() {
        let lacking = if defaults.in_block.is_some() { around } else { "it" };
        facts.push(format!("unknown in an answer that lacks {lacking}"));
    }
    facts
}

fn shown(value: &Value) -> String {
    match value {
        Value::List(items) if items.is_empty() => "empty".to_owned(),
        Value::Map(members) if members.is_empty() => "empty".to_owned(),
        Value::List(items) => format!("[{}]", items.iter().map(shown).collect::<Vec<_>>().join(", ")),
        Value::Map(members) => {
            let members = members.0.iter().map(|(name, value)| format!("{name} = {}", shown(value)));
            format!("{{ {} }}", members.collect::<Vec<_>>().join(", "))
        }
        other => other.to_string(),
    }
}

/// Its special properties.
fn marks(node: &Node) -> Vec<String> {
    let mut marks = Vec::new();
    let element = node.element.map(|id| schema().node(id));
    let mut mark = |holds: bool, text: &str| {
        if holds {
            marks.push(text.to_owned());
        }
    };
    mark(node.always, "in every answer");
    mark(node.required, "required");
    mark(node.secret, "secret: only its presence is kept");
    mark(node.volatile, "changes by itself");
    let is_whole = node.parent == NodeId::ROOT;
    mark(node.planned && is_whole, "only a Terraform plan shows it");
    mark(node.inferred && is_whole, "computed from the whole pool, and in no input");
    mark(node.unordered, "unordered");
    mark(node.empty_is_absent, EMPTY_IS_ABSENT);
    mark(node.empty_is_default, "empty means the default");
    mark(node.empty_is_value, "empty is not the default");
    mark(node.open, "with members that are not listed here");
    mark(node.zero_is_absent, "0 means the default");
    mark(node.deprecated, "deprecated");
    mark(element.is_some_and(|element| element.secret), "its elements are secret");
    if let Some(own) = &node.rare().own {
        marks.push(format!("each pool has its own: {own}"));
    }
    if let Some(derived) = node.derived {
        marks.push(format!("in seconds, computed from {} and its unit", derived.number));
    }
    let mirrors = schema().mirrors().iter().filter(|mirror| schema().node(mirror.copy).path == node.path);
    marks.extend(mirrors.map(|mirror| format!("the same as {}", schema().node(mirror.original).path)));
    if let Some(key) = &node.key {
        let label = node.label.as_ref().map(|label| format!(" and {label}"));
        marks.push(format!("named by {key}{}", label.unwrap_or_default()));
    }
    for (keys, what) in [
        (&node.rare().secret_keys, "secret keys"),
        (&node.rare().volatile_keys, "keys that change by themselves"),
    ] {
        if !keys.is_empty() {
            let names: Vec<&str> = keys.iter().map(AsRef::as_ref).collect();
            marks.push(format!("{what}: {}", names.join(", ")));
        }
    }
    marks
}
