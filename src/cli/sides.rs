//! The two sides of a drift. Of pools whose text is on both, only the identity is kept: 10,000 pools of 6 KB against
//! themselves took 529 MB when both sides were kept whole.

use std::collections::BTreeMap;
use std::hash::{BuildHasher, RandomState};
use std::path::{Path, PathBuf};

use super::args::{DriftArgs, LiveArgs};
use super::{Failure, inputs};
use crate::drift::{Side, are_twins_together};
use crate::pool::{Pool, Projection};
use crate::source::input::{Input, LeftOut};
use crate::source::{self, Chunk, Delivery};
use crate::value::Value;

/// The values of parameters of templates.
type Given = BTreeMap<String, String>;

type Deliveries = Box<dyn Iterator<Item = Delivery> + Send>;

/// The deliveries of the recorded side.
pub(super) fn recorded(args: &DriftArgs, given: &Given) -> Result<Deliveries, Failure> {
    let inputs = std::slice::from_ref(&args.recorded);
    inputs::pools_of_files(inputs, &LiveArgs::default(), given.clone(), LeftOut::default())
}

fn current(args: &DriftArgs, input: &PathBuf, given: &Given) -> Result<Deliveries, Failure> {
    let inputs = std::slice::from_ref(input);
    inputs::pools_of_files(inputs, &args.live, given.clone(), LeftOut::default())
}

/// Both sides, where both are files.
pub(super) fn of_files(args: &DriftArgs, input: &PathBuf, given: &Given) -> Result<(Side, Side), Failure> {
    let again = |input: &Path| matches!(Input::parse(input), Input::Path(path) if !is_pipe(&path));
    // `--match` compares pools with others than their twins, and a pipe cannot be read twice.
    if args.matches.is_empty() && again(&args.recorded) && again(input) {
        let mut texts = Texts::default();
        texts.count_recorded(recorded(args, given)?);
        texts.count_current(current(args, input, given)?);
        texts.counts.retain(|_, counts| *counts == (1, 1));
        if !texts.counts.is_empty() {
            let sides = (texts.side(recorded(args, given)?), texts.side(current(args, input, given)?));
            if are_twins_together(&sides.0, &sides.1) {
                return Ok(sides);
            }
        }
    }
    Ok((whole(recorded(args, given)?), whole(current(args, input, given)?)))
}

fn is_pipe(path: &Path) -> bool {
    path.exists() && !path.is_file() && !path.is_dir()
}

/// Reads one side whole.
pub(super) fn whole(deliveries: impl Iterator<Item = Delivery>) -> Side {
    side(deliveries, |chunk| source::read(chunk, &Projection::everything()).first())
}

/// Reads one side, with pools as `read` reads them.
fn side(
    deliveries: impl Iterator<Item = Delivery>,
    read: impl Fn(&Chunk) -> (Vec<Pool>, Vec<source::Unread>, Vec<source::Note>),
) -> Side {
    let mut side = Side::default();
    for delivery in deliveries {
        match delivery {
            Delivery::Unread(unread) => side.unread.push(unread),
            Delivery::Note(note) => side.notes.push(note),
            Delivery::Listed(_) | Delivery::ListedWhole(_) => {}
            Delivery::Interrupted(interrupt) => side.interrupted = Some(interrupt),
            Delivery::Chunk(chunk) => {
                let (pools, unread, notes) = read(&chunk);
                side.pools.extend(pools);
                side.unread.extend(unread);
                side.notes.extend(notes);
            }
        }
    }
    side
}

/// How often each text of a pool is on either side, by its hash. The keys of the hash are random, so that nobody can
/// make a changed pool that has the hash of the recorded one.
#[derive(Default)]
struct Texts {
    keys: [RandomState; 2],
    counts: BTreeMap<u128, (u8, u8)>,
}

impl Texts {
    /// The hash of a pool's text, in the form of its file.
    fn hash(&self, chunk: &Chunk, pool: &Pool) -> u128 {
        let text = chunk.bytes[pool.place.clone()].trim_ascii();
        let form = (chunk.shape as u8, text);
        let [high, low] = [0, 1].map(|key: usize| u128::from(self.keys[key].hash_one(form)));
        (high << 64) | low
    }

    /// Counts pools of which everything can be read and is known: the same text can be read on the other side.
    fn count_recorded(&mut self, deliveries: Deliveries) {
        let everything = Projection::everything();
        for chunk in chunks(deliveries) {
            for pool in source::read(&chunk, &everything).pools.iter().filter(|pool| !pool.is_declared()) {
                let pool = &pool.scenarios()[0].pool;
                if pool.unread.is_empty() && pool.document.0.iter().all(|(_, value)| is_known(value)) {
                    let counts = self.counts.entry(self.hash(&chunk, pool)).or_default();
                    counts.0 = counts.0.saturating_add(1);
                }
            }
        }
    }

    fn count_current(&mut self, deliveries: Deliveries) {
        let identity = Projection::identity();
        for chunk in chunks(deliveries) {
            for pool in source::read(&chunk, &identity).pools.iter().filter(|pool| !pool.is_declared()) {
                let hash = self.hash(&chunk, &pool.scenarios()[0].pool);
                if let Some(counts) = self.counts.get_mut(&hash) {
                    counts.1 = counts.1.saturating_add(1);
                }
            }
        }
    }

    /// Reads one side, and of pools with a twin only the identity.
    fn side(&self, deliveries: Deliveries) -> Side {
        let (everything, identity) = (Projection::everything(), Projection::identity());
        side(deliveries, |chunk| {
            let slim = source::read(chunk, &identity);
            let twin =
                |pool: &Pool| Some(self.hash(chunk, pool)).filter(|hash| self.counts.contains_key(hash));
            let has_twin =
                |pool: &source::ReadPool| !pool.is_declared() && twin(&pool.scenarios()[0].pool).is_some();
            let twins = slim.pools.iter().filter(|pool| has_twin(pool)).count();
            let all = twins == slim.pools.len() && slim.unread.is_empty() && slim.notes.is_empty();
            let read = if all { slim } else { source::read(chunk, &everything) };
            let declared: Vec<bool> = read.pools.iter().map(source::ReadPool::is_declared).collect();
            let (mut pools, unread, notes) = read.first();
            for (pool, declared) in pools.iter_mut().zip(declared) {
                pool.twin = twin(pool).filter(|_| !declared);
                if pool.twin.is_some() {
                    pool.leave_identity();
                }
            }
            (pools, unread, notes)
        })
    }
}

fn chunks(deliveries: Deliveries) -> impl Iterator<Item = Chunk> {
    deliveries.filter_map(|delivery| match delivery {
        Delivery::Chunk(chunk) => Some(chunk),
        Delivery::Unread(_)
        | Delivery::Note(_)
        | Delivery::Listed(_)
        | Delivery::ListedWhole(_)
        | Delivery::Interrupted(_) => None,
    })
}

fn is_known(value: &Value) -> bool {
    match value {
        Value::List(items) => items.iter().all(is_known),
        Value::Map(map) => map.0.iter().all(|(_, value)| is_known(value)),
        other => !other.is_unknown(),
    }
}
