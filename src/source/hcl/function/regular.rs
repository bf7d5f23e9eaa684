//! Regular expressions, over ASCII alone: there the classes of both engines are the same.

use std::collections::BTreeMap;

use regex::{Captures, Regex, RegexBuilder};

use crate::source::hcl::function::{bounded, texts, wrong};
use crate::source::hcl::kind::Type;
use crate::source::hcl::scope::Program;
use crate::source::hcl::unknown::Stop;
use crate::source::hcl::value::{Items, Value, What};

pub(super) fn call(_: &Program<'_>, name: &str, values: &[Value]) -> Option<Result<Value, Stop>> {
    match (name, values) {
        ("regex", [_, _]) => Some(first(values)),
        ("regexall", [_, _]) => Some(all(values)),
        ("regex" | "regexall", _) => Some(wrong(name)),
        _ => None,
    }
}

/// A pattern for a text.
pub(super) fn compiled(pattern: &str, text: &str) -> Result<Regex, Stop> {
    if !pattern.is_ascii() || !text.is_ascii() {
        return Stop::lost("a regular expression outside of ASCII is not evaluated");
    }
    let built = RegexBuilder::new(pattern).size_limit(1 << 18).build();
    built.or_else(|_| Stop::lost(format!("the regular expression {pattern:?} is not read")))
}

/// `replace` with a pattern between slashes. `$1` and `${1}` are what a group matched.
pub(super) fn replaced(text: &str, pattern: &str, by: &str) -> Result<Value, Stop> {
    let pattern = compiled(pattern, text)?;
    let found = pattern.find_iter(text).count();
    bounded(text.len().saturating_add(found.saturating_mul(by.len().saturating_add(text.len()))))?;
    Ok(Value::text(&*pattern.replace_all(text, by)))
}

fn first(values: &[Value]) -> Result<Value, Stop> {
    let [pattern, text] = texts("regex", values)?;
    let pattern = compiled(&pattern, &text)?;
    match pattern.captures(&text) {
        Some(found) => Ok(value(&pattern, &found)),
        None => Stop::caught("the regular expression does not match"),
    }
}

fn all(values: &[Value]) -> Result<Value, Stop> {
    let [pattern, text] = texts("regexall", values)?;
    let pattern = compiled(&pattern, &text)?;
    let found: Vec<Value> =
        pattern.captures_iter(&text).take(10_001).map(|one| value(&pattern, &one)).collect();
    if found.len() > 10_000 {
        return Stop::lost("a regular expression has more than 10,000 matches");
    }
    let of = match pattern.captures_len() {
        1 => Type::Text,
        _ => Type::Any,
    };
    Ok(Value::of(What::List(Items::new(of, found))))
}

/// A match: its text, or what its groups matched.
fn value(pattern: &Regex, found: &Captures<'_>) -> Value {
    let group = |at: usize| found.get(at).map_or_else(Value::null, |one| Value::text(one.as_str()));
    if pattern.captures_len() == 1 {
        return group(0);
    }
    if pattern.capture_names().flatten().next().is_some() {
        let named =
            pattern.capture_names().enumerate().filter_map(|(at, name)| Some((name?.into(), group(at))));
        return Value::object(named.collect::<BTreeMap<_, _>>());
    }
    Value::tuple((1..pattern.captures_len()).map(group).collect())
}
