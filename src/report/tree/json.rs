//! The schema for programs.

use std::io::{self, Write};

use serde::Serialize;

use crate::pool::Section;
use crate::schema::{Node, NodeId, schema};
use crate::value::Value;

/// Writes a node and everything inside it as a JSON array with all facts.
pub fn json(id: NodeId, out: &mut dyn Write) -> io::Result<()> {
    let inside = schema().inside(id).map(|inner| schema().node(inner));
    let shapes: Vec<NodeShape> = inside.filter(|node| !node.path.is_empty()).map(NodeShape::from).collect();
    serde_json::to_writer_pretty(&mut *out, &shapes)?;
    writeln!(out)
}

#[derive(Serialize)]
struct NodeShape<'a> {
    path: &'a str,
    r#type: &'static str,
    section: &'static str,
    operation: Option<&'a str>,
    values: Vec<ValueShape<'a>>,
    min: Option<i64>,
    max: Option<i64>,
    pattern: Option<&'a str>,
    default: Option<serde_json::Value>,
    default_in_template: Option<serde_json::Value>,
    default_in_block: Option<serde_json::Value>,
    unknown_in_answer: Option<&'a str>,
    unknown_in_template: Option<&'a str>,
    key: Option<&'a str>,
    label: Option<&'a str>,
    numeric: bool,
    always: bool,
    required: bool,
    secret: bool,
    secret_keys: Vec<&'a str>,
    volatile: bool,
    volatile_keys: Vec<&'a str>,
    unordered: bool,
    empty_is_absent: bool,
    empty_is_default: bool,
    empty_is_value: bool,
    open: bool,
    zero_is_absent: bool,
    same_as: Option<&'a str>,
    own: Option<&'a str>,
    deprecated: bool,
    since: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    derived_from: Option<&'a str>,
}

#[derive(Serialize)]
struct ValueShape<'a> {
    value: &'a str,
    since: Option<&'a str>,
}

impl<'a> From<&'a Node> for NodeShape<'a> {
    fn from(node: &'a Node) -> Self {
        let section = Section::of(node.path.split(['.', '[', '{']).next().unwrap_or_default());
        let since = |value: &str| {
            node.rare().values_since.iter().find(|(name, _)| name == value).map(|(_, date)| date)
        };
        let values =
            node.values.iter().map(|value| ValueShape { value, since: since(value).map(AsRef::as_ref) });
        let mut mirrors = schema().mirrors().iter();
        let same_as = mirrors.find(|mirror| schema().node(mirror.copy).path == node.path);
        NodeShape {
            path: &node.path,
            r#type: node.kind.word(),
            section: section.member(),
            operation: node.operation.as_deref(),
            values: values.collect(),
            min: node.min,
            max: node.max,
            pattern: node.pattern.as_deref(),
            default: node.defaults().any.as_ref().map(Value::to_json),
            default_in_template: node.defaults().template.as_ref().map(Value::to_json),
            default_in_block: node.defaults().in_block.as_ref().map(Value::to_json),
            unknown_in_answer: node.defaults().unknown_in_answer.as_deref(),
            unknown_in_template: node.defaults().unknown_in_template.as_deref(),
            key: node.key.as_deref(),
            label: node.label.as_deref(),
            numeric: node.numeric,
            always: node.always,
            required: node.required,
            secret: node.secret,
            secret_keys: node.rare().secret_keys.iter().map(AsRef::as_ref).collect(),
            volatile: node.volatile,
            volatile_keys: node.rare().volatile_keys.iter().map(AsRef::as_ref).collect(),
            unordered: node.unordered,
            empty_is_absent: node.empty_is_absent,
            empty_is_default: node.empty_is_default,
            empty_is_value: node.empty_is_value,
            open: node.open,
            zero_is_absent: node.zero_is_absent,
            same_as: same_as.map(|mirror| schema().node(mirror.original).path.as_ref()),
            own: node.rare().own.as_deref(),
            deprecated: node.deprecated,
            since: node.since.as_deref(),
            derived_from: node.derived.map(|derived| derived.number),
        }
    }
}
