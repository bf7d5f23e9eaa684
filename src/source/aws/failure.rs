//! Why a call failed: one kind for every way, told apart by code and not by type, since the service answers
//! with codes that the SDK has no type for.

use std::error::Error;

use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_cognitoidentityprovider::config::http::HttpResponse;
use aws_sdk_cognitoidentityprovider::error::{ProvideErrorMetadata, SdkError};

/// What a failure means for the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    NotFound,
    BadInput,
    Throttled,
    Denied,
    /// The credentials are at fault: no call of this run will do better.
    Credentials,
    Server,
    Timeout,
    Connect,
    /// DNS knows no such host.
    NoAddress,
    /// Something answered that does not speak as Cognito does.
    Garbled,
    /// No work may start any more.
    Stopped,
    Other,
}

/// A call that failed, and failed for good.
#[derive(Clone, Debug)]
pub(super) struct Failure {
    pub kind: Kind,
    /// The service's error code.
    pub code: Option<String>,
    /// What the service or the machine said.
    pub said: String,
    /// Attempts that were made.
    pub tries: u32,
}

impl Failure {
    pub(super) fn new(kind: Kind, said: impl Into<String>) -> Failure {
        Failure { kind, code: None, said: said.into(), tries: 1 }
    }

    /// What an error of the SDK amounts to.
    pub(super) fn of<E>(error: &SdkError<E, HttpResponse>) -> Failure
    where
        E: ProvideErrorMetadata + Error + 'static,
    {
        if let Some(status) = error.raw_response().map(|raw| raw.status().as_u16())
            && (300..400).contains(&status)
        {
            let said = format!("HTTP status {status}, a redirect, which is not followed");
            return Failure::new(Kind::Garbled, said);
        }
        match error {
            SdkError::ServiceError(service) => {
                let code = service.err().code();
                let status = service.raw().status().as_u16();
                let said = service.err().message().map(|said| said.trim_end_matches('.').to_owned());
                let said = said.unwrap_or_else(|| match code {
                    Some(_) => "the service gives no reason".to_owned(),
                    None => format!("HTTP status {status}, and nothing about the error"),
                });
                Failure { code: code.map(str::to_owned), ..Failure::new(kind_of_code(code, status), said) }
            }
            SdkError::ResponseError(response) => {
                let status = response.raw().status().as_u16();
                let kind = if broke_off(error) {
                    Kind::Connect
                } else if 500 <= status {
                    Kind::Server
                } else if status == 429 {
                    Kind::Throttled
                } else {
                    Kind::Garbled
                };
                Failure::new(kind, format!("HTTP status {status}, {}", chain(error)))
            }
            SdkError::TimeoutError(_) => Failure::new(Kind::Timeout, "no answer in time"),
            SdkError::DispatchFailure(dispatch) if dispatch.is_timeout() => {
                Failure::new(Kind::Timeout, "no answer in time")
            }
            _ => Failure::new(kind_of_chain(error), chain(error)),
        }
    }

    /// Whether another attempt may do better.
    pub(super) fn passing(&self) -> bool {
        matches!(
            self.kind,
            Kind::Throttled | Kind::Server | Kind::Timeout | Kind::Connect | Kind::NoAddress | Kind::Garbled
        )
    }

    /// Whether it says that the service cannot be had, rather than something about one pool.
    pub(super) fn outage(&self) -> bool {
        self.passing() && self.kind != Kind::Garbled
    }

    /// What happened, as a clause. The code is not in it: reports show it beside.
    pub(super) fn sentence(&self) -> String {
        let Failure { said, tries, .. } = self;
        let times = if *tries == 1 { String::new() } else { format!(" in {tries} tries") };
        match self.kind {
            Kind::NotFound => format!("there is no such pool: {said}"),
            Kind::BadInput => format!("the service refuses the request: {said}"),
            Kind::Throttled => format!("throttled{times}: {said}"),
            Kind::Denied => format!("access denied: {said}"),
            Kind::Credentials => format!("the credentials do not work: {said}"),
            Kind::Server => format!("the service failed{times}: {said}"),
            Kind::Timeout => format!("{said}{times}"),
            Kind::Connect => format!("the connection failed{times}: {said}"),
            Kind::NoAddress => format!("the service's host has no address: {said}"),
            Kind::Garbled => format!("the answer cannot be read: {said}"),
            Kind::Stopped | Kind::Other => said.clone(),
        }
    }
}

pub(super) fn kind_of_code(code: Option<&str>, status: u16) -> Kind {
    match code.unwrap_or_default() {
        "ResourceNotFoundException" => Kind::NotFound,
        "InvalidParameterException" | "ValidationException" | "SerializationException" => Kind::BadInput,
        "TooManyRequestsException"
        | "Throttling"
        | "ThrottlingException"
        | "ThrottledException"
        | "RequestThrottled"
        | "RequestThrottledException"
        | "RequestLimitExceeded"
        | "LimitExceededException"
        | "BandwidthLimitExceeded"
        | "SlowDown" => Kind::Throttled,
        "NotAuthorizedException"
        | "AccessDeniedException"
        | "AccessDenied"
        | "UnauthorizedException"
        | "UnauthorizedOperation" => Kind::Denied,
        "ExpiredTokenException"
        | "ExpiredToken"
        | "TokenRefreshRequired"
        | "RequestExpired"
        | "UnrecognizedClientException"
        | "InvalidClientTokenId"
        | "InvalidAccessKeyId"
        | "InvalidSignatureException"
        | "SignatureDoesNotMatch"
        | "RequestTimeTooSkewed"
        | "MissingAuthenticationToken"
        | "MissingAuthenticationTokenException"
        | "OptInRequired"
        | "AuthFailure"
        | "IncompleteSignature"
        | "IncompleteSignatureException" => Kind::Credentials,
        "InternalErrorException"
        | "InternalFailure"
        | "InternalServerException"
        | "ServiceUnavailable"
        | "ServiceUnavailableException" => Kind::Server,
        _ if status == 429 => Kind::Throttled,
        _ if 500 <= status => Kind::Server,
        // Cognito names every error.
        "" => Kind::Garbled,
        _ => Kind::Other,
    }
}

/// For errors without an answer: what lies at their bottom.
fn kind_of_chain(error: &(dyn Error + 'static)) -> Kind {
    if links(error).any(<dyn Error>::is::<CredentialsError>) {
        Kind::Credentials
    } else if mentions(error, &["dns error", "failed to lookup address"]) {
        Kind::NoAddress
    } else if broke_off(error) {
        Kind::Connect
    } else {
        Kind::Other
    }
}

/// Whether the connection, and not what came over it, is at fault.
fn broke_off(error: &(dyn Error + 'static)) -> bool {
    links(error).any(<dyn Error>::is::<std::io::Error>)
        || mentions(error, &["connect error", "connection", "end of file", "SendRequest"])
}

fn mentions(error: &(dyn Error + 'static), signs: &[&str]) -> bool {
    links(error).any(|link| {
        let text = link.to_string();
        signs.iter().any(|sign| text.contains(sign))
    })
}

/// An error and its causes.
fn links<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |link| (*link).source())
}

/// The messages of an error and of its causes, without the layers that say nothing.
pub(super) fn chain(error: &(dyn Error + 'static)) -> String {
    const NOISE: [&str; 13] = [
        "dispatch failure",
        "other",
        "io error",
        "service error",
        "response error",
        "unhandled error",
        "failed to construct request",
        "client error (Connect)",
        "client error (SendRequest)",
        "tcp connect error",
        "dns error",
        "error trying to connect",
        "the credential provider was not enabled",
    ];
    let mut said: Vec<String> = Vec::new();
    for link in links(error) {
        let text = link.to_string().trim().trim_end_matches('.').to_owned();
        let known = said.iter().any(|earlier| earlier.contains(&text));
        if !NOISE.contains(&text.as_str()) && !known {
            said.push(text);
        }
    }
    if said.is_empty() {
        // Nothing but noise: the noise is all there is.
        return links(error).map(ToString::to_string).last().unwrap_or_default();
    }
    said.join(": ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_tell_the_kind() {
        let cases = [
            ("TooManyRequestsException", 400, Kind::Throttled),
            ("NotAuthorizedException", 400, Kind::Denied),
            ("ExpiredTokenException", 400, Kind::Credentials),
            ("InternalErrorException", 500, Kind::Server),
            ("UserPoolTaggingException", 400, Kind::Other),
            ("SomethingNew", 503, Kind::Server),
            ("SomethingNew", 429, Kind::Throttled),
        ];
        for (code, status, kind) in cases {
            assert_eq!(kind_of_code(Some(code), status), kind, "{code}");
        }
    }

    #[test]
    fn tries_are_told_where_there_were_several() {
        let mut failure = Failure::new(Kind::Throttled, "Rate exceeded");
        assert_eq!(failure.sentence(), "throttled: Rate exceeded");
        failure.tries = 20;
        assert_eq!(failure.sentence(), "throttled in 20 tries: Rate exceeded");
    }
}
