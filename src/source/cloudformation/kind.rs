//! The types of resources that make a pool: where they go in the pool document, and what is called otherwise there.

use crate::pool::Section;

/// A type of resource.
#[derive(Debug)]
pub(super) struct Kind {
    pub name: &'static str,
    /// Its place in the schema.
    pub node: &'static str,
    pub section: Section,
    /// Properties that have another name in the API.
    pub renamed: &'static [(&'static str, &'static str)],
    /// Properties that are no members of the API's answers under any name.
    pub own: &'static [&'static str],
    /// Members of the API's answers that no property sets.
    pub foreign: &'static [&'static str],
    /// Members that get their value when the template is deployed, where the template gives none.
    pub later: &'static [&'static str],
    /// The name of a property, from its path inside the resource's part of the pool document.
    pub property: fn(&str) -> Option<String>,
}

pub(super) const POOL: Kind = Kind {
    name: "AWS::Cognito::UserPool",
    node: "",
    section: Section::UserPool,
    renamed: &[("UserPoolName", "Name"), ("Schema", "SchemaAttributes")],
    own: &[
        "EnabledMfas",
        "EmailAuthenticationMessage",
        "EmailAuthenticationSubject",
        "WebAuthnRelyingPartyID",
        "WebAuthnUserVerification",
        "WebAuthnFactorConfiguration",
    ],
    foreign: &[
        "Id",
        "Arn",
        "Status",
        "LastModifiedDate",
        "CreationDate",
        "EstimatedNumberOfUsers",
        "SmsConfigurationFailure",
        "EmailConfigurationFailure",
        "Domain",
        "CustomDomain",
        "DcrConfiguration",
        "AcrConfiguration",
        "MfaConfig",
        "Clients",
        "RiskConfiguration",
        "LogDelivery",
        "IdentityProviders",
        "ResourceServers",
        "Groups",
        "Domains",
        "WebACL",
        "SessionConfiguration",
    ],
    later: &["Name", "Id", "Arn", "CreationDate", "LastModifiedDate", "EstimatedNumberOfUsers"],
    property: pool_property,
};

/// What is attached to a pool, the pool's document in the order of its sections.
pub(super) const ATTACHED: [Kind; 7] = [
    Kind {
        name: "AWS::Cognito::UserPoolClient",
        node: "Clients[]",
        section: Section::Clients,
        renamed: &[],
        own: &["GenerateSecret"],
        foreign: &[
            "ClientId",
            "ClientSecret",
            "LastModifiedDate",
            "CreationDate",
            "ClientType",
            "RiskConfiguration",
            "SessionConfiguration",
        ],
        later: &["ClientName", "ClientId", "CreationDate", "LastModifiedDate"],
        property: client_property,
    },
    Kind {
        name: "AWS::Cognito::UserPoolRiskConfigurationAttachment",
        node: "RiskConfiguration",
        section: Section::RiskConfiguration,
        foreign: &["LastModifiedDate"],
        later: &["LastModifiedDate"],
        ..PLAIN
    },
    Kind {
        name: "AWS::Cognito::LogDeliveryConfiguration",
        node: "LogDelivery",
        section: Section::LogDelivery,
        own: &["Id"],
        ..PLAIN
    },
    Kind {
        name: "AWS::Cognito::UserPoolIdentityProvider",
        node: "IdentityProviders[]",
        section: Section::IdentityProviders,
        foreign: &["AcrMapping", "LastModifiedDate", "CreationDate"],
        later: &["CreationDate", "LastModifiedDate"],
        ..PLAIN
    },
    Kind {
        name: "AWS::Cognito::UserPoolResourceServer",
        node: "ResourceServers[]",
        section: Section::ResourceServers,
        foreign: &["ManagedBy"],
        ..PLAIN
    },
    Kind {
        name: "AWS::Cognito::UserPoolGroup",
        node: "Groups[]",
        section: Section::Groups,
        foreign: &["LastModifiedDate", "CreationDate"],
        later: &["GroupName", "CreationDate", "LastModifiedDate"],
        ..PLAIN
    },
    Kind {
        name: "AWS::Cognito::UserPoolDomain",
        node: "Domains[]",
        section: Section::Domains,
        foreign: &["AWSAccountId", "S3Bucket", "Version", "Status", "CloudFrontDistribution"],
        later: &["AWSAccountId", "S3Bucket", "Version", "Status", "CloudFrontDistribution"],
        ..PLAIN
    },
];

/// The web ACL of a pool, which is another service's.
pub(super) const WEB_ACL: &str = "AWS::WAFv2::WebACLAssociation";

const PLAIN: Kind = Kind {
    name: "",
    node: "",
    section: Section::UserPool,
    renamed: &[],
    own: &[],
    foreign: &[],
    later: &[],
    property: same,
};

/// The name of the property that sets the web ACL.
pub(super) fn web_acl_property(path: &str) -> Option<String> {
    (path == "ARN" || path.is_empty()).then(|| "WebACLArn".to_owned())
}

fn same(path: &str) -> Option<String> {
    (!path.is_empty()).then(|| marked(path))
}

/// A path in which lists are marked, for what is said of an element is not said of the list.
fn marked(path: &str) -> String {
    const LISTS: [&str; 4] = ["Schema.", "RecoveryMechanisms.", "LogConfigurations.", "Scopes."];
    LISTS.iter().fold(path.to_owned(), |path, list| match path.find(list) {
        Some(at) if at == 0 || path[..at].ends_with('.') => {
            let (around, inner) = path.split_at(at + list.len());
            format!("{}[].{inner}", around.trim_end_matches('.'))
        }
        _ => path,
    })
}

fn client_property(path: &str) -> Option<String> {
    match path {
        "ClientSecret" => Some("GenerateSecret".to_owned()),
        _ if ["ClientType", "RiskConfiguration", "SessionConfiguration"]
            .iter()
            .any(|own| path.starts_with(own)) =>
        {
            None
        }
        _ => same(path),
    }
}

fn pool_property(path: &str) -> Option<String> {
    let (first, rest) = path.split_once('.').map_or((path, ""), |(first, rest)| (first, rest));
    match first {
        "Name" => Some("UserPoolName".to_owned()),
        "SchemaAttributes" if rest.is_empty() => Some("Schema".to_owned()),
        "SchemaAttributes" => same(&format!("Schema.{rest}")),
        "MfaConfig" => Some(mfa_property(rest).to_owned()),
        _ if POOL.foreign.contains(&first) => None,
        _ => same(path),
    }
}

fn mfa_property(path: &str) -> &str {
    match path.strip_prefix("SmsMfaConfiguration.").unwrap_or(path) {
        "SmsMfaConfiguration" => "EnabledMfas (SMS_MFA)",
        "EmailMfaConfiguration" => "EnabledMfas (EMAIL_OTP)",
        "EmailMfaConfiguration.Message" => "EmailAuthenticationMessage",
        "EmailMfaConfiguration.Subject" => "EmailAuthenticationSubject",
        "SoftwareTokenMfaConfiguration" | "SoftwareTokenMfaConfiguration.Enabled" => {
            "EnabledMfas (SOFTWARE_TOKEN_MFA)"
        }
        "WebAuthnConfiguration" | "WebAuthnConfiguration.RelyingPartyId" => "WebAuthnRelyingPartyID",
        "WebAuthnConfiguration.UserVerification" => "WebAuthnUserVerification",
        "WebAuthnConfiguration.FactorConfiguration" => "WebAuthnFactorConfiguration",
        "" => "EnabledMfas",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::schema;

    #[test]
    fn every_name_is_one_of_the_schema() {
        for kind in ATTACHED.iter().chain([&POOL]) {
            let node = match kind.node {
                "" => crate::schema::NodeId::ROOT,
                path => schema().find(path).unwrap(),
            };
            let renamed = kind.renamed.iter().map(|(_, name)| name);
            for name in kind.foreign.iter().chain(kind.later).chain(renamed) {
                assert!(schema().member(node, name).is_some(), "{}: {name}", kind.name);
            }
            for name in kind.own.iter().chain(kind.renamed.iter().map(|(name, _)| name)) {
                let id_of_log = kind.name.ends_with("LogDeliveryConfiguration") && *name == "Id";
                assert!(schema().member(node, name).is_none() || id_of_log, "{}: {name}", kind.name);
            }
        }
    }

    #[test]
    fn members_are_called_what_the_template_calls_them() {
        let property = |path| (POOL.property)(path);
        assert_eq!(
            property("Policies.PasswordPolicy.MinimumLength").unwrap(),
            "Policies.PasswordPolicy.MinimumLength"
        );
        assert_eq!(property("SchemaAttributes.Mutable").unwrap(), "Schema[].Mutable");
        assert_eq!(property("MfaConfig.MfaConfiguration").unwrap(), "MfaConfiguration");
        assert_eq!(
            property("MfaConfig.SmsMfaConfiguration.SmsConfiguration.SnsCallerArn").unwrap(),
            "SmsConfiguration.SnsCallerArn"
        );
        assert_eq!(
            property("MfaConfig.SoftwareTokenMfaConfiguration.Enabled").unwrap(),
            "EnabledMfas (SOFTWARE_TOKEN_MFA)"
        );
        assert_eq!(property("DcrConfiguration.EnableStatus"), None);
        assert_eq!(property("Clients"), None);
    }
}
