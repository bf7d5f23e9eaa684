//! Messages about failed calls: what failed, why, and what to do about it.

use crate::pool::Section;
use crate::source::aws::client::{CallFailure, FailedCall, FailureKind, RegionClient, renew};
use crate::source::live::partition;
use crate::source::live::{action, asked_beside, names_a_pool};
use crate::source::{About, Unread};

/// The call that failed.
#[derive(Clone, Copy, Debug)]
struct CallSubject<'a> {
    operation: &'static str,
    region: &'a str,
    /// `None` until an answer has named it.
    account: Option<&'a str>,
    /// The id, for a call about one pool.
    pool: Option<&'a str>,
    /// `--profile`.
    profile: Option<&'a str>,
}

/// The message about a failed call.
pub(super) fn unread(
    client: &RegionClient,
    target: String,
    failure: &CallFailure,
    operation: &'static str,
    pool: Option<&str>,
) -> Unread {
    unread_in(client, target, failure, operation, pool, client.account.as_deref())
}

fn unread_in(
    client: &RegionClient,
    target: String,
    failure: &CallFailure,
    operation: &'static str,
    pool: Option<&str>,
    account: Option<&str>,
) -> Unread {
    let (region, profile) = (client.region.as_str(), client.profile.as_deref());
    let subject = CallSubject { operation, region, account, pool, profile };
    Unread {
        target,
        operation: Some(operation.to_owned()),
        code: failure.code.clone(),
        message: failure.sentence(),
        help: advice(failure, &subject),
        at: None,
        about: About {
            account: account.map(str::to_owned),
            region: Some(region.to_owned()),
            pool: pool.map(str::to_owned),
            section: pool.and_then(|_| Section::filled_by(operation)),
        },
    }
}

/// The way to do without sections that the credentials may not read.
const WITHOUT: &str = ", or choose the pack `pool`, whose rules need no more than DescribeUserPool";

/// The reason that a section is unread. The verdicts that need the section are unknown and quote it.
pub(super) fn reason(
    client: &RegionClient,
    failed: &FailedCall,
    pool: &str,
    account: Option<&str>,
) -> String {
    let FailedCall { operation, failure } = failed;
    // IAM has no narrower resource for a domain: the call does not name the pool.
    let pool = names_a_pool(operation).then_some(pool);
    let Unread { code, message, help, .. } =
        unread_in(client, String::new(), failure, operation, pool, account);
    let code = code.map(|code| format!("{code} from ")).unwrap_or_default();
    let help = help.map(|help| format!("; {help}")).unwrap_or_default();
    let without = if failure.kind == FailureKind::Denied { WITHOUT } else { "" };
    format!("{code}{operation}: {message}{help}{without}")
}

/// The help line for a failed call.
fn advice(failure: &CallFailure, subject: &CallSubject<'_>) -> Option<String> {
    let CallSubject { operation, region, .. } = subject;
    Some(match failure.kind {
        FailureKind::Cancelled => return None,
        FailureKind::NotFound => {
            "check the id, and that the credentials are for the pool's account".to_owned()
        }
        FailureKind::BadInput => "check the id of the pool".to_owned(),
        FailureKind::Throttled => {
            "lower `--max-rps`, or run when less else calls Cognito in this account and Region".to_owned()
        }
        FailureKind::Denied if failure.explicit_deny => format!(
            "a policy denies `{}` on `{}`: take the deny out, or use other credentials",
            action(operation),
            arn(subject)
        ),
        FailureKind::Denied => {
            format!("allow `{}` on `{}`{}", action(operation), arn(subject), asked_beside(operation))
        }
        FailureKind::Credentials => credentials(failure, subject),
        FailureKind::Server => "run again later; https://health.aws.amazon.com tells of outages".to_owned(),
        FailureKind::Timeout | FailureKind::Connect => {
            format!("check the network, proxies and endpoint URL between here and Cognito in {region}")
        }
        FailureKind::NoAddress => format!("check that `{region}` is a Region with Cognito, and the network"),
        FailureKind::Garbled => "check for a proxy in between, and the endpoint URL".to_owned(),
        FailureKind::Other => match failure.code.as_deref() {
            Some("UserPoolTaggingException") => {
                "look at the pool's tags in the console, then run again".to_owned()
            }
            Some("OperationNotEnabledException") => {
                format!("{operation} is not open to this pool or account: ask AWS Support")
            }
            _ => return None,
        },
    })
}

fn credentials(failure: &CallFailure, subject: &CallSubject<'_>) -> String {
    match failure.code.as_deref() {
        Some(
            "InvalidSignatureException" | "SignatureDoesNotMatch" | "RequestTimeTooSkewed" | "RequestExpired",
        ) => "check the secret access key, and this machine's clock".to_owned(),
        Some("UnrecognizedClientException" | "InvalidClientTokenId" | "OptInRequired") => {
            format!("check the access key, and that {} is switched on for the account", subject.region)
        }
        // From the service, or from the credential chain while it renewed them.
        _ => renew(subject.profile),
    }
}

/// The ARN to name in an IAM policy.
fn arn(subject: &CallSubject<'_>) -> String {
    // ListUserPools names no pool, and IAM has no narrower resource for it.
    let Some(pool) = subject.pool else {
        return "*".to_owned();
    };
    let CallSubject { region, account, .. } = subject;
    let account = account.unwrap_or("*");
    format!("arn:{}:cognito-idp:{region}:{account}:userpool/{pool}", partition(region))
}

#[cfg(test)]
mod tests {
    use super::*;

    const POOL: CallSubject<'static> = CallSubject {
        operation: "DescribeUserPool",
        region: "us-gov-west-1",
        account: Some("111122223333"),
        pool: Some("us-gov-west-1_a"),
        profile: Some("audit"),
    };

    #[test]
    fn a_denial_names_the_action_and_the_resource() {
        let denied = CallFailure::new(FailureKind::Denied, "User is not authorized");
        assert_eq!(
            advice(&denied, &POOL).unwrap(),
            "allow `cognito-idp:DescribeUserPool` on \
             `arn:aws-us-gov:cognito-idp:us-gov-west-1:111122223333:userpool/us-gov-west-1_a`"
        );
        let list = CallSubject { operation: "ListUserPools", pool: None, ..POOL };
        assert_eq!(advice(&denied, &list).unwrap(), "allow `cognito-idp:ListUserPools` on `*`");
        let deny = CallFailure { explicit_deny: true, ..denied.clone() };
        assert!(advice(&deny, &POOL).unwrap().contains("take the deny out"));
    }

    #[test]
    fn expired_credentials_are_renewed_with_the_profile() {
        let mut expired = CallFailure::new(FailureKind::Credentials, "The security token is expired");
        expired.code = Some("ExpiredTokenException".to_owned());
        assert!(advice(&expired, &POOL).unwrap().ends_with("`aws sso login --profile audit`"));
    }
}
