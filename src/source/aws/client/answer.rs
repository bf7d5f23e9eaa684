//! Reads members of an answer as the text that the service sent.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use super::failure::{CallFailure, FailureKind};
use crate::value::json_error;

/// The text of a member of an object. `None` if it is missing or null.
pub(in crate::source::aws) fn member<'a>(
    object: &'a str,
    name: &str,
) -> Result<Option<&'a str>, CallFailure> {
    let members: BTreeMap<String, &'a RawValue> = serde_json::from_str(object).map_err(|e| garbled(&e))?;
    Ok(members.get(name).map(|value| value.get()).filter(|value| *value != "null"))
}

/// Rejects a body that is not an answer although its status is 200: an empty body, or an error.
pub(in crate::source::aws) fn is_answer(body: &str) -> Result<(), CallFailure> {
    match member(body, "__type")? {
        None => Ok(()),
        Some(code) => Err(error_as_answer(code)),
    }
}

/// The failure of an answer that is an error. `code` is in JSON.
pub(in crate::source::aws) fn error_as_answer(code: &str) -> CallFailure {
    CallFailure::new(FailureKind::Garbled, format!("it is an error, {code}, with the status of none"))
}

/// The texts of the elements of a list in an object. The service sends an empty list if there is nothing to list, so an
/// answer without the list is rejected.
pub(in crate::source::aws) fn elements(object: &str, name: &str) -> Result<Vec<String>, CallFailure> {
    let list = member(object, name)?;
    let list = list.ok_or_else(|| CallFailure::new(FailureKind::Garbled, format!("it has no `{name}`")))?;
    let elements: Vec<&RawValue> = serde_json::from_str(list).map_err(|e| garbled(&e))?;
    Ok(elements.into_iter().map(|element| element.get().to_owned()).collect())
}

fn garbled(error: &serde_json::Error) -> CallFailure {
    CallFailure::new(FailureKind::Garbled, json_error(error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_none() {
        assert_eq!(member(r#"{"A": null}"#, "A").unwrap(), None);
        assert_eq!(elements(r#"{"A": []}"#, "A").unwrap(), Vec::<String>::new());
        assert_eq!(elements(r#"{"A": [ {"x": 1} , 2]}"#, "A").unwrap(), [r#"{"x": 1}"#, "2"]);
        assert!(elements(r#"{"A": 1}"#, "A").is_err());
        assert!(elements("{}", "A").is_err());
    }

    #[test]
    fn what_is_no_object_or_an_error_is_no_answer() {
        assert!(is_answer(r#"{"Groups": [], "__type": null}"#).is_ok());
        for body in ["", "[]", "null", r#"{"__type": "InternalErrorException"}"#] {
            assert!(is_answer(body).is_err(), "{body}");
        }
    }
}
