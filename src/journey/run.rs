//! A run over many pools: chunks are read by several threads, and pools that are alike have their journeys worked out
//! once.

use std::sync::Arc;

use rayon::prelude::*;

use super::memory::Memory;
use super::trial::Trials;
use super::{Closings, Journeys, of_trials, projection};
use crate::finding::PoolRef;
use crate::pool::{Pool, Projection};
use crate::source::declared::Scenario;
use crate::source::{self, Chunk, Delivery, Interrupt, Note, Unread};

/// The journeys of every pool of a run.
#[derive(Debug, Default)]
pub struct JourneyRun {
    /// Sorted by pool.
    pub pools: Vec<(Arc<PoolRef>, Arc<Journeys>)>,
    pub unread: Vec<Unread>,
    pub notes: Vec<Note>,
    pub interrupted: Option<Interrupt>,
}

/// Answers the questions for every pool that the source delivers.
pub fn run(deliveries: impl Iterator<Item = Delivery> + Send) -> JourneyRun {
    run_with(deliveries, &projection(), |_, _| Closings::default())
}

/// The same, with what closes the journeys of each pool, by trials in its scenarios. It looks at the members of a
/// projection.
pub fn run_with(
    deliveries: impl Iterator<Item = Delivery> + Send,
    projection: &Projection,
    closings: impl Fn(&[Trials<'_>], &Journeys) -> Closings + Sync,
) -> JourneyRun {
    let memory = Memory::default();
    let parts = deliveries.par_bridge().map(|delivery| match delivery {
        Delivery::Unread(unread) => JourneyRun { unread: vec![unread], ..JourneyRun::default() },
        Delivery::Note(note) => JourneyRun { notes: vec![note], ..JourneyRun::default() },
        Delivery::Interrupted(interrupt) => {
            JourneyRun { interrupted: Some(interrupt), ..JourneyRun::default() }
        }
        Delivery::Listed(_) | Delivery::ListedWhole(_) => JourneyRun::default(),
        Delivery::Chunk(chunk) => of_chunk(&chunk, projection, &memory, &closings),
    });
    let mut run = parts.reduce(JourneyRun::default, JourneyRun::join);
    run.pools.sort_by(|a, b| a.0.cmp(&b.0));
    run.unread.sort();
    run.notes.sort();
    run
}

fn of_chunk(
    chunk: &Chunk,
    projection: &Projection,
    memory: &Memory,
    closings: &impl Fn(&[Trials<'_>], &Journeys) -> Closings,
) -> JourneyRun {
    let find = |scenarios: &[Scenario]| {
        let trials: Vec<Trials<'_>> = scenarios.iter().map(|scenario| Trials::of(&scenario.pool)).collect();
        let journeys = of_trials(scenarios, &trials)?;
        Some(Journeys { closings: closings(&trials, &journeys), ..journeys })
    };
    let read = source::read(chunk, projection);
    let pools = read.pools.iter().filter_map(|pool| {
        let scenarios = pool.scenarios();
        let first = &scenarios.first()?.pool;
        let journeys = match scenarios {
            [_] => memory.of(first, || find(scenarios)),
            _ => find(scenarios).map(Arc::new),
        }?;
        Some((Arc::new(reference(first)), journeys))
    });
    let pools = pools.collect();
    JourneyRun { pools, unread: read.unread, notes: read.notes, interrupted: None }
}

impl JourneyRun {
    fn join(mut self, mut other: JourneyRun) -> JourneyRun {
        self.pools.append(&mut other.pools);
        self.unread.append(&mut other.unread);
        self.notes.append(&mut other.notes);
        self.interrupted = self.interrupted.or(other.interrupted);
        self
    }
}

fn reference(pool: &Pool) -> PoolRef {
    let (identity, origin, offset) = (pool.identity(), pool.origin.clone(), pool.place.start);
    PoolRef { identity, origin, offset, ..PoolRef::default() }
}
