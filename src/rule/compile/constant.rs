//! Finds predicates that have the same result for every value.
//!
//! The values that predicates distinguish are few enough to try: every value of an enum or a boolean; of numbers,
//! lengths and ages those beside a bound; of lists the subsets of the values in the predicate, with and without
//! another.

use std::collections::BTreeSet;

use crate::rule::{Absence, Operator, Predicate};
use crate::schema::{Aspect, Kind, Node, NodeId, Path, schema};
use crate::ternary::Ternary;
use crate::value::{Map, Value};

/// Lists are not tried with more named elements than this.
const MOST_NAMED: usize = 10;

/// Stands for every text that is not named.
const OTHER: &str = "\u{0}";

/// The result that all values share.
pub(super) struct Constant<'a> {
    pub holds: bool,
    pub path: &'a Path,
    pub node: &'static Node,
}

impl Constant<'_> {
    /// A comparison with a value that is not there has a result of its own.
    pub(super) fn message(&self, absence: Absence) -> String {
        let path = self.path.called();
        match self.holds {
            true if self.fails_absent(absence) => {
                format!("this fails only where {path} is absent: every value meets it")
            }
            true => format!("this can never fail: every value of {path} meets it"),
            false if self.passes_absent(absence) => {
                format!("this holds only where {path} is absent: no value meets it")
            }
            false => format!("this can never hold: no value of {path} meets it"),
        }
    }

    /// Whether a comparison with an absent value fails.
    pub(super) fn fails_absent(&self, absence: Absence) -> bool {
        !self.never_absent() && absence.amounts_to() == Some(false)
    }

    /// Whether a comparison with an absent value passes.
    pub(super) fn passes_absent(&self, absence: Absence) -> bool {
        !self.never_absent() && absence.amounts_to() == Some(true)
    }

    /// An element is there where anything is asked of it.
    fn never_absent(&self) -> bool {
        self.path.steps.is_empty() || self.node.never_absent()
    }
}

/// The result that a predicate has whatever the value, if there is such a result.
pub(super) fn constant(predicate: &Predicate) -> Option<Constant<'_>> {
    let (path, id) = single_path(predicate)?;
    let node = schema().node(id?);
    let constant = |holds| Constant { holds, path, node };
    if let Predicate::Leaf(leaf) = predicate
        && let [Operator::Present(wanted)] = leaf.operators.as_slice()
    {
        let constant = constant(*wanted);
        return constant.never_absent().then_some(constant);
    }
    let mut operators = Vec::new();
    collect(predicate, &mut operators);
    // The last value is one that no operator names, which mostly differs from the first that one does.
    let domain = domain(node, &operators)?;
    let mut results = domain.iter().rev().map(|value| holds(predicate, value, node));
    let first = results.next()?.known().ok()?;
    results.all(|result| result == Ternary::from(first)).then(|| constant(first))
}

/// The one path that a predicate looks at, if it looks at one alone and asks for its value.
fn single_path(predicate: &Predicate) -> Option<(&Path, Option<NodeId>)> {
    match predicate {
        Predicate::Leaf(leaf) if !leaf.compared.is_empty() || leaf.path.aspect != Aspect::Value => None,
        Predicate::Leaf(leaf) => Some((&leaf.path, leaf.node)),
        Predicate::All(inner) | Predicate::Any(inner) | Predicate::None(inner) => {
            let mut paths = inner.iter().map(|one| single_path(one).filter(|_| !asks_presence(one)));
            let first = paths.next()??;
            paths.all(|path| path.is_some_and(|path| path.0.steps_equal(first.0))).then_some(first)
        }
        Predicate::Named(named) => single_path(&named.inner),
        Predicate::Some(_) | Predicate::Every(_) | Predicate::Count(_) | Predicate::Unique(_) => None,
    }
}

fn asks_presence(predicate: &Predicate) -> bool {
    matches!(predicate, Predicate::Leaf(leaf) if leaf.operators.iter().any(|op| matches!(op, Operator::Present(_))))
}

fn collect<'a>(predicate: &'a Predicate, operators: &mut Vec<&'a Operator>) {
    match predicate {
        Predicate::Leaf(leaf) => operators.extend(&leaf.operators),
        Predicate::All(inner) | Predicate::Any(inner) | Predicate::None(inner) => {
            for one in inner {
                collect(one, operators);
            }
        }
        Predicate::Named(named) => collect(&named.inner, operators),
        Predicate::Some(_) | Predicate::Every(_) | Predicate::Count(_) | Predicate::Unique(_) => {}
    }
}

/// Values that show every result of the operators. A length or an age is a number.
pub(in crate::rule) fn domain(node: &Node, operators: &[&Operator]) -> Option<Vec<Value>> {
    let named = || operators.iter().flat_map(|operator| operator.named());
    match node.kind {
        Kind::String if !node.values.is_empty() => {
            return Some(node.values.iter().cloned().map(Value::String).collect());
        }
        Kind::Boolean => return Some(vec![Value::Bool(true), Value::Bool(false)]),
        Kind::List | Kind::Map if named().next().is_some() => return subsets(node, named().collect()),
        Kind::String if named().next().is_some() => {
            let other = Value::String(OTHER.into());
            return Some(named().cloned().chain([other]).collect());
        }
        _ => {}
    }
    let signed = node.kind == Kind::Integer || node.numeric;
    let least = node.min.filter(|_| !node.numeric).unwrap_or(if signed { i64::MIN } else { 0 });
    let most = node.max.filter(|_| !node.numeric).unwrap_or(i64::MAX);
    let near = |n: i64| [n.saturating_sub(1), n, n.saturating_add(1)];
    let mut numbers = BTreeSet::from([least, most]);
    for operator in operators {
        numbers.extend(
            operator.bound().map(|bound| bound.at).into_iter().chain(named_numbers(operator)).flat_map(near),
        );
    }
    Some(numbers.into_iter().filter(|n| (least..=most).contains(n)).map(Value::Int).collect())
}

fn named_numbers(operator: &Operator) -> impl Iterator<Item = i64> {
    operator.named().iter().filter_map(|value| match value {
        Value::Int(n) => Some(*n),
        _ => None,
    })
}

/// Every list, or map, of some of the named elements, with and without one that is not named.
fn subsets(node: &Node, named: Vec<&Value>) -> Option<Vec<Value>> {
    let mut elements: Vec<Value> = Vec::new();
    for value in named {
        if !elements.contains(value) {
            elements.push(value.clone());
        }
    }
    if elements.len() > MOST_NAMED {
        return None;
    }
    let known = node.element.map(|id| &schema().node(id).values).filter(|values| !values.is_empty());
    let mut others = known.into_iter().flatten().cloned().map(Value::String);
    let other = match known {
        Some(_) => others.find(|value| !elements.contains(value)),
        None => Some(Value::String(OTHER.into())),
    };
    elements.extend(other);
    let chosen = |set: usize| {
        let members = elements.iter().enumerate().filter(move |(i, _)| set & (1 << i) != 0);
        members.map(|(_, value)| value.clone())
    };
    let value = |set| match node.kind {
        Kind::Map => {
            let key = |value: Value| Some((value.as_str()?.to_owned().into(), Value::Null));
            Value::Map(Map(chosen(set).filter_map(key).collect()))
        }
        _ => Value::List(chosen(set).collect()),
    };
    let possible = |set: &usize| {
        let size = i64::from(set.count_ones());
        node.min.is_none_or(|min| size >= min) && node.max.is_none_or(|max| size <= max)
    };
    Some((0..1 << elements.len()).filter(possible).map(value).collect())
}

fn holds(predicate: &Predicate, value: &Value, node: &Node) -> Ternary {
    let each =
        |inner: &[Predicate]| -> Vec<Ternary> { inner.iter().map(|one| holds(one, value, node)).collect() };
    match predicate {
        Predicate::Leaf(leaf) => {
            Ternary::all(leaf.operators.iter().map(|operator| one_holds(operator, value, node).into()))
        }
        Predicate::All(inner) => Ternary::all(each(inner)),
        Predicate::Any(inner) => Ternary::any(each(inner)),
        Predicate::None(inner) => Ternary::any(each(inner)).negated(),
        Predicate::Named(named) => holds(&named.inner, value, node),
        Predicate::Some(_) | Predicate::Every(_) | Predicate::Count(_) | Predicate::Unique(_) => {
            Ternary::Unknown(())
        }
    }
}

/// Whether an operator holds for one of these values.
pub(in crate::rule) fn one_holds(operator: &Operator, value: &Value, node: &Node) -> Option<bool> {
    match (operator, value) {
        (Operator::AtLeast(least) | Operator::LengthAtLeast(least), Value::Int(n)) => Some(n >= least),
        (Operator::AtMost(most) | Operator::LengthAtMost(most), Value::Int(n)) => Some(n <= most),
        (Operator::OlderThan(age, _), Value::Int(n)) => Some(n > age),
        (Operator::NewerThan(age, _), Value::Int(n)) => Some(n <= age),
        // The values that are tried stand for others of any length and any text.
        (Operator::LengthAtLeast(_) | Operator::LengthAtMost(_), _) => None,
        (Operator::Matches(_) | Operator::NotMatches(_), _) if node.values.is_empty() => None,
        _ => operator.holds(value, Some(node), 0).ok(),
    }
}
