//! One operator of a leaf: does it fit the path, and can its operand be real?

use regex::Regex;

use super::Compiler;
use super::constant::{constant, length_constant};
use super::operand::Operand;
use crate::mistake::{Mistake, nearest};
use crate::rule::written::{OPERATORS, Placed, WrittenOperator};
use crate::rule::{Leaf, Operator, Predicate};
use crate::schema::{Kind, Node, NodeId, Path, schema};
use crate::value::Value;

/// Compiles one operator; `None` after at least one mistake.
pub(super) fn operator(
    compiler: &mut Compiler<'_>,
    written: &WrittenOperator,
    path: &Placed,
    id: Option<NodeId>,
) -> Option<Operator> {
    let node = id.map(|id| schema().node(id));
    let name = written.name.0.as_str();
    if let Some(node) = node.filter(|node| !fits(name, node)) {
        let what = if node.secret {
            "secret".to_owned()
        } else {
            kind_words(node)
        };
        let message = format!("`{name}` does not fit `{}`, which is a {what}", path.0);
        let fitting: Vec<String> = OPERATORS
            .iter()
            .filter(|name| fits(name, node))
            .map(|name| format!("`{name}`"))
            .collect();
        let mut help = format!("what fits: {}", fitting.join(", "));
        if matches!(node.kind, Kind::Structure) {
            help = format!("{help}; or name one of its members");
        }
        compiler.mistake(written.name.1.clone(), message, "does not fit", Some(help));
        return None;
    }
    let operand = compiler.operand(&written.operand)?;
    let operator = match build(name, &operand, node) {
        Ok(operator) => operator,
        Err(mistake) => {
            compiler.mistakes.push(mistake);
            return None;
        }
    };
    let known = Path::parse(&path.0).ok();
    let leaf = known.map(|path| Leaf {
        path,
        node: id,
        operators: vec![operator.clone()],
    });
    let always = length_constant(&operator, node).or_else(|| constant(&Predicate::Leaf(leaf?)));
    if let (Some(always), Some(node)) = (always, node) {
        compiler
            .mistakes
            .push(constant_mistake(&operand, &operator, node, always));
        return None;
    }
    Some(operator)
}

fn constant_mistake(operand: &Operand, operator: &Operator, node: &Node, always: bool) -> Mistake {
    let message = if always {
        "this can never fail"
    } else {
        "this can never hold"
    };
    let can_be = match operator {
        Operator::LengthAtLeast(_) | Operator::LengthAtMost(_) => "the length can be",
        _ => "the value can be",
    };
    let label = format!("{can_be} {}", domain_words(node));
    let path = &node.path;
    let mistake = operand.mistake(format!("{message}: `{path}` {}", expectation(operator)), label);
    if let (Operator::Present(_), Some(default)) = (operator, &node.defaults.any) {
        return match default {
            Value::List(_) | Value::Map(_) => {
                mistake.help("one that is left out is empty: use `length-at-least = 1`")
            }
            _ => mistake.help(format!(
                "one that is left out counts as {default}: compare the value"
            )),
        };
    }
    if always && !node.never_absent() {
        return mistake.help("to ask only whether it is there, use `present = true`");
    }
    mistake
}

fn expectation(operator: &Operator) -> String {
    match operator {
        Operator::Present(true) => "is always there".to_owned(),
        Operator::Present(false) => "is never absent".to_owned(),
        _ => format!("is expected to be {}", operator.expected()),
    }
}

/// What values the API allows, in words.
fn domain_words(node: &Node) -> String {
    if !node.values.is_empty() {
        return node.values.join(", ");
    }
    match (node.min, node.max) {
        (Some(min), Some(max)) => format!("{min} to {max}"),
        (None, Some(max)) => format!("0 to {max}"),
        (Some(min), None) => format!("{min} or more"),
        (None, None) if node.kind == Kind::Boolean => "true or false".to_owned(),
        (None, None) => "0 or more".to_owned(),
    }
}

fn kind_words(node: &Node) -> String {
    match (node.kind, node.element.map(|id| schema().node(id))) {
        (Kind::List, Some(element)) => format!("list of {}s", element.kind.word()),
        (kind, _) if node.numeric => format!("{} that holds a number", kind.word()),
        (kind, _) if !node.values.is_empty() => format!("{} with fixed values", kind.word()),
        (kind, _) => kind.word().to_owned(),
    }
}

/// Whether an operator can be asked of a value of the node's type.
fn fits(operator: &str, node: &Node) -> bool {
    if node.secret {
        return operator == "present";
    }
    let structures = node
        .element
        .is_some_and(|id| schema().node(id).kind == Kind::Structure);
    match operator {
        "present" => true,
        "equals" | "not-equals" => matches!(node.kind, Kind::String | Kind::Integer | Kind::Boolean),
        "one-of" | "none-of" => matches!(node.kind, Kind::String | Kind::Integer),
        "at-least" | "at-most" => node.kind == Kind::Integer || node.numeric,
        "matches" | "not-matches" => node.kind == Kind::String,
        "contains" | "not-contains" | "contains-all" | "contains-only" => {
            node.kind == Kind::Map || (node.kind == Kind::List && !structures)
        }
        "length-at-least" | "length-at-most" => {
            matches!(node.kind, Kind::List | Kind::Map)
                || (node.kind == Kind::String && node.values.is_empty())
        }
        "older-than" | "newer-than" => node.kind == Kind::Timestamp,
        _ => false,
    }
}

fn build(name: &str, operand: &Operand, node: Option<&Node>) -> Result<Operator, Mistake> {
    let element = node.and_then(|node| node.element).map(|id| schema().node(id));
    // The keys of a map are any text.
    let inner = element.filter(|_| node.is_some_and(|node| node.kind == Kind::List));
    Ok(match name {
        "equals" => Operator::Equals(scalar(operand, &operand.value, node)?),
        "not-equals" => Operator::NotEquals(scalar(operand, &operand.value, node)?),
        "one-of" => Operator::OneOf(scalars(operand, node, true)?),
        "none-of" => Operator::NoneOf(scalars(operand, node, true)?),
        "at-least" => Operator::AtLeast(integer(operand, name)?),
        "at-most" => Operator::AtMost(integer(operand, name)?),
        "matches" => Operator::Matches(pattern(operand, name)?),
        "not-matches" => Operator::NotMatches(pattern(operand, name)?),
        "present" => Operator::Present(truth(operand)?),
        "contains" => Operator::Contains(scalar(operand, &operand.value, inner)?),
        "not-contains" => Operator::NotContains(scalar(operand, &operand.value, inner)?),
        "contains-all" => Operator::ContainsAll(scalars(operand, inner, true)?),
        "contains-only" => Operator::ContainsOnly(scalars(operand, inner, false)?),
        "length-at-least" => Operator::LengthAtLeast(integer(operand, name)?),
        "length-at-most" => Operator::LengthAtMost(integer(operand, name)?),
        "older-than" => age(operand, name).map(|(millis, text)| Operator::OlderThan(millis, text))?,
        _ => age(operand, name).map(|(millis, text)| Operator::NewerThan(millis, text))?,
    })
}

/// An operand that is compared with the value as it is.
fn scalar(operand: &Operand, value: &Value, node: Option<&Node>) -> Result<Value, Mistake> {
    let label = || format!("this is {}", value.kind());
    if matches!(value, Value::List(_) | Value::Map(_) | Value::Float(_)) {
        return Err(operand.mistake("a string, an integer or a boolean is wanted here", label()));
    }
    let Some(node) = node else {
        return Ok(value.clone());
    };
    let wanted = match (node.kind, value) {
        (Kind::Integer, Value::Int(_)) | (Kind::Boolean, Value::Bool(_)) => return Ok(value.clone()),
        (Kind::String, Value::String(text)) => return string_operand(operand, text, node),
        (Kind::Integer, _) => "an integer",
        (Kind::Boolean, _) => "true or false",
        _ => "a string",
    };
    let mistake = operand.mistake(format!("`{}` is compared with {wanted}", node.path), label());
    Err(match (node.kind, value) {
        (Kind::Integer | Kind::Boolean, Value::String(text)) => {
            mistake.help(format!("write it without quotes: {text}"))
        }
        (Kind::String, _) if node.values.is_empty() => {
            mistake.help(format!("write it in quotes: \"{value}\""))
        }
        (Kind::String, _) => mistake.help(format!("one of {}", quoted(node))),
        _ => mistake,
    })
}

fn string_operand(operand: &Operand, text: &str, node: &Node) -> Result<Value, Mistake> {
    if !node.values.is_empty() {
        let Some(known) = node.values.iter().find(|known| *known == text) else {
            let message = format!("`{}` is never \"{text}\"", node.path);
            let near = nearest(text, node.values.iter().map(AsRef::as_ref));
            let guess = near
                .map(|near| format!("did you mean \"{near}\"? It is "))
                .unwrap_or_default();
            return Err(operand
                .mistake(message, "no such value")
                .help(format!("{guess}one of {}", quoted(node))));
        };
        return Ok(Value::String(known.clone()));
    }
    let length = text.chars().count() as i64;
    if node.max.is_some_and(|max| length > max) || node.min.is_some_and(|min| length < min) {
        let message = format!("`{}` is never \"{text}\"", node.path);
        let label = format!(
            "this has {length} characters, and the API takes {}",
            domain_words(node)
        );
        return Err(operand.mistake(message, label));
    }
    Ok(Value::String(text.to_owned().into()))
}

fn quoted(node: &Node) -> String {
    node.values
        .iter()
        .map(|value| format!("\"{value}\""))
        .collect::<Vec<_>>()
        .join(", ")
}

/// An array of operands. An empty one asks nothing, unless `needed` is false.
fn scalars(operand: &Operand, node: Option<&Node>, needed: bool) -> Result<Vec<Value>, Mistake> {
    let Value::List(items) = &operand.value else {
        let label = format!("this is {}", operand.value.kind());
        let help = format!("write an array: [{}]", operand.value.to_json());
        return Err(operand.mistake("an array is wanted here", label).help(help));
    };
    if items.is_empty() && needed {
        return Err(operand
            .mistake("an empty array asks nothing", "empty")
            .help("put the values into it"));
    }
    let mut values: Vec<Value> = Vec::new();
    for item in items {
        let value = scalar(operand, item, node)?;
        if values.contains(&value) {
            return Err(operand.mistake(format!("{value} stands twice in this array"), ""));
        }
        values.push(value);
    }
    Ok(values)
}

fn integer(operand: &Operand, name: &str) -> Result<i64, Mistake> {
    match &operand.value {
        Value::Int(n) => Ok(*n),
        other => {
            let mistake = operand.mistake(
                format!("`{name}` must be an integer"),
                format!("this is {}", other.kind()),
            );
            Err(match other.as_str().filter(|text| text.parse::<i64>().is_ok()) {
                Some(text) => mistake.help(format!("write it without quotes: {text}")),
                None => mistake,
            })
        }
    }
}

fn truth(operand: &Operand) -> Result<bool, Mistake> {
    match &operand.value {
        Value::Bool(wanted) => Ok(*wanted),
        other => Err(operand.mistake(
            "`present` must be true or false",
            format!("this is {}", other.kind()),
        )),
    }
}

fn pattern(operand: &Operand, name: &str) -> Result<Regex, Mistake> {
    let Some(text) = operand.value.as_str() else {
        let label = format!("this is {}", operand.value.kind());
        return Err(operand.mistake(
            format!("`{name}` must be a regular expression in a string"),
            label,
        ));
    };
    Regex::new(text).map_err(|error| {
        let error = error.to_string();
        let reason = error
            .lines()
            .last()
            .unwrap_or_default()
            .trim_start_matches("error: ")
            .to_owned();
        let mistake = operand.mistake("this is no regular expression", reason.clone());
        let help = match reason.contains("look-around") || reason.contains("backreference") {
            true => "look-around and backreferences are not supported: use `none` or a second operator",
            false => "in TOML, a pattern is easiest to write in single quotes: '^prod-'",
        };
        mistake.help(help)
    })
}

/// An age such as `90d`, in milliseconds.
fn age(operand: &Operand, name: &str) -> Result<(i64, String), Mistake> {
    let read = operand.value.as_str().and_then(|text| {
        let (number, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit())?);
        let seconds = match unit {
            "m" => 60,
            "h" => 3_600,
            "d" => 86_400,
            "w" => 7 * 86_400,
            "y" => 365 * 86_400,
            _ => return None,
        };
        let millis = number.parse::<i64>().ok()?.checked_mul(seconds * 1000)?;
        (millis > 0).then(|| (millis, text.to_owned()))
    });
    read.ok_or_else(|| {
        let help = "a number and a unit: \"30m\", \"12h\", \"90d\", \"6w\", \"2y\"";
        operand
            .mistake(format!("`{name}` must be an age"), "this is none")
            .help(help)
    })
}
