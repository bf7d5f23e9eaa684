//! One rule on one pool, for tests of rules, journeys and what else asks for a verdict alone.

use std::sync::Arc;

use super::judge::{self, JudgeOptions};
use super::record;
use crate::finding::Verdict;
use crate::pool::{Beyond, Pool, Scope};
use crate::rule::{Count, Predicate, Rule};
use crate::truth::{self, EvalContext, truth};

/// The verdict of a rule on one pool: the worst of all its subjects.
pub fn verdict(rule: &Arc<Rule>, pool: &Pool, now: i64) -> Verdict {
    let judge_options = JudgeOptions { now, full_coverage: false, evidence: false, places: false };
    let mut verdicts = Vec::new();
    judge::judge(rule, pool, judge_options, &mut |judgement| {
        verdicts.push(judgement.verdict);
    });
    worst(&verdicts)
}

/// The worst of some verdicts; a rule without any is skipped.
pub(super) fn worst(verdicts: &[Verdict]) -> Verdict {
    let worst_first = [Verdict::Fail, Verdict::Unknown, Verdict::Pass];
    worst_first.into_iter().find(|verdict| verdicts.contains(verdict)).unwrap_or(Verdict::Skipped)
}

/// The verdicts of a rule on each of its subjects in a pool, with the reasons.
pub fn said(rule: &Arc<Rule>, pool: &Pool, now: i64) -> Vec<(Verdict, String)> {
    let mut said = Vec::new();
    let judge_options = JudgeOptions { now, full_coverage: false, evidence: true, places: true };
    judge::judge(rule, pool, judge_options, &mut |judgement| {
        said.push((judgement.verdict, record::said(rule, &judgement)));
    });
    said
}

/// Whether a part of a rule's `expect` holds in a scope; `None` where that cannot be known. `wanted` is what the part
/// must amount to for the rule to pass: false inside a negation.
pub fn holds(rule: &Rule, part: &Predicate, wanted: bool, scope: Scope<'_>, now: i64) -> Option<bool> {
    let context = EvalContext::expect(rule.when_absent, now);
    let context = if wanted { context } else { context.negated() };
    truth(part, scope, context).known().ok()
}

/// The number of elements that a predicate counts, where it is known.
pub fn counted(count: &Count, scope: Scope<'_>) -> Option<i64> {
    truth::number(count, scope, EvalContext::filter(0))
}

/// The verdict of a rule on each of its subjects, by their keys: `None` is the pool. Sections outside are unknown.
pub fn verdicts(rule: &Arc<Rule>, pool: &Pool, now: i64) -> Vec<(Option<String>, Verdict)> {
    let judge_options = JudgeOptions { now, full_coverage: true, evidence: false, places: false };
    let mut verdicts = Vec::new();
    judge::judge(rule, pool, judge_options, &mut |judgement| {
        verdicts.push((judgement.subject.map(|subject| subject.key), judgement.verdict));
    });
    verdicts
}

/// The part of a pool outside the input that leaves a rule undecided, if one does.
pub fn beyond(rule: &Arc<Rule>, pool: &Pool, now: i64) -> Option<Beyond> {
    let judge_options = JudgeOptions { now, full_coverage: false, evidence: false, places: false };
    let mut beyond = None;
    judge::judge(rule, pool, judge_options, &mut |judgement| beyond = beyond.or(judgement.outside));
    beyond
}
