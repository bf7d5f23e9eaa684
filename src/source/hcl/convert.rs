//! Conversions between types, as Terraform makes them by itself, and the one type that several values have.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::decimal::Decimal;
use super::equality::{equal, few};
use super::kind::{Type, unify, word};
use super::unknown::{Stop, Unknown};
use super::value::{Items, Members, Value, What, type_of};

/// Converts a value to a type.
pub(super) fn convert(value: &Value, to: &Type) -> Result<Value, Stop> {
    let what = match (&value.what, to) {
        (_, Type::Any | Type::Null) | (What::Null, _) => return Ok(value.clone()),
        (What::Unknown(unknown), _) => {
            let same = unknown.of_type == *to;
            let unknown = (**unknown).clone();
            let unknown = if same { unknown } else { unknown.elsewhere() };
            What::Unknown(Rc::new(Unknown { of_type: to.clone(), ..unknown }))
        }
        (What::Lazy(lazy), Type::Object(types)) => {
            let attribute = |(name, of_type): (&Rc<str>, &Type)| {
                let unknown = Unknown { of_type: of_type.clone(), ..lazy.attribute(name) };
                (Rc::clone(name), Value::unknown(unknown))
            };
            What::Object(Members::new(Type::Any, types.iter().map(attribute).collect()))
        }
        (What::Lazy(lazy), _) => return Err(Stop::Unknown(lazy.unknown())),
        (_, Type::Bool | Type::Number | Type::Text) => primitive(value, to)?,
        (_, Type::List(of)) => What::List(list(value, of)?),
        (_, Type::Set(of)) => What::Set(set(value, of)?),
        (_, Type::Map(of)) => What::Map(map(value, of)?),
        (What::Tuple(items), Type::Tuple(types)) if items.all.len() == types.len() => {
            let converted = items.all.iter().zip(types).map(|(item, of)| convert(item, of));
            What::Tuple(Items::new(Type::Any, converted.collect::<Result<_, _>>()?))
        }
        (_, Type::Object(types)) => What::Object(object(value, types)?),
        (_, Type::Tuple(_)) => return mismatch(value, to),
    };
    Ok(Value { what, ..value.clone() })
}

fn mismatch<T>(value: &Value, to: &Type) -> Result<T, Stop> {
    Stop::caught(format!("{} is not {}", word(&type_of(value)), word(to)))
}

fn primitive(value: &Value, to: &Type) -> Result<What, Stop> {
    Ok(match (&value.what, to) {
        (What::Bool(one), Type::Bool) => What::Bool(*one),
        (What::Number(one), Type::Number) => What::Number(*one),
        (What::Text(one), Type::Text) => What::Text(Rc::clone(one)),
        (What::Bool(one), Type::Text) => What::Text(one.to_string().into()),
        (What::Number(one), Type::Text) => What::Text(one.to_string().into()),
        (What::Text(text), Type::Bool) => match &**text {
            "true" | "1" => What::Bool(true),
            "false" | "0" => What::Bool(false),
            _ => return mismatch(value, to),
        },
        (What::Text(text), Type::Number) => match Decimal::parse(text) {
            Some(number) => What::Number(number),
            None if text.starts_with(|first: char| first.is_ascii_digit() || "+-.iI".contains(first)) => {
                return Stop::lost(format!("{text:?} is not read as a number"));
            }
            None => return mismatch(value, to),
        },
        _ => return mismatch(value, to),
    })
}

/// The elements of a list, a set or a tuple, in an order that is known.
pub(super) fn in_order(value: &Value) -> Result<&[Value], Stop> {
    match &value.what {
        What::List(items) | What::Tuple(items) => Ok(&items.all),
        What::Set(items) => {
            let simple = matches!(items.of, Type::Bool | Type::Number | Type::Text);
            match items.all.len() > 1 && (!simple || value.first_unknown().is_some()) {
                true => Stop::lost("the order of the elements of a set is not known"),
                false => Ok(&items.all),
            }
        }
        What::Unknown(unknown) => Err(Stop::Unknown(unknown.made_of())),
        What::Lazy(lazy) => Err(Stop::Unknown(lazy.unknown())),
        _ => mismatch(value, &Type::List(Rc::new(Type::Any))),
    }
}

fn converted(items: &[Value], of: &Type) -> Result<(Type, Vec<Value>), Stop> {
    let of = element_type(of, items.iter())?;
    let items = items.iter().map(|item| convert(item, &of)).collect::<Result<_, _>>()?;
    Ok((of, items))
}

/// The type that the elements of a collection have: the one that is asked for, or one that all can be converted to.
fn element_type<'v>(of: &Type, items: impl Iterator<Item = &'v Value>) -> Result<Type, Stop> {
    match of {
        Type::Any => {
            let types: Vec<Type> = items.filter(|item| !item.is_null()).map(type_of).collect();
            match unify(&types) {
                Some(one) => Ok(one),
                None => Stop::lost("the elements have no type in common"),
            }
        }
        _ => Ok(of.clone()),
    }
}

fn list(value: &Value, of: &Type) -> Result<Rc<Items>, Stop> {
    let (of, items) = converted(in_order(value)?, of)?;
    Ok(Items::new(of, items))
}

fn set(value: &Value, of: &Type) -> Result<Rc<Items>, Stop> {
    let Some(items) = value.items() else { return mismatch(value, &Type::Set(Rc::new(of.clone()))) };
    let (of, items) = converted(items, of)?;
    distinct_set(of, items)
}

/// A set of elements of one type: each once, and in order.
pub(super) fn distinct_set(of: Type, items: Vec<Value>) -> Result<Rc<Items>, Stop> {
    let mut once: Vec<Value> = Vec::new();
    for item in items {
        let simple = matches!(of, Type::Bool | Type::Number | Type::Text);
        let known = match simple && item.as_unknown().is_none() {
            // Sorted below, where those of the same value come together.
            true => false,
            false => {
                few(&once).map(|()| once.iter().any(|other| equal(other, &item).is_ok_and(|same| same)))?
            }
        };
        if !known {
            once.push(item);
        }
    }
    once.sort_by(order);
    once.dedup_by(|a, b| order(a, b) == Ordering::Equal && equal(a, b).is_ok_and(|same| same));
    Ok(Items::new(of, once))
}

/// The order of the elements of a set.
pub(super) fn order(a: &Value, b: &Value) -> Ordering {
    match (&a.what, &b.what) {
        (What::Text(a), What::Text(b)) => a.cmp(b),
        (What::Number(a), What::Number(b)) => a.compare(*b).unwrap_or(Ordering::Equal),
        (What::Bool(a), What::Bool(b)) => a.cmp(b),
        (_, _) => Ordering::Equal,
    }
}

fn map(value: &Value, of: &Type) -> Result<Rc<Members>, Stop> {
    let Some(members) = value.members() else { return mismatch(value, &Type::Map(Rc::new(of.clone()))) };
    let of = element_type(of, members.values())?;
    let converted = members.iter().map(|(name, value)| Ok((Rc::clone(name), convert(value, &of)?)));
    let converted = converted.collect::<Result<BTreeMap<_, _>, Stop>>()?;
    Ok(Members::new(of, converted))
}

fn object(value: &Value, types: &BTreeMap<Rc<str>, Type>) -> Result<Rc<Members>, Stop> {
    let Some(members) = value.members() else { return mismatch(value, &Type::Object(types.clone())) };
    let mut converted = BTreeMap::new();
    for (name, of) in types {
        let Some(member) = members.get(name) else {
            return Stop::caught(format!("the attribute `{name}` is missing"));
        };
        converted.insert(Rc::clone(name), convert(member, of)?);
    }
    Ok(Members::new(Type::Any, converted))
}
