//! Assumptions about variables of the root module that have no value.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::operate;
use super::value::{Value, What};

/// Assumptions by the names of the variables.
pub(super) type Assumptions = BTreeMap<Rc<str>, Assumption>;

/// The assumption about one variable.
#[derive(Clone, Debug)]
pub(super) enum Assumption {
    Is(Value),
    /// It is another text than these, or null if that is not ruled out.
    OtherThan {
        texts: BTreeSet<Rc<str>>,
        is_null_possible: bool,
    },
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
            Assumption::OtherThan { texts, is_null_possible } => {
                let null = (!is_null_possible).then(|| "null".to_owned());
                let others: Vec<String> = texts.iter().map(quoted).chain(null).collect();
                format!("var.{name} is not {}", others.join(" or "))
            }
        }
    }
}
