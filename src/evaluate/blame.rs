//! The one place of a pool that made a predicate hold, fail or stay unknown: what a finding shows.

use std::borrow::Cow;

use super::truth::{Doubt, Terms, Truth, asked_truth, breaks, inside, meets, operators, truth};
use crate::pool::{Beyond, Pool, Scope, Section, State, UNITS, resolve};
use crate::rule::operator::measured;
use crate::rule::{Leaf, Operator, Predicate, Quantified};
use crate::schema::{Derived, Node, NodeId, Path, schema};
use crate::source::Walk;
use crate::value::Value;

/// A place and what stands there.
#[derive(Clone, Debug)]
pub(super) struct Blame<'a> {
    pub path: String,
    pub walk: Vec<Walk<'a>>,
    pub found: Found,
    /// What the value alone does not say: how a lifetime is written, what the API would take.
    pub note: Option<String>,
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
    pub(super) fn reach(&self, path: &Path) -> (String, Vec<Walk<'a>>) {
        let steps = path.steps.iter().map(|step| Walk::Member(Cow::Owned(step.name.to_string())));
        if path.from_pool || self.path.is_empty() {
            let text = path.to_string();
            return (text.trim_start_matches("$.").to_owned(), steps.collect());
        }
        let walk = self.walk.iter().cloned().chain(steps).collect();
        match path.steps.is_empty() {
            true => (self.path.clone(), walk),
            false => (format!("{}.{path}", self.path), walk),
        }
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

/// What identifies an element of a list: a plain value itself, its key member, else the address of its resource, else
/// its position.
pub fn key_of(element: &Value, node: Option<NodeId>, pool: &Pool, index: usize) -> String {
    if let Value::String(_) | Value::Int(_) = element {
        return element.to_string();
    }
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
            note: None,
            wanted: None,
        },
    }
}

fn leaf_blame<'a>(leaf: &Leaf, site: &Site<'a>, terms: Terms, wanted: Truth) -> Blame<'a> {
    let (path, mut walk) = site.reach(&leaf.path);
    let derived = leaf.node.and_then(|id| schema().node(id).derived);
    if let (Some(derived), Some(last)) = (derived, walk.last_mut()) {
        // What is worked out stands nowhere; the number that it comes from does.
        *last = Walk::Member(Cow::Borrowed(derived.number));
    }
    let state = resolve(site.scope, &leaf.path);
    if matches!(wanted, Truth::Unknown(_))
        && let State::Present(_) | State::Default(_) = &state
        && let Some(operand) = unknown_operand(leaf, site)
    {
        return operand;
    }
    let guilty = operators(leaf, site.scope, terms)
        .filter(|asked| asked_truth(asked.clone(), &state, leaf, terms) == wanted);
    let guilty: Vec<Cow<'_, Operator>> = guilty.filter_map(Result::ok).collect();
    let cure = match (wanted, &guilty[..]) {
        (Truth::False, [operator]) if derived.is_none() => operator.suggestion(leaf.node, value_of(&state)),
        _ => None,
    };
    let note = match (derived, value_of(&state), leaf.node) {
        (Some(derived), Some(value), Some(node)) => {
            lifetime_note(derived, value, schema().node(node), site.scope)
        }
        _ => None,
    };
    Blame { path, walk, found: found(state, leaf, terms), note, wanted: cure }
}

/// The place of an operand that is not known.
fn unknown_operand<'a>(leaf: &Leaf, site: &Site<'a>) -> Option<Blame<'a>> {
    leaf.compared.iter().find_map(|compared| {
        let found = match resolve(site.scope, &compared.path) {
            State::Unknown(why) => Found::Unknown(why.into_owned()),
            State::Outside(section) => Found::Outside(section),
            State::Absent => return None,
            State::Present(Value::Later(why)) => Found::Unknown(why.to_string()),
            State::Present(value) | State::Default(value) => Found::Unknown(compared.with(value).err()?),
        };
        let (path, walk) = site.reach(&compared.path);
        Some(Blame { path, walk, found, note: None, wanted: None })
    })
}

/// The value that is there, or stands in for one that is not.
fn value_of<'s>(state: &'s State<'_>) -> Option<&'s Value> {
    match state {
        State::Present(value) | State::Default(value) => Some(value),
        State::Absent | State::Unknown(_) | State::Outside(_) => None,
    }
}

/// How a lifetime in seconds is written, and what the API takes where it would not take this: `60 hours, the API's
/// unit where none is set; the API takes at most 24 hours`.
fn lifetime_note(derived: Derived, seconds: &Value, node: &Node, scope: Scope<'_>) -> Option<String> {
    let (element, of) = scope.element?;
    let number = element.get(derived.number).filter(|number| matches!(number, Value::Int(n) if *n != 0))?;
    let set = element.get(UNITS).and_then(|units| units.get(derived.unit));
    let default = schema().member(of?, UNITS).and_then(|units| schema().member(units, derived.unit));
    let default = default.and_then(|unit| schema().node(unit).defaults.any.as_ref());
    let unit = set.or(default)?.as_str()?;
    let mut text = match set {
        Some(_) => format!("{number} {unit}"),
        None => format!("{number} {unit}, the unit where none is set"),
    };
    if let Value::Int(seconds) = seconds {
        let (bound, most) = match (node.min, node.max) {
            (Some(least), _) if *seconds < least => ("least", least),
            (_, Some(most)) if *seconds > most => ("most", most),
            _ => return Some(text),
        };
        text.push_str(&format!("; the API takes at {bound} {}", measured(most, Some(node))));
    }
    Some(text)
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
            let of_filter = |part: &Predicate| {
                quantified.filter.as_deref().is_some_and(|filter| std::ptr::eq(filter, part))
            };
            if let Some(part) = part {
                let terms = if of_filter(part) { Terms::filter(terms.now) } else { terms };
                return blame(part, &inner, terms, wanted);
            }
        }
    }
    let (path, walk) = site.reach(&list.path);
    let leaf = Leaf { path: list.path.clone(), node: None, operators: Vec::new(), compared: Vec::new() };
    Blame { path, walk, found: found(state, &leaf, terms), note: None, wanted: None }
}

/// The place and the reason of a doubt.
pub(super) fn doubt<'a>(predicate: &Predicate, site: &Site<'a>, terms: Terms, doubt: Doubt) -> Blame<'a> {
    blame(predicate, site, terms, Truth::Unknown(doubt))
}
