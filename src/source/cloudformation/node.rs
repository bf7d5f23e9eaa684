//! A template as a tree with the place of everything in it, whether it was written in YAML or in JSON.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

pub(super) use crate::source::declared::Scalar;

/// Values that are nested deeper than this are refused.
pub(super) const DEEPEST: usize = 100;
/// The function that gives a part of a template to a macro.
pub(super) const MACRO: &str = "Fn::Transform";

/// A template that has more values than this, once its aliases are followed, is refused.
pub(super) const MOST: usize = 500_000;

/// A value and its span in bytes.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub at: Range<usize>,
    pub what: What,
}

/// The content of a value. Lists and maps are shared, so an alias costs nothing.
#[derive(Clone, Debug)]
pub(super) enum What {
    Scalar(Scalar),
    List(Arc<[Node]>),
    Map(Arc<[Entry]>),
}

/// A member of a map.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub key: Arc<str>,
    pub key_at: Range<usize>,
    pub value: Node,
}

/// The reason that a text is not a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Problem {
    /// In bytes.
    pub at: usize,
    pub message: String,
    pub help: Option<String>,
}

impl Problem {
    pub(super) fn new(at: usize, message: impl Into<String>) -> Problem {
        Problem { at, message: message.into(), help: None }
    }
}

impl Node {
    /// Members of a map, in their order. Empty for anything else.
    pub(super) fn entries(&self) -> &[Entry] {
        match &self.what {
            What::Map(entries) => entries,
            _ => &[],
        }
    }

    /// Elements of a list; none of anything else.
    pub(super) fn items(&self) -> &[Node] {
        match &self.what {
            What::List(items) => items,
            _ => &[],
        }
    }

    pub(super) fn get(&self, name: &str) -> Option<&Node> {
        self.entries().iter().find(|entry| &*entry.key == name).map(|entry| &entry.value)
    }

    pub(super) fn is_map(&self) -> bool {
        matches!(self.what, What::Map(_))
    }

    /// The text of a scalar, however it was written.
    pub(super) fn text(&self) -> Option<&str> {
        match &self.what {
            What::Scalar(scalar) => Some(&scalar.text),
            _ => None,
        }
    }

    pub(super) fn is_null(&self) -> bool {
        matches!(&self.what, What::Scalar(scalar) if scalar.is_null())
    }

    /// Why nothing of a map is as it is written: a macro is given all of it, and what it returns takes its place.
    pub(super) fn made_anew(&self) -> Option<Arc<str>> {
        let entry = self.entries().iter().find(|entry| entry.is_macro())?;
        let name = entry.value.get("Name").and_then(Node::text).unwrap_or("a macro");
        Some(
            format!("what `Fn::Transform` with `{name}` makes of this is not known before the deployment")
                .into(),
        )
    }

    /// The function that this value is a call of, and its argument: `Ref`, `Condition` or `Fn::` something.
    pub(super) fn call(&self) -> Option<(&str, &Node)> {
        match self.entries() {
            [only] if &*only.key == "Ref" || only.key.starts_with("Fn::") => Some((&only.key, &only.value)),
            _ => None,
        }
    }

    /// Looks at this value and at everything in it.
    pub(super) fn walk<'n>(&'n self, look: &mut impl FnMut(&'n Node)) {
        look(self);
        for entry in self.entries() {
            entry.value.walk(look);
        }
        for item in self.items() {
            item.walk(look);
        }
    }

    /// How a value would be written as JSON, so that equal expressions are equal texts.
    pub(super) fn canonical(&self) -> String {
        match &self.what {
            What::Scalar(scalar) => format!("{:?}", scalar.canonical()),
            What::List(items) => {
                format!("[{}]", items.iter().map(Node::canonical).collect::<Vec<_>>().join(","))
            }
            What::Map(entries) => {
                let members: BTreeMap<&str, String> =
                    entries.iter().map(|entry| (&*entry.key, entry.value.canonical())).collect();
                let members: Vec<String> =
                    members.into_iter().map(|(key, value)| format!("{key:?}:{value}")).collect();
                format!("{{{}}}", members.join(","))
            }
        }
    }
}

impl Entry {
    /// Whether it is a macro over everything beside it. JSON has a short form, which at the top of a template is the
    /// list of its macros.
    fn is_macro(&self) -> bool {
        let short = || {
            let members = self.value.entries();
            self.value.get("Name").is_some_and(|name| name.text().is_some())
                && members.iter().all(|member| ["Name", "Parameters"].contains(&&*member.key))
        };
        &*self.key == MACRO || (&*self.key == "Transform" && short())
    }

    /// Whether what it makes is not known, among things that have names.
    pub(super) fn is_function(&self) -> bool {
        self.key.starts_with("Fn::") || self.is_macro()
    }
}

/// Refuses a map in which a name is there twice.
pub(super) fn refuse_twice(entries: &[Entry]) -> Result<(), Problem> {
    let mut seen = BTreeSet::new();
    for entry in entries {
        if !seen.insert(&entry.key) {
            let message = format!(
                "`{}` appears twice in the same map, and it is not clear which one counts",
                entry.key
            );
            return Err(Problem::new(entry.key_at.start, message));
        }
    }
    Ok(())
}
