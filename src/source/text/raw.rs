//! Members of JSON objects as text, with their places.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;
use std::ops::Range;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// The members of an object, with the text of each value.
struct Members<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;
        impl<'de> Visitor<'de> for Collect {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
                let mut members = Vec::new();
                while let Some((Name(name), value)) = map.next_entry()? {
                    members.push((name, value));
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Collect)
    }
}

#[derive(Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

pub(in crate::source) fn members(text: &str) -> Vec<(Cow<'_, str>, &RawValue)> {
    serde_json::from_str(text).map_or_else(|_| Vec::new(), |Members(members)| members)
}

/// Values that are nested deeper than this are not read: each level is read once more for every level above it.
pub(in crate::source) const DEEPEST: usize = 100;

/// The offset of the first object or list of a JSON text that is nested deeper than [`DEEPEST`].
pub(in crate::source) fn too_deep(text: &str) -> Option<usize> {
    let (mut depth, mut is_in_string, mut is_escaped) = (0_usize, false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = is_in_string,
            b'"' => is_in_string = !is_in_string,
            b'{' | b'[' if !is_in_string => {
                depth += 1;
                if depth > DEEPEST {
                    return Some(at);
                }
            }
            b'}' | b']' if !is_in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}

/// A member that is in an object of a JSON text twice.
pub(in crate::source) fn twice_in(text: &str) -> Option<String> {
    twice_among(text, &|_, _| true).map(|(name, _)| name)
}

/// The name and the second value of a member that is in an object of a JSON text twice, among the members that count.
/// Values that are nested too deep are not looked at, as nobody reads them.
pub(in crate::source) fn twice_among<'t>(
    text: &'t str,
    counts: &dyn Fn(&str, &RawValue) -> bool,
) -> Option<(String, &'t str)> {
    let text = text.trim_ascii();
    if too_deep(text).is_some() { None } else { first_twice(text, counts) }
}

fn first_twice<'t>(text: &'t str, counts: &dyn Fn(&str, &RawValue) -> bool) -> Option<(String, &'t str)> {
    if text.starts_with('[') {
        let elements: Vec<&RawValue> = serde_json::from_str(text).unwrap_or_default();
        return elements.into_iter().find_map(|element| first_twice(element.get(), counts));
    }
    if !text.starts_with('{') {
        return None;
    }
    let members = members(text);
    let mut names = BTreeSet::new();
    let twice = members.iter().find(|(name, value)| counts(name, value) && !names.insert(name));
    let own = twice.map(|(name, value)| (name.to_string(), value.get()));
    own.or_else(|| members.iter().find_map(|(_, value)| first_twice(value.get(), counts)))
}

/// Whether a member says that there is more than an answer holds: a token for the next page, or a list of what is left.
pub(in crate::source) fn is_more(value: &str) -> bool {
    !matches!(value, "null" | "\"\"" | "[]" | "{}" | "false")
}

/// The span of a part of a text.
pub(in crate::source) fn place(text: &str, part: &str) -> Range<usize> {
    let start = part.as_ptr() as usize - text.as_ptr() as usize;
    start..start + part.len()
}
