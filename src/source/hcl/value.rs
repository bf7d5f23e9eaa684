//! Values of expressions, as far as they are known. A collection has one type for its elements; what is not known
//! says why, and which resources it is made of.

use std::collections::BTreeMap;
use std::rc::Rc;

use unicode_normalization::{UnicodeNormalization, is_nfc};

use super::decimal::Decimal;
use super::kind::Type;
use super::syntax::Place;
use super::unknown::{Lazy, Unknown};

/// A value, and the place of the literal that it is.
#[derive(Clone, Debug)]
pub(super) struct Value {
    pub what: What,
    pub at: Option<Place>,
    /// It comes from something that must not be shown.
    pub sensitive: bool,
}

#[derive(Clone, Debug)]
pub(super) enum What {
    Unknown(Rc<Unknown>),
    Null,
    Bool(bool),
    Number(Decimal),
    Text(Rc<str>),
    List(Rc<Items>),
    Set(Rc<Items>),
    Map(Rc<Members>),
    Tuple(Rc<Items>),
    Object(Rc<Members>),
    /// A resource or a module, whose members are evaluated once they are asked for.
    Lazy(Lazy),
}

/// The elements of a list, a set or a tuple.
#[derive(Debug)]
pub(super) struct Items {
    /// The type of the elements; [`Type::Any`] for a tuple.
    pub of: Type,
    pub all: Vec<Value>,
    sum: Sum,
}

/// The elements of a map or an object.
#[derive(Debug)]
pub(super) struct Members {
    pub of: Type,
    pub all: BTreeMap<Rc<str>, Value>,
    sum: Sum,
}

/// Facts about a collection that are asked for so often that its elements are not looked at again.
#[derive(Clone, Copy, Debug)]
struct Sum {
    /// About the bytes that it takes up.
    weight: usize,
    /// Something in it must not be shown.
    sensitive: bool,
    /// Something in it is not known.
    unknown: bool,
}

impl Sum {
    fn of<'v>(keys: usize, values: impl Iterator<Item = &'v Value>) -> Sum {
        let empty = Sum { weight: keys.saturating_add(8), sensitive: false, unknown: false };
        values.fold(empty, |sum, value| Sum {
            weight: sum.weight.saturating_add(value.weight()),
            sensitive: sum.sensitive || value.is_sensitive(),
            unknown: sum.unknown || value.has_unknown(),
        })
    }
}

impl Value {
    pub(super) fn of(what: What) -> Value {
        Value { what, at: None, sensitive: false }
    }

    pub(super) fn text(text: impl Into<Rc<str>>) -> Value {
        Value::of(What::Text(normal(text.into())))
    }

    pub(super) fn bool(value: bool) -> Value {
        Value::of(What::Bool(value))
    }

    pub(super) fn number(value: Decimal) -> Value {
        Value::of(What::Number(value))
    }

    pub(super) fn count(count: usize) -> Value {
        Value::number(Decimal::integer(count as i128))
    }

    pub(super) fn null() -> Value {
        Value::of(What::Null)
    }

    pub(super) fn unknown(unknown: Unknown) -> Value {
        Value::of(What::Unknown(Rc::new(unknown)))
    }

    pub(super) fn tuple(items: Vec<Value>) -> Value {
        Value::of(What::Tuple(Items::new(Type::Any, items)))
    }

    pub(super) fn object(members: BTreeMap<Rc<str>, Value>) -> Value {
        Value::of(What::Object(Members::new(Type::Any, members)))
    }

    pub(super) fn at(self, at: Place) -> Value {
        Value { at: self.at.or(Some(at)), ..self }
    }

    /// The same, not to be shown where something that it is made of is not.
    pub(super) fn hidden(self, sensitive: bool) -> Value {
        Value { sensitive: self.sensitive || sensitive, ..self }
    }

    pub(super) fn is_null(&self) -> bool {
        matches!(self.what, What::Null)
    }

    pub(super) fn as_unknown(&self) -> Option<&Unknown> {
        match &self.what {
            What::Unknown(unknown) => Some(unknown),
            _ => None,
        }
    }

    /// The elements of a list, a set or a tuple.
    pub(super) fn items(&self) -> Option<&[Value]> {
        match &self.what {
            What::List(items) | What::Set(items) | What::Tuple(items) => Some(&items.all),
            _ => None,
        }
    }

    /// The elements of a map or an object.
    pub(super) fn members(&self) -> Option<&BTreeMap<Rc<str>, Value>> {
        match &self.what {
            What::Map(members) | What::Object(members) => Some(&members.all),
            _ => None,
        }
    }

    /// About the bytes that it takes up.
    pub(super) fn weight(&self) -> usize {
        match &self.what {
            What::Text(text) => text.len() + 8,
            What::List(items) | What::Set(items) | What::Tuple(items) => items.sum.weight,
            What::Map(members) | What::Object(members) => members.sum.weight,
            What::Unknown(_) | What::Null | What::Bool(_) | What::Number(_) | What::Lazy(_) => 8,
        }
    }

    /// Whether it, or something in it, must not be shown.
    pub(super) fn is_sensitive(&self) -> bool {
        self.sensitive || self.sum().is_some_and(|sum| sum.sensitive)
    }

    fn has_unknown(&self) -> bool {
        matches!(self.what, What::Unknown(_) | What::Lazy(_)) || self.sum().is_some_and(|sum| sum.unknown)
    }

    fn sum(&self) -> Option<Sum> {
        match &self.what {
            What::List(items) | What::Set(items) | What::Tuple(items) => Some(items.sum),
            What::Map(members) | What::Object(members) => Some(members.sum),
            What::Unknown(_)
            | What::Null
            | What::Bool(_)
            | What::Number(_)
            | What::Text(_)
            | What::Lazy(_) => None,
        }
    }

    /// Whether something in it is not known, and what.
    pub(super) fn first_unknown(&self) -> Option<Unknown> {
        match &self.what {
            What::Unknown(unknown) => Some((**unknown).clone()),
            What::Lazy(lazy) => Some(lazy.unknown()),
            _ if !self.has_unknown() => None,
            _ => {
                let items = self.items().into_iter().flatten();
                items
                    .chain(self.members().into_iter().flat_map(BTreeMap::values))
                    .find_map(Value::first_unknown)
            }
        }
    }
}

/// A text as every value of Terraform has it: a letter and its accent are one character where there is such a one.
pub(super) fn normal(text: Rc<str>) -> Rc<str> {
    match text.is_ascii() || is_nfc(&text) {
        true => text,
        false => text.nfc().collect::<String>().into(),
    }
}

impl Items {
    pub(super) fn new(of: Type, items: Vec<Value>) -> Rc<Items> {
        let sum = Sum::of(0, items.iter());
        Rc::new(Items { of, all: items, sum })
    }
}

impl Members {
    pub(super) fn new(of: Type, members: BTreeMap<Rc<str>, Value>) -> Rc<Members> {
        let keys = members.keys().map(|key| key.len()).fold(0, usize::saturating_add);
        let sum = Sum::of(keys, members.values());
        Rc::new(Members { of, all: members, sum })
    }
}

/// The type of a value.
pub(super) fn type_of(value: &Value) -> Type {
    match &value.what {
        What::Unknown(unknown) => unknown.of_type.clone(),
        What::Null => Type::Null,
        What::Lazy(_) => Type::Any,
        What::Bool(_) => Type::Bool,
        What::Number(_) => Type::Number,
        What::Text(_) => Type::Text,
        What::List(items) => Type::List(Rc::new(items.of.clone())),
        What::Set(items) => Type::Set(Rc::new(items.of.clone())),
        What::Map(members) => Type::Map(Rc::new(members.of.clone())),
        What::Tuple(items) => Type::Tuple(items.all.iter().map(type_of).collect()),
        What::Object(members) => {
            Type::Object(members.all.iter().map(|(name, value)| (Rc::clone(name), type_of(value))).collect())
        }
    }
}
