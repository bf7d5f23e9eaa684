//! The sides of a comparison, read so that memory does not grow with the pools that are the same on both.
//!
//! A first pass keeps hashes alone: of the text of each pool, and of its names. A pool whose text is on both sides,
//! and whose names lead to no other pool, is settled. The second pass keeps the texts of the others, which are read
//! again one by one when they are compared. Where many texts differ, as those of a snapshot and of saved answers do,
//! pools are settled by their canonical lines too.

mod settled;

use std::collections::BTreeSet;
use std::hash::{BuildHasher, RandomState};

use settled::{Entry, settled};

use super::side::Text;
use super::{Match, Name, Side};
use crate::pool::{Pool, Projection, Source};
use crate::source::{self, Chunk, Delivery, ReadPool, snapshot};
use crate::value::Value;

/// The deliveries of an input.
pub type Deliveries = Box<dyn Iterator<Item = Delivery> + Send>;

/// Opens an input, as often as it is read.
pub type Open<'a> = &'a dyn Fn() -> Deliveries;

/// As many texts of one side are kept without looking at their canonical lines.
const FEW: usize = 2000;

/// Reads both sides, where pools are paired by their identities.
pub fn sides(recorded: Open<'_>, current: Open<'_>) -> (Side, Side) {
    let keys = Keys::default();
    let mut known = Known { keys: &keys, texts: Vec::new(), lines: Vec::new() };
    let entries =
        (known.entries(recorded(), Certainty::Checked), known.entries(current(), Certainty::Assumed));
    known.texts = settled(&entries.0, &entries.1);
    let left = entries.0.len().min(entries.1.len()).saturating_sub(known.texts.len());
    drop(entries);
    if left > FEW {
        let entries = (known.entries_of_lines(recorded()), known.entries_of_lines(current()));
        known.lines = settled(&entries.0, &entries.1);
    }
    let fate = |chunk: &Chunk, pool: &Pool, whole: bool| match known.has(chunk, pool, whole) {
        true => Fate::Settled,
        false => Fate::Kept,
    };
    let sides = (side(recorded(), &fate), side(current(), &fate));
    let count = known.texts.len() + known.lines.len();
    match sides.0.settled == count && sides.1.settled == count {
        true => sides,
        // An input has changed since the first pass.
        false => (whole(recorded()), whole(current())),
    }
}

/// Reads both sides, where pools are paired by name. Other pools are counted.
pub fn matched_sides(recorded: Open<'_>, current: Open<'_>, matches: &[Match]) -> (Side, Side) {
    let of = |open: Open<'_>, named: fn(&Match) -> &Name| {
        side(open(), &|_, pool, _| match matches.iter().any(|wanted| named(wanted).fits(pool)) {
            true => Fate::Kept,
            false => Fate::Unmatched,
        })
    };
    (of(recorded, |wanted| &wanted.recorded), of(current, |wanted| &wanted.current))
}

/// Reads one side with everything in memory.
pub fn whole(deliveries: impl Iterator<Item = Delivery>) -> Side {
    let mut side = Side::default();
    for delivery in deliveries {
        if let Some(chunk) = side.add(delivery) {
            let (pools, unread, notes) = source::read(&chunk, &Projection::everything()).first();
            side.pools.extend(pools);
            side.unread.extend(unread);
            side.notes.extend(notes);
        }
    }
    side
}

/// The pools of a side by what a snapshot has of them, to know those that are the same on the other.
#[derive(Default)]
pub struct Lines {
    keys: Keys,
    all: BTreeSet<u128>,
}

impl Lines {
    pub fn of(pools: &[Pool]) -> Lines {
        let mut lines = Lines::default();
        lines.all = pools.iter().filter(|pool| is_clear(pool)).map(|pool| lines.line(pool)).collect();
        lines
    }

    /// Whether the side has the same pool. Of one that was not read whole, that is not known.
    pub fn has(&self, pool: &Pool) -> bool {
        is_clear(pool) && self.all.contains(&self.line(pool))
    }

    fn line(&self, pool: &Pool) -> u128 {
        self.keys.of_line(pool.clone())
    }
}

/// The use of a pool of one side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    /// It is the same on the other side.
    Settled,
    /// It is in no `--match`.
    Unmatched,
    Kept,
}

/// Reads one side. `fate` decides about each answer of the API, and learns whether it was read whole; what files
/// declare is kept.
fn side(deliveries: Deliveries, fate: &dyn Fn(&Chunk, &Pool, bool) -> Fate) -> Side {
    let mut side = Side::default();
    for delivery in deliveries {
        if let Some(chunk) = side.add(delivery) {
            side.add_chunk(&chunk, fate);
        }
    }
    side
}

impl Side {
    /// Adds a delivery; a chunk is handed back.
    fn add(&mut self, delivery: Delivery) -> Option<Chunk> {
        match delivery {
            Delivery::Unread(unread) => self.unread.push(unread),
            Delivery::Note(note) => self.notes.push(note),
            Delivery::Listed(_) | Delivery::ListedWhole(_) => {}
            Delivery::Interrupted(interrupt) => self.interrupted = Some(interrupt),
            Delivery::Chunk(chunk) => {
                self.read = Some(self.read.map_or(chunk.read, |read| read.with(chunk.read)));
                return Some(chunk);
            }
        }
        None
    }

    fn add_chunk(&mut self, chunk: &Chunk, fate: &dyn Fn(&Chunk, &Pool, bool) -> Fate) {
        let slim = source::read(chunk, &Projection::identity());
        let fates: Vec<Fate> = answers(&slim).map(|pool| fate(chunk, pool, false)).collect();
        let none_is_kept = fates.len() == slim.pools.len() && !fates.contains(&Fate::Kept);
        if none_is_kept && slim.unread.is_empty() && slim.notes.is_empty() {
            for fate in fates {
                self.count(fate);
            }
            return;
        }
        let read = source::read(chunk, &Projection::everything());
        let declared: Vec<bool> = read.pools.iter().map(ReadPool::is_declared).collect();
        let (pools, unread, notes) = read.first();
        self.unread.extend(unread);
        self.notes.extend(notes);
        for (pool, declared) in pools.into_iter().zip(declared) {
            match if declared { Fate::Kept } else { fate(chunk, &pool, true) } {
                Fate::Kept if declared => self.keep(pool, None),
                Fate::Kept => {
                    let text = Text::of(chunk, &pool);
                    self.keep(pool.into_identity(), Some(text));
                }
                other => self.count(other),
            }
        }
    }

    fn count(&mut self, fate: Fate) {
        match fate {
            Fate::Settled => self.settled += 1,
            Fate::Unmatched => self.unmatched += 1,
            Fate::Kept => {}
        }
    }

    fn keep(&mut self, pool: Pool, text: Option<Text>) {
        self.texts.resize_with(self.pools.len(), || None);
        self.pools.push(pool);
        self.texts.push(text);
    }
}

/// The pools of a chunk that are answers of the API.
fn answers<'r>(read: &'r source::Read<'_>) -> impl Iterator<Item = &'r Pool> {
    read.pools.iter().filter(|pool| !pool.is_declared()).map(|pool| &pool.scenarios()[0].pool)
}

/// The keys of hashes are random, so that nobody can make a changed pool that has the hash of the recorded one.
#[derive(Default)]
struct Keys([RandomState; 2]);

impl Keys {
    fn of(&self, text: impl std::hash::Hash + Copy) -> u128 {
        let [high, low] = [0, 1].map(|key: usize| u128::from(self.0[key].hash_one(text)));
        (high << 64) | low
    }

    fn of_text(&self, chunk: &Chunk, pool: &Pool) -> u128 {
        self.of((chunk.shape as u8, chunk.bytes[pool.place.clone()].trim_ascii()))
    }

    /// Of what a snapshot would have, wherever the pool was read.
    fn of_line(&self, mut pool: Pool) -> u128 {
        pool.origin.source = Source::Saved;
        self.of(snapshot::line(&pool).as_bytes())
    }

    /// Hashes of ARN, id and name; 0 for one that is absent.
    fn of_names(&self, pool: &Pool) -> [u64; 3] {
        let identity = pool.identity();
        [identity.arn, identity.id, identity.name]
            .map(|name| name.map_or(0, |name| self.0[0].hash_one(&*name) | 1))
    }
}

/// Whether a pool of which only the identity was read can be read whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Certainty {
    /// Each is read whole.
    Checked,
    /// The same text is checked on the other side.
    Assumed,
}

/// Hashes of the pools that are the same on both sides, sorted.
struct Known<'k> {
    keys: &'k Keys,
    texts: Vec<u128>,
    lines: Vec<u128>,
}

impl Known<'_> {
    /// Whether a pool is the same on both sides. One that was not read whole may be without being known as such.
    fn has(&self, chunk: &Chunk, pool: &Pool, whole: bool) -> bool {
        let has = |all: &[u128], hash: &u128| all.binary_search(hash).is_ok();
        has(&self.texts, &self.keys.of_text(chunk, pool))
            || whole
                && !self.lines.is_empty()
                && is_clear(pool)
                && has(&self.lines, &self.keys.of_line(pool.clone()))
    }

    /// The pools of a side, by their texts.
    fn entries(&self, deliveries: Deliveries, certainty: Certainty) -> Vec<Entry> {
        let projection = match certainty {
            Certainty::Checked => Projection::everything(),
            Certainty::Assumed => Projection::identity(),
        };
        self.collect(deliveries, &projection, |chunk, pool| {
            let is_sure = certainty == Certainty::Assumed || is_clear(pool);
            is_sure.then(|| self.keys.of_text(chunk, pool))
        })
    }

    /// The pools of a side, by their lines where their texts are not known to be on the other side.
    fn entries_of_lines(&self, deliveries: Deliveries) -> Vec<Entry> {
        self.collect(deliveries, &Projection::everything(), |chunk, pool| {
            let open = !self.has(chunk, pool, false) && is_clear(pool);
            open.then(|| self.keys.of_line(pool.clone()))
        })
    }

    fn collect(
        &self,
        deliveries: Deliveries,
        projection: &Projection,
        hash: impl Fn(&Chunk, &Pool) -> Option<u128>,
    ) -> Vec<Entry> {
        let mut entries = Vec::new();
        for delivery in deliveries {
            let Delivery::Chunk(chunk) = delivery else { continue };
            for pool in &source::read(&chunk, projection).pools {
                let declared = pool.is_declared();
                let pool = &pool.scenarios()[0].pool;
                let hash = if declared { None } else { hash(&chunk, pool) };
                entries.push(Entry { hash, names: self.keys.of_names(pool) });
            }
        }
        entries
    }
}

/// Whether everything of a pool was read and is known.
fn is_clear(pool: &Pool) -> bool {
    pool.unread.is_empty() && pool.document.0.iter().all(|(_, value)| is_known(value))
}

fn is_known(value: &Value) -> bool {
    match value {
        Value::List(items) => items.iter().all(is_known),
        Value::Map(map) => map.0.iter().all(|(_, value)| is_known(value)),
        other => !other.is_unknown(),
    }
}
