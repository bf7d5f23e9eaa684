//! Objects with the same key twice: Terraform takes the last value, and the parser refuses them. Such keys are parsed
//! under other names of the same length, so that every place stays; what a key is called is for the text to say.

use std::ops::Range;

use hcl_edit::expr::{ObjectKey, ObjectValue};
use hcl_edit::structure::Body;
use hcl_edit::visit::{self, Visit};
use hcl_edit::{Span, parser};

/// Bytes that are parsed for the keys of a file.
const MOST: usize = 20 << 20;

/// Parses a text.
pub(super) fn parse(text: &str) -> Result<Body, parser::Error> {
    let first = match parser::parse_body(text) {
        Ok(body) => return Ok(body),
        Err(error) => error,
    };
    let (mut masked, mut keys) = (text.to_owned(), Vec::new());
    let mut offset = first.location().offset();
    let (mut tries, most) = (0, MOST / text.len().max(1));
    for number in 0..most {
        let Some(key) = key_at(text, offset).filter(|key| tries < if key.len() == 1 { 26 } else { 2 }) else {
            break;
        };
        masked.replace_range(key.clone(), &other_name(number, key.len()));
        if keys.last() != Some(&offset) {
            keys.push(offset);
        }
        match parser::parse_body(&masked) {
            Ok(body) => {
                // Anything else that is there twice is an error of Terraform too.
                let mut found = Keys::default();
                found.visit_body(&body);
                return if keys.iter().all(|key| found.0.contains(key)) { Ok(body) } else { Err(first) };
            }
            Err(error) => {
                // A new name does not help where the name is not at fault.
                let next = error.location().offset();
                tries = if next == offset { tries + 1 } else { 0 };
                offset = next;
            }
        }
    }
    Err(first)
}

/// The name in a key, where it has no escapes.
fn key_at(text: &str, offset: usize) -> Option<Range<usize>> {
    let rest = text.get(offset..)?;
    let quoted = usize::from(rest.starts_with('"'));
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    let is_inside =
        |c: char| if quoted == 1 { !matches!(c, '"' | '\\' | '$' | '%' | '\n') } else { is_plain(c) };
    let inner = rest.get(quoted..)?;
    let length = inner.find(|c| !is_inside(c)).unwrap_or(inner.len());
    let closed = quoted == 0 || inner[length..].starts_with('"');
    (length > 0 && closed).then(|| offset + quoted..offset + quoted + length)
}

/// A name of as many bytes, another for each number where there are enough.
fn other_name(mut number: usize, length: usize) -> String {
    let mut name = Vec::new();
    for _ in 0..length {
        name.push(char::from(b'a' + u8::try_from(number % 26).unwrap_or_default()));
        number /= 26;
    }
    name.into_iter().rev().collect()
}

/// The places of the keys of objects.
#[derive(Default)]
struct Keys(Vec<usize>);

impl Visit for Keys {
    fn visit_object_item(&mut self, key: &ObjectKey, value: &ObjectValue) {
        self.0.extend(key.span().map(|span| span.start));
        visit::visit_object_item(self, key, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_may_be_there_again() {
        for (text, is_read) in [
            ("a = { b = 1, b = 2 }", true),
            ("a = { \"b c\" = 1, \"b c\" = 2, d = { e = 1, e = 2, e = 3 } }", true),
            ("a = { b = 1\n b = 2\n b = 3 }\n", true),
            ("a = 1\na = 2\n", false),
            ("a = { b = 1, b }", false),
            ("a = {\n", false),
            ("", true),
        ] {
            assert_eq!(parse(text).is_ok(), is_read, "{text}");
        }
    }
}
