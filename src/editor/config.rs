//! The configuration, and files of waivers.

use serde_json::{Value as Json, json};

use super::shape::{about, array, boolean, map, scalar, set, table, text, word};
use crate::config::{ACCOUNT_KEYS, AWS_KEYS, KEYS, ORGANIZATION_KEYS, SCHEMA_KEYS, SCOPE_KEYS, WAIVER_KEYS};
use crate::pool::Source;
use crate::rule::{Severity, overrides};
use crate::schema::{Kind, OVERLAY_KEYS};

/// The configuration.
pub(super) fn file() -> Json {
    table(&KEYS, &[], |key| {
        Some(match key {
            "rules" => about(
                set(text(), 1),
                "Packs, rule files, directories of rule files, ids of built-in rules, globs, `tag:`, `severity:` and \
                 `control:`; with `-` before one, without it.",
            ),
            "off" | "rule" => return change_key(key),
            "exclude" => about(set(text(), 0), "Globs over files of directories that are left out."),
            "fail-on" => {
                let words = Severity::ALL.map(Severity::word).into_iter().chain(["never"]);
                about(word(words), "The least severity that fails the run.")
            }
            "unknown" => about(word(["fail", "ignore"]), "Whether unknown verdicts make the run incomplete."),
            "coverage" => about(
                word(["inputs", "full"]),
                "Whether sections that the inputs do not contain count as unknown.",
            ),
            "allow-empty" => about(boolean(), "End with 0 when there is nothing to check."),
            "waivers" => about(set(text(), 1), "Files with more waivers."),
            "waivers-must-expire" => about(boolean(), "`false` allows waivers without `expires`."),
            "inline-waivers" => about(boolean(), "`false` ignores waivers in the files that are checked."),
            "schema" => about(
                table(&SCHEMA_KEYS, &["extra"], |_| {
                    Some(about(text(), "A file of members that are newer than the program."))
                }),
                "Members that the schema of the program lacks.",
            ),
            "aws" => about(table(&AWS_KEYS, &[], aws_key), "Defaults for reading live pools."),
            "account" => about(array(table(&ACCOUNT_KEYS, &[], account_key), 0), "An account to read."),
            "organization" => about(
                table(&ORGANIZATION_KEYS, &["role-name"], account_key),
                "The organization whose accounts to read.",
            ),
            "scope" => about(array(scope(), 0), "Pools for which rules are off or differ."),
            "waiver" => about(array(waiver(), 0), "A finding that somebody accepts."),
            _ => return None,
        })
    })
}

/// A file of waivers.
pub(super) fn waivers_file() -> Json {
    table(&["waiver"], &[], |_| Some(array(waiver(), 0)))
}

/// A file of members that are newer than the program.
pub(super) fn members_file() -> Json {
    let member = table(&OVERLAY_KEYS, &["path", "type"], |key| {
        Some(match key {
            "path" => {
                about(text(), "Where it is, as `cognito-lint schema` spells it: `Clients[].NewSetting`.")
            }
            "type" => about(word(Kind::ALL.map(Kind::word)), "The type of its value."),
            "values" => about(set(text(), 1), "The allowed values of the string."),
            "min" => about(json!({ "type": "integer" }), "The smallest number, or the least length."),
            "max" => about(json!({ "type": "integer" }), "The largest number, or the greatest length."),
            "default" => json!({ "description": "The value that the API uses if it is left out." }),
            "secret" => about(boolean(), "Its value becomes a marker when a pool is read."),
            "unordered" => about(boolean(), "The order of the list has no meaning."),
            "volatile" => about(boolean(), "It changes by itself, and is not drift."),
            "key" => about(text(), "The member that identifies an element of the list."),
            "label" => about(text(), "The member that names an element for people."),
            _ => return None,
        })
    });
    table(&["member"], &["member"], |_| Some(array(member.clone(), 1)))
}

/// The changes of rules, for all pools or in a scope.
pub(super) fn change_key(key: &str) -> Option<Json> {
    Some(match key {
        "off" => about(set(text(), 0), "Rules that are off."),
        "rule" => {
            let mut change = table(&overrides::KEYS, &[], |key| {
                Some(match key {
                    "severity" => word(Severity::ALL.map(Severity::word)),
                    "params" => params(),
                    "off" => json!({ "const": true }),
                    _ => return None,
                })
            });
            if let Json::Object(members) = &mut change {
                members.insert("minProperties".to_owned(), 1.into());
            }
            about(map(change, 0), "Changes of a rule, by its id.")
        }
        _ => return None,
    })
}

/// Values of parameters.
pub(super) fn params() -> Json {
    map(json!({ "anyOf": [scalar(), array(scalar(), 0)] }), 1)
}

/// Conditions on pools, and where to find them.
fn selector_key(key: &str) -> Option<Json> {
    Some(match key {
        "pools" => about(set(text(), 1), "Globs on the names of pools."),
        "tags" => about(map(json!({ "type": "string" }), 1), "Tags, each with a glob on its value."),
        "accounts" => about(set(account(), 1), "Accounts, by their 12 digits."),
        "regions" => about(set(region(), 1), "Regions."),
        "sources" => about(set(word(Source::ALL.map(Source::word)), 1), "Kinds of input."),
        _ => return None,
    })
}

fn account() -> Json {
    json!({ "type": "string", "pattern": "^[0-9]{12}$" })
}

fn region() -> Json {
    json!({ "type": "string", "pattern": "^[a-z]{2,}(-[a-z]{2,})+-[0-9]{1,2}$" })
}

fn aws_key(key: &str) -> Option<Json> {
    Some(match key {
        "profile" => about(text(), "A profile of the shared AWS configuration."),
        "regions" => return selector_key(key),
        "all-regions" => about(boolean(), "Read every Region of the account."),
        "pools" => about(set(text(), 1), "Globs on the names of pools."),
        "endpoint-url" => {
            about(json!({ "type": "string", "pattern": "^https?://" }), "The endpoint of the service.")
        }
        "max-rps" => about(json!({ "type": "number", "exclusiveMinimum": 0 }), "The most requests a second."),
        "timeout" => about(
            json!({ "type": "string", "pattern": "^ *[0-9]+[smh] *$" }),
            "How long a run may take: `90s`, `10m`.",
        ),
        _ => return None,
    })
}

fn account_key(key: &str) -> Option<Json> {
    Some(match key {
        "name" => about(text(), "The name of the account in reports."),
        "profile" | "regions" => return aws_key(key),
        "role-arn" => about(json!({ "type": "string", "pattern": "^arn:" }), "The role to assume."),
        "role-name" => about(text(), "The name of the role, which is the same in every account."),
        "external-id" => about(text(), "The external id that the role requires."),
        "session-name" => about(text(), "The name of the session."),
        "accounts" => return selector_key(key),
        "exclude" => about(set(account(), 1), "Accounts that are not read."),
        _ => return None,
    })
}

fn scope() -> Json {
    table(&SCOPE_KEYS, &["name"], |key| match key {
        "name" => Some(about(text(), "The name of the scope in reports.")),
        "off" | "rule" => change_key(key),
        _ => selector_key(key),
    })
}

fn waiver() -> Json {
    let mut waiver = table(&WAIVER_KEYS, &["rule", "owner", "reason"], |key| {
        Some(match key {
            "rule" => about(text(), "The rule, or `*` for every rule."),
            "pool" => about(text(), "The pool's id, ARN or name, in which `*` matches any characters."),
            "tags" => return selector_key(key),
            "subject" => about(text(), "The element of a list: a client's id, an attribute's name."),
            "value" => json!({ "description": "The value that is accepted, or `{ absent = true }`." }),
            "owner" => about(text(), "Who decided this."),
            "reason" => about(text(), "The reason for accepting it."),
            "expires" => {
                let day = json!({ "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" });
                about(day, "The last day on which the waiver has effect.")
            }
            _ => return None,
        })
    });
    if let Json::Object(members) = &mut waiver {
        members.insert("anyOf".to_owned(), json!([{ "required": ["pool"] }, { "required": ["tags"] }]));
    }
    waiver
}
