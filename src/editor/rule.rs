//! Files of rules and of tests.

use serde_json::{Map, Value as Json, json};

use super::pool;
use super::shape::{about, array, boolean, integer, map, reference, scalar, set, table, text, word};
use crate::rule::written::{
    APART_KEYS, EQUIVALENT_KEYS, FILE_KEYS, FORBIDDEN, NAMED_KEYS, RULE_KEYS, TEST_KEYS,
};
use crate::rule::{OperatorName, Severity, Verdict, WhenAbsent};
use crate::schema::InputKind;

/// A file of rules.
pub(super) fn file() -> Json {
    let mut file = table(&FILE_KEYS, &[], |key| {
        Some(match key {
            "rule" => array(reference("rule"), 1),
            "predicate" => map(reference("named"), 1),
            "test" => array(reference("apart"), 1),
            _ => return None,
        })
    });
    define(&mut file, definitions());
    file
}

/// A file with tests alone.
pub(super) fn tests_file() -> Json {
    let mut file = table(&["test"], &["test"], |_| Some(array(reference("apart"), 1)));
    define(&mut file, [("apart", apart()), ("pool", pool::document())]);
    file
}

fn define<const N: usize>(file: &mut Json, definitions: [(&str, Json); N]) {
    let definitions: Map<String, Json> =
        definitions.map(|(name, shape)| (name.to_owned(), shape)).into_iter().collect();
    if let Json::Object(members) = file {
        members.insert("definitions".to_owned(), definitions.into());
    }
}

fn definitions() -> [(&'static str, Json); 7] {
    [
        ("rule", rule()),
        ("named", named()),
        ("apart", apart()),
        ("predicate", predicate()),
        // Editors complete the names that they know; a path may be any other.
        ("path", json!({ "anyOf": [{ "enum": pool::paths() }, { "type": "string", "minLength": 1 }] })),
        ("equivalent", equivalent()),
        ("pool", pool::document()),
    ]
}

fn rule() -> Json {
    let mut rule = table(&RULE_KEYS, &["id"], rule_key);
    // A rule that is `unchecked` may name members that the schema does not know.
    let strict =
        json!({ "properties": { "test": { "items": { "properties": { "pool": reference("pool") } } } } });
    if let Json::Object(members) = &mut rule {
        let unchecked =
            json!({ "properties": { "unchecked": { "const": true } }, "required": ["unchecked"] });
        members.insert("if".to_owned(), unchecked);
        members.insert("else".to_owned(), strict);
        let one_of = json!([{ "required": ["expect"] }, { "required": ["forbid"] }]);
        members.insert("oneOf".to_owned(), one_of);
    }
    rule
}

fn rule_key(key: &str) -> Option<Json> {
    let shape = match key {
        "id" => {
            let id = json!({ "type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$" });
            about(id, "The name of the rule, which describes the bad state: `mfa-off`, not `require-mfa`.")
        }
        "title" => about(
            text(),
            "One line without a period that describes the bad state. `{name}` is replaced by a parameter.",
        ),
        "severity" => about(
            word(Severity::ALL.map(Severity::word)),
            "How bad a finding is; `medium` if it is left out.",
        ),
        "message" => {
            about(text(), "The text of a finding, which may have `{actual}`, `{expected}` and `{subject}`.")
        }
        "why" => about(text(), "The risk."),
        "fix" => about(text(), "The change that fixes it, in words that fit every input."),
        "console" => {
            about(text(), "How to find the setting in the console, shown for live pools and API answers.")
        }
        "api" => about(
            text(),
            "The effect of the API call on other settings, shown for live pools and API answers.",
        ),
        "links" => about(
            set(json!({ "type": "string", "pattern": "^https://" }), 0),
            "Addresses of pages with more information.",
        ),
        "tags" => about(set(text(), 0), "Words to group rules by."),
        "controls" => about(map(set(text(), 0), 0), "A table from a standard to a list of its control ids."),
        "params" => {
            let value = json!({ "anyOf": [scalar(), array(scalar(), 0)] });
            about(map(value, 0), "Values that a configuration may set.")
        }
        "each" => about(reference("path"), "The list whose elements are judged one by one."),
        "when" => about(reference("predicate"), "If it does not hold, the rule is skipped."),
        "expect" => about(reference("predicate"), "The predicate that must hold."),
        "forbid" | "allow-conditional" => forbid_key(key),
        "when-absent" => {
            let words = word(WhenAbsent::WORDS.map(|(word, _)| word));
            about(
                words,
                "The verdict where it depends on a comparison with an absent value; `fail` if it is left out.",
            )
        }
        "unchecked" => about(boolean(), "`true` allows paths that the schema does not know."),
        "waivable" => about(boolean(), "`false` means that waivers and baselines cannot cover its findings."),
        "test" => {
            about(array(table(&TEST_KEYS, &["verdict", "pool"], test_key), 0), "The tests of the rule.")
        }
        "equivalent" => about(array(reference("equivalent"), 0), "Mutants that no test can notice."),
        _ => return None,
    };
    Some(shape)
}

fn forbid_key(key: &str) -> Json {
    match key {
        "forbid" => {
            let words = word(FORBIDDEN.map(|(word, ..)| word));
            about(words, "The journey that nobody may take; it replaces `each`, `when` and `expect`.")
        }
        _ => about(boolean(), "`true` allows a journey that a function, a web ACL or a person may stop."),
    }
}

fn test_key(key: &str) -> Option<Json> {
    let shape = match key {
        "name" => about(text(), "The point of the test."),
        "verdict" => about(word(Verdict::ALL.map(Verdict::word)), "The verdict that the rule must give."),
        "source" => about(
            word(InputKind::ALL.map(InputKind::word)),
            "The kind of input, which decides the defaults; `answer` if it is left out.",
        ),
        "pool" => about(json!({ "type": "object" }), "The pool, or the parts of it that matter."),
        "rule" => about(text(), "The id of the rule."),
        "fails" => about(
            array(text(), 0),
            "The ids of the rules of the configuration that must fail; no other rule may fail.",
        ),
        "params" => {
            about(map(json!({ "anyOf": [scalar(), array(scalar(), 0)] }), 1), "Other values of parameters.")
        }
        _ => return None,
    };
    Some(shape)
}

/// A test apart from its rule, or of a whole configuration.
fn apart() -> Json {
    let mut shape = table(&APART_KEYS, &["pool"], |key| match key {
        "pool" => Some(reference("pool")),
        _ => test_key(key),
    });
    let of_rule = json!({ "required": ["rule", "verdict"], "not": { "required": ["fails"] } });
    let of_policy = json!({ "required": ["fails"], "not": { "anyOf": [
        { "required": ["rule"] }, { "required": ["verdict"] }, { "required": ["params"] }
    ] } });
    shape["anyOf"] = json!([of_rule, of_policy]);
    shape
}

fn named() -> Json {
    table(&NAMED_KEYS, &["title", "expect"], |key| {
        Some(match key {
            "title" => about(text(), "A clause that says when it holds: `people sign in`."),
            "when-unknown" => about(boolean(), "The result if it cannot be known."),
            "each" => about(reference("path"), "The list whose elements it judges."),
            "expect" | "equivalent" => return rule_key(key),
            _ => return None,
        })
    })
}

fn equivalent() -> Json {
    table(&EQUIVALENT_KEYS, &EQUIVALENT_KEYS, |key| {
        Some(match key {
            "mutant" => about(text(), "Its name, as `rules test` prints it."),
            "reason" => about(text(), "Why no test can notice it."),
            _ => return None,
        })
    })
}

fn predicate() -> Json {
    let operators = || OperatorName::ALL.map(|name| (name.word(), operand(name)));
    let list = |key: &'static str| [(key, array(reference("predicate"), 1))];
    let (filter, expect) = (("where", reference("predicate")), ("expect", reference("predicate")));
    let path = || reference("path");
    let bounds = [OperatorName::AtLeast, OperatorName::AtMost, OperatorName::Equals, OperatorName::NotEquals];
    let number = |name: OperatorName| (name.word(), json!({ "anyOf": [integer(), operand_table("param")] }));
    let one_of = json!([{ "required": ["where"] }, { "required": ["expect"] }]);
    let some = form([("some", path()), filter.clone(), expect.clone()], &["some"]);
    json!({ "anyOf": [
        { "type": "string", "minLength": 1 },
        form(operators().into_iter().chain([("path", path())]), &["path"]),
        form(operators(), &[]),
        form(list("all"), &["all"]),
        form(list("any"), &["any"]),
        form(list("none"), &["none"]),
        { "allOf": [some, { "anyOf": one_of }] },
        form([("every", path()), filter.clone(), expect], &["every", "expect"]),
        form(bounds.map(number).into_iter().chain([("count", path()), filter.clone()]), &["count"]),
        form([("unique", path()), ("of", path()), filter], &["unique"]),
    ] })
}

/// One form of a predicate.
fn form(keys: impl IntoIterator<Item = (&'static str, Json)>, required: &[&str]) -> Json {
    let properties: Map<String, Json> =
        keys.into_iter().map(|(key, shape)| (key.to_owned(), shape)).collect();
    let asks = required == ["path"] || required == ["count"];
    json!({
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
        "minProperties": if asks { 2 } else { 1 },
    })
}

/// The operand of an operator.
fn operand(name: OperatorName) -> Json {
    let param = || operand_table("param");
    let values = |least: usize| json!({ "anyOf": [set(scalar(), least), param(), operand_table("path")] });
    match name {
        OperatorName::Equals
        | OperatorName::NotEquals
        | OperatorName::Contains
        | OperatorName::NotContains => {
            json!({ "anyOf": [scalar(), param(), operand_table("path")] })
        }
        OperatorName::OneOf | OperatorName::NoneOf | OperatorName::ContainsAll => values(1),
        OperatorName::ContainsOnly => values(0),
        OperatorName::AtLeast
        | OperatorName::AtMost
        | OperatorName::LengthAtLeast
        | OperatorName::LengthAtMost => {
            json!({ "anyOf": [integer(), param(), operand_table("path")] })
        }
        OperatorName::Matches | OperatorName::NotMatches => json!({ "anyOf": [text(), param()] }),
        OperatorName::Present => json!({ "anyOf": [boolean(), param()] }),
        OperatorName::OlderThan | OperatorName::NewerThan => {
            json!({ "anyOf": [{ "type": "string", "pattern": "^[0-9]+[mhdwy]$" }, param()] })
        }
        OperatorName::PrefixAtLeast => {
            json!({ "anyOf": [{ "type": "integer", "minimum": 1, "maximum": 128 }, param()] })
        }
    }
}

/// An operand that is written `{ param = "name" }` or `{ path = "NAME" }`.
fn operand_table(key: &'static str) -> Json {
    table(&[key], &[key], |_| Some(text()))
}
