//! Where the secrets of a pool stand in its text, and the text without them.

use std::ops::Range;

use serde_json::value::RawValue;

use super::{members, place};
use crate::schema::schema;

/// What stands deeper inside other values than this is not looked into for secrets, but masked as a whole.
const DEEPEST: usize = 128;

/// What stands in place of a secret, whatever its length.
const MASK: &str = "********";

/// A text without its secrets, which stand in order.
pub(in crate::source) fn masked(text: &str, secrets: &[Range<usize>]) -> String {
    let mut out = text.to_owned();
    for secret in secrets.iter().rev() {
        // A number, a list or an object has no quotes of its own.
        let quoted = text[..secret.start].ends_with('"');
        out.replace_range(secret.clone(), &if quoted { MASK.to_owned() } else { format!("\"{MASK}\"") });
    }
    out
}

/// Collects where secrets stand, without their quotes. What has the name of a secret is one wherever it stands and
/// whatever it is, for a value in a wrong place may be no less secret.
pub(in crate::source) fn secret_places(
    text: &str,
    at: Range<usize>,
    depth: usize,
    places: &mut Vec<Range<usize>>,
) {
    match text.as_bytes().get(at.start) {
        Some(b'{' | b'[') if depth == DEEPEST => places.push(at),
        Some(b'{') => {
            for (name, value) in members(&text[at]) {
                let inner = place(text, value.get());
                if !schema().names_secret(&name) {
                    secret_places(text, inner, depth + 1, places);
                } else if text[inner.clone()].starts_with('"') {
                    places.push(inner.start + 1..inner.end - 1);
                } else if value.get() != "null" {
                    places.push(inner);
                }
            }
        }
        Some(b'[') => {
            let elements: Vec<&RawValue> = serde_json::from_str(&text[at]).unwrap_or_default();
            for element in elements {
                secret_places(text, place(text, element.get()), depth + 1, places);
            }
        }
        _ => {}
    }
}
