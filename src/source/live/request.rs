//! A request: the accounts, Regions, pools and sections to read, and the limits for reading them.

use std::collections::BTreeSet;
use std::time::Duration;

use super::{Account, Organization, Progress, Quotas, Secrets};
use crate::pool::{PoolPattern, Section};
use crate::shard::Shard;

/// A request to read live pools.
#[derive(Clone, Debug)]
pub struct Request {
    /// The profile of the AWS configuration. It outranks keys in the environment, as in the AWS CLI.
    pub profile: Option<String>,
    /// The Regions. If empty: AWS_REGION, AWS_DEFAULT_REGION or the profile's Region.
    pub regions: Vec<String>,
    /// If no Regions are named: read every Region that is enabled for the account.
    pub all_regions: bool,
    /// The accounts. If empty and there is no organization: the account of the credentials.
    pub accounts: Vec<Account>,
    /// The accounts of an organization, in addition to `accounts`.
    pub organization: Option<Organization>,
    /// Replaces the endpoints of the Regions.
    pub endpoint_url: Option<String>,
    /// The pools. If empty: every pool.
    pub pools: Vec<PoolPattern>,
    /// The sections to read in addition to the pool itself.
    pub sections: BTreeSet<Section>,
    /// Read only the pools of this shard. All pools are listed.
    pub shard: Option<Shard>,
    /// The number of pools that are read concurrently in each Region.
    pub concurrency: usize,
    /// The number of accounts that are read concurrently, and of Regions of accounts. Most have few pools, so the
    /// run spends its time waiting for answers, and even all Regions at their quotas do not keep a processor busy.
    pub region_concurrency: usize,
    /// The rates of calls to each Region.
    pub quotas: Quotas,
    /// The time limit of the whole run. Calls in flight may take two seconds more.
    pub time_limit: Option<Duration>,
    /// The time limit of one attempt of a call.
    pub attempt_timeout: Duration,
    /// The time limit of a call with all its attempts, and of loading credentials.
    pub operation_timeout: Duration,
    /// Updated while pools are read.
    pub progress: Progress,
    /// Access key and secret that replace the credential chain, for tests against a local endpoint.
    #[doc(hidden)]
    pub credentials: Option<(String, String)>,
    /// Texts to mask in messages. Credentials are added as they are loaded.
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
            region_concurrency: 32,
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
