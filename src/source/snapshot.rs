//! Pools as a snapshot holds them: one on each line in its canonical form, with where it was read, and a header.
//!
//! A live pool is judged in this form too. So the report on a snapshot is that of the live run, and does not hang on
//! the order in which the service lists things.

mod line;
mod runs;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use rayon::prelude::*;

use super::answer::{HeaderShape, VERSION, header_sum};
use super::{Chunk, Delivery, Interrupt, ListedRegion, Memory, Note, ReadPool, Shape, Unread, answer};
use crate::pool::{Identity, Pool, Projection, ReadWindow, Section};
use crate::spool::MakeScratch;
use crate::value::Value;
use line::harmless;
pub use line::line;
use runs::Runs;

/// Whether a file begins as a snapshot does.
pub fn begins(start: &[u8]) -> bool {
    answer::snapshot::begins(start)
}

/// Brings the pool of a delivery into the form that a snapshot has. What cannot be read stays as it is. `memory` is of the
/// deliveries before.
pub fn recorded(delivery: Delivery, memory: &mut Memory) -> Delivery {
    let Delivery::Chunk(chunk) = delivery else { return delivery };
    let mut parsed = answer::pools_after(&chunk, &Projection::everything(), memory);
    let pool = parsed.pools.pop().filter(|_| parsed.pools.is_empty() && parsed.unread.is_empty());
    if let Some(new) = parsed.memory.take() {
        *memory = new;
    }
    match pool {
        Some(pool) => {
            let bytes = line(&pool).into_bytes();
            Delivery::Chunk(Chunk { bytes, shape: Shape::Recorded, first_line: 1, ..chunk })
        }
        None => Delivery::Chunk(chunk),
    }
}

/// The pools of a run, to be written as one snapshot.
pub struct Snapshot {
    /// The lines of the pools, by account, Region and id or name.
    runs: Runs,
    accounts: BTreeSet<Arc<str>>,
    regions: BTreeSet<Arc<str>>,
    /// Sections that were read of any pool.
    sections: BTreeSet<Section>,
    /// When the values were read, by the texts that they are from. `None` without a text.
    read: Option<ReadWindow>,
    pub unread: Vec<Unread>,
    /// The Regions whose pools were listed to the end.
    listed: BTreeSet<ListedRegion>,
    /// Sections that were asked for and not read.
    pub missed: BTreeMap<Section, Missed>,
    pub notes: Vec<Note>,
    pub interrupted: Option<Interrupt>,
}

/// A section that was not read of some pools.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missed {
    /// The title of the first of them, and why.
    pub first: (String, Arc<str>),
    pub pools: usize,
}

/// The line of a pool, and what the snapshot says of it elsewhere.
struct Line {
    text: String,
    identity: Identity,
    held: Vec<Section>,
    unread: Vec<(Section, Arc<str>)>,
}

impl Snapshot {
    /// Reads pools. What there is no room for in memory goes to temporary files.
    pub fn read(
        deliveries: impl Iterator<Item = Delivery> + Send,
        make: MakeScratch,
    ) -> io::Result<Snapshot> {
        let whole = Mutex::new(Snapshot::new(make));
        deliveries.par_bridge().try_for_each(|delivery| match delivery {
            Delivery::Chunk(chunk) => add_chunk(&whole, &chunk),
            other => {
                whole.lock().unwrap_or_else(PoisonError::into_inner).add(other);
                Ok(())
            }
        })?;
        Ok(whole.into_inner().unwrap_or_else(PoisonError::into_inner))
    }

    fn new(make: MakeScratch) -> Snapshot {
        Snapshot {
            runs: Runs::new(make),
            accounts: BTreeSet::new(),
            regions: BTreeSet::new(),
            sections: BTreeSet::new(),
            read: None,
            unread: Vec::new(),
            listed: BTreeSet::new(),
            missed: BTreeMap::new(),
            notes: Vec::new(),
            interrupted: None,
        }
    }

    /// Adds a delivery that has no pools.
    fn add(&mut self, delivery: Delivery) {
        match delivery {
            Delivery::Unread(unread) => self.unread.push(unread),
            Delivery::Note(note) => self.notes.push(note),
            Delivery::Interrupted(interrupt) => self.interrupted = Some(interrupt),
            Delivery::ListedWhole(region) => self.listed.extend([region]),
            // Keys are listed where there are shards, and a snapshot is of everything.
            Delivery::Listed(_) | Delivery::Chunk(_) => {}
        }
    }

    fn add_line(&mut self, Line { text, identity, held, unread }: Line) -> io::Result<()> {
        for (section, why) in &unread {
            let first = (identity.title(), Arc::clone(why));
            let missed = self.missed.entry(*section).or_insert(Missed { first: first.clone(), pools: 0 });
            missed.pools += 1;
            missed.first = first.min(missed.first.clone());
        }
        self.sections.extend(&held);
        self.accounts.extend(identity.account.clone());
        self.regions.extend(identity.region.clone());
        let order = [&identity.account, &identity.region, &identity.id, &identity.name];
        self.runs.add(order.map(Option::as_deref), &text)
    }

    /// When the values were read, by earlier snapshots that they are from. Saved answers do not say it.
    pub fn read_window(&self) -> ReadWindow {
        self.read.unwrap_or_default()
    }

    /// How many pools there are.
    pub fn pools(&self) -> usize {
        self.runs.count
    }

    /// Whether no pool was read because nothing could be.
    pub fn is_unread(&self) -> bool {
        self.pools() == 0 && !self.unread.is_empty()
    }

    /// Writes the snapshot. `made` is in milliseconds since 1970, and `read` is when the values were read.
    pub fn write(mut self, made: i64, read: ReadWindow, out: &mut dyn Write) -> io::Result<()> {
        self.unread.sort();
        self.notes.sort();
        let mut listed = BTreeMap::<String, Vec<String>>::new();
        for ListedRegion { account, region } in self.listed {
            listed.entry(account).or_default().push(region);
        }
        let texts = |set: BTreeSet<Arc<str>>| set.iter().map(ToString::to_string).collect();
        let mut header = HeaderShape {
            mark: "snapshot".to_owned(),
            version: VERSION,
            tool: env!("CARGO_PKG_VERSION").to_owned(),
            made: Value::Time(made).to_string(),
            read: Some(read.into()),
            accounts: texts(self.accounts),
            regions: texts(self.regions),
            sections: self.sections.iter().map(|section| section.member().to_owned()).collect(),
            pools: self.runs.count,
            sha256: String::new(),
            unread: self.unread.iter().map(Into::into).collect(),
            listed,
            notes: self.notes.iter().map(Into::into).collect(),
            header_sha256: None,
        };
        self.runs.write(out, |sum| {
            header.sha256 = sum.digits();
            header.header_sha256 = Some(header_sum(serde_json::to_value(&header)?));
            Ok(harmless(&serde_json::to_string(&header)?))
        })
    }
}

/// Adds the pools of a text. What a plan or a template declares is not there yet, or may be otherwise by now.
fn add_chunk(whole: &Mutex<Snapshot>, chunk: &Chunk) -> io::Result<()> {
    let read = super::read(chunk, &Projection::everything());
    if read.pools.iter().chain(&read.gone).any(ReadPool::is_declared) {
        let message = "this file declares pools, and a snapshot is of pools as they are".to_owned();
        let unread = Unread {
            help: Some("`drift` compares with the file itself".to_owned()),
            ..Unread::new(chunk.origin.name.to_string(), message)
        };
        whole.lock().unwrap_or_else(PoisonError::into_inner).unread.push(unread);
        return Ok(());
    }
    let (pools, unread, notes) = read.first();
    let lines: Vec<Line> = pools.into_iter().map(Line::of).collect();
    let mut whole = whole.lock().unwrap_or_else(PoisonError::into_inner);
    whole.read = Some(whole.read.map_or(chunk.read, |read| read.with(chunk.read)));
    whole.unread.extend(unread);
    whole.notes.extend(notes);
    lines.into_iter().try_for_each(|line| whole.add_line(line))
}

impl Line {
    fn of(pool: Pool) -> Line {
        let (text, identity) = (line(&pool), pool.identity());
        Line { text, identity, held: pool.held, unread: pool.unread }
    }
}
