//! Contradictions: pairs of rules that no pool can meet together.
//!
//! Of two rules, the values that their operators tell apart are tried in every combination. What cannot be tried in
//! this way (quantifiers, patterns, comparisons with another value) is taken to hold or not, as it suits, so that a
//! pair that is reported is one. A named predicate in `when`, such as `local-users-sign-in`, says which pools a rule is
//! for: it is taken to hold.

mod decided;

use std::cell::LazyCell;
use std::sync::Arc;

use super::compile::{domain, one_holds};
use super::{Absence, Leaf, Operator, Predicate, Rule};
use crate::schema::{Aspect, EXCLUSIONS, Exclusion, Node, NodeId, schema};
use crate::ternary::Ternary;
use crate::value::{Text, Value};

/// Pairs that take more steps are not decided.
const MOST_STEPS: usize = 20_000;

/// Two rules that no pool can meet together.
#[derive(Clone, Debug)]
pub struct Conflict<'r> {
    pub first: &'r Arc<Rule>,
    pub second: &'r Arc<Rule>,
    /// Each is for some pools, or some elements, alone: no pool that both are for can meet both.
    pub conditional: bool,
    /// The values that the service refuses together, where that alone keeps a pool from meeting both.
    pub refused: Option<&'static Exclusion>,
}

impl Conflict<'_> {
    /// The contradiction as a sentence, with the place of each rule.
    pub fn sentence(&self) -> String {
        let placed = |rule: &Rule| {
            let (line, column) = rule.line_column();
            format!("`{}` ({}:{line}:{column})", rule.id, rule.source_file.name())
        };
        let (first, second) = (placed(self.first), placed(self.second));
        let pools = if self.conditional { "no pool that both are for" } else { "no pool" };
        let reason = self.refused.map_or(String::new(), |exclusion| {
            let ((member, value), (list, elements)) = (exclusion.value, exclusion.elements);
            format!(": Cognito refuses {member} {value} while {list} has {}", elements.join(" or "))
        });
        format!("{pools} can meet {first} and {second}{reason}")
    }
}

/// Every pair of rules that no pool can meet together, in the order of the rules.
pub fn conflicts(rules: &[Arc<Rule>]) -> Vec<Conflict<'_>> {
    let mut conflicts = Vec::new();
    let subjects: Vec<_> = rules.iter().map(|rule| LazyCell::new(|| Subject::of(rule))).collect();
    for (index, (first, one)) in rules.iter().zip(&subjects).enumerate() {
        let known = decided::with(first);
        for (second, other) in rules.iter().zip(&subjects).skip(index + 1) {
            let contradict = match &known {
                Some(known) if second.as_shipped => known.contains(&&*second.id),
                _ => one.may_contradict(other) && contradict(first, second),
            };
            if contradict {
                let is_for_some = |rule: &Rule| rule.when.is_some() || rule.each.is_some();
                let conditional = is_for_some(first) || is_for_some(second);
                let refused = refused(first, second);
                conflicts.push(Conflict { first, second, conditional, refused });
            }
        }
    }
    conflicts
}

/// The things that a rule is about.
struct Subject<'r> {
    /// The list of its elements.
    each: Option<Vec<Text>>,
    scopes: Vec<&'r str>,
    /// The paths of which it expects something.
    keys: Vec<Key>,
    /// A plan without the change meets it.
    of_plans: bool,
}

impl<'r> Subject<'r> {
    fn of(rule: &'r Rule) -> Subject<'r> {
        let mut variables = Vec::new();
        collect(&rule.expect, rule.each.is_some(), &mut variables);
        Subject {
            each: rule.each.as_ref().map(|each| names(&each.path.steps)),
            scopes: scopes(rule),
            keys: variables.into_iter().map(|variable| variable.key).collect(),
            of_plans: rule.is_of_plans(),
        }
    }

    /// Whether two rules expect something of the same path of the same things, or of paths whose values the service may
    /// refuse together; no others can contradict each other.
    fn may_contradict(&self, other: &Subject<'_>) -> bool {
        let same_pools = self.scopes.is_empty() || other.scopes.is_empty() || self.scopes == other.scopes;
        let has = |subject: &Subject<'_>, path: &str| subject.keys.iter().any(|key| is_of_pool(key, path));
        let excludes = |exclusion: &Exclusion| {
            let (value, list) = (exclusion.value.0, exclusion.elements.0);
            (has(self, value) && has(other, list)) || (has(other, value) && has(self, list))
        };
        let shares =
            || self.keys.iter().any(|key| other.keys.contains(key)) || EXCLUSIONS.iter().any(excludes);
        // A rule about elements is met by a pool without elements.
        self.each == other.each && !self.of_plans && !other.of_plans && same_pools && shares()
    }
}

fn contradict(first: &Rule, second: &Rule) -> bool {
    let mut search = Search::of([first, second]);
    let met = [Goal::Met(first), Goal::Met(second)];
    // Of rules that are never for the same pool, or of which one decides that, nothing is said.
    let applies = |expects| [Goal::Applies(first), Goal::Applies(second), Goal::Expects(expects)];
    search.impossible(&met) == Some(true)
        && [first, second].into_iter().all(|rule| search.impossible(&applies(rule)) == Some(false))
}

/// The values that the service refuses together, if two rules that contradict each other could be met but for that.
fn refused(first: &Rule, second: &Rule) -> Option<&'static Exclusion> {
    let mut search = Search::of([first, second]);
    let met = [Goal::Met(first), Goal::Met(second)];
    EXCLUSIONS.iter().find(|exclusion| {
        search.exclusions.retain(|(one, _)| one != exclusion);
        search.impossible(&met) == Some(false)
    })
}

/// The named predicates that say which pools a rule is for.
fn scopes(rule: &Rule) -> Vec<&str> {
    fn look<'r>(when: &'r Predicate, found: &mut Vec<&'r str>) {
        match when {
            Predicate::Named(named) => found.push(&named.name),
            Predicate::All(inner) => inner.iter().for_each(|one| look(one, found)),
            Predicate::Leaf(_)
            | Predicate::Any(_)
            | Predicate::None(_)
            | Predicate::Some(_)
            | Predicate::Every(_)
            | Predicate::Count(_)
            | Predicate::Unique(_) => {}
        }
    }
    let mut found = Vec::new();
    if let Some(when) = &rule.when {
        look(when, &mut found);
    }
    found.sort_unstable();
    found
}

fn names(steps: &[crate::schema::Step]) -> Vec<Text> {
    steps.iter().map(|step| step.name.clone()).collect()
}

/// A value that rules look at: whether it starts at the pool, and the names that lead to it.
type Key = (bool, Vec<Text>);

/// Whether a key is this path of the pool.
fn is_of_pool((from_pool, names): &Key, path: &str) -> bool {
    *from_pool && names.iter().map(AsRef::as_ref).eq(path.split('.'))
}

/// A path, and the values that are tried there.
struct Variable<'r> {
    key: Key,
    node: &'static Node,
    operators: Vec<&'r Operator>,
    /// `None` is an absent value.
    values: Vec<Option<Value>>,
    chosen: Option<usize>,
}

impl Variable<'_> {
    /// Whether a leaf at a place asks for it.
    fn is_at(&self, (from_pool, id): (bool, NodeId), leaf: &Leaf) -> bool {
        let (own_start, names) = &self.key;
        std::ptr::eq(self.node, schema().node(id))
            && *own_start == from_pool
            && names.iter().eq(leaf.path.steps.iter().map(|step| &step.name))
    }
}

/// The place of a leaf whose values can be tried: whether it starts at the pool, and its node.
fn place(leaf: &Leaf, in_element: bool) -> Option<(bool, NodeId)> {
    let plain = leaf.path.aspect == Aspect::Value && !leaf.path.steps.is_empty() && leaf.compared.is_empty();
    leaf.node.filter(|_| plain).map(|id| (!in_element || leaf.path.from_pool, id))
}

/// The variables of a predicate, each with all operators that are asked of it.
fn collect<'r>(predicate: &'r Predicate, in_element: bool, variables: &mut Vec<Variable<'r>>) {
    match predicate {
        Predicate::Leaf(leaf) => {
            let Some(place) = place(leaf, in_element) else { return };
            match variables.iter_mut().find(|variable| variable.is_at(place, leaf)) {
                Some(variable) => variable.operators.extend(&leaf.operators),
                None => variables.push(Variable {
                    key: (place.0, names(&leaf.path.steps)),
                    node: schema().node(place.1),
                    operators: leaf.operators.iter().collect(),
                    values: Vec::new(),
                    chosen: None,
                }),
            }
        }
        Predicate::All(inner) | Predicate::Any(inner) | Predicate::None(inner) => {
            for one in inner {
                collect(one, in_element, variables);
            }
        }
        Predicate::Named(named) => collect(&named.inner, in_element && !named.of_pool, variables),
        Predicate::Some(_) | Predicate::Every(_) | Predicate::Count(_) | Predicate::Unique(_) => {}
    }
}

/// A condition on the values that are tried.
#[derive(Clone, Copy)]
enum Goal<'r> {
    /// The rule is met: it does not apply, or what it expects holds.
    Met(&'r Rule),
    /// The rule applies, by everything that its condition says.
    Applies(&'r Rule),
    /// The rule's expectation holds.
    Expects(&'r Rule),
}

struct Search<'r> {
    variables: Vec<Variable<'r>>,
    /// No pool has these values of two variables together.
    exclusions: Vec<(&'static Exclusion, [usize; 2])>,
    steps: usize,
}

impl<'r> Search<'r> {
    /// The values that rules tell apart. A path with too many is left open.
    fn of(rules: [&'r Rule; 2]) -> Search<'r> {
        let mut variables = Vec::new();
        for rule in rules {
            for predicate in rule.when.iter().chain([&rule.expect]) {
                collect(predicate, rule.each.is_some(), &mut variables);
            }
        }
        for variable in &mut variables {
            let Some(values) = domain(variable.node, &variable.operators) else { continue };
            variable.values = values.into_iter().map(Some).collect();
            if !variable.node.never_absent() {
                variable.values.push(None);
            }
        }
        variables.retain(|variable| !variable.values.is_empty());
        let exclusions = EXCLUSIONS.iter().filter_map(|exclusion| {
            let at = |path| variables.iter().position(|variable| is_of_pool(&variable.key, path));
            Some((exclusion, [at(exclusion.value.0)?, at(exclusion.elements.0)?]))
        });
        Search { exclusions: exclusions.collect(), variables, steps: 0 }
    }

    /// Whether no choice of values reaches all goals.
    fn impossible(&mut self, goals: &[Goal<'_>]) -> Option<bool> {
        self.steps = 0;
        self.is_impossible(goals, 0)
    }

    /// Whether no choice for the variables from one on reaches all goals; `None` where that takes too long.
    fn is_impossible(&mut self, goals: &[Goal<'_>], from: usize) -> Option<bool> {
        self.steps += 1;
        if self.steps > MOST_STEPS {
            return None;
        }
        if self.is_refused() || goals.iter().any(|goal| self.reached(*goal) == Ternary::False) {
            return Some(true);
        }
        if from == self.variables.len() {
            return Some(false);
        }
        for choice in 0..self.variables[from].values.len() {
            self.variables[from].chosen = Some(choice);
            let impossible = self.is_impossible(goals, from + 1);
            self.variables[from].chosen = None;
            if impossible != Some(true) {
                return impossible;
            }
        }
        Some(true)
    }

    /// Whether the service refuses the values that are chosen so far.
    fn is_refused(&self) -> bool {
        let chosen = |at: usize| {
            let variable = &self.variables[at];
            variable.values.get(variable.chosen?)?.as_ref()
        };
        self.exclusions.iter().any(|(exclusion, [value, list])| {
            let values = chosen(*value).zip(chosen(*list));
            values.is_some_and(|(value, list)| exclusion.refused(value, list).is_some())
        })
    }

    fn reached(&self, goal: Goal<'_>) -> Ternary {
        let expects =
            |rule: &Rule| self.truth(&rule.expect, rule.each.is_some(), Absence::Settles(rule.when_absent));
        match goal {
            Goal::Met(rule) => {
                let applies = |when: &Predicate| self.applies(when, rule.each.is_some());
                let not_for = rule.when.as_ref().map(|when| applies(when).negated());
                Ternary::any(not_for.into_iter().chain([expects(rule)]))
            }
            Goal::Applies(rule) => {
                let truth = |when: &Predicate| self.truth(when, rule.each.is_some(), Absence::Unmet);
                Ternary::all(rule.when.iter().map(truth))
            }
            Goal::Expects(rule) => expects(rule),
        }
    }

    /// Whether a rule with this condition applies. Named predicates say which pools the rule is for.
    fn applies(&self, when: &Predicate, in_element: bool) -> Ternary {
        match when {
            Predicate::Named(_) => Ternary::True,
            Predicate::All(inner) => Ternary::all(inner.iter().map(|one| self.applies(one, in_element))),
            Predicate::Leaf(_)
            | Predicate::Any(_)
            | Predicate::None(_)
            | Predicate::Some(_)
            | Predicate::Every(_)
            | Predicate::Count(_)
            | Predicate::Unique(_) => self.truth(when, in_element, Absence::Unmet),
        }
    }

    fn truth(&self, predicate: &Predicate, in_element: bool, absence: Absence) -> Ternary {
        match predicate {
            Predicate::Leaf(leaf) => self.leaf(leaf, in_element, absence),
            Predicate::All(inner) => {
                Ternary::all(inner.iter().map(|one| self.truth(one, in_element, absence)))
            }
            Predicate::Any(inner) => {
                Ternary::any(inner.iter().map(|one| self.truth(one, in_element, absence)))
            }
            Predicate::None(inner) => {
                let absence = absence.negated();
                Ternary::any(inner.iter().map(|one| self.truth(one, in_element, absence))).negated()
            }
            Predicate::Named(named) => self.truth(&named.inner, in_element && !named.of_pool, absence),
            Predicate::Some(_) | Predicate::Every(_) | Predicate::Count(_) | Predicate::Unique(_) => {
                Ternary::Unknown(())
            }
        }
    }

    fn leaf(&self, leaf: &Leaf, in_element: bool, absence: Absence) -> Ternary {
        let chosen = place(leaf, in_element).and_then(|place| {
            let variable = self.variables.iter().find(|variable| variable.is_at(place, leaf))?;
            Some((variable, variable.values.get(variable.chosen?)?))
        });
        let Some((variable, value)) = chosen else { return Ternary::Unknown(()) };
        let holds = |operator: &Operator| match (operator, value) {
            (Operator::Present(wanted), value) => Some(*wanted == value.is_some()),
            (_, Some(value)) => one_holds(operator, value, variable.node),
            (_, None) => absence.amounts_to(),
        };
        Ternary::all(leaf.operators.iter().map(|operator| holds(operator).into()))
    }
}
