//! Reads the parts of a rule that are lists and tables.

use super::predicate::predicate;
use super::{
    SpannedText, WrittenApart, WrittenEquivalent, WrittenNamed, WrittenParam, WrittenPolicyTest, WrittenTest,
    header,
};
use crate::rule::overrides::{self, distinct};
use crate::rule::policy::Override;
use crate::spanned::{Entry, Item, Reader, Table, Toml};

pub(super) fn tags(reader: &mut Reader<'_>, table: &Table) -> Vec<SpannedText> {
    let tags = reader.strings(table, "tags");
    distinct(reader, "tags", &tags);
    tags
}

pub(super) fn links(reader: &mut Reader<'_>, table: &Table) -> Vec<SpannedText> {
    let links = reader.strings(table, "links");
    distinct(reader, "links", &links);
    for (link, at) in &links {
        if !link.starts_with("https://") {
            let rest = link.split_once("://").map_or(link.as_str(), |(_, rest)| rest);
            let help = format!("write the whole address: \"https://{rest}\"");
            reader.mistake(at.clone(), "a link must start with `https://`", "does not", help);
        }
    }
    links
}

pub(super) fn controls(reader: &mut Reader<'_>, table: &Table) -> Vec<(String, Vec<String>)> {
    let Some(frameworks) = reader.table(table, "controls") else {
        return Vec::new();
    };
    let read = |entry: &Entry, reader: &mut Reader<'_>| {
        let ids = reader.strings(frameworks, &entry.key);
        distinct(reader, &entry.key, &ids);
        (entry.key.clone(), ids.into_iter().map(|(id, _)| id).collect())
    };
    frameworks.entries.iter().map(|entry| read(entry, reader)).collect()
}

/// The parameters. One that cannot be a parameter is noted here, and not again where it is used.
pub(super) fn params(reader: &mut Reader<'_>, table: &Table) -> Vec<WrittenParam> {
    if table.get("params").is_none() {
        return Vec::new();
    }
    let Some(params) = reader.table(table, "params") else { return Vec::new() };
    for entry in &params.entries {
        let help = match entry.item.toml {
            Toml::Float(_) => "write a whole number".to_owned(),
            Toml::Date(_) => reader.as_string(&entry.item).unwrap_or_default(),
            Toml::Table(_) => "write its default: `params = { minimum = 12 }`".to_owned(),
            _ => continue,
        };
        let wanted = "a string, an integer, a boolean or an array of them";
        reader.wrong_kind(&entry.key, &entry.item, wanted, Some(help));
    }
    let read = |entry: &Entry| WrittenParam {
        name: (entry.key.clone(), entry.key_at.clone()),
        value: entry.item.clone(),
    };
    params.entries.iter().map(read).collect()
}

/// The keys of a named predicate.
pub const NAMED_KEYS: [&str; 5] = ["title", "each", "when-unknown", "expect", "equivalent"];

/// The `[predicate.NAME]` tables.
pub(super) fn named(reader: &mut Reader<'_>, table: &Table) -> Vec<WrittenNamed> {
    let Some(predicates) = reader.table(table, "predicate") else { return Vec::new() };
    let read = |entry: &Entry| {
        let help = "write `[predicate.NAME]`, and under it `title` and `expect`";
        let table = reader.as_table("a named predicate", &entry.item, help)?;
        reader.only(table, "a named predicate", &NAMED_KEYS);
        for (key, help) in [
            ("title", "say when it holds: `title = \"people sign in\"`"),
            ("expect", "say what must hold: `expect = { path = ..., ... }`"),
        ] {
            if table.get(key).is_none() && !table.misspells(key, &NAMED_KEYS) {
                let message = format!("the predicate `{}` has no `{key}`", entry.key);
                reader.mistake(entry.key_at.clone(), message, "of this predicate", help);
            }
        }
        let each = reader.string(table, "each");
        let whole = each.is_some() == table.get("each").is_some();
        let expect = table.get("expect").and_then(|item| predicate(reader, "expect", item));
        let named = WrittenNamed {
            source_file: reader.source_file.clone(),
            name: (entry.key.clone(), entry.key_at.clone()),
            title: reader.string(table, "title")?,
            each,
            when_unknown: reader.bool(table, "when-unknown"),
            expect: expect?,
            equivalent: equivalent(reader, table),
        };
        whole.then_some(named)
    };
    predicates.entries.iter().filter_map(read).collect()
}

/// The keys of an equivalent mutant.
pub const EQUIVALENT_KEYS: [&str; 2] = ["mutant", "reason"];

/// The mutants that no pool shows.
pub(super) fn equivalent(reader: &mut Reader<'_>, table: &Table) -> Vec<WrittenEquivalent> {
    let help = "write the mutant and why no pool shows it: `{ mutant = \"...\", reason = \"...\" }`";
    let mut all = Vec::new();
    for item in reader.list(table, "equivalent") {
        let Some(table) = reader.as_table("an equivalent mutant", item, help) else { continue };
        reader.only(table, "an equivalent mutant", &EQUIVALENT_KEYS);
        for key in EQUIVALENT_KEYS {
            if table.get(key).is_none() && !table.misspells(key, &EQUIVALENT_KEYS) {
                reader.mistake(
                    item.at.clone(),
                    format!("this mutant has no `{key}`"),
                    "of this mutant",
                    help,
                );
            }
        }
        let source_file = reader.source_file.clone();
        let (mutant, reason) = (reader.string(table, "mutant"), reader.string(table, "reason"));
        all.extend(mutant.zip(reason).map(|(mutant, reason)| WrittenEquivalent {
            source_file,
            mutant,
            reason,
        }));
    }
    all
}

/// The keys of a rule's test.
pub const TEST_KEYS: [&str; 4] = ["name", "verdict", "source", "pool"];
/// The keys of a test apart from its rule.
pub const APART_KEYS: [&str; 7] = ["rule", "fails", "name", "verdict", "source", "pool", "params"];
/// The keys of a test of a whole configuration.
const POLICY_KEYS: [&str; 4] = ["fails", "name", "source", "pool"];

pub(super) fn tests(reader: &mut Reader<'_>, table: &Table) -> Vec<WrittenTest> {
    let mut tests = Vec::new();
    for item in reader.list(table, "test") {
        let Some(test) = reader.as_table("a test", item, "a test starts with `[[rule.test]]`") else {
            continue;
        };
        reader.only(test, "a rule's test", &TEST_KEYS);
        tests.push(one_test(reader, test, item, &TEST_KEYS));
    }
    tests
}

/// The `[[test]]` tables, each of which names its rule, or the rules of the configuration that fail.
pub(super) fn apart(reader: &mut Reader<'_>, table: &Table) -> (Vec<WrittenApart>, Vec<WrittenPolicyTest>) {
    let (mut of_rules, mut of_policy) = (Vec::new(), Vec::new());
    for item in reader.list(table, "test") {
        let Some(test) = reader.as_table("a test", item, "a test starts with `[[test]]`") else { continue };
        if test.get("fails").is_some() {
            reader.only(test, "a test of a configuration", &POLICY_KEYS);
            let fails = reader.strings(test, "fails");
            distinct(reader, "fails", &fails);
            let test = one_test(reader, test, item, &POLICY_KEYS);
            of_policy.push(WrittenPolicyTest { source_file: reader.source_file.clone(), fails, test });
            continue;
        }
        reader.only(test, "a test", &APART_KEYS);
        if test.get("rule").is_none() && !test.misspells("rule", &APART_KEYS) {
            let at = header(reader, test, item);
            reader.mistake(
                at,
                "this test has no `rule`",
                "of this test",
                "name its rule: `rule = \"mfa-off\"`; or the rules of the configuration that fail: `fails = []`",
            );
        }
        let (written, params) = (one_test(reader, test, item, &APART_KEYS), overrides::params(reader, test));
        if let Some(rule) = reader.string(test, "rule") {
            let change = Override {
                source_file: reader.source_file.clone(),
                rule,
                off: false,
                severity: None,
                params,
            };
            of_rules.push(WrittenApart { change, test: written });
        }
    }
    (of_rules, of_policy)
}

/// A test, of a rule or apart.
fn one_test(reader: &mut Reader<'_>, test: &Table, item: &Item, keys: &[&str]) -> WrittenTest {
    let at = header(reader, test, item);
    let needed = [
        ("verdict", "say what the rule must answer: `verdict = \"fail\"`"),
        ("pool", "give it a pool, if an empty one: `pool = {}`"),
    ];
    for (key, help) in needed {
        if keys.contains(&key) && test.get(key).is_none() && !test.misspells(key, keys) {
            reader.mistake(at.clone(), format!("this test has no `{key}`"), "of this test", help);
        }
    }
    WrittenTest {
        at,
        name: reader.string(test, "name").map(|(name, _)| name),
        verdict: reader.string(test, "verdict"),
        source: reader.string(test, "source"),
        pool: test.get("pool").cloned(),
    }
}
