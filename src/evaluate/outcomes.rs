//! The outcomes of the rules on the pool that was judged last. The next pool takes over those of the rules that look at
//! nothing in which the two pools differ.

use super::difference::Difference;
use super::judge::Judgement;
use super::number::Numbers;
use super::recall::Recall;
use super::rule_set::RuleSet;
use super::tally::{Skip, Tally, Verdicts};
use super::unit::Units;
use super::{Detail, Options};
use crate::pool::{Beyond, Pool};
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
    /// Made with the second pool.
    earlier: Option<Earlier>,
}

/// The outcomes on earlier pools.
#[derive(Debug)]
struct Earlier {
    numbers: Numbers,
    recall: Recall<Outcome>,
}

/// The outcome of one rule, with all its subjects.
#[derive(Clone, Debug, Default)]
pub(super) struct Outcome {
    verdicts: Verdicts,
    /// The parts of the pool outside the input that left it undecided.
    pub beyond: Vec<Beyond>,
    /// The expectation was not asked.
    is_idle: bool,
    judgements: usize,
}

impl Outcome {
    pub(super) fn add(&mut self, rule: &Rule, judgement: &Judgement<'_>) {
        self.verdicts.count(judgement.verdict, judgement.skip);
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
            earlier: None,
        }
    }

    /// Takes the outcomes on the next pool that are known: those of the pool before where it differs in nothing that
    /// decides them, and those of earlier pools with the same values. Returns the rules to judge.
    pub(super) fn follow(
        &mut self,
        (policy, units): (&Policy, &Units),
        difference: &Difference<'_>,
        pool: &Pool,
    ) -> RuleSet {
        let count = policy.rules.len();
        let begin = || Earlier { numbers: Numbers::of(units, pool), recall: Recall::none(count) };
        let mut earlier = match self.earlier.take() {
            Some(mut earlier) => {
                earlier.numbers.follow(units, difference, pool);
                earlier
            }
            None => begin(),
        };
        let mut judged = difference.rules.clone();
        for rule in difference.rules.iter() {
            let severity = policy.rules[rule].severity;
            if !self.never.contains(rule) {
                self.sum.subtract_verdicts(severity, &self.rules[rule].verdicts);
            }
            let Earlier { numbers, recall } = &mut earlier;
            let key = units.of(rule).and_then(|units| Some((units, numbers.key(units)?)));
            if let Some(known) = key.and_then(|(units, key)| recall.get(rule, units, key)) {
                self.sum.add_verdicts(severity, &known.verdicts);
                self.rules[rule].clone_from(known);
                self.never.remove(rule);
                self.idle.set(rule, known.is_idle);
                judged.remove(rule);
            }
        }
        self.earlier = Some(earlier);
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
    pub(super) fn keep(&mut self, (position, rule): (usize, &Rule), units: Option<&Units>, outcome: Outcome) {
        // A report shows the places of this pool.
        let is_shown =
            self.detail.has_findings() && (outcome.verdicts.fail > 0 || outcome.verdicts.unknown > 0);
        if is_shown {
            self.never.insert(position);
        } else {
            self.never.remove(position);
            self.sum.add_verdicts(rule.severity, &outcome.verdicts);
            if let (Some(Earlier { numbers, recall }), Some(units)) = (&mut self.earlier, units)
                && let Some(units) = units.of(position)
                && let Some(key) = numbers.key(units)
            {
                recall.put(position, units, key, outcome.clone());
            }
        }
        self.idle.set(position, outcome.is_idle);
        self.rules[position] = outcome;
    }
}
