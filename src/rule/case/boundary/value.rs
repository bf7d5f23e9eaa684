//! The values on both sides of a bound, and what operators say of them.

use crate::rule::operator::Measure;
use crate::rule::{Leaf, Operator, Verdict};
use crate::schema::{ArnPart, Aspect, Kind, Node, NodeId, schema};
use crate::value::{Map, Text, Value};

/// The values of a path that its operators tell apart.
pub(super) fn values(node: &Node, operators: &[Operator]) -> Vec<Value> {
    if operators.iter().any(|operator| matches!(operator, Operator::Present(_))) {
        return sample(node).into_iter().chain([Value::Null]).collect();
    }
    let possible = |n: &i64| node.min.is_none_or(|min| *n >= min) && node.max.is_none_or(|max| *n <= max);
    let around = |of: Measure| {
        let bounds = operators.iter().filter_map(Operator::bound).filter(move |bound| bound.of == of);
        bounds.flat_map(|bound| [bound.at - 1, bound.at, bound.at + 1])
    };
    match node.kind {
        Kind::Integer => {
            let named = operators.iter().flat_map(Operator::named).filter_map(|value| match value {
                Value::Int(n) => Some([n - 1, *n, n + 1]),
                _ => None,
            });
            let numbers = around(Measure::Number).chain(named.flatten());
            numbers.filter(possible).map(Value::Int).collect()
        }
        Kind::String if !node.values.is_empty() => node.values.iter().cloned().map(Value::String).collect(),
        Kind::Boolean => vec![Value::Bool(true), Value::Bool(false)],
        Kind::List => {
            let Some(element) = node.element else { return Vec::new() };
            let of_length = |n: i64| {
                let elements: Option<Vec<Value>> = (0..n).map(|at| distinct(element, at)).collect();
                elements.map(Value::List)
            };
            // An empty list may stand for the default.
            let least = i64::from(node.empty_is_default);
            let sizes = around(Measure::Length).filter(|n| *n >= least).filter(possible);
            sizes.filter_map(of_length).chain(lists(schema().node(element), operators)).collect()
        }
        Kind::String => texts(operators).into_iter().map(|text| Value::String(text.into())).collect(),
        Kind::Timestamp => vec![Value::Time(LONG_AGO), Value::Time(LONG_AHEAD)],
        Kind::Map => {
            let named: Vec<Text> = operators
                .iter()
                .flat_map(Operator::named)
                .filter_map(|value| Some(value.as_str()?.to_owned().into()))
                .collect();
            let sized = around(Measure::Length).filter_map(|n| usize::try_from(n).ok());
            let keys =
                sized.map(|n| (0..n).map(|at| Text::from(format!("example-{at}"))).collect::<Vec<_>>());
            let mut maps: Vec<Vec<Text>> = keys.collect();
            if !named.is_empty() {
                maps.extend([named, vec!["example".into()]]);
            }
            let value = node.element.and_then(|id| sample(schema().node(id)));
            let value = value.unwrap_or_else(|| Value::Map(Map::default()));
            let map =
                |keys: Vec<Text>| Value::Map(Map(keys.into_iter().map(|key| (key, value.clone())).collect()));
            maps.into_iter().map(map).collect()
        }
        Kind::Structure => Vec::new(),
    }
}

/// 1900, which is longer ago than any age in a rule, and 9999, both in milliseconds.
const LONG_AGO: i64 = -2_208_988_800_000;
const LONG_AHEAD: i64 = 253_370_764_800_000;

/// Ages below this many milliseconds are shorter ago than 1900, even in 1970.
const LONG: i64 = 60 * 365 * 86_400_000;

/// A value that the path can have.
pub(super) fn sample(node: &Node) -> Option<Value> {
    let inner = || node.element.and_then(|id| sample(schema().node(id)));
    Some(match node.kind {
        Kind::String if node.secret => Value::Secret,
        Kind::String => match node.values.first() {
            Some(value) => Value::String(value.clone()),
            None => {
                let least = usize::try_from(node.min.unwrap_or(0)).ok()?;
                Value::String(format!("{:e<least$}", "example").into())
            }
        },
        Kind::Integer => Value::Int(node.min.unwrap_or(0).max(1)),
        Kind::Boolean => Value::Bool(true),
        Kind::Timestamp => Value::Time(LONG_AGO),
        Kind::List => Value::List(vec![inner()?]),
        Kind::Map => Value::Map(Map(vec![("example".into(), inner()?)].into())),
        Kind::Structure => {
            let members = node.members.iter().map(|id| schema().node(*id));
            let mut known = members.filter(|member| member.is_sent());
            let first = known.find_map(|member| Some((member.name.clone(), sample(member)?)))?;
            Value::Map(Map(vec![first].into()))
        }
    })
}

/// Texts that are named and another, those of a length at a bound, and ranges of addresses.
pub(super) fn texts(operators: &[Operator]) -> Vec<String> {
    let named = operators.iter().flat_map(Operator::named).filter_map(Value::as_str).map(str::to_owned);
    let mut texts: Vec<String> = named.collect();
    if !texts.is_empty() {
        texts.push("example".to_owned());
    }
    for operator in operators {
        if let Operator::Matches(regex) | Operator::NotMatches(regex) = operator
            && let Some(start) = literal_start(regex.as_str())
        {
            texts.extend([start, "example".to_owned()]);
        }
    }
    for bound in operators.iter().filter_map(Operator::bound) {
        let around = [bound.at - 1, bound.at, bound.at + 1];
        match bound.of {
            Measure::Length => {
                let sizes = around.into_iter().filter_map(|n| usize::try_from(n).ok());
                texts.extend(sizes.filter(|n| *n > 0).map(|n| "e".repeat(n)));
            }
            Measure::Prefix => {
                texts.extend(
                    around.iter().filter(|n| (0..=32).contains(*n)).map(|n| format!("192.0.2.0/{n}")),
                );
            }
            Measure::Number | Measure::Age => {}
        }
    }
    texts
}

/// The text that a pattern begins with, which may or may not match it as a whole.
fn literal_start(pattern: &str) -> Option<String> {
    let pattern = pattern.strip_prefix('^').unwrap_or(pattern);
    let start: String = pattern.chars().take_while(|c| !r"\.+*?()|[]{}^$#&~".contains(*c)).collect();
    // A quantifier may take the last character away.
    let is_whole = pattern[start.len()..].chars().next().is_none_or(|next| !"*?{|".contains(next));
    Some(start).filter(|start| is_whole && !start.is_empty())
}

/// Values of a path, each with the value that the operators see: the part of an ARN that the path asks for.
pub(super) fn judged(leaf: &Leaf, node: &Node) -> Vec<(Value, Value)> {
    match leaf.path.aspect {
        Aspect::Arn(part) => arns(part, &leaf.operators),
        Aspect::Value => {
            values(node, &leaf.operators).into_iter().map(|value| (value.clone(), value)).collect()
        }
        Aspect::Members | Aspect::Plain | Aspect::Key | Aspect::Scopes | Aspect::Outer | Aspect::Source => {
            Vec::new()
        }
    }
}

/// ARNs that differ in a part which operators tell apart, each with the part; where they ask for its presence, an ARN
/// and nothing.
fn arns(part: ArnPart, operators: &[Operator]) -> Vec<(Value, Value)> {
    if operators.iter().any(|operator| matches!(operator, Operator::Present(_))) {
        let text = other(part);
        return vec![(arn(&[(part, text)]), Value::String(text.into())), (Value::Null, Value::Null)];
    }
    let of = |text: String| (arn(&[(part, &text)]), Value::String(text.into()));
    parts(part, operators).into_iter().map(of).collect()
}

/// Texts of a part of an ARN that operators tell apart.
pub(super) fn parts(part: ArnPart, operators: &[Operator]) -> Vec<String> {
    let texts = texts(operators).into_iter().filter(|text| !text.is_empty() && !text.contains(':'));
    texts.map(|text| if text == "example" { other(part).to_owned() } else { text }).collect()
}

/// A text of a part that no rule names.
fn other(part: ArnPart) -> &'static str {
    match part {
        ArnPart::Partition => "aws-cn",
        ArnPart::Service => "example",
        ArnPart::Region => "eu-north-1",
        ArnPart::Account => "444455556666",
    }
}

/// An ARN with these parts. A part that is there twice is the first.
pub(super) fn arn(given: &[(ArnPart, &str)]) -> Value {
    let or = |part: ArnPart, usual: &'static str| {
        given
            .iter()
            .find(|(own, _)| *own == part)
            .map_or_else(|| usual.to_owned(), |(_, text)| (*text).to_owned())
    };
    let [partition, service, region, account] = [
        or(ArnPart::Partition, "aws"),
        or(ArnPart::Service, "lambda"),
        or(ArnPart::Region, "eu-west-1"),
        or(ArnPart::Account, "111122223333"),
    ];
    Value::String(format!("arn:{partition}:{service}:{region}:{account}:function:example").into())
}

/// A value of an element besides those.
fn another(element: &Node, named: &[Value]) -> Option<Value> {
    let possible = match element.kind {
        Kind::Integer => (element.min.unwrap_or(0)..=element.max.unwrap_or(i64::MAX)).take(named.len() + 1),
        Kind::Boolean => {
            return [true, false].map(Value::Bool).into_iter().find(|value| !named.contains(value));
        }
        _ => return Some(Value::String("example".into())),
    };
    possible.map(Value::Int).find(|value| !named.contains(value))
}

/// Lists of each value that is named, of all of them, and of those with another.
fn lists(element: &Node, operators: &[Operator]) -> Vec<Value> {
    let named: Vec<Value> = operators.iter().flat_map(Operator::named).cloned().collect();
    if named.is_empty() {
        return Vec::new();
    }
    let mut others = element.values.iter().cloned().map(Value::String);
    let other = match element.values.is_empty() {
        true => another(element, &named),
        false => others.find(|value| !named.contains(value)),
    };
    let mut lists: Vec<Vec<Value>> = named.iter().map(|value| vec![value.clone()]).collect();
    lists.extend(other.iter().map(|other| vec![other.clone()]));
    lists.push(named.iter().cloned().chain(other).collect());
    lists.extend(Some(named).filter(|named| named.len() > 1));
    lists.into_iter().map(Value::List).collect()
}

/// An element that differs from the others.
pub(super) fn distinct(element: NodeId, at: i64) -> Option<Value> {
    let node = schema().node(element);
    let text = Value::String(format!("example-{at}").into());
    match node.kind {
        Kind::Structure => {
            let key = schema().node(node.parent).key.clone();
            let member = key.as_ref().and_then(|key| schema().member(element, key));
            let value = member.and_then(|member| distinct(member, at));
            Some(Value::Map(Map(key.into_iter().zip(value).collect())))
        }
        Kind::String if node.values.is_empty() => Some(text),
        Kind::String => node.values.get(usize::try_from(at).ok()?).cloned().map(Value::String),
        Kind::Integer | Kind::Boolean | Kind::Timestamp | Kind::List | Kind::Map => None,
    }
}

/// The meaning of operators for a value, independent of the code that evaluates them.
pub(super) fn expected(operators: &[Operator], value: &Value) -> Option<Verdict> {
    let holds: Option<Vec<bool>> = operators.iter().map(|operator| holds(operator, value)).collect();
    Some(if holds?.into_iter().all(|holds| holds) { Verdict::Pass } else { Verdict::Fail })
}

fn holds(operator: &Operator, value: &Value) -> Option<bool> {
    if *value == Value::Null {
        return match operator {
            Operator::Present(wanted) => Some(!wanted),
            _ => None,
        };
    }
    let number = if let Value::Int(n) = value { *n } else { 0 };
    let text = || value.as_str().unwrap_or_default();
    // Of a map, it is the keys that are asked for.
    let elements: Vec<Value> = match value {
        Value::List(items) => items.clone(),
        Value::Map(map) => map.0.iter().map(|(key, _)| Value::String(key.clone())).collect(),
        _ => Vec::new(),
    };
    let is_sized = matches!(value, Value::List(_) | Value::Map(_));
    let size = elements.len() as i64;
    Some(match operator {
        Operator::AtLeast(n) => number >= *n,
        Operator::AtMost(n) => number <= *n,
        Operator::Equals(wanted) => wanted == value,
        Operator::NotEquals(unwanted) => unwanted != value,
        Operator::OneOf(wanted) => wanted.iter().any(|one| one == value),
        Operator::NoneOf(unwanted) => unwanted.iter().all(|one| one != value),
        Operator::Matches(regex) => regex.is_match(text()),
        Operator::NotMatches(regex) => !regex.is_match(text()),
        Operator::Present(wanted) => *wanted,
        Operator::Contains(wanted) => elements.contains(wanted),
        Operator::NotContains(unwanted) => !elements.contains(unwanted),
        Operator::ContainsAll(wanted) => wanted.iter().all(|value| elements.contains(value)),
        Operator::ContainsOnly(allowed) => elements.iter().all(|one| allowed.contains(one)),
        Operator::LengthAtLeast(n) if is_sized => size >= *n,
        Operator::LengthAtMost(n) if is_sized => size <= *n,
        Operator::LengthAtLeast(n) => text().chars().count() as i64 >= *n,
        Operator::LengthAtMost(n) => text().chars().count() as i64 <= *n,
        Operator::PrefixAtLeast(n) => text().split_once('/')?.1.parse::<i64>().ok()? >= *n,
        Operator::OlderThan(age, _) if *age < LONG => *value == Value::Time(LONG_AGO),
        Operator::NewerThan(age, _) if *age < LONG => *value != Value::Time(LONG_AGO),
        Operator::OlderThan(..) | Operator::NewerThan(..) => return None,
    })
}
