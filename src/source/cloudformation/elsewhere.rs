//! Parts of pools that a template does not declare: of such a pool its parts alone are known.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::condition::{Settled, worlds};
use super::kind::{POOL, mappings};
use super::pool::{Assembly, Attached, link};
use super::remarks::Remarks;
use super::scene::Scene;
use super::template::{Template, conditions, mentions};
use super::term::Meaning;
use crate::pool::{Lifecycle, Origin, Pool, Section, derive};
use crate::source::declared::{self, DeclaredPool, Places, World};

/// The pools that the template has parts of and does not declare. Parts that name their pool by the same expression
/// are of one pool.
pub(super) fn read(template: &Template, origin: &Origin, remarks: &mut Remarks) -> Vec<DeclaredPool> {
    let mut pools: BTreeMap<String, Vec<Attached<'_>>> = BTreeMap::new();
    let own = |name: &&str| template.resources.iter().any(|one| &*one.id == *name && *one.kind == *POOL);
    for attached in template.resources.iter().filter_map(link) {
        let (_, mapping, link) = attached;
        // A web ACL stands before other things than pools, unless the text says so.
        let other = mapping.section == Section::WebAcl && !link.canonical().contains(":userpool/");
        if !other && !mentions(link).iter().any(own) {
            pools.entry(link.canonical()).or_default().push(attached);
        }
    }
    let mut pools: Vec<_> = pools.into_values().collect();
    pools.sort_by_key(|parts| parts.first().map(|(resource, ..)| resource.id_at.start));
    pools.iter().filter_map(|parts| pool(template, parts, origin, remarks)).collect()
}

fn pool(
    template: &Template,
    parts: &[Attached<'_>],
    origin: &Origin,
    remarks: &mut Remarks,
) -> Option<DeclaredPool> {
    let (first, _, link) = parts.first()?;
    let mut names: BTreeSet<Arc<str>> = BTreeSet::new();
    for (resource, ..) in parts {
        names.extend(resource.condition().map(Arc::from));
        names.extend(resource.properties().map(conditions).unwrap_or_default());
    }
    let mut places = Places::default();
    let mut all = Vec::new();
    for settled in worlds(template, &names) {
        let scene = Scene { template, settled: &settled.outcomes, reveal: false };
        let id = match scene.term(link).what {
            Meaning::Scalar(scalar) => Some(scalar.text),
            _ => None,
        };
        let pool = Pool {
            origin: origin.clone(),
            place: first.whole(),
            address: id.is_none().then(|| Arc::clone(&first.id)),
            document: declared::identity(id.as_deref()),
            lifecycle: Lifecycle::Created,
            coverage: Some(mappings().coverage()),
            partial: true,
            ..Pool::default()
        };
        let mut assembly = Assembly { scene, places: &mut places, remarks, pool };
        for part in parts {
            assembly.attach(None, part);
        }
        let mut pool = assembly.pool;
        derive(&mut pool.document);
        all.push((settled, pool));
    }
    let only = all.len() == 1;
    let world = |(settled, mut pool): (Settled, Pool)| {
        declared::mirror(&mut pool, &mut places);
        World { when: if only { String::new() } else { settled.when }, pool }
    };
    let worlds: Vec<World> = all.into_iter().map(world).collect();
    Some(DeclaredPool { worlds, before: None, places })
}
