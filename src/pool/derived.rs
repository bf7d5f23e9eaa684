//! Derived members: computed from others when a pool is read, so that a rule can compare a token's lifetime in any
//! unit.

use crate::schema::{Derived, NodeId, schema};
use crate::value::{Map, Value};

/// The member with the units of the numbers beside it.
pub const UNITS: &str = "TokenValidityUnits";

/// Adds the derived members to a pool document. Absent ones stay absent, and have a default in the schema.
pub fn derive(document: &mut Map) {
    for (name, value) in &mut document.0 {
        let Value::List(elements) = value else { continue };
        let list = schema().member(NodeId::ROOT, name);
        let Some(element) = list.and_then(|list| schema().node(list).element) else { continue };
        let derived = |id: &NodeId| schema().node(*id).derived.map(|derived| (schema().node(*id), derived));
        let members: Vec<_> = schema().node(element).members.iter().filter_map(derived).collect();
        for map in elements.iter_mut().filter_map(|one| match one {
            Value::Map(map) => Some(map),
            _ => None,
        }) {
            for (node, derived) in &members {
                if let Some(value) = seconds(map, *derived, element) {
                    map.set(node.name.clone(), value);
                }
            }
        }
    }
}

/// The duration in seconds. `None` if there is no number.
fn seconds(map: &Map, derived: Derived, element: NodeId) -> Option<Value> {
    let number = match map.get(derived.number)? {
        Value::Int(0) => return None,
        Value::Int(number) => *number,
        unknown if unknown.is_unknown() => return Some(unknown.clone()),
        other => return Some(strange(derived.number, other)),
    };
    let units = match map.get(UNITS) {
        Some(unknown) if unknown.is_unknown() => return Some(unknown.clone()),
        units => units,
    };
    let node = schema().member(element, UNITS).and_then(|units| schema().member(units, derived.unit));
    let default = node.and_then(|id| schema().node(id).defaults().any.as_ref());
    let unit = units.and_then(|units| units.get(derived.unit)).or(default)?;
    let length = match unit {
        Value::String(word) => match word.as_ref() {
            "seconds" => 1,
            "minutes" => 60,
            "hours" => 60 * 60,
            "days" => 24 * 60 * 60,
            _ => return Some(strange(&format!("{UNITS}.{}", derived.unit), unit)),
        },
        Value::Unknown(_) => return Some(unit.clone()),
        other => return Some(strange(&format!("{UNITS}.{}", derived.unit), other)),
    };
    Some(Value::Int(number.saturating_mul(length)))
}

fn strange(member: &str, value: &Value) -> Value {
    Value::Unknown(format!("`{member}` is {value}, which this version cannot convert to seconds").into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lifetime(client: &str, name: &str) -> Option<Value> {
        let pool = format!(r#"{{"Clients": [{client}]}}"#);
        let Value::Map(mut document) = Value::from_json(serde_json::from_str(&pool).unwrap()) else {
            panic!()
        };
        derive(&mut document);
        document.get("Clients")?.as_list()?.first()?.get(name).cloned()
    }

    #[test]
    fn each_unit_makes_seconds() {
        for (unit, seconds) in [("seconds", 7), ("minutes", 420), ("hours", 25_200), ("days", 604_800)] {
            let client =
                format!(r#"{{"IdTokenValidity": 7, "TokenValidityUnits": {{"IdToken": "{unit}"}}}}"#);
            assert_eq!(lifetime(&client, "IdTokenLifetimeSeconds"), Some(Value::Int(seconds)), "{unit}");
        }
    }

    #[test]
    fn a_number_without_unit_has_the_unit_of_the_api() {
        let client = r#"{"AccessTokenValidity": 2, "RefreshTokenValidity": 2, "TokenValidityUnits": {}}"#;
        assert_eq!(lifetime(client, "AccessTokenLifetimeSeconds"), Some(Value::Int(7200)));
        assert_eq!(lifetime(client, "RefreshTokenLifetimeSeconds"), Some(Value::Int(172_800)));
    }

    #[test]
    fn no_number_leaves_the_default() {
        assert_eq!(lifetime("{}", "AccessTokenLifetimeSeconds"), None);
        assert_eq!(lifetime(r#"{"RefreshTokenValidity": 0}"#, "RefreshTokenLifetimeSeconds"), None);
    }

    #[test]
    fn what_cannot_be_read_is_unknown() {
        let units = r#"{"AccessTokenValidity": 2, "TokenValidityUnits": {"AccessToken": "weeks"}}"#;
        let number = r#"{"AccessTokenValidity": "2"}"#;
        for client in [units, number] {
            let found = lifetime(client, "AccessTokenLifetimeSeconds");
            assert!(matches!(found, Some(Value::Unknown(_))), "{client}: {found:?}");
        }
    }
}
