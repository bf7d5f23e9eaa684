//! The single settings that close the journeys of a pool: each change is made to the document, and the questions are
//! answered again. A change that gives any question a worse answer is not named.

use super::{limit, mirror, place};
use crate::journey::{self, Change, Closed, Closings, Journey, Journeys, Trials, either};
use crate::pool::{Pool, Projection, derive};
use crate::source::declared::Scenario;
use crate::value::Value;

/// More changes of one pool than this are not tried.
const MOST: usize = 64;

/// More changes than this are not named where nothing closes an answer.
const LESSENED: usize = 3;

/// The members of a pool that finding them looks at.
pub fn projection() -> Projection {
    let mut projection = journey::projection();
    limit::looked_at().for_each(|id| projection.keep(id));
    projection
}

/// The changes that close each journey and answer, for a pool that is one of some scenarios.
pub fn closings(scenarios: &[Scenario], journeys: &Journeys) -> Closings {
    let mut closings = Closings::default();
    let questions = journeys.answers.iter().filter(|(_, answer)| !answer.is_no());
    closings.answers = questions.map(|(question, _)| (*question, Closed::default())).collect();
    closings.journeys = journeys.journeys.iter().map(|_| Closed::default()).collect();
    if closings.answers.is_empty() && closings.journeys.is_empty() {
        return closings;
    }
    let trials: Vec<Trials<'_>> = scenarios.iter().map(|scenario| Trials::of(&scenario.pool)).collect();
    let mut all: Vec<Change> = Vec::new();
    for trial in &trials {
        let more = trial.changes().into_iter().filter(|change| !all.contains(change));
        all.extend(more.collect::<Vec<_>>());
    }
    closings.cut = all.len() > MOST;
    for change in all.into_iter().take(MOST) {
        try_one(&trials, journeys, change, &mut closings);
    }
    for (_, closed) in &mut closings.answers {
        if !closed.by.is_empty() {
            closed.lessened.clear();
        }
        closed.lessened.truncate(LESSENED);
    }
    closings
}

/// The changes of single settings that the service takes, each with the pool after it. The smallest are first.
pub(super) fn tries(pool: &Pool) -> impl Iterator<Item = (Change, Pool)> {
    Trials::of(pool).changes().into_iter().take(MOST).filter_map(|mut change| {
        let after = changed(pool, &mut change)?;
        Some((change, after))
    })
}

/// Whether a question has a worse answer than before.
pub(super) fn is_worse(before: &Journeys, after: &Journeys) -> bool {
    before.answers.iter().zip(&after.answers).any(|((_, old), (_, new))| !new.is_at_most(old))
}

/// How many questions have another answer than before.
pub(super) fn turned(before: &Journeys, after: &Journeys) -> usize {
    let pairs = before.answers.iter().zip(&after.answers);
    pairs.filter(|((_, old), (_, new))| !(new.is_at_most(old) && old.is_at_most(new))).count()
}

/// Makes a change in every scenario, and keeps it if it closes something.
fn try_one(trials: &[Trials<'_>], journeys: &Journeys, mut change: Change, closings: &mut Closings) {
    let mut pools = Vec::new();
    for trial in trials {
        let Some(pool) = changed(trial.light(), &mut change) else { return };
        pools.push(pool);
    }
    let each: Vec<Option<Journeys>> =
        trials.iter().zip(&pools).map(|(trial, pool)| trial.after(pool)).collect();
    if each.iter().all(Option::is_none) {
        return;
    }
    let each = trials.iter().zip(each).map(|(trial, after)| after.unwrap_or_else(|| trial.before().clone()));
    let Some(after) = either(each) else { return };
    if is_worse(journeys, &after) {
        return;
    }
    let pairs = journeys.answers.iter().zip(&after.answers);
    let at = closings.changes.len();
    let mut is_useful = false;
    for ((question, old), (_, new)) in pairs {
        let Some((_, closed)) = closings.answers.iter_mut().find(|(own, _)| own == question) else {
            continue;
        };
        if new.is_no() {
            closed.by.push(at);
            is_useful = true;
        } else if !old.is_at_most(new) {
            closed.lessened.push((at, new.clone()));
            is_useful = true;
        }
    }
    for (journey, closed) in journeys.journeys.iter().zip(&mut closings.journeys) {
        if !after.journeys.iter().any(|other| is_part(other, journey)) {
            closed.by.push(at);
            is_useful = true;
        }
    }
    if is_useful {
        closings.changes.push(change);
    }
}

/// A pool with a change, if the service takes it. What it requires with the change is added to both.
fn changed(pool: &Pool, change: &mut Change) -> Option<Pool> {
    let root = change.element.map(|(list, _)| list.to_owned());
    let root = root.or_else(|| change.path.steps.first().map(|step| step.name.to_string()))?;
    place::set_by(&root)?;
    place::declarable(&change.path).ok()?;
    let mut after = pool.clone();
    match change.element {
        None => mirror::put(&mut after, &change.path, change.after.clone()),
        Some((list, at)) => {
            let steps: Vec<&str> = change.path.steps.iter().map(|step| step.name.as_ref()).collect();
            let list = after.document.0.iter_mut().find(|(name, _)| name == list)?;
            let (_, Value::List(elements)) = list else { return None };
            let Some(Value::Map(element)) = elements.get_mut(at) else { return None };
            // Another scenario may have another element there.
            let name = element.get("ClientName").or_else(|| element.get("ClientId")).and_then(Value::as_str);
            name.is_none_or(|name| change.setting.contains(&format!("[{name}]."))).then_some(())?;
            mirror::set(element, &steps, change.after.clone());
            derive(&mut after.document);
        }
    }
    let companions = limit::companions(pool, &after);
    if let [(path, value, _)] = &companions[..] {
        mirror::put(&mut after, path, Some(value.clone()));
        change.with = vec![(path.clone(), value.clone())];
    }
    limit::check(pool, &after).ok()?;
    Some(after)
}

/// Whether a journey is one of the ways that another stands for.
fn is_part(one: &Journey, of: &Journey) -> bool {
    one.gets == of.gets
        && one.how == of.how
        && one.proof == of.proof
        && one.entrances.iter().any(|entrance| of.entrances.contains(entrance))
        && (one.clients.is_empty() || one.clients.iter().any(|client| of.clients.contains(client)))
}
