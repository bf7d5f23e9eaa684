//! The way from a value to one inside it.

use std::borrow::Cow;

/// A step from a value to one inside it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ValueStep<'a> {
    Member(Cow<'a, str>),
    Index(usize),
}
