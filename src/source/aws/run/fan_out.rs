//! Fans a run out over accounts and Regions, with a limit on how many are read concurrently.
//!
//! Each Region of an account has its own client with its own pacers and retries, so that a slow one delays no other. A
//! client is created when its turn comes and dropped when its Region is read, so memory does not grow with the accounts.

use std::sync::Arc;

use aws_config::retry::RetryConfig;
use aws_config::{Region, SdkConfig};
use aws_sdk_cognitoidentityprovider::Client;
use tokio::sync::Semaphore;
use tokio::sync::mpsc::Sender;
use tokio::task::{JoinError, JoinSet};
use tokio::time::timeout;

use super::summary::RunSummary;
use crate::shard::Shard;
use crate::source::aws::accounts::{ResolvedAccount, assume, no_region, not_assumed, own_account};
use crate::source::aws::client::{
    AttemptInterceptor, CallFailure, CancelSignal, FailureKind, Outages, Pacers, RegionChoice, RegionClient,
    cancelled, crashed, renew, until,
};
use crate::source::aws::pools::{RegionSummary, read_region};
use crate::source::aws::select::{
    Selection, by_region, by_region_of_account, enabled_regions, known, needs_region,
};
use crate::source::live::Request;
use crate::source::live::misspelled;
use crate::source::{About, Delivery, ListedRegion, Unread};

/// The state that all accounts of a run share.
struct RunContext {
    request: Arc<Request>,
    out: Sender<Delivery>,
    cancel: CancelSignal,
    /// One permit for each Region that may be read concurrently.
    places: Arc<Semaphore>,
    many_accounts: bool,
}

/// An account, and settings with its credentials.
struct OpenAccount {
    member: ResolvedAccount,
    config: SdkConfig,
}

/// Reads every account. Pools and failures go to `out`.
pub(super) async fn fan_out(
    request: Arc<Request>,
    members: Vec<ResolvedAccount>,
    out: &Sender<Delivery>,
    cancel: &CancelSignal,
) -> RunSummary {
    let most = request.region_concurrency.max(1);
    let places = Arc::new(Semaphore::new(most));
    let many_accounts = 1 < members.len();
    let run =
        Arc::new(RunContext { request, out: out.clone(), cancel: cancel.clone(), places, many_accounts });
    let (mut accounts, mut summary) = (JoinSet::new(), RunSummary::default());
    for member in members {
        if most <= accounts.len()
            && let Some(end) = accounts.join_next().await
        {
            run.settle(end, |one| summary.add(one)).await;
        }
        if cancel.borrow().is_none() {
            accounts.spawn(account(Arc::clone(&run), member));
        } else {
            summary.left.push(member.title());
        }
    }
    while let Some(end) = accounts.join_next().await {
        run.settle(end, |one| summary.add(one)).await;
    }
    summary
}

/// Reads one account.
async fn account(run: Arc<RunContext>, member: ResolvedAccount) -> RunSummary {
    let mut summary = RunSummary::default();
    let title = member.title();
    let opened = until(cancelled(run.cancel.clone()), async {
        let open = run.open(member).await?;
        let regions = run.regions(&open, &mut summary).await;
        Some((open, regions))
    });
    let (open, regions) = match opened.await {
        Ok(Some(opened)) => opened,
        Ok(None) => return summary,
        Err(_) => {
            summary.left.push(title);
            return summary;
        }
    };
    let mut reads = JoinSet::new();
    for (region, choice, wanted) in regions {
        let client = run.region_client(&open, region, choice);
        let place = until(cancelled(run.cancel.clone()), Arc::clone(&run.places).acquire_owned()).await;
        // The semaphore is never closed, so only cancellation gets here.
        let Ok(Ok(place)) = place else {
            summary.left.push(client.title());
            continue;
        };
        let (out, request) = (run.out.clone(), Arc::clone(&run.request));
        reads.spawn(async move {
            let sections = Arc::new(request.sections.clone());
            let tally = read_region(client, wanted, sections, request.shard, request.concurrency, out).await;
            drop(place);
            tally
        });
    }
    let title = open.member.id.as_deref().or(open.member.name.as_deref()).unwrap_or("the account");
    while let Some(end) = reads.join_next().await {
        run.settle(end, |tally| summary.tally(tally, title)).await;
    }
    run.listed(&open.member, &summary.tallies).await;
    summary
}

impl RunContext {
    /// Takes the result of a task, and reports a task that crashed.
    async fn settle<T>(&self, end: Result<T, JoinError>, take: impl FnOnce(T)) {
        match end {
            Ok(done) => take(done),
            Err(crash) => self.report(crashed(&crash.to_string())).await,
        }
    }

    async fn report(&self, unread: Unread) {
        _ = self.out.send(Delivery::Unread(unread)).await;
    }

    /// Reports the Regions whose pools were listed to the end. Where no pool names the account, STS does.
    async fn listed(&self, member: &ResolvedAccount, tallies: &[RegionSummary]) {
        if !tallies.iter().any(RegionSummary::is_whole) {
            return;
        }
        let known = member.id.clone().or_else(|| tallies.iter().find_map(|tally| tally.account.clone()));
        let account = match known {
            Some(account) => Some(account),
            None => {
                let asked = timeout(self.request.attempt_timeout, own_account(&member.caller));
                let asked = until(cancelled(self.cancel.clone()), asked).await;
                asked.ok().and_then(Result::ok).and_then(Result::ok).flatten()
            }
        };
        let Some(account) = account else { return };
        for tally in tallies.iter().filter(|tally| tally.is_whole()) {
            let region = ListedRegion { account: account.clone(), region: tally.region.clone() };
            _ = self.out.send(Delivery::ListedWhole(region)).await;
        }
    }

    async fn open(&self, member: ResolvedAccount) -> Option<OpenAccount> {
        let Some(role) = &member.role else {
            let config = member.caller.config.clone();
            return Some(OpenAccount { member, config });
        };
        match assume(&member.caller, role, &self.request).await {
            Ok(config) => Some(OpenAccount { member, config }),
            Err(failure) => {
                self.report(not_assumed(member.title(), role, &failure)).await;
                None
            }
        }
    }

    /// The Regions of an account to read, each with its selection of pools.
    async fn regions(
        &self,
        open: &OpenAccount,
        summary: &mut RunSummary,
    ) -> Vec<(String, RegionChoice, Selection)> {
        let RunContext { request, many_accounts, .. } = self;
        let OpenAccount { member, config } = open;
        let patterns = &request.pools;
        let written = if member.regions.is_empty() { &request.regions } else { &member.regions };
        let (given, choice) = if !written.is_empty() || !request.all_regions {
            (written.clone(), RegionChoice::Named)
        } else {
            match enabled_regions(config, &member.caller.home).await {
                Ok(regions) => (regions, RegionChoice::SwitchedOn),
                Err(failure) if failure.kind == FailureKind::Credentials => {
                    self.report(no_regions(open, &failure)).await;
                    return Vec::new();
                }
                Err(failure) => {
                    summary.unlisted(&failure, member.title());
                    (known(&member.caller.home), RegionChoice::Known)
                }
            }
        };
        let default = if given.is_empty() { member.caller.default_region.as_deref() } else { None };
        if given.is_empty() && default.is_none() && needs_region(patterns) {
            self.report(*no_region()).await;
            return Vec::new();
        }
        let default = default.filter(|_| needs_region(patterns));
        let (regions, mut missed) = if *many_accounts {
            by_region_of_account(patterns, member.id.as_deref(), &given, default)
        } else {
            by_region(patterns, &given, default)
        };
        missed.extend(regions.keys().filter_map(|region| misspelled(region)));
        for unread in missed {
            self.report(unread).await;
        }
        let regions = regions.into_iter().filter(|(region, _)| misspelled(region).is_none());
        let named = |wanted: &Selection| if wanted.named.is_empty() { choice } else { RegionChoice::Named };
        regions.map(|(region, wanted)| (region, named(&wanted), wanted)).collect()
    }

    fn region_client(
        &self,
        OpenAccount { member, config }: &OpenAccount,
        region: String,
        choice: RegionChoice,
    ) -> RegionClient {
        let request = &self.request;
        let quotas = request.quotas.shared_by(request.shard.map_or(1, Shard::count));
        let place = member.id.as_ref().map_or_else(|| region.clone(), |id| format!("{id}/{region}"));
        let counts = request.progress.start(place);
        RegionClient {
            cognito: cognito(
                config,
                &region,
                AttemptInterceptor::new(Arc::clone(&counts), request.secrets.clone()),
            ),
            counts,
            config: config.clone(),
            pacers: Pacers::new(quotas),
            outages: Outages::default(),
            account: member.id.clone(),
            name: member.name.clone(),
            many_accounts: self.many_accounts,
            choice,
            profile: member.caller.profile.clone(),
            timeout: request.operation_timeout,
            cancel: self.cancel.clone(),
            region,
        }
    }
}

fn cognito(config: &SdkConfig, region: &str, observer: AttemptInterceptor) -> Client {
    let config = aws_sdk_cognitoidentityprovider::config::Builder::from(config)
        .region(Region::new(region.to_owned()))
        .interceptor(observer)
        .retry_config(RetryConfig::standard().with_max_attempts(1));
    Client::from_conf(config.build())
}

/// The failure of an account whose credentials do not work.
fn no_regions(OpenAccount { member, .. }: &OpenAccount, failure: &CallFailure) -> Unread {
    Unread {
        target: member.title(),
        operation: Some("DescribeRegions".to_owned()),
        code: failure.code.clone(),
        message: failure.sentence(),
        help: Some(renew(member.caller.profile.as_deref())),
        at: None,
        about: About { account: member.id.clone(), ..About::default() },
    }
}
