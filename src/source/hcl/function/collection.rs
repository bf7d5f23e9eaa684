//! Functions of lists, maps and objects.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::source::hcl::convert::{convert, in_order};
use crate::source::hcl::equality::equal;
use crate::source::hcl::function::text::{is_alone, to};
use crate::source::hcl::function::wrong;
use crate::source::hcl::kind::{Type, unify};
use crate::source::hcl::operate::{key_in, number, text};
use crate::source::hcl::scope::Program;
use crate::source::hcl::unknown::{Stop, Unknown};
use crate::source::hcl::value::{Items, Members, Value, What, type_of};

pub(super) fn call(program: &Program<'_>, name: &str, values: &[Value]) -> Option<Result<Value, Stop>> {
    let any = || Rc::new(Type::Any);
    Some(match (name, values) {
        ("length", [value]) => length(value),
        ("keys", [value]) => keys(value),
        ("values", [value]) => values_of(value),
        ("lookup", [map, key]) => program.index(map, key),
        ("lookup", [map, key, default]) => lookup(program, map, key, default),
        ("element", [list, index]) => element(list, index),
        ("index", [list, value]) => index(list, value),
        ("contains", [list, value]) => contains(list, value),
        ("concat", lists) => concat(lists),
        ("merge", maps) => merge(maps),
        ("flatten", [list]) => flatten(program, list),
        ("compact", [list]) => compact(list),
        ("reverse", [list]) => {
            let in_order = in_order(list).map(|items| items.iter().rev().cloned().collect());
            in_order.and_then(|items| like(list, items))
        }
        ("slice", [list, start, end]) => slice(list, start, end),
        ("zipmap", [keys, values]) => zipmap(keys, values),
        ("coalesce", values) => coalesce(values),
        ("coalescelist", lists) => coalescelist(lists),
        ("one", [list]) => one(list),
        ("tolist", _) => to(name, values, &Type::List(any())),
        ("tomap", _) => to(name, values, &Type::Map(any())),
        (
            "length" | "keys" | "values" | "lookup" | "element" | "index" | "contains" | "flatten"
            | "compact" | "reverse" | "slice" | "zipmap" | "one",
            _,
        ) => wrong(name),
        _ => return None,
    })
}

fn not_a<T>(value: &Value, what: &str) -> Result<T, Stop> {
    match &value.what {
        What::Unknown(unknown) => Err(Stop::Unknown(unknown.made_of())),
        What::Lazy(lazy) => Err(Stop::Unknown(lazy.unknown())),
        _ => Stop::caught(format!("a value is not {what}")),
    }
}

/// The elements of a list or a tuple. A set has no order that Terraform goes by.
fn listed(value: &Value) -> Result<&[Value], Stop> {
    match value.what {
        What::Set(_) => Stop::lost("a set is not a list"),
        _ => in_order(value),
    }
}

/// Elements in place of those of a list, which stays a list or a tuple.
fn like(list: &Value, items: Vec<Value>) -> Result<Value, Stop> {
    match &list.what {
        What::List(old) | What::Set(old) => Ok(Value::of(What::List(Items::new(old.of.clone(), items)))),
        What::Tuple(_) => Ok(Value::tuple(items)),
        _ => not_a(list, "a list"),
    }
}

fn length(value: &Value) -> Result<Value, Stop> {
    Ok(Value::count(match &value.what {
        What::Set(items) if items.all.len() > 1 && value.first_unknown().is_some() => {
            return Err(Stop::Unknown(
                value.first_unknown().unwrap_or_else(|| Unknown::because("an element is not known")),
            ));
        }
        What::List(items) | What::Set(items) | What::Tuple(items) => items.all.len(),
        What::Map(members) | What::Object(members) => members.all.len(),
        What::Text(text) if text.is_ascii() && !text.contains('\r') => text.len(),
        What::Text(text) if text.chars().all(is_alone) => text.chars().count(),
        What::Text(_) => return Stop::lost("the length of this text is not known"),
        _ => return not_a(value, "a collection"),
    }))
}

fn keys(value: &Value) -> Result<Value, Stop> {
    let Some(members) = value.members() else { return not_a(value, "a map") };
    let keys = members.keys().map(|key| Value::text(Rc::clone(key))).collect();
    Ok(match value.what {
        What::Map(_) => Value::of(What::List(Items::new(Type::Text, keys))),
        _ => Value::tuple(keys),
    })
}

fn values_of(value: &Value) -> Result<Value, Stop> {
    let Some(members) = value.members() else { return not_a(value, "a map") };
    let values = members.values().cloned().collect();
    Ok(match &value.what {
        What::Map(map) => Value::of(What::List(Items::new(map.of.clone(), values))),
        _ => Value::tuple(values),
    })
}

fn lookup(program: &Program<'_>, map: &Value, key: &Value, default: &Value) -> Result<Value, Stop> {
    let Some(members) = map.members() else { return not_a(map, "a map") };
    match key_in(key, members).inspect_err(|stop| program.ask_of(stop))? {
        Some(_) => program.index(map, key),
        None => match &map.what {
            What::Map(map) if map.of != Type::Any => convert(default, &map.of),
            _ => Ok(default.clone()),
        },
    }
}

fn element(list: &Value, index: &Value) -> Result<Value, Stop> {
    let items = listed(list)?;
    match (number(index)?.as_integer(), items.len()) {
        (_, 0) => Stop::caught("there is no element"),
        (Some(index), length) => match usize::try_from(index % (length as i128)) {
            Ok(at) => items.get(at).cloned().map_or_else(|| Stop::caught("there is no element"), Ok),
            Err(_) => {
                Stop::lost("newer versions count a negative index from the end, and older ones refuse it")
            }
        },
        (None, _) => Stop::caught("the index is not a whole number"),
    }
}

fn index(list: &Value, wanted: &Value) -> Result<Value, Stop> {
    let items = listed(list)?;
    if wanted.is_null() {
        return Stop::caught("index looks for null, which Terraform refuses");
    }
    if items.iter().any(Value::is_null) {
        return Stop::lost("an element of the list is null");
    }
    for (at, item) in items.iter().enumerate() {
        if equal(item, wanted)? {
            return Ok(Value::count(at));
        }
    }
    Stop::caught("no element has this value")
}

fn contains(list: &Value, wanted: &Value) -> Result<Value, Stop> {
    let Some(items) = list.items() else { return not_a(list, "a list") };
    if wanted.is_null() {
        return Stop::caught("contains looks for null, which Terraform refuses");
    }
    let mut open = None;
    for item in items {
        match equal(item, wanted) {
            Ok(true) => return Ok(Value::bool(true)),
            Ok(false) => {}
            Err(stop) => open = Some(stop),
        }
    }
    open.map_or(Ok(Value::bool(false)), Err)
}

fn concat(lists: &[Value]) -> Result<Value, Stop> {
    if lists.is_empty() {
        return wrong("concat");
    }
    let mut items = Vec::new();
    let mut kinds = Vec::new();
    for list in lists {
        items.extend(listed(list)?.iter().cloned());
        kinds.push(match &list.what {
            What::List(items) => Some(items.of.clone()),
            _ => None,
        });
    }
    // Lists of one type stay a list; beside a tuple, the result is one.
    match kinds.iter().cloned().collect::<Option<Vec<Type>>>() {
        Some(types) if !types.is_empty() => match unify(&types) {
            Some(of) if of != Type::Any => convert(&Value::tuple(items), &Type::List(Rc::new(of))),
            _ => Ok(Value::tuple(items)),
        },
        _ => Ok(Value::tuple(items)),
    }
}

fn merge(maps: &[Value]) -> Result<Value, Stop> {
    let mut merged: BTreeMap<Rc<str>, Value> = BTreeMap::new();
    let mut types: Vec<Option<Type>> = Vec::new();
    for map in maps {
        match &map.what {
            What::Null => {}
            What::Map(members) => {
                merged.extend(members.all.clone());
                types.push(Some(members.of.clone()));
            }
            What::Object(members) => {
                merged.extend(members.all.clone());
                types.push(None);
            }
            _ => return not_a(map, "a map"),
        }
    }
    match types.into_iter().collect::<Option<Vec<Type>>>() {
        Some(types) if !types.is_empty() => match unify(&types) {
            Some(of) if types.iter().all(|one| *one == of) => {
                Ok(Value::of(What::Map(Members::new(of, merged))))
            }
            _ => Ok(Value::object(merged)),
        },
        _ => Ok(Value::object(merged)),
    }
}

fn flatten(program: &Program<'_>, list: &Value) -> Result<Value, Stop> {
    let mut items = Vec::new();
    flatten_into(program, list, &mut items)?;
    Ok(Value::tuple(items))
}

fn flatten_into(program: &Program<'_>, list: &Value, items: &mut Vec<Value>) -> Result<(), Stop> {
    for item in in_order(list)? {
        program.budget.step()?;
        match &item.what {
            What::List(_) | What::Set(_) | What::Tuple(_) => flatten_into(program, item, items)?,
            What::Unknown(unknown) if !matches!(unknown.of_type, Type::Text | Type::Number | Type::Bool) => {
                return Err(Stop::Unknown(unknown.made_of()));
            }
            _ => items.push(item.clone()),
        }
        if items.len() > 100_000 {
            return Stop::lost("a list has more than 100,000 elements");
        }
    }
    Ok(())
}

fn compact(list: &Value) -> Result<Value, Stop> {
    let mut kept = Vec::new();
    for item in in_order(list)? {
        if !item.is_null() {
            let text = text(item)?;
            if !text.is_empty() {
                kept.push(Value { at: item.at, ..Value::text(text) });
            }
        }
    }
    Ok(Value::of(What::List(Items::new(Type::Text, kept))))
}

fn slice(list: &Value, start: &Value, end: &Value) -> Result<Value, Stop> {
    let items = listed(list)?;
    match (number(start)?.as_index(), number(end)?.as_index()) {
        (Some(start), Some(end)) if start <= end && end <= items.len() => {
            like(list, items.get(start..end).unwrap_or_default().to_vec())
        }
        (_, _) => Stop::caught("there are no such elements"),
    }
}

fn zipmap(keys: &Value, values: &Value) -> Result<Value, Stop> {
    let (names, items) = (in_order(keys)?, listed(values)?);
    if names.len() != items.len() {
        return Stop::caught("there are not as many keys as values");
    }
    let names = names.iter().map(text).collect::<Result<Vec<_>, _>>()?;
    let members: BTreeMap<Rc<str>, Value> = names.into_iter().zip(items.iter().cloned()).collect();
    Ok(match &values.what {
        What::List(items) => Value::of(What::Map(Members::new(items.of.clone(), members))),
        _ => Value::object(members),
    })
}

/// The first value that is neither null nor an empty text, in the type that all have.
fn coalesce(values: &[Value]) -> Result<Value, Stop> {
    let types: Vec<Type> = values.iter().filter(|value| !value.is_null()).map(type_of).collect();
    let of = unify(&types);
    for value in values {
        match &value.what {
            What::Unknown(unknown) => return Err(Stop::Unknown(unknown.made_of())),
            What::Null => continue,
            What::Text(text) if text.is_empty() => continue,
            _ => {}
        }
        return match of {
            Some(of) if of != Type::Any => convert(value, &of),
            _ => match value.what {
                What::Text(_) => Ok(value.clone()),
                _ => match values.iter().find_map(Value::first_unknown) {
                    Some(unknown) => Err(Stop::Unknown(unknown.made_of())),
                    None => Stop::lost("the values of coalesce have no type in common"),
                },
            },
        };
    }
    Stop::caught("all values are null or empty")
}

fn coalescelist(lists: &[Value]) -> Result<Value, Stop> {
    for list in lists {
        if !listed(list)?.is_empty() {
            // The arguments behind it must be lists as well.
            return lists.iter().try_for_each(|one| listed(one).map(|_| ())).map(|()| list.clone());
        }
    }
    Stop::caught("all lists are empty")
}

fn one(list: &Value) -> Result<Value, Stop> {
    let items = match &list.what {
        What::Set(items) if items.all.len() > 1 && list.first_unknown().is_some() => {
            return Err(Stop::Unknown(Unknown::because("the elements of a set are not known")));
        }
        What::List(items) | What::Set(items) | What::Tuple(items) => &items.all,
        _ => return not_a(list, "a list"),
    };
    match items.as_slice() {
        [] => Ok(Value::null()),
        [only] => Ok(only.clone()),
        _ => Stop::caught("there is more than one element"),
    }
}
