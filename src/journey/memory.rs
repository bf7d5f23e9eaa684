//! Memory of pools: those of a fleet that are alike in all that journeys look at have the same journeys, which are worked
//! out once.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::Journeys;
use super::facts::CLIENTS;
use crate::pool::{Identity, Pool};
use crate::value::{Map, Value};

/// The journeys of more pools than these are not remembered.
const MOST: usize = 4096;

/// The journeys of pools that were seen.
#[derive(Debug, Default)]
pub(super) struct Memory {
    seen: Mutex<Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    by_hash: BTreeMap<u64, Vec<(Pool, Arc<Journeys>)>>,
    count: usize,
}

impl Memory {
    /// The journeys of a pool: those of one that is alike, or else what `find` finds. Several threads may find those of
    /// pools that are alike at the same time.
    pub(super) fn of(&self, pool: &Pool, find: impl FnOnce() -> Option<Journeys>) -> Option<Arc<Journeys>> {
        let mut hasher = DefaultHasher::new();
        members(&pool.document).for_each(|(name, value)| hash_member(name, value, &mut hasher));
        let hash = hasher.finish();
        if let Some(journeys) = self.seen().find(hash, pool) {
            return Some(journeys);
        }
        let journeys = Arc::new(find()?);
        self.seen().add(hash, pool, &journeys);
        Some(journeys)
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seen {
    fn find(&self, hash: u64, pool: &Pool) -> Option<Arc<Journeys>> {
        let (_, journeys) = self.by_hash.get(&hash)?.iter().find(|(other, _)| are_alike(pool, other))?;
        Some(Arc::clone(journeys))
    }

    fn add(&mut self, hash: u64, pool: &Pool, journeys: &Arc<Journeys>) {
        if self.count < MOST {
            self.count += 1;
            self.by_hash.entry(hash).or_default().push((pool.clone(), Arc::clone(journeys)));
        }
    }
}

/// The members of a pool that journeys may rest on.
fn members(document: &Map) -> impl Iterator<Item = (&str, &Value)> {
    let all = document.0.iter().map(|(name, value)| (name.as_ref(), value));
    all.filter(|(name, _)| !Identity::MEMBERS.contains(name))
}

/// The same of a client, which has a name or else an id. One of several with the name has both.
fn client_members(client: &Map, twins: bool) -> impl Iterator<Item = (&str, &Value)> {
    let is_named = !twins && client.get("ClientName").is_some_and(|name| name.as_str().is_some());
    let all = client.0.iter().map(|(name, value)| (name.as_ref(), value));
    all.filter(move |(name, _)| !(is_named && *name == "ClientId"))
}

fn are_alike(one: &Pool, other: &Pool) -> bool {
    let is_same = |((name, value), (own, other)): ((&str, &Value), (&str, &Value))| {
        name == own
            && match (name, value, other) {
                (CLIENTS, Value::List(clients), Value::List(others)) => {
                    let twins = have_twins(clients);
                    clients.len() == others.len()
                        && clients.iter().zip(others).all(|pair| are_alike_clients(pair, twins))
                }
                _ => value == other,
            }
    };
    members(&one.document).count() == members(&other.document).count()
        && members(&one.document).zip(members(&other.document)).all(is_same)
        && one.is_alike(other)
}

/// Whether several clients have one name.
fn have_twins(clients: &[Value]) -> bool {
    let mut seen = BTreeSet::new();
    let mut names = clients.iter().filter_map(|client| client.get("ClientName")?.as_str());
    !names.all(|name| seen.insert(name))
}

fn are_alike_clients((one, other): (&Value, &Value), twins: bool) -> bool {
    match (one, other) {
        (Value::Map(one), Value::Map(other)) => client_members(one, twins).eq(client_members(other, twins)),
        _ => one == other,
    }
}

fn hash_member(name: &str, value: &Value, hasher: &mut DefaultHasher) {
    name.hash(hasher);
    match value {
        Value::List(clients) if name == CLIENTS => {
            for client in clients {
                match client {
                    Value::Map(client) => {
                        client_members(client, false)
                            .for_each(|(name, value)| hash_member(name, value, hasher));
                    }
                    _ => hash(client, hasher),
                }
            }
        }
        _ => hash(value, hasher),
    }
}

/// Hashes what tells most values apart; the values themselves are compared.
fn hash(value: &Value, hasher: &mut DefaultHasher) {
    match value {
        Value::Bool(bool) => bool.hash(hasher),
        Value::Int(number) | Value::Time(number) => number.hash(hasher),
        Value::String(text) => text.hash(hasher),
        Value::List(list) => list.iter().for_each(|value| hash(value, hasher)),
        Value::Map(map) => map.0.iter().for_each(|(name, value)| hash_member(name, value, hasher)),
        Value::Null | Value::Float(_) | Value::Secret | Value::Later(_) | Value::Unknown(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journey::guard::{Guard, Guards};
    use crate::schema::schema;

    fn pool(text: &str) -> Pool {
        let Some(Value::Map(document)) = Value::parse_json(text) else { panic!("{text}") };
        Pool { document, ..Pool::default() }
    }

    #[test]
    fn pools_are_alike_that_differ_in_names_alone_that_nothing_shows() {
        let memory = Memory::default();
        let mut found = 0;
        let mut count = |text: &str| {
            let pool = pool(text);
            let find = || {
                found += 1;
                Some(super::super::answers(&pool))
            };
            drop(memory.of(&pool, find));
            found
        };
        assert_eq!(count(r#"{"Id": "a", "Clients": [{"ClientId": "1", "ClientName": "web"}]}"#), 1);
        assert_eq!(count(r#"{"Id": "b", "Clients": [{"ClientId": "2", "ClientName": "web"}]}"#), 1);
        assert_eq!(count(r#"{"Id": "b", "Clients": [{"ClientId": "2", "ClientName": "app"}]}"#), 2);
        assert_eq!(count(r#"{"Id": "b", "Clients": [{"ClientId": "2"}]}"#), 3);
        assert_eq!(count(r#"{"Id": "b", "Clients": [{"ClientId": "1"}]}"#), 4);
        assert_eq!(count(r#"{"Id": "b", "Clients": []}"#), 5);
        assert_eq!(count(r#"{"Id": "b", "Clients": [], "MfaConfiguration": "ON"}"#), 6);
        assert_eq!(count(r#"{"Id": "c", "Clients": [], "MfaConfiguration": "ON"}"#), 6);
    }

    /// The ids of clients tell those of one name apart.
    #[test]
    fn pools_are_not_alike_whose_clients_of_one_name_have_other_ids() {
        let of = |id: &str| {
            let client = |id: &str| format!(r#"{{"ClientId": "{id}", "ClientName": "web"}}"#);
            pool(&format!(r#"{{"Clients": [{}, {}]}}"#, client("1"), client(id)))
        };
        assert!(are_alike(&of("2"), &of("2")));
        assert!(!are_alike(&of("2"), &of("3")));
    }

    /// The names of pools that are alike differ.
    #[test]
    fn no_guard_looks_at_the_names_of_a_pool() {
        let names: Vec<_> = Identity::MEMBERS.iter().filter_map(|name| schema().find(name)).collect();
        assert_eq!(names.len(), Identity::MEMBERS.len());
        for guard in Guard::ALL {
            let looks = Guards::builtin().looks(*guard).unwrap();
            assert!(!looks.members.iter().any(|member| names.contains(member)), "{}", guard.id());
        }
    }
}
