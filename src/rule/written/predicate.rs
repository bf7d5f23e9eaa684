//! Reads predicates.

use std::ops::Range;

use super::{
    Form, WrittenCount, WrittenOperator, WrittenPredicate, WrittenQuantified, WrittenUnique, foreign,
    misplaced,
};
use crate::diagnostic::{SourceDiagnostic, nearest, suggest};
use crate::rule::OperatorName;
use crate::spanned::{Entry, Item, Reader, Table, Toml};

/// The key that says which form a predicate has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FormName {
    Path,
    All,
    Any,
    None,
    Some,
    Every,
    Count,
    Unique,
}

/// The help for a predicate that names no path.
pub(in crate::rule) const NO_PATH: &str =
    "name a path, or use `all`, `any`, `none`, `some`, `every`, `count` or `unique`";

const FORMS: [&str; 8] = ["path", "all", "any", "none", "some", "every", "count", "unique"];

impl FormName {
    pub(super) fn parse(word: &str) -> Option<FormName> {
        let all = [
            FormName::Path,
            FormName::All,
            FormName::Any,
            FormName::None,
            FormName::Some,
            FormName::Every,
            FormName::Count,
            FormName::Unique,
        ];
        all.into_iter().zip(FORMS).find(|(_, own)| *own == word).map(|(form, _)| form)
    }
}

pub(super) fn predicate(reader: &mut Reader<'_>, key: &str, item: &Item) -> Option<WrittenPredicate> {
    let help = match item.toml {
        Toml::List(_) => "for several predicates, write `{ all = [...] }` or `{ any = [...] }`",
        _ => "a predicate looks like `{ path = \"MfaConfiguration\", not-equals = \"OFF\" }`",
    };
    if let Toml::String(name) = &item.toml {
        let form = Form::Named((name.clone(), item.at.clone()));
        return Some(WrittenPredicate { at: item.at.clone(), form });
    }
    let table = reader.as_table("a predicate", item, help)?;
    let forms = table.entries.iter().filter_map(|entry| Some((FormName::parse(&entry.key)?, entry)));
    let forms: Vec<(FormName, &Entry)> = forms.collect();
    let at = item.at.clone();
    let Some((form, first)) = forms.first() else { return without_form(reader, key, item, table) };
    if let Some((_, second)) = forms.get(1) {
        let message = format!("`{}` and `{}` cannot be in one predicate", first.key, second.key);
        let mistake = SourceDiagnostic::new(reader.source_file, second.key_at.clone(), message, "and this");
        let names = [first.key.as_str(), second.key.as_str()];
        let help = match names.contains(&"unique") && names.contains(&"path") {
            true => {
                "name a member of the elements with `of`: `{ unique = \"Clients\", of = \"ClientName\" }`"
            }
            false => "put each in a predicate of its own",
        };
        reader.mistakes.push(mistake.also(first.key_at.clone(), "this").help(help));
        return Some(apart(reader, key, item, table, &forms));
    }
    let form = match form {
        FormName::Path => leaf(reader, item, table),
        FormName::All => Form::All(inner(reader, table, "all")),
        FormName::Any => Form::Any(inner(reader, table, "any")),
        FormName::None => Form::None(inner(reader, table, "none")),
        FormName::Some => quantified(reader, item, table, "some")?,
        FormName::Every => quantified(reader, item, table, "every")?,
        FormName::Count => count(reader, item, table)?,
        FormName::Unique => unique(reader, item, table)?,
    };
    Some(WrittenPredicate { at, form })
}

/// A predicate without a key that says its form: one about an element, or one whose key is a mistake. What is in that is
/// checked as what it was meant for.
fn without_form(reader: &mut Reader<'_>, key: &str, item: &Item, table: &Table) -> Option<WrittenPredicate> {
    let foreign = table.entries.iter().find_map(|entry| Some((entry, foreign::form(&entry.key)?)));
    if let Some((entry, (meant, help))) = foreign {
        let message = format!("a predicate has no key `{}`", entry.key);
        reader.mistake(entry.key_at.clone(), message, "unknown key", help);
        return as_if(reader, key, item, entry, meant);
    }
    let near = |entry: &&Entry| !misplaced(entry) && nearest(&entry.key, FORMS).is_some();
    if let Some(entry) = table.entries.iter().find(near) {
        let message = format!("a predicate has no key `{}`", entry.key);
        let help = suggest(&entry.key, FORMS);
        reader.mistake(entry.key_at.clone(), message, "unknown key", help);
        let meant = nearest(&entry.key, FORMS)?;
        return as_if(reader, key, item, entry, meant);
    }
    if table.entries.iter().any(|entry| OperatorName::parse(&entry.key).is_some()) {
        let (operators, whole) = operators(reader, table, &[]);
        let form = Form::Element { key: key.to_owned(), operators };
        return Some(WrittenPredicate { at: item.at.clone(), form: rest(form, whole, &item.at) });
    }
    let message = format!("`{key}` does not say what to look at");
    reader.mistake(item.at.clone(), message, "no `path` here", NO_PATH);
    None
}

/// The predicate with another key for its form, if the value is one for that form. It stays a mistake.
fn as_if(
    reader: &mut Reader<'_>,
    key: &str,
    item: &Item,
    wrong: &Entry,
    meant: &'static str,
) -> Option<WrittenPredicate> {
    let Toml::Table(table) = &item.toml else { return None };
    let value = match (meant, &wrong.item.toml) {
        ("all" | "any" | "none", Toml::Table(_) | Toml::String(_)) => {
            Item { toml: Toml::List(vec![wrong.item.clone()]), at: wrong.item.at.clone() }
        }
        ("all" | "any" | "none", Toml::List(_))
        | ("path" | "some" | "every" | "count" | "unique", Toml::String(_)) => wrong.item.clone(),
        _ => return None,
    };
    let mut table = table.clone();
    for entry in table.entries.iter_mut().filter(|entry| entry.key_at == wrong.key_at) {
        (entry.key, entry.item) = (meant.to_owned(), value.clone());
    }
    let item = Item { toml: Toml::Table(table), at: item.at.clone() };
    let read = predicate(reader, key, &item)?;
    Some(WrittenPredicate { at: read.at.clone(), form: rest(read.form, false, &read.at) })
}

/// A predicate that has several forms, as one predicate for each, each with the keys that it takes.
fn apart(
    reader: &mut Reader<'_>,
    key: &str,
    item: &Item,
    table: &Table,
    forms: &[(FormName, &Entry)],
) -> WrittenPredicate {
    let takes = |form: FormName, entry: &Entry| {
        let operator = OperatorName::parse(&entry.key).is_some();
        match (form, entry.key.as_str()) {
            (FormName::Path, _) => operator,
            (FormName::All | FormName::Any | FormName::None, _) => false,
            (FormName::Some | FormName::Every, key) => ["where", "expect"].contains(&key),
            (FormName::Count, key) => key == "where" || operator,
            (FormName::Unique, key) => ["where", "of"].contains(&key),
        }
    };
    let mut parts = Vec::new();
    for (form, own) in forms {
        let mine = |entry: &&Entry| entry.key_at == own.key_at || takes(*form, entry);
        let entries: Vec<Entry> = table.entries.iter().filter(mine).cloned().collect();
        // A form without what it needs is there because of the other one.
        if entries.len() > 1 || matches!(form, FormName::All | FormName::Any | FormName::None) {
            let item = Item { toml: Toml::Table(Table { entries }), at: item.at.clone() };
            parts.extend(predicate(reader, key, &item));
        }
    }
    WrittenPredicate { at: item.at.clone(), form: rest(Form::All(parts), false, &item.at) }
}

/// A form, or what is left of it where a part is a mistake.
fn rest(form: Form, whole: bool, at: &Range<usize>) -> Form {
    if whole { form } else { Form::Broken(Box::new(WrittenPredicate { at: at.clone(), form })) }
}

fn leaf(reader: &mut Reader<'_>, item: &Item, table: &Table) -> Form {
    let (operators, mut whole) = operators(reader, table, &["path"]);
    let Some(path) = reader.string(table, "path") else {
        return rest(Form::Lost(operators), false, &item.at);
    };
    if operators.is_empty() && whole {
        let help = "add an operator: `present = true`, `equals = ...`, `at-least = ...`";
        reader.mistake(path.1.clone(), format!("nothing is asked of `{}`", path.0), "only a path", help);
        whole = false;
    }
    rest(Form::Leaf { path, operators }, whole, &item.at)
}

/// The operators of a predicate, beside the keys that it has anyway, and whether there is no other key.
fn operators(reader: &mut Reader<'_>, table: &Table, others: &[&str]) -> (Vec<WrittenOperator>, bool) {
    let before = reader.mistakes.len();
    let mut operators = Vec::new();
    for entry in table.entries.iter().filter(|entry| !others.contains(&entry.key.as_str())) {
        if let Some(name) = OperatorName::parse(&entry.key) {
            let (at, operand) = (entry.key_at.clone(), entry.item.clone());
            operators.push(WrittenOperator { name, at, operand });
        } else if entry.key == "when-absent" {
            let help = "put `when-absent` beside `expect`, on the rule";
            reader.mistake(entry.key_at.clone(), "`when-absent` belongs to the rule", "not here", help);
        } else {
            let help = foreign::operator(&entry.key)
                .map_or_else(|| suggest(&entry.key, OperatorName::phrase()), str::to_owned);
            let message = format!("there is no operator `{}`", entry.key);
            reader.mistake(entry.key_at.clone(), message, "unknown operator", help);
        }
    }
    (operators, reader.mistakes.len() == before)
}

fn inner(reader: &mut Reader<'_>, table: &Table, key: &str) -> Vec<WrittenPredicate> {
    reader.only(table, &format!("a predicate with `{key}`"), &[key]);
    let items = reader.list(table, key);
    if let Some(item @ Item { toml: Toml::List(_), .. }) = table.get(key).filter(|_| items.is_empty()) {
        let constant = if key == "any" { "can never hold" } else { "can never fail" };
        reader.mistake(
            item.at.clone(),
            format!("`{key}` of nothing {constant}"),
            "empty",
            "put predicates into it",
        );
    }
    items.iter().filter_map(|item| predicate(reader, key, item)).collect()
}

fn quantified(reader: &mut Reader<'_>, item: &Item, table: &Table, key: &'static str) -> Option<Form> {
    let before = reader.mistakes.len();
    let keys = [key, "where", "expect"];
    reader.only(table, &format!("a predicate with `{key}`"), &keys);
    let filter = table.meant("where", &keys).and_then(|entry| predicate(reader, "where", &entry.item));
    let expect = table.meant("expect", &keys).and_then(|entry| predicate(reader, "expect", &entry.item));
    let list = reader.string(table, key)?;
    let has = |key: &str| table.meant(key, &keys).is_some();
    if !has("expect") && (key == "every" || !has("where")) && !table.misspells("expect", &keys) {
        let message = match table.get("where") {
            Some(_) => "`every` without `expect` can never fail".to_owned(),
            None => format!("nothing is asked of the elements of `{}`", list.0),
        };
        let help = "add `expect = { path = ..., ... }` for what an element must meet";
        reader.mistake(list.1.clone(), message, "only a list", help);
    }
    let quantified = WrittenQuantified { list, filter: filter.map(Box::new), expect: expect.map(Box::new) };
    let form = if key == "every" { Form::Every(quantified) } else { Form::Some(quantified) };
    Some(rest(form, reader.mistakes.len() == before, &item.at))
}

fn count(reader: &mut Reader<'_>, item: &Item, table: &Table) -> Option<Form> {
    let before = reader.mistakes.len();
    let filter = filter(reader, table, &["count", "where"]);
    let others = ["count", filter.as_ref().map_or("where", |(key, _)| key.as_str())];
    let (bounds, whole) = operators(reader, table, &others);
    let list = reader.string(table, "count")?;
    if bounds.is_empty() && whole {
        let help = "add a bound: `at-most = 2`, `at-least = 1`, `equals = 1`";
        reader.mistake(
            list.1.clone(),
            format!("the elements of `{}` are counted for nothing", list.0),
            "only a list",
            help,
        );
    }
    let filter = filter.and_then(|(_, filter)| filter).map(Box::new);
    let count = WrittenCount { list, filter, bounds };
    Some(rest(Form::Count(count), reader.mistakes.len() == before, &item.at))
}

/// The `where` of a predicate, with the key as it is written: a slip in it is noted.
fn filter(
    reader: &mut Reader<'_>,
    table: &Table,
    keys: &[&str],
) -> Option<(String, Option<WrittenPredicate>)> {
    let entry = table.meant("where", keys)?;
    if entry.key != "where" && OperatorName::parse(&entry.key).is_some() {
        return None;
    }
    if entry.key != "where" {
        let message = format!("a predicate with `{}` has no key `{}`", keys[0], entry.key);
        reader.mistake(entry.key_at.clone(), message, "unknown key", suggest(&entry.key, keys.to_vec()));
    }
    Some((entry.key.clone(), predicate(reader, "where", &entry.item)))
}

fn unique(reader: &mut Reader<'_>, item: &Item, table: &Table) -> Option<Form> {
    let before = reader.mistakes.len();
    let keys = ["unique", "of", "where"];
    reader.only(table, "a predicate with `unique`", &keys);
    let filter = table.meant("where", &keys).and_then(|entry| predicate(reader, "where", &entry.item));
    let of = reader.string(table, "of");
    let list = reader.string(table, "unique")?;
    let unique = WrittenUnique { list, filter: filter.map(Box::new), of };
    Some(rest(Form::Unique(unique), reader.mistakes.len() == before, &item.at))
}
