//! Stacks that something outside of templates deploys, such as a resource of Terraform, and what they give for the
//! parameters of their templates.

use std::path::Path;
use std::sync::Arc;

use super::neighbor::Neighbor;
use super::nested::{Parameters, Run};

/// A stack, and the template that it deploys.
#[derive(Clone, Debug)]
pub struct Deployment {
    /// `stack aws_cloudformation_stack.auth of infra`
    pub stack: String,
    /// The template, where it is known.
    pub template: Option<Arc<str>>,
    /// The text that declares the stack: it names the file of a template that is not known.
    pub written: Arc<str>,
    /// The values of parameters, or why they are not known.
    pub given: Parameters,
    /// Why there may be others.
    pub open: Option<Arc<str>>,
    /// A plan has it, which has the values of its variables.
    pub planned: bool,
}

impl Deployment {
    /// Whether the template is a text as a whole.
    fn is_of(&self, text: &str) -> bool {
        self.template.as_deref().is_some_and(|template| bare(template) == bare(text))
    }

    /// The file beside others that holds the template.
    pub fn file<'n>(&self, beside: &'n [Neighbor]) -> Option<&'n str> {
        beside.iter().find(|one| self.is_of(&one.text)).map(|one| &*one.name)
    }

    /// How it runs the template of a file, if it does. Of several files with the same text, each may be another's.
    pub(super) fn run(&self, (file, text): (&Path, &str), beside: &[Neighbor]) -> Option<Run> {
        let is_of = self.is_of(text);
        let named = || file.file_name().is_some_and(|name| self.written.contains(&*name.to_string_lossy()));
        (is_of || named()).then(|| Run {
            id: self.stack.as_str().into(),
            stack: self.stack.clone(),
            certain: is_of && beside.iter().filter(|one| self.is_of(&one.text)).count() <= 1,
            prevented: None,
            given: self.given.clone(),
            open: self.open.clone(),
        })
    }
}

/// A text without the mark of UTF-8 at its start.
fn bare(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}
