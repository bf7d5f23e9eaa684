//! The one place of a pool that made a predicate hold, fail or stay unknown: what a finding shows.

mod unique;

use std::borrow::Cow;

use crate::pool::{
    Beyond, Element, LocatedElement, Place, Pool, Scope, Section, State, UNITS, at, elements, resolve,
};
use crate::rule::operator::measured;
use crate::rule::{Count, Leaf, ListPath, Named, Operator, Predicate, Quantified};
use crate::schema::{Aspect, Derived, Node, NodeId, Path, joined, schema};
use crate::source::ValueStep;
use crate::truth::{
    EvalContext, Truth, asked_truth, breaks, meets, node_of, number, operators, scope_of, truth,
};
use crate::value::{Value, unknown_among};
pub(super) use unique::place_of;
use unique::unique_witness;

/// A place and its value.
#[derive(Clone, Debug)]
pub(super) struct Witness<'a> {
    pub path: String,
    pub value_path: Vec<ValueStep<'a>>,
    pub found: Found,
    /// A remark that the value does not show: how a lifetime is written, or which values the API accepts.
    pub note: Option<String>,
    /// The expected value, if it is one value.
    pub wanted: Option<Value>,
}

/// The value at a place.
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
    pub value_path: Vec<ValueStep<'a>>,
    /// How the element around is reached.
    outer: Option<Box<(String, Vec<ValueStep<'a>>)>>,
    /// Somebody looks at the paths. Where pools are only counted, writing them was a fifth of judging every rule.
    is_shown: bool,
}

impl<'a> Site<'a> {
    pub(super) fn pool(scope: Scope<'a>, is_shown: bool) -> Site<'a> {
        Site { scope, path: String::new(), value_path: Vec::new(), outer: None, is_shown }
    }

    /// The path and steps of a path that starts here.
    pub(super) fn reach(&self, path: &Path) -> (String, Vec<ValueStep<'a>>) {
        if !self.is_shown {
            return (String::new(), Vec::new());
        }
        let steps = path.steps.iter().map(|step| ValueStep::Member(Cow::Owned(step.name.to_string())));
        let (start, value_path) = match (path.aspect, self.outer.as_deref()) {
            (Aspect::Outer, Some((path, value_path))) => (path.as_str(), value_path.as_slice()),
            _ if path.from_pool => ("", &[] as &[ValueStep<'a>]),
            _ => (self.path.as_str(), self.value_path.as_slice()),
        };
        let value_path = value_path.iter().cloned().chain(steps).collect();
        let text = path.steps.iter().fold(start.to_owned(), |text, step| joined(&text, &step.name));
        match path.aspect {
            Aspect::Value | Aspect::Members | Aspect::Plain | Aspect::Outer => (text, value_path),
            Aspect::Key | Aspect::Arn(_) | Aspect::Scopes => (path.aspect.text(&text), value_path),
            // It is of the pool, wherever it is asked for.
            Aspect::Source => (path.aspect.text(""), Vec::new()),
        }
    }

    /// An element that is reached from here.
    pub(super) fn element(&self, list: &Path, placed: &LocatedElement<'a>) -> Site<'a> {
        let scope = self.scope.inside(placed.element);
        if !self.is_shown {
            return Site::pool(scope, false);
        }
        let (mut path, mut value_path) = self.reach(list);
        match &placed.place {
            Place::At(index) => {
                value_path.push(ValueStep::Index(*index));
                let key = key_of(placed.element.value, placed.element.node, scope.pool, *index);
                path = format!("{path}[{key}]");
            }
            Place::In(names) => {
                for name in names {
                    value_path.push(ValueStep::Member(Cow::Borrowed(name)));
                    path = joined(&path, name);
                }
            }
        }
        let is_inside = self.scope.element.is_some();
        let outer = is_inside.then(|| Box::new((self.path.clone(), self.value_path.clone())));
        Site { scope, path, value_path, outer, is_shown: true }
    }

    /// Where the paths of a named predicate start that is used here.
    pub(super) fn of(&self, named: &Named) -> Site<'a> {
        if named.of_pool { Site::pool(scope_of(named, self.scope), self.is_shown) } else { self.clone() }
    }
}

/// The key that identifies an element of a list: a plain value itself, its key member, else the address of its
/// resource, else its position.
pub fn key_of(element: &Value, node: Option<NodeId>, pool: &Pool, index: usize) -> String {
    if let Value::String(_) | Value::Int(_) = element {
        return element.to_string();
    }
    let list = node.map(|id| schema().node(id).parent);
    let key = list.and_then(|list| schema().node(list).key.as_ref()).and_then(|key| element.get(key));
    if let Some(key) = key.filter(|key| !key.is_unknown()) {
        return key.to_string();
    }
    let address = list.and_then(Section::rooted_at).and_then(|section| pool.element_address(section, index));
    address.map_or_else(|| index.to_string(), str::to_owned)
}

/// Finds the first place that makes a predicate come out as `wanted`.
pub(super) fn witness<'a>(
    predicate: &Predicate,
    site: &Site<'a>,
    context: EvalContext,
    wanted: Truth,
) -> Witness<'a> {
    match predicate {
        Predicate::Leaf(leaf) => leaf_witness(leaf, site, context, wanted),
        Predicate::All(inner) | Predicate::Any(inner) => first(inner, site, context, wanted),
        Predicate::None(inner) => first(inner, site, context.negated(), wanted.negated()),
        Predicate::Some(quantified) | Predicate::Every(quantified) => {
            let every = matches!(predicate, Predicate::Every(_));
            quantified_witness(quantified, every, site, context, wanted)
        }
        Predicate::Count(count) => count_witness(count, site, context),
        Predicate::Unique(unique) => unique_witness(unique, site, context, wanted),
        Predicate::Named(named) => witness(&named.inner, &site.of(named), context, wanted),
    }
}

fn first<'a>(inner: &[Predicate], site: &Site<'a>, context: EvalContext, wanted: Truth) -> Witness<'a> {
    let found = inner.iter().find(|one| truth(one, site.scope, context) == wanted).or(inner.first());
    match found {
        Some(one) => witness(one, site, context, wanted),
        None => Witness {
            path: site.path.clone(),
            value_path: site.value_path.clone(),
            found: Found::Absent,
            note: None,
            wanted: None,
        },
    }
}

fn leaf_witness<'a>(leaf: &Leaf, site: &Site<'a>, context: EvalContext, wanted: Truth) -> Witness<'a> {
    let (path, mut value_path) = site.reach(&leaf.path);
    let derived = leaf.node.and_then(|id| schema().node(id).derived);
    if let (Some(derived), Some(last)) = (derived, value_path.last_mut()) {
        // A derived value is not in the text. The number that it is derived from is.
        *last = ValueStep::Member(Cow::Borrowed(derived.number));
    }
    at(site.scope, &leaf.path, |state| {
        if matches!(wanted, Truth::Unknown(_))
            && let State::Present(_) | State::Default(_) = &state
            && let Some(operand) = unknown_operand(leaf, site)
        {
            return operand;
        }
        let guilty = operators(leaf, site.scope, context)
            .filter(|asked| asked_truth(asked.clone(), &state, leaf, site.scope, context) == wanted);
        let guilty: Vec<Cow<'_, Operator>> = guilty.filter_map(Result::ok).collect();
        let whole = derived.is_none() && leaf.path.aspect == Aspect::Value;
        let suggested = match (wanted, &guilty[..]) {
            (Truth::False, [Cow::Owned(Operator::OneOf(_))]) => None,
            (Truth::False, [operator]) if whole => operator.suggestion(leaf.node, value_of(&state)),
            _ => None,
        };
        let note = match (derived, value_of(&state), leaf.node) {
            (Some(derived), Some(value), Some(node)) => {
                lifetime_note(derived, value, schema().node(node), site.scope)
            }
            _ => None,
        };
        let found = found(state, &leaf.operators, node_of(leaf, site.scope), context);
        Witness { path, value_path, found, note, wanted: suggested }
    })
}

/// The list whose elements are too many or too few.
fn count_witness<'a>(count: &Count, site: &Site<'a>, context: EvalContext) -> Witness<'a> {
    let list = &count.list.path;
    let (path, value_path) = site.reach(list);
    let found = match number(count, site.scope, context) {
        Some(number) => Found::Value(Value::Int(number)),
        None => match doubtful(count.filter.as_deref(), &count.list, site, context) {
            Some(witness) => return witness,
            None => found(resolve(site.scope, list), &[], None, context),
        },
    };
    Witness { path: format!("count({path})"), value_path, found, note: None, wanted: None }
}

/// The first place that makes a filter unknown, or the member that is not known.
fn doubtful<'a>(
    filter: Option<&Predicate>,
    list: &ListPath,
    site: &Site<'a>,
    context: EvalContext,
) -> Option<Witness<'a>> {
    let elements = elements(site.scope, &list.path, list.element).ok()?;
    let context = EvalContext::filter(context.now);
    for placed in elements.iter() {
        let (inner, Some(filter)) = (site.element(&list.path, &placed), filter) else { break };
        if let unknown @ Truth::Unknown(_) = truth(filter, inner.scope, context) {
            return Some(witness(filter, &inner, context, unknown));
        }
    }
    let found = found(elements.doubt()?.clone(), &[], None, context);
    let (path, value_path) = site.reach(&list.path);
    Some(Witness { path, value_path, found, note: None, wanted: None })
}

/// The place of an operand that is not known.
fn unknown_operand<'a>(leaf: &Leaf, site: &Site<'a>) -> Option<Witness<'a>> {
    leaf.compared.iter().find_map(|compared| {
        let found = at(site.scope, &compared.path, |state| match state {
            State::Unknown(why) => Some(Found::Unknown(why.into_owned())),
            State::Outside(section) => Some(Found::Outside(section)),
            State::Absent => None,
            State::Present(Value::Later(why)) => Some(Found::Unknown(why.to_string())),
            State::Present(value) | State::Default(value) => {
                let unknown = unknown_among(value.as_list().unwrap_or_default()).map(str::to_owned);
                compared.with(value).err().or(unknown).map(Found::Unknown)
            }
        })?;
        let (path, value_path) = site.reach(&compared.path);
        Some(Witness { path, value_path, found, note: None, wanted: None })
    })
}

/// The value that is there, or the default of an absent one.
fn value_of<'s>(state: &'s State<'_>) -> Option<&'s Value> {
    match state {
        State::Present(value) | State::Default(value) => Some(value),
        State::Absent | State::Unknown(_) | State::Outside(_) => None,
    }
}

/// How a lifetime in seconds is written, and what the API takes where it would not take this: `60 hours, the API's
/// unit where none is set; the API takes at most 24 hours`.
fn lifetime_note(derived: Derived, seconds: &Value, node: &Node, scope: Scope<'_>) -> Option<String> {
    let Element { value: element, node: of, .. } = scope.element?;
    let number = element.get(derived.number).filter(|number| matches!(number, Value::Int(n) if *n != 0))?;
    let set = element.get(UNITS).and_then(|units| units.get(derived.unit));
    let default = schema().member(of?, UNITS).and_then(|units| schema().member(units, derived.unit));
    let default = default.and_then(|unit| schema().node(unit).defaults().any.as_ref());
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

fn found(state: State<'_>, operators: &[Operator], node: Option<NodeId>, context: EvalContext) -> Found {
    let node = node.map(|id| schema().node(id));
    let doubt =
        |value: &Value| operators.iter().find_map(|operator| operator.holds(value, node, context.now).err());
    match state {
        State::Present(value) => doubt(value).map_or_else(|| Found::Value(value.clone()), Found::Unknown),
        State::Default(value) => Found::Default(value.clone()),
        State::Absent => Found::Absent,
        State::Unknown(why) => Found::Unknown(why.into_owned()),
        State::Outside(beyond) => Found::Outside(beyond),
    }
}

/// The path, in the outer element, of the value that selects elements of another list. A list without such an element
/// makes this value the fault.
fn looked_up(filter: &Predicate) -> Option<Path> {
    match filter {
        Predicate::Leaf(leaf) => {
            let outer = leaf.compared.iter().find(|one| one.path.aspect == Aspect::Outer)?;
            Some(Path { aspect: Aspect::Value, ..outer.path.clone() })
        }
        Predicate::All(inner) => inner.iter().find_map(looked_up),
        // The element around those of a list inside is one of these.
        Predicate::Any(_)
        | Predicate::None(_)
        | Predicate::Some(_)
        | Predicate::Every(_)
        | Predicate::Count(_)
        | Predicate::Unique(_)
        | Predicate::Named(_) => None,
    }
}

fn quantified_witness<'a>(
    quantified: &Quantified,
    every: bool,
    site: &Site<'a>,
    context: EvalContext,
    wanted: Truth,
) -> Witness<'a> {
    let list = &quantified.list;
    let elements = elements(site.scope, &list.path, list.element);
    if let Ok(elements) = &elements {
        let guilty = |placed: &LocatedElement<'_>| {
            let (meets, breaks) = (
                meets(quantified, site.scope, placed.element, context),
                breaks(quantified, site.scope, placed.element, context),
            );
            match wanted {
                Truth::False => every && breaks == Truth::True,
                Truth::True => !every && meets == Truth::True,
                Truth::Unknown(_) => matches!(if every { breaks } else { meets }, Truth::Unknown(_)),
            }
        };
        if let Some(placed) = elements.iter().find(guilty) {
            let inner = site.element(&list.path, &placed);
            let both = [&quantified.filter, &quantified.expect];
            let part = match wanted {
                Truth::Unknown(_) => both
                    .into_iter()
                    .flatten()
                    .find(|part| matches!(truth(part, inner.scope, context), Truth::Unknown(_))),
                _ => quantified.expect.as_ref().or(quantified.filter.as_ref()),
            };
            let of_filter = |part: &Predicate| {
                quantified.filter.as_deref().is_some_and(|filter| std::ptr::eq(filter, part))
            };
            if let Some(part) = part {
                let context = if of_filter(part) { EvalContext::filter(context.now) } else { context };
                return witness(part, &inner, context, wanted);
            }
        }
    }
    let key = quantified.filter.as_deref().and_then(looked_up);
    if let Some(key) = key.filter(|_| !every && wanted == Truth::False) {
        let (path, value_path) = site.reach(&key);
        let found = found(resolve(site.scope, &key), &[], None, context);
        return Witness { path, value_path, found, note: None, wanted: None };
    }
    let (path, value_path) = site.reach(&list.path);
    let state = match elements {
        Ok(elements) if elements.doubt().is_some() && matches!(wanted, Truth::Unknown(_)) => {
            elements.doubt().cloned().unwrap_or(State::Absent)
        }
        _ => resolve(site.scope, &list.path),
    };
    Witness { path, value_path, found: found(state, &[], None, context), note: None, wanted: None }
}
