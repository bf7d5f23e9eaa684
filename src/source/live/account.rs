//! Accounts to read, as they are configured: each with its role, or all accounts of an organization.

use std::fmt;

/// An account to read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// Its name in messages and reports.
    pub name: Option<String>,
    /// The profile whose credentials are used. If `None`: the credentials of the run.
    pub profile: Option<String>,
    /// The role to assume with them. If `None`, the credentials belong to the account.
    pub role: Option<Role>,
    /// If empty: the Regions of the request.
    pub regions: Vec<String>,
}

/// The accounts of the organization that the credentials of the run belong to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Organization {
    /// The role's name with its path, the same in every account, such as `OrganizationAccountAccessRole`.
    pub role_name: String,
    pub session: Session,
    /// The accounts to read. If empty: all of them.
    pub accounts: Vec<String>,
    /// The accounts not to read.
    pub exclude: Vec<String>,
}

/// A role to assume.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    pub arn: RoleArn,
    pub session: Session,
}

/// The parameters of an `AssumeRole` call beside the role.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Session {
    /// The external id that the role's trust policy requires.
    pub external_id: Option<ExternalId>,
    /// The name of the session in the account's logs.
    pub name: Option<String>,
}

/// The ARN of a role.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RoleArn(String);

/// An external id: a value that a trust policy requires of whoever assumes the role. It is never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct ExternalId(String);

impl RoleArn {
    /// Parses the ARN of a role. The error says what is wrong with it.
    pub fn parse(text: &str) -> Result<RoleArn, String> {
        let parts: Vec<&str> = text.splitn(6, ':').collect();
        let ["arn", partition, service, region, account, resource] = parts[..] else {
            return Err("a role's ARN is written like `arn:aws:iam::111122223333:role/auditor`".to_owned());
        };
        if !partition.starts_with("aws") {
            return Err(format!(
                "there is no partition `{partition}`: it is `aws`, `aws-cn` or `aws-us-gov`"
            ));
        }
        if service == "sts" {
            return Err(
                "this names a session of a role; the role's own ARN starts with `arn:aws:iam::`".to_owned()
            );
        }
        if service != "iam" || !region.is_empty() {
            return Err(format!("a role's ARN starts with `arn:{partition}:iam::`"));
        }
        if !is_account(account) {
            return Err(format!("`{account}` is not an account id: an account id has 12 digits"));
        }
        match resource.strip_prefix("role/") {
            Some(name) if is_role_name(name) => Ok(RoleArn(text.to_owned())),
            Some(_) => Err("`role/` must be followed by the role's name".to_owned()),
            None => {
                Err("after the account, a role's ARN goes on with `role/` and the role's name".to_owned())
            }
        }
    }

    /// The ARN of a role by its account and name.
    pub(in crate::source) fn of(partition: &str, account: &str, name: &str) -> RoleArn {
        RoleArn(format!("arn:{partition}:iam::{account}:role/{name}"))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The id of the role's account: 12 digits.
    pub fn account(&self) -> &str {
        self.0.split(':').nth(4).unwrap_or_default()
    }
}

impl fmt::Display for RoleArn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl ExternalId {
    /// Parses an external id. The error does not quote it.
    pub fn parse(text: &str) -> Result<ExternalId, String> {
        if !(2..=1224).contains(&text.len()) {
            Err("an external id has 2 to 1224 characters".to_owned())
        } else if !text.bytes().all(|b| b.is_ascii_alphanumeric() || b"_+=,.@:/-".contains(&b)) {
            Err("an external id has letters, digits and `_+=,.@:/-`".to_owned())
        } else {
            Ok(ExternalId(text.to_owned()))
        }
    }

    /// The value, for the request to the service only.
    pub(in crate::source) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ExternalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ExternalId(***)")
    }
}

/// Whether a text is an account id: 12 digits.
pub fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit())
}

/// Whether a text can be a role's name, with its path.
pub fn is_role_name(text: &str) -> bool {
    let label = |b: u8| b.is_ascii_alphanumeric() || b"_+=,.@/-".contains(&b);
    !text.is_empty() && text.bytes().all(label) && !text.starts_with('/') && !text.ends_with('/')
}

/// Whether a text can be the name of a session.
pub fn is_session_name(text: &str) -> bool {
    let label = |b: u8| b.is_ascii_alphanumeric() || b"_+=,.@-".contains(&b);
    (2..=64).contains(&text.len()) && text.bytes().all(label)
}

/// The name of an account in messages.
pub(in crate::source) fn title(id: Option<&str>, name: Option<&str>) -> String {
    match (id, name) {
        (Some(id), Some(name)) => format!("account {id} ({name})"),
        (Some(one), None) | (None, Some(one)) => format!("account {one}"),
        (None, None) => "account of the credentials".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_arn_names_its_account() {
        for text in [
            "arn:aws:iam::111122223333:role/auditor",
            "arn:aws-us-gov:iam::111122223333:role/path/to/auditor+1",
        ] {
            assert_eq!(RoleArn::parse(text).unwrap().account(), "111122223333");
        }
    }

    #[test]
    fn the_error_names_the_fault_of_an_arn() {
        let wrong = |text: &str| RoleArn::parse(text).unwrap_err();
        assert!(wrong("auditor").contains("is written like"));
        assert!(wrong("arn:aws:iam::1111:role/a").contains("12 digits"));
        assert!(wrong("arn:aws:iam::111122223333:user/a").contains("goes on with `role/`"));
        assert!(wrong("arn:aws:sts::111122223333:assumed-role/a/b").contains("a session of a role"));
        assert!(wrong("arn:aws:s3:::bucket").contains("`arn:aws:iam::`"));
        assert!(wrong("arn:gcp:iam::111122223333:role/a").contains("`gcp`"));
        assert!(wrong("arn:aws:iam::111122223333:role/").contains("role's name"));
    }

    #[test]
    fn an_external_id_is_not_shown() {
        let id = ExternalId::parse("orange-42").unwrap();
        assert!(!format!("{id:?}").contains("orange"));
        assert!(!ExternalId::parse("orange 42").unwrap_err().contains("orange"));
    }
}
