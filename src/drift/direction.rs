//! The effect of a change on policy, decided by the rules that read it.
//!
//! A change weakens policy when a rule that held for the recorded pool fails for the current one, or when a bound
//! that a rule sets is less well met than before, even where it still holds.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::meaning::number;
use super::pair::Pair;
use super::picked::Picked;
use super::turned::answered_by;
use super::{Change, Direction, Element, Rules, Touched, Turned};
use crate::evaluate::{counted, key_of, verdicts};
use crate::finding::Verdict;
use crate::pool::{self, Pool, Scope, State, resolve};
use crate::rule::operator::Measure;
use crate::rule::{Count, Leaf, Operator, Policy, Predicate, Rule};
use crate::schema::{Aspect, Kind, NodeId, Path, schema};
use crate::value::{Text, Value};

/// A path that a rule reads.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct ReadPath {
    node: NodeId,
    /// The only key of a map that is read.
    key: Option<Text>,
    /// The rule goes through the elements of a list, so only added and removed ones matter.
    elements: bool,
}

/// The rules that decide directions, with what each of them reads.
#[derive(Debug)]
pub(super) struct Judges<'a> {
    rules: Rules<'a>,
    /// By the address of the rule: a rule has others of its id, which hold for some pools.
    reads: BTreeMap<usize, (BTreeSet<ReadPath>, Picked)>,
}

impl<'a> Judges<'a> {
    pub(super) fn of(rules: Rules<'a>) -> Judges<'a> {
        let Policy { rules: own, scopes, .. } = rules.policy;
        let scoped = scopes.iter().flat_map(|scope| &scope.changes).filter_map(|(_, rule)| rule.as_ref());
        let all = own.iter().chain(scoped).chain(rules.others);
        Judges {
            rules,
            reads: all.map(|rule| (Arc::as_ptr(rule).addr(), (looks(rule), Picked::of(rule)))).collect(),
        }
    }

    /// The paths that rules read, without the lists that they only go through.
    pub(super) fn watched(&self) -> BTreeSet<NodeId> {
        let looks = self.reads.values().flat_map(|(looks, _)| looks);
        looks.filter(|look| !look.elements).map(|look| look.node).collect()
    }

    fn is_read_by(&self, rule: &Arc<Rule>, change: &Change) -> bool {
        self.reads.get(&Arc::as_ptr(rule).addr()).is_some_and(|(looks, picked)| {
            change.element.as_ref().is_none_or(|element| picked.has(element))
                && looks.iter().any(|look| touches(change, look))
        })
    }
}

fn looks(rule: &Rule) -> BTreeSet<ReadPath> {
    let mut looks = BTreeSet::new();
    let mut look = |path: &Path, node: Option<NodeId>| {
        let Some(node) = node else { return };
        let here = schema().node(node);
        let Some(derived) = here.derived else {
            looks.insert(ReadPath { node, key: key(path, node), elements: here.path.ends_with("[]") });
            return;
        };
        let units = schema().member(here.parent, "TokenValidityUnits");
        let unit = units.and_then(|units| schema().member(units, derived.unit));
        for node in [schema().member(here.parent, derived.number), unit].into_iter().flatten() {
            looks.insert(ReadPath { node, key: None, elements: false });
        }
    };
    rule.needs(&mut look);
    looks
}

/// The key of a map that a path leads to or through.
fn key(path: &Path, node: NodeId) -> Option<Text> {
    let above = |id: &NodeId| (*id != NodeId::ROOT).then(|| schema().node(*id).parent);
    let mut steps = path.steps.iter().rev();
    for id in std::iter::successors(Some(node), above) {
        let node = schema().node(id);
        if schema().node(node.parent).kind == Kind::Map && id != NodeId::ROOT {
            return steps.next().map(|step| step.name.clone());
        }
        if !node.name.is_empty() {
            steps.next();
        }
    }
    None
}

/// Whether a change touches a path that a rule reads.
fn touches(change: &Change, look: &ReadPath) -> bool {
    let other_key = matches!((&change.key, &look.key), (Some(own), Some(other)) if own != other);
    !other_key
        && change.node.is_some_and(|node| {
            schema().is_inside(look.node, node) || (!look.elements && schema().is_inside(node, look.node))
        })
}

/// The verdicts of a rule on the subjects of both pools.
type Both = (Vec<(Option<String>, Verdict)>, Vec<(Option<String>, Verdict)>);

/// Sets the direction of every change of a pool, and the rules that read it.
pub(super) fn judge(
    changes: &mut [Change],
    turned: &[Turned],
    pair: Pair<'_>,
    judges: &Judges<'_>,
    now: i64,
) {
    if changes.is_empty() {
        return;
    }
    let Rules { policy, others } = judges.rules;
    let mut all: Vec<(&Arc<Rule>, bool)> = Vec::new();
    policy.rules_for(pair.current, |rule| all.push((rule, true)));
    all.extend(others.iter().map(|rule| (rule, false)));
    let mut said: BTreeMap<&str, Both> = BTreeMap::new();
    let rests_on: Vec<BTreeSet<usize>> = all.iter().map(|(rule, _)| answered_by(rule, turned)).collect();
    for (at, change) in changes.iter_mut().enumerate() {
        for ((rule, chosen), rests_on) in all.iter().zip(&rests_on) {
            let unknown = change.node.is_none() && names(rule, &change.path);
            let is_read = match rests_on.is_empty() {
                true => unknown || judges.is_read_by(rule, change),
                false => rests_on.contains(&at),
            };
            if !is_read {
                continue;
            }
            let both = said.entry(&rule.id).or_insert_with(|| {
                [pair.recorded, pair.current].map(|pool| verdicts(rule, pool, now)).into()
            });
            let touched = Touched { chosen: *chosen, ..touched(rule, change, pair, both) };
            change.rules.push(touched);
        }
        change.direction = outcome(&change.rules);
        let key = |one: &Touched| (one.direction, Reverse(one.rule.severity), Arc::clone(&one.rule.id));
        change.rules.sort_by_cached_key(key);
    }
}

/// The direction of a change by all rules together.
///
/// A chosen rule that passed and fails weakens policy, whatever the others say. Then chosen rules outrank others,
/// turned verdicts outrank bounds, and severe rules outrank mild ones. If others than chosen rules contradict each
/// other, the change is neutral: built-in rules represent more than one school.
fn outcome(rules: &[Touched]) -> Direction {
    let told = || rules.iter().filter(|touched| touched.direction != Direction::Neutral);
    let weight = |touched: &&Touched| (touched.chosen, touched.bound.is_none(), touched.rule.severity);
    let broke = |touched: &Touched| {
        touched.chosen && (touched.before, touched.after) == (Some(Verdict::Pass), Some(Verdict::Fail))
    };
    let Some(first) = told().max_by_key(weight) else { return Direction::Neutral };
    if told().any(broke) {
        return Direction::Weakened;
    }
    let equals = told().filter(|touched| weight(touched) == weight(&first));
    let directions: BTreeSet<Direction> = equals.map(|touched| touched.direction).collect();
    match (directions.len(), first.chosen) {
        (1, _) => first.direction,
        (_, true) => Direction::Weakened,
        (_, false) => Direction::Neutral,
    }
}

/// Whether a rule names a path, or one inside it, that the schema does not know.
fn names(rule: &Rule, path: &str) -> bool {
    let (mut named, bare) = (false, without_elements(path));
    for predicate in rule.when.iter().chain([&rule.expect]) {
        predicate.paths(&mut |own, node| named |= node.is_none() && meets(&full(rule, own), &bare));
    }
    named
}

/// A path of a rule from the pool on.
fn full(rule: &Rule, path: &Path) -> String {
    match &rule.each {
        Some(each) if !path.from_pool => format!("{}.{path}", each.path),
        _ => path.to_string().trim_start_matches("$.").to_owned(),
    }
}

/// A path without the names of the elements that it leads through.
fn without_elements(path: &str) -> String {
    let mut bare = String::new();
    let mut depth = 0_usize;
    for c in path.chars() {
        match c {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            _ if depth == 0 => bare.push(c),
            _ => {}
        }
    }
    bare
}

/// Whether one path is the other, or leads into it.
fn meets(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    long.strip_prefix(short).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

fn touched(rule: &Arc<Rule>, change: &Change, pair: Pair<'_>, (of_a, of_b): &Both) -> Touched {
    let own = change.element.as_ref().filter(|element| goes_through(rule, element));
    let (before, after) = match own {
        Some(element) => (said_of(of_a, element.before.as_deref()), said_of(of_b, element.after.as_deref())),
        None => (worst(of_a), worst(of_b)),
    };
    let direction = effect(before, after);
    let mut touched =
        Touched { rule: Arc::clone(rule), before, after, direction, bound: None, chosen: false };
    let applies = |verdict| matches!(verdict, Some(Verdict::Pass | Verdict::Fail));
    if direction == Direction::Neutral && applies(before) && applies(after) {
        let scopes = own.map_or_else(
            || Some((pool_scope(pair.recorded), pool_scope(pair.current))),
            |element| element_scopes(pair, element),
        );
        let moved = scopes.and_then(|scopes| moved(&rule.expect, change, scopes, false));
        if let Some((direction, bound)) = moved {
            (touched.direction, touched.bound) = (direction, Some(bound));
        }
    }
    touched
}

/// Whether the subjects of a rule are the elements of a list.
pub(super) fn goes_through(rule: &Rule, element: &Element) -> bool {
    let list = rule.each.as_ref().and_then(|each| each.element).map(|id| schema().node(id).parent);
    list == Some(element.list)
}

fn said_of(said: &[(Option<String>, Verdict)], key: Option<&str>) -> Option<Verdict> {
    let key = key?;
    said.iter().find(|(own, _)| own.as_deref() == Some(key)).map(|(_, verdict)| *verdict)
}

fn worst(said: &[(Option<String>, Verdict)]) -> Option<Verdict> {
    let worst_first = [Verdict::Fail, Verdict::Unknown, Verdict::Pass, Verdict::Skipped];
    worst_first.into_iter().find(|verdict| said.iter().any(|(_, own)| own == verdict))
}

/// The meaning of a turned verdict. An element that is absent fails nothing.
fn effect(before: Option<Verdict>, after: Option<Verdict>) -> Direction {
    match (before, after) {
        (Some(Verdict::Fail), Some(Verdict::Fail))
        | (Some(Verdict::Unknown), _)
        | (_, Some(Verdict::Unknown)) => Direction::Neutral,
        (_, Some(Verdict::Fail)) => Direction::Weakened,
        (Some(Verdict::Fail), _) => Direction::Strengthened,
        _ => Direction::Neutral,
    }
}

fn pool_scope(pool: &Pool) -> Scope<'_> {
    Scope::of(pool)
}

/// An element in both pools.
fn element_scopes<'a>(pair: Pair<'a>, element: &Element) -> Option<(Scope<'a>, Scope<'a>)> {
    let scope = |pool, key: &Option<String>| element_scope(pool, element.list, key.as_deref()?);
    Some((scope(pair.recorded, &element.before)?, scope(pair.current, &element.after)?))
}

/// An element of a list at the top level of the pool.
fn element_scope<'a>(pool: &'a Pool, list: NodeId, key: &str) -> Option<Scope<'a>> {
    let node = schema().node(list).element;
    let items = pool.document.get(&schema().node(list).path)?.as_list()?;
    let found = items.iter().enumerate().find(|(index, item)| key_of(item, node, pool, *index) == key);
    found.map(|(_, value)| Scope::of(pool).inside(pool::Element { value, node, key: None }))
}

/// The direction in which a changed value moved relative to a predicate's bound, and the expectation of the bound.
fn moved(
    predicate: &Predicate,
    change: &Change,
    scopes: (Scope<'_>, Scope<'_>),
    negated: bool,
) -> Option<(Direction, String)> {
    match predicate {
        Predicate::Leaf(leaf) => moved_leaf(leaf, change, scopes, negated),
        Predicate::All(inner) | Predicate::Any(inner) => {
            inner.iter().find_map(|one| moved(one, change, scopes, negated))
        }
        Predicate::None(inner) => inner.iter().find_map(|one| moved(one, change, scopes, !negated)),
        Predicate::Named(named) => moved(&named.inner, change, scopes, negated),
        // That values are shared or not has no degrees.
        Predicate::Unique(_) => None,
        Predicate::Count(count) => moved_count(count, change, scopes, negated),
        Predicate::Some(quantified) | Predicate::Every(quantified) => {
            let element = change.element.as_ref()?;
            let list = quantified.list.element.map(|id| schema().node(id).parent);
            if list != Some(element.list) {
                return None;
            }
            let (a, b) = scopes;
            let inner = (
                element_scope(a.pool, element.list, element.before.as_deref()?)?,
                element_scope(b.pool, element.list, element.after.as_deref()?)?,
            );
            moved(quantified.expect.as_deref()?, change, inner, negated)
        }
    }
}

/// Which way the number of elements moved that a predicate bounds.
fn moved_count(
    count: &Count,
    change: &Change,
    (a, b): (Scope<'_>, Scope<'_>),
    negated: bool,
) -> Option<(Direction, String)> {
    let list = count.list.of.or_else(|| count.list.element.map(|id| schema().node(id).parent))?;
    if !change.node.is_some_and(|node| schema().is_inside(node, list)) {
        return None;
    }
    let numbers = (counted(count, a)?, counted(count, b)?);
    count.bounds.iter().find_map(|operator| compared(operator, numbers, negated, operator.expected(None)))
}

/// The direction of a size that moved under a bound.
fn compared(
    operator: &Operator,
    (a, b): (i64, i64),
    negated: bool,
    expected: String,
) -> Option<(Direction, String)> {
    let bound = operator.bound()?;
    let better = match (a, b) {
        (a, b) if a == b => return None,
        (a, b) => (a < b) == (bound.at_least != negated),
    };
    let direction = if better { Direction::Strengthened } else { Direction::Weakened };
    Some((direction, expected))
}

fn moved_leaf(
    leaf: &Leaf,
    change: &Change,
    (a, b): (Scope<'_>, Scope<'_>),
    negated: bool,
) -> Option<(Direction, String)> {
    let (a, b) = (resolve(a, &leaf.path), resolve(b, &leaf.path));
    let (State::Present(a) | State::Default(a), State::Present(b) | State::Default(b)) = (a, b) else {
        return None;
    };
    let node = leaf.node.filter(|_| leaf.path.aspect == Aspect::Value)?;
    let of_interest = match schema().node(node).derived {
        Some(_) => true,
        None => touches(change, &ReadPath { node, key: key(&leaf.path, node), elements: false }),
    };
    leaf.operators.iter().filter(|_| of_interest).find_map(|operator| {
        let bound = operator.bound()?;
        let sizes = match bound.of {
            Measure::Number => (number(a)?, number(b)?),
            // Mere presence is not a bound.
            Measure::Length if bound.at_least && bound.at <= 1 => return None,
            Measure::Length => (length(a)?, length(b)?),
            // A later time is another time, and time itself moves every bound on it. Another range of addresses is
            // another element, which is added or removed.
            Measure::Age | Measure::Prefix => return None,
        };
        compared(operator, sizes, negated, operator.expected(Some(schema().node(node))))
    })
}

fn length(value: &Value) -> Option<i64> {
    let length = match value {
        Value::List(items) => items.len(),
        Value::Map(map) => map.len(),
        Value::String(text) => text.chars().count(),
        _ => return None,
    };
    i64::try_from(length).ok()
}
