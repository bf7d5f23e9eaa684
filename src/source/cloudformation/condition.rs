//! The conditions of a template: what they come out as, and the ways in which those that are open can come out.
//!
//! A condition is open because a parameter is not known. What an unknown expression is compared with are the values
//! that it can have, and "something else" besides; so one parameter cannot equal two values in the same scenario.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::node::Node;
use super::resolver::Resolver;
use super::template::Template;
use super::work::VALUE;
use crate::ternary::Ternary;

/// At most this many scenarios.
const MOST_SCENARIOS: usize = 64;
/// At most this many ways of choosing the unknown values are looked at.
const MOST_CHOICES: usize = 4096;
/// Conditions that refer to one another deeper than this are open.
const DEEPEST: usize = 200;

/// The value of an unknown expression: one of the values that it is compared with, or another.
type Choice = Option<Arc<str>>;
/// Unknown expressions, and what they are.
type Choices<'c> = BTreeMap<&'c str, Choice>;
/// Unknown expressions, and what they can be.
type Domains<'c> = BTreeMap<&'c str, Vec<Choice>>;

/// The conditions of a template, with what each compares evaluated once.
#[derive(Debug)]
pub(super) struct Conditions<'t> {
    template: &'t Template,
    positions: BTreeMap<&'t str, usize>,
    formulas: Vec<Formula>,
}

/// A condition, or a part of one.
#[derive(Debug)]
enum Formula {
    And(Vec<Formula>),
    Or(Vec<Formula>),
    Not(Box<Formula>),
    /// The position of another condition.
    Other(usize),
    Fixed(bool),
    /// An unknown expression is compared with a value. Its values, where the template lists them.
    Compared(String, Arc<str>, Arc<[Arc<str>]>),
    /// Something that is true or false, and nothing more is known of it.
    Opaque(String),
}

/// One way in which the open conditions come out.
#[derive(Clone, Debug, Default)]
pub(super) struct Outcomes {
    /// The outcome of every condition that is known in this scenario.
    pub known: BTreeMap<Arc<str>, bool>,
    /// `IsProd is true, HasDomain is false`: the open ones.
    pub when: String,
}

impl<'t> Conditions<'t> {
    pub(super) fn of(template: &'t Template) -> Conditions<'t> {
        let entries = template.conditions();
        let positions = entries.iter().enumerate().map(|(at, entry)| (&*entry.key, at)).collect();
        let mut conditions = Conditions { template, positions, formulas: Vec::new() };
        let allowed = allowed(template);
        conditions.formulas =
            entries.iter().map(|entry| conditions.formula(&entry.value, &allowed)).collect();
        conditions
    }

    fn formula(&self, node: &Node, allowed: &BTreeMap<String, Arc<[Arc<str>]>>) -> Formula {
        let opaque = || Formula::Opaque(node.canonical());
        if !self.template.has_own_conditions() {
            return opaque();
        }
        let [only] = node.entries() else { return opaque() };
        let inner = |node: &Node| self.formula(node, allowed);
        match (&*only.key, only.value.items()) {
            ("Fn::And", items @ [_, ..]) => Formula::And(items.iter().map(inner).collect()),
            ("Fn::Or", items @ [_, ..]) => Formula::Or(items.iter().map(inner).collect()),
            ("Fn::Not", [item]) => Formula::Not(Box::new(inner(item))),
            ("Fn::Equals", [left, right]) => self.compared(node, left, right, allowed),
            ("Condition", _) => {
                let other = only.value.text().and_then(|name| self.positions.get(name));
                other.map_or_else(opaque, |at| Formula::Other(*at))
            }
            _ => opaque(),
        }
    }

    fn compared(
        &self,
        node: &Node,
        left: &Node,
        right: &Node,
        allowed: &BTreeMap<String, Arc<[Arc<str>]>>,
    ) -> Formula {
        let resolver = Resolver { template: self.template, outcomes: &BTreeMap::new(), reveal: true };
        let compared = |open: &Node, value| {
            let open = open.canonical();
            let values = allowed.get(&open).cloned().unwrap_or_default();
            Formula::Compared(open, value, values)
        };
        match (resolver.term(left).what.as_text(), resolver.term(right).what.as_text()) {
            (Some(left), Some(right)) => Formula::Fixed(left == right),
            (None, Some(value)) => compared(left, value),
            (Some(value), None) => compared(right, value),
            (None, None) if left.canonical() == right.canonical() => Formula::Fixed(true),
            (None, None) => Formula::Opaque(node.canonical()),
        }
    }

    /// The scenarios that the given conditions make, in a fixed order. A condition that would make too many is left out.
    pub(super) fn scenarios(&self, names: &BTreeSet<Arc<str>>) -> Vec<Outcomes> {
        let mut known = BTreeMap::new();
        let mut open: Vec<(&Arc<str>, usize, Domains<'_>)> = Vec::new();
        for name in names {
            let Some(&at) = self.positions.get(&**name) else { continue };
            match self.outcome(at, &Choices::new(), &mut Asking::of(self)) {
                Some(outcome) => {
                    known.insert(Arc::clone(name), outcome);
                }
                None => {
                    let mut domains = Domains::new();
                    self.unknowns(at, &mut domains, &mut BTreeSet::new());
                    open.push((name, at, domains));
                }
            }
        }
        let mut taken: Vec<(&Arc<str>, usize)> = Vec::new();
        let mut domains = Domains::new();
        let mut vectors = BTreeSet::from([Vec::new()]);
        for (name, at, more) in open {
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
            conditions.push((name, at));
            if let Some(found) = self.outcomes(&conditions, &wider) {
                (taken, domains, vectors) = (conditions, wider, found);
            }
        }
        let scenario = |vector: &Vec<bool>| {
            let pairs = || taken.iter().zip(vector);
            let when: Vec<String> =
                pairs().map(|((name, _), outcome)| format!("{name} is {outcome}")).collect();
            let mut outcomes = known.clone();
            outcomes.extend(pairs().map(|((name, _), outcome)| (Arc::clone(name), *outcome)));
            Outcomes { known: outcomes, when: when.join(", ") }
        };
        // True comes first, for what a condition is named for is what it is like when it is true.
        vectors.iter().rev().map(scenario).collect()
    }

    /// The combinations of outcomes that conditions can have; `None` when there are too many.
    fn outcomes(
        &self,
        conditions: &[(&Arc<str>, usize)],
        domains: &Domains<'_>,
    ) -> Option<BTreeSet<Vec<bool>>> {
        let count =
            domains.values().try_fold(1_usize, |count, values| count.checked_mul(values.len().max(1)))?;
        if count > MOST_CHOICES {
            return None;
        }
        let mut vectors = BTreeSet::new();
        for number in 0..count {
            // Each choice begins with an empty record of all conditions.
            if !self.template.work.take(self.formulas.len()) {
                return None;
            }
            let mut rest = number;
            let choices: Choices<'_> = domains
                .iter()
                .filter(|(_, values)| !values.is_empty())
                .map(|(expression, values)| {
                    let choice = values[rest % values.len()].clone();
                    rest /= values.len();
                    (*expression, choice)
                })
                .collect();
            let mut asking = Asking::of(self);
            let vector: Option<Vec<bool>> =
                conditions.iter().map(|(_, at)| self.outcome(*at, &choices, &mut asking)).collect();
            vectors.insert(vector?);
            if vectors.len() > MOST_SCENARIOS {
                return None;
            }
        }
        Some(vectors)
    }

    /// The outcome of a condition, which is evaluated once for the same choices. `None` if it is open.
    fn outcome(&self, at: usize, choices: &Choices<'_>, asking: &mut Asking) -> Option<bool> {
        match asking.asked[at] {
            Asked::Before(outcome) => return outcome,
            Asked::Now => return None,
            Asked::Not if asking.depth > DEEPEST => return None,
            Asked::Not => {}
        }
        asking.asked[at] = Asked::Now;
        asking.depth += 1;
        let outcome = self.part(&self.formulas[at], choices, asking);
        asking.depth -= 1;
        asking.asked[at] = Asked::Before(outcome);
        outcome
    }

    fn part(&self, formula: &Formula, choices: &Choices<'_>, asking: &mut Asking) -> Option<bool> {
        if !self.template.work.take(VALUE) {
            return None;
        }
        let mut inner = |formula| Ternary::from(self.part(formula, choices, asking));
        match formula {
            Formula::And(items) => Ternary::all(items.iter().map(inner)).known().ok(),
            Formula::Or(items) => Ternary::any(items.iter().map(inner)).known().ok(),
            Formula::Not(item) => inner(item).negated().known().ok(),
            Formula::Other(at) => self.outcome(*at, choices, asking),
            Formula::Fixed(outcome) => Some(*outcome),
            Formula::Compared(expression, value, _) => {
                choices.get(&**expression).map(|choice| choice.as_deref() == Some(&**value))
            }
            Formula::Opaque(expression) => choices.get(&**expression).map(Option::is_some),
        }
    }

    /// Collects what a condition depends on and cannot be known.
    fn unknowns<'c>(&'c self, at: usize, domains: &mut Domains<'c>, seen: &mut BTreeSet<usize>) {
        let mut parts = vec![&self.formulas[at]];
        seen.insert(at);
        while let Some(formula) = parts.pop() {
            match formula {
                Formula::And(items) | Formula::Or(items) => parts.extend(items.iter().rev()),
                Formula::Not(item) => parts.push(item),
                Formula::Other(other) => {
                    if seen.insert(*other) {
                        parts.push(&self.formulas[*other]);
                    }
                }
                Formula::Fixed(_) => {}
                Formula::Compared(expression, value, allowed) => {
                    let domain = domains.entry(expression).or_default();
                    let choices = match &**allowed {
                        [] => vec![Some(Arc::clone(value)), None],
                        allowed => allowed.iter().cloned().map(Some).collect(),
                    };
                    for choice in choices {
                        if !domain.contains(&choice) {
                            domain.push(choice);
                        }
                    }
                }
                Formula::Opaque(expression) => {
                    domains.insert(expression, vec![Some("".into()), None]);
                }
            }
        }
    }
}

/// The outcomes that were asked for while the choices are the same.
struct Asking {
    asked: Vec<Asked>,
    depth: usize,
}

impl Asking {
    fn of(conditions: &Conditions<'_>) -> Asking {
        Asking { asked: vec![Asked::Not; conditions.formulas.len()], depth: 0 }
    }
}

/// Whether a condition was asked for.
#[derive(Clone, Copy, Debug)]
enum Asked {
    Not,
    /// It is being evaluated: a condition that refers to itself asks for it again.
    Now,
    Before(Option<bool>),
}

/// The values of unknown parameters, where the template lists them, by the expression that refers to each.
fn allowed(template: &Template) -> BTreeMap<String, Arc<[Arc<str>]>> {
    let parameters = template.parameters.iter().filter(|(_, parameter)| !parameter.allowed.is_empty());
    parameters
        .map(|(name, parameter)| (format!("{{\"Ref\":{name:?}}}"), parameter.allowed.clone().into()))
        .collect()
}
