//! Trials: the answers for a pool after a change of one setting. A guard is judged again only where it looks at something
//! that differs, and a question is answered again only where it rests on a fact that turns.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::BTreeSet;

use super::answer::Answer;
use super::change::{Change, changes};
use super::facts::{ATTRIBUTES, CLIENTS, Detail, Facts, PROVIDERS, subjects};
use super::guard::{Guard, Guards, Looks, root};
use super::part::Parts;
use super::question::{self, Question};
use super::reads::{Asked, Reads};
use super::sign_in::{Gain, How};
use super::stranger::{Entrance, Proof};
use super::trip::{Trip, of_others, trips};
use super::{Cause, Grounds, Journey, Journeys, WorkedOut, words, worked_out};
use crate::pool::Pool;
use crate::schema::{NodeId, schema};
use crate::value::{Map, Text, Value};

/// A pool whose settings are changed, one at a time.
#[derive(Debug)]
pub struct Trials<'p> {
    facts: Facts<'p>,
    before: Journeys,
    causes: BTreeSet<Cause>,
    parts: Parts,
    /// The facts that each question is answered from, beside its parts.
    reads: Vec<(Question, Reads)>,
    bare: OnceCell<Bare>,
}

/// A pool as it is changed.
#[derive(Debug)]
struct Bare {
    /// Without the attributes of users: no change is about them, and a pool is copied for each change.
    light: Pool,
    /// Without causes, which nobody asks for after a change.
    parts: Parts,
}

/// The answers that a change turns, and the ways that are left.
#[derive(Debug)]
pub struct Turned {
    answers: Vec<(Question, Answer)>,
    /// `None` where they are those before.
    ways: Option<Vec<Way>>,
}

/// A way of strangers after a change, as far as it is compared with journeys.
#[derive(Debug)]
struct Way {
    gets: Gain,
    how: How,
    proof: Option<Proof>,
    entrances: Vec<Entrance>,
    clients: Vec<String>,
}

impl<'p> Trials<'p> {
    pub fn of(pool: &'p Pool) -> Trials<'p> {
        Trials::by(Guards::builtin(), pool)
    }

    pub(super) fn by(guards: &'p Guards, pool: &'p Pool) -> Trials<'p> {
        let facts = Facts::of(pool, guards, Detail::Reasons);
        let WorkedOut { journeys, grounds: Grounds { answers, ways }, parts, reads } = worked_out(&facts);
        let causes = answers.into_iter().flat_map(|(_, causes)| causes).chain(ways).collect();
        Trials { facts, before: journeys, causes, parts, reads, bare: OnceCell::new() }
    }

    /// The journeys of the pool as it is.
    pub fn before(&self) -> &Journeys {
        &self.before
    }

    /// The pool to change.
    pub fn light(&self) -> &Pool {
        &self.bare().light
    }

    fn bare(&self) -> &Bare {
        self.bare.get_or_init(|| {
            let mut light = self.facts.pool.clone();
            light.document.0.retain(|(name, _)| name != ATTRIBUTES);
            Bare { light, parts: self.parts.clone().without_causes() }
        })
    }

    /// The changes of single settings that may close a journey. A change of one of two clients that are alike closes
    /// nothing: what it closes is open through the other.
    pub fn changes(&self) -> Vec<Change> {
        let all = clients_of(self.facts.pool);
        let has_twin = |at: usize| {
            let is_twin = |(other, value): (usize, &Value)| other != at && are_twins(all.get(at), value);
            all.iter().enumerate().any(is_twin)
        };
        let mut known: Vec<(usize, bool)> = Vec::new();
        let mut changes = changes(&self.facts, &self.causes);
        changes.retain(|change| {
            let Some((_, at)) = change.element else { return true };
            let found = known.iter().find(|(own, _)| *own == at).map(|(_, has)| *has);
            let has = found.unwrap_or_else(|| {
                let has = has_twin(at);
                known.push((at, has));
                has
            });
            !has
        });
        changes
    }

    /// The answers and ways after a change of the light pool; `None` where they are those before it.
    pub fn after(&self, light: &Pool) -> Option<Turned> {
        let Bare { light: before, parts } = self.bare();
        let difference = Difference::between(before, light);
        let mut known = self.facts.known.borrow().clone();
        let mut forgotten = Vec::new();
        for guard in Guard::ALL {
            for at in difference.positions(self.facts.guards.looks(*guard), known.len()) {
                if let Some(holds) = known.take(*guard, at) {
                    forgotten.push((*guard, at, holds));
                }
            }
        }
        let facts = Facts {
            pool: light,
            guards: self.facts.guards,
            detail: Detail::Levels,
            clients: subjects(light, CLIENTS),
            providers: subjects(light, PROVIDERS),
            attributes: self.facts.attributes.clone(),
            names: self.facts.names.clone(),
            written: RefCell::default(),
            in_words: RefCell::default(),
            known: RefCell::new(known),
            reads: Cell::default(),
            registrar: OnceCell::new(),
        };
        let turned =
            forgotten.into_iter().filter(|(guard, at, holds)| facts.again(*guard, *at) != Some(*holds));
        let turned = turned.map(|(guard, ..)| Reads::of_guard(guard)).fold(difference.asked, Reads::join);
        if turned.is_empty() {
            return None;
        }
        let is_moved = parts.all().meets(turned);
        let after = parts.after(turned, &facts);
        let trips = if is_moved { trips(&after) } else { Vec::new() };
        let is_asked = |question| {
            let own = self.reads.iter().find(|(own, _)| *own == question).map(|(_, reads)| *reads);
            own.unwrap_or(Reads::ALL).join(parts.behind(question)).meets(turned)
        };
        let answers = question::answers(&facts, &after, &trips, is_asked);
        let answers = answers.into_iter().map(|(question, (answer, _), _)| (question, answer)).collect();
        let all = || trips.iter().map(|trip| Way::of(&facts, trip));
        let others = || of_others(&after).map(|trip| Way::of(&facts, &trip));
        let ways = is_moved.then(|| all().chain(others()).collect());
        Some(Turned { answers, ways })
    }
}

impl Trials<'_> {
    /// Whether a way is left of those that a journey stands for, after what a change turned.
    pub fn leaves(&self, turned: Option<&Turned>, journey: &Journey) -> bool {
        match turned.and_then(|turned| turned.ways.as_ref()) {
            Some(ways) => ways.iter().any(|way| way.is_part_of(journey)),
            None => self.before.journeys.iter().any(|own| Way::before(own).is_part_of(journey)),
        }
    }
}

impl Parts {
    /// The facts behind the parts that a question is answered from.
    fn behind(&self, question: Question) -> Reads {
        match question {
            Question::StrangerUser => self.entering.join(self.admitting),
            Question::StrangerToken
            | Question::StrangerTokenUnverified
            | Question::StrangerTokenSingleFactor
            | Question::ForeignEmail => self.of_strangers(),
            Question::ChoosesAttributes => self.entering,
            Question::PhoneOwner | Question::MailReader | Question::LeakedAccessToken => self.signing_in,
            Question::OverwritesAttributes
            | Question::LeakedRefreshTokenSeconds
            | Question::PublicClients
            | Question::DisabledAtProviderSeconds => Reads::default(),
        }
    }
}

impl Turned {
    /// The answer to a question, if it was answered again.
    pub fn answer(&self, question: Question) -> Option<&Answer> {
        self.answers.iter().find(|(own, _)| *own == question).map(|(_, answer)| answer)
    }
}

impl Way {
    fn of(facts: &Facts<'_>, (trip, clients): &(Trip<'_>, Vec<Option<usize>>)) -> Way {
        Way {
            gets: trip.sign_in.gain,
            how: trip.sign_in.how,
            proof: trip.proof,
            entrances: trip.entrances.clone(),
            clients: clients.iter().map(|client| words::client(facts, *client)).collect(),
        }
    }

    fn before(journey: &Journey) -> Way {
        let Journey { gets, how, proof, entrances, clients, .. } = journey.clone();
        Way { gets, how, proof, entrances, clients }
    }

    fn is_part_of(&self, journey: &Journey) -> bool {
        self.gets == journey.gets
            && self.how == journey.how
            && self.proof == journey.proof
            && self.entrances.iter().any(|entrance| journey.entrances.contains(entrance))
            && self.clients.iter().any(|client| journey.clients.binary_search(client).is_ok())
    }
}

/// Whether two clients differ in their names alone.
fn are_twins(one: Option<&Value>, other: &Value) -> bool {
    match (one, other) {
        (Some(Value::Map(one)), Value::Map(other)) => unnamed(one).eq(unnamed(other)),
        _ => false,
    }
}

/// The members of a client but its names.
fn unnamed(client: &Map) -> impl Iterator<Item = &(Text, Value)> {
    client.0.iter().filter(|(name, _)| !["ClientId", "ClientName"].contains(&name.as_ref()))
}

/// The difference between two pools.
struct Difference {
    /// The members of the pool that differ.
    members: Vec<NodeId>,
    /// The list of clients.
    clients: Option<NodeId>,
    /// The positions of the clients that differ, where some do.
    elements: Option<Vec<usize>>,
    /// The members in which clients differ that steps ask for beside guards.
    asked: Reads,
}

impl Difference {
    fn between(before: &Pool, after: &Pool) -> Difference {
        let names = differing(&before.document, &after.document);
        let members = names.filter_map(|name| schema().member(NodeId::ROOT, name));
        // Defaults differ within a structure that was added to hold what is given elsewhere.
        let made = before.made.iter().filter(|id| !after.made.contains(id));
        let made = made.chain(after.made.iter().filter(|id| !before.made.contains(id)));
        let members: Vec<NodeId> = members.chain(made.map(|id| root(*id))).collect();
        let clients = schema().member(NodeId::ROOT, CLIENTS);
        let (old, new) = (clients_of(before), clients_of(after));
        let elements: Option<Vec<usize>> = clients
            .filter(|id| members.contains(id))
            .map(|_| (0..old.len().max(new.len())).filter(|at| old.get(*at) != new.get(*at)).collect());
        let of_elements = elements.iter().flatten().map(|at| asked(old.get(*at), new.get(*at)));
        // No change is about other lists, whose elements have names and mappings.
        let others = [PROVIDERS, ATTRIBUTES].map(|list| schema().member(NodeId::ROOT, list));
        let is_of_others = members.iter().any(|id| others.contains(&Some(*id)));
        let asked = if is_of_others { Reads::ALL } else { of_elements.fold(Reads::default(), Reads::join) };
        Difference { members, clients, elements, asked }
    }

    /// The positions of the elements for which a guard may be another one than before, of at most a number.
    fn positions(&self, looks: Option<&Looks>, number: usize) -> Vec<usize> {
        let Some(Looks { list, members }) = looks else { return (0..number).collect() };
        let is_of = |id: &NodeId| self.members.contains(id);
        let elements = self.elements.as_ref().filter(|_| *list == self.clients);
        match (members.iter().any(is_of), list.as_ref().is_some_and(is_of), elements) {
            (true, ..) | (false, true, None) => (0..number).collect(),
            (false, true, Some(elements)) => elements.clone(),
            (false, false, _) => Vec::new(),
        }
    }
}

/// The names of the members in which two documents differ. Most members have the same position in both.
fn differing<'m>(before: &'m Map, after: &'m Map) -> impl Iterator<Item = &'m Text> {
    fn at<'m>(map: &'m Map, position: usize, name: &str) -> Option<&'m Value> {
        match map.0.get(position) {
            Some((own, value)) if own.as_ref() == name => Some(value),
            _ => map.get(name),
        }
    }
    let changed =
        before.0.iter().enumerate().filter(|(position, (name, value))| {
            at(after, *position, name).is_none_or(|other| other != value)
        });
    let added =
        after.0.iter().enumerate().filter(|(position, (name, _))| at(before, *position, name).is_none());
    changed.chain(added).map(|(_, (name, _))| name)
}

/// The members that steps ask for in which two clients differ.
fn asked(one: Option<&Value>, other: Option<&Value>) -> Reads {
    let (Some(one), Some(other)) = (one, other) else { return Reads::ALL };
    let differing = Asked::MEMBERS.into_iter().filter(|(member, _)| one.get(member) != other.get(member));
    differing.map(|(_, asked)| Reads::of_member(asked)).fold(Reads::default(), Reads::join)
}

fn clients_of(pool: &Pool) -> &[Value] {
    pool.document.get(CLIENTS).and_then(Value::as_list).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A trial has no attributes of users but those that guards of attributes are about.
    #[test]
    fn no_guard_of_anything_else_looks_at_attributes() {
        let attributes = schema().find(ATTRIBUTES).unwrap();
        for guard in Guard::ALL {
            let looks = Guards::builtin().looks(*guard).unwrap();
            assert!(!looks.members.contains(&attributes), "{}", guard.id());
        }
    }
}
