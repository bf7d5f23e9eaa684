//! The one place of a pool that made a predicate hold, fail or stay unknown: what a finding shows.

use std::borrow::Cow;

use super::truth::{Doubt, Terms, Truth, absent_truth, breaks, inside, meets, operator_truth, truth};
use crate::pool::{Beyond, Pool, Scope, Section, State, resolve};
use crate::rule::{Leaf, Operator, Predicate, Quantified};
use crate::schema::{Kind, NodeId, Path, schema};
use crate::source::json::Walk;
use crate::value::Value;

/// A place and what stands there.
#[derive(Clone, Debug)]
pub(super) struct Blame<'a> {
    pub path: String,
    pub walk: Vec<Walk<'a>>,
    pub found: Found,
    pub expected: String,
    /// What should stand there, where it is one value.
    pub wanted: Option<Value>,
}

/// What stands at a place.
#[derive(Clone, Debug)]
pub(super) enum Found {
    Value(Value),
    Default(Value),
    Absent,
    Unknown(String),
    Outside(Beyond),
}

/// A scope and how it is reached from the pool.
#[derive(Clone, Debug)]
pub(super) struct Site<'a> {
    pub scope: Scope<'a>,
    /// `SchemaAttributes[email]`; empty for the pool.
    pub path: String,
    pub walk: Vec<Walk<'a>>,
}

impl<'a> Site<'a> {
    pub(super) fn pool(scope: Scope<'a>) -> Site<'a> {
        Site { scope, path: String::new(), walk: Vec::new() }
    }

    /// The path and steps of a path that starts here.
    fn reach(&self, path: &Path) -> (String, Vec<Walk<'a>>) {
        let steps = path.steps.iter().map(|step| Walk::Member(Cow::Owned(step.name.to_string())));
        if path.from_pool || self.path.is_empty() {
            let text = path.to_string();
            return (text.trim_start_matches("$.").to_owned(), steps.collect());
        }
        let walk = self.walk.iter().cloned().chain(steps).collect();
        (format!("{}.{path}", self.path), walk)
    }

    /// An element of a list that is reached from here.
    pub(super) fn element(&self, list: &Path, scope: Scope<'a>, index: usize) -> Site<'a> {
        let (path, mut walk) = self.reach(list);
        walk.push(Walk::Index(index));
        let key = scope
            .element
            .map_or_else(|| index.to_string(), |(value, node)| key_of(value, node, scope.pool, index));
        Site { scope, path: format!("{path}[{key}]"), walk }
    }
}

/// What identifies an element of a list: its key member, else the address of its resource, else its position.
pub fn key_of(element: &Value, node: Option<NodeId>, pool: &Pool, index: usize) -> String {
    let list = node.map(|id| schema().node(id).parent);
    let key = list.and_then(|list| schema().node(list).key.as_ref()).and_then(|key| element.get(key));
    if let Some(key) = key.filter(|key| !key.is_unknown()) {
        return key.to_string();
    }
    let address = list.and_then(Section::topped_by).and_then(|section| pool.element_address(section, index));
    address.map_or_else(|| index.to_string(), str::to_owned)
}

/// Finds the first place that makes a predicate come out as `wanted`.
pub(super) fn blame<'a>(predicate: &Predicate, site: &Site<'a>, terms: Terms, wanted: Truth) -> Blame<'a> {
    match predicate {
        Predicate::Leaf(leaf) => leaf_blame(leaf, site, terms, wanted),
        Predicate::Any(inner) if wanted == Truth::False => any_blame(inner, site, terms),
        Predicate::All(inner) | Predicate::Any(inner) => first(inner, site, terms, wanted),
        Predicate::None(inner) => first(inner, site, terms.negated(), wanted.negated()),
        Predicate::Some(quantified) | Predicate::Every(quantified) => {
            let every = matches!(predicate, Predicate::Every(_));
            quantified_blame(quantified, every, site, terms, wanted)
        }
    }
}

fn first<'a>(inner: &[Predicate], site: &Site<'a>, terms: Terms, wanted: Truth) -> Blame<'a> {
    let found = inner.iter().find(|one| truth(one, site.scope, terms) == wanted).or(inner.first());
    match found {
        Some(one) => blame(one, site, terms, wanted),
        None => Blame {
            path: site.path.clone(),
            walk: site.walk.clone(),
            found: Found::Absent,
            expected: String::new(),
            wanted: None,
        },
    }
}

/// When nothing of an `any` holds, the first is shown, and what would have been enough beside it is said.
fn any_blame<'a>(inner: &[Predicate], site: &Site<'a>, terms: Terms) -> Blame<'a> {
    let mut blames = inner.iter().map(|one| blame(one, site, terms, Truth::False));
    let Some(mut shown) = blames.next() else {
        return first(inner, site, terms, Truth::False);
    };
    for other in blames {
        let more = match other.path == shown.path {
            true => format!(", or {}", other.expected),
            false => format!(", or `{}` {}", other.path, other.expected),
        };
        if !shown.expected.ends_with(&more) {
            shown.expected.push_str(&more);
        }
    }
    shown
}

fn leaf_blame<'a>(leaf: &Leaf, site: &Site<'a>, terms: Terms, wanted: Truth) -> Blame<'a> {
    let (path, mut walk) = site.reach(&leaf.path);
    let derived = leaf.node.and_then(|id| schema().node(id).derived);
    if let (Some(derived), Some(last)) = (derived, walk.last_mut()) {
        // What is worked out stands nowhere; the number that it comes from does.
        *last = Walk::Member(Cow::Borrowed(derived.number));
    }
    let state = resolve(site.scope, &leaf.path);
    let guilty = |operator: &&Operator| {
        let truth = match &state {
            State::Present(value) | State::Default(value) => operator_truth(operator, value, leaf, terms),
            State::Absent => absent_truth(operator, terms),
            State::Unknown(_) | State::Outside(_) => return true,
        };
        truth == wanted
    };
    let guilty: Vec<&Operator> = leaf.operators.iter().filter(guilty).collect();
    let expected: Vec<String> = guilty.iter().map(|operator| operator.expected()).collect();
    let cure = match (wanted, &guilty[..]) {
        (Truth::False, [operator]) if derived.is_none() => cure(operator, leaf.node, &state),
        _ => None,
    };
    let expected = match wanted {
        Truth::True => format!("not {}", expected.join(" and ")),
        _ => expected.join(" and "),
    };
    Blame { path, walk, found: found(state, leaf, terms), expected, wanted: cure }
}

/// The value nearest to mind for which an operator holds.
fn cure(operator: &Operator, node: Option<NodeId>, state: &State<'_>) -> Option<Value> {
    let node = node.map(|id| schema().node(id));
    let is_list = node.is_some_and(|node| node.kind == Kind::List);
    let number = |n: i64| match node.is_some_and(|node| node.numeric) {
        true => Value::String(n.to_string().into()),
        false => Value::Int(n),
    };
    let other = |refused: &[Value]| {
        let values = node.map_or(&[] as &[_], |node| &node.values);
        let mut left = values.iter().filter(|one| !refused.iter().any(|no| no.as_str() == Some(one)));
        left.next().filter(|_| left.next().is_none()).map(|one| Value::String(one.clone()))
    };
    match operator {
        Operator::Equals(value) => Some(value.clone()),
        Operator::OneOf(values) => values.first().cloned(),
        Operator::AtLeast(n) | Operator::AtMost(n) => Some(number(*n)),
        Operator::NotEquals(Value::Bool(no)) => Some(Value::Bool(!no)),
        Operator::NotEquals(value) => other(std::slice::from_ref(value)),
        Operator::NoneOf(values) => other(values),
        Operator::Contains(value) if is_list => {
            Some(Value::List(listed(state).chain([value]).cloned().collect()))
        }
        Operator::NotContains(value) if is_list => {
            let rest: Vec<Value> = listed(state).filter(|one| *one != value).cloned().collect();
            // No list of the API may be given without elements where it is there to allow some.
            (!rest.is_empty()).then_some(Value::List(rest))
        }
        _ => None,
    }
}

/// The elements of a list that is there, or stands in for one that is not.
fn listed<'s>(state: &'s State<'_>) -> impl Iterator<Item = &'s Value> {
    let list = match state {
        State::Present(value) | State::Default(value) => value.as_list().unwrap_or_default(),
        _ => &[],
    };
    list.iter()
}

fn found(state: State<'_>, leaf: &Leaf, terms: Terms) -> Found {
    let node = leaf.node.map(|id| schema().node(id));
    let doubt = |value: &Value| {
        leaf.operators.iter().find_map(|operator| operator.holds(value, node, terms.now).err())
    };
    match state {
        State::Present(value) => doubt(value).map_or_else(|| Found::Value(value.clone()), Found::Unknown),
        State::Default(value) => Found::Default(value.clone()),
        State::Absent => Found::Absent,
        State::Unknown(why) => Found::Unknown(why.into_owned()),
        State::Outside(beyond) => Found::Outside(beyond),
    }
}

fn quantified_blame<'a>(
    quantified: &Quantified,
    every: bool,
    site: &Site<'a>,
    terms: Terms,
    wanted: Truth,
) -> Blame<'a> {
    let list = &quantified.list;
    let state = resolve(site.scope, &list.path);
    if let State::Present(Value::List(elements)) | State::Default(Value::List(elements)) = state {
        let guilty = |element: &&Value| {
            let (meets, breaks) = (
                meets(quantified, site.scope, element, terms),
                breaks(quantified, site.scope, element, terms),
            );
            match wanted {
                Truth::False => every && breaks == Truth::True,
                Truth::True => !every && meets == Truth::True,
                Truth::Unknown(_) => matches!(if every { breaks } else { meets }, Truth::Unknown(_)),
            }
        };
        if let Some((index, element)) = elements.iter().enumerate().find(|(_, element)| guilty(element)) {
            let inner = site.element(&list.path, inside(quantified, site.scope, element), index);
            let both = [&quantified.filter, &quantified.expect];
            let part = match wanted {
                Truth::Unknown(_) => both
                    .into_iter()
                    .flatten()
                    .find(|part| matches!(truth(part, inner.scope, terms), Truth::Unknown(_))),
                _ => quantified.expect.as_ref().or(quantified.filter.as_ref()),
            };
            if let Some(part) = part {
                return blame(part, &inner, terms, wanted);
            }
        }
    }
    let (path, walk) = site.reach(&list.path);
    let leaf = Leaf { path: list.path.clone(), node: None, operators: Vec::new() };
    let expected = format!("{} element that {}", if every { "every" } else { "an" }, requirement(quantified));
    let expected =
        if every { expected.replace("every element that", "elements that each") } else { expected };
    Blame { path, walk, found: found(state, &leaf, terms), expected, wanted: None }
}

/// What is asked of the elements, in words.
fn requirement(quantified: &Quantified) -> String {
    let parts = [&quantified.filter, &quantified.expect];
    let mut words = Vec::new();
    for part in parts.into_iter().flatten() {
        words.push(in_words(part));
    }
    format!("has {}", words.join(" and "))
}

fn in_words(predicate: &Predicate) -> String {
    match predicate {
        Predicate::Leaf(leaf) => {
            let expected: Vec<String> = leaf.operators.iter().map(Operator::expected).collect();
            format!("`{}` {}", leaf.path, expected.join(" and "))
        }
        Predicate::All(inner) => inner.iter().map(in_words).collect::<Vec<_>>().join(" and "),
        Predicate::Any(inner) => inner.iter().map(in_words).collect::<Vec<_>>().join(" or "),
        Predicate::None(inner) => {
            format!("none of {}", inner.iter().map(in_words).collect::<Vec<_>>().join(", "))
        }
        Predicate::Some(quantified) | Predicate::Every(quantified) => {
            format!("`{}` with an element that {}", quantified.list.path, requirement(quantified))
        }
    }
}

/// The place and the reason of a doubt.
pub(super) fn doubt<'a>(predicate: &Predicate, site: &Site<'a>, terms: Terms, doubt: Doubt) -> Blame<'a> {
    blame(predicate, site, terms, Truth::Unknown(doubt))
}
