//! Whether a predicate holds, by Kleene's logic of three values.

use std::borrow::Cow;

use crate::pool::{Scope, State, resolve};
use crate::rule::{Absence, Leaf, Operator, Predicate, Quantified, WhenAbsent};
use crate::ternary::{Reason, Ternary};
use crate::value::Value;

/// Whether a predicate holds.
pub(super) type Truth = Ternary<Doubt>;

/// Why something is not known; a later one outranks an earlier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Doubt {
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

/// What holds for every path of a predicate.
#[derive(Clone, Copy, Debug)]
pub(super) struct Terms {
    pub absence: Absence,
    /// Milliseconds since 1970.
    pub now: i64,
}

impl Terms {
    /// The terms of `expect`.
    pub(super) fn expect(when_absent: WhenAbsent, now: i64) -> Terms {
        Terms { absence: Absence::Settles(when_absent), now }
    }

    /// The terms of `when` and `where`.
    pub(super) fn filter(now: i64) -> Terms {
        Terms { absence: Absence::Unmet, now }
    }

    /// The terms inside a negation.
    pub(super) fn negated(self) -> Terms {
        Terms { absence: self.absence.negated(), ..self }
    }
}

/// Whether a predicate holds.
pub(super) fn truth(predicate: &Predicate, scope: Scope<'_>, terms: Terms) -> Truth {
    match predicate {
        Predicate::Leaf(leaf) => leaf_truth(leaf, scope, terms),
        Predicate::All(inner) => Truth::all(inner.iter().map(|one| truth(one, scope, terms))),
        Predicate::Any(inner) => Truth::any(inner.iter().map(|one| truth(one, scope, terms))),
        Predicate::None(inner) => {
            let terms = terms.negated();
            Truth::any(inner.iter().map(|one| truth(one, scope, terms))).negated()
        }
        Predicate::Some(quantified) => over(quantified, scope, terms, |elements| {
            Truth::any(elements.iter().map(|element| meets(quantified, scope, element, terms)))
        }),
        Predicate::Every(quantified) => over(quantified, scope, terms, |elements| {
            Truth::all(elements.iter().map(|element| breaks(quantified, scope, element, terms).negated()))
        }),
    }
}

fn leaf_truth(leaf: &Leaf, scope: Scope<'_>, terms: Terms) -> Truth {
    let state = resolve(scope, &leaf.path);
    match state {
        State::Unknown(_) => Truth::Unknown(Doubt::Unread),
        State::Outside(_) => Truth::Unknown(Doubt::Outside),
        _ => Truth::all(operators(leaf, scope, terms).map(|asked| asked_truth(asked, &state, leaf, terms))),
    }
}

/// The operators of a leaf, those with their operand in the pool after the others; where the operand is not there or
/// not known, what the comparison amounts to.
pub(super) fn operators<'r>(
    leaf: &'r Leaf,
    scope: Scope<'r>,
    terms: Terms,
) -> impl Iterator<Item = Result<Cow<'r, Operator>, Truth>> {
    let compared = leaf.compared.iter().map(move |compared| match resolve(scope, &compared.path) {
        State::Present(value) | State::Default(value) if !value.is_unknown() => {
            compared.with(value).map(Cow::Owned).map_err(|_| Truth::Unknown(Doubt::Unread))
        }
        State::Absent => Err(nothing_to_compare(terms)),
        State::Outside(_) => Err(Truth::Unknown(Doubt::Outside)),
        State::Present(_) | State::Default(_) | State::Unknown(_) => Err(Truth::Unknown(Doubt::Unread)),
    });
    leaf.operators.iter().map(|operator| Ok(Cow::Borrowed(operator))).chain(compared)
}

/// Whether an operator holds for what is at a leaf's path.
pub(super) fn asked_truth(
    asked: Result<Cow<'_, Operator>, Truth>,
    state: &State<'_>,
    leaf: &Leaf,
    terms: Terms,
) -> Truth {
    match (asked, state) {
        (Err(truth), _) => truth,
        (Ok(operator), State::Present(value) | State::Default(value)) => {
            operator_truth(&operator, value, leaf, terms)
        }
        (Ok(operator), State::Absent) => absent_truth(&operator, terms),
        (Ok(_), State::Unknown(_)) => Truth::Unknown(Doubt::Unread),
        (Ok(_), State::Outside(_)) => Truth::Unknown(Doubt::Outside),
    }
}

/// Whether one operator holds for a value that is there.
fn operator_truth(operator: &Operator, value: &Value, leaf: &Leaf, terms: Terms) -> Truth {
    let node = leaf.node.map(|id| crate::schema::schema().node(id));
    operator.holds(value, node, terms.now).map_err(|_| Doubt::Unread).into()
}

/// Whether one operator holds for a value that is absent.
fn absent_truth(operator: &Operator, terms: Terms) -> Truth {
    match operator {
        Operator::Present(wanted) => Truth::from(!wanted),
        _ => nothing_to_compare(terms),
    }
}

/// Whether a comparison holds that has no value to compare.
fn nothing_to_compare(terms: Terms) -> Truth {
    terms.absence.amounts_to().map_or(Truth::Unknown(Doubt::Absent), Truth::from)
}

fn over(quantified: &Quantified, scope: Scope<'_>, terms: Terms, judge: impl Fn(&[Value]) -> Truth) -> Truth {
    match resolve(scope, &quantified.list.path) {
        State::Present(Value::List(elements)) | State::Default(Value::List(elements)) => judge(elements),
        State::Absent => nothing_to_compare(terms),
        State::Present(_) | State::Default(_) | State::Unknown(_) => Truth::Unknown(Doubt::Unread),
        State::Outside(_) => Truth::Unknown(Doubt::Outside),
    }
}

/// The scope of an element of a quantified list.
pub(super) fn inside<'a>(quantified: &Quantified, scope: Scope<'a>, element: &'a Value) -> Scope<'a> {
    Scope { pool: scope.pool, element: Some((element, quantified.list.element)) }
}

/// Whether an element passes the filter.
fn passes(quantified: &Quantified, scope: Scope<'_>, terms: Terms) -> Truth {
    let filter = quantified.filter.as_ref();
    filter.map_or(Truth::True, |filter| truth(filter, scope, Terms::filter(terms.now)))
}

/// Whether an element passes the filter and meets what is expected.
pub(super) fn meets(quantified: &Quantified, scope: Scope<'_>, element: &Value, terms: Terms) -> Truth {
    let scope = inside(quantified, scope, element);
    let expect = || quantified.expect.as_ref().map_or(Truth::True, |expect| truth(expect, scope, terms));
    match passes(quantified, scope, terms) {
        Truth::False => Truth::False,
        passes => passes.and(expect()),
    }
}

/// Whether an element passes the filter and does not meet what is expected.
pub(super) fn breaks(quantified: &Quantified, scope: Scope<'_>, element: &Value, terms: Terms) -> Truth {
    let scope = inside(quantified, scope, element);
    let expect = || quantified.expect.as_ref().map_or(Truth::True, |expect| truth(expect, scope, terms));
    match passes(quantified, scope, terms) {
        Truth::False => Truth::False,
        passes => passes.and(expect().negated()),
    }
}
