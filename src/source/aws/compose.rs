//! Puts the answers about one pool together into one document. They stay the text that they came as, so that
//! nothing is lost of what the service sent.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use super::failure::{Failure, Kind};

/// A member of an object, as it was sent; `None` where it is missing or null.
pub(super) fn member<'a>(object: &'a str, name: &str) -> Result<Option<&'a str>, Failure> {
    let members: BTreeMap<String, &'a RawValue> = serde_json::from_str(object).map_err(|e| garbled(&e))?;
    Ok(members.get(name).map(|value| value.get()).filter(|value| *value != "null"))
}

/// Refuses a body that is no answer although its status says so: an empty one, or an error.
pub(super) fn is_answer(body: &str) -> Result<(), Failure> {
    match member(body, "__type")? {
        None => Ok(()),
        Some(code) => {
            Err(Failure::new(Kind::Garbled, format!("it is an error, {code}, with the status of none")))
        }
    }
}

/// The elements of a list in an object. The service sends an empty list where there is nothing, so an answer
/// without the list is none.
pub(super) fn elements(object: &str, name: &str) -> Result<Vec<String>, Failure> {
    let list = member(object, name)?;
    let list = list.ok_or_else(|| Failure::new(Kind::Garbled, format!("it has no `{name}`")))?;
    let elements: Vec<&RawValue> = serde_json::from_str(list).map_err(|e| garbled(&e))?;
    Ok(elements.into_iter().map(|element| element.get().to_owned()).collect())
}

fn garbled(error: &serde_json::Error) -> Failure {
    Failure::new(Kind::Garbled, error.to_string())
}

/// A list of values.
pub(super) fn list(values: &[String]) -> String {
    format!("[{}]", values.join(","))
}

/// Adds members to an object after its own.
pub(super) fn with_members(object: &str, members: &[(&str, String)]) -> String {
    let open = object.rfind('}').map_or(object, |end| object[..end].trim_end());
    let mut whole = open.to_owned();
    for (name, value) in members {
        if !whole.ends_with('{') {
            whole.push(',');
        }
        whole.push_str(&format!("\"{name}\":{value}"));
    }
    whole.push('}');
    whole
}

/// Adds members to the object under `UserPool`, and leaves what stands around it alone.
pub(super) fn with_sections(body: String, sections: &[(&str, String)]) -> Result<String, Failure> {
    if sections.is_empty() {
        return Ok(body);
    }
    let Some(pool) = member(&body, "UserPool")? else { return Ok(body) };
    let start = pool.as_ptr() as usize - body.as_ptr() as usize;
    let (before, after) = (&body[..start], &body[start + pool.len()..]);
    Ok([before, &with_members(pool, sections), after].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_stand_in_the_pool_and_nothing_else_changes() {
        let body =
            r#"{ "UserPool" : { "Id": "a}", "New": 18446744073709551616 } , "Else": null }"#.to_owned();
        let sections = [("MfaConfig", "{}".to_owned()), ("Clients", list(&["1".to_owned(), "2".to_owned()]))];
        assert_eq!(
            with_sections(body, &sections).unwrap(),
            r#"{ "UserPool" : { "Id": "a}", "New": 18446744073709551616,"MfaConfig":{},"Clients":[1,2]} , "Else": null }"#
        );
        assert_eq!(with_members("{ }", &[("A", "1".to_owned())]), r#"{"A":1}"#);
    }

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
