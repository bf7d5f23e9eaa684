//! Progress of a live run: counts for each Region of an account, and a log of every attempt of a call.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Counts that are updated while pools are read. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct Progress {
    regions: Arc<Mutex<Vec<Arc<RegionCounts>>>>,
    log: Option<fn(&Attempt<'_>)>,
}

/// One finished attempt of a call.
#[derive(Clone, Copy, Debug)]
pub struct Attempt<'a> {
    /// Account and Region, as far as known.
    pub place: &'a str,
    pub operation: &'a str,
    /// The ids of the pool and of the element in it that the call reads. Never a secret.
    pub target: &'a str,
    /// From 1.
    pub number: u32,
    pub took: Duration,
    /// `200`, `400 AccessDeniedException`, or the reason that there was no answer.
    pub outcome: &'a str,
    /// The id that the service gave the request.
    pub request_id: Option<&'a str>,
}

/// Progress in one Region of one account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RegionProgress {
    /// Account and Region, as far as known.
    pub place: String,
    /// Selected pools that are listed so far.
    pub listed: usize,
    /// Pools that were read, or could not be.
    pub finished: usize,
    /// Attempts of calls.
    pub requests: usize,
    /// Attempts that were throttled.
    pub throttled: usize,
    /// The list of pools was read to its end.
    pub listed_all: bool,
    /// The Region is finished.
    pub done: bool,
}

/// The counts of one Region of one account.
#[derive(Debug, Default)]
pub(in crate::source) struct RegionCounts {
    place: String,
    pub listed: AtomicUsize,
    pub finished: AtomicUsize,
    pub requests: AtomicUsize,
    pub throttled: AtomicUsize,
    pub listed_all: AtomicBool,
    pub done: AtomicBool,
    log: Option<fn(&Attempt<'_>)>,
}

impl Progress {
    /// `log` is called after every attempt of a call.
    pub fn new(log: Option<fn(&Attempt<'_>)>) -> Progress {
        Progress { regions: Arc::default(), log }
    }

    /// The progress of each Region, in the order in which they were started.
    pub fn regions(&self) -> Vec<RegionProgress> {
        let regions = self.regions.lock().unwrap_or_else(PoisonError::into_inner);
        regions.iter().map(|region| region.progress()).collect()
    }

    /// Counts for another Region of an account.
    pub(in crate::source) fn start(&self, place: String) -> Arc<RegionCounts> {
        let counts = Arc::new(RegionCounts { place, log: self.log, ..RegionCounts::default() });
        self.regions.lock().unwrap_or_else(PoisonError::into_inner).push(Arc::clone(&counts));
        counts
    }
}

impl RegionCounts {
    fn progress(&self) -> RegionProgress {
        RegionProgress {
            place: self.place.clone(),
            listed: self.listed.load(Relaxed),
            finished: self.finished.load(Relaxed),
            requests: self.requests.load(Relaxed),
            throttled: self.throttled.load(Relaxed),
            listed_all: self.listed_all.load(Relaxed),
            done: self.done.load(Relaxed),
        }
    }

    /// Passes an attempt to the log.
    pub(in crate::source) fn log(&self, attempt: Attempt<'_>) {
        if let Some(log) = self.log {
            log(&Attempt { place: &self.place, ..attempt });
        }
    }
}
