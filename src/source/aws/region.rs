//! Reads the pools of one Region: lists them, and asks for each while the list goes on.

mod tell;

use std::collections::{BTreeSet, HashSet};
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use tokio::sync::mpsc::Sender;
use tokio::task::JoinSet;

use super::call::Lane;
use super::failure::{Failure, Kind};
use super::regions::{Absence, absence};
use super::stop::{stop_and_grace, unless};
use super::wanted::{Filters, Named, Wanted};
use super::whole::{self, OUTAGE, Whole};
use crate::pool::{Section, id_in_region};
use crate::shard::Shard;
use crate::source::{Delivery, Note, Unread};
use tell::{title, were};

/// More pages than the largest quota of pools fills. Tokens that are ever new must not keep a run going.
const PAGES: usize = 1000;

/// What became of a Region.
#[derive(Debug)]
pub(super) struct Tally {
    pub region: String,
    /// Whether the list was read to its end.
    pub listed: bool,
    /// What the list was looked through for.
    pub filters: Filters,
    /// Which filters found something.
    pub matched: Vec<bool>,
    /// Why there is nothing to be read here.
    pub absent: Option<Absence>,
}

/// A pool to ask for.
#[derive(Clone, Debug)]
struct Target {
    id: String,
    /// From the list; a pool that was asked for by id has none yet.
    name: Option<String>,
    /// The account that an ARN names.
    account: Option<String>,
}

struct Reader {
    lane: Arc<Lane>,
    sections: Arc<BTreeSet<Section>>,
    shard: Option<Shard>,
    concurrency: usize,
    out: Sender<Delivery>,
    /// Ids of the pools that are wanted.
    known: HashSet<String>,
    calls: JoinSet<(Target, Result<Whole, Failure>)>,
    /// How many of the known pools something was said of.
    told: usize,
    unanswered: usize,
}

/// Reads what is wanted of a Region and sends it on.
pub(super) async fn read(
    lane: Lane,
    wanted: Wanted,
    sections: Arc<BTreeSet<Section>>,
    shard: Option<Shard>,
    concurrency: usize,
    out: Sender<Delivery>,
) -> Tally {
    let filters = wanted.listed.clone().unwrap_or_default();
    let matched = vec![false; filters.0.len()];
    let mut tally = Tally { region: lane.region.clone(), listed: false, filters, matched, absent: None };
    let mut reader = Reader {
        lane: Arc::new(lane),
        sections,
        shard,
        concurrency: concurrency.max(1),
        out,
        known: HashSet::new(),
        calls: JoinSet::new(),
        told: 0,
        unanswered: 0,
    };
    let listing = wanted.listed.is_some();
    let stopped = reader.lane.stopped.clone();
    // Break means that nothing more can be had here, and that it was said why.
    let end = unless(stop_and_grace(stopped), reader.read(wanted, &mut tally)).await;
    if end != Ok(ControlFlow::Break(())) {
        reader.tell_what_is_left(listing && !tally.listed).await;
    }
    reader.lane.counts.over.store(true, Relaxed);
    tally
}

impl Reader {
    async fn read(&mut self, wanted: Wanted, tally: &mut Tally) -> ControlFlow<()> {
        self.lane.counts.whole.store(wanted.listed.is_none(), Relaxed);
        let named = self.own(wanted.named, |named| &named.id).await?;
        self.known.extend(named.iter().map(|named| named.id.clone()));
        for Named { id, account } in named {
            let name = None;
            self.ask(Target { id, name, account }).await?;
        }
        if let Some(filters) = wanted.listed {
            self.list(&filters, tally).await?;
        }
        while !self.calls.is_empty() {
            self.settle_one().await?;
        }
        ControlFlow::Continue(())
    }

    async fn list(&mut self, filters: &Filters, tally: &mut Tally) -> ControlFlow<()> {
        let mut tokens = HashSet::new();
        let mut token: Option<String> = None;
        loop {
            let page = match self.lane.list(token.as_deref()).await {
                Ok(page) => page,
                Err(failure) => {
                    tally.absent = absence(self.lane.chosen, &self.lane.region, &failure);
                    return match tally.absent {
                        Some(_) => ControlFlow::Break(()),
                        None => self.list_failed(&failure).await,
                    };
                }
            };
            let mut wanted = page.pools;
            wanted.retain(|(id, name)| filters.want(id, name, &mut tally.matched));
            let mut wanted = self.own(wanted, |(id, _)| id).await?;
            wanted.retain(|(id, _)| self.known.insert(id.clone()));
            self.lane.counts.whole.store(page.next.is_none(), Relaxed);
            for (id, name) in wanted {
                let (name, account) = (Some(name), None);
                self.ask(Target { id, name, account }).await?;
            }
            let Some(next) = page.next else {
                tally.listed = true;
                return ControlFlow::Continue(());
            };
            if PAGES <= tokens.len() || !tokens.insert(next.clone()) {
                let said = "the service repeated a page token, so the list of pools has no end";
                return self.list_failed(&Failure::new(Kind::Other, said)).await;
            }
            token = Some(next);
        }
    }

    /// Those of the shard. All are told, so that what no shard has read can be found.
    async fn own<T>(&self, mut pools: Vec<T>, id: impl Fn(&T) -> &String) -> ControlFlow<(), Vec<T>> {
        if let Some(shard) = self.shard {
            let region = self.lane.region.clone();
            let key = |pool: &T| id_in_region(Some(&region), id(pool));
            self.send(Delivery::Listed(pools.iter().map(key).collect())).await?;
            pools.retain(|pool| shard.has(&key(pool)));
        }
        ControlFlow::Continue(pools)
    }

    /// The list broke off; pools that it named so far are read all the same.
    async fn list_failed(&mut self, failure: &Failure) -> ControlFlow<()> {
        match failure.kind {
            Kind::Stopped => return ControlFlow::Continue(()),
            Kind::Credentials => return self.expired(failure, "ListUserPools").await,
            _ => {}
        }
        let unread = self.lane.unread(self.lane.title(), failure, "ListUserPools", None);
        self.send(Delivery::Unread(unread)).await?;
        ControlFlow::Continue(())
    }

    /// Starts to ask for a pool, as soon as there is room.
    async fn ask(&mut self, target: Target) -> ControlFlow<()> {
        self.lane.counts.listed.store(self.known.len(), Relaxed);
        while self.concurrency <= self.calls.len() {
            self.settle_one().await?;
        }
        if !self.lane.is_stopped() {
            let (lane, sections) = (Arc::clone(&self.lane), Arc::clone(&self.sections));
            self.calls.spawn(async move {
                let answer = whole::read(&lane, &sections, &target.id).await;
                (target, answer)
            });
        }
        ControlFlow::Continue(())
    }

    /// Waits for one answer and sends it on.
    async fn settle_one(&mut self) -> ControlFlow<()> {
        match self.calls.join_next().await {
            None => ControlFlow::Continue(()),
            Some(Ok((target, answer))) => {
                self.lane.counts.settled.fetch_add(1, Relaxed);
                self.settle(&target, answer).await
            }
            Some(Err(crash)) => {
                let failure = Failure::new(Kind::Other, format!("the call crashed: {crash}"));
                let unread = self.lane.unread(self.lane.title(), &failure, "DescribeUserPool", None);
                self.send(Delivery::Unread(unread)).await
            }
        }
    }

    async fn settle(&mut self, target: &Target, answer: Result<Whole, Failure>) -> ControlFlow<()> {
        let failure = match answer {
            Ok(whole) => {
                self.unanswered = 0;
                let expired = whole.expired();
                self.tell_whole(target, whole).await?;
                return match expired {
                    Some((operation, failure)) => self.expired(&failure, operation).await,
                    None => ControlFlow::Continue(()),
                };
            }
            Err(failure) => failure,
        };
        self.unanswered = if failure.outage() { self.unanswered + 1 } else { 0 };
        match failure.kind {
            Kind::Stopped => return ControlFlow::Continue(()),
            Kind::NotFound if target.name.is_some() => {
                let message = "the pool was deleted after it had been listed".to_owned();
                let target = title(&self.lane, target);
                return self.tell(Delivery::Note(Note { target, message })).await;
            }
            Kind::Credentials => return self.expired(&failure, "DescribeUserPool").await,
            _ => {}
        }
        let unread =
            self.lane.unread(title(&self.lane, target), &failure, "DescribeUserPool", Some(&target.id));
        self.tell(Delivery::Unread(unread)).await?;
        if OUTAGE <= self.unanswered && self.told < self.known.len() {
            let outage = Failure::new(Kind::Other, format!("{OUTAGE} calls in a row were not answered"));
            let why = self.lane.unread(self.lane.title(), &outage, "DescribeUserPool", None);
            return self.give_up(why).await;
        }
        ControlFlow::Continue(())
    }

    /// The credentials ran out, so nothing more can be had.
    async fn expired(&mut self, failure: &Failure, operation: &'static str) -> ControlFlow<()> {
        self.give_up(self.lane.unread(self.lane.title(), failure, operation, None)).await
    }

    /// Asks for nothing more. What was under way may have been answered before; the rest is counted.
    async fn give_up(&mut self, mut why: Unread) -> ControlFlow<()> {
        while let Some(end) = self.calls.join_next().await {
            if let Ok((target, Ok(whole))) = end {
                self.tell_whole(&target, whole).await?;
            }
        }
        let left = self.known.len() - self.told;
        if 0 < left {
            why.message += &format!("; {} not read", were(left));
        }
        self.send(Delivery::Unread(why)).await?;
        ControlFlow::Break(())
    }
}
