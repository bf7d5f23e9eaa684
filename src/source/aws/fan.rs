//! Fans a run out over accounts and Regions, so many at a time.
//!
//! An account and Region is a lane: it has a client, pacers and retries of its own, so what happens in one of them
//! holds up no other. A lane is made when its turn comes and goes when it is read, so the memory of a run does not
//! grow with the number of accounts.

mod sum;

use std::sync::Arc;

use aws_config::retry::RetryConfig;
use aws_config::{Region, SdkConfig};
use aws_sdk_cognitoidentityprovider::Client;
use tokio::sync::Semaphore;
use tokio::sync::mpsc::Sender;
use tokio::task::{JoinError, JoinSet};

use super::Request;
use super::access::no_region;
use super::call::{Lane, Outages};
use super::failure::{Failure, Kind};
use super::mend::renew;
use super::observe::Observer;
use super::pace::Pacers;
use super::region;
use super::regions::{Chosen, known, strange, switched_on};
use super::role::{assume, not_assumed};
use super::roster::Member;
use super::run::crashed;
use super::stop::{Stopped, stop, unless};
use super::wanted::{Wanted, needs_region, share, share_among_accounts};
use crate::shard::Shard;
use crate::source::{About, Delivery, Unread};
pub(super) use sum::Read;

/// What all accounts of a run share.
struct Shared {
    request: Arc<Request>,
    out: Sender<Delivery>,
    stopped: Stopped,
    /// As many places as there may be lanes at a time.
    places: Arc<Semaphore>,
    several: bool,
}

/// An account with its credentials.
struct Open {
    member: Member,
    config: SdkConfig,
}

/// Reads every account. What could not be read goes to `out`.
pub(super) async fn read(
    request: Arc<Request>,
    members: Vec<Member>,
    out: &Sender<Delivery>,
    stopped: &Stopped,
) -> Read {
    let most = request.lanes.max(1);
    let places = Arc::new(Semaphore::new(most));
    let several = 1 < members.len();
    let shared = Arc::new(Shared { request, out: out.clone(), stopped: stopped.clone(), places, several });
    let (mut accounts, mut read) = (JoinSet::new(), Read::default());
    for member in members {
        if most <= accounts.len()
            && let Some(end) = accounts.join_next().await
        {
            shared.settle(end, |one| read.add(one)).await;
        }
        if stopped.borrow().is_none() {
            accounts.spawn(account(Arc::clone(&shared), member));
        } else {
            read.left.push(member.title());
        }
    }
    while let Some(end) = accounts.join_next().await {
        shared.settle(end, |one| read.add(one)).await;
    }
    read
}

/// Reads one account.
async fn account(shared: Arc<Shared>, member: Member) -> Read {
    let mut read = Read::default();
    let title = member.title();
    let opened = unless(stop(shared.stopped.clone()), async {
        let open = shared.open(member).await?;
        let regions = shared.regions(&open, &mut read).await;
        Some((open, regions))
    });
    let (open, regions) = match opened.await {
        Ok(Some(opened)) => opened,
        Ok(None) => return read,
        Err(_) => {
            read.left.push(title);
            return read;
        }
    };
    let mut lanes = JoinSet::new();
    for (region, chosen, wanted) in regions {
        let lane = shared.lane(&open, region, chosen);
        let place = unless(stop(shared.stopped.clone()), Arc::clone(&shared.places).acquire_owned()).await;
        // Beside the stop it fails only when the semaphore was closed, which it never is.
        let Ok(Ok(place)) = place else {
            read.left.push(lane.title());
            continue;
        };
        let (out, request) = (shared.out.clone(), Arc::clone(&shared.request));
        lanes.spawn(async move {
            let sections = Arc::new(request.sections.clone());
            let tally = region::read(lane, wanted, sections, request.shard, request.concurrency, out).await;
            drop(place);
            tally
        });
    }
    let title = open.member.id.as_deref().or(open.member.name.as_deref()).unwrap_or("the account");
    while let Some(end) = lanes.join_next().await {
        shared.settle(end, |tally| read.tally(tally, title)).await;
    }
    read
}

impl Shared {
    /// Takes what a task came to. One that crashed is told.
    async fn settle<T>(&self, end: Result<T, JoinError>, take: impl FnOnce(T)) {
        match end {
            Ok(done) => take(done),
            Err(crash) => self.tell(crashed(&crash.to_string())).await,
        }
    }

    async fn tell(&self, unread: Unread) {
        _ = self.out.send(Delivery::Unread(unread)).await;
    }

    async fn open(&self, member: Member) -> Option<Open> {
        let Some(role) = &member.role else {
            let config = member.base.config.clone();
            return Some(Open { member, config });
        };
        match assume(&member.base, role, &self.request).await {
            Ok(config) => Some(Open { member, config }),
            Err(failure) => {
                self.tell(not_assumed(member.title(), role, &failure)).await;
                None
            }
        }
    }

    /// What is to be read in each Region of an account.
    async fn regions(&self, open: &Open, read: &mut Read) -> Vec<(String, Chosen, Wanted)> {
        let Shared { request, several, .. } = self;
        let Open { member, config } = open;
        let patterns = &request.pools;
        let written = if member.regions.is_empty() { &request.regions } else { &member.regions };
        let (given, chosen) = if !written.is_empty() || !request.all_regions {
            (written.clone(), Chosen::Named)
        } else {
            match switched_on(config, &member.base.home).await {
                Ok(regions) => (regions, Chosen::SwitchedOn),
                Err(failure) if failure.kind == Kind::Credentials => {
                    self.tell(no_regions(open, &failure)).await;
                    return Vec::new();
                }
                Err(failure) => {
                    read.silent(&failure, member.title());
                    (known(&member.base.home), Chosen::Known)
                }
            }
        };
        let default = if given.is_empty() { member.base.default_region.as_deref() } else { None };
        if given.is_empty() && default.is_none() && needs_region(patterns) {
            self.tell(*no_region()).await;
            return Vec::new();
        }
        let default = default.filter(|_| needs_region(patterns));
        let (regions, mut missed) = if *several {
            share_among_accounts(patterns, member.id.as_deref(), &given, default)
        } else {
            share(patterns, &given, default)
        };
        missed.extend(regions.keys().filter_map(|region| strange(region)));
        for unread in missed {
            self.tell(unread).await;
        }
        let regions = regions.into_iter().filter(|(region, _)| strange(region).is_none());
        let named = |wanted: &Wanted| if wanted.named.is_empty() { chosen } else { Chosen::Named };
        regions.map(|(region, wanted)| (region, named(&wanted), wanted)).collect()
    }

    fn lane(&self, Open { member, config }: &Open, region: String, chosen: Chosen) -> Lane {
        let request = &self.request;
        let quotas = request.quotas.shared_by(request.shard.map_or(1, Shard::count));
        let place = member.id.as_ref().map_or_else(|| region.clone(), |id| format!("{id}/{region}"));
        let counts = request.progress.begin(place);
        Lane {
            client: client(config, &region, Observer::new(Arc::clone(&counts), request.secrets.clone())),
            counts,
            config: config.clone(),
            pacers: Pacers::new(quotas),
            outages: Outages::default(),
            account: member.id.clone(),
            name: member.name.clone(),
            several: self.several,
            chosen,
            profile: member.base.profile.clone(),
            patience: request.operation_timeout,
            stopped: self.stopped.clone(),
            region,
        }
    }
}

fn client(config: &SdkConfig, region: &str, observer: Observer) -> Client {
    let config = aws_sdk_cognitoidentityprovider::config::Builder::from(config)
        .region(Region::new(region.to_owned()))
        .interceptor(observer)
        .retry_config(RetryConfig::standard().with_max_attempts(1));
    Client::from_conf(config.build())
}

/// What is said of an account whose credentials do not work.
fn no_regions(Open { member, .. }: &Open, failure: &Failure) -> Unread {
    Unread {
        target: member.title(),
        operation: Some("DescribeRegions".to_owned()),
        code: failure.code.clone(),
        message: failure.sentence(),
        help: Some(renew(member.base.profile.as_deref())),
        at: None,
        about: About { account: member.id.clone(), ..About::default() },
    }
}
