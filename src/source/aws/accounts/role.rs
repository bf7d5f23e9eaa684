//! Assumes roles through STS, and finds the account of credentials.

use std::time::SystemTime;

use aws_config::SdkConfig;
use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{
    ProvideCredentials, Result as Provided, SharedCredentialsProvider, future,
};
use aws_sdk_sts::Client;
use aws_sdk_sts::types::Credentials as Answer;

use super::credentials::{Caller, SeededCredentials, learn, patient};
use crate::source::aws::client::{CallFailure, FailureKind, tries};
use crate::source::live::{Request, Role};
use crate::source::{About, Unread};

/// The default name of the session in the account's logs.
const SESSION: &str = "cognito-lint";

/// The account of the credentials. The call needs no permission.
pub(in crate::source::aws) async fn own_account(caller: &Caller) -> Result<Option<String>, CallFailure> {
    if caller.account.is_some() {
        return Ok(caller.account.clone());
    }
    let identity = tries(|| caller.sts.get_caller_identity().send()).await?;
    Ok(identity.account().map(str::to_owned))
}

/// Assumes a role. Clients with the settings that it returns assume it again when the credentials expire.
pub(in crate::source::aws) async fn assume(
    caller: &Caller,
    role: &Role,
    request: &Request,
) -> Result<SdkConfig, CallFailure> {
    let assumed = RoleCredentials { client: caller.sts.clone(), role: role.clone() };
    let first = tokio::time::timeout(request.operation_timeout, assumed.ask()).await;
    let first = first.unwrap_or_else(|_| Err(CallFailure::new(FailureKind::Timeout, "no answer in time")))?;
    learn(&request.secrets, &first);
    let seeded = SeededCredentials::new(first, SharedCredentialsProvider::new(assumed), &request.secrets);
    let config = caller.config.clone().into_builder();
    let config = config.credentials_provider(SharedCredentialsProvider::new(seeded));
    Ok(config.identity_cache(patient(request)).build())
}

/// The failure of a role that cannot be assumed.
pub(in crate::source::aws) fn not_assumed(title: String, role: &Role, failure: &CallFailure) -> Unread {
    let external_id = match role.session.external_id {
        Some(_) => "asks for the external id that was given, or for none",
        None => "asks for no external id, or give the one that it asks for",
    };
    let help = match failure.kind {
        FailureKind::Denied => format!(
            "let the role's trust policy name these credentials, check that it {external_id}, and allow them \
             `sts:AssumeRole` on `{}`",
            role.arn
        ),
        FailureKind::Credentials => "renew the credentials that assume the role".to_owned(),
        FailureKind::Timeout | FailureKind::Connect | FailureKind::NoAddress => {
            "check the network, proxies and endpoint URL between here and STS".to_owned()
        }
        _ => "`aws sts assume-role` with the same role shows what is wrong".to_owned(),
    };
    Unread {
        operation: Some("AssumeRole".to_owned()),
        code: failure.code.clone(),
        help: Some(help),
        about: About { account: Some(role.arn.account().to_owned()), ..About::default() },
        ..Unread::new(title, format!("the role {} could not be assumed: {}", role.arn, failure.sentence()))
    }
}

/// Provides the credentials of a role.
#[derive(Debug)]
struct RoleCredentials {
    client: Client,
    role: Role,
}

impl RoleCredentials {
    async fn ask(&self) -> Result<Credentials, CallFailure> {
        let session = &self.role.session;
        let external_id = session.external_id.as_ref().map(|id| id.reveal().to_owned());
        let call = || {
            let call = self.client.assume_role().role_arn(self.role.arn.as_str());
            let call = call.role_session_name(session.name.as_deref().unwrap_or(SESSION));
            call.set_external_id(external_id.clone()).send()
        };
        let answer = tries(call).await.map_err(|mut failure| {
            // STS quotes an external id that it rejects.
            if let Some(id) = &external_id {
                failure.message = failure.message.replace(id, "***");
            }
            failure
        })?;
        let garbled = || CallFailure::new(FailureKind::Garbled, "it holds no credentials");
        let answer: &Answer = answer.credentials().ok_or_else(garbled)?;
        let until = SystemTime::try_from(*answer.expiration()).map_err(|_| garbled())?;
        let (key, secret) = (answer.access_key_id(), answer.secret_access_key());
        let token = Some(answer.session_token().to_owned());
        Ok(Credentials::new(key, secret, token, Some(until), "AssumeRole"))
    }
}

impl ProvideCredentials for RoleCredentials {
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
