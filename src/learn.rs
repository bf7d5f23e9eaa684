//! Learns the strictest policy of built-in rules that pools meet today, so that what becomes worse is found.

mod bound;

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::evaluate::kept::{Kept, RuleVerdict};
use crate::finding::Verdict;
use crate::pool::{Beyond, Section};
use crate::rule::assemble::alone;
use crate::rule::written::WrittenRule;
use crate::rule::{Policy, Rule, stricter};
use crate::value::Value;

/// A rule, and whether the pools meet it.
#[derive(Debug)]
pub struct Lesson {
    /// The rule, at the bounds that were learned.
    pub rule: Arc<Rule>,
    pub bounds: Vec<LearnedBound>,
    /// The names of the pools that it would fail at its defaults.
    pub stray: Vec<String>,
    pub answer: Answer,
}

/// A parameter that differs from its default.
#[derive(Debug)]
pub struct LearnedBound {
    pub name: String,
    pub value: Value,
    pub default: Value,
}

/// Whether the pools meet a rule. Names are those of pools.
#[derive(Debug)]
pub enum Answer {
    /// Every pool that can be judged meets it.
    Met {
        /// The number of pools whose inputs lack these, so that they are not judged.
        outside: Option<(usize, BTreeSet<Beyond>)>,
    },
    /// No pool has what it looks at.
    Idle,
    /// Most meet it, and these do not.
    Outlier { failing: Vec<String> },
    /// As many pools fail it as meet it, or more.
    Failed { failing: usize, meeting: usize },
    /// No pool fails it, and it is unknown for these, each with the reason.
    Undecided { pools: Vec<(String, String)> },
    /// No input can say.
    Outside { lacking: BTreeSet<Beyond> },
}

impl Answer {
    /// Whether the policy has the rule.
    pub fn is_learned(&self) -> bool {
        match self {
            Answer::Met { .. } | Answer::Idle => true,
            Answer::Outlier { .. }
            | Answer::Failed { .. }
            | Answer::Undecided { .. }
            | Answer::Outside { .. } => false,
        }
    }
}

/// Finds the strictest form of each rule that the pools meet. The rules must have no mistakes.
pub fn learn(rules: &[WrittenRule], kept: &Kept, now: i64) -> Vec<Lesson> {
    let mut lessons: Vec<Lesson> = rules.iter().filter_map(|rule| lesson(rule, kept, now)).collect();
    undecided_by_sections(&mut lessons, kept);
    lessons
}

fn lesson(written: &WrittenRule, kept: &Kept, now: i64) -> Option<Lesson> {
    let rule = Arc::new(alone(written, &mut Vec::new())?);
    let rule_verdicts = kept.rule_verdicts(&rule, now);
    let directions = stricter::directions(written);
    let judged = rule_verdicts.iter().any(|rule_verdict| rule_verdict.verdict != Verdict::Skipped);
    if directions.is_empty() || !judged {
        return Some(Lesson::at_defaults(rule, answer(&rule_verdicts, kept)));
    }
    let learned = bound::strictest(written, &directions, &|rule| kept.meet(rule, now));
    let Some(learned) = learned else {
        return Some(Lesson::at_defaults(rule, answer(&rule_verdicts, kept)));
    };
    let stray: Vec<String> = failing(&rule_verdicts, kept).collect();
    let params = rule.params.iter().zip(&learned.params).filter(|(own, learned)| own != learned);
    let bounds = params.map(|((_, default), (name, value))| LearnedBound {
        name: name.clone(),
        value: value.clone(),
        default: default.clone(),
    });
    let bounds = bounds.collect();
    let answer = answer(&kept.rule_verdicts(&learned, now), kept);
    Some(Lesson { rule: learned, bounds, stray, answer })
}

impl Lesson {
    fn at_defaults(rule: Arc<Rule>, answer: Answer) -> Lesson {
        Lesson { rule, bounds: Vec::new(), stray: Vec::new(), answer }
    }
}

/// The names of the pools that a rule fails.
fn failing<'a>(rule_verdicts: &'a [RuleVerdict], kept: &'a Kept) -> impl Iterator<Item = String> {
    let pools = rule_verdicts.iter().zip(&kept.pools);
    pools
        .filter(|(rule_verdict, _)| rule_verdict.verdict == Verdict::Fail)
        .map(|(_, pool)| pool.title.clone())
}

fn answer(rule_verdicts: &[RuleVerdict], kept: &Kept) -> Answer {
    let count = |verdict| rule_verdicts.iter().filter(|rule_verdict| rule_verdict.verdict == verdict).count();
    let (fail, unknown, meeting) = (count(Verdict::Fail), count(Verdict::Unknown), count(Verdict::Pass));
    if fail > 0 {
        return match fail < meeting {
            true => Answer::Outlier { failing: failing(rule_verdicts, kept).collect() },
            false => Answer::Failed { failing: fail, meeting },
        };
    }
    if unknown > 0 {
        let pools = rule_verdicts.iter().zip(&kept.pools);
        let pools = pools.filter(|(rule_verdict, _)| rule_verdict.verdict == Verdict::Unknown);
        let named = pools.map(|(rule_verdict, pool)| (pool.title.clone(), rule_verdict.reason.clone()));
        return Answer::Undecided { pools: named.collect() };
    }
    let lacking: BTreeSet<Beyond> =
        rule_verdicts.iter().filter_map(|rule_verdict| rule_verdict.outside).collect();
    let outside = rule_verdicts.iter().filter(|rule_verdict| rule_verdict.outside.is_some()).count();
    match (meeting, outside) {
        (0, 0) => Answer::Idle,
        (0, _) => Answer::Outside { lacking },
        (_, 0) => Answer::Met { outside: None },
        (_, _) => Answer::Met { outside: Some((outside, lacking)) },
    }
}

/// Takes back what is learned of rules whose named predicates look at a section that no learned rule needs: a run with
/// the policy does not read it, and may judge such a rule where it does not apply.
fn undecided_by_sections(lessons: &mut [Lesson], kept: &Kept) {
    let learned = lessons.iter().filter(|lesson| lesson.answer.is_learned());
    let rules = learned.map(|lesson| Arc::clone(&lesson.rule)).collect();
    let read = Policy { rules, ..Policy::default() }.sections();
    for lesson in lessons.iter_mut().filter(|lesson| lesson.answer.is_learned()) {
        let mut unread: BTreeSet<Section> = BTreeSet::new();
        lesson.rule.paths(|_, node| unread.extend(node.into_iter().flat_map(Section::around)));
        unread.retain(|section| !read.contains(section));
        if let Some(section) = unread.first() {
            let why =
                format!("no rule that is met needs {}, which decides whether it applies", section.member());
            let pools = kept.pools.iter().map(|pool| (pool.title.clone(), why.clone()));
            lesson.answer = Answer::Undecided { pools: pools.collect() };
        }
    }
}
