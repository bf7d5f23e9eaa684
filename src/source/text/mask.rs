//! The secrets in the text of a pool, and the text without them.

use std::ops::Range;

use serde_json::value::RawValue;

use super::{members, place};
use crate::schema::schema;

/// Values that are nested deeper than this are not searched for secrets, but masked as a whole.
const DEEPEST: usize = 128;

/// The text that replaces a secret of any length.
pub(super) const MASK: &str = "********";

/// A text without its secrets, which are in order.
pub(in crate::source) fn masked(text: &str, secrets: &[Range<usize>]) -> String {
    let mut out = text.to_owned();
    for secret in secrets.iter().rev() {
        // A number, a list or an object has no quotes of its own.
        let quoted = text[..secret.start].ends_with('"');
        out.replace_range(secret.clone(), &if quoted { MASK.to_owned() } else { format!("\"{MASK}\"") });
    }
    out
}

/// Collects the spans of secrets, without their quotes. A value under the name of a secret is one at any place and of
/// any type, since a value in a wrong place may be just as secret.
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
