//! Makes an operator of its operand, if the operand can be real.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::domain_words;
use crate::diagnostic::{SourceDiagnostic, nearest};
use crate::rule::compile::operand::Operand;
use crate::rule::operator::Pattern;
use crate::rule::{Operator, OperatorName};
use crate::schema::{Kind, Node, schema};
use crate::spanned::Toml;
use crate::value::Value;

pub(super) fn build(
    name: OperatorName,
    operand: &Operand,
    node: Option<&Node>,
) -> Result<Operator, Vec<SourceDiagnostic>> {
    let element = node.and_then(|node| node.element).map(|id| schema().node(id));
    // The keys of a map are any text.
    let inner = element.filter(|_| node.is_some_and(|node| node.kind == Kind::List));
    let one = |mistake| vec![mistake];
    match name {
        OperatorName::OneOf => scalars(operand, node, true).map(Operator::OneOf),
        OperatorName::NoneOf => scalars(operand, node, true).map(Operator::NoneOf),
        OperatorName::ContainsAll => scalars(operand, inner, true).map(Operator::ContainsAll),
        OperatorName::ContainsOnly => scalars(operand, inner, false).map(Operator::ContainsOnly),
        OperatorName::Equals => single(operand, name, node).map(Operator::Equals).map_err(one),
        OperatorName::NotEquals => single(operand, name, node).map(Operator::NotEquals).map_err(one),
        OperatorName::Contains => single(operand, name, inner).map(Operator::Contains).map_err(one),
        OperatorName::NotContains => single(operand, name, inner).map(Operator::NotContains).map_err(one),
        OperatorName::AtLeast => integer(operand, name).map(Operator::AtLeast).map_err(one),
        OperatorName::AtMost => integer(operand, name).map(Operator::AtMost).map_err(one),
        OperatorName::LengthAtLeast => integer(operand, name).map(Operator::LengthAtLeast).map_err(one),
        OperatorName::LengthAtMost => integer(operand, name).map(Operator::LengthAtMost).map_err(one),
        OperatorName::Matches => pattern(operand, name).map(Operator::Matches).map_err(one),
        OperatorName::NotMatches => pattern(operand, name).map(Operator::NotMatches).map_err(one),
        OperatorName::PrefixAtLeast => prefix(operand, name).map(Operator::PrefixAtLeast).map_err(one),
        OperatorName::Present => truth(operand).map(Operator::Present).map_err(one),
        OperatorName::OlderThan => {
            age(operand, name).map(|(millis, text)| Operator::OlderThan(millis, text)).map_err(one)
        }
        OperatorName::NewerThan => {
            age(operand, name).map(|(millis, text)| Operator::NewerThan(millis, text)).map_err(one)
        }
    }
}

/// The operand of an operator that compares with one value.
fn single(operand: &Operand, name: OperatorName, node: Option<&Node>) -> Result<Value, SourceDiagnostic> {
    let Some(elements) = operand.elements() else {
        return scalar(operand, node);
    };
    let mistake = operand.wrong_kind(format!("`{}` takes one value", name.word()));
    let several = match name {
        OperatorName::Equals => "`one-of`",
        OperatorName::NotEquals => "`none-of`",
        OperatorName::Contains => "`contains-all`",
        _ => "`none = [...]` with one `contains` each",
    };
    Err(match elements.as_slice() {
        [one] => mistake.help(format!("take it out of the brackets: {}", one.source())),
        _ => mistake.help(format!("for several values, use {several}")),
    })
}

/// An operand that is compared with the value as it is.
fn scalar(operand: &Operand, node: Option<&Node>) -> Result<Value, SourceDiagnostic> {
    let value = &operand.value;
    if let Toml::Date(date) = &operand.item.toml {
        let mistake = operand.wrong_kind("a value cannot be compared with a date");
        return Err(match node {
            Some(node) if node.kind != Kind::String => mistake,
            _ => mistake.help(format!("to compare with text, put it in quotes: \"{date}\"")),
        });
    }
    let Some(node) = node else {
        return match value {
            Value::List(_) | Value::Map(_) | Value::Float(_) => {
                Err(operand.wrong_kind("a string, an integer or a boolean is wanted here"))
            }
            _ => Ok(value.clone()),
        };
    };
    let wanted = match (node.kind, value) {
        (Kind::Integer, Value::Int(n)) => return integer_operand(operand, *n, node),
        (Kind::Boolean, Value::Bool(_)) => return Ok(value.clone()),
        (Kind::String, Value::String(text)) => return string_operand(operand, text, node),
        (Kind::Integer, _) => "an integer",
        (Kind::Boolean, _) => "true or false",
        _ => "a string",
    };
    let mistake = operand.wrong_kind(format!("{} is compared with {wanted}", node.called()));
    Err(match (node.kind, value) {
        (Kind::Integer, Value::String(text)) if text.parse::<i64>().is_ok() => {
            mistake.help(format!("write it without quotes: {text}"))
        }
        (Kind::Boolean, Value::String(text)) if matches!(text.as_ref(), "true" | "false") => {
            mistake.help(format!("write it without quotes: {text}"))
        }
        (Kind::Integer | Kind::Boolean, _) => {
            mistake.help(format!("the value can be {}", domain_words(node)))
        }
        _ if !node.values.is_empty() => mistake.help(format!("one of {}", quoted(node))),
        (_, Value::Int(_) | Value::Bool(_)) => mistake.help(format!("put it in quotes: \"{value}\"")),
        _ => mistake,
    })
}

fn integer_operand(operand: &Operand, n: i64, node: &Node) -> Result<Value, SourceDiagnostic> {
    if node.max.is_some_and(|max| n > max) || node.min.is_some_and(|min| n < min) {
        let label = format!("the value can be {}", domain_words(node));
        return Err(operand.mistake(format!("{} is never {n}", node.called()), label));
    }
    Ok(Value::Int(n))
}

fn string_operand(operand: &Operand, text: &str, node: &Node) -> Result<Value, SourceDiagnostic> {
    let message = format!("{} is never \"{text}\"", node.called());
    if !node.values.is_empty() {
        let Some(known) = node.values.iter().find(|known| *known == text) else {
            let near = nearest(text, node.values.iter().map(AsRef::as_ref));
            let guess = near.map(|near| format!("did you mean \"{near}\"? It is ")).unwrap_or_default();
            return Err(operand
                .mistake(message, "no such value")
                .help(format!("{guess}one of {}", quoted(node))));
        };
        return Ok(Value::String(known.clone()));
    }
    let length = text.chars().count() as i64;
    if node.max.is_some_and(|max| length > max) || node.min.is_some_and(|min| length < min) {
        let label = format!("this has {length} characters, and the API takes {}", domain_words(node));
        return Err(operand.mistake(message, label));
    }
    Ok(Value::String(text.to_owned().into()))
}

fn quoted(node: &Node) -> String {
    node.values.iter().map(|value| format!("\"{value}\"")).collect::<Vec<_>>().join(", ")
}

/// An array of operands. An empty one asks nothing, unless `needed` is false.
fn scalars(
    operand: &Operand,
    node: Option<&Node>,
    needed: bool,
) -> Result<Vec<Value>, Vec<SourceDiagnostic>> {
    let Some(elements) = operand.elements() else {
        let help = format!("put it in brackets: [{}]", operand.source());
        return Err(vec![operand.wrong_kind("an array is wanted here").help(help)]);
    };
    if elements.is_empty() && needed {
        return Err(vec![
            operand.mistake("an empty array asks nothing", "empty").help("put the values into it"),
        ]);
    }
    let mut values = Vec::new();
    let mut first_places: BTreeMap<String, &Operand> = BTreeMap::new();
    let mut mistakes = Vec::new();
    for element in &elements {
        match scalar(element, node) {
            Err(mistake) => mistakes.push(match element.value {
                Value::Map(_) => mistake.help("a parameter replaces the whole array: `{ param = \"name\" }`"),
                Value::List(_) => mistake.help("take the inner brackets out"),
                _ => mistake,
            }),
            Ok(value) => match first_places.entry(format!("{value:?}")) {
                Entry::Occupied(first) => {
                    let mistake = element
                        .mistake(format!("{} appears twice in this array", element.source()), "again here");
                    mistakes.push(
                        mistake
                            .also(first.get().item.at.clone(), "first here")
                            .help("take one of the two out"),
                    );
                }
                Entry::Vacant(first) => {
                    first.insert(element);
                    values.push(value);
                }
            },
        }
    }
    match mistakes.is_empty() {
        true => Ok(values),
        false => Err(mistakes),
    }
}

fn integer(operand: &Operand, name: OperatorName) -> Result<i64, SourceDiagnostic> {
    if let Value::Int(n) = &operand.value {
        return Ok(*n);
    }
    let mistake = operand.wrong_kind(format!("`{}` must be an integer", name.word()));
    Err(match operand.value.as_str().filter(|text| text.parse::<i64>().is_ok()) {
        Some(text) => mistake.help(format!("write it without quotes: {text}")),
        None => mistake.help("write a whole number, such as 12"),
    })
}

/// The bits of a network, which an IPv6 address has up to 128 of. Every range has 0 or more.
fn prefix(operand: &Operand, name: OperatorName) -> Result<i64, SourceDiagnostic> {
    let bits = integer(operand, name)?;
    match bits {
        1..=128 => Ok(bits),
        _ => {
            let message = format!("`{}` must be from 1 to 128", name.word());
            Err(operand.mistake(message, "makes no difference"))
        }
    }
}

fn truth(operand: &Operand) -> Result<bool, SourceDiagnostic> {
    if let Value::Bool(wanted) = &operand.value {
        return Ok(*wanted);
    }
    let mistake = operand.wrong_kind("`present` must be true or false");
    Err(match operand.value.as_str().filter(|text| matches!(*text, "true" | "false")) {
        Some(text) => mistake.help(format!("write it without quotes: {text}")),
        None => mistake.help("write `present = true` or `present = false`"),
    })
}

fn pattern(operand: &Operand, name: OperatorName) -> Result<Pattern, SourceDiagnostic> {
    let Some(text) = operand.value.as_str() else {
        let mistake =
            operand.wrong_kind(format!("`{}` must be a regular expression in a string", name.word()));
        return Err(mistake.help("put it in single quotes: '^prod-'"));
    };
    if text.is_empty() {
        let mistake = operand.mistake("an empty regular expression matches every text", "empty");
        return Err(mistake.help("to ask whether there is a text, use `present = true`"));
    }
    // Built-in rules alone have an index, and a pattern with a parameter put in is not what a test has compiled.
    let as_written = matches!(&operand.item.toml, Toml::String(written) if written == text);
    if operand.source_file.index.is_some() && as_written {
        return Ok(Pattern::proven(text));
    }
    Pattern::new(text, most_bytes(operand.source_file.text())).map_err(|error| {
        if matches!(error, regex::Error::CompiledTooBig(_)) {
            let label = "it takes too much memory, with the others of the file";
            let help = "repeat less: `\\w{400}` has 400 copies of all letters that there are; `[0-9A-Za-z_]{400}` takes a hundredth";
            return operand.mistake("this regular expression is too large", label).help(help);
        }
        let error = error.to_string();
        let reason = error.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
        let help = match reason.contains("look-around") || reason.contains("backreference") {
            true => "write it without: exclude with `not-matches`, or with a second predicate",
            false => "a character with a meaning of its own is plain after a backslash: '\\(', '\\['",
        };
        operand.mistake("this is not a regular expression", reason).help(help)
    })
}

/// The bytes that a regular expression of a file may be compiled to. `\\w{64}` takes 4 MB and 25 ms, so that the
/// patterns of a text of 2 KB are compiled in less than a second and 100 MB, however many there are.
fn most_bytes(text: &str) -> usize {
    const MOST: usize = 10 << 20;
    let patterns = text.matches("matches").count().max(1);
    (((16 << 20) + (32 << 10) * text.len()) / patterns).min(MOST)
}

/// An age such as `90d`, in milliseconds.
fn age(operand: &Operand, name: OperatorName) -> Result<(i64, String), SourceDiagnostic> {
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
        let digits = operand.source().trim_matches('"');
        let help = match !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit()) {
            true => format!("add the unit, such as d for days: \"{digits}d\""),
            false => "a number and a unit: \"30m\", \"12h\", \"90d\", \"6w\", \"2y\"".to_owned(),
        };
        operand.mistake(format!("`{}` must be an age", name.word()), "not an age").help(help)
    })
}
