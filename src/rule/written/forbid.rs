//! `forbid = "stranger-to-token"`: a rule on an answer of journeys, in one word.

use std::ops::Range;

use super::form::{Form, WrittenOperator, WrittenPredicate};
use super::{SpannedText, meant};
use crate::diagnostic::suggest;
use crate::rule::OperatorName;
use crate::spanned::{Item, Reader, Table, Toml};

/// The journeys that can be forbidden, each with the answer that it is about, and a statement of it.
pub const FORBIDDEN: [(&str, &str, &str); 6] = [
    ("stranger-to-user", "stranger-user", "a stranger can become a user"),
    ("stranger-to-token", "stranger-token", "a stranger can get a token"),
    ("stranger-to-machine-token", "stranger-machine-token", "a stranger can get a token of a machine"),
    ("mail-to-token", "mail-reader", "whoever reads a user's mail can sign in as the user"),
    ("phone-to-token", "phone-owner", "the next owner of a user's phone number can sign in as the user"),
    ("leaked-token-to-account", "leaked-access-token", "whoever has an access token can keep the account"),
];

/// The parts of a rule that a word stands for.
pub(super) struct Forbidden {
    pub title: SpannedText,
    pub message: SpannedText,
    pub each: SpannedText,
    pub when: WrittenPredicate,
    pub expect: WrittenPredicate,
}

/// Reads `forbid` and `allow-conditional`.
pub(super) fn forbidden(reader: &mut Reader<'_>, table: &Table) -> Option<Forbidden> {
    let conditional = reader.bool(table, "allow-conditional");
    let Some(entry) = meant(table, "forbid") else {
        if let Some(at) = conditional.and_then(|_| meant(table, "allow-conditional")) {
            let (message, help) =
                ("`allow-conditional` needs `forbid`", "take it out, or write `forbid = ...`");
            reader.mistake(at.key_at.clone(), message, "there is nothing that it allows", help);
        }
        return None;
    };
    for key in ["each", "when", "expect"] {
        if let Some(other) = meant(table, key) {
            let message = format!("`forbid` and `{key}` cannot be in one rule");
            reader.mistake(
                other.key_at.clone(),
                message,
                "and this",
                "a rule with `forbid` needs nothing else",
            );
        }
    }
    let at = entry.item.at.clone();
    let word = reader.string(table, "forbid")?.0;
    let Some((_, id, statement)) = FORBIDDEN.iter().find(|(own, ..)| *own == word) else {
        let help = suggest(&word, FORBIDDEN.map(|(own, ..)| own));
        reader.mistake(at, format!("there is no journey `{word}` to forbid"), "unknown journey", help);
        return None;
    };
    let answers: &[&str] = if conditional == Some(true) { &["no", "conditional"] } else { &["no"] };
    let when = leaf("Id", OperatorName::Equals, Toml::String((*id).to_owned()), &at);
    let list = || {
        let items = answers.iter().map(|answer| item(Toml::String((*answer).to_owned()), &at));
        Toml::List(items.collect())
    };
    let is_allowed = |path| leaf(path, OperatorName::OneOf, list(), &at);
    // An answer that is open passes where no more is possible than is allowed.
    let answer = match conditional {
        Some(true) => {
            let form = Form::Any(vec![is_allowed("Possible"), is_allowed("Answer")]);
            WrittenPredicate { at: at.clone(), form }
        }
        Some(false) | None => is_allowed("Answer"),
    };
    let expect = WrittenPredicate { at: at.clone(), form: Form::All(vec![is_allowed("Proven"), answer]) };
    let text = |text: &str| (text.to_owned(), at.clone());
    // The ways and their settings are more than fits a message.
    let message =
        format!("{statement}: the answer `{id}` is {{actual}}, and `cognito-lint journeys` shows how");
    let title = statement[..1].to_uppercase() + &statement[1..];
    Some(Forbidden { title: text(&title), message: text(&message), each: text("Journeys"), when, expect })
}

fn item(toml: Toml, at: &Range<usize>) -> Item {
    Item { toml, at: at.clone() }
}

fn leaf(path: &str, name: OperatorName, operand: Toml, at: &Range<usize>) -> WrittenPredicate {
    let operators = vec![WrittenOperator { name, at: at.clone(), operand: item(operand, at) }];
    let form = Form::Leaf { path: (path.to_owned(), at.clone()), operators };
    WrittenPredicate { at: at.clone(), form }
}
