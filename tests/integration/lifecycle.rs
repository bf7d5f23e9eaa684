//! Defaults depend on the lifecycle: a member without an argument has the default of a new thing in a created pool,
//! and is unknown in one that exists or was made by something else.
//!
//! Every path of the schema is asked, for every resource type of the provider, in every kind of plan and state.

use std::collections::BTreeSet;
use std::path::Path;

use cognito_lint::pool::{Element, Pool, Projection, Scope, State, resolve};
use cognito_lint::schema::{Kind, Path as SchemaPath, schema};
use cognito_lint::source::{Chunk, Shape};
use serde_json::{Value as Json, json};

/// A resource type, the list that it is an element of, and the least that a resource of it has.
const PARTS: [(&str, &str, &str); 7] = [
    ("aws_cognito_user_pool", "", r#"{"name": "customers", "id": "eu-west-1_Example01"}"#),
    ("aws_cognito_user_pool_client", "Clients", r#"{"name": "web"}"#),
    ("aws_cognito_managed_user_pool_client", "Clients", r#"{"name_prefix": "Amazon"}"#),
    ("aws_cognito_user_pool_domain", "Domains", r#"{"domain": "example"}"#),
    ("aws_cognito_identity_provider", "IdentityProviders", r#"{"provider_name": "Corp"}"#),
    ("aws_cognito_resource_server", "ResourceServers", r#"{"identifier": "api"}"#),
    ("aws_cognito_user_group", "Groups", r#"{"name": "staff"}"#),
];

#[derive(Clone, Copy, Debug, PartialEq)]
enum Form {
    Created,
    Updated,
    Unchanged,
    State,
}

#[test]
fn what_has_no_argument_has_the_defaults_of_something_new_in_what_is_created_alone() {
    let (mut complaints, mut asked) = (Vec::new(), 0);
    for (kind, list, values) in PARTS {
        let covered = covered(kind);
        for form in [Form::Created, Form::Updated, Form::Unchanged, Form::State] {
            let pool = read(form, kind, values);
            for path in uncovered(list, &covered) {
                asked += 1;
                let found = state(&pool, list, &path);
                let adopted = kind.contains("managed") && form == Form::Created;
                let right = match form {
                    Form::Created if !adopted => found != "outside",
                    _ => found == "outside" || found == "unknown",
                };
                if !right {
                    complaints.push(format!("{kind}, {form:?}: {path} is {found}"));
                }
            }
        }
    }
    assert!(asked > 100, "{asked}");
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[test]
fn what_the_service_fills_in_is_never_absent_in_what_is_created() {
    let mut complaints = Vec::new();
    for (kind, list, values) in PARTS {
        let pool = read(Form::Created, kind, values);
        let prefix = if list.is_empty() { String::new() } else { format!("{list}[].") };
        for (_, node) in schema().nodes().filter(|(_, node)| node.filled) {
            let Some(path) = node.path.strip_prefix(prefix.as_str()).filter(|path| !path.contains("[]"))
            else {
                continue;
            };
            // A member of a structure that is absent is not filled in either.
            if path.contains('.') && !path.starts_with("Policies.") || path == "RiskConfiguration" {
                continue;
            }
            let found = state(&pool, list, path);
            if found == "absent" {
                complaints.push(format!("{kind}: {path} is absent"));
            }
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

/// Members of the API that the provider has an argument for, by the mapping that the program has.
fn covered(kind: &str) -> BTreeSet<String> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/source/terraform/mapping.json");
    let mapping: Json = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    let mut covered = BTreeSet::new();
    for part in ["arguments", "computed", "named"] {
        let members: Vec<String> = match (&mapping[kind][part], part) {
            (Json::Object(members), "named") => members.keys().cloned().collect(),
            (Json::Object(members), _) => {
                members.values().map(|to| to.as_str().unwrap().to_owned()).collect()
            }
            _ => continue,
        };
        for member in members {
            let mut path = member.as_str();
            covered.insert(path.to_owned());
            while let Some((around, _)) = path.rsplit_once('.') {
                covered.insert(around.to_owned());
                path = around;
            }
        }
    }
    covered
}

/// Paths inside of a list's elements, or of the pool without a list, that have no argument under either name.
fn uncovered(list: &str, covered: &BTreeSet<String>) -> Vec<String> {
    let prefix = if list.is_empty() { String::new() } else { format!("{list}[].") };
    let attached = schema().nodes().filter(|(_, node)| node.operation.is_some() && !node.path.is_empty());
    let attached: Vec<&str> = attached.map(|(_, node)| node.path.as_ref()).collect();
    let mirrored: Vec<&str> = schema()
        .mirrors()
        .iter()
        .flat_map(|mirror| [mirror.copy, mirror.original])
        .map(|id| schema().node(id).path.as_ref())
        .collect();
    let own = |path: &str| {
        !attached.iter().any(|section| {
            *section != list && (section.len() > list.len() || list.is_empty()) && {
                path == *section
                    || path.strip_prefix(section).is_some_and(|rest| rest.starts_with(['.', '[']))
            }
        })
    };
    schema()
        .nodes()
        .filter(|(_, node)| node.is_sent())
        .filter(|(_, node)| node.kind != Kind::Structure && own(&node.path))
        .filter(|(_, node)| !mirrored.iter().any(|path| node.path.starts_with(path)))
        .filter_map(|(_, node)| node.path.strip_prefix(prefix.as_str()).map(str::to_owned))
        .filter(|path| !path.is_empty() && !path.contains(['[', '{']) && !covered.contains(path))
        .collect()
}

fn state(pool: &Pool, list: &str, path: &str) -> &'static str {
    let path = SchemaPath::parse(path).unwrap();
    let element = (!list.is_empty()).then(|| {
        let elements = pool.document.get(list).and_then(|list| list.as_list()).unwrap();
        Element { value: &elements[0], node: schema().find(&format!("{list}[]")), key: None }
    });
    match resolve(Scope { element, ..Scope::of(pool) }, &path) {
        State::Present(_) => "present",
        State::Default(_) => "default",
        State::Absent => "absent",
        State::Unknown(_) => "unknown",
        State::Outside(_) => "outside",
    }
}

/// A pool with one resource beside it, in some kind of plan or state.
fn read(form: Form, kind: &str, values: &str) -> Pool {
    let pool = r#"{"name": "customers", "id": "eu-west-1_Example01"}"#;
    let mut resources = vec![("aws_cognito_user_pool", serde_json::from_str::<Json>(pool).unwrap())];
    if kind != "aws_cognito_user_pool" {
        let mut values: Json = serde_json::from_str(values).unwrap();
        values["user_pool_id"] = "eu-west-1_Example01".into();
        resources.push((kind, values));
    }
    let text = match form {
        Form::State => json!({"format_version": "1.0", "values": {"root_module": {"resources":
            resources.iter().map(|(kind, values)| json!({
                "address": format!("{kind}.one"), "mode": "managed", "type": kind, "name": "one", "values": values,
            })).collect::<Vec<_>>()
        }}}),
        _ => json!({"format_version": "1.2", "resource_changes":
            resources.iter().map(|(kind, values)| {
                let (actions, before) = match form {
                    Form::Created => (json!(["create"]), Json::Null),
                    Form::Updated => (json!(["update"]), values.clone()),
                    _ => (json!(["no-op"]), values.clone()),
                };
                json!({
                    "address": format!("{kind}.one"), "mode": "managed", "type": kind, "name": "one",
                    "change": {"actions": actions, "before": before, "after": values, "after_unknown": {}},
                })
            }).collect::<Vec<_>>()
        }),
    };
    let chunk = Chunk {
        bytes: text.to_string().into_bytes(),
        shape: Shape::Document,
        first_line: 1,
        ..Chunk::default()
    };
    pools(&chunk).remove(0)
}

fn pools(chunk: &Chunk) -> Vec<Pool> {
    cognito_lint::source::read(chunk, &Projection::everything()).first().0
}
