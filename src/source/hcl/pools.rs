//! The pools of a configuration, as the engine for declared pools puts them together.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use super::inventory::{Found, Inventory, calls, files};
use super::join::{self, Remarks};
use super::scope::{Open, Program};
use super::syntax::Place;
use super::unknown::Question;
use crate::pool::{Lifecycle, Origin, Pool};
use crate::source::declared::{
    self, Assembled, DeclaredPool, Holder, Owner, Scenario, Span, Standing, TextOf, assemble, messages,
};
use crate::source::terraform;

/// The pools of a configuration, and what is to be said of them.
pub(super) struct Assembly {
    pub pools: Vec<Gathered>,
    pub remarks: Remarks,
    /// The resources that are parts of no pool here, with what would decide their conditions.
    pub others: Group,
    /// A named file declares a part of a pool, which may not be there.
    pub is_named: bool,
}

/// A pool of a configuration.
#[derive(Clone)]
pub(super) struct Gathered {
    pub pool: DeclaredPool,
    /// Its name, which it has under all assumptions.
    pub key: String,
    /// It, or a part of it, is in a file that was named.
    pub is_named: bool,
    /// No resource declares it.
    pub is_elsewhere: bool,
    pub group: Group,
    remarks: Vec<String>,
}

/// Resources without the keys of their instances, and questions whose answers would decide their conditions.
#[derive(Clone, Debug, Default)]
pub(super) struct Group {
    pub bases: BTreeSet<String>,
    pub questions: BTreeSet<Question>,
}

impl Group {
    pub(super) fn add(&mut self, other: &Group) {
        self.bases.extend(other.bases.iter().cloned());
        self.questions.extend(other.questions.iter().cloned());
    }
}

/// Puts the pools together. `only`: the files that were named, if there is one.
pub(super) fn pools(
    program: &Program<'_>,
    inventory: Inventory,
    origin: &Origin,
    only: &[String],
) -> Assembly {
    let is_named = inventory.files.iter().any(|file| is_in(program, *file, only));
    let mut found = inventory.found;
    // Clients come before what is theirs.
    found.sort_by_key(|one| one.mapping.section != crate::pool::Section::Clients);
    let mut remarks = Remarks::new();
    let texts = texts(program, &found);
    let owners: Vec<(Owner, BTreeSet<Question>)> = (0..found.len())
        .map(|at| program.asking(|| join::owner(program, &found, at, &mut remarks)))
        .collect();
    let (mut resources, mut groups) = (Vec::new(), Vec::new());
    for (at, (owner, mut questions)) in owners.into_iter().enumerate() {
        let Some(one) = found.get(at) else { continue };
        let standing = standing(&found, at, &owner);
        let (declared, asked) = program.asking(|| {
            let client = join::client(program, &found, at);
            declare(program, one, (owner, client, standing), &texts)
        });
        resources.push(declared);
        questions.extend(asked);
        questions.extend(one.questions.iter().cloned());
        groups.push(Group { bases: [one.base.to_string()].into(), questions });
    }
    let named = named(program, &found, only);
    let parts = Parts::of(&resources);
    let mut others: BTreeSet<usize> = (0..resources.len()).collect();
    let mut pools = Vec::new();
    for assembled in assemble(&resources, origin) {
        let open = assembled.at.and_then(|at| found.get(at)).and_then(|one| one.resource.open.as_ref());
        let address = |at: usize| found.get(at).map(|one| &*one.resource.address);
        let remarks = messages(&assembled.remarks, address);
        let mut group = Group::default();
        let own = parts.of_pool(&assembled);
        for at in own {
            group.add(&groups[*at]);
            others.remove(at);
        }
        pools.push(Gathered {
            key: match (&assembled.key, &assembled.pool.address) {
                (Some(key), _) => format!("elsewhere {key}"),
                (None, address) => address.as_deref().unwrap_or_default().to_owned(),
            },
            is_named: own.iter().any(|at| named.contains(at)),
            is_elsewhere: assembled.at.is_none(),
            pool: scenarios(assembled, open),
            group,
            remarks,
        });
    }
    let mut rest = Group::default();
    for at in others {
        rest.add(&groups[at]);
    }
    Assembly { pools, remarks, others: rest, is_named }
}

/// The resources that are parts of pools, by what says which pool that is.
#[derive(Default)]
struct Parts<'r> {
    /// By the position of the pool.
    here: BTreeMap<usize, Vec<usize>>,
    elsewhere: BTreeMap<&'r str, Vec<usize>>,
}

impl Parts<'_> {
    fn of(resources: &[declared::Resource]) -> Parts<'_> {
        let mut parts = Parts::default();
        for (at, resource) in resources.iter().enumerate() {
            match &resource.owner {
                Owner::Own => parts.here.entry(at).or_default().push(at),
                Owner::Pool(pool) => parts.here.entry(*pool).or_default().push(at),
                Owner::Open(pools, _) => {
                    for pool in pools {
                        parts.here.entry(*pool).or_default().push(at);
                    }
                }
                Owner::Elsewhere { key, .. } => parts.elsewhere.entry(key).or_default().push(at),
                Owner::None => {}
            }
        }
        parts
    }

    fn of_pool(&self, pool: &Assembled) -> &[usize] {
        let own = match (pool.at, &pool.key) {
            (Some(at), _) => self.here.get(&at),
            (None, Some(key)) => self.elsewhere.get(key.as_str()),
            (None, None) => None,
        };
        own.map_or(&[], Vec::as_slice)
    }
}

/// The pools that are asked for, and what is to be said of them: those in files that were named; all of the
/// configuration where none of these files declares a part of a pool.
pub(super) fn asked(pools: Vec<Gathered>, is_named: bool) -> (Vec<DeclaredPool>, Vec<String>) {
    let (mut asked, mut remarks) = (Vec::new(), Vec::new());
    for one in pools.into_iter().filter(|one| one.is_named || !is_named) {
        asked.push(one.pool);
        remarks.extend(one.remarks);
    }
    (asked, remarks)
}

fn is_in(program: &Program<'_>, file: usize, only: &[String]) -> bool {
    program.texts.borrow().get(file).is_some_and(|file| only.contains(&file.path))
}

/// The positions of the resources in files that were named.
fn named(program: &Program<'_>, found: &[Found], only: &[String]) -> BTreeSet<usize> {
    let named = |one: &Found| files(&one.resource).into_iter().any(|file| is_in(program, file, only));
    found.iter().enumerate().filter(|(_, one)| named(one)).map(|(at, _)| at).collect()
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
    let Found { resource, mapping, lowered, adopted, .. } = one;
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
        let TextOf { name, text, index, .. } = &*known.text;
        let text =
            TextOf { name: Arc::clone(name), text: Arc::clone(text), secrets, index: Arc::clone(index) };
        Some((file, Arc::new(text)))
    };
    secrets.into_iter().filter_map(text).collect()
}
