//! Credentials of other accounts through STS, and whose credentials there are.

use std::time::SystemTime;

use aws_config::SdkConfig;
use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{
    ProvideCredentials, Result as Provided, SharedCredentialsProvider, future,
};
use aws_sdk_sts::Client;
use aws_sdk_sts::types::Credentials as Answer;

use super::Request;
use super::access::{Base, Seeded, patient};
use super::account::Role;
use super::failure::{Failure, Kind};
use super::signed::tries;
use crate::source::{About, Unread};

/// How an account's logs name the session, where nothing else is wanted.
const SESSION: &str = "cognito-lint";

/// The account of the credentials. Everybody may ask that, without any permission.
pub(super) async fn own_account(base: &Base) -> Result<Option<String>, Failure> {
    if base.account.is_some() {
        return Ok(base.account.clone());
    }
    let identity = tries(|| base.sts.get_caller_identity().send()).await?;
    Ok(identity.account().map(str::to_owned))
}

/// Assumes a role, and makes settings for clients that go on doing so when the credentials run out.
pub(super) async fn assume(base: &Base, role: &Role, request: &Request) -> Result<SdkConfig, Failure> {
    let assumed = Assumed { client: base.sts.clone(), role: role.clone() };
    let first = tokio::time::timeout(request.operation_timeout, assumed.ask()).await;
    let first = first.unwrap_or_else(|_| Err(Failure::new(Kind::Timeout, "no answer in time")))?;
    request.secrets.learn(&first);
    let seeded = Seeded::new(first, SharedCredentialsProvider::new(assumed), &request.secrets);
    let config = base.config.clone().into_builder();
    let config = config.credentials_provider(SharedCredentialsProvider::new(seeded));
    Ok(config.identity_cache(patient(request)).build())
}

/// What is said of a role that cannot be assumed.
pub(super) fn not_assumed(title: String, role: &Role, failure: &Failure) -> Unread {
    let external_id = match role.session.external_id {
        Some(_) => "asks for the external id that was given, or for none",
        None => "asks for no external id, or give the one that it asks for",
    };
    let help = match failure.kind {
        Kind::Denied => format!(
            "let the role's trust policy name these credentials, check that it {external_id}, and allow them \
             `sts:AssumeRole` on `{}`",
            role.arn
        ),
        Kind::Credentials => "renew the credentials that assume the role".to_owned(),
        Kind::Timeout | Kind::Connect | Kind::NoAddress => {
            "check the network, proxies and endpoint URL between here and STS".to_owned()
        }
        _ => "`aws sts assume-role` with the same role shows what is wrong".to_owned(),
    };
    Unread {
        target: title,
        operation: Some("AssumeRole".to_owned()),
        code: failure.code.clone(),
        message: format!("the role {} could not be assumed: {}", role.arn, failure.sentence()),
        help: Some(help),
        at: None,
        about: About::default(),
    }
}

/// Gives credentials of a role.
#[derive(Debug)]
struct Assumed {
    client: Client,
    role: Role,
}

impl Assumed {
    async fn ask(&self) -> Result<Credentials, Failure> {
        let session = &self.role.session;
        let external_id = session.external_id.as_ref().map(|id| id.reveal().to_owned());
        let call = || {
            let call = self.client.assume_role().role_arn(self.role.arn.as_str());
            let call = call.role_session_name(session.name.as_deref().unwrap_or(SESSION));
            call.set_external_id(external_id.clone()).send()
        };
        let answer = tries(call).await.map_err(|mut failure| {
            // STS quotes what it does not take.
            if let Some(id) = &external_id {
                failure.said = failure.said.replace(id, "***");
            }
            failure
        })?;
        let garbled = || Failure::new(Kind::Garbled, "it holds no credentials");
        let answer: &Answer = answer.credentials().ok_or_else(garbled)?;
        let until = SystemTime::try_from(*answer.expiration()).map_err(|_| garbled())?;
        let (key, secret) = (answer.access_key_id(), answer.secret_access_key());
        let token = Some(answer.session_token().to_owned());
        Ok(Credentials::new(key, secret, token, Some(until), "AssumeRole"))
    }
}

impl ProvideCredentials for Assumed {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        let credentials = async {
            let answer: Provided =
                self.ask().await.map_err(|failure| CredentialsError::provider_error(failure.sentence()));
            answer
        };
        future::ProvideCredentials::new(credentials)
    }
}
