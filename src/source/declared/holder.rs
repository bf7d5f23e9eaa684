//! A resource of a file, as findings name and show it.

use std::ops::Range;
use std::sync::Arc;

use super::Mapping;
use crate::source::text::{LineIndex, Lines};

/// The text of a file beside that of the pool.
#[derive(Debug)]
pub struct TextOf {
    pub name: Arc<str>,
    pub text: Arc<str>,
    pub secrets: Vec<Range<usize>>,
    pub(in crate::source) index: Arc<LineIndex>,
}

impl TextOf {
    pub(in crate::source) fn lines(&self) -> Lines<'_> {
        Lines::of(&self.text, &self.index)
    }
}

/// A place in a text beside that of the pool.
#[derive(Clone, Debug)]
pub struct Span {
    pub text: Arc<TextOf>,
    pub at: Range<usize>,
}

/// A resource of a file, as what holds values.
#[derive(Clone, Debug)]
pub struct Holder {
    /// `module.auth.aws_cognito_user_pool.main`, or the logical id in a template.
    pub address: String,
    /// The construct's path, where the CDK made the template.
    pub construct: Option<String>,
    /// The place to show for an absent value: the name or type of the resource.
    pub at: Range<usize>,
    /// The whole of it.
    pub whole: Range<usize>,
    /// The text that it is in, where that is not the text of the pool.
    pub text: Option<Arc<TextOf>>,
    /// The calls of the modules that it is in.
    pub calls: Vec<Span>,
    /// The places of its arguments whose values are written elsewhere, and where.
    pub origins: Vec<(Range<usize>, Span)>,
    /// The names of its members in the file's language.
    pub(in crate::source) mapping: Option<&'static Mapping>,
}
