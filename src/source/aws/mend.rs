//! What is said of a failure, and what to do about it.

use super::call::Lane;
use super::failure::{Failure, Kind};
use super::operation::{action, names_a_pool};
use super::section::Missed;
use crate::source::{About, Unread};

/// What a failed call was about.
#[derive(Clone, Copy, Debug)]
pub(super) struct Subject<'a> {
    pub operation: &'static str,
    pub region: &'a str,
    /// `None` where no answer has told it yet.
    pub account: Option<&'a str>,
    /// The id, for a call about one pool.
    pub pool: Option<&'a str>,
    /// `--profile`.
    pub profile: Option<&'a str>,
}

impl Lane {
    /// What is said of a failed call.
    pub(super) fn unread(
        &self,
        target: String,
        failure: &Failure,
        operation: &'static str,
        pool: Option<&str>,
    ) -> Unread {
        self.unread_in(target, failure, operation, pool, self.account.as_deref())
    }

    fn unread_in(
        &self,
        target: String,
        failure: &Failure,
        operation: &'static str,
        pool: Option<&str>,
        account: Option<&str>,
    ) -> Unread {
        let subject =
            Subject { operation, region: &self.region, account, pool, profile: self.profile.as_deref() };
        Unread {
            target,
            operation: Some(operation.to_owned()),
            code: failure.code.clone(),
            message: failure.sentence(),
            help: mend(failure, &subject),
            at: None,
            about: About {
                account: account.map(str::to_owned),
                region: Some(self.region.clone()),
                pool: pool.map(str::to_owned),
            },
        }
    }

    /// Why a section is not there, which is all that is said of it: the verdicts that need it are unknown.
    pub(super) fn reason(&self, missed: &Missed, pool: &str, account: Option<&str>) -> String {
        let Missed { operation, failure } = missed;
        // IAM knows no narrower resource for a domain: the call does not name the pool.
        let pool = names_a_pool(operation).then_some(pool);
        let Unread { code, message, help, .. } =
            self.unread_in(String::new(), failure, operation, pool, account);
        let code = code.map(|code| format!("{code} from ")).unwrap_or_default();
        let help = help.map(|help| format!("; {help}")).unwrap_or_default();
        format!("{code}{operation}: {message}{help}")
    }
}

/// The help line for a failed call.
pub(super) fn mend(failure: &Failure, subject: &Subject<'_>) -> Option<String> {
    let Subject { operation, region, .. } = subject;
    Some(match failure.kind {
        Kind::Stopped => return None,
        Kind::NotFound => "check the id, and that the credentials are for the pool's account".to_owned(),
        Kind::BadInput => "check the id of the pool".to_owned(),
        Kind::Throttled => {
            "lower `--max-rps`, or run when less else calls Cognito in this account and Region".to_owned()
        }
        Kind::Denied if failure.said.contains("explicit deny") => format!(
            "a policy denies `{}` on `{}`: take the deny out, or use other credentials",
            action(operation),
            arn(subject)
        ),
        Kind::Denied => format!("allow `{}` on `{}`", action(operation), arn(subject)),
        Kind::Credentials => credentials(failure, subject),
        Kind::Server => "run again later; https://health.aws.amazon.com tells of outages".to_owned(),
        Kind::Timeout | Kind::Connect => {
            format!("check the network, proxies and endpoint URL between here and Cognito in {region}")
        }
        Kind::NoAddress => format!("check that `{region}` is a Region with Cognito, and the network"),
        Kind::Garbled => "check for a proxy in between, and the endpoint URL".to_owned(),
        Kind::Other => match failure.code.as_deref() {
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

fn credentials(failure: &Failure, subject: &Subject<'_>) -> String {
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

/// How to get credentials that have not run out.
pub(super) fn renew(profile: Option<&str>) -> String {
    match profile {
        Some(profile) => format!("renew the credentials, such as with `aws sso login --profile {profile}`"),
        None => "renew the credentials, such as with `aws sso login`".to_owned(),
    }
}

/// The ARN to name in an IAM policy.
fn arn(subject: &Subject<'_>) -> String {
    // ListUserPools is about no pool: IAM knows no narrower resource for it.
    let Some(pool) = subject.pool else {
        return "*".to_owned();
    };
    let Subject { region, account, .. } = subject;
    let account = account.unwrap_or("*");
    format!("arn:{}:cognito-idp:{region}:{account}:userpool/{pool}", partition(region))
}

/// The partition that a Region is in.
pub(super) fn partition(region: &str) -> &'static str {
    const PREFIXES: [(&str, &str); 7] = [
        ("cn-", "aws-cn"),
        ("us-gov-", "aws-us-gov"),
        ("us-isob-", "aws-iso-b"),
        ("us-isof-", "aws-iso-f"),
        ("eu-isoe-", "aws-iso-e"),
        ("us-iso-", "aws-iso"),
        ("eusc-", "aws-eusc"),
    ];
    let found = PREFIXES.iter().find(|(prefix, _)| region.starts_with(prefix));
    found.map_or("aws", |(_, partition)| partition)
}

#[cfg(test)]
mod tests {
    use super::*;

    const POOL: Subject<'static> = Subject {
        operation: "DescribeUserPool",
        region: "us-gov-west-1",
        account: Some("111122223333"),
        pool: Some("us-gov-west-1_a"),
        profile: Some("audit"),
    };

    #[test]
    fn a_denial_names_the_action_and_the_resource() {
        let denied = Failure::new(Kind::Denied, "User is not authorized");
        assert_eq!(
            mend(&denied, &POOL).unwrap(),
            "allow `cognito-idp:DescribeUserPool` on \
             `arn:aws-us-gov:cognito-idp:us-gov-west-1:111122223333:userpool/us-gov-west-1_a`"
        );
        let list = Subject { operation: "ListUserPools", pool: None, ..POOL };
        assert_eq!(mend(&denied, &list).unwrap(), "allow `cognito-idp:ListUserPools` on `*`");
        let deny = Failure::new(Kind::Denied, "not authorized with an explicit deny in an SCP");
        assert!(mend(&deny, &POOL).unwrap().contains("take the deny out"));
    }

    #[test]
    fn expired_credentials_are_renewed_with_the_profile() {
        let mut expired = Failure::new(Kind::Credentials, "The security token is expired");
        expired.code = Some("ExpiredTokenException".to_owned());
        assert!(mend(&expired, &POOL).unwrap().ends_with("`aws sso login --profile audit`"));
    }
}
