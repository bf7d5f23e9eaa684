//! JSON as texts.

use std::collections::BTreeMap;
use std::rc::Rc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::source::hcl::budget::fits;
use crate::source::hcl::decimal::Decimal;
use crate::source::hcl::function::wrong;
use crate::source::hcl::operate::text;
use crate::source::hcl::scope::Program;
use crate::source::hcl::unknown::Stop;
use crate::source::hcl::value::{Value, What, normal};

pub(super) fn call(_: &Program<'_>, name: &str, values: &[Value]) -> Option<Result<Value, Stop>> {
    match (name, values) {
        ("jsonencode", [value]) => Some(json(value).map(Value::text)),
        ("jsondecode", [value]) => Some(decode(value)),
        ("urlencode", [value]) => Some(text(value).map(|text| Value::text(url(&text)))),
        ("base64encode", [value]) => Some(text(value).map(|text| Value::text(STANDARD.encode(&*text)))),
        ("base64decode", [value]) => Some(text(value).and_then(|text| plain(&text))),
        ("jsonencode" | "jsondecode" | "urlencode" | "base64encode" | "base64decode", _) => Some(wrong(name)),
        _ => None,
    }
}

/// The text that was written in base 64.
fn plain(text: &str) -> Result<Value, Stop> {
    let bytes = STANDARD.decode(text).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    bytes.map_or_else(|| Stop::caught("it is not a text in base 64"), |text| Ok(Value::text(text)))
}

/// A value as JSON, as Terraform writes it.
pub(super) fn json(value: &Value) -> Result<String, Stop> {
    let mut made = String::new();
    write(value, &mut made)?;
    Ok(made)
}

fn write(value: &Value, made: &mut String) -> Result<(), Stop> {
    fits(made.len())?;
    match &value.what {
        What::Unknown(unknown) => return Err(Stop::Unknown(unknown.made_of())),
        What::Lazy(lazy) => return Err(Stop::Unknown(lazy.unknown())),
        What::Null => made.push_str("null"),
        What::Bool(value) => made.push_str(if *value { "true" } else { "false" }),
        What::Number(number) => made.push_str(&number.to_string()),
        What::Text(text) => made.push_str(&quoted(text)),
        What::List(_) | What::Set(_) | What::Tuple(_) => {
            made.push('[');
            for (at, item) in crate::source::hcl::convert::in_order(value)?.iter().enumerate() {
                made.push_str(if at > 0 { "," } else { "" });
                write(item, made)?;
            }
            made.push(']');
        }
        What::Map(members) | What::Object(members) => {
            made.push('{');
            for (at, (key, value)) in members.all.iter().enumerate() {
                made.push_str(if at > 0 { "," } else { "" });
                made.push_str(&quoted(key));
                made.push(':');
                write(value, made)?;
            }
            made.push('}');
        }
    }
    Ok(())
}

/// A text in quotes. Letters that mean something in HTML are escaped.
pub(super) fn quoted(text: &str) -> String {
    let mut made = String::from("\"");
    for one in text.chars() {
        match one {
            '"' => made.push_str("\\\""),
            '\\' => made.push_str("\\\\"),
            '\n' => made.push_str("\\n"),
            '\r' => made.push_str("\\r"),
            '\t' => made.push_str("\\t"),
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' | '\0'..='\u{1f}' => {
                made.push_str(&format!("\\u{:04x}", u32::from(one)));
            }
            other => made.push(other),
        }
    }
    made.push('"');
    made
}

fn decode(value: &Value) -> Result<Value, Stop> {
    let written = text(value)?;
    let raw: Result<&serde_json::value::RawValue, _> = serde_json::from_str(&written);
    match raw {
        Ok(raw) => value_of(raw, 0),
        Err(_) => Stop::caught("the text is not JSON"),
    }
}

fn value_of(raw: &serde_json::value::RawValue, depth: usize) -> Result<Value, Stop> {
    let part = raw.get();
    if depth > 64 {
        return Stop::lost("it is nested too deep");
    }
    Ok(match part.as_bytes().first() {
        Some(b'{') => {
            let members = crate::source::text::members(part).into_iter();
            let members =
                members.map(|(name, inner)| Ok((normal(Rc::from(&*name)), value_of(inner, depth + 1)?)));
            Value::object(members.collect::<Result<BTreeMap<_, _>, Stop>>()?)
        }
        Some(b'[') => {
            let items: Vec<&serde_json::value::RawValue> = serde_json::from_str(part).unwrap_or_default();
            Value::tuple(items.into_iter().map(|one| value_of(one, depth + 1)).collect::<Result<_, _>>()?)
        }
        Some(b'"') => match serde_json::from_str::<String>(part) {
            Ok(text) => Value::text(text),
            Err(_) => return Stop::lost("a text has half of a character in it"),
        },
        Some(b't') => Value::bool(true),
        Some(b'f') => Value::bool(false),
        Some(b'n') => Value::null(),
        _ => match Decimal::parse(part) {
            Some(number) => Value::number(number),
            None => return Stop::lost("the number has too many digits"),
        },
    })
}

fn url(text: &str) -> String {
    let mut made = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                made.push(char::from(byte));
            }
            b' ' => made.push('+'),
            other => made.push_str(&format!("%{other:02X}")),
        }
    }
    made
}
