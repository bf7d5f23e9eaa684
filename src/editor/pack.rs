//! Files of packs.

use serde_json::{Value as Json, json};

use super::config::{change_key, params};
use super::shape::{about, array, boolean, set, table, text, word};
use crate::rule::Severity;
use crate::rule::control::Uncovered;
use crate::rule::pack::{CONTROL_KEYS, CONTROL_RULE_KEYS, KEYS};

/// A file of a pack.
pub(super) fn file() -> Json {
    let mut pack = table(&KEYS, &["title", "description"], |key| {
        Some(match key {
            "title" => about(text(), "The name of the pack for people."),
            "description" => about(text(), "The purpose of the pack, in a sentence or two."),
            "rules" => about(set(id(), 1), "Ids of built-in rules."),
            "rule" => return change_key(key),
            "severity" => {
                about(word(Severity::ALL.map(Severity::word)), "The severity of all rules of the pack.")
            }
            "source" => {
                about(text(), "The address of the standard, for controls without a source of their own.")
            }
            "control" => {
                about(array(control(), 1), "A demand of the standard, with the rules that prove it.")
            }
            _ => return None,
        })
    });
    if let Json::Object(members) = &mut pack {
        members.insert("anyOf".to_owned(), json!([{ "required": ["rules"] }, { "required": ["control"] }]));
    }
    pack
}

fn id() -> Json {
    json!({ "type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$" })
}

fn control() -> Json {
    let mut control = table(&CONTROL_KEYS, &["id", "meaning"], |key| {
        Some(match key {
            "id" => about(text(), "Its number in the standard."),
            "level" => about(text(), "Its level in the standard."),
            "meaning" => about(text(), "The demand, in plain words."),
            "source" => about(text(), "The address of its text, if it differs from that of the pack."),
            "verified" => about(boolean(), "`false` if its meaning could not be compared with the source."),
            "satisfied-by" => about(array(rule(), 1), "Rules that prove it together."),
            "supported-by" => about(array(rule(), 0), "Rules that help to meet it, but do not prove it."),
            "service" => about(text(), "A sentence: the service does it."),
            "beyond" => about(text(), "A sentence: Cognito alone cannot meet it."),
            "undecidable" => about(text(), "A sentence: no configuration decides it."),
            _ => return None,
        })
    });
    let sentences = Uncovered::ALL.map(|why| json!({ "required": [why.word()] }));
    let decided = json!([{ "required": ["satisfied-by"] }, { "anyOf": sentences }]);
    if let Json::Object(members) = &mut control {
        members.insert("oneOf".to_owned(), decided);
    }
    control
}

/// A rule of a control: its id, or a table with parameters.
fn rule() -> Json {
    let with_params = table(&CONTROL_RULE_KEYS, &["rule"], |key| match key {
        "rule" => Some(id()),
        "params" => Some(params()),
        _ => None,
    });
    json!({ "anyOf": [id(), with_params] })
}
