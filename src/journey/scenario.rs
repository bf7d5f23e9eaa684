//! The journeys of a pool that is one of some, and the conditions of a template that leave open which.

use std::collections::BTreeMap;

use super::answer::{Answer, sorted};
use super::certainty::{Level, Sure};
use super::{Closings, Journey, Journeys};
use crate::source::declared::Scenario;

impl Journeys {
    /// The widest of both, where it is not known which of two pools it is.
    pub(super) fn hull(self, other: Journeys) -> Journeys {
        let answers = self.answers.into_iter().zip(other.answers);
        let answers = answers.map(|((question, one), (_, other))| (question, one.hull(other))).collect();
        let mut journeys: Vec<Journey> = Vec::new();
        let mut there: BTreeMap<String, Journey> =
            other.journeys.into_iter().map(|journey| (journey.id.clone(), journey)).collect();
        for mut journey in self.journeys {
            match there.remove(&journey.id) {
                Some(same) => {
                    journey.sure = journey.sure.hull(same.sure);
                    journey.unverified = journey.unverified.hull(same.unverified);
                    journey.single_factor = journey.single_factor.hull(same.single_factor);
                    journey.foreign_email = journey.foreign_email.hull(same.foreign_email);
                }
                None => journey.sure.proven = Sure::No,
            }
            journeys.push(journey);
        }
        journeys.extend(there.into_values().map(|mut journey| {
            journey.sure.proven = Sure::No;
            journey
        }));
        journeys.sort_by_cached_key(Journey::rank);
        let mut doubts = self.doubts;
        doubts.extend(other.doubts);
        doubts.sort_unstable();
        doubts.dedup();
        Journeys { answers, journeys, doubts, closings: Closings::default() }
    }
}

/// Names the conditions among what is not known, of the answers and journeys that differ between scenarios.
pub(super) fn name_conditions(whole: &mut Journeys, scenarios: &[Scenario], each: &[Journeys]) {
    if each.len() < 2 {
        return;
    }
    let values: Vec<Vec<(&str, &str)>> = scenarios.iter().map(|scenario| values(&scenario.when)).collect();
    for (at, (_, answer)) in whole.answers.iter_mut().enumerate() {
        let of: Vec<Option<&Answer>> =
            each.iter().map(|one| one.answers.get(at).map(|(_, own)| own)).collect();
        let is_same = |one: Option<&Answer>, other: Option<&Answer>| {
            one.zip(other).is_some_and(|(one, other)| one.is_at_most(other) && other.is_at_most(one))
        };
        let reasons = answer.reasons_mut();
        reasons.unread =
            with(&conditions(&values, |one, other| !is_same(of[one], of[other])), &reasons.unread);
    }
    for journey in &mut whole.journeys {
        let level = |journeys: &Journeys| {
            let own = journeys.journeys.iter().find(|one: &&Journey| one.id == journey.id);
            own.map(|one| one.sure).unwrap_or_default()
        };
        let of: Vec<Level> = each.iter().map(level).collect();
        journey.unread = with(&conditions(&values, |one, other| of[one] != of[other]), &journey.unread);
    }
}

fn with(conditions: &[String], unread: &[String]) -> Vec<String> {
    let unread = unread.iter().filter(|one| !conditions.contains(one));
    conditions.iter().chain(unread).cloned().collect()
}

/// The values of the conditions of a scenario: `IsProd is true, HasDomain is false`.
fn values(when: &str) -> Vec<(&str, &str)> {
    when.split(", ").filter_map(|one| one.split_once(" is ")).collect()
}

/// The conditions on which something hangs that differs between scenarios: those that make a difference by themselves,
/// or else all.
fn conditions(values: &[Vec<(&str, &str)>], differs: impl Fn(usize, usize) -> bool) -> Vec<String> {
    let (mut alone, mut all) = (Vec::new(), Vec::new());
    for (one, own) in values.iter().enumerate() {
        for (other, others) in values.iter().enumerate().skip(one + 1) {
            if !differs(one, other) {
                continue;
            }
            let apart: Vec<&str> =
                own.iter().filter(|value| !others.contains(value)).map(|(name, _)| *name).collect();
            if apart.len() == 1 {
                alone.extend(apart.iter().map(|name| format!("condition {name}")));
            }
            all.extend(apart.iter().map(|name| format!("condition {name}")));
        }
    }
    sorted(if alone.is_empty() { all } else { alone }.into_iter())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_condition_is_named_that_makes_the_difference() {
        let whens = [
            "A is true, B is true",
            "A is true, B is false",
            "A is false, B is true",
            "A is false, B is false",
        ];
        let values: Vec<_> = whens.iter().map(|when| values(when)).collect();
        let of =
            |open: &[usize]| conditions(&values, |one, other| open.contains(&one) != open.contains(&other));
        assert_eq!(of(&[0, 1]), ["condition A"]);
        assert_eq!(of(&[0, 2]), ["condition B"]);
        assert_eq!(of(&[0]), ["condition A", "condition B"]);
        assert!(of(&[]).is_empty());
        let two = &values[1..3];
        assert_eq!(conditions(two, |_, _| true), ["condition A", "condition B"]);
    }
}
