//! One Region's client: its calls, their tries and their raw answers.

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
use aws_sdk_cognitoidentityprovider::types::{
    AdvancedSecurityModeType, UserPoolAddOnsType, UserPoolDescriptionType,
};
use aws_smithy_runtime_api::client::interceptors::dyn_dispatch_hint;
use tokio::time::{Instant, sleep, timeout_at};

use super::compose::{elements, is_answer};
use super::failure::{Failure, Kind};
use super::pace::{Pacer, Pacers};
use super::progress::Counts;
use super::regions::Chosen;
use super::signed::{Question, once};
use super::stop::{Stopped, stop, unless};
use crate::pool::Section;

/// As many as the service gives in one page.
const PAGE: i32 = 60;
/// Tries of a call that fails for other reasons than throttling.
const TRIES: u32 = 3;
/// Throttled tries of one call. The pacer slows down meanwhile, so few calls need more than some.
const THROTTLED_TRIES: u32 = 20;
const BACKOFF: Duration = Duration::from_millis(200);

/// A way to the service: one account, one Region.
#[derive(Debug)]
pub(super) struct Lane {
    pub region: String,
    /// The account, where it was known from the start: what answers tell would come into messages or not, as they
    /// happen to arrive.
    pub account: Option<String>,
    /// What people call the account.
    pub name: Option<String>,
    /// Whether other accounts are read in the same run.
    pub several: bool,
    /// How it came that the Region is read.
    pub chosen: Chosen,
    pub profile: Option<String>,
    pub client: Client,
    /// For services beside Cognito.
    pub config: SdkConfig,
    pub pacers: Pacers,
    pub outages: Outages,
    pub counts: Arc<Counts>,
    /// How long one call may take with all its tries, from its first attempt.
    pub patience: Duration,
    pub stopped: Stopped,
}

/// The calls for each section that the service left unanswered, one pool after another.
#[derive(Debug, Default)]
pub(super) struct Outages(Mutex<BTreeMap<Section, usize>>);

impl Outages {
    /// How many there were in a row.
    pub(super) fn of(&self, section: Section) -> usize {
        let row = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        row.get(&section).copied().unwrap_or(0)
    }

    pub(super) fn note(&self, section: Section, outage: bool) {
        let mut row = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let row = row.entry(section).or_default();
        *row = if outage { *row + 1 } else { 0 };
    }
}

/// A page of the list of pools.
#[derive(Debug)]
pub(super) struct Page {
    /// Id and name of each.
    pub pools: Vec<(String, String)>,
    pub next: Option<String>,
}

/// What `DescribeUserPool` answered.
#[derive(Debug)]
pub(super) struct Described {
    pub body: String,
    /// The account in the pool's ARN.
    pub account: Option<String>,
    pub arn: Option<String>,
    /// The prefix domain and the custom domain, as far as the pool has them.
    pub domains: Vec<String>,
    /// Whether the pool says that threat protection is on.
    pub protected: bool,
}

impl Lane {
    /// Account and Region, as far as known.
    pub(super) fn title(&self) -> String {
        let name = self.name.as_ref().map(|name| format!(" ({name})")).unwrap_or_default();
        match &self.account {
            Some(account) => format!("{account}/{}{name}", self.region),
            None => format!("{}{name}", self.region),
        }
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.stopped.borrow().is_some()
    }

    /// Asks for one page of pools.
    pub(super) async fn list(&self, token: Option<&str>) -> Result<Page, Failure> {
        let call = |raw| {
            let call = self.client.list_user_pools().max_results(PAGE);
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
        let pools =
            pools.ok_or_else(|| Failure::new(Kind::Garbled, "it is no list of pools with their ids"))?;
        let next = page.next_token().filter(|token| !token.is_empty());
        Ok(Page { next: next.map(str::to_owned), pools })
    }

    /// Asks for one pool, and keeps the answer as it came.
    pub(super) async fn describe(&self, id: &str) -> Result<Described, Failure> {
        let call = |raw| {
            let call = self.client.describe_user_pool().user_pool_id(id).customize();
            call.interceptor(raw).send()
        };
        let (typed, body) = self.raw(&self.pacers.pools, call).await?;
        let garbled = |said: String| Failure::new(Kind::Garbled, said);
        let pool = typed.user_pool();
        match pool.and_then(|pool| pool.id()) {
            Some(told) if told == id => {}
            Some(told) => return Err(garbled(format!("it is about another pool, {told}"))),
            None => return Err(garbled("it holds no pool".to_owned())),
        }
        let account = pool.and_then(|pool| account_in(pool.arn()?));
        let domains = pool.into_iter().flat_map(|pool| [pool.domain(), pool.custom_domain()]).flatten();
        let domains = domains.filter(|domain| !domain.is_empty()).map(str::to_owned).collect();
        let mode =
            pool.and_then(|pool| pool.user_pool_add_ons()).map(UserPoolAddOnsType::advanced_security_mode);
        let protected =
            matches!(mode, Some(AdvancedSecurityModeType::Audit | AdvancedSecurityModeType::Enforced));
        let arn = pool.and_then(|pool| pool.arn()).map(str::to_owned);
        Ok(Described { body, account, arn, domains, protected })
    }

    /// Makes a call, and keeps its answer as it came beside what the SDK makes of it.
    pub(super) async fn raw<F, Fut, T, E>(&self, pacer: &Pacer, attempt: F) -> Result<(T, String), Failure>
    where
        F: Fn(RawBody) -> Fut,
        Fut: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
        E: ProvideErrorMetadata + Error + 'static,
    {
        let raw = RawBody::default();
        let typed = self.tries(pacer, || attempt(raw.clone())).await?;
        let body = String::from_utf8(raw.take());
        let body = body.map_err(|_| Failure::new(Kind::Garbled, "it is not UTF-8"))?;
        is_answer(&body)?;
        Ok((typed, body))
    }

    /// Asks another service.
    pub(super) async fn beside(&self, pacer: &Pacer, question: &Question) -> Result<String, Failure> {
        self.tries(pacer, || once(&self.config, question)).await
    }

    /// Tries a call until it succeeds, fails for good, or patience ends.
    async fn tries<F, Fut, T, E>(&self, pacer: &Pacer, attempt: F) -> Result<T, Failure>
    where
        F: Fn() -> Fut,
        Fut: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
        E: ProvideErrorMetadata + Error + 'static,
    {
        let free = if self.is_stopped() { None } else { pacer.free_slot() };
        let mut slot = match free {
            Some(slot) => slot,
            None => self.unless_stopped(pacer.slot()).await?,
        };
        let deadline = Instant::now() + self.patience;
        let (mut tries, mut throttled) = (0, 0);
        loop {
            tries += 1;
            let mut failure = match timeout_at(deadline, attempt()).await {
                Ok(Ok(answer)) => {
                    pacer.eased(slot);
                    return Ok(answer);
                }
                Ok(Err(error)) => Failure::of(&error),
                Err(_) => Failure::new(Kind::Timeout, "no answer in time"),
            };
            failure.tries = tries;
            let backoff = if failure.kind == Kind::Throttled {
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
            match timeout_at(deadline, self.unless_stopped(again)).await {
                Ok(next) => slot = next?,
                Err(_) => return Err(failure),
            }
        }
    }

    /// Does work unless no work may start any more, or until then.
    pub(super) async fn unless_stopped<T>(&self, work: impl Future<Output = T>) -> Result<T, Failure> {
        let stopped = unless(stop(self.stopped.clone()), work).await;
        stopped.map_err(|stop| Failure::new(Kind::Stopped, stop.reason()))
    }
}

/// The account in `arn:aws:cognito-idp:us-east-1:111122223333:userpool/...`.
fn account_in(arn: &str) -> Option<String> {
    arn.split(':').nth(4).filter(|account| !account.is_empty()).map(str::to_owned)
}

/// Takes the body of an answer, since the SDK's types drop the members that they do not know.
#[derive(Clone, Debug, Default)]
pub(super) struct RawBody(Arc<Mutex<Vec<u8>>>);

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

    /// The first hook that runs when the body has been read.
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
