//! Journeys: who can get a token from a pool, how, and what it can do.
//!
//! Guards in the rule language say which steps are open; the joins of client, provider, attribute and way in are here.
//! A step is an interval: what is proven from what was read, and what is possible where something was not.

mod guard;
mod certainty;
mod reads;
mod known;
mod facts;
mod domain;
mod attribute;
mod stranger;
mod sign_in;
mod provider;
mod registration;
mod lifetime;
mod doubt;
mod account;
mod beside;
mod part;
mod trip;
mod answer;
mod words;
mod question;
mod list;
mod change;
mod scenario;
mod trial;
mod rank;
mod memory;
mod run;

pub use answer::{Answer, Best, Reasons};
pub use certainty::{Condition, Level, Step, Sure};
pub use change::{Change, Closed, Closings};
pub use doubt::NOT_COVERED;
pub use guard::{Guards, policy, projection, sections, written};
pub use question::Question;
pub use run::{JourneyRun, run, run_with};
pub use sign_in::{Gain, How};
pub use stranger::{Actor, Entrance, Proof};
pub use trial::{Trials, Turned};

use std::collections::BTreeSet;

use crate::pool::{Beyond, Pool};
use crate::source::declared::Scenario;
use crate::value::Value;
use certainty::Cause;
use facts::{Detail, Facts};
use part::Parts;
use reads::Reads;
use trip::{Trip, of_others, trips};

/// The answers for a pool, and the journeys that lead to them.
#[derive(Clone, Debug)]
pub struct Journeys {
    /// In the order of [`Question::ALL`].
    pub answers: Vec<(Question, Answer)>,
    /// The worst first.
    pub journeys: Vec<Journey>,
    /// The gaps in AWS's documents that the answers decide all the same.
    pub doubts: Vec<&'static str>,
    /// The single settings that close them, where they were looked for.
    pub closings: Closings,
}

/// One way that somebody goes, or several that differ in the clients alone.
#[derive(Clone, Debug)]
pub struct Journey {
    pub id: String,
    pub gets: Gain,
    pub entrances: Vec<Entrance>,
    /// The proof by which the user is confirmed; `None` where none is needed.
    pub proof: Option<Proof>,
    pub how: How,
    /// The names of the clients that it leads through, sorted.
    pub clients: Vec<String>,
    pub sure: Level,
    pub unverified: Level,
    pub single_factor: Level,
    pub foreign_email: Level,
    /// The decisions that it depends on, and the gaps in AWS's documents.
    pub conditions: Vec<Condition>,
    /// The settings that make it so, in words.
    pub because: Vec<String>,
    /// The settings that were not read, in words.
    pub unread: Vec<String>,
    /// The part that the input does not hold, if all that was not read is in such parts.
    pub outside: Option<Beyond>,
}

impl Journeys {
    /// The answer to a question.
    pub fn answer(&self, question: Question) -> Option<&Answer> {
        self.answers.iter().find(|(own, _)| *own == question).map(|(_, answer)| answer)
    }

    /// Whether an answer is unknown.
    pub fn is_unknown(&self) -> bool {
        self.answers.iter().any(|(_, answer)| answer.is_unknown())
    }
}

/// The journeys of a pool, over every scenario that a template leaves open.
pub fn journeys(scenarios: &[Scenario]) -> Option<Journeys> {
    journeys_by(Guards::builtin(), scenarios)
}

/// The journeys by other guards.
pub fn journeys_by(guards: &Guards, scenarios: &[Scenario]) -> Option<Journeys> {
    let trials: Vec<Trials<'_>> =
        scenarios.iter().map(|scenario| Trials::by(guards, &scenario.pool)).collect();
    of_trials(scenarios, &trials)
}

/// The journeys of a pool, by those of each scenario.
fn of_trials(scenarios: &[Scenario], trials: &[Trials<'_>]) -> Option<Journeys> {
    let each: Vec<Journeys> = trials.iter().map(|trial| trial.before().clone()).collect();
    let mut whole = either(each.iter().cloned())?;
    scenario::name_conditions(&mut whole, scenarios, &each);
    Some(whole)
}

/// The journeys of a pool, without the settings that make them so.
pub fn answers(pool: &Pool) -> Journeys {
    of_facts(&Facts::of(pool, Guards::builtin(), Detail::Levels)).0
}

/// The journeys of a pool that is one of some, and it is not known which, by those of each.
pub fn either(journeys: impl Iterator<Item = Journeys>) -> Option<Journeys> {
    journeys.reduce(Journeys::hull)
}

/// The journeys of a pool, and the paths of the settings that each answer rests on.
pub fn journeys_of(pool: &Pool) -> (Journeys, Vec<(Question, Vec<String>)>) {
    let facts = Facts::of(pool, Guards::builtin(), Detail::Reasons);
    let (journeys, grounds) = of_facts(&facts);
    let settings = |causes: Vec<Cause>| words::causes(&facts, &causes).settings;
    (journeys, grounds.answers.into_iter().map(|(question, causes)| (question, settings(causes))).collect())
}

/// The facts that journeys rest on.
struct Grounds {
    answers: Vec<(Question, Vec<Cause>)>,
    ways: Vec<Cause>,
}

/// The answers for a pool as the list that rules ask for.
pub fn list_of(pool: &Pool) -> Value {
    list::list(&of_facts(&Facts::of(pool, Guards::builtin(), Detail::Answers)).0)
}

impl Journeys {
    /// The clients through which strangers get tokens of users, sorted.
    pub fn clients_of_strangers(&self) -> Vec<String> {
        let of_users = self
            .journeys
            .iter()
            .filter(|journey| journey.actor() == Actor::Stranger && journey.gets != Gain::MachineToken);
        let clients: BTreeSet<&String> = of_users.flat_map(|journey| &journey.clients).collect();
        clients.into_iter().cloned().collect()
    }
}

/// The journeys of a pool, and the facts that they rest on.
fn of_facts(facts: &Facts<'_>) -> (Journeys, Grounds) {
    let WorkedOut { journeys, grounds, .. } = worked_out(facts);
    (journeys, grounds)
}

/// The journeys of a pool, with all that a trial of a change begins with.
struct WorkedOut {
    journeys: Journeys,
    grounds: Grounds,
    parts: Parts,
    /// The facts that each question is answered from, beside the parts.
    reads: Vec<(Question, Reads)>,
}

fn worked_out(facts: &Facts<'_>) -> WorkedOut {
    let parts = Parts::of(facts);
    let trips = trips(&parts);
    let mut grounds = Grounds { answers: Vec::new(), ways: Vec::new() };
    let (mut answers, mut reads) = (Vec::new(), Vec::new());
    for (question, (answer, causes), own) in question::answers(facts, &parts, &trips, |_| true) {
        answers.push((question, answer));
        grounds.answers.push((question, causes));
        reads.push((question, own));
    }
    let mut trips = trips;
    trips.extend(of_others(&parts));
    grounds.ways.extend(trips.iter().flat_map(|(trip, _)| trip.step.causes.iter().copied()));
    let (journeys, doubts) = (reported(facts, &trips), doubt::doubts(facts));
    drop(trips);
    let journeys = Journeys { answers, journeys, doubts, closings: Closings::default() };
    WorkedOut { journeys, grounds, parts, reads }
}

/// The journeys as they are reported, the worst first.
fn reported(facts: &Facts<'_>, trips: &[(Trip<'_>, Vec<Option<usize>>)]) -> Vec<Journey> {
    let mut journeys: Vec<Journey> = Vec::new();
    for (trip, clients) in trips {
        let journey = journey(facts, trip, clients);
        match journeys.iter_mut().find(|other| other.is_like(&journey)) {
            Some(other) => other.clients.extend(journey.clients),
            None => journeys.push(journey),
        }
    }
    for journey in &mut journeys {
        journey.clients.sort();
        journey.clients.dedup();
    }
    journeys.sort_by_cached_key(Journey::rank);
    rank::number(&mut journeys);
    journeys
}

impl Journey {
    /// Who goes it.
    pub fn actor(&self) -> Actor {
        self.entrances.first().map_or(Actor::Stranger, |entrance| entrance.actor())
    }

    fn is_like(&self, other: &Journey) -> bool {
        let key = |one: &Journey| (one.gets, one.proof, one.how, one.sure, one.unverified, one.single_factor);
        key(self) == key(other)
            && self.entrances == other.entrances
            && self.foreign_email == other.foreign_email
            && self.conditions == other.conditions
    }
}

/// A journey as it is reported.
fn journey(facts: &Facts<'_>, trip: &Trip<'_>, clients: &[Option<usize>]) -> Journey {
    let mut names: Vec<String> = clients.iter().map(|client| words::client(facts, *client)).collect();
    names.sort();
    names.dedup();
    let (how, gets) = (trip.sign_in.how, trip.sign_in.gain);
    // Of the ways of people, the list for rules has no more than their clients.
    let is_said = facts.detail == Detail::Reasons || gets == Gain::MachineToken;
    let causes = if is_said { trip.step.causes.as_slice() } else { &[] };
    let said = words::causes(facts, causes);
    let first = trip.entrances.first().copied().unwrap_or(Entrance::Machine);
    let proof = trip.proof.map_or("", words::proof_id);
    let parts = [first.actor().word(), words::entrance_id(first), proof, words::how_id(how), gets.word()];
    let first_client = names.first().map_or("", String::as_str);
    let parts = parts.into_iter().chain([first_client]).filter(|part| !part.is_empty());
    Journey {
        id: parts.collect::<Vec<_>>().join("/"),
        gets,
        entrances: trip.entrances.clone(),
        proof: trip.proof,
        how,
        clients: names,
        sure: Level::of(&trip.step),
        unverified: Level::of(&trip.unverified),
        single_factor: Level::of(&trip.single_factor),
        foreign_email: Level::of(&trip.foreign_email),
        conditions: trip.step.conditions.to_vec(),
        outside: said.beyond(),
        because: said.because,
        unread: said.unread,
    }
}
