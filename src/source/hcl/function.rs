//! The functions of Terraform that are evaluated. Any other gives a value that is not known.

mod regular;
mod text;
mod encode;
mod yaml;
mod format;
mod number;
mod collection;
mod set;
mod files;

use super::kind::Type;
use super::operate::{boolean, text as text_of};
use super::scope::{Program, Scope};
use super::syntax::Expr;
use super::unknown::{Stop, Unknown};
use super::value::{Value, What};

/// Calls a function by its name.
pub(super) fn call(
    program: &Program<'_>,
    name: &str,
    arguments: &[Expr],
    expand: bool,
    scope: &Scope,
) -> Result<Value, Stop> {
    let name = name.strip_prefix("core::").unwrap_or(name);
    match name {
        "try" => return attempt(program, arguments, scope),
        "can" => return can(program, arguments, scope),
        _ => {}
    }
    let mut values =
        arguments.iter().map(|one| program.evaluate(one, scope)).collect::<Result<Vec<_>, _>>()?;
    if expand && let Some(last) = values.pop() {
        values.extend(super::convert::in_order(&last)?.iter().cloned().map(|one| one.hidden(last.sensitive)));
    }
    // The rest looks at what it is given, or makes as much again.
    if !matches!(name, "lookup" | "length") {
        program.budget.charge(&values)?;
    }
    if name == "nonsensitive" {
        let [value] = values.as_slice() else { return wrong(name) };
        return Ok(Value { sensitive: false, ..value.clone() });
    }
    if name == "issensitive" {
        let [value] = values.as_slice() else { return wrong(name) };
        let is_known = value.sensitive || value.as_unknown().is_none();
        return if is_known { Ok(Value::bool(value.sensitive)) } else { not_evaluated(name, &values) };
    }
    let sensitive = values.iter().any(Value::is_sensitive) || name == "sensitive";
    let result = known(program, name, &values, scope);
    let result = match result {
        Err(Stop::Unknown(unknown)) => Ok(Value::unknown(unknown)),
        other => other,
    };
    let result = result.map(|value| match value.as_unknown() {
        // `coalesce(var.x, "a")` may be another value.
        Some(unknown) => Value::unknown(unknown.clone().elsewhere()).hidden(value.sensitive),
        None => value,
    });
    result.map(|value| value.hidden(sensitive))
}

fn known(program: &Program<'_>, name: &str, values: &[Value], scope: &Scope) -> Result<Value, Stop> {
    if let ("sensitive", [value]) = (name, values) {
        return Ok(value.clone());
    }
    if let Some(value) = files::call(program, name, values, scope) {
        return value;
    }
    let rooms = [
        regular::call,
        text::call,
        format::call,
        number::call,
        collection::call,
        set::call,
        encode::call,
        yaml::call,
    ];
    for room in rooms {
        if let Some(value) = room(program, name, values) {
            return value;
        }
    }
    not_evaluated(name, values)
}

/// A value that is made of others, and is not known.
fn not_evaluated(name: &str, values: &[Value]) -> Result<Value, Stop> {
    let mut unknown = Unknown::because(format!("the function {name} is not evaluated"));
    // The origins are known all the same: `trimprefix(pool.arn, ...)` is of that pool.
    for value in values {
        if let Some(inner) = value.first_unknown() {
            unknown = Unknown { why: std::rc::Rc::clone(&unknown.why), ..unknown.or(&inner) };
        }
    }
    Err(Stop::Unknown(Unknown { of_type: Type::Any, sure: false, ..unknown }))
}

/// A call with the wrong number of arguments, which Terraform refuses.
pub(super) fn wrong<T>(name: &str) -> Result<T, Stop> {
    Stop::lost(format!("the function {name} has other arguments"))
}

/// The first argument that is not in error. What is not known may be in error yet.
fn attempt(program: &Program<'_>, arguments: &[Expr], scope: &Scope) -> Result<Value, Stop> {
    for argument in arguments {
        match program.evaluate(argument, scope) {
            Err(Stop::Caught(_)) => {}
            Ok(value) => {
                return match value.first_unknown().filter(|_| !matches!(value.what, What::Lazy(_))) {
                    Some(unknown) if matches!(value.what, What::Unknown(_)) => Ok(Value::unknown(Unknown {
                        open: unknown.open || !unknown.sure,
                        ..unknown.made_of()
                    })),
                    _ => Ok(value),
                };
            }
            Err(other) => return Err(other),
        }
    }
    Stop::caught("no argument of try is a value")
}

fn can(program: &Program<'_>, arguments: &[Expr], scope: &Scope) -> Result<Value, Stop> {
    let [argument] = arguments else { return wrong("can") };
    match program.evaluate(argument, scope) {
        Err(Stop::Caught(_)) => Ok(Value::bool(false)),
        Ok(value) => match value.first_unknown() {
            Some(unknown) => Err(Stop::Unknown(unknown.made_of())),
            None => Ok(Value::bool(true)),
        },
        Err(other) => Err(other),
    }
}

/// The texts of all arguments.
pub(super) fn texts<const N: usize>(name: &str, values: &[Value]) -> Result<[String; N], Stop> {
    let texts =
        values.iter().map(|value| Ok(text_of(value)?.to_string())).collect::<Result<Vec<_>, Stop>>()?;
    texts.try_into().or_else(|_| wrong(name))
}

/// The booleans of a list, as far as they are known.
pub(super) fn booleans(items: &[Value]) -> Result<Vec<Option<bool>>, Stop> {
    let known = |item: &Value| match boolean(item) {
        Ok(value) => Ok(Some(value)),
        Err(Stop::Unknown(_)) => Ok(None),
        Err(other) => Err(other),
    };
    items.iter().map(known).collect()
}

/// A value as JSON.
#[cfg(test)]
pub(super) fn json_of(value: &Value) -> Result<String, Stop> {
    encode::json(value)
}
