//! The attributes that every pool has beside those that a plan or a template declares, as an answer of the API
//! lists them.

use std::borrow::Cow;

use crate::value::{Map, Value};

/// Name, type and bounds.
type Attribute = (&'static str, &'static str, Option<(&'static str, &'static str)>);

/// Name, type, and the least and greatest length of text; `sub` alone is required and cannot be changed.
const STANDARD: [Attribute; 20] = [
    ("sub", "String", Some(("1", "2048"))),
    ("name", "String", Some(("0", "2048"))),
    ("given_name", "String", Some(("0", "2048"))),
    ("family_name", "String", Some(("0", "2048"))),
    ("middle_name", "String", Some(("0", "2048"))),
    ("nickname", "String", Some(("0", "2048"))),
    ("preferred_username", "String", Some(("0", "2048"))),
    ("profile", "String", Some(("0", "2048"))),
    ("picture", "String", Some(("0", "2048"))),
    ("website", "String", Some(("0", "2048"))),
    ("email", "String", Some(("0", "2048"))),
    ("email_verified", "Boolean", None),
    ("gender", "String", Some(("0", "2048"))),
    ("birthdate", "String", Some(("10", "10"))),
    ("zoneinfo", "String", Some(("0", "2048"))),
    ("locale", "String", Some(("0", "2048"))),
    ("phone_number", "String", Some(("0", "2048"))),
    ("phone_number_verified", "Boolean", None),
    ("address", "String", Some(("0", "2048"))),
    ("updated_at", "Number", None),
];

/// Gives the declared attributes the names that the API knows them by, and adds the standard ones after them.
/// What is not known stays so.
pub(in crate::source) fn complete(document: &mut Map) {
    let mut attributes = match document.get("SchemaAttributes") {
        Some(Value::List(declared)) => declared.clone(),
        Some(_) => return,
        None => Vec::new(),
    };
    for attribute in &mut attributes {
        let Value::Map(attribute) = attribute else { continue };
        let developer = attribute.get("DeveloperOnlyAttribute") == Some(&Value::Bool(true));
        let Some(name) = attribute.get("Name").and_then(Value::as_str) else { continue };
        if !name.contains(':') && !STANDARD.iter().any(|(standard, ..)| *standard == name) {
            let prefix = if developer { "dev:custom:" } else { "custom:" };
            let name = format!("{prefix}{name}");
            attribute.set(Cow::Borrowed("Name"), Value::String(name.into()));
        }
    }
    let declared = |name: &str| {
        let named = |attribute: &Value| attribute.get("Name").and_then(Value::as_str) == Some(name);
        attributes.iter().any(named)
    };
    // An element whose name is not known may be any of them.
    let open = attributes.iter().any(|one| one.get("Name").and_then(Value::as_str).is_none());
    let missing: Vec<Value> = STANDARD
        .iter()
        .filter(|(name, ..)| !open && !declared(name))
        .map(|(name, kind, length)| standard(name, kind, *length))
        .collect();
    attributes.extend(missing);
    document.set(Cow::Borrowed("SchemaAttributes"), Value::List(attributes));
}

fn standard(name: &'static str, kind: &'static str, length: Option<(&'static str, &'static str)>) -> Value {
    let text = |text: &'static str| Value::String(Cow::Borrowed(text));
    let member = |name: &'static str, value| (Cow::Borrowed(name), value);
    let mut members = vec![
        member("Name", text(name)),
        member("AttributeDataType", text(kind)),
        member("DeveloperOnlyAttribute", Value::Bool(false)),
        member("Mutable", Value::Bool(name != "sub")),
        member("Required", Value::Bool(name == "sub")),
    ];
    if let Some((least, most)) = length {
        let bounds = Map(vec![member("MinLength", text(least)), member("MaxLength", text(most))]);
        members.push(member("StringAttributeConstraints", Value::Map(bounds)));
    }
    if kind == "Number" {
        let bounds = Map(vec![member("MinValue", text("0"))]);
        members.push(member("NumberAttributeConstraints", Value::Map(bounds)));
    }
    Value::Map(Map(members))
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
        let one = Value::Map(Map(vec![("Name".into(), Value::Unknown("why".into()))]));
        document.set("SchemaAttributes".into(), Value::List(vec![one]));
        complete(&mut document);
        assert_eq!(names(&document).len(), 1, "it may be any standard attribute");
    }
}
