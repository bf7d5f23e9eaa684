//! A run over all accounts and Regions, and the signals that end it early.

use std::collections::BTreeSet;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use tokio::sync::mpsc::Sender;
use tokio::sync::watch;
use tokio::time::timeout;

use super::fan;
use super::region::Tally;
use super::regions::strange;
use super::roster::{Roster, roster};
use super::stop::{GRACE, Stop, Stopped};
use super::wanted::matched_nothing;
use super::{PoolPattern, Request};
use crate::source::{About, Delivery, Interrupt, Unread};

/// How long the Regions may take to say what they did not read, when the time for the run is over.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// What ends the wait for the work.
enum Event {
    Done,
    Signal(Interrupt),
    /// Nobody listens any more.
    Deserted,
}

/// Reads everything that is asked for and sends it to `out`.
pub(super) async fn run(request: Request, out: Sender<Delivery>) {
    let mut signals = Signals::listen();
    let (stop, stopped) = watch::channel(None);
    let mut work = pin!(work(&request, out.clone(), stopped));
    let in_time = next_event(work.as_mut(), &mut signals, &out);
    let mut event = match request.time_limit {
        None => Ok(in_time.await),
        Some(limit) => timeout(limit, in_time).await.map_err(|_| Stop::TimeLimit(limit)),
    };
    if let Err(over) = event {
        stop.send_replace(Some(over));
        let wait = GRACE + LAST_WORDS;
        event = timeout(wait, next_event(work.as_mut(), &mut signals, &out)).await.map_err(|_| over);
    }
    match event {
        Ok(Event::Done | Event::Deserted) => {}
        Ok(Event::Signal(interrupt)) => {
            stop.send_replace(Some(Stop::Signal));
            // A second signal, or calls that take too long: what is in flight is given up.
            _ = timeout(GRACE, next_event(work, &mut signals, &out)).await;
            _ = out.send(Delivery::Interrupted(interrupt)).await;
        }
        Err(over) => {
            // The credentials never came, or the Regions could not say it.
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

async fn work(request: &Request, out: Sender<Delivery>, stopped: Stopped) {
    let (regions, missed) = spelled(&request.regions);
    for unread in &missed {
        _ = out.send(Delivery::Unread(unread.clone())).await;
    }
    if regions.is_empty() && !missed.is_empty() {
        return;
    }
    let request = Arc::new(Request { regions, ..request.clone() });
    let Roster { members, missed, notes, .. } = roster(&request).await;
    for unread in missed {
        _ = out.send(Delivery::Unread(unread)).await;
    }
    for note in notes {
        _ = out.send(Delivery::Note(note)).await;
    }
    let read = fan::read(Arc::clone(&request), members, &out, &stopped).await;
    for note in read.notes() {
        _ = out.send(Delivery::Note(note)).await;
    }
    let stop = *stopped.borrow();
    if let Some(left) = read.left(stop) {
        _ = out.send(Delivery::Unread(left)).await;
    }
    // After a signal nobody knows what the rest would have matched.
    if stop != Some(Stop::Signal) {
        for unread in in_vain(&request.pools, &read.tallies) {
            _ = out.send(Delivery::Unread(unread)).await;
        }
    }
}

/// A fault of this program.
pub(super) fn crashed(how: &str) -> Unread {
    Unread {
        target: "live AWS".to_owned(),
        operation: None,
        code: None,
        message: format!("the reader crashed: {how}"),
        help: Some("this is a mistake in cognito-lint: please report it".to_owned()),
        at: None,
        about: About::default(),
    }
}

/// The Regions of `--region`, once each, and those that cannot be one. An empty one counts as not given.
fn spelled(regions: &[String]) -> (Vec<String>, Vec<Unread>) {
    let (mut good, mut missed): (Vec<String>, Vec<Unread>) = (Vec::new(), Vec::new());
    for region in regions.iter().map(|region| region.trim()).filter(|region| !region.is_empty()) {
        match strange(region) {
            Some(unread) => missed.push(unread),
            None if good.iter().any(|other| other == region) => {}
            None => good.push(region.to_owned()),
        }
    }
    missed.sort();
    missed.dedup();
    (good, missed)
}

/// The filters that found nothing. Regions whose list failed have said so themselves.
fn in_vain(patterns: &[PoolPattern], tallies: &[Tally]) -> Vec<Unread> {
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

/// SIGINT and SIGTERM. From here on they no longer end the process by themselves.
#[cfg(unix)]
struct Signals {
    int: Option<tokio::signal::unix::Signal>,
    term: Option<tokio::signal::unix::Signal>,
}

#[cfg(unix)]
impl Signals {
    fn listen() -> Signals {
        use tokio::signal::unix::{SignalKind, signal};
        // Where they cannot be listened for, they do what they always do.
        Signals { int: signal(SignalKind::interrupt()).ok(), term: signal(SignalKind::terminate()).ok() }
    }

    fn poll(&mut self, context: &mut std::task::Context<'_>) -> Poll<Interrupt> {
        let both = [(&mut self.int, Interrupt::Int), (&mut self.term, Interrupt::Term)];
        for (signal, interrupt) in both {
            if let Some(signal) = signal
                && let Poll::Ready(Some(())) = signal.poll_recv(context)
            {
                return Poll::Ready(interrupt);
            }
        }
        Poll::Pending
    }
}

#[cfg(not(unix))]
struct Signals(Pin<Box<dyn Future<Output = std::io::Result<()>> + Send>>);

#[cfg(not(unix))]
impl Signals {
    fn listen() -> Signals {
        Signals(Box::pin(tokio::signal::ctrl_c()))
    }

    fn poll(&mut self, context: &mut std::task::Context<'_>) -> Poll<Interrupt> {
        match self.0.as_mut().poll(context) {
            Poll::Ready(Ok(())) => {
                *self = Signals::listen();
                Poll::Ready(Interrupt::Int)
            }
            _ => Poll::Pending,
        }
    }
}
