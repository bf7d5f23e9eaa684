//! A run over all Regions, and the signals that end it early.

use std::pin::{Pin, pin};
use std::sync::{Arc, OnceLock};
use std::task::Poll;
use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_config::{Region, SdkConfig};
use aws_sdk_cognitoidentityprovider::Client;
use tokio::sync::mpsc::Sender;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::access;
use super::call::{Lane, Outages};
use super::observe::Observer;
use super::pace::Pacers;
use super::region::{self, Tally};
use super::stop::{GRACE, Stop, Stopped};
use super::wanted::{Wanted, matched_nothing, needs_region, share};
use super::{PoolPattern, Request};
use crate::shard::Shard;
use crate::source::{Delivery, Interrupt, Unread};

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
    let (lanes, missed) = match lanes(request, &stopped).await {
        Ok(found) => found,
        Err(unread) => (Vec::new(), vec![*unread]),
    };
    for unread in missed {
        _ = out.send(Delivery::Unread(unread)).await;
    }
    let mut regions = JoinSet::new();
    let sections = Arc::new(request.sections.clone());
    for (lane, wanted) in lanes {
        let sections = Arc::clone(&sections);
        regions.spawn(region::read(lane, wanted, sections, request.shard, request.concurrency, out.clone()));
    }
    let mut tallies = Vec::new();
    while let Some(end) = regions.join_next().await {
        match end {
            Ok(tally) => tallies.push(tally),
            Err(crash) => _ = out.send(Delivery::Unread(crashed(&crash.to_string()))).await,
        }
    }
    // After a signal nobody knows what the rest would have matched.
    if *stopped.borrow() != Some(Stop::Signal) {
        for unread in in_vain(&request.pools, &tallies) {
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
    }
}

/// A lane to each Region, with what is wanted there, and what cannot be had at all.
async fn lanes(
    request: &Request,
    stopped: &Stopped,
) -> Result<(Vec<(Lane, Wanted)>, Vec<Unread>), Box<Unread>> {
    let profile = access::profile(request).await?;
    let given = given_regions(&request.regions);
    let default = if given.is_empty() && needs_region(&request.pools) {
        Some(access::default_region(&profile)?)
    } else {
        None
    };
    let (regions, missed) = share(&request.pools, &given, default.as_deref());
    let (regions, mut missed) =
        regions.into_iter().fold((Vec::new(), missed), |(mut good, mut missed), (region, wanted)| {
            match strange_region(&region) {
                None => good.push((region, wanted)),
                Some(unread) => missed.push(unread),
            }
            (good, missed)
        });
    let Some((home, _)) = regions.first() else {
        missed.sort();
        return Ok((Vec::new(), missed));
    };
    let (config, account) = access::open(request, &profile, home).await?;
    let quotas = request.quotas.shared_by(request.shard.map_or(1, Shard::count));
    let lane = |region: String| {
        let place = account.as_ref().map_or_else(|| region.clone(), |account| format!("{account}/{region}"));
        let counts = request.progress.begin(place);
        Lane {
            client: client(&config, &region, Observer::new(Arc::clone(&counts), request.secrets.clone())),
            counts,
            pacers: Pacers::new(quotas),
            outages: Outages::default(),
            account: account.clone().map_or_else(OnceLock::new, OnceLock::from),
            profile: profile.name.clone(),
            patience: request.operation_timeout,
            stopped: stopped.clone(),
            region,
        }
    };
    let lanes = regions.into_iter().map(|(region, wanted)| (lane(region), wanted));
    Ok((lanes.collect(), missed))
}

fn client(config: &SdkConfig, region: &str, observer: Observer) -> Client {
    let config = aws_sdk_cognitoidentityprovider::config::Builder::from(config)
        .region(Region::new(region.to_owned()))
        .interceptor(observer)
        .retry_config(RetryConfig::standard().with_max_attempts(1));
    Client::from_conf(config.build())
}

/// The Regions of `--region`, once each; an empty one counts as not given.
fn given_regions(regions: &[String]) -> Vec<String> {
    let mut given: Vec<String> = Vec::new();
    for region in regions.iter().map(|region| region.trim()) {
        if !region.is_empty() && !given.iter().any(|other| other == region) {
            given.push(region.to_owned());
        }
    }
    given
}

/// What is wrong with the spelling of a Region, which becomes part of a host's name.
fn strange_region(region: &str) -> Option<Unread> {
    let label = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    let fine = region.bytes().all(label) && !region.starts_with('-') && !region.ends_with('-');
    (!fine).then(|| Unread {
        target: region.to_owned(),
        operation: None,
        code: None,
        message: "this is no Region's name".to_owned(),
        help: Some("write it as in `us-east-1`".to_owned()),
        at: None,
    })
}

/// The filters that found nothing. Regions whose list failed have said so themselves.
fn in_vain(patterns: &[PoolPattern], tallies: &[Tally]) -> Vec<Unread> {
    let mut listed: Vec<&str> = tallies.iter().filter(|t| t.listed).map(|t| t.region.as_str()).collect();
    listed.sort_unstable();
    if listed.is_empty() {
        return Vec::new();
    }
    let filters = patterns.iter().filter(|pattern| pattern.named().is_none());
    filters
        .enumerate()
        .filter(|(i, _)| !tallies.iter().any(|tally| tally.matched.get(*i) == Some(&true)))
        .map(|(_, pattern)| matched_nothing(pattern, &listed))
        .collect()
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
