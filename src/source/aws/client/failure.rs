//! Failures of calls, classified by error code and not by type, since the service sends codes that the SDK has no type
//! for.

use std::error::Error;

use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_cognitoidentityprovider::config::http::HttpResponse;
use aws_sdk_cognitoidentityprovider::error::{ProvideErrorMetadata, SdkError};

/// The class of a failure, which decides how the run continues.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::source::aws) enum FailureKind {
    NotFound,
    BadInput,
    Throttled,
    Denied,
    /// The credentials do not work, so no other call of the run will.
    Credentials,
    Server,
    Timeout,
    Connect,
    /// DNS has no address for the host.
    NoAddress,
    /// The answer is not one that Cognito sends.
    Garbled,
    /// The run was cancelled.
    Cancelled,
    Other,
}

/// The failure of a call after its last attempt.
#[derive(Clone, Debug)]
pub(in crate::source::aws) struct CallFailure {
    pub kind: FailureKind,
    /// The service's error code.
    pub code: Option<String>,
    /// The message of the service or the machine.
    pub message: String,
    /// A policy denies the call, as opposed to none that allows it. The service says this in its message alone.
    pub explicit_deny: bool,
    /// The number of attempts.
    pub tries: u32,
}

/// A failure, and the operation that failed.
#[derive(Debug)]
pub(in crate::source::aws) struct FailedCall {
    pub operation: &'static str,
    pub failure: CallFailure,
}

impl CallFailure {
    pub(in crate::source::aws) fn new(kind: FailureKind, message: impl Into<String>) -> CallFailure {
        CallFailure { kind, code: None, message: message.into(), explicit_deny: false, tries: 1 }
    }

    /// A list without an end: a page token came again, or more pages than any list has.
    pub(in crate::source::aws) fn endless(pages: usize, most: usize) -> CallFailure {
        let said = match pages < most {
            true => "the service repeated a page token, so the list has no end".to_owned(),
            false => format!("the list is not at its end after {most} pages"),
        };
        CallFailure::new(FailureKind::Other, said)
    }

    /// Classifies an error of the SDK.
    pub(in crate::source::aws) fn of<E>(error: &SdkError<E, HttpResponse>) -> CallFailure
    where
        E: ProvideErrorMetadata + Error + 'static,
    {
        if let Some(status) = error.raw_response().map(|raw| raw.status().as_u16())
            && (300..400).contains(&status)
        {
            let said = format!("HTTP status {status}, a redirect, which is not followed");
            return CallFailure::new(FailureKind::Garbled, said);
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
                CallFailure {
                    code: code.map(str::to_owned),
                    explicit_deny: said.contains("explicit deny"),
                    ..CallFailure::new(kind_of_code(code, status), said)
                }
            }
            SdkError::ResponseError(response) => {
                let status = response.raw().status().as_u16();
                let kind = if broke_off(error) {
                    FailureKind::Connect
                } else if 500 <= status {
                    FailureKind::Server
                } else if status == 429 {
                    FailureKind::Throttled
                } else {
                    FailureKind::Garbled
                };
                CallFailure::new(kind, format!("HTTP status {status}, {}", chain(error)))
            }
            SdkError::TimeoutError(_) => CallFailure::new(FailureKind::Timeout, "no answer in time"),
            SdkError::DispatchFailure(dispatch) if dispatch.is_timeout() => {
                CallFailure::new(FailureKind::Timeout, "no answer in time")
            }
            _ => CallFailure::new(kind_of_chain(error), chain(error)),
        }
    }

    /// Whether another attempt may succeed.
    pub(in crate::source::aws) fn passing(&self) -> bool {
        matches!(
            self.kind,
            FailureKind::Throttled
                | FailureKind::Server
                | FailureKind::Timeout
                | FailureKind::Connect
                | FailureKind::NoAddress
                | FailureKind::Garbled
        )
    }

    /// Whether the service is unavailable, as opposed to a fault of one pool.
    pub(in crate::source::aws) fn outage(&self) -> bool {
        self.passing() && self.kind != FailureKind::Garbled
    }

    /// The failure as a clause, without the code, which reports show separately.
    pub(in crate::source::aws) fn sentence(&self) -> String {
        let CallFailure { message, tries, .. } = self;
        let times = if *tries == 1 { String::new() } else { format!(" in {tries} tries") };
        match self.kind {
            FailureKind::NotFound => format!("the pool does not exist: {message}"),
            FailureKind::BadInput => format!("the service refuses the request: {message}"),
            FailureKind::Throttled => format!("throttled{times}: {message}"),
            FailureKind::Denied => format!("access denied: {message}"),
            FailureKind::Credentials => format!("the credentials do not work: {message}"),
            FailureKind::Server => format!("the service failed{times}: {message}"),
            FailureKind::Timeout => format!("{message}{times}"),
            FailureKind::Connect => format!("the connection failed{times}: {message}"),
            FailureKind::NoAddress => format!("the service's host has no address: {message}"),
            FailureKind::Garbled => format!("the answer cannot be read: {message}"),
            FailureKind::Cancelled | FailureKind::Other => message.clone(),
        }
    }
}

pub(in crate::source::aws) fn kind_of_code(code: Option<&str>, status: u16) -> FailureKind {
    match code.unwrap_or_default() {
        "ResourceNotFoundException" => FailureKind::NotFound,
        "InvalidParameterException" | "ValidationException" | "SerializationException" => {
            FailureKind::BadInput
        }
        "TooManyRequestsException"
        | "Throttling"
        | "ThrottlingException"
        | "ThrottledException"
        | "RequestThrottled"
        | "RequestThrottledException"
        | "RequestLimitExceeded"
        | "LimitExceededException"
        | "BandwidthLimitExceeded"
        | "SlowDown" => FailureKind::Throttled,
        "NotAuthorizedException"
        | "AccessDeniedException"
        | "AccessDenied"
        | "UnauthorizedException"
        | "UnauthorizedOperation" => FailureKind::Denied,
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
        | "IncompleteSignatureException" => FailureKind::Credentials,
        "InternalErrorException"
        | "InternalFailure"
        | "InternalServerException"
        | "ServiceUnavailable"
        | "ServiceUnavailableException" => FailureKind::Server,
        _ if status == 429 => FailureKind::Throttled,
        _ if 500 <= status => FailureKind::Server,
        // Cognito names every error.
        "" => FailureKind::Garbled,
        _ => FailureKind::Other,
    }
}

/// Classifies an error without an answer by its causes.
fn kind_of_chain(error: &(dyn Error + 'static)) -> FailureKind {
    if links(error).any(<dyn Error>::is::<CredentialsError>) {
        FailureKind::Credentials
    } else if mentions(error, &["dns error", "failed to lookup address"]) {
        FailureKind::NoAddress
    } else if broke_off(error) {
        FailureKind::Connect
    } else {
        FailureKind::Other
    }
}

/// Whether the connection failed, as opposed to the answer.
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

/// The messages of an error and its causes, without those that have no information.
pub(in crate::source::aws) fn chain(error: &(dyn Error + 'static)) -> String {
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
        // There is nothing but noise, so show the last of it.
        return links(error).map(ToString::to_string).last().unwrap_or_default();
    }
    said.join(": ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_decides_the_kind() {
        let cases = [
            ("TooManyRequestsException", 400, FailureKind::Throttled),
            ("NotAuthorizedException", 400, FailureKind::Denied),
            ("ExpiredTokenException", 400, FailureKind::Credentials),
            ("InternalErrorException", 500, FailureKind::Server),
            ("UserPoolTaggingException", 400, FailureKind::Other),
            ("SomethingNew", 503, FailureKind::Server),
            ("SomethingNew", 429, FailureKind::Throttled),
        ];
        for (code, status, kind) in cases {
            assert_eq!(kind_of_code(Some(code), status), kind, "{code}");
        }
    }

    #[test]
    fn many_pages_are_not_called_a_repetition() {
        assert!(CallFailure::endless(3, 1000).message.contains("repeated a page token"));
        let many = CallFailure::endless(1000, 1000).message;
        assert_eq!(many, "the list is not at its end after 1000 pages");
    }

    #[test]
    fn the_number_of_tries_is_shown_if_there_were_several() {
        let mut failure = CallFailure::new(FailureKind::Throttled, "Rate exceeded");
        assert_eq!(failure.sentence(), "throttled: Rate exceeded");
        failure.tries = 20;
        assert_eq!(failure.sentence(), "throttled in 20 tries: Rate exceeded");
    }
}
