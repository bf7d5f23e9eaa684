//! The conditions of a template: what they come out as, and the ways in which those that are open can come out.
//!
//! A condition is open because a parameter is not known. What an unknown expression is compared with are the values
//! that it can have, and "something else" besides; so one parameter cannot equal two values in the same scenario.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::node::Node;
use super::resolver::Resolver;
use super::template::Template;
use crate::ternary::Ternary;

/// At most this many scenarios.
const MOST_SCENARIOS: usize = 64;
/// At most this many ways of choosing the unknown values are looked at.
const MOST_CHOICES: usize = 4096;
/// Conditions that refer to one another deeper than this go in a circle.
const DEEPEST: usize = 50;

/// The value of an unknown expression: one of the values that it is compared with, or another.
type Choice = Option<Arc<str>>;
/// Unknown expressions, and what they are.
type Choices = BTreeMap<String, Choice>;
/// Unknown expressions, and what they can be.
type Domains = BTreeMap<String, Vec<Choice>>;

/// One way in which the open conditions come out.
#[derive(Clone, Debug, Default)]
pub(super) struct Outcomes {
    /// The outcome of every condition that is known in this scenario.
    pub known: BTreeMap<Arc<str>, bool>,
    /// `IsProd is true, HasDomain is false`: the open ones.
    pub when: String,
}

/// The scenarios that the given conditions make, in a fixed order. A condition that would make too many is left out.
pub(super) fn scenarios(template: &Template, names: &BTreeSet<Arc<str>>) -> Vec<Outcomes> {
    let mut known = BTreeMap::new();
    let mut open: Vec<(&Arc<str>, &Node, Domains)> = Vec::new();
    for name in names {
        let Some(node) = template.condition(name) else { continue };
        match outcome(template, node, &Choices::new(), 0) {
            Some(outcome) => {
                known.insert(Arc::clone(name), outcome);
            }
            None => {
                let mut domains = Domains::new();
                unknowns(template, node, &mut domains, 0);
                open.push((name, node, domains));
            }
        }
    }
    let mut taken: Vec<(&Arc<str>, &Node)> = Vec::new();
    let mut domains = Domains::new();
    let mut vectors = BTreeSet::from([Vec::new()]);
    for (name, node, more) in open {
        let mut wider = domains.clone();
        for (expression, values) in more {
            let all = wider.entry(expression).or_default();
            for value in values {
                if !all.contains(&value) {
                    all.push(value);
                }
            }
        }
        let mut conditions = taken.clone();
        conditions.push((name, node));
        if let Some(found) = outcomes(template, &conditions, &wider) {
            (taken, domains, vectors) = (conditions, wider, found);
        }
    }
    let scenario = |vector: &Vec<bool>| {
        let pairs = || taken.iter().zip(vector);
        let when: Vec<String> = pairs().map(|((name, _), outcome)| format!("{name} is {outcome}")).collect();
        let mut outcomes = known.clone();
        outcomes.extend(pairs().map(|((name, _), outcome)| (Arc::clone(name), *outcome)));
        Outcomes { known: outcomes, when: when.join(", ") }
    };
    // True comes first, for what a condition is named for is what it is like when it is true.
    vectors.iter().rev().map(scenario).collect()
}

/// The combinations of outcomes that conditions can have; `None` when there are too many.
fn outcomes(
    template: &Template,
    conditions: &[(&Arc<str>, &Node)],
    domains: &Domains,
) -> Option<BTreeSet<Vec<bool>>> {
    let count = domains.values().try_fold(1_usize, |count, values| count.checked_mul(values.len().max(1)))?;
    if count > MOST_CHOICES {
        return None;
    }
    let mut vectors = BTreeSet::new();
    for number in 0..count {
        let mut rest = number;
        let choices: Choices = domains
            .iter()
            .filter(|(_, values)| !values.is_empty())
            .map(|(expression, values)| {
                let choice = values[rest % values.len()].clone();
                rest /= values.len();
                (expression.clone(), choice)
            })
            .collect();
        let vector: Option<Vec<bool>> =
            conditions.iter().map(|(_, node)| outcome(template, node, &choices, 0)).collect();
        vectors.insert(vector?);
        if vectors.len() > MOST_SCENARIOS {
            return None;
        }
    }
    Some(vectors)
}

/// The outcome of a condition. `None` if it is open.
fn outcome(template: &Template, node: &Node, choices: &Choices, depth: usize) -> Option<bool> {
    let inner = |node: &Node| outcome(template, node, choices, depth + 1);
    match part(template, node, depth) {
        Part::And(items) => Ternary::all(items.iter().map(inner).map(Ternary::from)).known().ok(),
        Part::Or(items) => Ternary::any(items.iter().map(inner).map(Ternary::from)).known().ok(),
        Part::Not(item) => inner(item).map(|outcome| !outcome),
        Part::Other(condition) => inner(condition),
        Part::Fixed(outcome) => Some(outcome),
        Part::Compared(expression, value) => {
            choices.get(&expression).map(|choice| choice.as_deref() == Some(&*value))
        }
        Part::Opaque(expression) => choices.get(&expression).map(Option::is_some),
    }
}

/// Collects what a condition depends on and cannot be known.
fn unknowns(template: &Template, node: &Node, domains: &mut Domains, depth: usize) {
    match part(template, node, depth) {
        Part::And(items) | Part::Or(items) => {
            for item in items {
                unknowns(template, item, domains, depth + 1);
            }
        }
        Part::Not(item) | Part::Other(item) => unknowns(template, item, domains, depth + 1),
        Part::Fixed(_) => {}
        Part::Compared(expression, value) => {
            let allowed = template.allowed(&expression);
            let domain = domains.entry(expression).or_default();
            for choice in match allowed {
                [] => vec![Some(value), None],
                allowed => allowed.iter().cloned().map(Some).collect(),
            } {
                if !domain.contains(&choice) {
                    domain.push(choice);
                }
            }
        }
        Part::Opaque(expression) => {
            domains.insert(expression, vec![Some("".into()), None]);
        }
    }
}

/// A part of a condition.
enum Part<'n> {
    And(&'n [Node]),
    Or(&'n [Node]),
    Not(&'n Node),
    /// The name of another condition.
    Other(&'n Node),
    Fixed(bool),
    /// An unknown expression is compared with a value.
    Compared(String, Arc<str>),
    /// Something that is true or false, and nothing more is known of it.
    Opaque(String),
}

fn part<'n>(template: &'n Template, node: &'n Node, depth: usize) -> Part<'n> {
    let opaque = || Part::Opaque(node.canonical());
    if depth > DEEPEST {
        return opaque();
    }
    if let [only] = node.entries() {
        let argument = &only.value;
        match (&*only.key, argument.items()) {
            ("Fn::And", items @ [_, ..]) => return Part::And(items),
            ("Fn::Or", items @ [_, ..]) => return Part::Or(items),
            ("Fn::Not", [item]) => return Part::Not(item),
            ("Fn::Equals", [left, right]) => return compared(template, node, left, right),
            ("Condition", _) => {
                let other = argument.text().and_then(|name| template.condition(name));
                return other.map_or_else(opaque, Part::Other);
            }
            _ => {}
        }
    }
    opaque()
}

fn compared<'n>(template: &'n Template, node: &Node, left: &Node, right: &Node) -> Part<'n> {
    let resolver = Resolver { template, outcomes: &BTreeMap::new(), reveal: true };
    match (resolver.term(left).what.as_text(), resolver.term(right).what.as_text()) {
        (Some(left), Some(right)) => Part::Fixed(left == right),
        (None, Some(value)) => Part::Compared(left.canonical(), value),
        (Some(value), None) => Part::Compared(right.canonical(), value),
        (None, None) if left.canonical() == right.canonical() => Part::Fixed(true),
        (None, None) => Part::Opaque(node.canonical()),
    }
}
