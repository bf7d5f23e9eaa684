//! Resolves profile, default Region and credentials, and builds the SDK's configuration.
//!
//! Credentials are loaded once, before any Region is read: the chain caches successes but not failures, so concurrent
//! first calls would each wait for it in turn.

use std::borrow::Cow;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use aws_config::default_provider::credentials::DefaultCredentialsChain;
use aws_config::ecs::EcsCredentialsProvider;
use aws_config::identity::IdentityCache;
use aws_config::imds::credentials::ImdsCredentialsProvider;
use aws_config::meta::credentials::CredentialsProviderChain;
use aws_config::profile::{ProfileFileCredentialsProvider, ProfileSet};
use aws_config::provider_config::ProviderConfig;
use aws_config::retry::RetryConfig;
use aws_config::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{AppName, BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider, future};
use aws_smithy_runtime_api::client::identity::SharedIdentityCache;

use crate::diagnostic::suggest;
use crate::pool::PoolPattern;
use crate::source::Unread;
use crate::source::aws::client::{BoundedClient, chain, renew};
use crate::source::live::{Request, Secrets, misspelled};

/// The default of the SDK.
const CONNECT: Duration = Duration::from_millis(3100);

/// The credentials of a profile or of the run, and the settings around them.
#[derive(Debug)]
pub(in crate::source::aws) struct Caller {
    /// Settings for clients that use the credentials.
    pub config: SdkConfig,
    /// The client that assumes roles with them. All roles share the credentials that it caches.
    pub sts: aws_sdk_sts::Client,
    /// The account, if the credentials name it.
    pub account: Option<String>,
    /// The profile, if one was requested.
    pub profile: Option<String>,
    /// The Region of the environment or the profile.
    pub default_region: Option<String>,
    /// The Region for calls that do not depend on a Region.
    pub home: String,
}

/// The active profile.
#[derive(Debug, Default)]
struct Profile {
    /// Its name, if `--profile` or `AWS_PROFILE` requests one.
    name: Option<String>,
    /// Its Region.
    region: Option<String>,
    /// Whether it signs in with IAM Identity Center.
    sso: bool,
}

/// A start-up failure.
fn unread(target: impl Into<String>, message: impl Into<String>, help: impl Into<String>) -> Box<Unread> {
    Box::new(Unread { help: Some(help.into()), ..Unread::new(target.into(), message.into()) })
}

/// Reads the AWS configuration files.
async fn profile(request: &Request) -> Result<Profile, Box<Unread>> {
    if request.credentials.is_some() {
        return Ok(Profile::default());
    }
    let asked = set(request.profile.clone());
    let asked = asked.or_else(|| variable("AWS_PROFILE"));
    // The defaults: the real file system and environment, and the usual files.
    let (system, environment, files) = Default::default();
    let chosen = asked.clone().map(Cow::Owned);
    let loaded = aws_config::profile::load(&system, &environment, &files, chosen).await;
    let profiles = loaded.map_err(|error| {
        // The parser's message has line breaks of its own.
        let message = chain(&error).split_whitespace().collect::<Vec<_>>().join(" ");
        unread(
            "AWS configuration",
            message,
            "correct the file; `aws configure list` shows which files are read",
        )
    })?;
    // A profile with a role uses the keys of another profile, or those of the environment.
    for profile in profiles.profiles().filter_map(|name| profiles.get_profile(name)) {
        request.secrets.add(["aws_secret_access_key", "aws_session_token"].map(|key| profile.get(key)));
    }
    for name in ["AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"] {
        request.secrets.add([variable(name).as_deref()]);
    }
    if let Some(name) = &asked
        && profiles.get_profile(name).is_none()
    {
        return Err(unknown_profile(name, &profiles));
    }
    let sso = ["sso_session", "sso_start_url"].iter().any(|key| profiles.get(key).is_some());
    let region = set(profiles.get("region").map(str::to_owned));
    Ok(Profile { name: asked, region, sso })
}

fn unknown_profile(name: &str, profiles: &ProfileSet) -> Box<Unread> {
    let mut names: Vec<&str> = profiles.profiles().collect();
    names.sort_unstable();
    let help = if names.is_empty() {
        format!("no profiles are configured; run `aws configure --profile {name}`")
    } else {
        suggest(name, names)
    };
    unread(format!("profile `{name}`"), "there is no such profile in the AWS configuration", help)
}

/// The Region of the environment or the profile. The instance metadata is not queried: off EC2, that takes seconds.
fn default_region(profile: &Profile) -> Option<String> {
    variable("AWS_REGION").or_else(|| variable("AWS_DEFAULT_REGION")).or_else(|| profile.region.clone())
}

/// The failure of a run that needs a Region and has none.
pub(in crate::source::aws) fn no_region() -> Box<Unread> {
    let help = "pass `--region`, set AWS_REGION, or run `aws configure`";
    unread("AWS Region", "no Region is set", help)
}

/// The Region in which STS, Organizations and `DescribeRegions` are called.
fn home(request: &Request, default: Option<&String>) -> Result<String, Box<Unread>> {
    let written = request.accounts.iter().flat_map(|account| &account.regions);
    let named = request.pools.iter().filter_map(PoolPattern::named).map(|named| named.region);
    let known = request.regions.iter().chain(default).chain(written).map(String::as_str).chain(named);
    let home = known.chain(request.all_regions.then_some("us-east-1")).next().ok_or_else(no_region)?;
    misspelled(home).map_or_else(|| Ok(home.to_owned()), |misspelled| Err(Box::new(misspelled)))
}

/// Loads the credentials, and builds the settings for clients that use them.
pub(in crate::source::aws) async fn open(request: &Request) -> Result<Caller, Box<Unread>> {
    let profile = profile(request).await?;
    let default_region = default_region(&profile);
    let name = home(request, default_region.as_ref())?;
    let home = Region::new(name.clone());
    let provider = match &request.credentials {
        Some((key, secret)) => {
            SharedCredentialsProvider::new(Credentials::new(key, secret, None, None, "given"))
        }
        None => chain_of_providers(request, &home).await,
    };
    let first = tokio::time::timeout(request.operation_timeout, provider.provide_credentials()).await;
    let Ok(first) = first else {
        let message = "the credentials did not come in time";
        return Err(unread("AWS credentials", message, renew(profile.name.as_deref())));
    };
    let first = first.map_err(|error| no_credentials(&error, &profile))?;
    learn(&request.secrets, &first);
    let account = first.account_id().map(|account| account.as_str().to_owned());
    let config = settings(request, home, SeededCredentials::new(first, provider, &request.secrets)).await;
    let sts = aws_sdk_sts::Client::new(&config);
    Ok(Caller { config, sts, account, profile: profile.name, default_region, home: name })
}

/// The credential chain of the AWS CLI: `--profile` outranks keys in the environment.
async fn chain_of_providers(request: &Request, home: &Region) -> SharedCredentialsProvider {
    let config = ProviderConfig::default().with_region(Some(home.clone()));
    let metadata = aws_config::imds::Client::builder()
        .configure(&config)
        .max_attempts(1)
        .connect_timeout(Duration::from_millis(300))
        .read_timeout(Duration::from_millis(500))
        .build();
    let Some(name) = set(request.profile.clone()) else {
        let chain = DefaultCredentialsChain::builder().configure(config).imds_client(metadata);
        return SharedCredentialsProvider::new(chain.region(home.clone()).build().await);
    };
    let profile = ProfileFileCredentialsProvider::builder().configure(&config).profile_name(name);
    let container = EcsCredentialsProvider::builder().configure(&config).build();
    let instance = ImdsCredentialsProvider::builder().configure(&config).imds_client(metadata);
    SharedCredentialsProvider::new(
        CredentialsProviderChain::first_try("Profile", profile.build())
            .or_else("EcsContainer", container)
            .or_else("Ec2InstanceMetadata", instance.build()),
    )
}

fn no_credentials(error: &CredentialsError, profile: &Profile) -> Box<Unread> {
    let said = chain(error);
    let target = match &profile.name {
        Some(name) => format!("AWS credentials of profile `{name}`"),
        None => "AWS credentials".to_owned(),
    };
    if profile.sso || said.to_lowercase().contains("sso ") {
        let option = profile.name.as_ref().map(|name| format!(" --profile {name}"));
        let login = format!("run `aws sso login{}`", option.unwrap_or_default());
        unread(target, said, login)
    } else if matches!(error, CredentialsError::CredentialsNotLoaded(_)) || said.contains("IMDS") {
        // The metadata service is the last of the chain, so its failure means that no other provider had credentials.
        match &profile.name {
            Some(name) => {
                let help = format!("run `aws configure --profile {name}`");
                unread(target, "there are none in the profile and the machine's metadata", help)
            }
            None => unread(
                target,
                "there are none in the environment, the AWS configuration and the machine's metadata",
                "run `aws configure`, set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or pass `--profile`",
            ),
        }
    } else {
        unread(target, said, "`aws sts get-caller-identity` with the same settings shows whether they work")
    }
}

/// The SDK's configuration. This program retries, paces and limits time itself: all clients of a Region share the SDK's
/// quota of retries, which runs out in a fan-out. Setting the retries also keeps the SDK from a panic on a bad
/// `AWS_RETRY_MODE`.
async fn settings(request: &Request, home: Region, credentials: SeededCredentials) -> SdkConfig {
    let limit = request.attempt_timeout;
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(CONNECT.min(limit))
        .read_timeout(limit)
        .operation_attempt_timeout(limit)
        .operation_timeout(limit)
        .build();
    let mut loader = aws_config::defaults(BehaviorVersion::latest())
        .region(home)
        .credentials_provider(credentials)
        .identity_cache(patient(request))
        .retry_config(RetryConfig::standard().with_max_attempts(1))
        .timeout_config(timeouts)
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled());
    if let Ok(name) = AppName::new("cognito-lint") {
        loader = loader.app_name(name);
    }
    if let Some(name) = set(request.profile.clone()) {
        loader = loader.profile_name(name);
    }
    if let Some(url) = set(request.endpoint_url.clone()) {
        loader = loader.endpoint_url(url);
    }
    if let Some(client) = BoundedClient::of_sdk() {
        loader = loader.http_client(client);
    }
    loader.load().await
}

/// Caches credentials until they expire.
pub(in crate::source::aws) fn patient(request: &Request) -> SharedIdentityCache {
    IdentityCache::lazy().load_timeout(request.operation_timeout).build()
}

/// Keeps the secrets of credentials, to mask them in messages.
pub(in crate::source::aws) fn learn(secrets: &Secrets, credentials: &Credentials) {
    secrets.add([Some(credentials.secret_access_key()), credentials.session_token()]);
}

/// Provides the credentials that were loaded at the start once, then queries the chain.
#[derive(Debug)]
pub(in crate::source::aws) struct SeededCredentials {
    first: Mutex<Option<Credentials>>,
    provider: SharedCredentialsProvider,
    secrets: Secrets,
}

impl SeededCredentials {
    pub(in crate::source::aws) fn new(
        first: Credentials,
        provider: SharedCredentialsProvider,
        secrets: &Secrets,
    ) -> SeededCredentials {
        SeededCredentials { first: Mutex::new(Some(first)), provider, secrets: secrets.clone() }
    }
}

impl ProvideCredentials for SeededCredentials {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        match self.first.lock().unwrap_or_else(PoisonError::into_inner).take() {
            Some(first) => future::ProvideCredentials::ready(Ok(first)),
            None => future::ProvideCredentials::new(async {
                let renewed = self.provider.provide_credentials().await?;
                learn(&self.secrets, &renewed);
                Ok(renewed)
            }),
        }
    }
}

/// A setting, or `None` if it is empty.
fn set(text: Option<String>) -> Option<String> {
    text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

#[expect(clippy::disallowed_methods, reason = "the environment is a part of the AWS configuration")]
fn variable(name: &str) -> Option<String> {
    set(std::env::var(name).ok())
}
