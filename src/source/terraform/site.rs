//! The place of an expression, and the instances of other resources that its own instance pairs with.

use std::collections::BTreeSet;

use serde_json::Value as Json;
use serde_json::value::RawValue;

use super::address::Part;
use super::resource::Resource;

/// The place of an expression.
#[derive(Clone, Copy)]
pub(super) struct Site<'a> {
    pub modules: &'a [Part],
    /// The key of the resource or module instance that the expression is of.
    pub key: Option<&'a str>,
    pub for_each: Option<&'a RawValue>,
    /// The keys of all instances of what the expression is of.
    pub siblings: &'a BTreeSet<String>,
    /// The elements of `for_each` are texts that are their own keys.
    pub is_set: bool,
    pub depth: usize,
}

impl<'a> Site<'a> {
    /// An expression of something without instances.
    pub(super) fn plain(modules: &'a [Part], depth: usize) -> Site<'a> {
        const NONE: &BTreeSet<String> = &BTreeSet::new();
        Site { modules, key: None, for_each: None, siblings: NONE, is_set: false, depth }
    }

    /// The name of a reference in this expression: references of one name lead to the same things.
    pub(super) fn following(&self, reference: &str, keyed: bool) -> String {
        let Site { modules, key, for_each, siblings, is_set, .. } = self;
        let siblings = key.map(|_| siblings);
        format!(
            "{reference} {keyed} {is_set} {modules:?} {key:?} {siblings:?} {:?}",
            for_each.map(RawValue::get)
        )
    }

    /// Whether the key of the own instance, and nothing else, is the index of a reference, from the references after
    /// it: `main[each.key]` shows as `main` and `each.key`, and `main[var.of[each.key]]` as `main`, `var.of` and
    /// `each.key`. An index may hold all that follows up to the next resource or module.
    pub(super) fn is_index(&self, after: &[&str]) -> bool {
        let is_key = |one: &&&str| **one == "each.key" || (**one == "each.value" && self.is_set);
        let opens = |one: &&str| {
            let inner = ["each.", "count.", "var.", "local.", "path.", "terraform.", "self."];
            !inner.iter().any(|start| one.starts_with(start))
        };
        let mut index = after.iter().take_while(|one| !opens(one)).peekable();
        index.peek().is_some() && index.all(|one| is_key(&one))
    }

    /// The key of the own instance, where the instances of it pair with those of something else: every one of them
    /// must find its own. Numbers may be reckoned with, so they never surely do.
    pub(super) fn pair(&self, keyed: bool, others: &BTreeSet<&str>) -> Option<&'a str> {
        let key = self.key.filter(|_| keyed && !self.siblings.is_empty())?;
        let pairs = |key: &String| others.contains(key.as_str()) && key.parse::<usize>().is_err();
        self.siblings.iter().all(pairs).then_some(key)
    }
}

/// Whether the elements of `for_each` are the keys: some argument is made of `each.value` alone and is the key in
/// every instance.
pub(super) fn shows_keys<'r>(arguments: &Json, instances: impl Iterator<Item = &'r Resource>) -> bool {
    let arguments = arguments.as_object().into_iter().flatten();
    let mut values = arguments.filter(|(_, one)| references(one) == ["each.value"]).map(|(name, _)| name);
    let instances: Vec<&Resource> = instances.collect();
    values.any(|name| instances.iter().all(|one| one.key.is_some() && one.text(name) == one.key.as_deref()))
}

/// The references of an expression. Each comes with its own beginnings after it, `main[0].id`, `main[0]`, `main`,
/// which are left out.
pub(super) fn references(expression: &Json) -> Vec<&str> {
    let all = expression.get("references").and_then(Json::as_array).into_iter().flatten();
    let mut kept = Vec::new();
    let mut last = "";
    for reference in all.filter_map(Json::as_str) {
        let beginning = last.strip_prefix(reference).is_some_and(|rest| rest.starts_with(['.', '[']));
        if !beginning {
            kept.push(reference);
        }
        last = reference;
    }
    kept
}
