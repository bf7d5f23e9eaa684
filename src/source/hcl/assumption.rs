//! Assumptions about variables of the root module that have no value, and values with the questions about those.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::operate;
use super::unknown::{Question, Stop};
use super::value::{Value, What};

/// Assumptions by the names of the variables.
pub(super) type Assumptions = BTreeMap<Rc<str>, Assumption>;

/// The assumption about one variable.
#[derive(Clone, Debug)]
pub(super) enum Assumption {
    Is(Value),
    /// It is another text than these, and not null.
    OtherThan(BTreeSet<Rc<str>>),
}

/// A result that was evaluated, and the questions whose answers would decide its conditions.
pub(super) struct Kept {
    pub value: Result<Value, Stop>,
    pub questions: BTreeSet<Question>,
}

impl Assumption {
    /// `var.stage is "prod"`
    pub(super) fn in_words(&self, name: &str) -> String {
        let quoted = |text: &Rc<str>| format!("{text:?}");
        match self {
            Assumption::Is(value) => match operate::text(value) {
                Ok(text) if matches!(value.what, What::Text(_)) => format!("var.{name} is {}", quoted(&text)),
                Ok(text) => format!("var.{name} is {text}"),
                Err(_) => format!("var.{name} is null"),
            },
            Assumption::OtherThan(texts) if texts.is_empty() => format!("var.{name} is not null"),
            Assumption::OtherThan(texts) => {
                let others: Vec<String> = texts.iter().map(quoted).collect();
                format!("var.{name} is not {}", others.join(" or "))
            }
        }
    }
}
