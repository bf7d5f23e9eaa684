//! Regular expressions, over ASCII alone: there the classes of both engines are the same. What only one of them reads,
//! or each in its own way, is not evaluated.

use std::collections::BTreeMap;

use regex::{Captures, Regex, RegexBuilder};

use crate::source::hcl::budget::fits;
use crate::source::hcl::function::{texts, wrong};
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
    if !is_shared(pattern) {
        return Stop::lost(format!("the regular expression {pattern:?} has syntax that is not read"));
    }
    let built = RegexBuilder::new(pattern).size_limit(1 << 18).build();
    built.or_else(|_| Stop::lost(format!("the regular expression {pattern:?} is not read")))
}

/// A pattern whose groups are values: all of them have names, or none.
fn with_groups(pattern: &str, text: &str) -> Result<Regex, Stop> {
    let pattern = compiled(pattern, text)?;
    let named = pattern.capture_names().flatten().count();
    match named == 0 || named + 1 == pattern.captures_len() {
        true => Ok(pattern),
        false => Stop::lost("a regular expression has groups with names and without"),
    }
}

/// Whether a pattern has no syntax that means something else to Terraform, which repeats 1,000 times at most.
fn is_shared(pattern: &str) -> bool {
    let bytes = pattern.as_bytes();
    let (mut at, mut in_class, mut repeated, mut times) = (0, false, false, 1_u32);
    while let Some(&one) = bytes.get(at) {
        let rest = &pattern[at + 1..];
        let mut repeats = false;
        match one {
            b'\\' => {
                if rest.starts_with(['p', 'P', 'u', 'U', '<', '>']) || rest.starts_with("b{") {
                    return false;
                }
                at += 1;
            }
            b']' => in_class = false,
            _ if in_class => {
                let nested = one == b'[' && !rest.starts_with(':');
                if nested || ["&&", "--", "~~"].iter().any(|pair| pattern[at..].starts_with(pair)) {
                    return false;
                }
                at += if one == b'[' { rest.find(']').unwrap_or_default() + 1 } else { 0 };
            }
            b'[' => {
                in_class = true;
                let first = rest.trim_start_matches('^');
                // A bracket that comes first is one of the class.
                at += rest.len() - first.len() + usize::from(first.starts_with(']'));
            }
            b'(' if rest.starts_with('?') && !is_shared_group(rest) => return false,
            b'*' | b'+' | b'?' | b'{' if repeated => return false,
            b'{' => {
                let most =
                    rest.split('}').next().and_then(|counts| counts.rsplit(',').find(|one| !one.is_empty()));
                let Some(most) = most.and_then(|most| most.parse::<u32>().ok()) else { return false };
                times = times.saturating_mul(most.max(1));
                repeats = true;
                at += rest.find('}').unwrap_or_default() + 1;
            }
            b'*' | b'+' | b'?' => repeats = true,
            _ => {}
        }
        // A question mark behind a repetition belongs to it.
        if repeats && bytes.get(at + 1) == Some(&b'?') {
            at += 1;
        }
        repeated = repeats;
        at += 1;
    }
    times <= 1000
}

/// Whether a group that begins with a question mark is one of the kinds that both engines have.
fn is_shared_group(rest: &str) -> bool {
    let flags = rest[1..].trim_start_matches(['i', 'm', 's', 'U', '-']);
    rest.starts_with("?P<") || flags.starts_with([':', ')'])
}

/// `replace` with a pattern between slashes. `$1` and `${1}` are what a group matched.
pub(super) fn replaced(text: &str, pattern: &str, by: &str) -> Result<Value, Stop> {
    let pattern = compiled(pattern, text)?;
    let found = pattern.find_iter(text).count();
    fits(text.len().saturating_add(found.saturating_mul(by.len().saturating_add(text.len()))))?;
    Ok(Value::text(&*pattern.replace_all(text, by)))
}

fn first(values: &[Value]) -> Result<Value, Stop> {
    let [pattern, text] = texts("regex", values)?;
    let pattern = with_groups(&pattern, &text)?;
    match pattern.captures(&text) {
        Some(found) => Ok(value(&pattern, &found)),
        None => Stop::caught("the regular expression does not match"),
    }
}

fn all(values: &[Value]) -> Result<Value, Stop> {
    let [pattern, text] = texts("regexall", values)?;
    let pattern = with_groups(&pattern, &text)?;
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
