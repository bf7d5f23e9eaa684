//! Trials: the answers for a pool after a change of one setting. A guard is judged again only where it looks at something
//! that differs, and the questions are answered again only where a guard turns.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeSet;

use super::change::{Change, changes};
use super::facts::{ATTRIBUTES, CLIENTS, Detail, Facts, PROVIDERS, subjects};
use super::guard::{Guard, Guards, Looks, root};
use super::{Cause, Grounds, Journeys, of_facts};
use crate::pool::Pool;
use crate::schema::{NodeId, schema};
use crate::value::Value;

/// A pool whose settings are changed, one at a time.
#[derive(Debug)]
pub struct Trials<'p> {
    facts: Facts<'p>,
    before: Journeys,
    causes: BTreeSet<Cause>,
    light: Pool,
}

impl<'p> Trials<'p> {
    pub fn of(pool: &'p Pool) -> Trials<'p> {
        let facts = Facts::of(pool, Guards::builtin(), Detail::Causes);
        let (before, Grounds { answers, ways }) = of_facts(&facts);
        let causes = answers.into_iter().flat_map(|(_, causes)| causes).chain(ways).collect();
        let mut light = pool.clone();
        light.document.0.retain(|(name, _)| name != ATTRIBUTES);
        Trials { facts, before, causes, light }
    }

    /// The answers for the pool as it is.
    pub fn before(&self) -> &Journeys {
        &self.before
    }

    /// The pool without the attributes of users: no change is about them, and a pool is copied for each change.
    pub fn light(&self) -> &Pool {
        &self.light
    }

    /// The changes of single settings that may close a journey.
    pub fn changes(&self) -> Vec<Change> {
        changes(&self.facts, &self.causes)
    }

    /// The answers after a change of the light pool; `None` where they are those before it.
    pub fn after(&self, light: &Pool) -> Option<Journeys> {
        let difference = Difference::between(&self.light, light);
        let mut known = self.facts.known.borrow().clone();
        let mut turned = Vec::new();
        for guard in Guard::ALL {
            for at in difference.positions(self.facts.guards.looks(*guard), known.len()) {
                if let Some(holds) = known.take(*guard, at) {
                    turned.push((*guard, at, holds));
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
            unread: RefCell::default(),
            known: RefCell::new(known),
            registrar: OnceCell::new(),
        };
        let is_turned = |(guard, at, holds): (Guard, usize, _)| facts.again(guard, at) != Some(holds);
        let differs = difference.is_of_lists() || turned.into_iter().any(is_turned);
        differs.then(|| of_facts(&facts).0)
    }
}

/// The difference between two pools.
struct Difference {
    /// The members of the pool that differ.
    members: Vec<NodeId>,
    /// The positions of the clients that differ, where some do.
    elements: Option<Vec<usize>>,
}

impl Difference {
    fn between(before: &Pool, after: &Pool) -> Difference {
        let names = before.document.0.iter().chain(&after.document.0).map(|(name, _)| name);
        let differing = names.filter(|name| before.document.get(name) != after.document.get(name));
        let members = differing.filter_map(|name| schema().member(NodeId::ROOT, name));
        // Defaults differ within a structure that was added to hold what is given elsewhere.
        let made = before.made.iter().filter(|id| !after.made.contains(id));
        let made = made.chain(after.made.iter().filter(|id| !before.made.contains(id)));
        let members: Vec<NodeId> = members.chain(made.map(|id| root(*id))).collect();
        let clients = schema().member(NodeId::ROOT, CLIENTS);
        let elements = clients.filter(|id| members.contains(id)).map(|_| {
            let (before, after) = (clients_of(before), clients_of(after));
            (0..before.len().max(after.len())).filter(|at| before.get(*at) != after.get(*at)).collect()
        });
        Difference { members, elements }
    }

    /// Whether more than guards looks at the difference: names, mappings and lifetimes are in the elements of lists.
    fn is_of_lists(&self) -> bool {
        let lists = [CLIENTS, PROVIDERS, ATTRIBUTES].map(|list| schema().member(NodeId::ROOT, list));
        self.members.iter().any(|id| lists.contains(&Some(*id)))
    }

    /// The positions of the elements for which a guard may be another one than before, of at most a number.
    fn positions(&self, looks: Option<&Looks>, number: usize) -> Vec<usize> {
        let Some(Looks { list, members }) = looks else { return (0..number).collect() };
        let is_of = |id: &NodeId| self.members.contains(id);
        let elements = self.elements.as_ref().filter(|_| *list == schema().member(NodeId::ROOT, CLIENTS));
        match (members.iter().any(is_of), list.as_ref().is_some_and(is_of), elements) {
            (true, ..) | (false, true, None) => (0..number).collect(),
            (false, true, Some(elements)) => elements.clone(),
            (false, false, _) => Vec::new(),
        }
    }
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
