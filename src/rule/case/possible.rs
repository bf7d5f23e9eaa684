//! Whether the API could produce a test's pool, and the pool's document.

use std::ops::Range;

use crate::mistake::{Mistake, Script, suggest};
use crate::schema::{Kind, Node, NodeId, schema};
use crate::spanned::{Item, Table, Toml};
use crate::value::{Map, Value};

struct Check<'a> {
    script: &'a Script,
    /// Members that the schema does not know are meant.
    unchecked: bool,
    mistakes: &'a mut Vec<Mistake>,
}

/// Reads a test's pool, and notes everything in it that the API could not produce.
pub(super) fn document(script: &Script, table: &Table, unchecked: bool, mistakes: &mut Vec<Mistake>) -> Map {
    Check {
        script,
        unchecked,
        mistakes,
    }
    .structure(table, NodeId::ROOT)
}

impl Check<'_> {
    fn mistake(&mut self, at: Range<usize>, message: String, label: &str, help: Option<String>) {
        self.mistakes
            .push(Mistake::new(self.script, at, message, label).maybe_help(help));
    }

    fn structure(&mut self, table: &Table, owner: NodeId) -> Map {
        let mut members = Map::default();
        for entry in &table.entries {
            let value = match schema().member(owner, &entry.key) {
                Some(id) => self.value(&entry.item, id),
                None if self.unchecked => entry.item.toml.to_value(),
                None => {
                    let node = schema().node(owner);
                    let names: Vec<&str> = node
                        .members
                        .iter()
                        .map(|id| schema().node(*id).name.as_ref())
                        .collect();
                    let owner = if node.path.is_empty() {
                        "a pool"
                    } else {
                        node.path.as_ref()
                    };
                    let message = format!("the API has no such pool: {owner} has no member `{}`", entry.key);
                    let help = suggest(&entry.key, names);
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
            (Kind::Map, Toml::Table(table)) => self.map(table, node),
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
                let message = format!(
                    "the API has no such pool: `{}` is of type {}",
                    node.path,
                    kind.word()
                );
                self.mistake(
                    item.at.clone(),
                    message,
                    &format!("this is {}", toml.kind()),
                    None,
                );
                Value::Null
            }
        }
    }

    fn map(&mut self, table: &Table, node: &Node) -> Value {
        self.bounds_at(
            table.entries.first().map_or(0..0, |e| e.key_at.clone()),
            node,
            table.entries.len() as i64,
            "keys",
        );
        let mut entries = Map::default();
        for entry in &table.entries {
            let value = match node.element {
                Some(element) => self.value(&entry.item, element),
                None => entry.item.toml.to_value(),
            };
            let value = if node.is_secret_key(&entry.key) {
                Value::Secret
            } else {
                value
            };
            entries.set(entry.key.clone().into(), value);
        }
        Value::Map(entries)
    }

    fn string(&mut self, item: &Item, node: &Node, text: &str) -> Value {
        if node.secret {
            return Value::Secret;
        }
        if !node.values.is_empty() && !node.values.iter().any(|known| known == text) {
            let message = format!("the API has no such pool: `{}` is never \"{text}\"", node.path);
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
                let message = format!("`{}` is a time", node.path);
                let help = "write it with a zone: 2026-01-31T00:00:00Z".to_owned();
                self.mistake(item.at.clone(), message, "not a time with a zone", Some(help));
                Value::Null
            }
        }
    }

    fn bounds(&mut self, item: &Item, node: &Node, size: i64, unit: &str) {
        self.bounds_at(item.at.clone(), node, size, unit);
    }

    fn bounds_at(&mut self, at: Range<usize>, node: &Node, size: i64, unit: &str) {
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
        let has = if unit.is_empty() {
            format!("is never {size}")
        } else {
            format!("never has {size} {unit}")
        };
        let message = format!("the API has no such pool: `{}` {has}", node.path);
        self.mistake(at, message, format!("{range} {unit}").trim_end(), None);
    }
}
