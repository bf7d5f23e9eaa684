//! Whether the API could produce a test's pool, and the pool's document.

use std::ops::Range;

use crate::diagnostic::{SourceDiagnostic, SourceFile, nearest, one_of, suggest};
use crate::schema::{Kind, Node, NodeId, schema};
use crate::spanned::{Item, Table, Toml};
use crate::value::{Map, Value};

struct Check<'a> {
    source_file: &'a SourceFile,
    /// Members that the schema does not know are meant.
    unchecked: bool,
    mistakes: &'a mut Vec<SourceDiagnostic>,
}

/// Reads a test's pool, and notes everything in it that the API could not produce.
pub(super) fn document(
    source_file: &SourceFile,
    table: &Table,
    unchecked: bool,
    mistakes: &mut Vec<SourceDiagnostic>,
) -> Map {
    Check { source_file, unchecked, mistakes }.structure(table, NodeId::ROOT)
}

impl Check<'_> {
    fn mistake(&mut self, at: Range<usize>, message: String, label: &str, help: Option<String>) {
        self.mistakes.push(SourceDiagnostic::new(self.source_file, at, message, label).maybe_help(help));
    }

    fn structure(&mut self, table: &Table, owner: NodeId) -> Map {
        let mut members = Map::default();
        for entry in &table.entries {
            let value = match schema().member(owner, &entry.key) {
                Some(id) if schema().node(id).inferred => {
                    let message = format!("`{}` is worked out from the pool: no pool has it", entry.key);
                    let help = "give the settings that lead to the answer".to_owned();
                    self.mistake(entry.key_at.clone(), message, "not a setting", Some(help));
                    continue;
                }
                Some(id) => self.value(&entry.item, id),
                None if self.unchecked || schema().node(owner).open => entry.item.toml.to_value(),
                None => {
                    let called = schema().node(owner).called();
                    let message = format!("the API has no such pool: {called} has no member `{}`", entry.key);
                    let help = member_help(owner, &entry.key);
                    self.mistake(entry.key_at.clone(), message, "unknown member", Some(help));
                    continue;
                }
            };
            members.set(entry.key.clone().into(), value);
        }
        members
    }

    fn value(&mut self, item: &Item, id: NodeId) -> Value {
        let node = schema().node(id);
        match (node.kind, &item.toml) {
            (Kind::Structure, Toml::Table(table)) => Value::Map(self.structure(table, id)),
            (Kind::Map, Toml::Table(table)) => self.map(item, table, node),
            (Kind::List, Toml::List(items)) => {
                self.bounds(item, node, items.len() as i64, "elements");
                let element = node.element.unwrap_or(id);
                Value::List(items.iter().map(|item| self.value(item, element)).collect())
            }
            (Kind::String, Toml::String(text)) => self.string(item, node, text),
            (Kind::Integer, Toml::Int(n)) => {
                self.bounds(item, node, *n, "");
                Value::Int(*n)
            }
            (Kind::Boolean, Toml::Bool(b)) => Value::Bool(*b),
            (Kind::Timestamp, Toml::Date(text) | Toml::String(text)) => self.time(item, node, text),
            (kind, toml) => {
                let message = format!("the API has no such pool: {} is {}", node.called(), kind.one());
                let help = self.conversion(item, node);
                self.mistake(item.at.clone(), message, &format!("this is {}", toml.kind()), help);
                Value::Null
            }
        }
    }

    /// How to make what a node wants of a value of another type.
    fn conversion(&self, item: &Item, node: &Node) -> Option<String> {
        let source = &self.source_file.text()[item.at.clone()];
        match (node.kind, &item.toml) {
            (Kind::Integer, Toml::String(text)) if text.parse::<i64>().is_ok() => {
                Some(format!("write it without quotes: {text}"))
            }
            (Kind::Boolean, Toml::String(text)) if matches!(text.as_str(), "true" | "false") => {
                Some(format!("write it without quotes: {text}"))
            }
            (Kind::String, _) if !node.values.is_empty() => {
                Some(one_of(node.values.iter().map(AsRef::as_ref)))
            }
            (Kind::String, Toml::Int(_) | Toml::Bool(_) | Toml::Float(_) | Toml::Date(_)) => {
                Some(format!("put it in quotes: \"{source}\""))
            }
            (Kind::List, Toml::String(_)) => Some(format!("put it in brackets: [{source}]")),
            (Kind::List, _) => Some("put it in brackets".to_owned()),
            (Kind::Timestamp, _) => Some(A_TIME.to_owned()),
            _ => None,
        }
    }

    fn map(&mut self, item: &Item, table: &Table, node: &Node) -> Value {
        self.bounds(item, node, table.entries.len() as i64, "keys");
        let mut entries = Map::default();
        for entry in &table.entries {
            let value = match node.element {
                Some(element) => self.value(&entry.item, element),
                None => entry.item.toml.to_value(),
            };
            let value = if node.is_secret_key(&entry.key) { Value::Secret } else { value };
            entries.set(entry.key.clone().into(), value);
        }
        Value::Map(entries)
    }

    fn string(&mut self, item: &Item, node: &Node, text: &str) -> Value {
        if node.secret {
            return if node.empty_is_absent && text.is_empty() { Value::Null } else { Value::Secret };
        }
        if !node.values.is_empty() && !node.values.iter().any(|known| known == text) {
            let message = format!("the API has no such pool: {} is never \"{text}\"", node.called());
            let help = suggest(text, node.values.iter().map(AsRef::as_ref).collect::<Vec<_>>());
            self.mistake(item.at.clone(), message, "no such value", Some(help));
        }
        self.bounds(item, node, text.chars().count() as i64, "characters");
        Value::String(text.to_owned().into())
    }

    fn time(&mut self, item: &Item, node: &Node, text: &str) -> Value {
        match text.parse::<jiff::Timestamp>() {
            Ok(time) => Value::Time(time.as_millisecond()),
            Err(_) => {
                let message = format!("the API has no such pool: {} is a timestamp", node.called());
                self.mistake(item.at.clone(), message, "not a time with a zone", Some(A_TIME.to_owned()));
                Value::Null
            }
        }
    }

    fn bounds(&mut self, item: &Item, node: &Node, size: i64, unit: &str) {
        let low = node.min.is_some_and(|min| size < min);
        let high = node.max.is_some_and(|max| size > max);
        if !low && !high {
            return;
        }
        let range = match (node.min, node.max) {
            (Some(min), Some(max)) => format!("{min} to {max}"),
            (None, Some(max)) => format!("at most {max}"),
            (min, None) => format!("at least {}", min.unwrap_or(0)),
        };
        let has =
            if unit.is_empty() { format!("is never {size}") } else { format!("never has {size} {unit}") };
        let message = format!("the API has no such pool: {} {has}", node.called());
        let label = format!("the API has {range} {unit}");
        self.mistake(item.at.clone(), message, label.trim_end(), None);
    }
}

const A_TIME: &str = "write it with a zone: 2026-01-31T00:00:00Z";

/// More members than this are not listed.
const FEW: usize = 8;

/// The help for a member that a structure does not have.
fn member_help(owner: NodeId, key: &str) -> String {
    if key.contains('.') && schema().find(key).is_some() {
        return format!("write a path without quotes: {key}");
    }
    let node = schema().node(owner);
    let names = node.members.iter().map(|id| schema().node(*id).name.as_ref());
    if let Some(near) = nearest(key, names.clone()).filter(|near| near.eq_ignore_ascii_case(key)) {
        return format!("did you mean `{near}`?");
    }
    let is_meant = |node: &Node| node.name.eq_ignore_ascii_case(key) && !node.path.contains(['[', '{']);
    if let Some((_, elsewhere)) = schema().nodes().find(|(_, node)| is_meant(node)) {
        return format!("did you mean `{}`?", elsewhere.path);
    }
    if nearest(key, names.clone()).is_some() || node.members.len() <= FEW {
        return suggest(key, names);
    }
    let command = format!("cognito-lint schema {}", node.path);
    format!("`{}` lists what there is", command.trim_end())
}
