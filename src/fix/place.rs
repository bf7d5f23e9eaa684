//! Where a setting is changed: by which operation, or why by none.

use super::Obstacle;
use crate::pool::Section;
use crate::schema::Path;

/// Parameters of `UpdateUserPool`, which have the names and shapes that `DescribeUserPool` answers. Source: API
/// reference of `UpdateUserPool`, and the service model of 2026-11-20.
pub(super) const UPDATED: [&str; 23] = [
    "Policies",
    "DeletionProtection",
    "LambdaConfig",
    "AutoVerifiedAttributes",
    "SmsVerificationMessage",
    "EmailVerificationMessage",
    "EmailVerificationSubject",
    "VerificationMessageTemplate",
    "SmsAuthenticationMessage",
    "UserAttributeUpdateSettings",
    "MfaConfiguration",
    "DeviceConfiguration",
    "EmailConfiguration",
    "SmsConfiguration",
    "UserPoolTags",
    "AdminCreateUserConfig",
    "UserPoolAddOns",
    "DcrConfiguration",
    "AccountRecoverySetting",
    "UserPoolTier",
    "KeyConfiguration",
    "IssuerConfiguration",
    "AcrConfiguration",
];

/// Settled when the pool is created.
const CREATED: [&str; 4] =
    ["AliasAttributes", "UsernameAttributes", "UsernameConfiguration", "SchemaAttributes"];

/// The rest of what `DescribeUserPool` answers.
pub(super) const TOLD: [&str; 11] = [
    "Id",
    "Name",
    "Arn",
    "Status",
    "CreationDate",
    "LastModifiedDate",
    "EstimatedNumberOfUsers",
    "SmsConfigurationFailure",
    "EmailConfigurationFailure",
    "Domain",
    "CustomDomain",
];

/// Members of the pool document that are settled when the pool is created.
pub(super) fn is_immutable(member: &str) -> bool {
    CREATED.contains(&member)
}

/// Whether the setting at a path can be changed here, and where else where it cannot.
pub(super) fn settable(path: &Path) -> Result<(), Obstacle> {
    let Some(first) = path.steps.first() else {
        return Err(Obstacle::new("the pool as a whole cannot be set", "name a path in it"));
    };
    let name = first.name.as_ref();
    if UPDATED.contains(&name) || name == Section::MfaConfig.member() {
        return Ok(());
    }
    if is_immutable(name) {
        let message = format!("`{name}` cannot be changed once the pool is made");
        return Err(Obstacle::new(
            message,
            "make a new pool with the right setting and move the users there",
        ));
    }
    if TOLD.contains(&name) {
        let message = format!("`{name}` is what the service tells, and nothing that can be set");
        return Err(Obstacle::new(message, "see what the rule says: `cognito-lint rules show ID`"));
    }
    let operation = match Section::of(name) {
        Section::Clients | Section::ClientRisk | Section::ClientSessions => "UpdateUserPoolClient",
        Section::RiskConfiguration => "SetRiskConfiguration",
        Section::LogDelivery => "SetLogDeliveryConfiguration",
        Section::IdentityProviders => "UpdateIdentityProvider",
        Section::ResourceServers => "UpdateResourceServer",
        Section::Groups => "UpdateGroup",
        Section::Domains => "UpdateUserPoolDomain",
        Section::WebAcl => "AssociateWebACL of AWS WAF",
        Section::SessionConfiguration => "SetUserPoolSessionConfiguration",
        Section::UserPool | Section::MfaConfig => "UpdateUserPool",
    };
    let message = format!("`{path}` is set by {operation}, whose input is not written here");
    Err(Obstacle::new(message, "see what to change: `cognito-lint rules show ID`"))
}
