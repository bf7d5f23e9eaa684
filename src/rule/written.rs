//! Rules as they were written, with the place of everything that can be wrong.

mod predicate;

use std::ops::Range;

use super::{Severity, WhenAbsent};
use crate::mistake::{Mistake, Script};
use crate::spanned::{Item, Reader, Table, Toml, parse};
use predicate::predicate;

/// Text and where it stands.
pub type Placed = (String, Range<usize>);

/// One `[[rule]]`.
#[derive(Clone, Debug)]
pub struct WrittenRule {
    pub script: Script,
    pub id: Placed,
    pub title: Option<Placed>,
    pub severity: Option<Severity>,
    pub why: Option<Placed>,
    pub fix: Option<Placed>,
    pub links: Vec<Placed>,
    pub tags: Vec<Placed>,
    pub controls: Vec<(String, Vec<String>)>,
    pub params: Vec<WrittenParam>,
    pub message: Option<Placed>,
    pub each: Option<Placed>,
    pub when: Option<WrittenPredicate>,
    pub expect: WrittenPredicate,
    pub when_absent: WhenAbsent,
    /// Where `unchecked = true` stands.
    pub unchecked: Option<Range<usize>>,
    pub tests: Vec<WrittenTest>,
}

/// A parameter and its default.
#[derive(Clone, Debug)]
pub struct WrittenParam {
    pub name: Placed,
    pub value: Item,
}

/// A predicate.
#[derive(Clone, Debug)]
pub struct WrittenPredicate {
    pub at: Range<usize>,
    pub form: Form,
}

/// The forms that a predicate can have.
#[derive(Clone, Debug)]
pub enum Form {
    Leaf {
        path: Placed,
        operators: Vec<WrittenOperator>,
    },
    All(Vec<WrittenPredicate>),
    Any(Vec<WrittenPredicate>),
    None(Vec<WrittenPredicate>),
    Some(WrittenQuantified),
    Every(WrittenQuantified),
}

/// A predicate over the elements of a list.
#[derive(Clone, Debug)]
pub struct WrittenQuantified {
    pub list: Placed,
    pub filter: Option<Box<WrittenPredicate>>,
    pub expect: Option<Box<WrittenPredicate>>,
}

/// An operator and its operand.
#[derive(Clone, Debug)]
pub struct WrittenOperator {
    pub name: Placed,
    pub operand: Item,
}

/// One `[[rule.test]]`.
#[derive(Clone, Debug)]
pub struct WrittenTest {
    pub at: Range<usize>,
    pub name: Option<String>,
    pub verdict: Option<Placed>,
    pub source: Option<Placed>,
    pub pool: Option<Item>,
}

/// The operators, in the order of the documentation.
pub const OPERATORS: [&str; 17] = [
    "equals",
    "not-equals",
    "one-of",
    "none-of",
    "at-least",
    "at-most",
    "matches",
    "not-matches",
    "present",
    "contains",
    "not-contains",
    "contains-all",
    "contains-only",
    "length-at-least",
    "length-at-most",
    "older-than",
    "newer-than",
];

const RULE_KEYS: [&str; 16] = [
    "id",
    "title",
    "severity",
    "why",
    "fix",
    "links",
    "tags",
    "controls",
    "params",
    "message",
    "each",
    "when",
    "expect",
    "when-absent",
    "unchecked",
    "test",
];

/// Reads every rule of a file.
pub fn read(script: &Script, mistakes: &mut Vec<Mistake>) -> Vec<WrittenRule> {
    let syntax = mistakes.len();
    let table = parse(script, mistakes);
    if mistakes.len() > syntax {
        // What else seems wrong in a text that is not TOML is mostly an echo of that.
        return Vec::new();
    }
    let mut reader = Reader { script, mistakes };
    reader.only(&table, "a rule file", &["rule"]);
    if table.get("rule").is_none() {
        reader.mistake(
            0..0,
            "this file has no rules",
            "",
            "a rule starts with `[[rule]]`",
        );
    }
    let rules = reader.list(&table, "rule");
    rules.iter().filter_map(|item| rule(&mut reader, item)).collect()
}

fn rule(reader: &mut Reader<'_>, item: &Item) -> Option<WrittenRule> {
    let table = reader.as_table("rule", item)?;
    reader.only(table, "a rule", &RULE_KEYS);
    let words = Severity::ALL.map(|severity| (severity.word(), severity));
    let severity = reader.word(table, "severity", &words);
    let absences = [
        ("fail", WhenAbsent::Fail),
        ("pass", WhenAbsent::Pass),
        ("skip", WhenAbsent::Skip),
    ];
    let when_absent = reader.word(table, "when-absent", &absences).unwrap_or_default();
    let when = table.get("when").and_then(|item| predicate(reader, "when", item));
    let expect = match table.get("expect") {
        Some(item) => predicate(reader, "expect", item),
        None => {
            let help = "say what must hold: `expect = { path = \"MfaConfiguration\", not-equals = \"OFF\" }`";
            reader.mistake(
                header(table, item),
                "this rule has no `expect`",
                "nothing to check",
                help,
            );
            None
        }
    };
    let id = rule_id(reader, table, item);
    let unchecked = reader.bool(table, "unchecked");
    Some(WrittenRule {
        script: reader.script.clone(),
        title: reader.string(table, "title"),
        severity,
        why: reader.string(table, "why"),
        fix: reader.string(table, "fix"),
        links: links(reader, table),
        tags: reader.strings(table, "tags"),
        controls: controls(reader, table),
        params: params(reader, table),
        message: reader.string(table, "message"),
        each: reader.string(table, "each"),
        when,
        when_absent,
        unchecked: unchecked
            .filter(|on| *on)
            .and_then(|_| table.entry("unchecked").map(|e| e.key_at.clone())),
        tests: tests(reader, table),
        id: id?,
        expect: expect?,
    })
}

/// The place of a rule for mistakes about what it lacks: its id, else its first key.
fn header(table: &Table, item: &Item) -> Range<usize> {
    let id = table.get("id").map(|id| id.at.clone());
    id.or_else(|| table.entries.first().map(|entry| entry.key_at.clone()))
        .unwrap_or_else(|| item.at.clone())
}

fn rule_id(reader: &mut Reader<'_>, table: &Table, item: &Item) -> Option<Placed> {
    if table.get("id").is_none() {
        let help = "give it a name for the bad state: `id = \"mfa-off\"`";
        reader.mistake(header(table, item), "this rule has no `id`", "of this rule", help);
    }
    let (id, at) = reader.string(table, "id")?;
    let plain =
        |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    if !id.split('-').all(plain) {
        let help = "small letters, digits and single hyphens: `mfa-off`";
        reader.mistake(at.clone(), format!("`{id}` cannot be an id"), "", help);
    }
    Some((id, at))
}

fn links(reader: &mut Reader<'_>, table: &Table) -> Vec<Placed> {
    let links = reader.strings(table, "links");
    for (link, at) in &links {
        if !link.starts_with("https://") {
            reader.mistake(
                at.clone(),
                "a link must start with `https://`",
                "",
                "write the whole address",
            );
        }
    }
    links
}

fn controls(reader: &mut Reader<'_>, table: &Table) -> Vec<(String, Vec<String>)> {
    let Some(frameworks) = reader.table(table, "controls") else {
        return Vec::new();
    };
    let read = |entry: &crate::spanned::Entry, reader: &mut Reader<'_>| {
        let ids = reader.strings(frameworks, &entry.key);
        (entry.key.clone(), ids.into_iter().map(|(id, _)| id).collect())
    };
    frameworks
        .entries
        .iter()
        .map(|entry| read(entry, reader))
        .collect()
}

fn params(reader: &mut Reader<'_>, table: &Table) -> Vec<WrittenParam> {
    let Some(params) = reader.table(table, "params") else {
        return Vec::new();
    };
    let mut read = Vec::new();
    for entry in &params.entries {
        match entry.item.toml {
            Toml::Table(_) | Toml::Float(_) | Toml::Date(_) => {
                reader.wrong_kind(
                    &entry.key,
                    &entry.item,
                    "a string, an integer, a boolean or an array of them",
                );
            }
            _ => read.push(WrittenParam {
                name: (entry.key.clone(), entry.key_at.clone()),
                value: entry.item.clone(),
            }),
        }
    }
    read
}

fn tests(reader: &mut Reader<'_>, table: &Table) -> Vec<WrittenTest> {
    let mut tests = Vec::new();
    for item in reader.list(table, "test") {
        let Some(test) = reader.as_table("test", item) else {
            continue;
        };
        reader.only(test, "a rule's test", &["name", "verdict", "source", "pool"]);
        tests.push(WrittenTest {
            at: header(test, item),
            name: reader.string(test, "name").map(|(name, _)| name),
            verdict: reader.string(test, "verdict"),
            source: reader.string(test, "source"),
            pool: test.get("pool").cloned(),
        });
    }
    tests
}
