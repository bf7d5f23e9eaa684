//! Functions of numbers, and conversions to plain types.

use std::cmp::Ordering;
use std::num::IntErrorKind;

use crate::source::hcl::convert::in_order;
use crate::source::hcl::decimal::Decimal;
use crate::source::hcl::function::text::to;
use crate::source::hcl::function::{booleans, wrong};
use crate::source::hcl::kind::Type;
use crate::source::hcl::operate::{number, text};
use crate::source::hcl::scope::Program;
use crate::source::hcl::unknown::Stop;
use crate::source::hcl::value::{Items, Value, What};

pub(super) fn call(program: &Program<'_>, name: &str, values: &[Value]) -> Option<Result<Value, Stop>> {
    Some(match name {
        "abs" => one(name, values, Decimal::absolute),
        "ceil" => one(name, values, Decimal::ceiling),
        "floor" => one(name, values, Decimal::floor),
        "signum" => one(name, values, |one| Some(Decimal::integer(one.as_integer()?.signum()))),
        "max" => extreme(values, Ordering::Greater),
        "min" => extreme(values, Ordering::Less),
        "sum" => sum(name, values),
        "pow" => pow(name, values),
        "parseint" => parseint(name, values),
        "range" => range(program, values),
        "tonumber" => to(name, values, &Type::Number),
        "tobool" => to(name, values, &Type::Bool),
        "alltrue" => all(name, values, true),
        "anytrue" => all(name, values, false),
        _ => return None,
    })
}

fn inexact<T>() -> Result<T, Stop> {
    Stop::lost("a number is not exact")
}

fn one(name: &str, values: &[Value], of: impl Fn(Decimal) -> Option<Decimal>) -> Result<Value, Stop> {
    let [value] = values else { return wrong(name) };
    of(number(value)?).map_or_else(inexact, |result| Ok(Value::number(result)))
}

fn extreme(values: &[Value], wanted: Ordering) -> Result<Value, Stop> {
    let mut best: Option<Decimal> = None;
    for value in values {
        let value = number(value)?;
        let better = match best {
            Some(best) => match value.compare(best) {
                Some(order) => order == wanted,
                None => return inexact(),
            },
            None => true,
        };
        if better {
            best = Some(value);
        }
    }
    best.map_or_else(|| Stop::caught("there is no number"), |best| Ok(Value::number(best)))
}

fn sum(name: &str, values: &[Value]) -> Result<Value, Stop> {
    let [list] = values else { return wrong(name) };
    let items = list.items().map_or_else(|| in_order(list), Ok)?;
    if items.is_empty() {
        return Stop::caught("there is nothing to add");
    }
    let mut total = Decimal::integer(0);
    for item in items {
        match total.plus(number(item)?) {
            Some(sum) => total = sum,
            None => return inexact(),
        }
    }
    Ok(Value::number(total))
}

/// A power with a whole exponent; others have no exact value.
fn pow(name: &str, values: &[Value]) -> Result<Value, Stop> {
    let [base, exponent] = values else { return wrong(name) };
    let (base, exponent) = (number(base)?, number(exponent)?.as_integer());
    let Some(exponent) = exponent.filter(|exponent| (0..=128).contains(exponent)) else { return inexact() };
    let power = (0..exponent).try_fold(Decimal::integer(1), |power, _| power.times(base));
    power.map_or_else(inexact, |power| Ok(Value::number(power)))
}

fn parseint(name: &str, values: &[Value]) -> Result<Value, Stop> {
    let [written, base] = values else { return wrong(name) };
    if matches!(written.what, What::Number(_) | What::Bool(_)) {
        return Stop::lost("parseint of something else than a text is refused");
    }
    let written = text(written)?;
    match number(base)?.as_integer().and_then(|base| u32::try_from(base).ok()) {
        Some(base @ 2..=36) => match i128::from_str_radix(&written, base) {
            Ok(whole) => Ok(Value::number(Decimal::integer(whole))),
            Err(error) => match error.kind() {
                IntErrorKind::PosOverflow | IntErrorKind::NegOverflow => inexact(),
                _ => Stop::caught("the text is not a number of this base"),
            },
        },
        _ => Stop::lost("parseint with this base is not evaluated"),
    }
}

fn range(program: &Program<'_>, values: &[Value]) -> Result<Value, Stop> {
    let whole = |value: &Value| match number(value)?.as_integer() {
        Some(whole) => Ok(whole),
        None => Stop::lost("range over fractions is not evaluated"),
    };
    let (start, end, step) = match values {
        [end] => (0, whole(end)?, None),
        [start, end] => (whole(start)?, whole(end)?, None),
        [start, end, step] => (whole(start)?, whole(end)?, Some(whole(step)?)),
        _ => return wrong("range"),
    };
    let step = step.unwrap_or(if end < start { -1 } else { 1 });
    if end != start && (step == 0 || (step > 0) != (end > start)) {
        return Stop::caught("the step of range leads nowhere");
    }
    let mut items = Vec::new();
    let mut at = start;
    // Terraform makes no more than 1,024.
    while (step > 0 && at < end) || (step < 0 && at > end) {
        if items.len() == 1024 {
            return Stop::caught("range makes more than 1,024 numbers");
        }
        program.budget.step()?;
        items.push(Value::number(Decimal::integer(at)));
        at = at.saturating_add(step);
    }
    Ok(Value::of(What::List(Items::new(Type::Number, items))))
}

/// Whether all are true, or any is: one that decides does so whatever the others are.
fn all(name: &str, values: &[Value], all: bool) -> Result<Value, Stop> {
    let [list] = values else { return wrong(name) };
    let items = list.items().map_or_else(|| in_order(list), Ok)?;
    if items.iter().any(Value::is_null) {
        return Stop::lost("a value is null");
    }
    let known = booleans(items)?;
    if known.contains(&Some(!all)) {
        return Ok(Value::bool(!all));
    }
    match list.first_unknown() {
        Some(unknown) => Err(Stop::Unknown(unknown.made_of())),
        None => Ok(Value::bool(all)),
    }
}
