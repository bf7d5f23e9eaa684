//! A pool as findings name it.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::witness::key_of;
use crate::finding::{PoolRef, Tags, WrittenIn};
use crate::pool::{Pool, Scope, Source, State, resolve};
use crate::rule::Policy;
use crate::schema::{NodeId, Path, schema};
use crate::source::declared::Scenario;
use crate::value::Value;

/// The reference of a pool that is judged in one case or several.
pub(super) fn reference(policy: &Policy, scenarios: &[Scenario]) -> PoolRef {
    let Some(Scenario { pool, .. }) = scenarios.first() else {
        return PoolRef::default();
    };
    let identity = pool.identity();
    let names = scenarios[1..].iter().filter_map(|scenario| scenario.pool.identity().name);
    let mut other_names: Vec<_> = names.filter(|name| identity.name.as_ref() != Some(name)).collect();
    other_names.sort();
    other_names.dedup();
    PoolRef {
        identity,
        origin: pool.origin.clone(),
        // A live pool has no file, also where it is read from a snapshot.
        offset: if pool.origin.source == Source::Live { 0 } else { pool.place.start },
        other_names,
        tags: if policy.tags { same_tags(scenarios) } else { None },
        off: off(policy, pool),
        written_in: pool.written_in.as_ref().map(|configuration| Arc::new(written_in(pool, configuration))),
    }
}

/// The names that a configuration has for elements whose keys the service chooses. The other keys are written there.
fn written_in(pool: &Pool, configuration: &Arc<str>) -> WrittenIn {
    let mut addresses = BTreeMap::new();
    for (section, listed) in &pool.elements {
        let Some(Value::List(elements)) = pool.document.get(section.member()) else { continue };
        let list = schema().member(NodeId::ROOT, section.member());
        let Some(node) = list.and_then(|list| schema().node(list).element) else { continue };
        let key = list.and_then(|list| schema().member(node, schema().node(list).key.as_deref()?));
        let is_chosen_by_service = |key| schema().node(key).identifies && schema().node(key).filled;
        if !key.is_some_and(is_chosen_by_service) {
            continue;
        }
        for (index, (element, address)) in elements.iter().zip(listed).enumerate() {
            let key = key_of(element, Some(node), pool, index);
            if *key != **address {
                addresses.insert(Arc::from(key), Arc::clone(address));
            }
        }
    }
    WrittenIn { configuration: Arc::clone(configuration), addresses }
}

/// The tags of the pool, unless they cannot be known or differ from scenario to scenario.
fn same_tags(scenarios: &[Scenario]) -> Option<Tags> {
    let mut all = scenarios.iter().map(|scenario| tags(&scenario.pool));
    let first = all.next()??;
    all.all(|other| other.as_ref() == Some(&first)).then_some(first)
}

fn tags(pool: &Pool) -> Option<Tags> {
    let path = Path::parse("UserPoolTags").ok()?;
    match resolve(Scope::of(pool), &path) {
        State::Present(Value::Map(map)) | State::Default(Value::Map(map)) => {
            let text = |value: &Value| value.as_str().map(Arc::from);
            let all = map.0.iter().map(|(key, value)| Some((Arc::from(key.as_ref()), text(value)?)));
            all.collect::<Option<BTreeMap<_, _>>>().map(|tags| tags.into_iter().collect())
        }
        State::Absent => Some(Tags::default()),
        State::Present(_) | State::Default(_) | State::Unknown(_) | State::Outside(_) => None,
    }
}

/// Ids of the rules that a scope turned off for the pool. The rules are sorted, and so are they.
fn off(policy: &Policy, pool: &Pool) -> Vec<Arc<str>> {
    if policy.scopes.is_empty() {
        return Vec::new();
    }
    let mut on = Vec::new();
    policy.rules_for(pool, |rule| on.push(&rule.id));
    policy.rules.iter().map(|rule| &rule.id).filter(|id| !on.contains(id)).cloned().collect()
}
