//! Reads the schema's data file.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value as Json;

use super::{Defaults, Derived, Kind, Mirror, Node, NodeId, Schema, default_value};
use crate::value::{Map, Text, Value};

#[derive(Deserialize)]
struct File {
    model: &'static str,
    standard_attributes: Vec<Json>,
    paths: Vec<Line>,
}

/// One line of the file. Patterns have escapes, so they cannot be borrowed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    #[serde(borrow)]
    path: Cow<'static, str>,
    #[serde(rename = "type")]
    kind: Kind,
    #[serde(default)]
    values: Vec<&'static str>,
    #[serde(default)]
    values_since: BTreeMap<&'static str, &'static str>,
    min: Option<i64>,
    max: Option<i64>,
    #[serde(borrow)]
    pattern: Option<Cow<'static, str>>,
    #[serde(borrow)]
    key_pattern: Option<Cow<'static, str>>,
    #[serde(default)]
    numeric: bool,
    #[serde(default)]
    always: bool,
    #[serde(default)]
    filled: bool,
    #[serde(default)]
    required: bool,
    #[serde(default)]
    secret: bool,
    #[serde(default)]
    secret_keys: Vec<&'static str>,
    #[serde(default)]
    volatile: bool,
    #[serde(default)]
    volatile_keys: Vec<&'static str>,
    #[serde(default)]
    unordered: bool,
    key: Option<&'static str>,
    label: Option<&'static str>,
    #[serde(default)]
    empty_is_absent: bool,
    #[serde(default)]
    empty_is_default: bool,
    #[serde(default)]
    empty_is_value: bool,
    #[serde(default)]
    open: bool,
    #[serde(default)]
    zero_is_absent: bool,
    #[serde(default)]
    identifies: bool,
    mirror: Option<&'static str>,
    mirror_within: Option<&'static str>,
    #[serde(default)]
    superseded: bool,
    since: Option<&'static str>,
    #[serde(default)]
    deprecated: bool,
    operation: Option<&'static str>,
    set_by: Option<&'static str>,
    default: Option<Json>,
    default_template: Option<Json>,
    default_in_block: Option<Json>,
    unknown_in_answer: Option<&'static str>,
    unknown_in_template: Option<&'static str>,
    derived: Option<DerivedLine>,
    #[serde(default)]
    planned: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DerivedLine {
    number: &'static str,
    unit: &'static str,
}

/// Reads the data file.
///
/// # Panics
///
/// When the file is not valid. It is part of the program, and every test reads it.
#[expect(clippy::panic, reason = "the file is part of the program, and every test reads it")]
pub(super) fn read(text: &'static str) -> Schema {
    let file: File =
        serde_json::from_str(text).unwrap_or_else(|error| panic!("schema/cognito.json: {error}"));
    let mut nodes = Vec::with_capacity(file.paths.len() + 1);
    nodes.push(root());
    // The paths are in depth-first order, so the parent of each is among those around the one before.
    let mut around: Vec<(Cow<'static, str>, NodeId)> = vec![(Cow::Borrowed(""), NodeId::ROOT)];
    let mut mirrored = Vec::new();
    for line in file.paths {
        let id = NodeId::at(nodes.len());
        let (outer, name) = split(&line.path);
        while around.last().is_some_and(|(path, _)| path != outer) {
            around.pop();
        }
        let parent = around.last().map_or_else(|| panic!("{} is before {outer}", line.path), |(_, id)| *id);
        match name {
            "" => nodes[parent.index()].element = Some(id),
            name => {
                nodes[parent.index()].members.push(id);
                nodes[parent.index()].names.push(String::leak(name.to_owned()));
            }
        }
        let name = name.to_owned();
        mirrored.extend(line.mirror.map(|original| (id, original, line.mirror_within, line.superseded)));
        around.push((line.path.clone(), id));
        nodes.push(node(line, name, (id, parent)));
    }
    end(&mut nodes);
    fill(&mut nodes);
    let mirrors = mirrored.into_iter().map(|(copy, original, within, superseded)| Mirror {
        copy,
        original: at(&nodes, original),
        within: within.map(|path| at(&nodes, path)),
        superseded,
    });
    let mirrors = mirrors.collect();
    let always = nodes.iter().enumerate().filter(|(_, node)| node.always);
    let in_every_answer = always.map(|(position, _)| NodeId::at(position)).collect();
    let standard_attributes = file.standard_attributes.into_iter().map(default_value).collect();
    let secret_names = nodes.iter().flat_map(secret_names).collect();
    Schema { model: file.model, mirrors, standard_attributes, secret_names, nodes, in_every_answer }
}

/// Finds the end of each node. A node comes after its parent, so the last one inside a node is known when it is
/// reached from behind.
fn end(nodes: &mut [Node]) {
    for at in (1..nodes.len()).rev() {
        let (end, parent) = (nodes[at].end, nodes[at].parent.index());
        nodes[parent].end = nodes[parent].end.max(end);
    }
}

/// The names under which a node makes a value a secret.
fn secret_names(node: &Node) -> impl Iterator<Item = Text> {
    let own = node.secret.then(|| node.name.clone());
    own.into_iter().chain(node.secret_keys.iter().cloned())
}

/// Gives a structure that every new pool has the defaults of its members. Its members come later in the file.
fn fill(nodes: &mut [Node]) {
    for at in (0..nodes.len()).rev() {
        if !nodes[at].filled || nodes[at].kind != Kind::Structure {
            continue;
        }
        let default = |id: &NodeId| {
            let member = &nodes[id.index()];
            let defaults = &member.defaults;
            let value = defaults.template.as_ref().or(defaults.any.as_ref()).or(defaults.filled.as_ref())?;
            Some((member.name.clone(), value.clone()))
        };
        let members: Vec<_> = nodes[at].members.iter().filter_map(default).collect();
        if !members.is_empty() {
            nodes[at].defaults.filled = Some(Value::Map(Map(members)));
        }
    }
}

/// The node of a path that another line names.
#[expect(clippy::panic, reason = "the file is part of the program, and every test reads it")]
fn at(nodes: &[Node], path: &str) -> NodeId {
    let position = nodes.iter().position(|node| node.path == path);
    NodeId::at(position.unwrap_or_else(|| panic!("schema/cognito.json: there is no {path}")))
}

/// The path around a path, and the member name in it; an element has no name.
fn split(path: &str) -> (&str, &str) {
    if let Some(list) = path.strip_suffix("[]").or_else(|| path.strip_suffix("{}")) {
        return (list, "");
    }
    path.rsplit_once('.').unwrap_or(("", path))
}

#[expect(clippy::panic, reason = "the line is right here")]
fn root() -> Node {
    let line = r#"{"path": "", "type": "structure", "operation": "DescribeUserPool"}"#;
    let line: Line = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}"));
    node(line, String::new(), (NodeId::ROOT, NodeId::ROOT))
}

fn node(line: Line, name: String, (id, parent): (NodeId, NodeId)) -> Node {
    let texts = |list: Vec<&'static str>| list.into_iter().map(Text::from).collect();
    let name = match &line.path {
        Cow::Borrowed(path) => Text::Borrowed(&path[path.len() - name.len()..]),
        Cow::Owned(_) => Text::Owned(name),
    };
    Node {
        path: line.path,
        name,
        kind: line.kind,
        parent,
        end: NodeId::at(id.index() + 1),
        members: Vec::new(),
        names: Vec::new(),
        element: None,
        values: texts(line.values),
        values_since: line.values_since.into_iter().map(|(k, v)| (k.into(), v.into())).collect(),
        min: line.min,
        max: line.max,
        pattern: line.pattern.or(line.key_pattern),
        numeric: line.numeric,
        always: line.always,
        filled: line.filled,
        required: line.required,
        secret: line.secret,
        secret_keys: texts(line.secret_keys),
        volatile: line.volatile,
        volatile_keys: texts(line.volatile_keys),
        unordered: line.unordered,
        key: line.key.map(Text::from),
        label: line.label.map(Text::from),
        empty_is_absent: line.empty_is_absent,
        empty_is_default: line.empty_is_default,
        empty_is_value: line.empty_is_value,
        open: line.open,
        zero_is_absent: line.zero_is_absent,
        identifies: line.identifies,
        since: line.since.map(Text::from),
        deprecated: line.deprecated,
        operation: line.operation.map(Text::from),
        set_by: line.set_by.map(Text::from),
        derived: line.derived.map(|derived| Derived { number: derived.number, unit: derived.unit }),
        planned: line.planned,
        defaults: Defaults {
            any: line.default.map(default_value),
            template: line.default_template.map(default_value),
            filled: None,
            in_block: line.default_in_block.map(default_value),
            unknown_in_answer: line.unknown_in_answer.map(Text::from),
            unknown_in_template: line.unknown_in_template.map(Text::from),
        },
    }
}
