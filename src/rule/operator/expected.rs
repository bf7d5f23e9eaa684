//! The expectation of an operator, in words.

use super::Operator;
use crate::schema::{Kind, Node};
use crate::value::Value;

/// An operator that must hold, or must not.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'r> {
    pub operator: &'r Operator,
    pub negated: bool,
}

/// The expectation of several operators on one value, as it reads after "expected": `at most 3 days, but not 0`.
pub fn together(asked: &[Asked<'_>], node: Option<&Node>) -> String {
    let refused: Vec<&Value> = asked.iter().filter_map(Asked::refused).flatten().collect();
    let mut wanted: Vec<String> = Vec::new();
    for one in asked.iter().filter(|one| one.refused().is_none()) {
        let phrase = one.phrase(node);
        if !wanted.contains(&phrase) {
            wanted.push(phrase);
        }
    }
    match (wanted.is_empty(), refused.is_empty()) {
        (true, _) => format!("anything but {}", either(&refused)),
        (false, true) => wanted.join(" and "),
        (false, false) => format!("{}, but not {}", wanted.join(" and "), either(&refused)),
    }
}

impl Operator {
    /// The expectation, as it reads after the word "expected": `at least 12`, `one of ON, OPTIONAL`.
    pub fn expected(&self, node: Option<&Node>) -> String {
        together(&[Asked { operator: self, negated: false }], node)
    }
}

impl<'r> Asked<'r> {
    /// The values that it refuses, if that is all it does.
    fn refused(&self) -> Option<&'r [Value]> {
        match (self.operator, self.negated) {
            // Of two values, the other is meant.
            (Operator::NotEquals(Value::Bool(_)) | Operator::Equals(Value::Bool(_)), _) => None,
            (Operator::NotEquals(value), false) | (Operator::Equals(value), true) => {
                Some(std::slice::from_ref(value))
            }
            (Operator::NoneOf(values), false) | (Operator::OneOf(values), true) => Some(values),
            _ => None,
        }
    }

    fn phrase(&self, node: Option<&Node>) -> String {
        let number = |n: i64| measured(n, node);
        let yes = !self.negated;
        match self.operator {
            Operator::Equals(value) | Operator::NotEquals(value) => match value {
                Value::Bool(b) if yes != matches!(self.operator, Operator::Equals(_)) => (!b).to_string(),
                Value::Int(n) => number(*n),
                other => other.to_string(),
            },
            Operator::OneOf(values) | Operator::NoneOf(values) => match values.as_slice() {
                [one] => one.to_string(),
                several => format!("one of {}", listed(several)),
            },
            Operator::AtLeast(n) if yes => format!("at least {}", number(*n)),
            Operator::AtLeast(n) => format!("less than {}", number(*n)),
            Operator::AtMost(n) if yes => format!("at most {}", number(*n)),
            Operator::AtMost(n) => format!("more than {}", number(*n)),
            Operator::Matches(regex) if yes => format!("text that matches /{regex}/"),
            Operator::NotMatches(regex) if !yes => format!("text that matches /{regex}/"),
            Operator::Matches(regex) | Operator::NotMatches(regex) => {
                format!("text that does not match /{regex}/")
            }
            Operator::Present(wanted) if *wanted == yes => "a value".to_owned(),
            Operator::Present(_) => "no value".to_owned(),
            Operator::Contains(value) if yes => format!("{value} among them"),
            Operator::NotContains(value) if !yes => format!("{value} among them"),
            Operator::Contains(value) | Operator::NotContains(value) => format!("no {value} among them"),
            Operator::ContainsAll(values) if yes => format!("all of {} among them", listed(values)),
            Operator::ContainsAll(values) => format!("not all of {} among them", listed(values)),
            Operator::ContainsOnly(values) if values.is_empty() && yes => "nothing in it".to_owned(),
            Operator::ContainsOnly(values) if yes => format!("only {}", listed(values)),
            Operator::ContainsOnly(values) if values.is_empty() => "something in it".to_owned(),
            Operator::ContainsOnly(values) => format!("something beside {}", listed(values)),
            Operator::LengthAtLeast(n) if yes => length("at least", *n, node),
            Operator::LengthAtLeast(n) => length("fewer than", *n, node),
            Operator::LengthAtMost(n) if yes => length("at most", *n, node),
            Operator::LengthAtMost(n) => length("more than", *n, node),
            Operator::PrefixAtLeast(bits) if yes => format!("a range of /{bits} or smaller"),
            Operator::PrefixAtLeast(bits) => format!("a range greater than /{bits}"),
            Operator::OlderThan(_, age) if yes => format!("a time more than {age} ago"),
            Operator::NewerThan(_, age) if !yes => format!("a time more than {age} ago"),
            Operator::OlderThan(_, age) | Operator::NewerThan(_, age) => {
                format!("a time within the last {age}")
            }
        }
    }
}

/// A bound of a length, in what is counted at its path where that is known.
fn length(bound: &str, n: i64, node: Option<&Node>) -> String {
    let (one, several) = match node.map(|node| node.kind) {
        Some(Kind::List) => ("element", "elements"),
        Some(Kind::Map) => ("key", "keys"),
        Some(Kind::String) => ("character", "characters"),
        _ => return format!("a length of {bound} {n}"),
    };
    format!("{bound} {n} {}", if n == 1 { one } else { several })
}

/// A number with the unit of its path, and in the greatest unit that it fills: `2592000 seconds (30 days)`.
pub fn measured(n: i64, node: Option<&Node>) -> String {
    let Some(unit) = node.and_then(Node::unit) else { return n.to_string() };
    match in_units(n, unit) {
        (own, Some(greater)) => format!("{own} ({greater})"),
        (own, None) => own,
    }
}

/// A number in its unit, and in the greatest one that it fills.
pub fn in_units(n: i64, unit: &str) -> (String, Option<String>) {
    (counted(n, unit), greater(n, unit).map(|(several, of)| counted(several, of)))
}

fn counted(n: i64, unit: &str) -> String {
    format!("{n} {}", if n == 1 { unit.trim_end_matches('s') } else { unit })
}

/// The units of time above seconds, each as a number of the one before it.
const UNITS: [(&str, i64); 4] = [("seconds", 1), ("minutes", 60), ("hours", 60), ("days", 24)];

/// The number in the greatest unit that it is a whole number of.
fn greater(n: i64, unit: &str) -> Option<(i64, &'static str)> {
    let at = UNITS.iter().position(|(own, _)| *own == unit)?;
    let mut found = None;
    let mut left = n;
    for (unit, of) in &UNITS[at + 1..] {
        if left == 0 || left % of != 0 {
            break;
        }
        left /= of;
        found = Some((left, *unit));
    }
    found
}

fn listed(values: &[Value]) -> String {
    values.iter().map(Value::to_string).collect::<Vec<_>>().join(", ")
}

/// `0, 7 or 9`.
fn either(values: &[&Value]) -> String {
    let mut words: Vec<String> = Vec::new();
    for word in values.iter().map(ToString::to_string) {
        if !words.contains(&word) {
            words.push(word);
        }
    }
    match words.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::schema;

    fn expected(asked: &[(Operator, bool)], path: &str) -> String {
        let asked: Vec<Asked<'_>> =
            asked.iter().map(|(operator, negated)| Asked { operator, negated: *negated }).collect();
        together(&asked, schema().find(path).map(|id| schema().node(id)))
    }

    #[test]
    fn numbers_have_the_unit_of_their_path() {
        let days = "Policies.PasswordPolicy.TemporaryPasswordValidityDays";
        assert_eq!(expected(&[(Operator::AtMost(3), false)], days), "at most 3 days");
        assert_eq!(expected(&[(Operator::AtMost(1), false)], days), "at most 1 day");
        let length = "Policies.PasswordPolicy.MinimumLength";
        assert_eq!(expected(&[(Operator::AtLeast(12), false)], length), "at least 12");
        let most = |n: i64, path: &str| expected(&[(Operator::AtMost(n), false)], path);
        let seconds = "Clients[].RefreshTokenLifetimeSeconds";
        assert_eq!(most(2_592_000, seconds), "at most 2592000 seconds (30 days)");
        assert_eq!(most(3600, seconds), "at most 3600 seconds (1 hour)");
        assert_eq!(most(5400, seconds), "at most 5400 seconds (90 minutes)");
        for (n, words) in [(0, "at most 0 seconds"), (59, "at most 59 seconds"), (1, "at most 1 second")] {
            assert_eq!(most(n, seconds), words);
        }
        let minutes = "Clients[].SessionConfiguration.SSOSession.MaxValidityMinutes";
        assert_eq!(most(1440, minutes), "at most 1440 minutes (1 day)");
        assert_eq!(most(10, "Clients[].AuthSessionValidity"), "at most 10 minutes");
    }

    #[test]
    fn what_is_refused_comes_last() {
        let days = "Policies.PasswordPolicy.TemporaryPasswordValidityDays";
        let none = Operator::NoneOf(vec![Value::Int(0), Value::Int(7)]);
        let asked = [(none, false), (Operator::AtMost(3), false)];
        assert_eq!(expected(&asked, days), "at most 3 days, but not 0 or 7");
        assert_eq!(expected(&asked[..1], days), "anything but 0 or 7");
    }

    #[test]
    fn what_must_not_hold_is_said_the_other_way_round() {
        let text = |text: &str| Value::String(text.to_owned().into());
        for (operator, wanted) in [
            (Operator::Equals(text("OFF")), "anything but OFF"),
            (Operator::NotEquals(text("ON")), "ON"),
            (Operator::Equals(Value::Bool(true)), "false"),
            (Operator::NotEquals(Value::Bool(true)), "true"),
            (Operator::AtLeast(12), "less than 12"),
            (Operator::AtMost(12), "more than 12"),
            (Operator::Present(true), "no value"),
            (Operator::Contains(text("email")), "no email among them"),
            (Operator::LengthAtMost(0), "more than 0 characters"),
        ] {
            assert_eq!(expected(&[(operator, true)], "MfaConfiguration"), wanted);
        }
    }
}
