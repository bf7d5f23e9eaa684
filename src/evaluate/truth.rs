//! Whether a predicate holds, by Kleene's logic of three values.

use crate::pool::{Scope, State, resolve};
use crate::rule::{Leaf, Operator, Predicate, Quantified, WhenAbsent};
use crate::value::Value;

/// Whether something holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Truth {
    True,
    False,
    Unknown(Doubt),
}

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

/// What holds for every path of a predicate.
#[derive(Clone, Copy, Debug)]
pub(super) struct Terms {
    pub when_absent: WhenAbsent,
    /// Milliseconds since 1970.
    pub now: i64,
}

impl Truth {
    fn of(holds: bool) -> Truth {
        if holds { Truth::True } else { Truth::False }
    }

    fn not(self) -> Truth {
        match self {
            Truth::True => Truth::False,
            Truth::False => Truth::True,
            unknown @ Truth::Unknown(_) => unknown,
        }
    }

    fn and(self, other: Truth) -> Truth {
        match (self, other) {
            (Truth::False, _) | (_, Truth::False) => Truth::False,
            (Truth::Unknown(a), Truth::Unknown(b)) => Truth::Unknown(a.max(b)),
            (unknown @ Truth::Unknown(_), Truth::True) | (Truth::True, unknown) => unknown,
        }
    }

    /// Conjunction; stops at the first that is false.
    fn all(truths: impl Iterator<Item = Truth>) -> Truth {
        let mut all = Truth::True;
        for truth in truths {
            all = all.and(truth);
            if all == Truth::False {
                break;
            }
        }
        all
    }

    fn any(truths: impl Iterator<Item = Truth>) -> Truth {
        Truth::all(truths.map(Truth::not)).not()
    }
}

/// Whether a predicate holds.
pub(super) fn truth(predicate: &Predicate, scope: Scope<'_>, terms: Terms) -> Truth {
    match predicate {
        Predicate::Leaf(leaf) => leaf_truth(leaf, scope, terms),
        Predicate::All(inner) => Truth::all(inner.iter().map(|one| truth(one, scope, terms))),
        Predicate::Any(inner) => Truth::any(inner.iter().map(|one| truth(one, scope, terms))),
        Predicate::None(inner) => Truth::any(inner.iter().map(|one| truth(one, scope, terms))).not(),
        Predicate::Some(quantified) => over(quantified, scope, terms, |elements| {
            Truth::any(elements.iter().map(|element| meets(quantified, scope, element, terms)))
        }),
        Predicate::Every(quantified) => over(quantified, scope, terms, |elements| {
            Truth::all(elements.iter().map(|element| breaks(quantified, scope, element, terms).not()))
        }),
    }
}

pub(super) fn leaf_truth(leaf: &Leaf, scope: Scope<'_>, terms: Terms) -> Truth {
    match resolve(scope, &leaf.path) {
        State::Present(value) | State::Default(value) => {
            Truth::all(leaf.operators.iter().map(|operator| operator_truth(operator, value, leaf, terms)))
        }
        State::Absent => Truth::all(leaf.operators.iter().map(|operator| absent_truth(operator, terms))),
        State::Unknown(_) => Truth::Unknown(Doubt::Unread),
        State::Outside(_) => Truth::Unknown(Doubt::Outside),
    }
}

/// Whether one operator holds for a value that is there.
pub(super) fn operator_truth(operator: &Operator, value: &Value, leaf: &Leaf, terms: Terms) -> Truth {
    let node = leaf.node.map(|id| crate::schema::schema().node(id));
    operator.holds(value, node, terms.now).map_or(Truth::Unknown(Doubt::Unread), Truth::of)
}

/// Whether one operator holds for a value that is absent.
pub(super) fn absent_truth(operator: &Operator, terms: Terms) -> Truth {
    match (operator, terms.when_absent) {
        (Operator::Present(wanted), _) => Truth::of(!wanted),
        (_, WhenAbsent::Fail) => Truth::False,
        (_, WhenAbsent::Pass) => Truth::True,
        (_, WhenAbsent::Skip) => Truth::Unknown(Doubt::Absent),
    }
}

fn over(quantified: &Quantified, scope: Scope<'_>, terms: Terms, judge: impl Fn(&[Value]) -> Truth) -> Truth {
    match resolve(scope, &quantified.list.path) {
        State::Present(Value::List(elements)) | State::Default(Value::List(elements)) => judge(elements),
        State::Absent => match terms.when_absent {
            WhenAbsent::Fail => Truth::False,
            WhenAbsent::Pass => Truth::True,
            WhenAbsent::Skip => Truth::Unknown(Doubt::Absent),
        },
        State::Present(_) | State::Default(_) | State::Unknown(_) => Truth::Unknown(Doubt::Unread),
        State::Outside(_) => Truth::Unknown(Doubt::Outside),
    }
}

/// The scope of an element of a quantified list.
pub(super) fn inside<'a>(quantified: &Quantified, scope: Scope<'a>, element: &'a Value) -> Scope<'a> {
    Scope { pool: scope.pool, element: Some((element, quantified.list.element)) }
}

/// Whether an element passes the filter and meets what is expected.
pub(super) fn meets(quantified: &Quantified, scope: Scope<'_>, element: &Value, terms: Terms) -> Truth {
    let scope = Scope { pool: scope.pool, element: Some((element, quantified.list.element)) };
    let part =
        |part: &Option<Box<Predicate>>| part.as_ref().map_or(Truth::True, |part| truth(part, scope, terms));
    part(&quantified.filter).and(part(&quantified.expect))
}

/// Whether an element passes the filter and does not meet what is expected.
pub(super) fn breaks(quantified: &Quantified, scope: Scope<'_>, element: &Value, terms: Terms) -> Truth {
    let scope = Scope { pool: scope.pool, element: Some((element, quantified.list.element)) };
    let part =
        |part: &Option<Box<Predicate>>| part.as_ref().map_or(Truth::True, |part| truth(part, scope, terms));
    part(&quantified.filter).and(part(&quantified.expect).not())
}
