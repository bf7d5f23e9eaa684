//! Looks up events of CloudTrail by the names of calls.
//!
//! CloudTrail answers two look-ups a second for each account and Region, and shares them with everybody who uses its
//! console. The look-up of a pool as a resource finds nothing, since its events name no resources.

use std::collections::BTreeMap;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use aws_config::SdkConfig;
use serde_json::{Value as Json, json};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout_at};

use super::accounts::{ResolvedAccount, ResolvedAccounts, assume, own_account, resolve_accounts};
use super::client::{CallFailure, FailureKind, RawRequest, ask};
use super::signals::Signals;
use crate::source::Interrupt;
use crate::source::live::{LookUp, LookedUp, Request};

/// The pause between two look-ups in one Region of an account.
const PAUSE: Duration = Duration::from_millis(600);

/// The time limit of all look-ups in one Region of an account.
const LIMIT: Duration = Duration::from_mins(3);

/// Events on a page.
const PAGE: u32 = 50;

/// The reason of a look-up that a signal ended.
const INTERRUPTED: &str = "the look-up was interrupted";

/// Looks up calls, each once. What cannot be looked up has the reason. A signal ends the look-ups, and what they found
/// until then stays.
pub fn look_up(request: &Request, wanted: Vec<LookUp>) -> (Vec<LookedUp>, Option<Interrupt>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    match runtime {
        Ok(runtime) => {
            let found = runtime.block_on(until_a_signal(request, wanted));
            // A DNS lookup may still hang; do not wait for it.
            runtime.shutdown_background();
            found
        }
        Err(error) => {
            let why = format!("the look-up could not start: {error}");
            (wanted.iter().flat_map(|one| failed(one, &why)).collect(), None)
        }
    }
}

async fn until_a_signal(request: &Request, wanted: Vec<LookUp>) -> (Vec<LookedUp>, Option<Interrupt>) {
    let mut signals = Signals::listen();
    let (stop, stopped) = watch::channel(false);
    let mut work = pin!(all(request, wanted, stopped));
    let mut interrupt = None;
    loop {
        let event = poll_fn(|context| match signals.poll(context) {
            Poll::Ready(signal) => Poll::Ready(Err(signal)),
            Poll::Pending => work.as_mut().poll(context).map(Ok),
        });
        match event.await {
            Ok(found) => return (found, interrupt),
            Err(signal) => {
                interrupt.get_or_insert(signal);
                stop.send_replace(true);
            }
        }
    }
}

/// The result of some work, unless it is to stop.
async fn unless<T>(stopped: &watch::Receiver<bool>, work: impl Future<Output = T>) -> Option<T> {
    let mut stopped = stopped.clone();
    let (mut stop, mut work) = (pin!(stopped.wait_for(|stopped| *stopped)), pin!(work));
    poll_fn(|context| match stop.as_mut().poll(context) {
        Poll::Ready(_) => Poll::Ready(None),
        Poll::Pending => work.as_mut().poll(context).map(Some),
    })
    .await
}

async fn all(request: &Request, wanted: Vec<LookUp>, stopped: watch::Receiver<bool>) -> Vec<LookedUp> {
    let Some(ResolvedAccounts { members, .. }) = unless(&stopped, Box::pin(resolve_accounts(request))).await
    else {
        return wanted.iter().flat_map(|one| failed(one, INTERRUPTED)).collect();
    };
    let (request, members) = (Arc::new(request.clone()), Arc::new(members));
    let mut accounts: BTreeMap<Option<String>, Vec<LookUp>> = BTreeMap::new();
    for one in wanted {
        accounts.entry(one.account.clone()).or_default().push(one);
    }
    let mut tasks = JoinSet::new();
    for (account, wanted) in accounts {
        let (request, members, stopped) = (Arc::clone(&request), Arc::clone(&members), stopped.clone());
        tasks
            .spawn(async move { of_account(&request, &members, account.as_deref(), wanted, &stopped).await });
    }
    let mut found: Vec<LookedUp> = tasks.join_all().await.into_iter().flatten().collect();
    found.sort_by(|a, b| (&a.account, &a.region, &a.call).cmp(&(&b.account, &b.region, &b.call)));
    found
}

/// Nothing of what was wanted, with the reason.
fn failed(wanted: &LookUp, why: &str) -> Vec<LookedUp> {
    let LookUp { account, region, calls, .. } = wanted;
    let one = |call: &&'static str| LookedUp {
        account: account.clone(),
        region: region.clone(),
        call: (*call).to_owned(),
        failed: Some(why.to_owned()),
        ..LookedUp::default()
    };
    calls.iter().map(one).collect()
}

/// Looks up the calls of an account, in all its Regions at a time.
async fn of_account(
    request: &Request,
    members: &[ResolvedAccount],
    account: Option<&str>,
    wanted: Vec<LookUp>,
    stopped: &watch::Receiver<bool>,
) -> Vec<LookedUp> {
    let is_read = wanted.iter().any(|one| one.is_read);
    let opened = unless(stopped, open(request, members, account, is_read)).await;
    let config = match opened.unwrap_or_else(|| Err(INTERRUPTED.to_owned())) {
        Ok(config) => Arc::new(config),
        Err(why) => return wanted.iter().flat_map(|one| failed(one, &why)).collect(),
    };
    let mut regions = JoinSet::new();
    for one in wanted {
        let (config, stopped) = (Arc::clone(&config), stopped.clone());
        let limit = request.time_limit.map_or(LIMIT, |limit| limit.min(LIMIT));
        regions.spawn(async move { of_region(&config, &one, limit, &stopped).await });
    }
    regions.join_all().await.into_iter().flatten().collect()
}

/// The settings with the credentials of an account; the error is the reason that there are none.
async fn open(
    request: &Request,
    members: &[ResolvedAccount],
    account: Option<&str>,
    is_read: bool,
) -> Result<SdkConfig, String> {
    let is_own = |member: &&ResolvedAccount| account.is_some() && member.id.as_deref() == account;
    let member = match (members.iter().find(is_own), members, account) {
        (Some(member), ..) => Some(member),
        // The account of the credentials is known only if they say it, or a pool was read with them.
        (None, [only], _) if account.is_none() || only.id.is_none() && is_read => Some(only),
        (None, [only], _) if only.id.is_none() => of_credentials(only, account).await?,
        (None, _, None) => return Err("the account of the pool is unknown".to_owned()),
        (None, ..) => None,
    };
    let member = member.ok_or("there are no credentials for the account")?;
    match &member.role {
        None => Ok(member.caller.config.clone()),
        Some(role) => assume(&member.caller, role, request).await.map_err(|failure| reason(&failure)),
    }
}

/// The account of the credentials, if STS says that it is the one that is asked for.
async fn of_credentials<'m>(
    only: &'m ResolvedAccount,
    account: Option<&str>,
) -> Result<Option<&'m ResolvedAccount>, String> {
    match own_account(&only.caller).await {
        Ok(own) => Ok((own.as_deref() == account).then_some(only)),
        Err(_) => Err("the account of the credentials could not be determined".to_owned()),
    }
}

async fn of_region(
    config: &SdkConfig,
    wanted: &LookUp,
    limit: Duration,
    stopped: &watch::Receiver<bool>,
) -> Vec<LookedUp> {
    let deadline = Instant::now() + limit;
    let mut all: Vec<LookedUp> = Vec::new();
    for call in &wanted.calls {
        let mut own = LookedUp {
            account: wanted.account.clone(),
            region: wanted.region.clone(),
            call: (*call).to_owned(),
            ..LookedUp::default()
        };
        // The others would fail for the same reason.
        own.failed = all.iter().find_map(|before| before.failed.clone());
        if own.failed.is_none() {
            let read = read(config, wanted, &mut own);
            match timeout_at(deadline, unless(stopped, read)).await {
                Ok(Some(Ok(()))) => own.begin = Some(wanted.since),
                Ok(Some(Err(failure))) => own.failed = Some(reason(&failure)),
                Ok(None) => own.failed = Some(INTERRUPTED.to_owned()),
                Err(_) => own.failed = Some("the look-up took too long".to_owned()),
            }
        }
        all.push(own);
    }
    all
}

/// Reads the events of one call, the newest first. What was read before a failure stays.
async fn read(config: &SdkConfig, wanted: &LookUp, found: &mut LookedUp) -> Result<(), CallFailure> {
    let mut token: Option<String> = None;
    loop {
        let mut body = json!({
            "LookupAttributes": [{"AttributeKey": "EventName", "AttributeValue": found.call}],
            "StartTime": wanted.since.div_euclid(1000),
            "EndTime": wanted.until.div_euclid(1000),
            "MaxResults": PAGE,
        });
        if let Some(token) = &token {
            body["NextToken"] = token.as_str().into();
        }
        let question = RawRequest {
            service: "cloudtrail",
            service_id: "CloudTrail",
            region: wanted.region.clone(),
            operation: "LookupEvents",
            content_type: "application/x-amz-json-1.1",
            target: Some("com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents".to_owned()),
            body: body.to_string(),
        };
        let answer = ask(config, &question).await;
        sleep(PAUSE).await;
        let page: Json = serde_json::from_str(&answer?).unwrap_or_default();
        let Some(events) = page["Events"].as_array() else {
            return Err(CallFailure::new(FailureKind::Garbled, "the answer has no events"));
        };
        for event in events {
            let record = event["CloudTrailEvent"].as_str().unwrap_or_default();
            found.events.push(record.to_owned());
            // All later seconds were read whole.
            let seconds = event["EventTime"].as_f64();
            #[expect(clippy::cast_possible_truncation, reason = "a time in whole seconds")]
            let after = seconds.map(|seconds| (seconds as i64 + 1) * 1000);
            found.begin = after.or(found.begin);
        }
        let next = page["NextToken"].as_str().map(str::to_owned);
        if next.is_none() {
            return Ok(());
        }
        if next == token {
            return Err(CallFailure::endless(1, usize::MAX));
        }
        token = next;
    }
}

/// The reason of a failure, without the message of the service.
fn reason(failure: &CallFailure) -> String {
    let code = failure.code.as_ref().map_or_else(String::new, |code| format!(" ({code})"));
    let why = match failure.kind {
        FailureKind::Denied => "the permission `cloudtrail:LookupEvents` is missing",
        FailureKind::Throttled => "CloudTrail throttled the look-up",
        FailureKind::Credentials => "the credentials do not work",
        FailureKind::Timeout | FailureKind::Connect | FailureKind::NoAddress => "CloudTrail does not answer",
        FailureKind::Garbled => "the answer is not one of CloudTrail",
        FailureKind::NotFound
        | FailureKind::BadInput
        | FailureKind::Server
        | FailureKind::Cancelled
        | FailureKind::Other => "CloudTrail refuses the look-up",
    };
    format!("{why}{code}")
}
