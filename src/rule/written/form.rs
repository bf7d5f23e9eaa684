//! Predicates as they were written.

use std::ops::Range;

use super::SpannedText;
use crate::rule::OperatorName;
use crate::spanned::Item;

/// A predicate.
#[derive(Clone, Debug)]
pub struct WrittenPredicate {
    pub at: Range<usize>,
    pub form: Form,
}

/// The forms that a predicate can have.
#[derive(Clone, Debug)]
pub enum Form {
    Leaf {
        path: SpannedText,
        operators: Vec<WrittenOperator>,
    },
    /// Operators without a path, which are about the element of a list; `key` is what the predicate is the value of.
    Element {
        key: String,
        operators: Vec<WrittenOperator>,
    },
    /// Operators whose path is a mistake.
    Lost(Vec<WrittenOperator>),
    All(Vec<WrittenPredicate>),
    Any(Vec<WrittenPredicate>),
    None(Vec<WrittenPredicate>),
    Some(WrittenQuantified),
    Every(WrittenQuantified),
    Count(WrittenCount),
    Unique(WrittenUnique),
    /// A predicate by its name.
    Named(SpannedText),
    /// The rest of a predicate of which a part is a mistake. It is checked, so that one mistake hides no other.
    Broken(Box<WrittenPredicate>),
}

/// A predicate on the number of elements.
#[derive(Clone, Debug)]
pub struct WrittenCount {
    pub list: SpannedText,
    pub filter: Option<Box<WrittenPredicate>>,
    pub bounds: Vec<WrittenOperator>,
}

/// A predicate on the values of all elements together.
#[derive(Clone, Debug)]
pub struct WrittenUnique {
    pub list: SpannedText,
    pub filter: Option<Box<WrittenPredicate>>,
    /// The member that must be unique.
    pub of: Option<SpannedText>,
}

/// A predicate over the elements of a list.
#[derive(Clone, Debug)]
pub struct WrittenQuantified {
    pub list: SpannedText,
    pub filter: Option<Box<WrittenPredicate>>,
    pub expect: Option<Box<WrittenPredicate>>,
}

/// An operator and its operand.
#[derive(Clone, Debug)]
pub struct WrittenOperator {
    pub name: OperatorName,
    /// Place of the name.
    pub at: Range<usize>,
    pub operand: Item,
}

impl WrittenPredicate {
    /// Calls `visit` with every name of a predicate in it.
    pub(super) fn names<'a>(&'a self, visit: &mut impl FnMut(&'a str)) {
        match &self.form {
            Form::Leaf { .. } | Form::Element { .. } | Form::Lost(_) => {}
            Form::All(inner) | Form::Any(inner) | Form::None(inner) => {
                for predicate in inner {
                    predicate.names(visit);
                }
            }
            Form::Some(WrittenQuantified { filter, expect, .. })
            | Form::Every(WrittenQuantified { filter, expect, .. }) => {
                for inner in [filter, expect].into_iter().flatten() {
                    inner.names(visit);
                }
            }
            Form::Count(WrittenCount { filter, .. }) | Form::Unique(WrittenUnique { filter, .. }) => {
                if let Some(inner) = filter {
                    inner.names(visit);
                }
            }
            Form::Named(name) => visit(&name.0),
            Form::Broken(rest) => rest.names(visit),
        }
    }
}
