//! The attributes that every pool has beside those that a plan or a template declares, as an answer of the API
//! lists them.

use std::borrow::Cow;

use crate::schema::schema;
use crate::value::{Map, Value};

/// Gives the declared attributes the names that the API has for them, and adds the standard ones after them. Unknown
/// values stay unknown.
pub(super) fn complete(document: &mut Map) {
    let mut attributes = match document.get("SchemaAttributes") {
        Some(Value::List(declared)) => declared.clone(),
        Some(_) => return,
        None => Vec::new(),
    };
    for attribute in &mut attributes {
        let Value::Map(attribute) = attribute else { continue };
        let developer = attribute.get("DeveloperOnlyAttribute") == Some(&Value::Bool(true));
        let Some(name) = attribute.get("Name").and_then(Value::as_str) else { continue };
        if !name.contains(':') && !is_standard(name) {
            let prefix = if developer { "dev:custom:" } else { "custom:" };
            let name = format!("{prefix}{name}");
            attribute.set(Cow::Borrowed("Name"), Value::String(name.into()));
        }
    }
    // An element whose name is not known may be any of them.
    let open = attributes.iter().any(|one| name_of(one).is_none());
    let declared = |one: &Value| attributes.iter().any(|own| name_of(own) == name_of(one));
    let missing = schema().standard_attributes().iter().filter(|one| !open && !declared(one));
    let missing: Vec<Value> = missing.cloned().collect();
    attributes.extend(missing);
    document.set(Cow::Borrowed("SchemaAttributes"), Value::List(attributes));
}

/// Whether every pool has an attribute of this name.
fn is_standard(name: &str) -> bool {
    schema().standard_attributes().iter().any(|one| name_of(one) == Some(name))
}

fn name_of(attribute: &Value) -> Option<&str> {
    attribute.get("Name").and_then(Value::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(document: &Map) -> Vec<String> {
        let attributes = document.get("SchemaAttributes").and_then(Value::as_list).unwrap();
        attributes.iter().map(|one| one.get("Name").unwrap().to_string()).collect()
    }

    #[test]
    fn the_standard_attributes_come_after_the_declared_ones() {
        let mut document = Map::default();
        let declared = serde_json::json!([
            {"Name": "plan"}, {"Name": "email", "Required": true}, {"Name": "note", "DeveloperOnlyAttribute": true}
        ]);
        document.set("SchemaAttributes".into(), Value::from_json(declared));
        complete(&mut document);
        let names = names(&document);
        assert_eq!(names[..4], ["custom:plan", "email", "dev:custom:note", "sub"]);
        assert_eq!(names.len(), 3 + 19);
        let email = &document.get("SchemaAttributes").and_then(Value::as_list).unwrap()[1];
        assert_eq!(email.get("Required"), Some(&Value::Bool(true)), "what is declared wins");
    }

    #[test]
    fn what_is_unknown_stays_so() {
        let mut document = Map::default();
        document.set("SchemaAttributes".into(), Value::Unknown("why".into()));
        complete(&mut document);
        assert_eq!(document.get("SchemaAttributes"), Some(&Value::Unknown("why".into())));
        let one = Value::Map(Map(vec![("Name".into(), Value::Unknown("why".into()))].into()));
        document.set("SchemaAttributes".into(), Value::List(vec![one]));
        complete(&mut document);
        assert_eq!(names(&document).len(), 1, "it may be any standard attribute");
    }
}
