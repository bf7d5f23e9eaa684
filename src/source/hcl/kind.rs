//! The types of values, and the one type that several have in common.

use std::collections::BTreeMap;
use std::rc::Rc;

/// A type. An attribute of an object that may be left out has a default, or none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Type {
    Any,
    /// That of null, which has any type beside values of one.
    Null,
    Bool,
    Number,
    Text,
    List(Rc<Type>),
    Set(Rc<Type>),
    Map(Rc<Type>),
    Tuple(Vec<Type>),
    Object(BTreeMap<Rc<str>, Type>),
}

/// The word for a type.
pub(super) fn word(of_type: &Type) -> &'static str {
    match of_type {
        Type::Any | Type::Null => "a value",
        Type::Bool => "a bool",
        Type::Number => "a number",
        Type::Text => "a string",
        Type::List(_) => "a list",
        Type::Set(_) => "a set",
        Type::Map(_) => "a map",
        Type::Tuple(_) => "a tuple",
        Type::Object(_) => "an object",
    }
}

/// The type that values of several types can be converted to; `None` where there is none, or none that is known here.
pub(super) fn unify(types: &[Type]) -> Option<Type> {
    let types: Vec<Type> = types.iter().filter(|one| **one != Type::Null).cloned().collect();
    let types = types.as_slice();
    let first = types.first().unwrap_or(&Type::Any);
    if types.iter().all(|one| one == first) {
        return Some(first.clone());
    }
    if types.contains(&Type::Any) {
        return Some(Type::Any);
    }
    let all = |wanted: fn(&Type) -> bool| types.iter().all(wanted);
    if all(|one| matches!(one, Type::Bool | Type::Number | Type::Text)) {
        return types.contains(&Type::Text).then_some(Type::Text);
    }
    if all(|one| matches!(one, Type::Tuple(_) | Type::List(_))) {
        return unify_lists(types);
    }
    if all(|one| matches!(one, Type::Object(_) | Type::Map(_))) {
        return unify_maps(types);
    }
    if all(|one| matches!(one, Type::Set(_))) {
        let inner: Vec<Type> = types.iter().filter_map(inner).collect();
        return Some(Type::Set(Rc::new(unify(&inner)?)));
    }
    None
}

fn inner(of_type: &Type) -> Option<Type> {
    match of_type {
        Type::List(inner) | Type::Set(inner) | Type::Map(inner) => Some((**inner).clone()),
        _ => None,
    }
}

fn unify_lists(types: &[Type]) -> Option<Type> {
    let tuples: Vec<&Vec<Type>> = types
        .iter()
        .filter_map(|one| match one {
            Type::Tuple(inner) => Some(inner),
            _ => None,
        })
        .collect();
    let length = tuples.first().map_or(0, |inner| inner.len());
    if tuples.len() == types.len() && tuples.iter().all(|inner| inner.len() == length) {
        let column = |at: usize| tuples.iter().filter_map(|inner| inner.get(at)).cloned().collect::<Vec<_>>();
        return Some(Type::Tuple((0..length).map(|at| unify(&column(at))).collect::<Option<_>>()?));
    }
    let elements: Vec<Type> = types
        .iter()
        .flat_map(|one| match one {
            Type::Tuple(inner) => inner.clone(),
            other => inner(other).into_iter().collect(),
        })
        .collect();
    Some(Type::List(Rc::new(unify(&elements)?)))
}

fn unify_maps(types: &[Type]) -> Option<Type> {
    let objects: Vec<&BTreeMap<Rc<str>, Type>> = types
        .iter()
        .filter_map(|one| match one {
            Type::Object(inner) => Some(inner),
            _ => None,
        })
        .collect();
    let same = objects.first().is_some_and(|first| objects.iter().all(|one| one.keys().eq(first.keys())));
    if let (true, Some(first)) = (same && objects.len() == types.len(), objects.first()) {
        let column = |name: &Rc<str>| {
            let types: Vec<Type> = objects.iter().filter_map(|one| one.get(name)).cloned().collect();
            Some((Rc::clone(name), unify(&types)?))
        };
        return Some(Type::Object(first.keys().map(column).collect::<Option<_>>()?));
    }
    let elements: Vec<Type> = types
        .iter()
        .flat_map(|one| match one {
            Type::Object(inner) => inner.values().cloned().collect(),
            other => inner(other).into_iter().collect::<Vec<_>>(),
        })
        .collect();
    Some(Type::Map(Rc::new(unify(&elements)?)))
}
