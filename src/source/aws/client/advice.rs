//! Advice about credentials.

/// How to replace credentials that have expired.
pub(in crate::source::aws) fn renew(profile: Option<&str>) -> String {
    match profile {
        Some(profile) => format!("renew the credentials, such as with `aws sso login --profile {profile}`"),
        None => "renew the credentials, such as with `aws sso login`".to_owned(),
    }
}
