//! Snapshots that are named by `--since`: the findings of the pools as they were, and who changed them since.

#![expect(clippy::disallowed_methods, reason = "files are recognized here")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::args::{CheckArgs, LiveArgs};
use super::load::Loaded;
use super::{Failure, inputs, look_up, trail};
use crate::drift::{
    Drift, Lines, PoolDrift, Rules, Side, attribute, drift, keep_traceable, refused, trace, whole,
};
use crate::evaluate::{Detail, Evaluation, Options, evaluate};
use crate::pool::{Pool, Projection, ReadWindow};
use crate::report::drift::journeys_that_turned;
use crate::rule::Policy;
use crate::source::input::LeftOut;
use crate::source::{self, Delivery, Note, snapshot};
use crate::trail::Trail;
use crate::triage::history::PreviousReport;

/// Whether a file begins as a snapshot does.
pub(super) fn is_snapshot(file: &Path) -> bool {
    let mut start = Vec::new();
    let read = File::open(file).and_then(|file| file.take(64).read_to_end(&mut start));
    read.is_ok() && snapshot::begins(&start)
}

/// The findings of a snapshot by the rules of this run, at the time at which it was made.
pub(super) fn judged(file: &Path, policy: &Policy) -> Result<PreviousReport, Failure> {
    let mut deliveries = open(std::slice::from_ref(&file.to_owned()))?;
    let mut begun = Vec::new();
    let time = loop {
        match deliveries.next() {
            Some(delivery) => {
                let time = delivery.chunk().map(|chunk| chunk.taken);
                begun.push(delivery);
                if let Some(time) = time {
                    break time;
                }
            }
            None => break None,
        }
    };
    let shown = file.display();
    let Some(time) = time else {
        let help = "name a snapshot with pools, as `cognito-lint snapshot` writes it";
        let message = format!("{shown} holds no pool with the time at which it was read");
        return Err(Failure::Other(miette::miette!(help = help, "{message}")));
    };
    let options =
        Options { now: time, full_coverage: false, evidence: false, detail: Detail::Places, shard: None };
    let evaluation = evaluate(policy, begun.into_iter().chain(deliveries), options);
    // A failure of the run that wrote it is not a fault of the file.
    if let Some(broken) = evaluation.unread.iter().find(|unread| unread.target == shown.to_string()) {
        let help = broken.help.clone().unwrap_or_default();
        return Err(Failure::Other(miette::miette!(help = help, "{shown}: {}", broken.message)));
    }
    Ok(PreviousReport { time, evaluation, policy: policy.clone() })
}

fn open(files: &[PathBuf]) -> Result<Box<dyn Iterator<Item = Delivery> + Send>, Failure> {
    inputs::pools_of_files(files, &LiveArgs::default(), BTreeMap::new(), LeftOut::default())
}

/// The pools of snapshots beside those of the run, for what the changes between them do.
pub(super) struct Since {
    recorded: Side,
    /// The pools as the snapshots have them.
    lines: Lines,
    /// The calls of files, if somebody asks who made changes.
    trail: Option<Trail>,
    who: bool,
    /// When the run began, in milliseconds since 1970. Pools that are live are read after it.
    started: i64,
    current: Mutex<Current>,
}

/// The pools of the run that are not as they were.
#[derive(Default)]
struct Current {
    changed: Vec<Pool>,
    /// The keys of those that are.
    same: BTreeSet<String>,
}

impl Since {
    /// Reads the snapshots, and the records of files. `None` without a snapshot.
    pub(super) fn wanted(args: &CheckArgs, snapshots: &[PathBuf]) -> Result<Option<Since>, Failure> {
        let option = match (args.callers.who, args.callers.trails.is_empty()) {
            (false, true) => None,
            (true, _) => Some("--who"),
            (false, false) => Some("--trail"),
        };
        if snapshots.is_empty() {
            let Some(option) = option else { return Ok(None) };
            let help = "record the pools with `cognito-lint snapshot -o pools.ndjson`, and name them: `--since \
                        pools.ndjson`; `drift` compares all values";
            let message = format!(
                "`{option}` compares values, and needs a snapshot to compare with: an earlier report has findings, but \
                 not the values that passed"
            );
            return Err(Failure::Other(miette::miette!(help = help, "{message}")));
        }
        let trail = trail::read(&args.callers.trails, &args.inputs)?;
        let recorded = newest(whole(open(snapshots)?));
        let lines = Lines::of(&recorded.pools);
        let (who, started) = (option.is_some(), super::now());
        Ok(Some(Since { recorded, lines, trail, who, started, current: Mutex::default() }))
    }

    /// Keeps the pools of deliveries that are about to be judged, unless they are as they were.
    pub(super) fn keep<'s>(
        &'s self,
        deliveries: impl Iterator<Item = Delivery> + Send + 's,
    ) -> impl Iterator<Item = Delivery> + Send + 's {
        let everything = Projection::everything();
        deliveries.inspect(move |delivery| {
            let Some(chunk) = delivery.chunk() else { return };
            let (pools, ..) = source::read(chunk, &everything).first();
            let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
            for pool in pools {
                match self.lines.has(&pool) {
                    true => current.same.extend(pool.identity().id_in_region()),
                    false => current.changed.push(pool),
                }
            }
        })
    }

    /// Says what the changes open to strangers, and of the findings who made the changes that they come from.
    pub(super) fn trace(
        self,
        args: &CheckArgs,
        loaded: &Loaded,
        now: i64,
        evaluation: &mut Evaluation,
    ) -> Result<(), Failure> {
        let window = match args.inputs.is_empty() {
            true => ReadWindow::between(self.started, super::now()),
            false => ReadWindow::default(),
        };
        let policy = &loaded.policy;
        let Current { changed, same } = self.current.into_inner().unwrap_or_else(PoisonError::into_inner);
        let mut recorded = self.recorded;
        recorded.pools.retain(|pool| pool.identity().id_in_region().is_none_or(|id| !same.contains(&id)));
        let current = Side { pools: changed, ..Side::default() };
        let mut drift = drift(Rules { policy, others: &[] }, &recorded, &current, &[], now);
        evaluation.notes.extend(turned(&drift));
        if self.who {
            keep_traceable(&mut drift, &evaluation.findings);
            let mut trail = self.trail.unwrap_or_default();
            if args.callers.who && args.inputs.is_empty() {
                let config = loaded.config.as_ref();
                let (found, interrupt) = look_up::look_up(&args.live, config, &drift, super::now())?;
                trail.join([found]);
                evaluation.interrupted = evaluation.interrupted.or(interrupt);
            }
            attribute(&mut drift, &trail, window);
            trace(&mut evaluation.findings, &drift, &trail);
            evaluation.notes.extend(trail::untimed(&trail));
            let refusals = |pool| notes_on(pool, refused(pool, &trail));
            evaluation.notes.extend(drift.pools.iter().flat_map(refusals));
        }
        evaluation.notes.sort();
        Ok(())
    }
}

/// The answers about who can get a token that the changes of each pool turn.
fn turned(drift: &Drift) -> Vec<Note> {
    drift.pools.iter().flat_map(|pool| notes_on(pool, journeys_that_turned(pool))).collect()
}

fn notes_on(pool: &PoolDrift, messages: Vec<String>) -> Vec<Note> {
    let Some(own) = pool.pool() else { return Vec::new() };
    messages.into_iter().map(|message| Note { target: own.identity.title(), message }).collect()
}

/// Leaves out pools that a newer snapshot has too.
fn newest(mut side: Side) -> Side {
    let mut newest: BTreeMap<String, Option<i64>> = BTreeMap::new();
    for pool in &side.pools {
        if let Some(id) = pool.identity().id_in_region() {
            let taken = newest.entry(id).or_insert(pool.taken);
            *taken = pool.taken.max(*taken);
        }
    }
    side.pools.retain(|pool| {
        let id = pool.identity().id_in_region();
        id.and_then(|id| newest.get(&id)).is_none_or(|taken| *taken == pool.taken)
    });
    side
}
