//! The pools of a configuration, as the engine for declared pools puts them together.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use super::inventory::{Found, Inventory, calls, files};
use super::join::{self, Remarks};
use super::scope::{Open, Program};
use super::syntax::Place;
use crate::pool::{Lifecycle, Origin, Pool};
use crate::source::declared::{
    self, Assembled, DeclaredPool, Holder, Owner, Remark, Scenario, Span, Standing, TextOf, assemble,
};
use crate::source::terraform;

/// The pools of a configuration, and what is to be said of them.
pub(super) struct Assembly {
    pub pools: Vec<DeclaredPool>,
    pub remarks: Remarks,
}

/// Puts the pools together. `only`: the files whose pools are asked for, if there is one in them.
pub(super) fn pools(
    program: &Program<'_>,
    inventory: Inventory,
    origin: &Origin,
    only: &[String],
) -> Assembly {
    let mut found = inventory.found;
    // Clients come before what is theirs.
    found.sort_by_key(|one| one.mapping.section != crate::pool::Section::Clients);
    let mut remarks = Remarks::new();
    let texts = texts(program, &found);
    let owners: Vec<Owner> =
        (0..found.len()).map(|at| join::owner(program, &found, at, &mut remarks)).collect();
    let mut resources = Vec::new();
    for (at, owner) in owners.into_iter().enumerate() {
        let client = join::client(program, &found, at);
        let standing = standing(&found, at, &owner);
        let Some(one) = found.get(at) else { continue };
        resources.push(declare(program, one, (owner, client, standing), &texts));
    }
    let asked = asked(program, &found, only);
    let wanted = |assembled: &Assembled, at: usize, owner: &Owner| match (owner, assembled.at) {
        (Owner::Own, Some(own)) => own == at,
        (Owner::Pool(pool), Some(own)) => *pool == own,
        (Owner::Elsewhere { .. }, None) => true,
        (_, _) => false,
    };
    let mut all: Vec<(bool, Assembled)> = Vec::new();
    for assembled in assemble(&resources, origin) {
        let parts = resources.iter().enumerate().filter(|(at, one)| wanted(&assembled, *at, &one.owner));
        let is_asked = parts.into_iter().any(|(at, _)| asked.contains(&at));
        all.push((is_asked, assembled));
    }
    let any = all.iter().any(|(asked, _)| *asked);
    let mut pools = Vec::new();
    for (_, assembled) in all.into_iter().filter(|(asked, _)| *asked || !any) {
        remarks.extend(strange(&found, &assembled.remarks));
        let open = assembled.at.and_then(|at| found.get(at)).and_then(|one| one.resource.open.as_ref());
        pools.push(scenarios(assembled, open));
    }
    Assembly { pools, remarks }
}

/// The positions of the resources in files that were named.
fn asked(program: &Program<'_>, found: &[Found], only: &[String]) -> BTreeSet<usize> {
    let texts = program.texts.borrow();
    let is_named = |file: usize| texts.get(file).is_some_and(|file| only.contains(&file.path));
    let named = |one: &Found| files(&one.resource).into_iter().any(is_named);
    found.iter().enumerate().filter(|(_, one)| only.is_empty() || named(one)).map(|(at, _)| at).collect()
}

/// The pool as it is where there is one, and as nothing where that is not known.
fn scenarios(assembled: Assembled, open: Option<&Open>) -> DeclaredPool {
    let Assembled { mut pool, places, .. } = assembled;
    // A configuration has no text of its own: every resource has that of its file.
    pool.place = 0..0;
    let mut scenarios = Vec::new();
    let address = pool.address.as_deref().unwrap_or("the pool");
    let first = open.map_or_else(String::new, |_| format!("{address} exists"));
    if let Some(open) = open {
        let none = nothing(&pool);
        scenarios.push(Scenario { when: format!("it does not ({})", open.why), pool: none });
    }
    scenarios.insert(0, Scenario { when: first, pool });
    DeclaredPool { scenarios, before: None, places }
}

/// A pool where there is none.
pub(super) fn nothing(pool: &Pool) -> Pool {
    Pool {
        origin: pool.origin.clone(),
        place: pool.place.clone(),
        address: pool.address.clone(),
        lifecycle: pool.lifecycle,
        coverage: pool.coverage,
        region: pool.region.clone(),
        partial: true,
        ..Pool::default()
    }
}

/// Whether a resource will be there. One that is there whenever its pool is counts as there.
fn standing(found: &[Found], at: usize, owner: &Owner) -> Standing {
    let Some(open) = found.get(at).and_then(|one| one.resource.open.as_ref()) else { return Standing::Stays };
    let pool = match owner {
        Owner::Own => return Standing::Stays,
        Owner::Pool(pool) => found.get(*pool).and_then(|pool| pool.resource.open.as_ref()),
        Owner::Open(..) | Owner::Elsewhere { .. } | Owner::None => None,
    };
    match pool {
        Some(pool) if pool.cause == open.cause => Standing::Stays,
        _ => Standing::Open(format!("whether there is one is unknown: {}", open.why).into()),
    }
}

/// A resource as the engine takes it.
fn declare(
    program: &Program<'_>,
    one: &Found,
    (owner, client, standing): (Owner, declared::Client, Standing),
    texts: &BTreeMap<usize, Arc<TextOf>>,
) -> declared::Resource {
    let Found { resource, mapping, lowered, adopted } = one;
    let span = |at: Place| Some(Span { text: Arc::clone(texts.get(&at.file)?), at: at.start..at.end });
    let origin = |(at, origin): &(Place, Place)| Some((at.start..at.end, span(*origin)?));
    let block = &resource.block;
    let at = block.header;
    declared::Resource {
        mapping,
        coverage: terraform::coverage(mapping.kind),
        holder: Holder {
            address: resource.address.to_string(),
            construct: None,
            at: at.start..at.end,
            whole: block.whole.start..block.whole.end,
            text: texts.get(&block.whole.file).cloned(),
            calls: calls(resource).into_iter().filter_map(span).collect(),
            origins: lowered.origins.iter().filter_map(origin).collect(),
            mapping: Some(mapping),
        },
        arguments: lowered.arguments.clone(),
        lifecycle: if mapping.adopts || *adopted { Lifecycle::Adopted } else { Lifecycle::Created },
        standing,
        owner,
        client,
        region: program.region(resource).map(|region| Arc::from(&*region)),
        source: "configuration",
    }
}

/// The texts of the files, with the places that are not shown.
fn texts(program: &Program<'_>, found: &[Found]) -> BTreeMap<usize, Arc<TextOf>> {
    let mut secrets: BTreeMap<usize, Vec<Range<usize>>> = BTreeMap::new();
    let files = program.texts.borrow().iter().map(|file| !file.path.is_empty()).collect::<Vec<_>>();
    secrets.extend(
        files.into_iter().enumerate().filter(|(_, is_file)| *is_file).map(|(file, _)| (file, Vec::new())),
    );
    for one in found {
        for Place { file, start, end } in &one.lowered.secrets {
            secrets.entry(*file).or_default().push(*start..*end);
        }
    }
    let kept = program.texts.borrow();
    let text = |(file, mut secrets): (usize, Vec<Range<usize>>)| {
        let known = kept.get(file)?;
        secrets.sort_by_key(|place| place.start);
        let text = TextOf { name: Arc::clone(&known.text.name), text: Arc::clone(&known.text.text), secrets };
        Some((file, Arc::new(text)))
    };
    secrets.into_iter().filter_map(text).collect()
}

/// The arguments that this version does not know.
fn strange(found: &[Found], remarks: &[(usize, Remark)]) -> Vec<String> {
    let mut paths: BTreeMap<usize, BTreeSet<&str>> = BTreeMap::new();
    for (at, remark) in remarks {
        match remark {
            Remark::Strange { path, .. } => {
                paths.entry(*at).or_default().insert(path);
            }
            Remark::Boolean { .. } => {}
        }
    }
    let message = |(at, paths): (usize, BTreeSet<&str>)| {
        let shown: Vec<String> = paths.iter().map(|path| format!("`{path}`")).collect();
        let resource = &found.get(at)?.resource;
        Some(format!(
            "{} has arguments that this version does not know: {}",
            resource.address,
            shown.join(", ")
        ))
    };
    paths.into_iter().filter_map(message).collect()
}
