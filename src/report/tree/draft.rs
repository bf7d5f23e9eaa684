//! A rule to start from, with tests that it passes.

use super::example;
use crate::diagnostic::{SourceDiagnostic, SourceFile};
use crate::rule::{assemble, case, written};
use crate::schema::NodeId;
use crate::spanned::quoted;
use crate::value::{Map, Value};

/// A rule about a node, with a pool that passes and one that fails where they can be derived.
pub fn draft(id: &str, node: NodeId) -> Result<String, Vec<SourceDiagnostic>> {
    let mut text = format!(
        "[[rule]]\nid     = {}\n\
         # title    = \"The bad state in one line, without a period\"\n\
         # severity = \"medium\"\n\
         # why      = \"What can go wrong.\"\n\
         # fix      = \"What to change.\"\n\
         {}\n",
        quoted(id),
        example(node)
    );
    let mut mistakes = Vec::new();
    let written = written::read(&SourceFile::new("the draft", text.as_str()), &mut mistakes);
    let rule = written.first().and_then(|rule| assemble::alone(rule, &mut mistakes));
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    for (verdict, pool) in rule.iter().flat_map(case::samples) {
        let pool = inline(&Value::Map(pool)).unwrap_or_else(|| "{}".to_owned());
        text.push_str(&format!("\n[[rule.test]]\nverdict = \"{}\"\npool    = {pool}\n", verdict.word()));
    }
    Ok(text)
}

/// A value as TOML on one line; `None` for one that is absent.
pub(in crate::report) fn inline(value: &Value) -> Option<String> {
    Some(match value {
        Value::Null | Value::Unknown(_) | Value::Later(_) => return None,
        Value::String(text) => quoted(text),
        Value::Secret => quoted("example"),
        Value::List(items) => {
            format!("[{}]", items.iter().filter_map(inline).collect::<Vec<_>>().join(", "))
        }
        Value::Map(map) => table(map),
        Value::Int(_) | Value::Float(_) | Value::Bool(_) | Value::Time(_) => value.to_string(),
    })
}

fn table(map: &Map) -> String {
    let bare = |key: &str| key.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
    let entry = |(key, value): &(crate::value::Text, Value)| {
        let key = if bare(key) && !key.is_empty() { key.to_string() } else { quoted(key) };
        Some(format!("{key} = {}", inline(value)?))
    };
    let entries: Vec<String> = map.0.iter().filter_map(entry).collect();
    if entries.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", entries.join(", ")) }
}
