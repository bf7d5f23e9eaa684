//! The caller of a call: the person before the role.

use serde_json::Value as Json;

use super::json::text;

/// The caller of a call, as a record identifies it. Names of sessions are free text of the caller.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Caller {
    /// `dana@example.com (Identity Center, Admin)`, `user ops`, `role deploy, session ci`.
    pub title: String,
    /// The type of the identity: `IAMUser`, `AssumedRole`; empty if the record has none.
    pub kind: String,
    /// The account of the caller.
    pub account: Option<String>,
}

/// How the names of the roles of IAM Identity Center begin.
const IDENTITY_CENTER: &str = "AWSReservedSSO_";

/// The path of these roles. Only AWS makes roles there: a role elsewhere that has such a name was made by somebody.
const IDENTITY_CENTER_PATH: &str = ":role/aws-reserved/sso.amazonaws.com/";

/// Reads `userIdentity` of a record for the account `recipient`.
pub(super) fn caller(identity: &Json, recipient: &str) -> Caller {
    let kind = text(identity, &["type"]).unwrap_or_default();
    let account = text(identity, &["accountId"]).filter(|account| !account.is_empty());
    let mut title = match kind {
        "IAMUser" => format!("user {}", user(identity)),
        "AssumedRole" => role(identity),
        "FederatedUser" => federated(identity),
        "Root" => "root".to_owned(),
        "IdentityCenterUser" => {
            let id = text(identity, &["onBehalfOf", "userId"]);
            format!("user {} of Identity Center", id.unwrap_or("without an id"))
        }
        _ => other(identity, account),
    };
    if let Some(foreign) = account.filter(|account| *account != recipient && !recipient.is_empty()) {
        let whole = format!("account {foreign}");
        title = if title == whole { title } else { format!("{whole}, {title}") };
    }
    Caller { title, kind: kind.to_owned(), account: account.map(str::to_owned) }
}

fn user(identity: &Json) -> &str {
    let of_arn = || text(identity, &["arn"]).and_then(|arn| arn.rsplit('/').next());
    text(identity, &["userName"]).or_else(of_arn).unwrap_or("without a name")
}

/// A role, with the person or machine that took it.
fn role(identity: &Json) -> String {
    // arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION
    let arn = text(identity, &["arn"]).unwrap_or_default();
    let mut parts = arn.splitn(3, '/').skip(1);
    let (of_arn, session) = (parts.next(), parts.next());
    let issuer = text(identity, &["sessionContext", "sessionIssuer", "userName"]);
    let role = issuer.filter(|issuer| !issuer.is_empty()).or(of_arn).unwrap_or("without a name");
    let whole = match session {
        Some(session) => format!("role {role}, session {session}"),
        None => format!("role {role}"),
    };
    if let Some(source) =
        text(identity, &["sessionContext", "sourceIdentity"]).or(text(identity, &["sourceIdentity"]))
    {
        return format!("{source} ({whole})");
    }
    let arn_of_role = text(identity, &["sessionContext", "sessionIssuer", "arn"]);
    let is_reserved = arn_of_role.is_none_or(|arn| arn.contains(IDENTITY_CENTER_PATH));
    if let (Some(set), Some(session)) = (permission_set(role).filter(|_| is_reserved), session) {
        return format!("{session} (Identity Center, {set})");
    }
    let delivered =
        identity.get("sessionContext").is_some_and(|context| context.get("ec2RoleDelivery").is_some());
    if let Some(instance) = session.filter(|session| delivered && session.starts_with("i-")) {
        return format!("role {role} on instance {instance}");
    }
    match text(identity, &["sessionContext", "webIdFederationData", "federatedProvider"]) {
        Some(provider) if !provider.is_empty() => format!("{whole}, signed in by {provider}"),
        _ => whole,
    }
}

/// `Admin` of `AWSReservedSSO_Admin_0123456789abcdef`.
fn permission_set(role: &str) -> Option<&str> {
    let (set, suffix) = role.strip_prefix(IDENTITY_CENTER)?.rsplit_once('_')?;
    (suffix.len() == 16 && suffix.bytes().all(|byte| byte.is_ascii_hexdigit())).then_some(set)
}

fn federated(identity: &Json) -> String {
    let arn = text(identity, &["arn"]).unwrap_or_default();
    let name = arn.split_once('/').map_or("a user without a name", |(_, name)| name);
    match text(identity, &["sessionContext", "sessionIssuer", "userName"]) {
        Some(by) => format!("{name}, federated by user {by}"),
        None => format!("{name}, federated"),
    }
}

fn other(identity: &Json, account: Option<&str>) -> String {
    let service = text(identity, &["invokedBy"]).filter(|service| *service != INTERNAL);
    match (service, account) {
        (Some(service), _) => format!("service {service}"),
        (None, Some(account)) => format!("account {account}"),
        (None, None) => "a caller that the record does not name".to_owned(),
    }
}

/// A service of AWS that records do not name.
pub(super) const INTERNAL: &str = "AWS Internal";

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn title(identity: &Json) -> String {
        caller(identity, "111122223333").title
    }

    #[test]
    fn a_person_is_named_before_the_role() {
        let role = |name: &str, session: &str, context: Json| {
            json!({
                "type": "AssumedRole",
                "arn": format!("arn:aws:sts::111122223333:assumed-role/{name}/{session}"),
                "accountId": "111122223333",
                "sessionContext": context,
            })
        };
        let issuer = json!({"sessionIssuer": {"type": "Role", "userName": "deploy"}});
        assert_eq!(title(&role("deploy", "ci", issuer)), "role deploy, session ci");
        assert_eq!(title(&role("deploy", "ci", json!({"sessionIssuer": {}}))), "role deploy, session ci");
        assert_eq!(title(&role("deploy", "ci", Json::Null)), "role deploy, session ci");
        let center = role("AWSReservedSSO_Admin_0123456789abcdef", "dana@example.com", json!({}));
        assert_eq!(title(&center), "dana@example.com (Identity Center, Admin)");
        let of_path = |path: &str| {
            let name = "AWSReservedSSO_Admin_0123456789abcdef";
            let arn = format!("arn:aws:iam::111122223333:role/{path}{name}");
            role(
                name,
                "dana@example.com",
                json!({"sessionIssuer": {"type": "Role", "userName": name, "arn": arn}}),
            )
        };
        for path in ["aws-reserved/sso.amazonaws.com/", "aws-reserved/sso.amazonaws.com/eu-west-1/"] {
            assert_eq!(title(&of_path(path)), "dana@example.com (Identity Center, Admin)");
        }
        // The name of a role proves nothing, and whoever takes it chooses the name of the session.
        let own = "role AWSReservedSSO_Admin_0123456789abcdef, session dana@example.com";
        assert_eq!(title(&of_path("")), own);
        let source = role("deploy", "ci", json!({"sourceIdentity": "dana"}));
        assert_eq!(title(&source), "dana (role deploy, session ci)");
        let instance = role("app", "i-0123456789abcdef0", json!({"ec2RoleDelivery": "2.0"}));
        assert_eq!(title(&instance), "role app on instance i-0123456789abcdef0");
        let provider = "arn:aws:iam::111122223333:oidc-provider/token.example.com";
        let web = role("ci", "run-7", json!({"webIdFederationData": {"federatedProvider": provider}}));
        assert_eq!(title(&web), format!("role ci, session run-7, signed in by {provider}"));
    }

    #[test]
    fn every_other_kind_of_identity_has_its_words() {
        let own = "111122223333";
        let all = [
            (json!({"type": "IAMUser", "userName": "ops", "accountId": own}), "user ops"),
            (json!({"type": "IAMUser", "arn": "arn:aws:iam::111122223333:user/ops"}), "user ops"),
            (json!({"type": "Root", "accountId": own}), "root"),
            (
                json!({"type": "AWSService", "invokedBy": "backup.amazonaws.com"}),
                "service backup.amazonaws.com",
            ),
            (json!({"accountId": own, "invokedBy": "AWS Internal"}), "account 111122223333"),
            (
                json!({"type": "IdentityCenterUser", "onBehalfOf": {"userId": "u-1"}}),
                "user u-1 of Identity Center",
            ),
            (
                json!({
                    "type": "FederatedUser",
                    "arn": "arn:aws:sts::111122223333:federated-user/kim",
                    "sessionContext": {"sessionIssuer": {"type": "IAMUser", "userName": "ops"}},
                }),
                "kim, federated by user ops",
            ),
            (json!({"type": "AWSAccount", "accountId": "444455556666"}), "account 444455556666"),
            (
                json!({"type": "IAMUser", "userName": "ops", "accountId": "444455556666"}),
                "account 444455556666, user ops",
            ),
            (json!({}), "a caller that the record does not name"),
        ];
        for (identity, expected) in all {
            assert_eq!(title(&identity), expected, "{identity}");
        }
    }
}
