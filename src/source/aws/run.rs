//! A run over all accounts and Regions.

mod summary;
mod fan_out;

use std::collections::BTreeSet;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use tokio::sync::mpsc::Sender;
use tokio::sync::watch;
use tokio::time::timeout;

use super::accounts::{ResolvedAccounts, resolve_accounts};
use super::client::{CancelReason, CancelSignal, DRAIN_TIMEOUT};
use super::pools::RegionSummary;
use super::select::matched_nothing;
use super::signals::Signals;
use crate::pool::PoolPattern;
use crate::source::live::Request;
use crate::source::live::misspelled;
use crate::source::{Delivery, Interrupt, Unread};
use fan_out::fan_out;

/// The time that Regions have to report their unread pools after the time limit of the run.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// An event that ends the wait for the work.
enum Event {
    Done,
    Signal(Interrupt),
    /// The receiver was dropped.
    Deserted,
}

/// Reads everything that the request names and sends it to `out`.
pub(super) async fn run(request: Request, out: Sender<Delivery>) {
    let mut signals = Signals::listen();
    let (cancelled, cancel) = watch::channel(None);
    let mut work = pin!(work(&request, out.clone(), cancel));
    let in_time = next_event(work.as_mut(), &mut signals, &out);
    let mut event = match request.time_limit {
        None => Ok(in_time.await),
        Some(limit) => timeout(limit, in_time).await.map_err(|_| CancelReason::TimeLimit(limit)),
    };
    if let Err(over) = event {
        cancelled.send_replace(Some(over));
        let wait = DRAIN_TIMEOUT + LAST_WORDS;
        event = timeout(wait, next_event(work.as_mut(), &mut signals, &out)).await.map_err(|_| over);
    }
    match event {
        Ok(Event::Done | Event::Deserted) => {}
        Ok(Event::Signal(interrupt)) => {
            cancelled.send_replace(Some(CancelReason::Signal));
            // A second signal or the drain timeout ends the calls in flight.
            _ = timeout(DRAIN_TIMEOUT, next_event(work, &mut signals, &out)).await;
            _ = out.send(Delivery::Interrupted(interrupt)).await;
        }
        Err(over) => {
            // The credentials did not arrive, or the Regions did not report in time.
            let unread = over.unread("live AWS".to_owned(), "not all was read");
            _ = out.send(Delivery::Unread(unread)).await;
        }
    }
}

async fn next_event(
    mut work: Pin<&mut impl Future<Output = ()>>,
    signals: &mut Signals,
    out: &Sender<Delivery>,
) -> Event {
    let mut deserted = pin!(out.closed());
    std::future::poll_fn(|context| {
        if let Poll::Ready(interrupt) = signals.poll(context) {
            Poll::Ready(Event::Signal(interrupt))
        } else if deserted.as_mut().poll(context).is_ready() {
            Poll::Ready(Event::Deserted)
        } else {
            work.as_mut().poll(context).map(|()| Event::Done)
        }
    })
    .await
}

async fn work(request: &Request, out: Sender<Delivery>, cancel: CancelSignal) {
    let (regions, missed) = spelled(&request.regions);
    for unread in &missed {
        _ = out.send(Delivery::Unread(unread.clone())).await;
    }
    if regions.is_empty() && !missed.is_empty() {
        return;
    }
    let request = Arc::new(Request { regions, ..request.clone() });
    let ResolvedAccounts { members, missed, notes, .. } = resolve_accounts(&request).await;
    for unread in missed {
        _ = out.send(Delivery::Unread(unread)).await;
    }
    for note in notes {
        _ = out.send(Delivery::Note(note)).await;
    }
    let read = fan_out(Arc::clone(&request), members, &out, &cancel).await;
    for note in read.notes() {
        _ = out.send(Delivery::Note(note)).await;
    }
    let cancelled = *cancel.borrow();
    if let Some(left) = read.left(cancelled) {
        _ = out.send(Delivery::Unread(left)).await;
    }
    // After a signal, pools that were not listed might have matched.
    if cancelled != Some(CancelReason::Signal) {
        for unread in in_vain(&request.pools, &read.tallies) {
            _ = out.send(Delivery::Unread(unread)).await;
        }
    }
}

/// The Regions of `--region`, without repetitions, and an error for each that cannot be one. Empty texts are ignored.
fn spelled(regions: &[String]) -> (Vec<String>, Vec<Unread>) {
    let (mut good, mut missed): (Vec<String>, Vec<Unread>) = (Vec::new(), Vec::new());
    for region in regions.iter().map(|region| region.trim()).filter(|region| !region.is_empty()) {
        match misspelled(region) {
            Some(unread) => missed.push(unread),
            None if good.iter().any(|other| other == region) => {}
            None => good.push(region.to_owned()),
        }
    }
    missed.sort();
    missed.dedup();
    (good, missed)
}

/// The patterns that matched nothing in the Regions that were listed to the end.
fn in_vain(patterns: &[PoolPattern], tallies: &[RegionSummary]) -> Vec<Unread> {
    let looked = |pattern: &PoolPattern| {
        let (mut regions, mut found) = (BTreeSet::new(), false);
        for tally in tallies {
            let place = tally.filters.0.iter().position(|filter| filter == pattern);
            found |= place.is_some_and(|i| tally.matched.get(i) == Some(&true));
            if place.is_some() && tally.listed {
                regions.insert(tally.region.as_str());
            }
        }
        (!found && !regions.is_empty()).then(|| matched_nothing(pattern, &Vec::from_iter(regions)))
    };
    patterns.iter().filter_map(looked).collect()
}
