//! Functions of sets, and of the order and repetition of elements.

use std::rc::Rc;

use crate::source::hcl::convert::{convert, distinct_set, in_order, order};
use crate::source::hcl::equality::{equal, few};
use crate::source::hcl::function::text::to;
use crate::source::hcl::function::wrong;
use crate::source::hcl::kind::{Type, unify};
use crate::source::hcl::scope::Program;
use crate::source::hcl::unknown::Stop;
use crate::source::hcl::value::{Items, Value, What, type_of};

pub(super) fn call(_: &Program<'_>, name: &str, values: &[Value]) -> Option<Result<Value, Stop>> {
    Some(match (name, values) {
        ("toset", _) => to(name, values, &Type::Set(Rc::new(Type::Any))),
        ("distinct", [list]) => distinct(list),
        ("sort", [list]) => sort(list),
        ("setunion", [_, ..]) => combined(values, <[Vec<Value>]>::concat),
        ("setintersection", [_, ..]) => combined(values, |all| {
            let (first, rest) = all.split_first().map_or((&[][..], &[][..]), |(first, rest)| (first, rest));
            first.iter().filter(|one| rest.iter().all(|other| has(other, one))).cloned().collect()
        }),
        ("setsubtract", [_, _]) => combined(values, |all| match all {
            [first, second] => first.iter().filter(|one| !has(second, one)).cloned().collect(),
            _ => Vec::new(),
        }),
        ("distinct" | "sort" | "setunion" | "setintersection" | "setsubtract", _) => wrong(name),
        _ => return None,
    })
}

fn distinct(list: &Value) -> Result<Value, Stop> {
    let list = convert(list, &Type::List(Rc::new(Type::Any)))?;
    let mut once: Vec<Value> = Vec::new();
    for item in in_order(&list)? {
        few(&once)?;
        let mut known = false;
        for other in &once {
            known = known || equal(other, item)?;
        }
        if !known {
            once.push(item.clone());
        }
    }
    let of = match &list.what {
        What::List(items) => items.of.clone(),
        _ => Type::Any,
    };
    Ok(Value::of(What::List(Items::new(of, once))))
}

fn sort(list: &Value) -> Result<Value, Stop> {
    let list = convert(list, &Type::List(Rc::new(Type::Text)))?;
    if let Some(unknown) = list.first_unknown() {
        return Err(Stop::Unknown(unknown.made_of()));
    }
    let mut items = in_order(&list)?.to_vec();
    if items.iter().any(Value::is_null) {
        return Stop::caught("a value is null");
    }
    items.sort_by(order);
    Ok(Value::of(What::List(Items::new(Type::Text, items))))
}

/// A set that is made of several, whose elements get one type first.
fn combined(values: &[Value], of: impl Fn(&[Vec<Value>]) -> Vec<Value>) -> Result<Value, Stop> {
    let mut sets = Vec::new();
    for value in values {
        if value.is_null() {
            return Stop::caught("a set is null");
        }
        if let Some(unknown) = value.first_unknown() {
            return Err(Stop::Unknown(unknown.made_of()));
        }
        let set = convert(value, &Type::Set(Rc::new(Type::Any)))?;
        sets.push(set.items().unwrap_or_default().to_vec());
    }
    let types: Vec<Type> = sets.iter().flatten().map(type_of).collect();
    let Some(one) = unify(&types) else { return Stop::lost("the elements have no type in common") };
    let mut converted = Vec::new();
    for set in sets {
        converted.push(set.iter().map(|item| convert(item, &one)).collect::<Result<Vec<_>, _>>()?);
    }
    for set in &converted {
        few(set)?;
    }
    Ok(Value::of(What::Set(distinct_set(one, of(&converted))?)))
}

fn has(set: &[Value], wanted: &Value) -> bool {
    set.iter().any(|one| equal(one, wanted).is_ok_and(|same| same))
}
