//! The pools of a file: which pool each resource is a part of, as the engine takes it.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::arguments::coverage;
use super::join::{Joiner, Owner};
use super::lower::lower;
use super::planned;
use super::resource::{Fate, Resource};
use crate::pool::{Origin, Section};
use crate::source::Note;
use crate::source::declared::{
    self, Assembled, Client, DeclaredPool, Owner as Part, Scenario, Standing, assemble as engine, messages,
};

/// The pools of a file.
#[derive(Default)]
pub(super) struct Assembly {
    pub pools: Vec<DeclaredPool>,
    /// Pools that go, and those elsewhere that parts are taken from.
    pub gone: Vec<DeclaredPool>,
    pub notes: BTreeSet<Note>,
}

/// Puts the pools together.
pub(super) fn assemble(joiner: Joiner<'_>, origin: &Origin) -> Assembly {
    let mut notes = BTreeSet::new();
    let mut tell = |message: String| {
        notes.insert(Note { target: origin.name.to_string(), message });
    };
    let resources: Vec<declared::Resource> =
        joiner.resources.iter().map(|resource| declare(joiner, resource, &mut tell)).collect();
    let mut pools = Vec::new();
    for mut assembled in engine(&resources, origin) {
        let address = |at: usize| joiner.resources.get(at).map(|resource| &*resource.address);
        for message in messages(&assembled.remarks, address) {
            tell(message);
        }
        changes(joiner, &resources, &mut assembled);
        let Assembled { pool, places, .. } = assembled;
        let scenarios = vec![Scenario { when: String::new(), pool }];
        pools.push(DeclaredPool { scenarios, before: None, places });
    }
    Assembly { pools, gone: planned::gone(joiner, origin), notes }
}

/// A resource as the engine takes it.
fn declare(joiner: Joiner<'_>, resource: &Resource, tell: &mut impl FnMut(String)) -> declared::Resource {
    let client = match joiner.client_of(resource) {
        None => Client::Whole,
        Some(Owner::Pool(client) | Owner::Only(client, _)) => Client::Of(client),
        Some(Owner::Elsewhere(_)) => Client::Elsewhere,
        Some(Owner::Open(..) | Owner::None) => {
            Client::Open(format!("which client {} is for cannot be followed", resource.address).into())
        }
    };
    let mapping = resource.mapping;
    declared::Resource {
        mapping,
        coverage: coverage(mapping.kind),
        holder: resource.declared(),
        arguments: lower(resource),
        lifecycle: resource.lifecycle(),
        standing: if resource.stays() { Standing::Stays } else { Standing::Gone },
        owner: if mapping.is_pool() { Part::Own } else { owner(joiner, resource, tell) },
        client,
        region: resource.text("region").or(resource.region.as_deref()).map(Arc::from),
        source: "plan",
    }
}

/// Which pool a resource is a part of, and what is to be said where that is not certain.
fn owner(joiner: Joiner<'_>, resource: &Resource, tell: &mut impl FnMut(String)) -> Part {
    match joiner.pool_of(resource) {
        Owner::Pool(pool) => Part::Pool(pool),
        Owner::Only(pool, why) => {
            tell(why);
            Part::Pool(pool)
        }
        Owner::Open(pools, why) if pools.is_empty() => {
            if !resource.stays() || resource.mapping.section == Section::WebAcl {
                return Part::None;
            }
            tell(format!("{why}: no other part of that pool is checked"));
            Part::Elsewhere { key: joiner.key_of(resource), id: None }
        }
        Owner::Open(pools, why) => Part::Open(pools, why.into()),
        Owner::Elsewhere(id) if resource.stays() => {
            tell(format!(
                "{} is of the pool {id}, which is not in this file: no other part of that pool is checked",
                resource.address
            ));
            Part::Elsewhere { key: id.clone(), id: Some(id) }
        }
        Owner::Elsewhere(_) | Owner::None => Part::None,
    }
}

/// Says in the document of a pool what the plan does to it and to its parts. Whoever replaces a pool replaces all that
/// is in it.
fn changes(joiner: Joiner<'_>, resources: &[declared::Resource], assembled: &mut Assembled) {
    let Some((at, pool)) = assembled.at.and_then(|at| Some((at, joiner.resources.get(at)?))) else { return };
    let (document, places) = (&mut assembled.pool.document, &mut assembled.places);
    planned::pool(pool, document, places);
    if pool.fate == Fate::Replaced {
        return;
    }
    for (part, declared) in joiner.resources.iter().zip(resources) {
        if matches!(declared.owner, Part::Pool(of) if of == at) {
            planned::part(part, document, places);
        }
    }
}
