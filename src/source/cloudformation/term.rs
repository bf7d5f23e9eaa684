//! What an expression of a template comes to.

use std::ops::Range;
use std::sync::Arc;

use super::node::Scalar;

/// A value with the place that it is told with.
#[derive(Clone, Debug)]
pub(super) struct Term {
    pub at: Range<usize>,
    pub what: Meaning,
}

#[derive(Clone, Debug)]
pub(super) enum Meaning {
    Scalar(Scalar),
    List(Vec<Term>),
    Map(Vec<Member>, Open),
    /// There is a value, and it is known when the template is deployed; `of` are the resources that it is made of.
    Later {
        why: Arc<str>,
        of: Vec<Arc<str>>,
    },
    /// Not even whether there is a value is known.
    Unknown(Arc<str>),
    /// `AWS::NoValue`: as if it were not written.
    Absent,
}

/// Why a map may have more members than can be seen.
pub(super) type Open = Option<Arc<str>>;

/// A member of a map.
#[derive(Clone, Debug)]
pub(super) struct Member {
    pub key: Arc<str>,
    pub key_at: Range<usize>,
    pub value: Term,
}

impl Meaning {
    pub(super) fn later(why: impl Into<Arc<str>>) -> Meaning {
        Meaning::Later { why: why.into(), of: Vec::new() }
    }

    pub(super) fn unknown(why: impl Into<Arc<str>>) -> Meaning {
        Meaning::Unknown(why.into())
    }

    pub(super) fn text(text: impl Into<Arc<str>>) -> Meaning {
        Meaning::Scalar(Scalar { text: text.into(), plain: false })
    }

    /// The text of a scalar, as CloudFormation has it.
    pub(super) fn as_text(&self) -> Option<Arc<str>> {
        match self {
            Meaning::Scalar(scalar) => Some(scalar.canonical()),
            _ => None,
        }
    }
}

impl Term {
    /// Takes a member out of a map.
    pub(super) fn take(&mut self, name: &str) -> Option<Term> {
        match &mut self.what {
            Meaning::Map(members, _) => {
                let at = members.iter().position(|member| &*member.key == name)?;
                Some(members.remove(at).value)
            }
            _ => None,
        }
    }

    /// The resources that a value, or something in it, is made of.
    pub(super) fn resources(&self) -> Vec<Arc<str>> {
        match &self.what {
            Meaning::Later { of, .. } => of.clone(),
            Meaning::List(items) => items.iter().flat_map(Term::resources).collect(),
            Meaning::Map(members, _) => members.iter().flat_map(|member| member.value.resources()).collect(),
            Meaning::Scalar(_) | Meaning::Unknown(_) | Meaning::Absent => Vec::new(),
        }
    }
}
