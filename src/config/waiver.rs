//! `[[waiver]]`: accepted findings, in the configuration or in separate files.

use std::collections::BTreeMap;
use std::ops::Range;

use super::{filled, selector};
use crate::diagnostic::{SourceDiagnostic, SourceFile};
use crate::pool::PoolPattern;
use crate::rule::overrides::distinct;
use crate::spanned::{Entry, Item, Reader, Table, Toml, parse};
use crate::triage::waiver::{AcceptedValue, NamedRule, Waiver, WrittenWaivers};
use crate::value::Day;

/// The keys of `[[waiver]]`.
pub const KEYS: [&str; 8] = ["rule", "pool", "tags", "subject", "value", "owner", "reason", "expires"];

/// Reads a file of waivers, with every mistake in it. `must_expire`: each must say when it ends.
pub fn read_file(source_file: &SourceFile, must_expire: bool) -> WrittenWaivers {
    let mut mistakes = Vec::new();
    let table = parse(source_file, &mut mistakes);
    if !mistakes.is_empty() {
        return WrittenWaivers { mistakes, ..WrittenWaivers::default() };
    }
    let mut reader = Reader { source_file, mistakes: &mut mistakes };
    reader.only(&table, "a file of waivers", &["waiver"]);
    let mut read = read(source_file, &table, must_expire);
    read.mistakes.extend(mistakes);
    read
}

/// Reads every `[[waiver]]` of a file.
pub(super) fn read(source_file: &SourceFile, table: &Table, must_expire: bool) -> WrittenWaivers {
    let (mut mistakes, mut named) = (Vec::new(), Vec::new());
    let reader = &mut Reader { source_file, mistakes: &mut mistakes };
    let items = match table.entry("waiver") {
        Some(entry) if matches!(entry.item.toml, Toml::Table(_)) => {
            reader.mistake(
                entry.key_at.clone(),
                "`waiver` must be an array of tables",
                "this is one table",
                "write `[[waiver]]`, with two brackets",
            );
            &[]
        }
        _ => reader.list(table, "waiver"),
    };
    let waivers: Vec<Waiver> =
        items.iter().filter_map(|item| waiver(reader, item, must_expire, &mut named)).collect();
    let mut earlier: BTreeMap<_, Vec<&Waiver>> = BTreeMap::new();
    for waiver in &waivers {
        let key = (&waiver.rule, waiver.pool.as_ref().map(PoolPattern::text));
        let alike = earlier.entry(key).or_default();
        let first = alike.iter().find(|first| first.repeats(waiver)).copied();
        alike.push(waiver);
        if let Some(first) = first {
            reader.mistakes.push(
                SourceDiagnostic::new(
                    reader.source_file,
                    waiver.rule_at.clone(),
                    "two waivers cover the same findings",
                    "again",
                )
                .also(first.rule_at.clone(), "first here")
                .help("remove one of the two"),
            );
        }
    }
    WrittenWaivers { waivers, named, mistakes }
}

/// Reads `waivers`, the files with more of them.
pub(super) fn files(reader: &mut Reader<'_>, table: &Table) -> Vec<(String, Range<usize>)> {
    if let Some(Entry { key_at, item: Item { toml: Toml::List(items), .. }, .. }) = table.entry("waivers")
        && items.iter().any(|item| matches!(item.toml, Toml::Table(_)))
    {
        let help = "did you mean `[[waiver]]`? `waivers` names files with waivers in them";
        reader.mistake(key_at.clone(), "`waivers` must be an array of strings", "these are tables", help);
        return Vec::new();
    }
    let files = filled(reader, table, "waivers");
    distinct(reader, "waivers", &files);
    files
}

/// Reads one. The rule that it names is kept beside it, for a mistake of the rest must not hide one in the name.
fn waiver(
    reader: &mut Reader<'_>,
    item: &Item,
    must_expire: bool,
    named: &mut Vec<NamedRule>,
) -> Option<Waiver> {
    let table = reader.as_table("a waiver", item, "a waiver starts with `[[waiver]]`")?;
    let before = reader.mistakes.len();
    reader.only(table, "`[[waiver]]`", &KEYS);
    let rule = text(reader, table, item, "rule", "name the rule that is waived, or `*` for every rule");
    if let Some((id, at)) = rule.as_ref().filter(|(id, _)| id != "*") {
        let (source_file, id, at) = (reader.source_file.clone(), id.clone(), at.clone());
        named.push(NamedRule { source_file, id, at });
    }
    let whose = "name the person or team that decided this: add `owner = \"...\"`";
    let owner = text(reader, table, item, "owner", whose);
    let reason = text(reader, table, item, "reason", "say why it is accepted: `reason = \"...\"`");
    let pool = pool(reader, table);
    let tags = selector::tags(reader, table);
    let subject = table.get("subject").and_then(|_| text(reader, table, item, "subject", "remove the key"));
    let value = value(reader, table);
    let expires = expires(reader, table, item, ("expires", &KEYS), must_expire);
    let Some(pool_at) = ["pool", "tags"].iter().find_map(|key| table.get(key)).map(|item| item.at.clone())
    else {
        if !table.misspells("pool", &KEYS) && !table.misspells("tags", &KEYS) {
            let help = "add `pool = \"...\"` with an id, an ARN or a name, in which `*` matches any characters; or `tags`";
            reader.mistake(item.at.clone(), "the waiver names no pool", "for which pools?", help);
        }
        return None;
    };
    let (rule, rule_at) = rule?;
    // A waiver with a mistake may seem wider than it is.
    (reader.mistakes.len() == before).then_some(Waiver {
        source_file: reader.source_file.clone(),
        inline: None,
        rule: Some(rule).filter(|rule| rule != "*"),
        rule_at,
        pool,
        tags,
        pool_at,
        subject: subject.map(|(subject, _)| subject),
        value,
        owner: owner?.0,
        reason: reason?.0,
        expires,
    })
}

/// A required text. `subject` is the text that is optional.
pub(super) fn text(
    reader: &mut Reader<'_>,
    table: &Table,
    item: &Item,
    key: &str,
    help: &str,
) -> Option<(String, Range<usize>)> {
    if table.get(key).is_none() {
        if !table.misspells(key, &KEYS) {
            reader.mistake(item.at.clone(), format!("the waiver has no `{key}`"), "", help);
        }
        return None;
    }
    let (text, at) = reader.string(table, key)?;
    if text.trim().is_empty() {
        reader.mistake(at, format!("`{key}` is empty"), "", help);
        return None;
    }
    Some((text.trim().to_owned(), at))
}

fn pool(reader: &mut Reader<'_>, table: &Table) -> Option<PoolPattern> {
    let (text, at) = reader.string(table, "pool")?;
    if !text.trim().starts_with("arn:") {
        // Explains the fault of a glob better than the pattern does.
        selector::glob(reader, &text, &at)?;
    }
    match PoolPattern::parse(&text) {
        Ok(pattern) => Some(pattern),
        Err(why) => {
            let help = "a pool is named by its id, its ARN, or its name, in which `*` matches any characters";
            reader.mistake(at, why, "", help);
            None
        }
    }
}

pub(super) fn value(reader: &mut Reader<'_>, table: &Table) -> Option<(AcceptedValue, Range<usize>)> {
    let item = table.get("value")?;
    if let Toml::Table(inner) = &item.toml
        && let [Entry { key, item: Item { toml: Toml::Bool(absent), at }, .. }] = &inner.entries[..]
        && key == "absent"
    {
        if !absent {
            let help = "leave `value` out to accept any value";
            reader.mistake(at.clone(), "`absent` can only be true", "", help);
        }
        return Some((AcceptedValue::Absent, item.at.clone()));
    }
    Some((AcceptedValue::Value(item.toml.to_value()), item.at.clone()))
}

/// Whether a text has the form of a day.
fn is_like_a_day(text: &str) -> bool {
    let form: String = text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    form == "0000-00-00"
}

pub(super) fn expires(
    reader: &mut Reader<'_>,
    table: &Table,
    waiver: &Item,
    (key, keys): (&str, &[&str]),
    must_expire: bool,
) -> Option<(Day, Range<usize>)> {
    let Some(item) = table.get(key) else {
        if must_expire && !table.misspells(key, keys) {
            let help = format!(
                "add the last day on which it has effect: `{key} = 2027-01-31`; a configuration with \
                 `waivers-must-expire = false` allows waivers without it"
            );
            let message = format!("the waiver has no `{key}`");
            reader.mistake(waiver.at.clone(), message, "it would never expire", help);
        }
        return None;
    };
    let help = match &item.toml {
        Toml::Date(text) => match (Day::parse(text), text.get(..10).and_then(Day::parse)) {
            (Some(day), _) => return Some((day, item.at.clone())),
            (None, Some(day)) => format!("a waiver has effect until the end of its last day: write {day}"),
            (None, None) => "a day is written 2027-01-31".to_owned(),
        },
        Toml::String(text) if Day::parse(text).is_some() => format!("write it without quotes: {text}"),
        Toml::String(text) if is_like_a_day(text) => format!("the calendar has no {text}"),
        _ => "a day is written without quotes: 2027-01-31".to_owned(),
    };
    reader.wrong_kind(key, item, "a day", Some(help));
    None
}
