//! `[[scope]]`: pools for which rules are off or differ.

use std::ops::Range;

use super::{only, selector};
use crate::diagnostic::{SourceDiagnostic, nearest};
use crate::rule::{Override, Selector, overrides};
use crate::spanned::{Item, Reader, Table, Toml};

/// Pools, and the overrides for them.
#[derive(Clone, Debug)]
pub struct ScopeConfig {
    pub name: String,
    /// The span of the name.
    pub at: Range<usize>,
    pub selector: Selector,
    /// At least one.
    pub overrides: Vec<Override>,
}

/// The keys of `[[scope]]`.
pub const KEYS: [&str; 8] = ["name", "pools", "tags", "accounts", "regions", "sources", "off", "rule"];

/// Reads every `[[scope]]` of the file.
pub(super) fn read(reader: &mut Reader<'_>, table: &Table) -> Vec<ScopeConfig> {
    let scopes = match table.entry("scope") {
        Some(entry) if matches!(entry.item.toml, Toml::Table(_)) => {
            reader.mistake(
                entry.key_at.clone(),
                "`scope` must be an array of tables",
                "this is one table",
                "write `[[scope]]`, with two brackets",
            );
            &[]
        }
        _ => reader.list(table, "scope"),
    };
    let scopes: Vec<ScopeConfig> = scopes.iter().filter_map(|item| scope(reader, item)).collect();
    same_names(reader, &scopes);
    scopes
}

fn scope(reader: &mut Reader<'_>, item: &Item) -> Option<ScopeConfig> {
    let table = reader.as_table("a scope", item, "a scope starts with `[[scope]]`")?;
    only(reader, table, "[[scope]]", &KEYS);
    let (name, at) = name(reader, item, table);
    if !means(table, &selector::KEYS) {
        reader.mistake(
            at.clone(),
            "the scope has no condition, so it applies to every pool",
            "for which pools?",
            "put its `off` and `rule` at the top of the file, or add one of `pools`, `tags`, `accounts`, \
             `regions`, `sources`",
        );
    }
    if changes_nothing(table) {
        reader.mistake(
            at.clone(),
            "the scope changes nothing",
            "neither `off` nor `rule`",
            "add `off = [\"RULE-ID\"]` or `rule.RULE-ID.severity = \"...\"`, or remove the scope",
        );
    }
    Some(ScopeConfig {
        name,
        at,
        selector: selector::read(reader, table),
        overrides: overrides::read(reader, table),
    })
}

/// The scope's name and its place, or the place of `[[scope]]` if it has none.
fn name(reader: &mut Reader<'_>, item: &Item, table: &Table) -> (String, Range<usize>) {
    let help = "reports call the scope by its name: add `name = \"...\"`";
    match reader.string(table, "name") {
        Some((name, at)) => {
            if name.trim().is_empty() {
                reader.mistake(at.clone(), "the scope's name is empty", "", help);
            }
            (name, at)
        }
        None => {
            if table.get("name").is_none() {
                reader.mistake(item.at.clone(), "the scope has no name", "", help);
            }
            (String::new(), item.at.clone())
        }
    }
}

/// Whether a scope holds no override, not even a faulty one.
fn changes_nothing(table: &Table) -> bool {
    let is_empty = |key| match table.get(key).map(|item| &item.toml) {
        Some(Toml::List(items)) => items.is_empty(),
        Some(Toml::Table(rules)) => rules.entries.is_empty(),
        _ => false,
    };
    let given: Vec<&str> = ["off", "rule"].into_iter().filter(|key| !is_empty(key)).collect();
    !means(table, &given)
}

/// Whether a scope has one of some keys, or a misspelling of one.
fn means(table: &Table, keys: &[&str]) -> bool {
    table.entries.iter().any(|entry| {
        let key = entry.key.as_str();
        let meant = if KEYS.contains(&key) { Some(key) } else { nearest(key, KEYS) };
        meant.is_some_and(|meant| keys.contains(&meant))
    })
}

fn same_names(reader: &mut Reader<'_>, scopes: &[ScopeConfig]) {
    for (i, scope) in scopes.iter().enumerate() {
        let earlier = scopes[..i].iter().find(|earlier| earlier.name == scope.name);
        if let Some(first) = earlier.filter(|first| !first.name.is_empty()) {
            let message = format!("two scopes are called `{}`", scope.name);
            reader.mistakes.push(
                SourceDiagnostic::new(reader.source_file, scope.at.clone(), message, "the second")
                    .also(first.at.clone(), "the first")
                    .help("give one of them another name"),
            );
        }
    }
}
