//! The strictest values of a rule's parameters that pools meet.

use std::sync::Arc;

use crate::rule::assemble::alone;
use crate::rule::stricter::Stricter;
use crate::rule::written::WrittenRule;
use crate::rule::{Operator, Predicate, Rule};
use crate::schema::schema;
use crate::spanned::{Item, Toml};
use crate::value::Value;

/// Tells whether every pool meets a rule.
type Meet<'a> = &'a dyn Fn(&Arc<Rule>) -> bool;

/// The rule with the strictest parameters that is met. `None` if it is not met with any that it may have.
///
/// The other parameters of a rule are as loose as can be while one is made stricter.
pub(super) fn strictest(
    written: &WrittenRule,
    directions: &[(usize, Stricter)],
    meet: Meet<'_>,
) -> Option<Arc<Rule>> {
    let mut rule = written.clone();
    for (index, direction) in directions {
        rule = loosest(&rule, *index, *direction)?;
    }
    for (index, direction) in directions {
        rule = match direction {
            Stricter::Higher | Stricter::Lower => number(&rule, written, *index, *direction, meet)?,
            Stricter::More => more(&rule, written, *index, meet)?,
            Stricter::Fewer => fewer(&rule, *index, meet)?,
        };
    }
    compiled(&rule).filter(|rule| meet(rule))
}

/// The rule, if it may have its parameters.
fn compiled(written: &WrittenRule) -> Option<Arc<Rule>> {
    let mut mistakes = Vec::new();
    alone(written, &mut mistakes).filter(|_| mistakes.is_empty()).map(Arc::new)
}

fn with(written: &WrittenRule, index: usize, value: Toml) -> WrittenRule {
    let mut params = written.params.clone();
    params[index].value.toml = value;
    WrittenRule { params, ..written.clone() }
}

/// The rule with a parameter that as many pools meet as possible.
fn loosest(written: &WrittenRule, index: usize, direction: Stricter) -> Option<WrittenRule> {
    let may = |n: i64| compiled(&with(written, index, Toml::Int(n))).is_some();
    match (direction, &written.params[index].value.toml) {
        (Stricter::Higher, Toml::Int(n)) => Some(with(written, index, Toml::Int(last(*n, BELOW, may)))),
        (Stricter::Lower, Toml::Int(n)) => Some(with(written, index, Toml::Int(last(*n, i64::MAX, may)))),
        (Stricter::More, Toml::List(_)) => Some(written.clone()),
        (Stricter::Fewer, Toml::List(own)) => {
            let mut all = own.clone();
            all.extend(universe(written, index));
            Some(with(written, index, Toml::List(all)))
        }
        // An age is a text.
        (Stricter::Higher | Stricter::Lower | Stricter::More | Stricter::Fewer, _) => None,
    }
}

/// No parameter of a rule is below it.
const BELOW: i64 = -1;

/// The last number for which something holds, on the way from one for which it does to one for which it does not.
fn last(mut holds: i64, mut fails: i64, may: impl Fn(i64) -> bool) -> i64 {
    while holds.abs_diff(fails) > 1 {
        let middle = holds + (fails - holds) / 2;
        if may(middle) {
            holds = middle;
        } else {
            fails = middle;
        }
    }
    holds
}

fn number(
    loose: &WrittenRule,
    written: &WrittenRule,
    index: usize,
    direction: Stricter,
    meet: Meet<'_>,
) -> Option<WrittenRule> {
    let Toml::Int(from) = loose.params[index].value.toml else { return None };
    let holds = |n: i64| compiled(&with(loose, index, Toml::Int(n))).is_some_and(|rule| meet(&rule));
    if !holds(from) {
        return None;
    }
    let end = if direction == Stricter::Higher { i64::MAX } else { BELOW };
    let bound = last(from, end, holds);
    let strictest = with(loose, index, Toml::Int(bound));
    let looked_at = compiled(&strictest).is_some_and(|rule| !meet(&beyond(rule, bound)));
    let own = with(loose, index, written.params[index].value.toml.clone());
    let own_is_met = || compiled(&own).is_some_and(|rule| meet(&rule));
    Some(if looked_at || !own_is_met() { strictest } else { own })
}

/// The rule with an operator that holds for no value in place of a bound. Pools that meet it have no such value.
fn beyond(rule: Arc<Rule>, bound: i64) -> Arc<Rule> {
    let mut rule = Arc::unwrap_or_clone(rule);
    let mut change = |operator: &mut Operator| {
        if operator.bound().is_some_and(|own| own.at == bound) {
            *operator = Operator::OneOf(Vec::new());
        }
    };
    rule.when.iter_mut().chain([&mut rule.expect]).for_each(|part| part.change_operators(&mut change));
    Arc::new(rule)
}

/// The values of a list, each of which is met by itself.
fn more(loose: &WrittenRule, written: &WrittenRule, index: usize, meet: Meet<'_>) -> Option<WrittenRule> {
    let Toml::List(own) = &written.params[index].value.toml else { return None };
    let mut all = own.clone();
    all.extend(universe(written, index));
    let alone = |item: &Item| with(loose, index, Toml::List(vec![item.clone()]));
    all.retain(|item| compiled(&alone(item)).is_some_and(|rule| meet(&rule)));
    Some(with(loose, index, Toml::List(all)))
}

/// The values of a list, without those that need not be in it.
fn fewer(loose: &WrittenRule, index: usize, meet: Meet<'_>) -> Option<WrittenRule> {
    let Toml::List(all) = &loose.params[index].value.toml else { return None };
    let mut left = all.clone();
    for item in all {
        let rest: Vec<Item> =
            left.iter().filter(|one| one.toml.to_value() != item.toml.to_value()).cloned().collect();
        let less = with(loose, index, Toml::List(rest.clone()));
        if compiled(&less).is_some_and(|rule| meet(&rule)) {
            left = rest;
        }
    }
    Some(with(loose, index, Toml::List(left)))
}

/// The values that the API has for a list and that the parameter lacks.
fn universe(written: &WrittenRule, index: usize) -> Vec<Item> {
    let Item { toml, at } = &written.params[index].value;
    let Value::List(own) = toml.to_value() else { return Vec::new() };
    let Some(rule) = compiled(written) else { return Vec::new() };
    let mut values = Vec::new();
    let mut visit = |predicate: &Predicate| {
        let Predicate::Leaf(leaf) = predicate else { return };
        if leaf.operators.iter().any(|operator| operator.named() == own) {
            let node = leaf.node.map(|id| schema().node(id));
            let of = node.map(|node| node.element.map_or(node, |element| schema().node(element)));
            values.extend(of.into_iter().flat_map(|node| node.values.iter().cloned()));
        }
    };
    rule.when.iter().chain([&rule.expect]).for_each(|predicate| predicate.each(&mut visit));
    values.retain(|value| !own.iter().any(|known| known.as_str() == Some(value)));
    values.into_iter().map(|text| Item { toml: Toml::String(text.to_string()), at: at.clone() }).collect()
}
