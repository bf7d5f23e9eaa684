//! How far a reading has come, and its calls one by one, for whoever shows that. Nothing is drawn here.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Counts that go on while pools are read; a copy shows the same.
#[derive(Clone, Debug, Default)]
pub struct Progress {
    lanes: Arc<Mutex<Vec<Arc<Counts>>>>,
    log: Option<fn(&Attempt<'_>)>,
}

/// One attempt of a call that has ended.
#[derive(Clone, Copy, Debug)]
pub struct Attempt<'a> {
    /// Account and Region, as far as known.
    pub place: &'a str,
    pub operation: &'a str,
    /// What it is about: ids of the pool and of what is inside it. Never a secret.
    pub target: &'a str,
    /// From 1.
    pub number: u32,
    pub took: Duration,
    /// `200`, `400 AccessDeniedException`, or what became of the call in place of an answer.
    pub outcome: &'a str,
    /// The service's id of the request.
    pub request_id: Option<&'a str>,
}

/// How far one account and Region is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Account and Region, as far as known.
    pub place: String,
    /// Pools that are to be read, as far as they are listed.
    pub listed: usize,
    /// Pools that were read, or given up.
    pub settled: usize,
    /// Attempts of calls.
    pub requests: usize,
    /// How many of them were throttled.
    pub throttled: usize,
    /// The list was read to its end.
    pub whole: bool,
    /// Nothing more is done here.
    pub over: bool,
}

/// The counts of one account and Region.
#[derive(Debug, Default)]
pub(super) struct Counts {
    place: String,
    pub listed: AtomicUsize,
    pub settled: AtomicUsize,
    pub requests: AtomicUsize,
    pub throttled: AtomicUsize,
    pub whole: AtomicBool,
    pub over: AtomicBool,
    log: Option<fn(&Attempt<'_>)>,
}

impl Progress {
    /// `log` is told of every attempt of a call when it has ended.
    pub fn new(log: Option<fn(&Attempt<'_>)>) -> Progress {
        Progress { lanes: Arc::default(), log }
    }

    /// How far each account and Region is, in the order in which they were begun.
    pub fn standings(&self) -> Vec<Standing> {
        let lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        lanes.iter().map(|lane| lane.standing()).collect()
    }

    /// Counts for another account and Region.
    pub(super) fn begin(&self, place: String) -> Arc<Counts> {
        let counts = Arc::new(Counts { place, log: self.log, ..Counts::default() });
        self.lanes.lock().unwrap_or_else(PoisonError::into_inner).push(Arc::clone(&counts));
        counts
    }
}

impl Counts {
    fn standing(&self) -> Standing {
        Standing {
            place: self.place.clone(),
            listed: self.listed.load(Relaxed),
            settled: self.settled.load(Relaxed),
            requests: self.requests.load(Relaxed),
            throttled: self.throttled.load(Relaxed),
            whole: self.whole.load(Relaxed),
            over: self.over.load(Relaxed),
        }
    }

    pub(super) fn tell(&self, attempt: Attempt<'_>) {
        if let Some(log) = self.log {
            log(&Attempt { place: &self.place, ..attempt });
        }
    }
}
