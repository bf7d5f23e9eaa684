//! A template of the same directory or command line, which may be deployed with the one that is read.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use memchr::memmem::find;

use super::node::Node;
use super::recognize::{Text, recognize};
use super::template::{APPLICATION, STACK};

/// A template that is beside others, read once at most, however many of them ask for it.
#[derive(Clone, Debug)]
pub struct Neighbor {
    pub name: Arc<str>,
    pub text: Arc<str>,
    /// Whether it has nested stacks.
    runs: bool,
    root: OnceLock<Option<Node>>,
}

impl Neighbor {
    pub fn new(name: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> Neighbor {
        let text = text.into();
        let runs = has_stacks(text.as_bytes());
        Neighbor { name: name.into(), text, runs, root: OnceLock::new() }
    }

    /// Its values; `None` if it is not a template.
    pub(super) fn root(&self) -> Option<Node> {
        let read = || match recognize(&self.name, &self.text) {
            Text::Template(root, ..) => Some(root),
            Text::Foreign | Text::Refused(_) => None,
        };
        self.root.get_or_init(read).clone()
    }

    /// Whether a text is in it.
    pub(super) fn contains(&self, text: &str) -> bool {
        find(self.text.as_bytes(), text.as_bytes()).is_some()
    }

    /// Whether it may have a stack that runs the template of a file.
    pub(super) fn may_run(&self, file: &Path) -> bool {
        self.runs && file.file_name().is_some_and(|name| self.contains(&name.to_string_lossy()))
    }
}

/// Whether a template may be deployed together with others: it has nested stacks, or a part of a pool, and may be of
/// one.
pub fn may_share(text: &[u8]) -> bool {
    has_stacks(text) || find(text, b"AWS::Cognito::UserPool").is_some()
}

/// Whether a text in JSON is a template with nested stacks.
pub(in crate::source) fn runs_others(text: &str) -> bool {
    has_stacks(text.as_bytes()) && matches!(recognize(".json", text), Text::Template(..) | Text::Refused(_))
}

fn has_stacks(text: &[u8]) -> bool {
    [STACK, APPLICATION].iter().any(|kind| find(text, kind.as_bytes()).is_some())
}
