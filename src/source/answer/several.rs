//! Values that hold several pools: a list, an object with one under `UserPools`, and pools by their ids.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::bare::says_more;
use crate::source::text::{is_more, members};

/// The elements of an array that was scanned once already, so that nothing is wrong with them.
pub(super) fn elements(array: &str) -> Vec<&str> {
    let elements: Vec<&RawValue> = serde_json::from_str(array).unwrap_or_default();
    elements.into_iter().map(RawValue::get).collect()
}

/// The elements of an array that breaks off, as far as they are whole.
pub(super) fn whole_elements(array: &str) -> Vec<&str> {
    let mut whole = Vec::new();
    // The error is reported by whoever read the array as a whole.
    _ = Elements(&mut whole).deserialize(&mut serde_json::Deserializer::from_str(array));
    whole
}

/// Collects the elements of an array, as far as it goes.
struct Elements<'a, 'de>(&'a mut Vec<&'de str>);

impl<'de> DeserializeSeed<'de> for Elements<'_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Elements<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while let Some(element) = seq.next_element::<&'de RawValue>()? {
            self.0.push(element.get());
        }
        Ok(())
    }
}

/// The pools of an object that holds several: a list under `UserPools`, or members named by pool ids. Any other value
/// is one.
pub(super) fn several(value: &str) -> Vec<&str> {
    let listed = || memchr::memmem::find(value.as_bytes(), b"\"UserPools\"").is_some();
    if !value.starts_with('{') || !(listed() || first_name(value).is_some_and(is_pool_id)) {
        return vec![value];
    }
    let members = members(value);
    if let Some((_, list)) = members.iter().find(|(name, _)| name == "UserPools") {
        let elements = elements(list.get());
        return if elements.iter().any(|element| says_more(element)) { elements } else { vec![value] };
    }
    let by_id = members.iter().all(|(name, value)| is_pool_id(name) && value.get().starts_with('{'));
    if by_id { members.iter().map(|(_, value)| value.get()).collect() } else { vec![value] }
}

/// The tokens for the next page of lists of pools.
pub(super) fn tokens(text: &str) -> Vec<&str> {
    if memchr::memmem::find(text.as_bytes(), b"\"NextToken\"").is_none() {
        return Vec::new();
    }
    let values = serde_json::Deserializer::from_str(text).into_iter::<&RawValue>();
    let lists = values.map_while(Result::ok).map(RawValue::get).filter(|value| several(value) != [*value]);
    let token = |list| Some(members(list).into_iter().find(|(name, _)| name == "NextToken")?.1.get());
    lists.filter_map(token).filter(|token| is_more(token)).collect()
}

/// The first object of a text, or of the list in it. `None` if the text has no JSON object.
pub(super) fn first_object(text: &str) -> Option<&str> {
    let start = text.trim_ascii_start();
    let start = start.strip_prefix('[').map_or(start, str::trim_ascii_start);
    let mut values = serde_json::Deserializer::from_str(start).into_iter::<&RawValue>();
    values.next()?.ok().map(RawValue::get).filter(|value| value.starts_with('{'))
}

/// The name of an object's first member, where it has no escapes.
fn first_name(object: &str) -> Option<&str> {
    let name = object.strip_prefix('{')?.trim_ascii_start().strip_prefix('"')?;
    name.split('"').next()
}

/// Whether a name is that of a pool in its Region, such as `eu-west-1_Ab12Cd34E`.
pub(super) fn is_pool_id(name: &str) -> bool {
    let Some((region, id)) = name.split_once('_') else { return false };
    region.split('-').count() >= 3
        && region.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && !id.is_empty()
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric())
}
