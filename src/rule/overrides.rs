//! The changes of a configuration, one of its scopes or a pack to rules: `off = [...]` and the `[rule.ID]` tables.
//!
//! Whether a rule of that id exists, and whether it has the parameters, is for `policy` to say: rules may be the
//! user's own.

use std::ops::Range;

use super::Severity;
use super::policy::{Override, ParamOverride};
use crate::diagnostic::{SourceDiagnostic, SourceFile};
use crate::spanned::{Entry, Item, Reader, Table, Toml};

/// The keys of a `[rule.ID]` table.
pub const KEYS: [&str; 3] = ["severity", "params", "off"];

/// Reads the keys `off` and `rule` of a table: first what is off, then the rest in the order of the file.
pub fn read(reader: &mut Reader<'_>, table: &Table) -> Vec<Override> {
    let mut overrides = off(reader, table);
    for change in changes(reader, table) {
        let (id, at) = &change.rule;
        match overrides.iter().find(|earlier| earlier.rule.0 == *id) {
            Some(off) => reader.mistakes.push(
                SourceDiagnostic::new(
                    reader.source_file,
                    at.clone(),
                    format!("`{id}` is in `off` and has a table too"),
                    "this table has no effect",
                )
                .also(off.rule.1.clone(), "the rule is off here")
                .help(format!("remove it from `off`, or remove `[rule.{id}]`")),
            ),
            None => overrides.push(change),
        }
    }
    overrides
}

/// Reports every name that is in the list `key` a second time.
pub fn distinct(reader: &mut Reader<'_>, key: &str, names: &[(String, Range<usize>)]) {
    for (i, (name, at)) in names.iter().enumerate() {
        if let Some((_, first)) = names[..i].iter().find(|(earlier, _)| earlier == name) {
            reader.mistakes.push(
                SourceDiagnostic::new(
                    reader.source_file,
                    at.clone(),
                    format!("`{name}` is in `{key}` twice"),
                    "a second time here",
                )
                .also(first.clone(), "first here")
                .help("remove one of the two"),
            );
        }
    }
}

fn off(reader: &mut Reader<'_>, table: &Table) -> Vec<Override> {
    let ids = reader.strings(table, "off");
    distinct(reader, "off", &ids);
    ids.into_iter().map(|rule| Override { off: true, ..Override::of(reader, rule) }).collect()
}

fn changes(reader: &mut Reader<'_>, table: &Table) -> Vec<Override> {
    let Some(entry) = table.entry("rule") else {
        return Vec::new();
    };
    let rules = match &entry.item.toml {
        Toml::Table(rules) => rules,
        Toml::List(_) => {
            reader.mistake(
                entry.key_at.clone(),
                "rules cannot be written here",
                "`[[rule]]` starts a rule",
                "write rules to a file of their own and name it in `rules`; `[rule.ID]` changes a rule",
            );
            return Vec::new();
        }
        _ => {
            reader.wrong_kind("rule", &entry.item, "a table of rule ids, each with a table", None);
            return Vec::new();
        }
    };
    rules.entries.iter().filter_map(|entry| change(reader, entry)).collect()
}

fn change(reader: &mut Reader<'_>, entry: &Entry) -> Option<Override> {
    let id = &entry.key;
    let header = format!("rule.{id}");
    let Toml::Table(table) = &entry.item.toml else {
        reader.mistake(
            entry.key_at.clone(),
            format!("`{header}` must be a table"),
            &format!("this is {}", entry.item.toml.kind()),
            format!("write a rule's id after `rule.`, and under it {}", listed(&KEYS)),
        );
        return None;
    };
    reader.only(table, &format!("`[{header}]`"), &KEYS);
    if table.entries.is_empty() {
        reader.mistake(
            entry.key_at.clone(),
            format!("`[{header}]` changes nothing"),
            "an empty table",
            format!("give it one of {}, or remove it", listed(&KEYS)),
        );
    }
    let severities = Severity::ALL.map(|severity| (severity.word(), severity));
    Some(Override {
        off: is_off(reader, entry, table),
        severity: reader.word(table, "severity", &severities),
        params: params(reader, table),
        ..Override::of(reader, (id.clone(), entry.key_at.clone()))
    })
}

/// Reads `off` of a `[rule.ID]` table, which must be true and the only key.
fn is_off(reader: &mut Reader<'_>, rule: &Entry, table: &Table) -> bool {
    let (Some(off), Some(entry)) = (reader.bool(table, "off"), table.entry("off")) else {
        return false;
    };
    let id = &rule.key;
    if !off {
        reader.mistake(
            entry.item.at.clone(),
            "`off = false` changes nothing",
            "rules are on unless something turns them off",
            "remove the key; to choose a rule, name it or its pack in `rules`",
        );
    } else if let Some(other) = table.entries.iter().find(|other| other.key != "off") {
        let mistake = SourceDiagnostic::new(
            reader.source_file,
            other.key_at.clone(),
            format!("`{id}` is off, and changed too"),
            "this has no effect",
        );
        reader.mistakes.push(
            mistake
                .also(entry.key_at.clone(), "the rule is off here")
                .help("remove `off`, or everything else in the table"),
        );
    }
    off
}

/// The values of parameters that a table sets.
pub(super) fn params(reader: &mut Reader<'_>, table: &Table) -> Vec<ParamOverride> {
    let Some(params) = reader.table(table, "params") else {
        return Vec::new();
    };
    if let (true, Some(Item { at, .. })) = (params.entries.is_empty(), table.get("params")) {
        reader.mistake(
            at.clone(),
            "`params` sets nothing",
            "an empty table",
            "name a parameter and its value, or remove the key",
        );
    }
    let param = |entry: &Entry| ParamOverride {
        name: (entry.key.clone(), entry.key_at.clone()),
        value: entry.item.clone(),
    };
    params.entries.iter().map(param).collect()
}

fn listed(words: &[&str]) -> String {
    let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    words.join(", ")
}

impl Override {
    /// The change of `--off`.
    pub fn of_command_line(off: &str) -> Override {
        let (source_file, rule) = (SourceFile::new("--off", off), (off.to_owned(), 0..off.len()));
        Override { source_file, rule, off: true, severity: None, params: Vec::new() }
    }

    /// An override that changes nothing yet.
    fn of(reader: &Reader<'_>, rule: (String, Range<usize>)) -> Override {
        Override {
            source_file: reader.source_file.clone(),
            rule,
            off: false,
            severity: None,
            params: Vec::new(),
        }
    }
}
