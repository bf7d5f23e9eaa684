//! Scenarios of a configuration: where a variable of the root module without a value decides a condition, the
//! configuration is evaluated with each value that makes a difference. A variable has one value everywhere.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::assumption::{Assumption, Assumptions};
use super::budget::Budget;
use super::pools::{Assembly, Gathered, Group, nothing};
use super::unknown::Question;
use super::value::Value;
use crate::pool::Pool;
use crate::source::declared::Scenario;

/// Evaluations for pools with the same questions.
const MOST: usize = 100;
/// The steps that all evaluations may take together, in those that one may take.
const MOST_BUDGETS: u64 = 2;

/// The pools under some assumptions.
struct Assumed {
    /// In words, by the names of the variables.
    assumptions: BTreeMap<Rc<str>, String>,
    pools: BTreeMap<String, Gathered>,
    /// The names of the pools in their order.
    keys: Vec<String>,
}

/// The pools of an evaluation, and what would decide their conditions.
pub(super) struct Evaluated {
    pub assembly: Assembly,
    /// Terraform makes no plan, whatever is not known.
    pub is_refused: bool,
    /// A variable has a value that its validation refuses.
    pub is_impossible: bool,
    pub steps: u64,
}

/// Evaluates some resources under assumptions.
type Evaluate<'e> = &'e dyn Fn(Assumptions, &BTreeSet<String>) -> Evaluated;

/// The pools under all assumptions that decide their conditions. `first`: those without any, and `evaluate` gives them
/// with some. Pools that have nothing in common are not asked about together.
pub(super) fn pools(first: Assembly, budget: &Budget, evaluate: Evaluate<'_>) -> Vec<Gathered> {
    let most = budget.most_steps().saturating_mul(MOST_BUDGETS);
    let mut left = most.saturating_sub(budget.steps());
    let mut all = Vec::new();
    for (group, members) in groups(first) {
        let Some(question) = group.questions.first() else {
            all.extend(members);
            continue;
        };
        match explored(question, &group.bases, &mut left, evaluate) {
            // Pools are put together by their names.
            Some(assumed) => all.extend(together(&assumed)),
            // Terraform refuses every value that was tried: nothing is known.
            None => all.extend(members),
        }
    }
    all
}

/// The pools by what they have in common: resources, or all of their questions. Those that no resource declares may be
/// the same pool once a question is answered.
fn groups(first: Assembly) -> Vec<(Group, Vec<Gathered>)> {
    let mut groups: Vec<(Group, Vec<Gathered>)> = vec![(first.others, Vec::new())];
    // The group that each resource is in.
    let mut by_base: BTreeMap<String, usize> = BTreeMap::new();
    for pool in first.pools {
        let shared: BTreeSet<usize> =
            pool.group.bases.iter().filter_map(|base| by_base.get(base)).copied().collect();
        let into = match (pool.is_elsewhere, shared.first()) {
            (true, _) => 0,
            (false, Some(shared)) => *shared,
            (false, None) => groups.len(),
        };
        if into == groups.len() {
            groups.push((Group::default(), Vec::new()));
        }
        groups[into].0.add(&pool.group);
        groups[into].1.push(pool);
        for other in shared.into_iter().filter(|other| *other != into) {
            let (group, members) = std::mem::take(&mut groups[other]);
            groups[into].0.add(&group);
            groups[into].1.extend(members);
        }
        by_base.extend(groups[into].0.bases.iter().map(|base| (base.clone(), into)));
    }
    // Groups with the same questions are evaluated together.
    let mut by_questions: BTreeMap<BTreeSet<Question>, (Group, Vec<Gathered>)> = BTreeMap::new();
    for (group, members) in groups {
        let into = by_questions.entry(group.questions.clone()).or_default();
        into.0.add(&group);
        into.1.extend(members);
    }
    by_questions.into_values().collect()
}

/// The pools under each of the assumptions that answer all questions; `None` where there are none, or too many.
fn explored(
    question: &Question,
    bases: &BTreeSet<String>,
    left: &mut u64,
    evaluate: Evaluate<'_>,
) -> Option<Vec<Assumed>> {
    let mut open: Vec<Assumptions> = answers(question, &Assumptions::new());
    let (mut all, mut evaluations) = (Vec::new(), 1);
    while let Some(assumptions) = open.pop() {
        if *left == 0 {
            return None;
        }
        let evaluated = evaluate(assumptions.clone(), bases);
        (evaluations, *left) = (evaluations + 1, left.saturating_sub(evaluated.steps));
        if evaluated.is_impossible {
            continue;
        }
        let Assembly { pools, mut others, .. } = evaluated.assembly;
        for pool in &pools {
            others.add(&pool.group);
        }
        if let Some(question) = others.questions.first()
            && evaluations + open.len() < MOST
        {
            open.extend(answers(question, &assumptions));
            continue;
        }
        // An error that no further question decides ends every plan of Terraform.
        if evaluated.is_refused && others.questions.is_empty() {
            continue;
        }
        let assumptions = assumptions.iter().map(|(name, one)| (Rc::clone(name), one.in_words(name)));
        let keys: Vec<String> = pools.iter().map(|one| one.key.clone()).collect();
        let assumed = Assumed {
            assumptions: assumptions.collect(),
            pools: keys.iter().cloned().zip(pools).collect(),
            keys,
        };
        if assumed.pools.len() != assumed.keys.len() {
            return None;
        }
        all.push(assumed);
    }
    (!all.is_empty()).then_some(all)
}

/// The assumptions that answer a question, beside others. The last comes first.
fn answers(question: &Question, others: &Assumptions) -> Vec<Assumptions> {
    let with = |name: &Rc<str>, assumption: Assumption| {
        let mut all = others.clone();
        all.insert(Rc::clone(name), assumption);
        all
    };
    match question {
        Question::Boolean { name, nullable } => {
            let values = nullable.then(Value::null).into_iter().chain([false, true].map(Value::bool));
            values.map(|value| with(name, Assumption::Is(value))).collect()
        }
        Question::Text { name, value } => {
            // Null is a case of its own: a module may have a default in place of it.
            let null = (!others.contains_key(name)).then(|| Assumption::Is(Value::null()));
            let mut texts = match others.get(name) {
                Some(Assumption::OtherThan(texts)) => texts.clone(),
                Some(Assumption::Is(_)) | None => BTreeSet::new(),
            };
            texts.extend(value.clone());
            let is = value.as_ref().map(|text| Assumption::Is(Value::text(Rc::clone(text))));
            let all = null.into_iter().chain([Assumption::OtherThan(texts)]).chain(is);
            all.map(|assumption| with(name, assumption)).collect()
        }
    }
}

/// Every pool with its scenarios. One that is not there under some assumptions is nothing there.
fn together(all: &[Assumed]) -> Vec<Gathered> {
    let mut known = BTreeSet::new();
    let keys = all.iter().flat_map(|one| &one.keys).filter(|key| known.insert(key.as_str()));
    keys.filter_map(|key| one(all, key)).collect()
}

fn one(all: &[Assumed], key: &str) -> Option<Gathered> {
    let mut whole = all.iter().find_map(|one| one.pools.get(key)).cloned()?;
    whole.is_named = all.iter().filter_map(|one| one.pools.get(key)).any(|one| one.is_named);
    let some = whole.pool.scenarios.first()?.pool.clone();
    // The forms of the pool, and which of them it has under each assumption.
    let (mut forms, mut has): (Vec<Vec<Scenario>>, Vec<usize>) = (Vec::new(), Vec::new());
    for assumed in all {
        let form = match assumed.pools.get(key) {
            Some(own) => own.pool.scenarios.clone(),
            None => vec![Scenario { when: String::new(), pool: nothing(&some) }],
        };
        let known = forms.iter().position(|known| is_same_form(known, &form));
        has.push(known.unwrap_or(forms.len()));
        if known.is_none() {
            forms.push(form);
        }
    }
    let relevant = relevant(all, &has);
    let mut scenarios: Vec<Scenario> = Vec::new();
    for (at, form) in forms.into_iter().enumerate() {
        let assumed = all.iter().zip(&has).find(|(_, has)| **has == at).map(|(assumed, _)| assumed);
        let assumptions = assumed.into_iter().flat_map(|assumed| &assumed.assumptions);
        let words = assumptions.filter(|(name, _)| relevant.contains(*name)).map(|(_, words)| words.as_str());
        let words: Vec<&str> = words.collect();
        for Scenario { when, pool } in form {
            let parts: Vec<&str> =
                words.iter().copied().chain([&*when]).filter(|one| !one.is_empty()).collect();
            scenarios.push(Scenario { when: parts.join(", "), pool });
        }
    }
    // A report names the pool by the first scenario, which is one in which it is there.
    let first = scenarios.iter().position(|scenario| !scenario.pool.document.0.is_empty());
    scenarios[..=first.unwrap_or_default()].rotate_right(1);
    whole.pool.scenarios = scenarios;
    Some(whole)
}

/// The variables that tell the forms of a pool apart.
fn relevant(all: &[Assumed], has: &[usize]) -> BTreeSet<Rc<str>> {
    if has.iter().all(|form| *form == 0) {
        return BTreeSet::new();
    }
    let mut relevant: BTreeSet<Rc<str>> =
        all.iter().flat_map(|one| one.assumptions.keys()).cloned().collect();
    let tells = |names: &BTreeSet<Rc<str>>, one: &Assumed, other: &Assumed| {
        let pair = |name: &Rc<str>| one.assumptions.get(name).zip(other.assumptions.get(name));
        names.iter().filter_map(pair).any(|(one, other)| one != other)
    };
    for name in relevant.clone() {
        let mut fewer = relevant.clone();
        fewer.remove(&name);
        let mut pairs = (0..all.len()).flat_map(|at| (0..at).map(move |before| (before, at)));
        if pairs.all(|(one, other)| has[one] == has[other] || tells(&fewer, &all[one], &all[other])) {
            relevant = fewer;
        }
    }
    relevant
}

fn is_same_form(one: &[Scenario], other: &[Scenario]) -> bool {
    let same =
        |(one, other): (&Scenario, &Scenario)| one.when == other.when && is_same(&one.pool, &other.pool);
    one.len() == other.len() && one.iter().zip(other).all(same)
}

/// Whether a pool is the same in two scenarios.
fn is_same(one: &Pool, other: &Pool) -> bool {
    let parts = |pool: &Pool| (pool.partial, pool.lifecycle, pool.region.clone(), pool.held.clone());
    parts(one) == parts(other)
        && one.document == other.document
        && one.unread == other.unread
        && one.elements == other.elements
        && one.possible == other.possible
        && one.mirrored == other.mirrored
        && one.made == other.made
}
