//! Custom scopes: the names under which clients ask for the scopes of resource servers, `IDENTIFIER/NAME`.

use crate::value::Value;

/// The scopes of all resource servers. A scope without a known name is an unknown element.
pub(super) fn names(servers: &Value) -> Value {
    let Value::List(servers) = servers else { return strange("ResourceServers", servers) };
    Value::List(servers.iter().flat_map(of_server).collect())
}

fn of_server(server: &Value) -> Vec<Value> {
    let server = match server {
        Value::Map(server) => server,
        other => return vec![strange("ResourceServers", other)],
    };
    let scopes = match server.get("Scopes") {
        None | Some(Value::Null) => &[],
        Some(Value::List(scopes)) => scopes.as_slice(),
        Some(other) => return vec![strange("Scopes", other)],
    };
    let identifier = server.get("Identifier").unwrap_or(&Value::Null);
    let name = |scope: &Value| match (identifier, scope) {
        (Value::String(identifier), Value::Map(scope)) => match scope.get("ScopeName") {
            Some(Value::String(name)) => Value::String(format!("{identifier}/{name}").into()),
            other => strange("ScopeName", other.unwrap_or(&Value::Null)),
        },
        (Value::String(_), other) => strange("Scopes", other),
        (other, _) => strange("Identifier", other),
    };
    scopes.iter().map(name).collect()
}

/// A value that gives no name: the reason where it is unknown, else what it is.
fn strange(member: &str, value: &Value) -> Value {
    match value {
        Value::Unknown(why) | Value::Later(why) => Value::Unknown(why.clone()),
        other => Value::Unknown(format!("`{member}` is {}, so it names no scope", other.kind()).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(servers: &str) -> Value {
        names(&Value::parse_json(servers).unwrap())
    }

    #[test]
    fn a_scope_goes_by_its_server_and_its_name() {
        let servers = r#"[
            {"Identifier": "orders", "Scopes": [{"ScopeName": "read"}, {"ScopeName": "write"}]},
            {"Identifier": "https://api.example.com", "Scopes": [{"ScopeName": "read"}]},
            {"Identifier": "empty"}
        ]"#;
        let names = ["orders/read", "orders/write", "https://api.example.com/read"];
        assert_eq!(of(servers), Value::List(names.map(|name| Value::String(name.into())).to_vec()));
        assert_eq!(of("[]"), Value::List(Vec::new()));
    }

    #[test]
    fn what_gives_no_name_is_unknown() {
        let unknown =
            |value: &Value| matches!(value, Value::List(items) if items.iter().all(Value::is_unknown));
        for servers in
            [r"[7]", r#"[{"Scopes": [{"ScopeName": "read"}]}]"#, r#"[{"Identifier": "a", "Scopes": [7]}]"#]
        {
            assert!(unknown(&of(servers)), "{servers}");
        }
        let later = Value::List(vec![Value::Later("no id yet".into())]);
        assert_eq!(names(&later), Value::List(vec![Value::Unknown("no id yet".into())]));
    }
}
