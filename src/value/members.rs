//! The members of an object, which several objects can share.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use super::{Text, Value};

/// Names and values in their original order.
///
/// Most pools have the same attributes. Copies of them share their members, until one of them is changed: to copy each
/// was a fifth of a check by all built-in rules.
#[derive(Clone)]
pub enum Members {
    Own(Vec<(Text, Value)>),
    Shared(Arc<Vec<(Text, Value)>>),
}

impl Members {
    /// Makes copies of them share them.
    pub fn share(&mut self) {
        if let Members::Own(own) = self {
            *self = Members::Shared(Arc::new(std::mem::take(own)));
        }
    }
}

/// Whether they are shared makes no difference.
impl fmt::Debug for Members {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl Default for Members {
    fn default() -> Members {
        Members::Own(Vec::new())
    }
}

impl Deref for Members {
    type Target = Vec<(Text, Value)>;

    fn deref(&self) -> &Vec<(Text, Value)> {
        match self {
            Members::Own(own) => own,
            Members::Shared(shared) => shared,
        }
    }
}

impl DerefMut for Members {
    fn deref_mut(&mut self) -> &mut Vec<(Text, Value)> {
        match self {
            Members::Own(own) => own,
            Members::Shared(shared) => Arc::make_mut(shared),
        }
    }
}

impl PartialEq for Members {
    fn eq(&self, other: &Members) -> bool {
        match (self, other) {
            (Members::Shared(one), Members::Shared(other)) if Arc::ptr_eq(one, other) => true,
            _ => **self == **other,
        }
    }
}

impl From<Vec<(Text, Value)>> for Members {
    fn from(own: Vec<(Text, Value)>) -> Members {
        Members::Own(own)
    }
}

impl FromIterator<(Text, Value)> for Members {
    fn from_iter<I: IntoIterator<Item = (Text, Value)>>(members: I) -> Members {
        Members::Own(members.into_iter().collect())
    }
}

impl IntoIterator for Members {
    type Item = (Text, Value);
    type IntoIter = std::vec::IntoIter<(Text, Value)>;

    fn into_iter(self) -> Self::IntoIter {
        match self {
            Members::Own(own) => own.into_iter(),
            Members::Shared(shared) => Arc::unwrap_or_clone(shared).into_iter(),
        }
    }
}

impl<'a> IntoIterator for &'a Members {
    type Item = &'a (Text, Value);
    type IntoIter = std::slice::Iter<'a, (Text, Value)>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<'a> IntoIterator for &'a mut Members {
    type Item = &'a mut (Text, Value);
    type IntoIter = std::slice::IterMut<'a, (Text, Value)>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter_mut()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Map;

    #[test]
    fn a_change_of_a_copy_leaves_the_others_as_they_are() {
        let mut first = Map(vec![("Name".into(), Value::Int(1))].into());
        let alone = first.clone();
        first.0.share();
        let mut second = first.clone();
        assert!(first == second && first == alone);
        second.set("Name".into(), Value::Int(2));
        assert_eq!((first.get("Name"), second.get("Name")), (Some(&Value::Int(1)), Some(&Value::Int(2))));
        assert!(first != second && first == alone);
        assert_eq!(first.0.into_iter().collect::<Vec<_>>(), alone.0.into_iter().collect::<Vec<_>>());
    }
}
