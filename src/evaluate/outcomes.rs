//! The outcomes of the rules on the pool that was judged last. The next pool takes over those of the rules that look at
//! nothing in which the two pools differ.

use super::judge::Judgement;
use super::rule_set::RuleSet;
use super::tally::{Skip, Tally};
use super::{Detail, Options};
use crate::pool::Beyond;
use crate::rule::{Policy, Rule};

/// The outcomes of all rules on one pool.
#[derive(Debug)]
pub(super) struct Outcomes {
    rules: Vec<Outcome>,
    /// The verdicts of the rules that the next pool can take over.
    sum: Tally,
    /// The rules that are judged on every pool.
    never: RuleSet,
    /// The rules whose expectation was not asked: their condition does not hold, or there is no element.
    idle: RuleSet,
    detail: Detail,
}

/// The outcome of one rule, with all its subjects.
#[derive(Clone, Debug, Default)]
pub(super) struct Outcome {
    tally: Tally,
    /// The parts of the pool outside the input that left it undecided.
    pub beyond: Vec<Beyond>,
    /// The expectation was not asked.
    is_idle: bool,
    judgements: usize,
}

impl Outcome {
    pub(super) fn add(&mut self, rule: &Rule, judgement: &Judgement<'_>) {
        self.tally.count(rule.severity, judgement.verdict, judgement.skip);
        self.beyond.extend(judgement.outside);
        // Beside judgements of elements, one without an element is about others that may be there.
        let no_element = rule.each.is_some() && judgement.subject.is_none() && self.judgements == 0;
        self.is_idle = no_element || (rule.each.is_none() && judgement.skip == Some(Skip::Condition));
        self.judgements += 1;
    }
}

impl Outcomes {
    pub(super) fn new(policy: &Policy, options: Options) -> Outcomes {
        let rules = policy.rules.len();
        Outcomes {
            rules: vec![Outcome::default(); rules],
            sum: Tally::default(),
            never: RuleSet::all(rules),
            idle: RuleSet::none(rules),
            detail: options.detail,
        }
    }

    /// Drops the outcomes of some rules, and of those that are judged on every pool. Returns the rules to judge.
    pub(super) fn drop(&mut self, differing: RuleSet) -> RuleSet {
        for rule in differing.iter().filter(|rule| !self.never.contains(*rule)) {
            self.sum.subtract(&self.rules[rule].tally);
        }
        let mut judged = differing;
        judged.extend(&self.never);
        judged
    }

    /// The rules whose outcomes follow from their conditions, or from the list that they judge, alone.
    pub(super) fn idle(&self) -> &RuleSet {
        &self.idle
    }

    /// The verdicts that are taken over.
    pub(super) fn sum(&self) -> &Tally {
        &self.sum
    }

    /// The outcome of each rule on the pool that was judged last.
    pub(super) fn of(&self, rule: usize) -> &Outcome {
        &self.rules[rule]
    }

    /// Keeps the outcome of a rule that was judged.
    pub(super) fn keep(&mut self, rule: usize, outcome: Outcome) {
        // A report shows the places of this pool.
        let is_shown = self.detail > Detail::Counts && (outcome.tally.fail > 0 || outcome.tally.unknown > 0);
        if is_shown {
            self.never.insert(rule);
        } else {
            self.never.remove(rule);
            self.sum.add(&outcome.tally);
        }
        match outcome.is_idle {
            true => self.idle.insert(rule),
            false => self.idle.remove(rule),
        }
        self.rules[rule] = outcome;
    }
}
