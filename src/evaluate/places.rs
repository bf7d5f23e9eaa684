//! Every place of a pool that breaks a rule: a finding shows the first, and what is decided about it must hold for all.

use super::witness::{Site, Witness, witness};
use crate::pool;
use crate::rule::{Predicate, Quantified};
use crate::truth::{EvalContext, Truth, breaks, meets, truth};

/// Collects the places that make a predicate come out as `wanted`, each of which would be enough by itself; where
/// only several together are enough, the first stands for them.
pub(super) fn places<'a>(
    predicate: &Predicate,
    site: &Site<'a>,
    context: EvalContext,
    wanted: Truth,
    all: &mut Vec<Witness<'a>>,
) {
    let (inner, context, wanted) = match predicate {
        Predicate::All(inner) | Predicate::Any(inner) => (inner, context, wanted),
        Predicate::None(inner) => (inner, context.negated(), wanted.negated()),
        Predicate::Every(quantified) if wanted == Truth::False => {
            return elements(predicate, quantified, site, context, wanted, all);
        }
        Predicate::Some(quantified) if wanted == Truth::True => {
            return elements(predicate, quantified, site, context, wanted, all);
        }
        Predicate::Named(named) => return places(&named.inner, &site.of(named), context, wanted, all),
        Predicate::Leaf(_)
        | Predicate::Every(_)
        | Predicate::Some(_)
        | Predicate::Count(_)
        | Predicate::Unique(_) => {
            return all.push(witness(predicate, site, context, wanted));
        }
    };
    // One that fails breaks an `all`, and one that holds makes an `any` hold.
    let enough = if matches!(predicate, Predicate::All(_)) { Truth::False } else { Truth::True };
    let guilty = inner.iter().filter(|one| truth(one, site.scope, context) == wanted);
    for one in guilty.take(if wanted == enough { usize::MAX } else { 1 }) {
        places(one, site, context, wanted, all);
    }
}

/// The places in the elements of a list.
fn elements<'a>(
    predicate: &Predicate,
    quantified: &Quantified,
    site: &Site<'a>,
    context: EvalContext,
    wanted: Truth,
    all: &mut Vec<Witness<'a>>,
) {
    let list = &quantified.list;
    let part = quantified.expect.as_ref().or(quantified.filter.as_ref());
    let (Ok(elements), Some(part)) = (pool::elements(site.scope, &list.path, list.element), part) else {
        return all.push(witness(predicate, site, context, wanted));
    };
    let guilty = if matches!(predicate, Predicate::Every(_)) { breaks } else { meets };
    for placed in elements.iter() {
        if guilty(quantified, site.scope, placed.element, context) == Truth::True {
            places(part, &site.element(&list.path, &placed), context, wanted, all);
        }
    }
}
