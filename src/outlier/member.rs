//! The pools of the inputs, each once, and the groups that they are in.

use std::collections::{BTreeMap, BTreeSet};

use super::digest::Hashes;
use super::group::{Ungrouped, group, is_of_several};
use super::{Terms, Threshold};
use crate::drift::{Deliveries, Open};
use crate::pool::{Identity, Pool, Projection};
use crate::schema::{NodeId, schema};
use crate::source::{self, Delivery, Interrupt, Note, Unread};
use crate::value::Value;

/// A pool of a group.
pub(super) struct Member {
    pub pool: Pool,
    pub identity: Identity,
    pub group: u32,
}

/// The groups, and the pools that are in the inputs more than once.
#[derive(Debug, Default)]
pub(super) struct Members {
    hashes: Hashes,
    /// The newest time of each pool that is there more than once.
    repeated: BTreeMap<u64, i64>,
    /// The number of each group, and of its pools.
    groups: BTreeMap<String, (u32, usize)>,
    pub ungrouped: BTreeMap<Ungrouped, usize>,
    pub pools: usize,
    pub unread: Vec<Unread>,
    pub notes: Vec<Note>,
    pub interrupted: Option<Interrupt>,
}

impl Members {
    /// Reads the inputs twice: names alone, then the groups. `then` gets each pool of a group.
    pub(super) fn of(open: Open<'_>, terms: &Terms, mut then: impl FnMut(&Member)) -> Members {
        let mut members = Members::default();
        members.repeated = repeated(&members.hashes, open());
        let mut groups = BTreeMap::new();
        let (mut ungrouped, mut pools, mut several) = (BTreeMap::new(), 0, 0);
        let mut rest = members.each_pool(open(), |pool, identity| {
            pools += 1;
            several += usize::from(is_of_several(&terms.by, &identity));
            match group(&terms.by, &pool, &identity) {
                Ok(name) => {
                    let next = u32::try_from(groups.len()).unwrap_or(u32::MAX);
                    let (number, size): &mut (u32, usize) = groups.entry(name).or_insert((next, 0));
                    *size += 1;
                    then(&Member { pool, identity, group: *number });
                }
                Err(why) => *ungrouped.entry(why).or_default() += 1,
            }
        });
        rest.notes.extend(again(&members.repeated));
        rest.notes.extend(of_several(several));
        Members { groups, ungrouped, pools, hashes: members.hashes, repeated: members.repeated, ..rest }
    }

    /// The number of a group with enough pools to say something.
    fn number(&self, name: &str, threshold: Threshold) -> Option<u32> {
        let (number, size) = self.groups.get(name)?;
        (*size >= threshold.least as usize).then_some(*number)
    }

    /// How many groups say something, then groups and pools that are too few.
    pub(super) fn counts(&self, threshold: Threshold) -> (usize, (usize, usize)) {
        let sizes = || self.groups.values().map(|(_, size)| *size);
        let small = sizes().filter(|size| *size < threshold.least as usize);
        let small = small.fold((0, 0), |(groups, pools), size| (groups + 1, pools + size));
        (self.groups.len() - small.0, small)
    }

    /// Reads the pools of groups with enough of them again, each with the name of its group. Answers how many pools
    /// there were.
    pub(super) fn each(&self, open: Open<'_>, terms: &Terms, mut then: impl FnMut(Member, &str)) -> usize {
        let mut pools = 0;
        self.each_pool(open(), |pool, identity| {
            pools += 1;
            let Ok(name) = group(&terms.by, &pool, &identity) else { return };
            if let Some(group) = self.number(&name, terms.threshold) {
                then(Member { pool, identity, group }, &name);
            }
        });
        pools
    }

    /// Reads every pool again, and answers how many there were.
    pub(super) fn each_of_all(&self, open: Open<'_>, mut then: impl FnMut(Pool)) -> usize {
        let mut pools = 0;
        self.each_pool(open(), |pool, _| {
            pools += 1;
            then(pool);
        });
        pools
    }

    /// The failure of inputs that have another number of pools when they are read again.
    pub(super) fn changed(&self, again: usize) -> Option<Unread> {
        let message = || format!("{} pools became {again} while they were read", self.pools);
        (again != self.pools).then(|| Unread::new("the inputs".to_owned(), message()))
    }

    /// Every pool once: the newest, and of those of one time the first.
    fn each_pool(&self, deliveries: Deliveries, mut then: impl FnMut(Pool, Identity)) -> Members {
        let (mut rest, mut taken) = (Members::default(), BTreeSet::new());
        for delivery in deliveries {
            match delivery {
                Delivery::Unread(unread) => rest.unread.push(unread),
                Delivery::Note(note) => rest.notes.push(note),
                Delivery::Interrupted(interrupt) => rest.interrupted = Some(interrupt),
                Delivery::Listed(_) | Delivery::ListedWhole(_) => {}
                Delivery::Chunk(chunk) => {
                    let (pools, unread, notes) = source::read(&chunk, &Projection::everything()).first();
                    rest.unread.extend(unread);
                    rest.notes.extend(notes);
                    for pool in pools {
                        let identity = pool.identity();
                        let name = self.hashes.of_pool(&identity);
                        let newest =
                            name.and_then(|name| self.repeated.get(&name).map(|newest| (name, *newest)));
                        match newest {
                            Some((name, newest)) if at(&pool) < newest || !taken.insert(name) => {}
                            _ => then(pool, identity),
                        }
                    }
                }
            }
        }
        rest
    }
}

/// The note about pools that are there more than once.
fn again(repeated: &BTreeMap<u64, i64>) -> Option<Note> {
    let noun = if repeated.len() == 1 { "pool is" } else { "pools are" };
    let message = || {
        format!(
            "{} {noun} there more than once; the newest is compared, or the first where none tells its time",
            repeated.len()
        )
    };
    (!repeated.is_empty()).then(|| Note { target: "the inputs".to_owned(), message: message() })
}

/// The note about pools whose name several patterns match.
fn of_several(pools: usize) -> Option<Note> {
    let (noun, are) = match pools {
        0 => return None,
        1 => ("pool fits", "it is"),
        _ => ("pools fit", "each is"),
    };
    let message = format!("{pools} {noun} several patterns of --by; {are} in the group of the first");
    Some(Note { target: "the inputs".to_owned(), message })
}

/// The member with the time of a pool's last change.
const CHANGED: &str = "LastModifiedDate";

/// When a pool was as it is here: the time of its snapshot, or that of its last change. A pool that tells neither is
/// older than all others.
fn at(pool: &Pool) -> i64 {
    let changed = match pool.document.get(CHANGED) {
        Some(Value::Time(time)) => Some(*time),
        _ => None,
    };
    pool.taken.or(changed).unwrap_or(i64::MIN)
}

/// The pools that are there more than once, each with its newest time.
fn repeated(hashes: &Hashes, deliveries: Deliveries) -> BTreeMap<u64, i64> {
    let mut seen = Vec::new();
    let mut projection = Projection::identity();
    schema().member(NodeId::ROOT, CHANGED).iter().for_each(|id| projection.keep(*id));
    for delivery in deliveries {
        let Delivery::Chunk(chunk) = delivery else { continue };
        for read in &source::read(&chunk, &projection).pools {
            let pool = &read.scenarios()[0].pool;
            seen.extend(hashes.of_pool(&pool.identity()).map(|name| (name, at(pool))));
        }
    }
    seen.sort_unstable();
    let several = seen.windows(2).filter(|pair| pair[0].0 == pair[1].0);
    several.map(|pair| pair[1]).collect()
}
