//! Scenarios of a configuration: where a variable of the root module without a value decides a condition, the
//! configuration is evaluated with each value that makes a difference. A variable has one value everywhere.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::assumption::{Assumption, Assumptions};
use super::pools::nothing;
use super::scope::Program;
use super::unknown::Question;
use super::value::Value;
use crate::pool::Pool;
use crate::source::declared::{DeclaredPool, Scenario};

/// Evaluations of one configuration.
const MOST: usize = 100;
/// Expressions that are evaluated for all scenarios together.
const MOST_STEPS: u64 = 1_000_000;

/// The pools under some assumptions.
struct Assumed {
    /// In words, by the names of the variables.
    assumptions: BTreeMap<Rc<str>, String>,
    pools: Vec<DeclaredPool>,
}

impl Assumed {
    /// Whether every pool has a name of its own.
    fn has_names(&self) -> bool {
        let names: BTreeSet<String> = self.pools.iter().filter_map(key).collect();
        names.len() == self.pools.len()
    }
}

/// The pools of an evaluation, and what would decide its conditions.
pub(super) struct Evaluated {
    pub pools: Vec<DeclaredPool>,
    pub questions: BTreeSet<Question>,
    /// Terraform makes no plan, whatever is not known.
    pub is_refused: bool,
    pub steps: u64,
}

/// The pools under all assumptions that decide conditions. `first`: those without any, and `evaluate` gives them with
/// some.
pub(super) fn pools(
    program: &Program<'_>,
    first: Vec<DeclaredPool>,
    evaluate: &dyn Fn(Assumptions) -> Evaluated,
) -> Vec<DeclaredPool> {
    let Some(question) = question(&program.questions.borrow()) else { return first };
    let mut open: Vec<Assumptions> = answers(&question, &Assumptions::new());
    let (mut all, mut evaluations, mut steps) = (Vec::new(), 1, program.steps());
    while let Some(assumptions) = open.pop() {
        if steps > MOST_STEPS {
            return first;
        }
        let evaluated = evaluate(assumptions.clone());
        (evaluations, steps) = (evaluations + 1, steps + evaluated.steps);
        if let Some(question) = self::question(&evaluated.questions)
            && evaluations + open.len() < MOST
        {
            open.extend(answers(&question, &assumptions));
            continue;
        }
        // An error that no further question decides ends every plan of Terraform.
        if evaluated.is_refused && evaluated.questions.is_empty() {
            continue;
        }
        let assumptions = assumptions.iter().map(|(name, one)| (Rc::clone(name), one.in_words(name)));
        all.push(Assumed { assumptions: assumptions.collect(), pools: evaluated.pools });
    }
    // Terraform refuses every value that was tried: nothing is known. Pools are put together by their names.
    if all.is_empty() || !all.iter().all(Assumed::has_names) { first } else { together(&all) }
}

fn question(questions: &BTreeSet<Question>) -> Option<Question> {
    questions.first().cloned()
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

/// A name for a pool that is the same under all assumptions.
fn key(pool: &DeclaredPool) -> Option<String> {
    let pool = &pool.scenarios.first()?.pool;
    let part = || pool.elements.iter().flat_map(|(_, addresses)| addresses).next();
    Some(pool.address.as_ref().or_else(part)?.to_string())
}

/// Every pool with its scenarios. One that is not there under some assumptions is nothing there.
fn together(all: &[Assumed]) -> Vec<DeclaredPool> {
    let mut keys: Vec<Option<String>> = Vec::new();
    for key in all.iter().flat_map(|one| &one.pools).map(key) {
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    keys.iter().filter_map(|wanted| one(all, wanted.as_deref())).collect()
}

fn one(all: &[Assumed], wanted: Option<&str>) -> Option<DeclaredPool> {
    let own = |one: &Assumed| one.pools.iter().find(|pool| key(pool).as_deref() == wanted).cloned();
    let mut whole = all.iter().find_map(own)?;
    let some = whole.scenarios.first()?.pool.clone();
    // The forms of the pool, and which of them it has under each assumption.
    let (mut forms, mut has): (Vec<Vec<Scenario>>, Vec<usize>) = (Vec::new(), Vec::new());
    for assumed in all {
        let form = own(assumed).map_or_else(
            || vec![Scenario { when: String::new(), pool: nothing(&some) }],
            |pool| pool.scenarios,
        );
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
    whole.scenarios = scenarios;
    Some(whole)
}

/// The variables that tell the forms of a pool apart.
fn relevant(all: &[Assumed], has: &[usize]) -> BTreeSet<Rc<str>> {
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
