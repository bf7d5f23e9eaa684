//! The client for one Region of one account: paced calls with retries, and their raw answers.

use std::collections::BTreeMap;
use std::error::Error;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_config::SdkConfig;
use aws_sdk_cognitoidentityprovider::Client;
use aws_sdk_cognitoidentityprovider::config::ConfigBag;
use aws_sdk_cognitoidentityprovider::config::http::HttpResponse;
use aws_sdk_cognitoidentityprovider::config::interceptors::AfterDeserializationInterceptorContextRef;
use aws_sdk_cognitoidentityprovider::config::{Intercept, RuntimeComponents};
use aws_sdk_cognitoidentityprovider::error::{BoxError, ProvideErrorMetadata, SdkError};
use aws_sdk_cognitoidentityprovider::types::UserPoolDescriptionType;
use aws_smithy_runtime_api::client::interceptors::dyn_dispatch_hint;
use tokio::time::{Instant, sleep, timeout_at};

use super::answer::{elements, error_as_answer, is_answer};
use super::cancel::{CancelSignal, cancelled, until};
use super::failure::{CallFailure, FailureKind};
use super::other_services::{RawRequest, once};
use super::pace::{Pacer, Pacers};
use super::pool_answer::PoolAnswer;
use crate::pool::Section;
use crate::source::answer::DescribedParts;
use crate::source::live::RegionCounts;

/// The largest page that the service sends.
const PAGE: i32 = 60;
/// The number of attempts of a call that fails for other reasons than throttling.
const TRIES: u32 = 3;
/// The number of throttled attempts of one call. The pacer slows down meanwhile, so few calls need many.
const THROTTLED_TRIES: u32 = 20;
const BACKOFF: Duration = Duration::from_millis(200);

/// The reason that a Region is read, which decides what its failure means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::source::aws) enum RegionChoice {
    /// The request names it.
    Named,
    /// It is enabled for the account, with or without Cognito.
    SwitchedOn,
    /// It has Cognito, and may not be enabled for the account.
    Known,
}

/// The client for one Region of one account.
#[derive(Debug)]
pub(in crate::source::aws) struct RegionClient {
    pub region: String,
    /// The account, if it was known from the start. An account from an answer would make messages depend on the order of
    /// answers.
    pub account: Option<String>,
    /// The account's name in messages.
    pub name: Option<String>,
    /// Whether other accounts are read in the same run.
    pub many_accounts: bool,
    /// The reason that the Region is read.
    pub choice: RegionChoice,
    pub profile: Option<String>,
    pub cognito: Client,
    /// Settings for calls to other services.
    pub config: SdkConfig,
    pub pacers: Pacers,
    pub outages: Outages,
    pub counts: Arc<RegionCounts>,
    /// The time limit of one call with all its attempts, from the first.
    pub timeout: Duration,
    pub cancel: CancelSignal,
}

/// The number of consecutive pools for which the service did not answer, by section.
#[derive(Debug, Default)]
pub(in crate::source::aws) struct Outages(Mutex<BTreeMap<Section, usize>>);

impl Outages {
    /// The number of consecutive outages.
    pub(in crate::source::aws) fn of(&self, section: Section) -> usize {
        let row = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        row.get(&section).copied().unwrap_or(0)
    }

    pub(in crate::source::aws) fn note(&self, section: Section, outage: bool) {
        let mut row = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let row = row.entry(section).or_default();
        *row = if outage { *row + 1 } else { 0 };
    }
}

/// A page of the list of pools.
#[derive(Debug)]
pub(in crate::source::aws) struct PoolPage {
    /// Id and name of each.
    pub pools: Vec<(String, String)>,
    pub next: Option<String>,
}

/// The answer of `DescribeUserPool`.
#[derive(Debug)]
pub(in crate::source::aws) struct DescribedPool {
    pub body: String,
    /// The account in the pool's ARN.
    pub account: Option<String>,
    pub arn: Option<String>,
    /// The prefix domain and the custom domain, if the pool has them.
    pub domains: Vec<String>,
    /// Whether threat protection is on.
    pub protected: bool,
}

impl RegionClient {
    /// Account and Region, as far as known.
    pub(in crate::source::aws) fn title(&self) -> String {
        let name = self.name.as_ref().map(|name| format!(" ({name})")).unwrap_or_default();
        match &self.account {
            Some(account) => format!("{account}/{}{name}", self.region),
            None => format!("{}{name}", self.region),
        }
    }

    pub(in crate::source::aws) fn is_cancelled(&self) -> bool {
        self.cancel.borrow().is_some()
    }

    /// Requests one page of the list of pools.
    pub(in crate::source::aws) async fn list(&self, token: Option<&str>) -> Result<PoolPage, CallFailure> {
        let call = |raw| {
            let call = self.cognito.list_user_pools().max_results(PAGE);
            call.set_next_token(token.map(str::to_owned)).customize().interceptor(raw).send()
        };
        let (page, body) = self.raw(&self.pacers.pools, call).await?;
        let entry = |pool: &UserPoolDescriptionType| {
            let name = pool.name().unwrap_or_default().to_owned();
            pool.id().map(|id| (id.to_owned(), name))
        };
        let pools = page.user_pools().iter().map(entry).collect::<Option<Vec<_>>>();
        let pools =
            pools.filter(|pools| elements(&body, "UserPools").is_ok_and(|all| all.len() == pools.len()));
        let pools = pools.ok_or_else(|| {
            CallFailure::new(FailureKind::Garbled, "it is not a list of pools with their ids")
        })?;
        let next = page.next_token().filter(|token| !token.is_empty());
        Ok(PoolPage { next: next.map(str::to_owned), pools })
    }

    /// Requests one pool, and keeps the raw answer.
    pub(in crate::source::aws) async fn describe(&self, id: &str) -> Result<DescribedPool, CallFailure> {
        let answer = PoolAnswer::default();
        let call = || {
            let call = self.cognito.describe_user_pool().user_pool_id(id).customize();
            call.interceptor(answer.clone()).send()
        };
        self.tries(&self.pacers.pools, call).await?;
        let (body, answer) = answer.take();
        if let Some(code) = answer.error {
            return Err(error_as_answer(&code.to_string()));
        }
        let garbled = |said: String| CallFailure::new(FailureKind::Garbled, said);
        let pool = match answer.user_pool {
            Some(DescribedParts { id: Some(told), .. }) if told != id => {
                return Err(garbled(format!("it is about another pool, {told}")));
            }
            Some(pool) if pool.id.is_some() => pool,
            _ => return Err(garbled("it holds no pool".to_owned())),
        };
        let (account, protected) = (pool.arn.as_deref().and_then(account_in), pool.is_protected());
        let domains = [pool.domain, pool.custom_domain].into_iter().flatten();
        let domains = domains.filter(|domain| !domain.is_empty()).collect();
        Ok(DescribedPool { body, account, arn: pool.arn, domains, protected })
    }

    /// Makes a call, and returns the SDK's output together with the raw answer.
    pub(in crate::source::aws) async fn raw<F, Fut, T, E>(
        &self,
        pacer: &Pacer,
        attempt: F,
    ) -> Result<(T, String), CallFailure>
    where
        F: Fn(RawBody) -> Fut,
        Fut: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
        E: ProvideErrorMetadata + Error + 'static,
    {
        let raw = RawBody::default();
        let typed = self.tries(pacer, || attempt(raw.clone())).await?;
        let body = String::from_utf8(raw.take());
        let body = body.map_err(|_| CallFailure::new(FailureKind::Garbled, "it is not UTF-8"))?;
        is_answer(&body)?;
        Ok((typed, body))
    }

    /// Sends a request that the SDK has no operation for.
    pub(in crate::source::aws) async fn raw_request(
        &self,
        pacer: &Pacer,
        question: &RawRequest,
    ) -> Result<String, CallFailure> {
        self.tries(pacer, || once(&self.config, question)).await
    }

    /// Repeats a call until it succeeds, fails for good, or its timeout passes.
    async fn tries<F, Fut, T, E>(&self, pacer: &Pacer, attempt: F) -> Result<T, CallFailure>
    where
        F: Fn() -> Fut,
        Fut: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
        E: ProvideErrorMetadata + Error + 'static,
    {
        let free = if self.is_cancelled() { None } else { pacer.free_slot() };
        let mut slot = match free {
            Some(slot) => slot,
            None => self.until_cancelled(pacer.slot()).await?,
        };
        let deadline = Instant::now() + self.timeout;
        let (mut tries, mut throttled) = (0, 0);
        loop {
            tries += 1;
            let mut failure = match timeout_at(deadline, attempt()).await {
                Ok(Ok(answer)) => {
                    pacer.eased(slot);
                    return Ok(answer);
                }
                Ok(Err(error)) => CallFailure::of(&error),
                Err(_) => CallFailure::new(FailureKind::Timeout, "no answer in time"),
            };
            failure.tries = tries;
            let backoff = if failure.kind == FailureKind::Throttled {
                throttled += 1;
                pacer.throttled(slot);
                // The pacer is the backoff.
                (throttled < THROTTLED_TRIES).then_some(Duration::ZERO)
            } else {
                let failed = tries - throttled;
                (failure.passing() && failed < TRIES).then(|| BACKOFF * 2_u32.pow(failed))
            };
            let Some(backoff) = backoff else {
                return Err(failure);
            };
            let again = async {
                sleep(backoff).await;
                pacer.slot().await
            };
            match timeout_at(deadline, self.until_cancelled(again)).await {
                Ok(next) => slot = next?,
                Err(_) => return Err(failure),
            }
        }
    }

    /// Does work until it is done or the run is cancelled.
    pub(in crate::source::aws) async fn until_cancelled<T>(
        &self,
        work: impl Future<Output = T>,
    ) -> Result<T, CallFailure> {
        let cancel = until(cancelled(self.cancel.clone()), work).await;
        cancel.map_err(|cancelled| CallFailure::new(FailureKind::Cancelled, cancelled.reason()))
    }
}

/// The account in `arn:aws:cognito-idp:us-east-1:111122223333:userpool/...`.
fn account_in(arn: &str) -> Option<String> {
    arn.split(':').nth(4).filter(|account| !account.is_empty()).map(str::to_owned)
}

/// An interceptor that keeps the body of an answer, since the SDK's types drop members that they do not know.
#[derive(Clone, Debug, Default)]
pub(in crate::source::aws) struct RawBody(Arc<Mutex<Vec<u8>>>);

impl RawBody {
    fn take(&self) -> Vec<u8> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[dyn_dispatch_hint]
impl Intercept for RawBody {
    fn name(&self) -> &'static str {
        "RawBody"
    }

    /// The first hook that runs after the body has been read.
    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let body = context.response().body().bytes().unwrap_or_default();
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = body.to_vec();
        Ok(())
    }
}
