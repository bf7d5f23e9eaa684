//! The single settings that close the journeys of a pool: each change is made to the document, and the questions are
//! answered again. A change that gives any question a worse answer is not named.

use super::cost::cost;
use super::{limit, mirror, place};
use crate::journey::{self, Answer, Change, Closed, Closings, Journeys, Question, Trials, Turned};
use crate::pool::{Pool, Projection, derive};
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
pub fn closings(trials: &[Trials<'_>], journeys: &Journeys) -> Closings {
    let mut closings = Closings::default();
    let questions = journeys.answers.iter().filter(|(_, answer)| !answer.is_no());
    closings.answers = questions.map(|(question, _)| (*question, Closed::default())).collect();
    closings.journeys = journeys.journeys.iter().map(|_| Closed::default()).collect();
    if closings.answers.is_empty() && closings.journeys.is_empty() {
        return closings;
    }
    let mut all: Vec<Change> = Vec::new();
    for trial in trials {
        let more = trial.changes().into_iter().filter(|change| !all.contains(change));
        all.extend(more.collect::<Vec<_>>());
    }
    all.sort_by_cached_key(cost);
    closings.cut = all.len() > MOST;
    let tried = all.into_iter().take(MOST).filter_map(|change| Effect::of(trials, journeys, change));
    let mut effects: Vec<Effect> = tried.collect();
    effects.sort_by_cached_key(|effect| (cost(&effect.change), effect.turned));
    for effect in effects {
        effect.note(&mut closings);
    }
    for (_, closed) in &mut closings.answers {
        if !closed.by.is_empty() {
            closed.lessened.clear();
        }
        closed.lessened.truncate(LESSENED);
    }
    closings
}

/// The changes of single settings that the service takes, each with the pool after it. The cheapest are first.
pub(super) fn tries(pool: &Pool) -> impl Iterator<Item = (Change, Pool)> {
    let mut changes = Trials::of(pool).changes();
    changes.sort_by_cached_key(cost);
    changes.into_iter().take(MOST).filter_map(|mut change| {
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

/// The effect of a change that closes or lessens something.
struct Effect {
    change: Change,
    /// The number of questions that have another answer.
    turned: usize,
    /// The questions with a better answer, each with the answer where that is not no.
    answers: Vec<(Question, Option<Answer>)>,
    /// The positions of the journeys that are closed.
    journeys: Vec<usize>,
}

impl Effect {
    /// Makes a change in every scenario. Nothing where it closes and lessens nothing, or makes an answer worse.
    fn of(trials: &[Trials<'_>], journeys: &Journeys, mut change: Change) -> Option<Effect> {
        let mut pools = Vec::new();
        for trial in trials {
            pools.push(changed(trial.light(), &mut change)?);
        }
        let each: Vec<Option<Turned>> =
            trials.iter().zip(&pools).map(|(trial, pool)| trial.after(pool)).collect();
        if each.iter().all(Option::is_none) {
            return None;
        }
        let mut answers = Vec::new();
        for (question, old) in &journeys.answers {
            let Some(new) = answer(trials, &each, *question) else { continue };
            if !new.is_at_most(old) {
                return None;
            }
            if !old.is_at_most(&new) {
                answers.push((*question, (!new.is_no()).then_some(new)));
            }
        }
        let is_left =
            |journey| trials.iter().zip(&each).any(|(trial, turned)| trial.leaves(turned.as_ref(), journey));
        let closed = journeys.journeys.iter().enumerate().filter(|(_, journey)| !is_left(journey));
        let closed: Vec<usize> = closed.map(|(at, _)| at).collect();
        let is_useful = !answers.is_empty() || !closed.is_empty();
        is_useful.then_some(Effect { change, turned: answers.len(), answers, journeys: closed })
    }

    /// Adds the change to what is known of the answers and journeys.
    fn note(self, closings: &mut Closings) {
        let at = closings.changes.len();
        for (question, answer) in self.answers {
            let of_question = closings.answers.iter_mut().find(|(own, _)| *own == question);
            if let Some((_, closed)) = of_question {
                match answer {
                    None => closed.by.push(at),
                    Some(answer) => closed.lessened.push((at, answer)),
                }
            }
        }
        for journey in self.journeys {
            if let Some(closed) = closings.journeys.get_mut(journey) {
                closed.by.push(at);
            }
        }
        closings.changes.push(self.change);
    }
}

/// The answer to a question after a change, in whichever scenario; `None` where no scenario has another one.
fn answer(trials: &[Trials<'_>], each: &[Option<Turned>], question: Question) -> Option<Answer> {
    let turned = |one: &Option<Turned>| one.as_ref().and_then(|turned| turned.answer(question)).cloned();
    each.iter().any(|one| turned(one).is_some()).then_some(())?;
    let all = trials
        .iter()
        .zip(each)
        .map(|(trial, one)| turned(one).or_else(|| trial.before().answer(question).cloned()));
    all.flatten().reduce(Answer::hull)
}

/// A pool with a change, if the service takes it. What it requires with the change is added to both.
pub(super) fn changed(pool: &Pool, change: &mut Change) -> Option<Pool> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{self, Chunk, Shape};

    /// Pools of the commands, and each with a member of the next.
    #[expect(clippy::disallowed_methods, reason = "the pools are files of other tests")]
    fn pools() -> Vec<Pool> {
        let files = std::fs::read_dir("tests/cmd/journeys.in").unwrap().map(|entry| entry.unwrap().path());
        let mut files: Vec<_> =
            files.filter(|file| file.extension().is_some_and(|end| end == "json")).collect();
        files.sort();
        let read = |file| {
            let bytes = std::fs::read(file).unwrap();
            let chunk = Chunk { bytes, first_line: 1, shape: Shape::Document, ..Chunk::default() };
            source::read(&chunk, &Projection::everything()).first().0.remove(0)
        };
        let mut pools: Vec<Pool> = files.iter().map(read).collect();
        let nexts: Vec<Pool> = pools.iter().skip(1).cloned().collect();
        for (at, next) in nexts.iter().enumerate() {
            for (name, value) in &next.document.0 {
                let mut mixed = pools[at].clone();
                mixed.document.set(name.clone(), value.clone());
                pools.push(mixed);
            }
        }
        pools
    }

    #[test]
    fn a_trial_answers_as_the_changed_pool_does() {
        let mut tried = 0;
        for pool in pools() {
            let trials = Trials::of(&pool);
            for mut change in trials.changes() {
                let Some(light) = changed(trials.light(), &mut change) else { continue };
                let turned = trials.after(&light);
                let fresh = Trials::of(&changed(&pool, &mut change).unwrap()).before().clone();
                for (question, new) in &fresh.answers {
                    let own = turned.as_ref().and_then(|turned| turned.answer(*question));
                    let own = own.or_else(|| trials.before().answer(*question)).unwrap();
                    let is_same = own.is_at_most(new) && new.is_at_most(own);
                    assert!(is_same, "{}: {question:?}: {own:?}, and not {new:?}", change.words());
                }
                for journey in &trials.before().journeys {
                    let is_left = fresh.journeys.iter().any(|other| {
                        let ways = |one: &journey::Journey| (one.gets, one.how, one.proof);
                        ways(other) == ways(journey)
                            && other.entrances.iter().any(|one| journey.entrances.contains(one))
                            && other.clients.iter().any(|one| journey.clients.contains(one))
                    });
                    assert_eq!(trials.leaves(turned.as_ref(), journey), is_left, "{}", change.words());
                }
                tried += 1;
            }
        }
        assert!(tried > 500, "{tried}");
    }
}
