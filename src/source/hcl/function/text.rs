//! Functions of texts.

use std::rc::Rc;

use crate::source::hcl::budget::fits;
use crate::source::hcl::convert::{convert, in_order};
use crate::source::hcl::function::{regular, texts, wrong};
use crate::source::hcl::kind::Type;
use crate::source::hcl::operate::{number, text};
use crate::source::hcl::scope::Program;
use crate::source::hcl::unknown::Stop;
use crate::source::hcl::value::{Items, Value, What};

pub(super) fn call(_: &Program<'_>, name: &str, values: &[Value]) -> Option<Result<Value, Stop>> {
    Some(match name {
        "lower" => {
            one(name, values, |text| text.chars().filter_map(|one| one.to_lowercase().next()).collect())
        }
        "upper" => one(name, values, upper),
        "title" => title(name, values),
        "trimspace" => one(name, values, |text| text.trim().to_owned()),
        "chomp" => one(name, values, |text| text.trim_end_matches(['\n', '\r']).to_owned()),
        "strrev" => strrev(name, values),
        "basename" => path(name, values, basename),
        "dirname" => path(name, values, dirname),
        "trim" => two(name, values, |text, cut| text.trim_matches(|one| cut.contains(one)).to_owned()),
        "trimprefix" => two(name, values, |text, cut| text.strip_prefix(cut).unwrap_or(text).to_owned()),
        "trimsuffix" => two(name, values, |text, cut| text.strip_suffix(cut).unwrap_or(text).to_owned()),
        "startswith" => compare(name, values, |text, part| text.starts_with(part)),
        "endswith" => compare(name, values, |text, part| text.ends_with(part)),
        "strcontains" => compare(name, values, |text, part| text.contains(part)),
        "replace" => replace(name, values),
        "split" => split(name, values),
        "join" => join(values),
        "substr" => substr(name, values),
        "indent" => indent(name, values),
        "tostring" => to(name, values, &Type::Text),
        _ => return None,
    })
}

fn one(name: &str, values: &[Value], of: impl Fn(&str) -> String) -> Result<Value, Stop> {
    let [text] = texts(name, values)?;
    Ok(Value::text(of(&text)))
}

fn two(name: &str, values: &[Value], of: impl Fn(&str, &str) -> String) -> Result<Value, Stop> {
    let [first, second] = texts(name, values)?;
    Ok(Value::text(of(&first, &second)))
}

fn compare(name: &str, values: &[Value], of: impl Fn(&str, &str) -> bool) -> Result<Value, Stop> {
    let [first, second] = texts(name, values)?;
    Ok(Value::bool(of(&first, &second)))
}

/// A conversion to a type.
pub(super) fn to(name: &str, values: &[Value], of: &Type) -> Result<Value, Stop> {
    let [value] = values else { return wrong(name) };
    convert(value, of)
}

/// Whether a letter is one character for sure, and no part of a cluster.
pub(super) fn is_alone(letter: char) -> bool {
    letter != '\r' && (u32::from(letter) < 0x300 || ('\u{4e00}'..'\u{9fff}').contains(&letter))
}

/// Letters that have one capital letter; others, such as `ß`, stay.
fn upper(text: &str) -> String {
    text.chars().map(capital).collect()
}

fn capital(letter: char) -> char {
    let mut upper = letter.to_uppercase();
    match (upper.next(), upper.next()) {
        (Some(only), None) => only,
        _ => letter,
    }
}

/// Other letters may have a form of their own for the beginning of a word.
fn title(name: &str, values: &[Value]) -> Result<Value, Stop> {
    let [text] = texts(name, values)?;
    if text.chars().any(|letter| letter > '\u{1c3}') {
        return Stop::lost("title of a text with letters outside of Latin is not evaluated");
    }
    let mut begins = true;
    let letter = |letter: char| {
        let titled = if begins { capital(letter) } else { letter };
        begins = !(letter.is_alphanumeric() || letter == '_');
        titled
    };
    Ok(Value::text(text.chars().map(letter).collect::<String>()))
}

fn strrev(name: &str, values: &[Value]) -> Result<Value, Stop> {
    let [text] = texts(name, values)?;
    match text.chars().all(is_alone) {
        true => Ok(Value::text(text.chars().rev().collect::<String>())),
        false => Stop::lost("strrev of a text with characters of several letters is not evaluated"),
    }
}

/// A part of a path, which Terraform simplifies first.
fn path(name: &str, values: &[Value], of: impl Fn(&str) -> String) -> Result<Value, Stop> {
    let [path] = texts(name, values)?;
    let plain = path.split('/').skip(1).all(|part| !matches!(part, "" | "." | "..")) || path.ends_with('/');
    match plain && !path.contains("//") {
        true => Ok(Value::text(of(&path))),
        false => Stop::lost(format!("{name} of a path that is not simple is not evaluated")),
    }
}

fn basename(path: &str) -> String {
    match path.trim_end_matches('/') {
        "" if path.is_empty() => ".".to_owned(),
        "" => "/".to_owned(),
        path => path.rsplit_once('/').map_or(path, |(_, name)| name).to_owned(),
    }
}

fn dirname(path: &str) -> String {
    match path.rsplit_once('/') {
        Some(("", _)) => "/".to_owned(),
        Some((around, _)) => around.to_owned(),
        None => ".".to_owned(),
    }
}

fn replace(name: &str, values: &[Value]) -> Result<Value, Stop> {
    let [text, part, by] = texts(name, values)?;
    if let Some(pattern) = part.strip_prefix('/').and_then(|part| part.strip_suffix('/')) {
        return regular::replaced(&text, pattern, &by);
    }
    fits(text.len().saturating_mul(by.len() + 1))?;
    Ok(Value::text(text.replace(&part, &by)))
}

fn split(name: &str, values: &[Value]) -> Result<Value, Stop> {
    let [separator, text] = texts(name, values)?;
    let parts: Vec<Value> = match separator.as_str() {
        "" => text.chars().map(|one| Value::text(one.to_string())).collect(),
        separator => text.split(separator).map(Value::text).collect(),
    };
    Ok(Value::of(What::List(Items::new(Type::Text, parts))))
}

fn join(values: &[Value]) -> Result<Value, Stop> {
    let [separator, lists @ ..] = values else { return wrong("join") };
    if lists.is_empty() {
        return wrong("join");
    }
    let separator = text(separator)?;
    let mut parts: Vec<Rc<str>> = Vec::new();
    for list in lists {
        for item in in_order(list)? {
            parts.push(text(item)?);
        }
    }
    fits(parts.iter().map(|part| part.len() + separator.len()).sum())?;
    Ok(Value::text(parts.join(&*separator)))
}

/// Characters are grapheme clusters for Terraform, so that a text which may have such is not cut.
fn substr(name: &str, values: &[Value]) -> Result<Value, Stop> {
    let [value, offset, length] = values else { return wrong(name) };
    let value = text(value)?;
    let whole = |value: &Value| match number(value)?.as_integer().and_then(|one| isize::try_from(one).ok()) {
        Some(whole) => Ok(whole),
        None => Stop::caught("a position is not a whole number"),
    };
    let (offset, length) = (whole(offset)?, whole(length)?);
    if !value.is_ascii() || value.contains('\r') {
        return Stop::lost("substr of a text with letters outside of ASCII is not evaluated");
    }
    let size = value.len() as isize;
    let start = if offset < 0 { (size + offset).max(0) } else { offset.min(size) };
    let end = if length < 0 { size } else { start.saturating_add(length).min(size) };
    let range = usize::try_from(start).unwrap_or_default()..usize::try_from(end).unwrap_or_default();
    Ok(Value::text(value.get(range).unwrap_or_default()))
}

fn indent(name: &str, values: &[Value]) -> Result<Value, Stop> {
    let [spaces, value] = values else { return wrong(name) };
    let (Some(spaces), value) = (number(spaces)?.as_index(), text(value)?) else {
        return Stop::caught("the indentation is not a whole number");
    };
    let lines = value.matches('\n').count();
    fits(spaces.saturating_mul(lines))?;
    Ok(Value::text(value.replace('\n', &format!("\n{}", " ".repeat(spaces.min(1 << 20))))))
}
