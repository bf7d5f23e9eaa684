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
    let Some((form, first)) = forms.first() else {
        if let Some((entry, help)) =
            table.entries.iter().find_map(|entry| Some((entry, foreign::form(&entry.key)?)))
        {
            let message = format!("a predicate has no key `{}`", entry.key);
            reader.mistake(entry.key_at.clone(), message, "unknown key", help);
            return None;
        }
        let meant = |entry: &&Entry| !misplaced(entry) && nearest(&entry.key, FORMS).is_some();
        if let Some(entry) = table.entries.iter().find(meant) {
            let message = format!("a predicate has no key `{}`", entry.key);
            let help = suggest(&entry.key, FORMS);
            reader.mistake(entry.key_at.clone(), message, "unknown key", help);
            return None;
        }
        if table.entries.iter().any(|entry| OperatorName::parse(&entry.key).is_some()) {
            let (operators, whole) = operators(reader, table, &[]);
            let form = Form::Element { key: key.to_owned(), operators };
            return Some(WrittenPredicate { at, form: rest(form, whole, &item.at) });
        }
        let help = NO_PATH;
        reader.mistake(at, format!("`{key}` does not say what to look at"), "no `path` here", help);
        return None;
    };
    if let Some((_, second)) = forms.get(1) {
        let message = format!("`{}` and `{}` cannot be in one predicate", first.key, second.key);
        let mistake = SourceDiagnostic::new(reader.source_file, second.key_at.clone(), message, "and this");
        reader
            .mistakes
            .push(mistake.also(first.key_at.clone(), "this").help("put each in a predicate of its own"));
        return None;
    }
    let form = match form {
        FormName::Path => leaf(reader, item, table)?,
        FormName::All => Form::All(inner(reader, table, "all")),
        FormName::Any => Form::Any(inner(reader, table, "any")),
        FormName::None => Form::None(inner(reader, table, "none")),
        FormName::Some => Form::Some(quantified(reader, table, "some")?),
        FormName::Every => Form::Every(quantified(reader, table, "every")?),
        FormName::Count => count(reader, item, table)?,
        FormName::Unique => Form::Unique(unique(reader, table)?),
    };
    Some(WrittenPredicate { at, form })
}

/// A form, or what is left of it where a part is a mistake.
fn rest(form: Form, whole: bool, at: &Range<usize>) -> Form {
    if whole { form } else { Form::Broken(Box::new(WrittenPredicate { at: at.clone(), form })) }
}

fn leaf(reader: &mut Reader<'_>, item: &Item, table: &Table) -> Option<Form> {
    let (operators, mut whole) = operators(reader, table, &["path"]);
    let path = reader.string(table, "path")?;
    if operators.is_empty() && whole {
        let help = "add an operator: `present = true`, `equals = ...`, `at-least = ...`";
        reader.mistake(path.1.clone(), format!("nothing is asked of `{}`", path.0), "only a path", help);
        whole = false;
    }
    Some(rest(Form::Leaf { path, operators }, whole, &item.at))
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

fn quantified(reader: &mut Reader<'_>, table: &Table, key: &str) -> Option<WrittenQuantified> {
    let keys = [key, "where", "expect"];
    reader.only(table, &format!("a predicate with `{key}`"), &keys);
    let filter = table.meant("where", &keys).and_then(|entry| predicate(reader, "where", &entry.item));
    let expect = table.meant("expect", &keys).and_then(|entry| predicate(reader, "expect", &entry.item));
    let list = reader.string(table, key)?;
    let has = |key: &str| table.meant(key, &keys).is_some();
    if !has("expect") && (key == "every" || !has("where")) {
        if !table.misspells("expect", &keys) {
            let message = match table.get("where") {
                Some(_) => "`every` without `expect` can never fail".to_owned(),
                None => format!("nothing is asked of the elements of `{}`", list.0),
            };
            let help = "add `expect = { path = ..., ... }` for what an element must meet";
            reader.mistake(list.1.clone(), message, "only a list", help);
        }
        return None;
    }
    Some(WrittenQuantified { list, filter: filter.map(Box::new), expect: expect.map(Box::new) })
}

fn count(reader: &mut Reader<'_>, item: &Item, table: &Table) -> Option<Form> {
    let (bounds, mut whole) = operators(reader, table, &["count", "where"]);
    let filter = table.get("where").and_then(|item| predicate(reader, "where", item));
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
    whole &= !bounds.is_empty() && filter.is_some() == table.get("where").is_some();
    let count = WrittenCount { list, filter: filter.map(Box::new), bounds };
    Some(rest(Form::Count(count), whole, &item.at))
}

fn unique(reader: &mut Reader<'_>, table: &Table) -> Option<WrittenUnique> {
    reader.only(table, "a predicate with `unique`", &["unique", "of", "where"]);
    let filter = table.get("where").and_then(|item| predicate(reader, "where", item));
    let of = reader.string(table, "of");
    let list = reader.string(table, "unique")?;
    let whole = of.is_some() == table.get("of").is_some() && filter.is_some() == table.get("where").is_some();
    whole.then(|| WrittenUnique { list, filter: filter.map(Box::new), of })
}
