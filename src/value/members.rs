//! The members of an object, which several objects can share.

use std::borrow::Cow;
use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, OnceLock};

use super::{Text, Value};

/// Names and values in their original order.
///
/// Most pools have the same attributes. Copies of them share their members, until one of them is changed: to copy each
/// was a fifth of a check by all built-in rules.
#[derive(Clone)]
pub enum Members {
    Own(Vec<(Text, Value)>),
    Shared(Arc<Shared>),
}

/// Members that several objects have.
#[derive(Debug)]
pub struct Shared {
    members: Vec<(Text, Value)>,
    /// Their text, and the place that it is for.
    written: OnceLock<(usize, Box<str>)>,
}

impl Members {
    /// Makes copies of them share them.
    pub fn share(&mut self) {
        if let Members::Own(own) = self {
            *self = Members::Shared(Arc::new(Shared::from(std::mem::take(own))));
        }
    }

    /// The text of members in a place. That of shared ones is made once, for the first place that it is asked for. `None`
    /// for members that are not shared.
    pub fn written(&self, place: usize, write: impl Fn() -> String) -> Option<Cow<'_, str>> {
        let Members::Shared(shared) = self else { return None };
        let (known, text) = shared.written.get_or_init(|| (place, write().into()));
        Some(if *known == place { Cow::Borrowed(text) } else { Cow::Owned(write()) })
    }
}

impl From<Vec<(Text, Value)>> for Shared {
    fn from(members: Vec<(Text, Value)>) -> Shared {
        Shared { members, written: OnceLock::new() }
    }
}

/// A copy is made for a change.
impl Clone for Shared {
    fn clone(&self) -> Shared {
        Shared::from(self.members.clone())
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
            Members::Shared(shared) => &shared.members,
        }
    }
}

impl DerefMut for Members {
    #[inline]
    fn deref_mut(&mut self) -> &mut Vec<(Text, Value)> {
        match self {
            Members::Own(own) => own,
            Members::Shared(shared) => changed(shared),
        }
    }
}

/// The members of this object alone. To change shared ones is rare, and to build an object is not.
#[cold]
fn changed(shared: &mut Arc<Shared>) -> &mut Vec<(Text, Value)> {
    let changed = Arc::make_mut(shared);
    changed.written.take();
    &mut changed.members
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
            Members::Shared(shared) => Arc::unwrap_or_clone(shared).members.into_iter(),
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

    #[test]
    fn a_text_is_that_of_the_place_and_of_the_members() {
        let write = |members: &Members, place| {
            members.written(place, || format!("{place}: {members:?}")).map(Cow::into_owned)
        };
        let mut members = Members::from(vec![("Name".into(), Value::Int(1))]);
        assert_eq!(write(&members, 1), None);
        members.share();
        let copy = members.clone();
        for place in [1, 2, 1] {
            assert_eq!(write(&copy, place).unwrap(), format!("{place}: {members:?}"));
        }
        assert_eq!(copy.written(1, || panic!("it is written already")).unwrap(), format!("1: {members:?}"));
        for one in [&mut members, &mut copy.clone()] {
            one.push(("Id".into(), Value::Int(2)));
            assert_eq!(write(one, 1).unwrap(), format!("1: {one:?}"));
        }
        drop(copy);
        members.clear();
        assert_eq!(write(&members, 1).unwrap(), "1: []", "they were changed in their own place");
    }
}
