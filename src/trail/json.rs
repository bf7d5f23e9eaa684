//! Members of the JSON of a record.

use serde_json::Value as Json;

/// A member by its name in the API. Records spell the first letter small.
pub fn member<'j>(of: &'j Json, name: &str) -> Option<&'j Json> {
    let members = of.as_object()?;
    let found = members
        .get(name)
        .or_else(|| members.iter().find(|(own, _)| is_name(own, name)).map(|(_, value)| value));
    found.filter(|value| !value.is_null())
}

/// Whether a name of a record is that of the API.
pub fn is_name(own: &str, name: &str) -> bool {
    let (mut own, mut name) = (own.chars(), name.chars());
    let first = own.next().zip(name.next());
    first.is_some_and(|(a, b)| a.eq_ignore_ascii_case(&b)) && own.as_str() == name.as_str()
}

/// The text at members of JSON.
pub(super) fn text<'j>(of: &'j Json, path: &[&str]) -> Option<&'j str> {
    path.iter().try_fold(of, |value, name| value.get(name))?.as_str()
}
