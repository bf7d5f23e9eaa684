//! Reads live pools through the Amazon Cognito user pools API.
//!
//! The SDK does credentials, signing, endpoints and errors. Pacing and retries are ours (`pace`, `call`), and so
//! is the answer: the raw body is handed on, since the SDK's types drop the members that they do not know.

mod access;
mod account;
mod call;
mod compose;
mod failure;
mod fan;
mod mend;
mod observe;
mod operation;
mod organization;
mod pace;
mod page;
mod pattern;
mod progress;
mod region;
mod regions;
mod role;
mod roster;
mod run;
mod secrets;
mod section;
mod signed;
mod stop;
mod wanted;
mod web_acl;
mod whole;

use std::collections::BTreeSet;
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::mpsc::{Receiver, Sender, channel};

pub use account::{
    Account, ExternalId, Organization, Role, RoleArn, Session, is_account, is_role_name, is_session_name,
};
pub use operation::{Actions, CallerActions, actions, caller_actions, is_readable};
pub use pace::Quotas;
pub use pattern::{Named, PoolPattern};
pub use progress::{Attempt, Progress, Standing};
pub use secrets::Secrets;

use super::Delivery;
use crate::pool::Section;
use crate::shard::Shard;

/// Deliveries that may wait for their reader. A pool is some kilobytes.
const WAITING: usize = 64;

/// What is to be read, and how.
#[derive(Clone, Debug)]
pub struct Request {
    /// The profile of the AWS configuration; outranks keys in the environment, as in the AWS CLI.
    pub profile: Option<String>,
    /// The Regions; where there are none, AWS_REGION, AWS_DEFAULT_REGION or the profile's.
    pub regions: Vec<String>,
    /// Where no Regions are named: every Region that is switched on for the account.
    pub all_regions: bool,
    /// The accounts; where there are none and no organization, that of the credentials.
    pub accounts: Vec<Account>,
    /// The accounts of an organization, beside those that are named.
    pub organization: Option<Organization>,
    /// In place of the Regions' own endpoints.
    pub endpoint_url: Option<String>,
    /// The pools; where there are none, every pool.
    pub pools: Vec<PoolPattern>,
    /// What to read of each pool beside the pool itself.
    pub sections: BTreeSet<Section>,
    /// Ask only for the pools of this shard; the list names them all.
    pub shard: Option<Shard>,
    /// Pools that are asked for at a time, in each Region.
    pub concurrency: usize,
    /// Accounts that are read at a time, and Regions of accounts. Most have few pools, so that waiting for answers
    /// is what takes the time; all of them at their quotas are still far from keeping a processor busy.
    pub lanes: usize,
    /// The pace of the calls to each Region.
    pub quotas: Quotas,
    /// How long the whole run may take. What is under way then may go on for two seconds.
    pub time_limit: Option<Duration>,
    /// How long one attempt of a call may take.
    pub attempt_timeout: Duration,
    /// How long a call may take with all its attempts, and how long credentials may take to come.
    pub operation_timeout: Duration,
    /// Is kept up to date while pools are read.
    pub progress: Progress,
    /// Access key and secret in place of the credential chain, for tests against an endpoint of their own.
    #[doc(hidden)]
    pub credentials: Option<(String, String)>,
    /// What must not be said; the reader adds to it as it comes by credentials.
    #[doc(hidden)]
    pub secrets: Secrets,
}

impl Default for Request {
    fn default() -> Request {
        Request {
            profile: None,
            regions: Vec::new(),
            all_regions: false,
            accounts: Vec::new(),
            organization: None,
            endpoint_url: None,
            pools: Vec::new(),
            sections: BTreeSet::new(),
            shard: None,
            concurrency: 16,
            lanes: 32,
            quotas: Quotas::default(),
            time_limit: None,
            attempt_timeout: Duration::from_secs(10),
            operation_timeout: Duration::from_mins(2),
            progress: Progress::default(),
            credentials: None,
            secrets: Secrets::default(),
        }
    }
}

/// Reads pools in the background, in no promised order. Dropping the iterator stops the reading.
///
/// While it goes on, SIGINT and SIGTERM end it early with [`Delivery::Interrupted`].
pub fn read(request: Request) -> impl Iterator<Item = Delivery> + Send {
    let (sender, receiver) = channel(WAITING);
    let secrets = request.secrets.clone();
    let started =
        std::thread::Builder::new().name("aws".to_owned()).spawn(move || read_here(request, sender));
    let (thread, failed) = match started {
        Ok(thread) => (Some(thread), None),
        Err(error) => (None, Some(error.to_string())),
    };
    Reading { receiver, secrets, thread, failed }
}

/// Reads on this thread until done. One thread is enough: a Region's quota is a few calls a second.
fn read_here(request: Request, out: Sender<Delivery>) {
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            _ = out.blocking_send(Delivery::Unread(run::crashed(&error.to_string())));
            return;
        }
    };
    runtime.block_on(run::run(request, out));
    // A look-up of a host's address may still hang; nobody waits for it.
    runtime.shutdown_background();
}

struct Reading {
    receiver: Receiver<Delivery>,
    secrets: Secrets,
    thread: Option<JoinHandle<()>>,
    /// Why the thread could not be started.
    failed: Option<String>,
}

impl Iterator for Reading {
    type Item = Delivery;

    fn next(&mut self) -> Option<Delivery> {
        if let Some(delivery) = self.receiver.blocking_recv() {
            return Some(self.secrets.mask(delivery));
        }
        // A reader that crashed must not look like one that is done.
        let crash = match self.thread.take().map(JoinHandle::join) {
            Some(Err(_)) => Some("its thread panicked".to_owned()),
            Some(Ok(())) => None,
            None => self.failed.take(),
        };
        crash.map(|how| Delivery::Unread(run::crashed(&how)))
    }
}
