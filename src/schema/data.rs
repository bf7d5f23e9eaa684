//! Makes the nodes of the schema from the lines of its table.

use std::sync::OnceLock;

use super::line::Line;
use super::{Kind, Mirror, Node, NodeId, Schema, table};
use crate::value::{Map, Members, Text, Value};

/// Makes the schema of the table that `table::write` made of the data file, and of lines to add to it, each after those
/// around it.
///
/// # Panics
///
/// When the table is not valid. It is part of the program, and every test reads it.
#[expect(clippy::panic, reason = "the table is part of the program, and every test reads it")]
pub(super) fn read(text: &'static str, extra: Vec<Line>) -> Schema {
    let table = table::Table::open(text);
    let lines: Box<dyn Iterator<Item = Line>> = match extra.is_empty() {
        true => Box::new(table.lines()),
        false => Box::new(merged(table.lines().collect(), extra).into_iter()),
    };
    let mut nodes = Vec::with_capacity(table.paths + 1);
    nodes.push(root());
    // The paths are in depth-first order, so the parent of each is among those around the one before.
    let mut around = vec![("", NodeId::ROOT)];
    let mut mirrored = Vec::new();
    for mut line in lines {
        let id = NodeId::at(nodes.len());
        let (outer, name) = split(line.path);
        while around.last().is_some_and(|(path, _)| *path != outer) {
            around.pop();
        }
        let parent = around.last().map_or_else(|| panic!("{} is before {outer}", line.path), |(_, id)| *id);
        match name {
            "" => nodes[parent.index()].element = Some(id),
            name => {
                nodes[parent.index()].members.push(id);
                nodes[parent.index()].names.push(name);
            }
        }
        mirrored.extend(line.mirror.map(|original| (id, original, line.mirror_within, line.superseded)));
        around.push((line.path, id));
        line.planned |= nodes[parent.index()].planned;
        line.inferred |= nodes[parent.index()].inferred;
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
    let secret_names = nodes.iter().flat_map(secret_names).collect();
    let standard_attributes = StandardAttributes { text: table.standard_attributes, read: OnceLock::new() };
    Schema { model: table.model, mirrors, standard_attributes, secret_names, nodes, in_every_answer }
}

/// The lines of the table with those that are added, in depth-first order. A line for a path that is there adds values.
fn merged(mut lines: Vec<Line>, extra: Vec<Line>) -> Vec<Line> {
    for new in extra {
        if let Some(known) = lines.iter_mut().find(|line| line.path == new.path) {
            let more =
                new.values.into_iter().filter(|value| !known.values.contains(value)).collect::<Vec<_>>();
            known.values.extend(more);
            continue;
        }
        let around = outer(new.path);
        let inside = |path: &str| {
            let rest = path.strip_prefix(around);
            around.is_empty() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[', '{']))
        };
        let last = lines.iter().rposition(|line| inside(line.path));
        lines.insert(last.map_or(lines.len(), |last| last + 1), new);
    }
    lines
}

/// The attributes that every pool has. Few runs look at them, so they are read when they are wanted.
#[derive(Debug)]
pub(super) struct StandardAttributes {
    text: &'static str,
    read: OnceLock<Vec<Value>>,
}

impl StandardAttributes {
    pub(super) fn get(&self) -> &[Value] {
        self.read.get_or_init(|| match table::json(self.text) {
            Value::List(attributes) => attributes,
            _ => Vec::new(),
        })
    }
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
    own.into_iter().chain(node.rare().secret_keys.iter().cloned())
}

/// Gives a structure that every new pool has the defaults of its members. Its members come later in the file.
fn fill(nodes: &mut [Node]) {
    for at in (0..nodes.len()).rev() {
        if !nodes[at].filled || nodes[at].kind != Kind::Structure {
            continue;
        }
        let default = |id: &NodeId| {
            let member = &nodes[id.index()];
            let defaults = member.defaults();
            let value = defaults.template.as_ref().or(defaults.any.as_ref()).or(defaults.filled.as_ref())?;
            Some((member.name.clone(), value.clone()))
        };
        let members: Members = nodes[at].members.iter().filter_map(default).collect();
        if !members.is_empty() {
            nodes[at].defaults.get_or_insert_default().filled = Some(Value::Map(Map(members)));
        }
    }
}

/// The node of a path that another line names.
#[expect(clippy::panic, reason = "the table is part of the program, and every test reads it")]
fn at(nodes: &[Node], path: &str) -> NodeId {
    find(nodes, path).unwrap_or_else(|| panic!("schema/cognito.json: there is no {path}"))
}

/// The node of a path. Only the nodes around it and beside those are looked at.
pub(super) fn find(nodes: &[Node], path: &str) -> Option<NodeId> {
    let mut position = 0;
    while let Some(node) = nodes.get(position) {
        let rest = path.strip_prefix(node.path.as_ref());
        position = match rest {
            Some("") => return Some(NodeId::at(position)),
            Some(rest) if position == 0 || rest.starts_with(['.', '[', '{']) => position + 1,
            _ => node.end.index(),
        };
    }
    None
}

/// The path around a path.
pub(super) fn outer(path: &str) -> &str {
    split(path).0
}

/// The path around a path, and the member name in it; an element has no name.
fn split(path: &str) -> (&str, &str) {
    if let Some(list) = path.strip_suffix("[]").or_else(|| path.strip_suffix("{}")) {
        return (list, "");
    }
    // Names are too short for a search that is made for long texts.
    let point = path.bytes().rposition(|byte| byte == b'.');
    point.map_or(("", path), |point| (&path[..point], &path[point + 1..]))
}

fn root() -> Node {
    let line = Line { operation: Some("DescribeUserPool"), ..Line::default() };
    node(line, "", (NodeId::ROOT, NodeId::ROOT))
}

fn node(line: Line, name: &'static str, (id, parent): (NodeId, NodeId)) -> Node {
    Node {
        path: Text::Borrowed(line.path),
        name: Text::Borrowed(name),
        kind: line.kind,
        parent,
        end: NodeId::at(id.index() + 1),
        members: Vec::new(),
        names: Vec::new(),
        element: None,
        values: line.values,
        min: line.min,
        max: line.max,
        pattern: line.pattern.map(Text::from),
        numeric: line.numeric,
        always: line.always,
        filled: line.filled,
        listed: line.listed,
        required: line.required,
        secret: line.secret,
        volatile: line.volatile,
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
        left_out: line.left_out,
        replaced: line.replaced,
        derived: line.derived,
        planned: line.planned,
        inferred: line.inferred,
        rare: line.rare,
        defaults: line.defaults,
    }
}
