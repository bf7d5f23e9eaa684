//! Reads the pools of one Region: lists them, and reads the first ones while the list goes on.

use std::collections::{BTreeSet, HashSet};
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use tokio::sync::mpsc::Sender;
use tokio::task::JoinSet;

use super::advice;
use super::pool::{LivePool, OUTAGE, read_pool};
use crate::pool::{Origin, Section, Source, id_in_region};
use crate::shard::Shard;
use crate::source::aws::client::{
    CallFailure, CancelReason, FailureKind, RegionClient, cancelled_and_drained, until,
};
use crate::source::aws::select::{EmptyRegion, Filters, RequestedPool, Selection, absence};
use crate::source::{About, Chunk, Delivery, Note, Shape, Unread};

/// A limit beyond the largest quota of pools. It ends a list with ever new tokens.
const PAGES: usize = 1000;

/// The summary of a Region after it was read.
#[derive(Debug)]
pub(in crate::source::aws) struct RegionSummary {
    pub region: String,
    /// The account, as far as the request or an answer names it.
    pub account: Option<String>,
    /// Whether the list was read to its end.
    pub listed: bool,
    /// The filters on the list.
    pub filters: Filters,
    /// Whether each filter matched a pool.
    pub matched: Vec<bool>,
    /// The reason that there is nothing to read.
    pub absent: Option<EmptyRegion>,
}

/// A pool to read.
#[derive(Clone, Debug)]
struct PoolTarget {
    id: String,
    /// From the list. `None` for a pool that was requested by id.
    name: Option<String>,
    /// The account in the ARN by which it was requested.
    account: Option<String>,
}

impl RegionSummary {
    /// Whether every pool of the Region was in the list.
    pub(in crate::source::aws) fn is_whole(&self) -> bool {
        self.listed && self.filters.0.is_empty()
    }
}

struct RegionReader {
    client: Arc<RegionClient>,
    sections: Arc<BTreeSet<Section>>,
    shard: Option<Shard>,
    concurrency: usize,
    out: Sender<Delivery>,
    /// The ids of the selected pools.
    known: HashSet<String>,
    calls: JoinSet<(PoolTarget, Result<LivePool, CallFailure>)>,
    /// The number of known pools that were delivered or reported.
    told: usize,
    unanswered: usize,
    /// The account in the ARN of a pool that was read.
    account: Option<String>,
}

/// Reads the selected pools of a Region and sends them to `out`.
pub(in crate::source::aws) async fn read_region(
    client: RegionClient,
    wanted: Selection,
    sections: Arc<BTreeSet<Section>>,
    shard: Option<Shard>,
    concurrency: usize,
    out: Sender<Delivery>,
) -> RegionSummary {
    let filters = wanted.listed.clone().unwrap_or_default();
    let matched = vec![false; filters.0.len()];
    let mut tally = RegionSummary {
        region: client.region.clone(),
        account: client.account.clone(),
        listed: false,
        filters,
        matched,
        absent: None,
    };
    let mut reader = RegionReader {
        client: Arc::new(client),
        sections,
        shard,
        concurrency: concurrency.max(1),
        out,
        known: HashSet::new(),
        calls: JoinSet::new(),
        told: 0,
        unanswered: 0,
        account: None,
    };
    let listing = wanted.listed.is_some();
    let cancel = reader.client.cancel.clone();
    // `Break` means that nothing more can be read here, and that the reason was reported.
    let end = until(cancelled_and_drained(cancel), reader.read(wanted, &mut tally)).await;
    if end != Ok(ControlFlow::Break(())) {
        reader.report_rest(listing && !tally.listed).await;
    }
    reader.client.counts.done.store(true, Relaxed);
    tally.account = tally.account.or(reader.account);
    tally
}

impl RegionReader {
    async fn read(&mut self, wanted: Selection, tally: &mut RegionSummary) -> ControlFlow<()> {
        self.client.counts.listed_all.store(wanted.listed.is_none(), Relaxed);
        let named = self.own(wanted.named, |named| &named.id).await?;
        self.known.extend(named.iter().map(|named| named.id.clone()));
        for RequestedPool { id, account } in named {
            let name = None;
            self.ask(PoolTarget { id, name, account }).await?;
        }
        if let Some(filters) = wanted.listed {
            self.list(&filters, tally).await?;
        }
        while !self.calls.is_empty() {
            self.settle_one().await?;
        }
        ControlFlow::Continue(())
    }

    async fn list(&mut self, filters: &Filters, tally: &mut RegionSummary) -> ControlFlow<()> {
        let mut tokens = HashSet::new();
        let mut token: Option<String> = None;
        loop {
            let page = match self.client.list(token.as_deref()).await {
                Ok(page) => page,
                Err(failure) => {
                    tally.absent = absence(self.client.choice, &self.client.region, &failure);
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
            self.client.counts.listed_all.store(page.next.is_none(), Relaxed);
            for (id, name) in wanted {
                let (name, account) = (Some(name), None);
                self.ask(PoolTarget { id, name, account }).await?;
            }
            let Some(next) = page.next else {
                tally.listed = true;
                return ControlFlow::Continue(());
            };
            if PAGES <= tokens.len() || !tokens.insert(next.clone()) {
                return self.list_failed(&CallFailure::endless(tokens.len(), PAGES)).await;
            }
            token = Some(next);
        }
    }

    /// The pools of the shard. The keys of all pools are sent, so that `merge` can find pools that no shard has read.
    async fn own<T>(&self, mut pools: Vec<T>, id: impl Fn(&T) -> &String) -> ControlFlow<(), Vec<T>> {
        if let Some(shard) = self.shard {
            let region = self.client.region.clone();
            let key = |pool: &T| id_in_region(Some(&region), id(pool));
            self.send(Delivery::Listed(pools.iter().map(key).collect())).await?;
            pools.retain(|pool| shard.has(&key(pool)));
        }
        ControlFlow::Continue(pools)
    }

    /// Reports that the list broke off. The pools that it named so far are read.
    async fn list_failed(&mut self, failure: &CallFailure) -> ControlFlow<()> {
        match failure.kind {
            FailureKind::Cancelled => return ControlFlow::Continue(()),
            FailureKind::Credentials => return self.expired(failure, "ListUserPools").await,
            _ => {}
        }
        let unread = advice::unread(&self.client, self.client.title(), failure, "ListUserPools", None);
        self.send(Delivery::Unread(unread)).await?;
        ControlFlow::Continue(())
    }

    /// Starts reading a pool as soon as the concurrency allows it.
    async fn ask(&mut self, target: PoolTarget) -> ControlFlow<()> {
        self.client.counts.listed.store(self.known.len(), Relaxed);
        while self.concurrency <= self.calls.len() {
            self.settle_one().await?;
        }
        if !self.client.is_cancelled() {
            let (client, sections) = (Arc::clone(&self.client), Arc::clone(&self.sections));
            self.calls.spawn(async move {
                let answer = read_pool(&client, &sections, &target.id).await;
                (target, answer)
            });
        }
        ControlFlow::Continue(())
    }

    /// Waits for one pool and sends it on.
    async fn settle_one(&mut self) -> ControlFlow<()> {
        match self.calls.join_next().await {
            None => ControlFlow::Continue(()),
            Some(Ok((target, answer))) => {
                self.client.counts.finished.fetch_add(1, Relaxed);
                self.settle(&target, answer).await
            }
            Some(Err(crash)) => {
                let failure = CallFailure::new(FailureKind::Other, format!("the call crashed: {crash}"));
                let unread =
                    advice::unread(&self.client, self.client.title(), &failure, "DescribeUserPool", None);
                self.send(Delivery::Unread(unread)).await
            }
        }
    }

    async fn settle(
        &mut self,
        target: &PoolTarget,
        answer: Result<LivePool, CallFailure>,
    ) -> ControlFlow<()> {
        let failure = match answer {
            Ok(pool_read) => {
                self.unanswered = 0;
                let expired = pool_read.expired();
                self.report_pool(target, pool_read).await?;
                return match expired {
                    Some((operation, failure)) => self.expired(&failure, operation).await,
                    None => ControlFlow::Continue(()),
                };
            }
            Err(failure) => failure,
        };
        self.unanswered = if failure.outage() { self.unanswered + 1 } else { 0 };
        match failure.kind {
            FailureKind::Cancelled => return ControlFlow::Continue(()),
            FailureKind::NotFound if target.name.is_some() => {
                let message = "the pool was deleted after it had been listed".to_owned();
                let target = title(&self.client, target);
                return self.report(Delivery::Note(Note { target, message })).await;
            }
            FailureKind::Credentials => return self.expired(&failure, "DescribeUserPool").await,
            _ => {}
        }
        let unread = advice::unread(
            &self.client,
            title(&self.client, target),
            &failure,
            "DescribeUserPool",
            Some(&target.id),
        );
        self.report(Delivery::Unread(unread)).await?;
        if OUTAGE <= self.unanswered && self.told < self.known.len() {
            let outage =
                CallFailure::new(FailureKind::Other, format!("{OUTAGE} calls in a row were not answered"));
            let why = advice::unread(&self.client, self.client.title(), &outage, "DescribeUserPool", None);
            return self.give_up(why).await;
        }
        ControlFlow::Continue(())
    }

    /// Ends the Region: the credentials have expired.
    async fn expired(&mut self, failure: &CallFailure, operation: &'static str) -> ControlFlow<()> {
        self.give_up(advice::unread(&self.client, self.client.title(), failure, operation, None)).await
    }

    /// Ends the Region. Pools in flight that were answered are delivered, the others are counted.
    async fn give_up(&mut self, mut why: Unread) -> ControlFlow<()> {
        while let Some(end) = self.calls.join_next().await {
            if let Ok((target, Ok(pool_read))) = end {
                self.report_pool(&target, pool_read).await?;
            }
        }
        let left = self.known.len() - self.told;
        if 0 < left {
            why.message += &format!("; {} not read", pools_were(left));
        }
        self.send(Delivery::Unread(why)).await?;
        ControlFlow::Break(())
    }

    /// Reports unread pools after the time limit. After a signal, the whole run is reported as partial.
    async fn report_rest(&self, more_to_list: bool) {
        let cancelled = *self.client.cancel.borrow();
        let Some(over @ CancelReason::TimeLimit(_)) = cancelled else { return };
        let left = self.known.len() - self.told;
        let left = (0 < left).then(|| format!("{} not read", pools_were(left)));
        let list = more_to_list.then(|| "the list of pools was not read to its end".to_owned());
        let said: Vec<String> = left.into_iter().chain(list).collect();
        if !said.is_empty() {
            let about = About {
                account: self.client.account.clone(),
                region: Some(self.client.region.clone()),
                ..About::default()
            };
            let unread = Unread { about, ..over.unread(self.client.title(), &said.join(", and ")) };
            _ = self.send(Delivery::Unread(unread)).await;
        }
    }

    /// Sends a pool and the notes about it.
    async fn report_pool(&mut self, target: &PoolTarget, pool: LivePool) -> ControlFlow<()> {
        self.account = self.account.take().or_else(|| pool.account.clone());
        for message in &pool.gone {
            let (target, message) = (title(&self.client, target), message.clone());
            self.send(Delivery::Note(Note { target, message })).await?;
        }
        let delivery = self.deliver(target, pool);
        self.report(delivery).await
    }

    /// A pool as a delivery, or a failure if it belongs to another account than the ARN of the request.
    fn deliver(&self, target: &PoolTarget, pool: LivePool) -> Delivery {
        if let (Some(asked), Some(told)) = (&target.account, &pool.account)
            && asked != told
        {
            return Delivery::Unread(Unread {
                operation: Some("DescribeUserPool".to_owned()),
                help: Some(format!("use credentials of account {asked}")),
                about: About {
                    account: Some(asked.clone()),
                    region: Some(self.client.region.clone()),
                    pool: Some(target.id.clone()),
                    section: Some(Section::UserPool),
                },
                ..Unread::new(
                    title(&self.client, target),
                    format!("the ARN names account {asked}, and the credentials read account {told}"),
                )
            });
        }
        let missed = pool.missed.iter();
        let missed = missed.map(|(section, missed)| {
            (*section, advice::reason(&self.client, missed, &target.id, pool.account.as_deref()))
        });
        let not_read = |section: Section| format!("this version does not read {}", section.member());
        let unreadable = pool.unreadable.iter().map(|section| (*section, not_read(*section)));
        Delivery::Chunk(Chunk {
            origin: Origin { source: Source::Live, name: self.client.region.as_str().into() },
            unread: missed.chain(unreadable).map(|(section, why)| (section, why.into())).collect(),
            held: pool.held,
            bytes: pool.body.into_bytes(),
            first_line: 1,
            shape: Shape::Document,
            ..Chunk::default()
        })
    }

    /// Sends a delivery about a known pool.
    async fn report(&mut self, delivery: Delivery) -> ControlFlow<()> {
        self.send(delivery).await?;
        self.told += 1;
        ControlFlow::Continue(())
    }

    /// Breaks if the receiver was dropped.
    async fn send(&self, delivery: Delivery) -> ControlFlow<()> {
        match self.out.send(delivery).await {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    }
}

/// The name of a pool in messages, before its document is read.
fn title(client: &RegionClient, target: &PoolTarget) -> String {
    let place = if client.many_accounts { format!(" in {}", client.title()) } else { String::new() };
    match target.name.as_deref() {
        Some(name) if !name.is_empty() => format!("{name} ({}){place}", target.id),
        _ => format!("{}{place}", target.id),
    }
}

/// The subject of a sentence about a number of known pools.
fn pools_were(pools: usize) -> String {
    match pools {
        1 => "1 known pool was".to_owned(),
        _ => format!("{pools} known pools were"),
    }
}
