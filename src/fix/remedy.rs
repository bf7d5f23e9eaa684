//! Remedies: changes of one setting with which a rule on journeys is satisfied, the cheapest for the users first.

use std::sync::Arc;

use super::closing::{changed, is_worse, tries, turned};
use super::cost::{Cost, cost};
use super::sign_in::SignIn;
use super::{Obstacle, broken_by};
use crate::evaluate::{verdict, verdicts};
use crate::journey::{self, Change, Journeys};
use crate::pool::Pool;
use crate::rule::{Rule, Verdict};
use crate::value::Value;

/// A change that satisfies a rule, and the pool after it.
#[derive(Debug)]
pub(super) struct Remedy {
    pub change: Change,
    pub after: Pool,
    /// The number of rules that it makes fail.
    breaks: usize,
    cost: Cost,
    /// The number of questions that have another answer.
    turned: usize,
}

/// Whether a remedy can be made.
#[derive(Debug)]
pub(super) enum Made {
    Here,
    /// By a person alone.
    ByHand,
    /// It is against what the user chose.
    Refused(Obstacle),
}

/// A rule on journeys that fails, and the other rules for the pool.
pub(super) struct Failing<'a> {
    pub rule: &'a Arc<Rule>,
    pub others: &'a [Arc<Rule>],
    pub now: i64,
}

impl Failing<'_> {
    /// The remedies for a pool, the best first: it makes the fewest rules fail, costs the least and turns the fewest
    /// answers.
    pub(super) fn remedies(&self, pool: &Pool) -> Vec<Remedy> {
        let test = Test::of(self, pool);
        let mut remedies = Vec::new();
        for (change, after) in tries(pool) {
            let Some(turned) = test.turned(&after) else { continue };
            let (change, after) = match cost(&change) {
                Cost::Lifetime => test.longest(change, after),
                _ => (change, after),
            };
            let (breaks, cost) = (broken_by(self.others, pool, &after, self.now).len(), cost(&change));
            remedies.push(Remedy { change, after, breaks, cost, turned });
        }
        remedies.sort_by_key(|one| (one.class(), one.turned));
        remedies
    }

    /// The best of the remedies that can be made, or the reason that none is. A remedy that costs more than one by hand
    /// is not made.
    pub(super) fn best(&self, pool: &Pool, made: impl Fn(&Remedy) -> Made) -> Result<Remedy, Obstacle> {
        let (mut by_hand, mut refused): (Option<Remedy>, _) = (None, None);
        for remedy in self.remedies(pool) {
            match made(&remedy) {
                Made::Here if by_hand.as_ref().is_some_and(|other| other.class() < remedy.class()) => break,
                Made::Here => return Ok(remedy),
                Made::ByHand => by_hand = by_hand.or(Some(remedy)),
                Made::Refused(why) => refused = refused.or(Some(why)),
            }
        }
        let none = || {
            let help = "`cognito-lint journeys` says what it rests on";
            Obstacle::new("no change of one setting closes the journey", help)
        };
        Err(match by_hand {
            Some(remedy) => {
                let message =
                    "the change that closes the journey at the least cost to users cannot be made here";
                Obstacle::new(message, format!("change it by hand: {}", remedy.change.words()))
            }
            None => refused.unwrap_or_else(none),
        })
    }
}

impl Remedy {
    fn class(&self) -> (usize, Cost) {
        (self.breaks, self.cost)
    }
}

/// A test of changed pools.
struct Test<'t> {
    failing: &'t Failing<'t>,
    pool: &'t Pool,
    before: Journeys,
    /// The journeys that the rule refuses.
    refused: Vec<Option<String>>,
    sign_in: SignIn,
}

impl<'t> Test<'t> {
    fn of(failing: &'t Failing<'t>, pool: &'t Pool) -> Test<'t> {
        let all = verdicts(failing.rule, pool, failing.now).into_iter();
        let refused = all.filter(|(_, verdict)| *verdict == Verdict::Fail).map(|(id, _)| id).collect();
        let (before, sign_in) = (journey::answers(pool), SignIn::of_built_in_rules());
        Test { failing, pool, before, refused, sign_in }
    }

    /// The number of answers that a changed pool turns; `None` where it does not satisfy the rule, gives a worse answer, or
    /// ends the last way to sign in.
    fn turned(&self, after: &Pool) -> Option<usize> {
        let answers = journey::answers(after);
        let Failing { rule, now, .. } = *self.failing;
        let is_met = !is_worse(&self.before, &answers)
            && match verdict(rule, after, now) {
                Verdict::Pass => true,
                // The rule is not about such a pool any more, which closes no journey by itself.
                Verdict::Skipped => {
                    self.refused.iter().all(|id| id.as_ref().is_some_and(|id| answers.is_closed(id)))
                }
                Verdict::Fail | Verdict::Unknown => false,
            };
        let is_closed = |pool| self.sign_in.is_closed(pool, now);
        let is_one = is_met && (!is_closed(after) || is_closed(self.pool));
        is_one.then(|| turned(&self.before, &answers))
    }

    /// The longest lifetime with which the rule is satisfied, which it is with a short one.
    fn longest(&self, change: Change, after: Pool) -> (Change, Pool) {
        let (Some(Value::Int(most)), Some(Value::Int(least))) = (&change.before, &change.after) else {
            return (change, after);
        };
        let (mut most, mut least) = (*most, *least);
        let mut best = (change, after);
        while most.saturating_sub(least) > 1 {
            let between = least + (most - least) / 2;
            let mut change = Change { after: Some(Value::Int(between)), ..best.0.clone() };
            match changed(self.pool, &mut change).filter(|after| self.turned(after).is_some()) {
                Some(after) => (least, best) = (between, (change, after)),
                None => most = between,
            }
        }
        best
    }
}
