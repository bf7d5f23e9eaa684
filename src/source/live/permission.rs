//! IAM permissions: the actions that reading pools takes.

use std::collections::BTreeSet;

use super::{Account, Organization, RoleArn};
use crate::pool::{Section, WEB_ACL};

/// Whether a call names a pool, so that an IAM policy can allow it for selected pools.
pub(in crate::source) fn names_a_pool(operation: &str) -> bool {
    !matches!(operation, "ListUserPools" | "DescribeUserPoolDomain" | WEB_ACL)
}

/// The IAM action of an operation.
pub(in crate::source) fn action(operation: &str) -> String {
    let service = if operation == WEB_ACL { "wafv2" } else { "cognito-idp" };
    format!("{service}:{operation}")
}

/// The actions that are needed to read pools with some sections.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actions {
    /// Actions without a resource in IAM, such as `cognito-idp:ListUserPools`.
    pub on_everything: BTreeSet<String>,
    pub on_pools: BTreeSet<String>,
}

/// The permissions of the credentials that assume the roles of other accounts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CallerActions {
    /// The roles to assume.
    pub roles: BTreeSet<String>,
    /// Whether the accounts of an organization are listed.
    pub lists_accounts: bool,
    /// Whether the credentials read an account without a role.
    pub reads_pools: bool,
}

/// The permissions that the credentials of a run need for its accounts. `GetCallerIdentity` needs none.
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

/// The action that AWS WAF needs of the caller, beside those of its own, to say which web ACL a pool has. It has no
/// operation. Source: IAM section of "AWS WAF web ACLs with user pools", Amazon Cognito Developer Guide.
const ASKED_FOR_THE_POOL: &str = "cognito-idp:GetWebACLForResource";
/// The action by which `GetWebACLForResource` verifies that the caller may see the web ACL that it finds. Source: AWS WAF
/// API Reference, `GetWebACLForResource`.
const ASKED_FOR_THE_WEB_ACL: &str = "wafv2:GetWebACL";

/// The actions that an operation needs beside its own, in words.
pub(in crate::source) fn asked_beside(operation: &str) -> String {
    match operation {
        WEB_ACL => format!(" with `{ASKED_FOR_THE_WEB_ACL}`, and `{ASKED_FOR_THE_POOL}` on the pool"),
        _ => String::new(),
    }
}

/// The actions that are needed to read these sections.
pub fn actions(sections: &BTreeSet<Section>) -> Actions {
    let needed = sections.iter().chain([&Section::UserPool]).flat_map(|section| section.operations());
    let (on_pools, on_everything): (BTreeSet<&'static str>, BTreeSet<&'static str>) =
        needed.chain([&"ListUserPools"]).partition(|operation| names_a_pool(operation));
    let mut actions = Actions {
        on_everything: on_everything.into_iter().map(action).collect(),
        on_pools: on_pools.into_iter().map(action).collect(),
    };
    if sections.contains(&Section::WebAcl) {
        actions.on_everything.insert(ASKED_FOR_THE_WEB_ACL.to_owned());
        actions.on_pools.insert(ASKED_FOR_THE_POOL.to_owned());
    }
    actions
}
