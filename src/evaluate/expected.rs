//! The change that would make a failed predicate hold, as a sentence.
//!
//! The predicate and the pool give alternatives, each a list of demands that must all be met. The sentence names the
//! alternatives that change the fewest places.

use std::borrow::Cow;

use super::witness::{Site, place_of};
use crate::pool::{LocatedElement, State, at, elements};
use crate::rule::operator::{Asked, together};
use crate::rule::{Compared, Count, Leaf, Operator, OperatorName, Predicate, Quantified, Unique};
use crate::schema::{Aspect, NodeId, schema};
use crate::truth::{EvalContext, Truth, asked_truth, breaks, meets, operators, shared, truth};

/// More alternatives than this are not looked at.
const MOST: usize = 24;

/// A demand on one path.
#[derive(Clone, Debug)]
struct Demand<'r> {
    path: String,
    node: Option<NodeId>,
    what: What<'r>,
}

#[derive(Clone, Debug)]
enum What<'r> {
    Value(Asked<'r>),
    /// In words: what the elements of a list or the operand of a comparison must be like.
    Words(String),
}

/// Demands that must all be met.
type Alternative<'r> = Vec<Demand<'r>>;

/// The expectation of a failed predicate, as it reads after the word "expected". `shown` is the path of the value
/// that the sentence is about.
pub(super) fn expected(predicate: &Predicate, site: &Site<'_>, context: EvalContext, shown: &str) -> String {
    let mut all = alternatives(predicate, site, context, true);
    if let [only] = all.as_slice() {
        return phrases(only, shown).join(" and ");
    }
    let places = |one: &Alternative<'_>| one.chunk_by(|a, b| a.path == b.path).count();
    let fewest = all.iter().map(places).min().unwrap_or_default();
    all.retain(|one| places(one) == fewest);
    // The path that is shown comes first, so that the others read as alternatives.
    all.sort_by_key(|one| one.iter().all(|demand| demand.path != shown));
    let words: Vec<Vec<String>> = all.iter().map(|one| phrases(one, shown)).collect();
    let weaker = |own: &[String], other: &[String]| {
        other.len() < own.len() && other.iter().all(|one| own.contains(one))
    };
    let demands: Vec<Vec<String>> = all.iter().map(atoms).collect();
    let mut sentences: Vec<String> = Vec::new();
    for (own, phrases) in demands.iter().zip(words) {
        let sentence = phrases.join(" and ");
        if !demands.iter().any(|other| weaker(own, other)) && !sentences.contains(&sentence) {
            sentences.push(sentence);
        }
    }
    sentences.join(", or ")
}

/// Every demand of an alternative by itself, to see which alternative asks for more than another.
fn atoms(alternative: &Alternative<'_>) -> Vec<String> {
    alternative
        .iter()
        .map(|demand| format!("{} {}", demand.path, phrase(std::slice::from_ref(demand))))
        .collect()
}

/// The demands of an alternative, one phrase a path.
fn phrases(alternative: &Alternative<'_>, shown: &str) -> Vec<String> {
    let mut paths: Vec<&str> = Vec::new();
    for demand in alternative {
        if !paths.contains(&demand.path.as_str()) {
            paths.push(&demand.path);
        }
    }
    let here = shown.rfind("].").map_or("", |end| &shown[..end + 2]);
    let of = |path: &str| -> Vec<Demand<'_>> {
        alternative.iter().filter(|demand| demand.path == path).cloned().collect()
    };
    let asked_of_shown = || phrase(&of(shown));
    let phrase = |path: &str| {
        let demands = of(path);
        let phrase = phrase(&demands);
        if path == shown {
            return Some(phrase);
        }
        // The proven and the possible answer bound the same one, so a demand that they share is said once.
        let node = demands.first().and_then(|demand| demand.node).map(|id| schema().node(id));
        let is_said = node.is_some_and(|node| node.inferred) && phrase == asked_of_shown();
        (!is_said).then(|| format!("{phrase} in `{}`", path.strip_prefix(here).unwrap_or(path)))
    };
    paths.into_iter().filter_map(phrase).collect()
}

/// Demands on one path.
fn phrase(demands: &[Demand<'_>]) -> String {
    let (mut asked, mut words) = (Vec::new(), Vec::new());
    for demand in demands {
        match &demand.what {
            What::Value(one) => asked.push(*one),
            What::Words(elements) => words.push(elements.clone()),
        }
    }
    if !asked.is_empty() {
        let node = demands.first().and_then(|demand| demand.node).map(|id| schema().node(id));
        words.insert(0, together(&asked, node));
    }
    words.join(" and ")
}

/// The ways to make a predicate hold (`hold`) that fails, or fail that holds.
fn alternatives<'r>(
    predicate: &'r Predicate,
    site: &Site<'_>,
    context: EvalContext,
    hold: bool,
) -> Vec<Alternative<'r>> {
    match (predicate, hold) {
        (Predicate::Leaf(leaf), _) => of_leaf(leaf, site, context, hold),
        (Predicate::All(inner), true) | (Predicate::Any(inner), false) => every(inner, site, context, hold),
        (Predicate::Any(inner), true) | (Predicate::All(inner), false) => one(inner, site, context, hold),
        (Predicate::None(inner), true) => every(inner, site, context.negated(), false),
        (Predicate::None(inner), false) => one(inner, site, context.negated(), true),
        (Predicate::Named(named), _) => alternatives(&named.inner, &site.of(named), context, hold),
        (Predicate::Count(count), _) => of_number(count, site, hold),
        (Predicate::Unique(unique), _) => of_unique(unique, site, context, hold),
        (Predicate::Some(quantified), _) => of_elements(quantified, false, site, context, hold),
        (Predicate::Every(quantified), _) => of_elements(quantified, true, site, context, hold),
    }
}

/// The truth of a part that has to change.
fn wrong(hold: bool) -> Truth {
    if hold { Truth::False } else { Truth::True }
}

/// All parts that are not as they should be must change.
fn every<'r>(
    inner: &'r [Predicate],
    site: &Site<'_>,
    context: EvalContext,
    hold: bool,
) -> Vec<Alternative<'r>> {
    let mut all: Vec<Alternative<'r>> = vec![Vec::new()];
    for part in inner.iter().filter(|part| truth(part, site.scope, context) == wrong(hold)) {
        let ways = alternatives(part, site, context, hold);
        let joined = all.iter().flat_map(|one| ways.iter().map(|way| [one.clone(), way.clone()].concat()));
        all = joined.take(MOST).collect();
    }
    all
}

/// One part must change.
fn one<'r>(
    inner: &'r [Predicate],
    site: &Site<'_>,
    context: EvalContext,
    hold: bool,
) -> Vec<Alternative<'r>> {
    inner.iter().flat_map(|part| alternatives(part, site, context, hold)).take(MOST).collect()
}

fn of_leaf<'r>(leaf: &'r Leaf, site: &Site<'_>, context: EvalContext, hold: bool) -> Vec<Alternative<'r>> {
    let (path, _) = site.reach(&leaf.path);
    let fixed = leaf.operators.len();
    let asked = operators(leaf, site.scope, context).enumerate();
    let is_wrong = |asked: &_| {
        at(site.scope, &leaf.path, |state| match state {
            State::Unknown(_) | State::Outside(_) => true,
            _ => asked_truth(Clone::clone(asked), &state, leaf, site.scope, context) == wrong(hold),
        })
    };
    let demands = asked.filter(|(_, asked)| is_wrong(asked)).map(|(index, asked)| {
        let what = match (leaf.operators.get(index), asked) {
            (Some(operator), _) => What::Value(Asked { operator, negated: !hold }),
            (None, asked) => What::Words(operand(&leaf.compared[index - fixed], asked, leaf.node, hold)),
        };
        Demand { path: path.clone(), node: leaf.node, what }
    });
    let demands: Vec<Demand<'r>> = demands.collect();
    if hold { vec![demands] } else { demands.into_iter().map(|one| vec![one]).collect() }
}

/// The expectation of a value that is compared with another: `auth.example.com, as in CustomDomain`.
fn operand(
    compared: &Compared,
    asked: Result<Cow<'_, Operator>, Truth>,
    node: Option<NodeId>,
    hold: bool,
) -> String {
    let place = compared.path.aspect.text(&compared.path.steps_text());
    match asked {
        Ok(operator) => {
            let asked = [Asked { operator: &operator, negated: !hold }];
            format!("{} (from `{place}`)", together(&asked, node.map(|id| schema().node(id))))
        }
        Err(_) => format!("a value in `{place}` to compare with"),
    }
}

fn of_elements<'r>(
    quantified: &'r Quantified,
    is_every: bool,
    site: &Site<'_>,
    context: EvalContext,
    hold: bool,
) -> Vec<Alternative<'r>> {
    let list = &quantified.list.path;
    let part = quantified.expect.as_ref().or(quantified.filter.as_ref());
    if let (Ok(elements), Some(part)) = (elements(site.scope, list, quantified.list.element), part)
        && is_every == hold
    {
        let is_guilty = |placed: &LocatedElement<'_>| {
            let guilty = if is_every { breaks } else { meets };
            guilty(quantified, site.scope, placed.element, context) == Truth::True
        };
        if let Some(placed) = elements.iter().find(is_guilty) {
            return alternatives(part, &site.element(list, &placed), context, hold);
        }
    }
    let elements = match (is_every, hold) {
        (true, true) => format!("elements that each {}", requirement(quantified, false, "have", "are")),
        (false, true) => format!("an element that {}", requirement(quantified, false, "has", "is")),
        (true, false) => format!("an element that {}", requirement(quantified, true, "has", "is")),
        (false, false) => format!("no element that {}", requirement(quantified, false, "has", "is")),
    };
    let (path, _) = site.reach(list);
    vec![vec![Demand { path, node: None, what: What::Words(elements) }]]
}

/// The number of elements that is wanted.
fn of_number<'r>(count: &'r Count, site: &Site<'_>, hold: bool) -> Vec<Alternative<'r>> {
    let (path, _) = site.reach(&count.list.path);
    vec![vec![Demand { path: format!("count({path})"), node: None, what: What::Words(number(count, !hold)) }]]
}

/// The bounds on a number of elements, and the filter.
fn number(count: &Count, negated: bool) -> String {
    let bounds: Vec<Asked<'_>> = count.bounds.iter().map(|operator| Asked { operator, negated }).collect();
    let number = together(&bounds, None);
    match &count.filter {
        Some(filter) => format!("{number} with {}", described(filter, false)),
        None => number,
    }
}

/// That no two values are the same, or that two are.
fn of_unique<'r>(
    unique: &'r Unique,
    site: &Site<'_>,
    context: EvalContext,
    hold: bool,
) -> Vec<Alternative<'r>> {
    let list = &unique.list;
    let twice = elements(site.scope, &list.path, list.element).ok().and_then(|elements| {
        let (pairs, ..) = shared(unique, &elements, site.scope, context);
        pairs.first().map(|(_, second)| place_of(unique, second, site).0)
    });
    let path = twice.unwrap_or_else(|| site.reach(&list.path).0);
    let words = if hold { "a value that no other has" } else { "a value that another has" };
    vec![vec![Demand { path, node: None, what: What::Words(words.to_owned()) }]]
}

/// The condition on the elements, in words.
fn requirement(quantified: &Quantified, broken: bool, has: &str, is: &str) -> String {
    let filter = quantified.filter.iter().map(|part| described(part, false));
    let expect = quantified.expect.iter().map(|part| described(part, broken));
    let mut members = false;
    for part in quantified.filter.iter().chain(&quantified.expect) {
        part.paths(&mut |path, _| members |= !path.steps.is_empty());
    }
    let verb = if members { has } else { is };
    format!("{verb} {}", filter.chain(expect).collect::<Vec<_>>().join(" and "))
}

/// The value that another is compared with, independent of the pool.
fn other_value(compared: &Compared) -> String {
    match compared.path.aspect {
        Aspect::Outer if compared.path.steps.is_empty() => "this value".to_owned(),
        Aspect::Outer => format!("the `{}` of this", compared.path.steps_text()),
        _ => format!("the value of `{}`", compared.path),
    }
}

/// The condition of a predicate, independent of the pool.
fn described(predicate: &Predicate, negated: bool) -> String {
    let inner = |inner: &[Predicate], negated: bool, word: &str| {
        inner.iter().map(|one| described(one, negated)).collect::<Vec<_>>().join(word)
    };
    let (and, or) = if negated { (" or ", " and ") } else { (" and ", " or ") };
    match predicate {
        Predicate::Leaf(leaf) => {
            let node = leaf.node.map(|id| schema().node(id));
            let asked: Vec<Asked<'_>> =
                leaf.operators.iter().map(|operator| Asked { operator, negated }).collect();
            let phrase = match negated {
                false => together(&asked, node),
                true => asked.iter().map(|one| together(&[*one], node)).collect::<Vec<_>>().join(" or "),
            };
            let compared = leaf.compared.iter().map(|one| {
                let not = if negated == (one.operator == OperatorName::NotEquals) { "" } else { "not " };
                match one.operator {
                    OperatorName::Equals | OperatorName::NotEquals => format!("{not}{}", other_value(one)),
                    other => format!("{not}{} {}", other.word(), other_value(one)),
                }
            });
            let asked = (!asked.is_empty()).then_some(phrase).into_iter();
            let phrase =
                asked.chain(compared).collect::<Vec<_>>().join(if negated { " or " } else { " and " });
            match leaf.path.steps.is_empty() && leaf.path.aspect == Aspect::Value {
                true => phrase,
                false => format!("{phrase} in `{}`", leaf.path),
            }
        }
        Predicate::All(parts) => inner(parts, negated, and),
        Predicate::Any(parts) => inner(parts, negated, or),
        Predicate::None(parts) => inner(parts, !negated, if negated { " or " } else { " and " }),
        Predicate::Named(named) => format!("{}`{}`", if negated { "not " } else { "" }, named.name),
        Predicate::Count(count) => format!("{} in `{}`", number(count, negated), count.list.path),
        Predicate::Unique(unique) => {
            let several = if negated { "a value twice" } else { "no value twice" };
            format!("{several} in `{}`", unique.list.path)
        }
        Predicate::Some(quantified) | Predicate::Every(quantified) => {
            let each = matches!(predicate, Predicate::Every(_));
            let (elements, has, is) = match (each, negated) {
                (true, false) => ("elements that each", "have", "are"),
                (false, true) => ("no element that", "has", "is"),
                (true, true) | (false, false) => ("an element that", "has", "is"),
            };
            let asked = requirement(quantified, each && negated, has, is);
            format!("{elements} {asked} in `{}`", quantified.list.path)
        }
    }
}
