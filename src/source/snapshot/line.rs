//! The line of a pool in a snapshot. Its text is written directly, and without characters that control a terminal.

use std::borrow::Cow;
use std::fmt::Write;

use crate::pool::{OrderedMember, Pool, Section, given, ordered_elements, ordered_members};
use crate::schema::NodeId;
use crate::source::answer::{MARK, Recorded};
use crate::value::{Map, Value, is_old_command, is_unsafe_on_terminal};

/// The line of a pool, without its end.
pub fn line(pool: &Pool) -> String {
    let recorded = serde_json::to_string(&Recorded::of(pool)).unwrap_or_default();
    let document = match pool.mirrored.is_empty() && pool.made.is_empty() {
        true => Cow::Borrowed(&pool.document),
        false => Cow::Owned(given(pool)),
    };
    let mut line = String::with_capacity(pool.place.len() + recorded.len() + 64);
    line.push('{');
    push_string(&mut line, MARK);
    line.push(':');
    line.push_str(&harmless(&recorded));
    line.push_str(",\"UserPool\":");
    push_object(&mut line, &document, Some(NodeId::ROOT));
    line.push('}');
    line
}

/// An object. Most pools have the same attributes, whose texts are made once.
fn push_object(line: &mut String, object: &Map, node: Option<NodeId>) {
    let place = node.map_or(usize::MAX, NodeId::index);
    let written = object.0.written(place, || {
        let mut text = String::new();
        push_members(&mut text, object, node);
        text
    });
    match written {
        Some(text) => line.push_str(&text),
        None => push_members(line, object, node),
    }
}

fn push_members(line: &mut String, object: &Map, node: Option<NodeId>) {
    line.push('{');
    let mut members = ordered_members(object, node);
    // A member that is unknown is unknown again without it, for the same reason. A section is not.
    members.retain(|member| !member.value.is_unknown() || Section::parse(member.name).is_some());
    for (position, OrderedMember { name, value, node, .. }) in members.into_iter().enumerate() {
        if position > 0 {
            line.push(',');
        }
        push_string(line, name);
        line.push(':');
        push_value(line, value, node);
    }
    line.push('}');
}

/// A value as a snapshot has it. A secret becomes a marker, and so does any value under the name of a secret.
fn push_value(line: &mut String, value: &Value, node: Option<NodeId>) {
    // Writing to a string cannot fail.
    match value {
        Value::Map(object) => push_object(line, object, node),
        Value::List(items) => {
            line.push('[');
            let (ordered, element) = ordered_elements(items, node);
            for (position, item) in ordered.into_iter().enumerate() {
                if position > 0 {
                    line.push(',');
                }
                push_value(line, item, element);
            }
            line.push(']');
        }
        Value::String(text) => push_string(line, text),
        Value::Bool(is_true) => line.push_str(if *is_true { "true" } else { "false" }),
        Value::Int(number) => _ = write!(line, "{number}"),
        // A time that no calendar has stays the number that it was.
        Value::Time(millis) if jiff::Timestamp::from_millisecond(*millis).is_err() => match millis % 1000 {
            0 => _ = write!(line, "{}", millis / 1000),
            _ => push_value(line, &Value::Float(*millis as f64 / 1000.0), node),
        },
        Value::Time(_) => push_string(line, &value.to_string()),
        // An object without a member of an answer is unknown to whoever reads it.
        Value::Later(why) | Value::Unknown(why) => {
            line.push_str(&harmless(&serde_json::json!({ "unknown": why.as_ref() }).to_string()));
        }
        Value::Null | Value::Float(_) | Value::Secret => {
            line.push_str(&harmless(&value.to_json().to_string()));
        }
    }
}

fn push_string(line: &mut String, text: &str) {
    if text.bytes().all(|byte| is_plain(byte) && !matches!(byte, b'"' | b'\\')) {
        line.push('"');
        line.push_str(text);
        line.push('"');
    } else {
        line.push_str(&harmless(&serde_json::Value::from(text).to_string()));
    }
}

/// JSON without what acts on a terminal or on the log of a CI job. Such characters can be only in strings.
pub(super) fn harmless(json: &str) -> String {
    let mut safe = String::with_capacity(json.len());
    let mut rest = json;
    loop {
        let plain = rest.bytes().position(|byte| !is_plain(byte)).unwrap_or(rest.len());
        safe.push_str(&rest[..plain]);
        rest = &rest[plain..];
        let Some(c) = rest.chars().next() else { return safe };
        if is_unsafe_on_terminal(c) || is_old_command(rest) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                _ = write!(safe, "\\u{unit:04x}");
            }
        } else {
            safe.push(c);
        }
        rest = &rest[c.len_utf8()..];
    }
}

/// Whether a byte is a printable character of ASCII that no command of a CI job begins with.
fn is_plain(byte: u8) -> bool {
    matches!(byte, b' '..=b'~') && byte != b'#'
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pool::Projection;
    use crate::source::answer::pools;
    use crate::source::{Chunk, Shape};

    #[test]
    fn an_element_that_pools_share_is_in_each_line() {
        let attributes = [r#"{"Required":true,"Name":"b"}"#, r#"{"Name":"a","New":"\u001b"}"#];
        let pool = |id: &str, attributes: [&str; 2]| {
            let [first, second] = attributes;
            format!(r#"{{"UserPool":{{"SchemaAttributes":[{first},{second}],"Id":"{id}"}}}}"#)
        };
        let [first, second] = attributes;
        let text = [pool("1", [first, second]), pool("2", [first, second]), pool("3", [second, first])];
        let chunk = Chunk { bytes: text.join("\n").into_bytes(), shape: Shape::Lines, ..Chunk::default() };
        for (pool, id) in pools(&chunk, &Projection::everything()).pools.iter().zip(1..) {
            let written = r#"[{"Name":"a","New":"\u001b"},{"Name":"b","Required":true}]"#;
            let wanted = format!(r#""UserPool":{{"Id":"{id}","SchemaAttributes":{written}}}}}"#);
            for _ in 0..2 {
                assert!(line(pool).ends_with(&wanted), "{} {wanted}", line(pool));
            }
        }
    }
}
