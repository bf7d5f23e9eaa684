//! Which operations fill each section, and what IAM knows of them.

use std::collections::BTreeSet;

use super::account::{Account, Organization, RoleArn};
use crate::pool::Section;

/// The only operation of AWS WAF among them.
pub(super) const WEB_ACL: &str = "GetWebACLForResource";

/// The operations that fill a section; none for one that this version does not read.
pub(super) fn operations(section: Section) -> &'static [&'static str] {
    match section {
        Section::UserPool => &["DescribeUserPool"],
        Section::MfaConfig => &["GetUserPoolMfaConfig"],
        Section::Clients => &["ListUserPoolClients", "DescribeUserPoolClient"],
        Section::ClientRisk | Section::RiskConfiguration => &["DescribeRiskConfiguration"],
        Section::LogDelivery => &["GetLogDeliveryConfiguration"],
        Section::IdentityProviders => &["ListIdentityProviders", "DescribeIdentityProvider"],
        Section::ResourceServers => &["ListResourceServers"],
        Section::Groups => &["ListGroups"],
        Section::Domains => &["DescribeUserPoolDomain"],
        Section::WebAcl => &[WEB_ACL],
        Section::ClientSessions | Section::SessionConfiguration => &[],
    }
}

/// Whether this version reads a section at all.
pub fn is_readable(section: Section) -> bool {
    !operations(section).is_empty()
}

/// Whether a call names a pool, so that IAM can allow it for some pools alone.
pub(super) fn names_a_pool(operation: &str) -> bool {
    !matches!(operation, "ListUserPools" | "DescribeUserPoolDomain" | WEB_ACL)
}

/// The operation as IAM calls it.
pub(super) fn action(operation: &str) -> String {
    let service = if operation == WEB_ACL { "wafv2" } else { "cognito-idp" };
    format!("{service}:{operation}")
}

/// What must be allowed to read every pool with some sections.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actions {
    /// Actions that IAM allows for everything or not at all: `cognito-idp:ListUserPools`.
    pub on_everything: BTreeSet<String>,
    pub on_pools: BTreeSet<String>,
}

/// What the credentials must be allowed that assume the roles of other accounts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CallerActions {
    /// The roles to assume.
    pub roles: BTreeSet<String>,
    /// Whether the accounts of an organization are listed.
    pub lists_accounts: bool,
    /// Whether the credentials read an account themselves.
    pub reads_pools: bool,
}

/// What the credentials of a run must be allowed for its accounts. Whose they are they may ask without permission.
pub fn caller_actions(accounts: &[Account], organization: Option<&Organization>) -> CallerActions {
    let roles = accounts.iter().filter_map(|account| account.role.as_ref());
    let roles = roles.map(|role| role.arn.to_string());
    let of_organization = organization.map(|one| RoleArn::of("aws", "*", &one.role_name).to_string());
    CallerActions {
        roles: roles.chain(of_organization).collect(),
        lists_accounts: organization.is_some(),
        reads_pools: organization.is_some()
            || accounts.is_empty()
            || accounts.iter().any(|account| account.role.is_none()),
    }
}

/// The actions that reading these sections of every pool takes. Of a web ACL, AWS WAF asks Cognito whether the caller
/// may know of it, by an action that is no operation.
pub fn actions(sections: &BTreeSet<Section>) -> Actions {
    let needed = sections.iter().chain([&Section::UserPool]).flat_map(|section| operations(*section));
    let (on_pools, on_everything): (BTreeSet<&'static str>, BTreeSet<&'static str>) =
        needed.chain([&"ListUserPools"]).partition(|operation| names_a_pool(operation));
    let web_acl = sections.contains(&Section::WebAcl).then(|| action("GetWebACLForUserPool"));
    let on_everything = on_everything.into_iter().map(action).collect();
    Actions { on_everything, on_pools: on_pools.into_iter().map(action).chain(web_acl).collect() }
}
