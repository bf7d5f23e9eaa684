//! Whether two values are equal. Values of different types never are.

use super::kind::Type;
use super::unknown::{Stop, Unknown};
use super::value::{Value, What, type_of};

/// Whether two values are equal, where that is known.
pub(super) fn equal(a: &Value, b: &Value) -> Result<bool, Stop> {
    match (&a.what, &b.what) {
        (What::Null, What::Null) => return Ok(true),
        (What::Null, What::Unknown(unknown)) | (What::Unknown(unknown), What::Null) => {
            return if unknown.sure { Ok(false) } else { unknown.is(None).map_err(Stop::Unknown) };
        }
        (What::Null, _) | (_, What::Null) => return Ok(false),
        (What::Unknown(a), What::Unknown(b)) => return Err(Stop::Unknown(a.or(b).made_of())),
        (What::Unknown(unknown), What::Text(text)) | (What::Text(text), What::Unknown(unknown)) => {
            return unknown.is(Some(text)).map_err(Stop::Unknown);
        }
        (What::Unknown(unknown), _) | (_, What::Unknown(unknown)) => {
            return Err(Stop::Unknown(unknown.made_of()));
        }
        (What::Lazy(lazy), _) | (_, What::Lazy(lazy)) => return Err(Stop::Unknown(lazy.unknown())),
        (_, _) => {}
    }
    match same_type(&type_of(a), &type_of(b)) {
        Some(true) => same_value(a, b),
        Some(false) => Ok(false),
        None => {
            let unknown = a.first_unknown().or_else(|| b.first_unknown());
            let untyped = || Unknown::because("the type of a value is not known");
            Err(Stop::Unknown(unknown.map_or_else(untyped, |unknown| unknown.made_of())))
        }
    }
}

/// Whether two types are the same; `None` where a part of one is not known.
fn same_type(a: &Type, b: &Type) -> Option<bool> {
    let all = |pairs: &mut dyn Iterator<Item = (&Type, &Type)>| {
        let mut known = Some(true);
        for (a, b) in pairs {
            match same_type(a, b) {
                Some(false) => return Some(false),
                Some(true) => {}
                None => known = None,
            }
        }
        known
    };
    match (a, b) {
        (Type::Any | Type::Null, _) | (_, Type::Any | Type::Null) => None,
        (Type::List(a), Type::List(b)) | (Type::Set(a), Type::Set(b)) | (Type::Map(a), Type::Map(b)) => {
            same_type(a, b)
        }
        (Type::Tuple(a), Type::Tuple(b)) if a.len() == b.len() => all(&mut a.iter().zip(b)),
        (Type::Object(a), Type::Object(b)) if a.keys().eq(b.keys()) => all(&mut a.values().zip(b.values())),
        (_, _) => Some(a == b),
    }
}

fn same_value(a: &Value, b: &Value) -> Result<bool, Stop> {
    match (&a.what, &b.what) {
        (What::Bool(a), What::Bool(b)) => Ok(a == b),
        (What::Number(a), What::Number(b)) => Ok(a == b),
        (What::Text(a), What::Text(b)) => Ok(a == b),
        _ => {
            if let (What::Set(_), true) = (&a.what, a.first_unknown().or(b.first_unknown()).is_some()) {
                return Err(Stop::Unknown(Unknown::because("an element of a set is not known")));
            }
            if let (What::Set(left), What::Set(right)) = (&a.what, &b.what) {
                // The elements have no order of their own.
                few(&left.all)?;
                let has = |one: &Value| left.all.iter().any(|other| equal(one, other).is_ok_and(|same| same));
                return Ok(left.all.len() == right.all.len() && right.all.iter().all(has));
            }
            if let (Some(a), Some(b)) = (a.items(), b.items()) {
                return if a.len() == b.len() { all_equal(a.iter().zip(b)) } else { Ok(false) };
            }
            match (a.members(), b.members()) {
                (Some(a), Some(b)) if a.keys().eq(b.keys()) => all_equal(a.values().zip(b.values())),
                (_, _) => Ok(false),
            }
        }
    }
}

/// Whether all pairs are equal: one that is not decides, whatever is not known of others.
fn all_equal<'v>(pairs: impl Iterator<Item = (&'v Value, &'v Value)>) -> Result<bool, Stop> {
    let mut open = None;
    for (a, b) in pairs {
        match equal(a, b) {
            Ok(true) => {}
            Ok(false) => return Ok(false),
            Err(stop) => open = Some(stop),
        }
    }
    open.map_or(Ok(true), Err)
}

/// Refuses to compare every element with every other where there are many.
pub(super) fn few(items: &[Value]) -> Result<(), Stop> {
    if items.len() > 500 { Stop::lost("more than 500 elements are not compared") } else { Ok(()) }
}
