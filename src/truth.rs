//! Whether a predicate holds, by Kleene's logic of three values.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::pool::{Element, Elements, LocatedElement, Scope, State, at, elements, resolve};
use crate::rule::{
    Absence, Count, Leaf, ListPath, Named, Operator, Predicate, Quantified, Unique, WhenAbsent,
};
use crate::schema::{Aspect, NodeId, schema};
use crate::ternary::{Reason, Ternary};
use crate::value::Value;

/// Whether a predicate holds.
pub type Truth = Ternary<Doubt>;

/// No structure has more members than this.
const MOST_MEMBERS: i64 = 100;

/// Why something is not known; a later one outranks an earlier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Doubt {
    /// The value is absent, and the rule wants to be skipped then.
    Absent,
    /// The input does not hold the section.
    Outside,
    /// It could not be read, or cannot be known yet.
    Unread,
}

impl Reason for Doubt {
    fn join(self, other: Doubt) -> Doubt {
        self.max(other)
    }
}

/// The settings that apply to every path of a predicate.
#[derive(Clone, Copy, Debug)]
pub struct EvalContext {
    pub absence: Absence,
    /// Milliseconds since 1970.
    pub now: i64,
}

impl EvalContext {
    /// The context of `expect`.
    pub fn expect(when_absent: WhenAbsent, now: i64) -> EvalContext {
        EvalContext { absence: Absence::Settles(when_absent), now }
    }

    /// The context of `when` and `where`.
    pub fn filter(now: i64) -> EvalContext {
        EvalContext { absence: Absence::Unmet, now }
    }

    /// The context inside a negation.
    #[must_use]
    pub fn negated(self) -> EvalContext {
        EvalContext { absence: self.absence.negated(), ..self }
    }
}

/// Whether a predicate holds.
pub fn truth(predicate: &Predicate, scope: Scope<'_>, context: EvalContext) -> Truth {
    match predicate {
        Predicate::Leaf(leaf) => leaf_truth(leaf, scope, context),
        Predicate::All(inner) => Truth::all(inner.iter().map(|one| truth(one, scope, context))),
        Predicate::Any(inner) => Truth::any(inner.iter().map(|one| truth(one, scope, context))),
        Predicate::None(inner) => {
            let context = context.negated();
            Truth::any(inner.iter().map(|one| truth(one, scope, context))).negated()
        }
        Predicate::Some(quantified) => over(&quantified.list, scope, context, |elements| {
            let doubt = elements.doubt().map(|state| Truth::Unknown(doubt_of(state)));
            let each = elements.iter().map(|placed| meets(quantified, scope, placed.element, context));
            Truth::any(each.chain(doubt))
        }),
        Predicate::Every(quantified) => over(&quantified.list, scope, context, |elements| {
            let doubt = elements.doubt().map(|state| Truth::Unknown(doubt_of(state)));
            let each =
                elements.iter().map(|placed| breaks(quantified, scope, placed.element, context).negated());
            Truth::all(each.chain(doubt))
        }),
        Predicate::Count(count) => {
            over(&count.list, scope, context, |elements| count_truth(count, elements, scope, context))
        }
        Predicate::Unique(unique) => {
            over(&unique.list, scope, context, |elements| unique_truth(unique, elements, scope, context))
        }
        Predicate::Named(named) => {
            match (truth(&named.inner, scope_of(named, scope), context), named.when_unknown) {
                (Truth::Unknown(_), Some(holds)) => Truth::from(holds),
                (truth, _) => truth,
            }
        }
    }
}

/// The scope of a named predicate that is used in a scope.
pub fn scope_of<'a>(named: &Named, scope: Scope<'a>) -> Scope<'a> {
    if named.of_pool { Scope::of(scope.pool) } else { scope }
}

fn leaf_truth(leaf: &Leaf, scope: Scope<'_>, context: EvalContext) -> Truth {
    at(scope, &leaf.path, |state| match state {
        State::Unknown(_) => Truth::Unknown(Doubt::Unread),
        State::Outside(_) => Truth::Unknown(Doubt::Outside),
        _ => Truth::all(
            operators(leaf, scope, context).map(|asked| asked_truth(asked, &state, leaf, scope, context)),
        ),
    })
}

/// Why a state does not tell.
fn doubt_of(state: &State<'_>) -> Doubt {
    match state {
        State::Outside(_) => Doubt::Outside,
        State::Present(_) | State::Default(_) | State::Absent | State::Unknown(_) => Doubt::Unread,
    }
}

/// Whether the number of elements is within bounds, for all numbers that it may be.
fn count_truth(count: &Count, elements: &Elements<'_>, scope: Scope<'_>, context: EvalContext) -> Truth {
    let (least, doubts) = numbers(count, elements, scope, context);
    let within = |number: i64| {
        let holds = |bound: &Operator| bound.holds(&Value::Int(number), None, context.now).ok();
        Truth::all(
            count.bounds.iter().map(|bound| holds(bound).map_or(Truth::Unknown(Doubt::Unread), Truth::from)),
        )
    };
    let first = within(least);
    let Some(doubt) = doubts.iter().copied().max() else { return first };
    let unseen = elements.doubt().map_or(0, |_| MOST_MEMBERS);
    let most = least + i64::try_from(doubts.len()).unwrap_or(MOST_MEMBERS) + unseen;
    let more = elements.may_have_more().then_some(i64::MAX);
    let same = (least..=most).chain(more).all(|number| within(number) == first);
    if same { first } else { Truth::Unknown(doubt) }
}

/// How many elements pass the filter, and why it is not known of the others that may.
fn numbers(
    count: &Count,
    elements: &Elements<'_>,
    scope: Scope<'_>,
    context: EvalContext,
) -> (i64, Vec<Doubt>) {
    let (mut sure, mut doubts) = (0, Vec::new());
    for placed in elements.iter() {
        match passes(count.filter.as_deref(), scope.inside(placed.element), context) {
            Truth::True => sure += 1,
            Truth::False => {}
            Truth::Unknown(doubt) => doubts.push(doubt),
        }
    }
    doubts.extend(elements.doubt().map(doubt_of));
    (sure, doubts)
}

/// The number of elements, where it is known.
pub fn number(count: &Count, scope: Scope<'_>, context: EvalContext) -> Option<i64> {
    let elements = elements(scope, &count.list.path, count.list.element).ok()?;
    let (sure, doubts) = numbers(count, &elements, scope, context);
    doubts.is_empty().then_some(sure)
}

/// A value of an element that must be unique.
#[derive(Clone, Debug)]
pub struct Shared<'a> {
    pub placed: LocatedElement<'a>,
    /// Its position where the element has a list of values.
    pub index: Option<usize>,
    pub value: &'a Value,
    passes: Truth,
}

/// Two places that have the same value, and whether both count.
pub fn shared<'a>(
    unique: &Unique,
    elements: &Elements<'a>,
    scope: Scope<'a>,
    context: EvalContext,
) -> (Vec<(Shared<'a>, Shared<'a>)>, Truth, Option<Doubt>) {
    let (values, doubt) = values(unique, elements, scope, context);
    let mut known: BTreeMap<String, Vec<Shared<'a>>> = BTreeMap::new();
    let (mut pairs, mut any) = (Vec::new(), Truth::False);
    for own in values {
        let same = known.entry(own.value.to_string()).or_default();
        if let Some(first) = same.iter().find(|first| first.value == own.value) {
            let both = first.passes.and(own.passes);
            any = Truth::any([any, both]);
            if both == Truth::True {
                pairs.push((first.clone(), own.clone()));
            }
        }
        same.push(own);
    }
    (pairs, any, doubt)
}

/// The values that must differ, with the reason why there may be others.
fn values<'a>(
    unique: &Unique,
    elements: &Elements<'a>,
    scope: Scope<'a>,
    context: EvalContext,
) -> (Vec<Shared<'a>>, Option<Doubt>) {
    let (mut values, mut doubt) = (Vec::new(), elements.doubt().map(doubt_of));
    for placed in elements.iter() {
        let inner = scope.inside(placed.element);
        let passes = passes(unique.filter.as_deref(), inner, context);
        if passes == Truth::False {
            continue;
        }
        let state = match &unique.member {
            None => State::Present(placed.element.value),
            Some((path, _)) => resolve(inner, path),
        };
        let several = match state {
            State::Present(Value::List(several)) | State::Default(Value::List(several)) => several.as_slice(),
            State::Present(one) | State::Default(one) => std::slice::from_ref(one),
            State::Absent => &[],
            State::Unknown(_) | State::Outside(_) => {
                doubt = doubt.max(Some(doubt_of(&state)));
                &[]
            }
        };
        let is_list = matches!(state, State::Present(Value::List(_)) | State::Default(Value::List(_)));
        for (at, value) in several.iter().enumerate() {
            if value.is_unknown() || matches!(value, Value::Secret) {
                doubt = doubt.max(Some(Doubt::Unread));
                continue;
            }
            let index = is_list.then_some(at);
            values.push(Shared { placed: placed.clone(), index, value, passes });
        }
    }
    (values, doubt)
}

/// Whether no two elements share a value.
fn unique_truth(unique: &Unique, elements: &Elements<'_>, scope: Scope<'_>, context: EvalContext) -> Truth {
    let (_, any, doubt) = shared(unique, elements, scope, context);
    Truth::any([any].into_iter().chain(doubt.map(Truth::Unknown))).negated()
}

/// The operators of a leaf, those with their operand in the pool after the others; where the operand is not there or
/// not known, what the comparison amounts to.
pub fn operators<'r>(
    leaf: &'r Leaf,
    scope: Scope<'r>,
    context: EvalContext,
) -> impl Iterator<Item = Result<Cow<'r, Operator>, Truth>> {
    let compared = leaf.compared.iter().map(move |compared| {
        at(scope, &compared.path, |state| match state {
            State::Present(value) | State::Default(value) if !value.is_unknown() => {
                compared.with(value).map(Cow::Owned).map_err(|_| Truth::Unknown(Doubt::Unread))
            }
            State::Absent => Err(nothing_to_compare(context)),
            State::Outside(_) => Err(Truth::Unknown(Doubt::Outside)),
            State::Present(_) | State::Default(_) | State::Unknown(_) => Err(Truth::Unknown(Doubt::Unread)),
        })
    });
    leaf.operators.iter().map(|operator| Ok(Cow::Borrowed(operator))).chain(compared)
}

/// Whether an operator holds for what is at a leaf's path.
pub fn asked_truth(
    asked: Result<Cow<'_, Operator>, Truth>,
    state: &State<'_>,
    leaf: &Leaf,
    scope: Scope<'_>,
    context: EvalContext,
) -> Truth {
    match (asked, state) {
        (Err(truth), _) => truth,
        (Ok(operator), State::Present(value) | State::Default(value)) => {
            let node = node_of(leaf, scope).map(|id| schema().node(id));
            operator.holds(value, node, context.now).map_err(|_| Doubt::Unread).into()
        }
        (Ok(operator), State::Absent) => absent_truth(&operator, context),
        (Ok(_), State::Unknown(_)) => Truth::Unknown(Doubt::Unread),
        (Ok(_), State::Outside(_)) => Truth::Unknown(Doubt::Outside),
    }
}

/// The place in the schema of what a leaf asks about. Each member of a structure has its own.
pub fn node_of(leaf: &Leaf, scope: Scope<'_>) -> Option<NodeId> {
    match (leaf.path.aspect, scope.element) {
        (Aspect::Value, Some(element)) if leaf.path.steps.is_empty() => leaf.node.or(element.node),
        (Aspect::Value, _) => leaf.node,
        (
            Aspect::Members
            | Aspect::Plain
            | Aspect::Key
            | Aspect::Arn(_)
            | Aspect::Scopes
            | Aspect::Outer
            | Aspect::Source,
            _,
        ) => None,
    }
}

/// Whether one operator holds for a value that is absent.
fn absent_truth(operator: &Operator, context: EvalContext) -> Truth {
    match operator {
        Operator::Present(wanted) => Truth::from(!wanted),
        _ => nothing_to_compare(context),
    }
}

/// Whether a comparison holds that has no value to compare.
fn nothing_to_compare(context: EvalContext) -> Truth {
    context.absence.amounts_to().map_or(Truth::Unknown(Doubt::Absent), Truth::from)
}

fn over(
    list: &ListPath,
    scope: Scope<'_>,
    context: EvalContext,
    judge: impl Fn(&Elements<'_>) -> Truth,
) -> Truth {
    match elements(scope, &list.path, list.element) {
        Ok(elements) => judge(&elements),
        Err(State::Absent) => nothing_to_compare(context),
        Err(state) => Truth::Unknown(doubt_of(&state)),
    }
}

/// Whether an element passes the filter. One of which it is unknown whether it is there may.
fn passes(filter: Option<&Predicate>, scope: Scope<'_>, context: EvalContext) -> Truth {
    let is_open = scope.element.is_some_and(|element| matches!(element.value, Value::Unknown(_)));
    let without = if is_open { Truth::Unknown(Doubt::Unread) } else { Truth::True };
    filter.map_or(without, |filter| truth(filter, scope, EvalContext::filter(context.now)))
}

/// Whether an element passes the filter and meets what is expected.
pub fn meets(quantified: &Quantified, scope: Scope<'_>, element: Element<'_>, context: EvalContext) -> Truth {
    selected(quantified, scope.inside(element), context, |expected| expected)
}

/// Whether an element passes the filter and does not meet what is expected.
pub fn breaks(
    quantified: &Quantified,
    scope: Scope<'_>,
    element: Element<'_>,
    context: EvalContext,
) -> Truth {
    selected(quantified, scope.inside(element), context, Truth::negated)
}

/// Whether an element passes the filter, and what `of` makes of its expectation holds.
fn selected(
    quantified: &Quantified,
    scope: Scope<'_>,
    context: EvalContext,
    of: impl FnOnce(Truth) -> Truth,
) -> Truth {
    match passes(quantified.filter.as_deref(), scope, context) {
        Truth::False => Truth::False,
        passes => {
            let expected = quantified.expect.as_ref();
            passes.and(of(expected.map_or(Truth::True, |expect| truth(expect, scope, context))))
        }
    }
}
