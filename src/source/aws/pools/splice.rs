//! Splices the answers about one pool into one document. Their text is unchanged, so that no member that the service
//! sent is lost.

use crate::source::aws::client::{CallFailure, member};

/// Values as a JSON list.
pub(in crate::source::aws) fn list(values: &[String]) -> String {
    format!("[{}]", values.join(","))
}

/// Adds members to an object after its own.
pub(in crate::source::aws) fn with_members(object: &str, members: &[(&str, String)]) -> String {
    let open = object.rfind('}').map_or(object, |end| object[..end].trim_end());
    let mut pool_read = open.to_owned();
    for (name, value) in members {
        if !pool_read.ends_with('{') {
            pool_read.push(',');
        }
        pool_read.push_str(&format!("\"{name}\":{value}"));
    }
    pool_read.push('}');
    pool_read
}

/// Adds members to the object under `UserPool`, and changes nothing around it.
pub(in crate::source::aws) fn with_sections(
    body: String,
    sections: &[(&str, String)],
) -> Result<String, CallFailure> {
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
    fn sections_are_added_to_the_pool_and_nothing_else_changes() {
        let body =
            r#"{ "UserPool" : { "Id": "a}", "New": 18446744073709551616 } , "Else": null }"#.to_owned();
        let sections = [("MfaConfig", "{}".to_owned()), ("Clients", list(&["1".to_owned(), "2".to_owned()]))];
        assert_eq!(
            with_sections(body, &sections).unwrap(),
            r#"{ "UserPool" : { "Id": "a}", "New": 18446744073709551616,"MfaConfig":{},"Clients":[1,2]} , "Else": null }"#
        );
        assert_eq!(with_members("{ }", &[("A", "1".to_owned())]), r#"{"A":1}"#);
    }
}
