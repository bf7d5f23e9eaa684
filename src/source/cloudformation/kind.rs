//! The types of resources that make a pool, and what their properties are called in the API.

use std::sync::LazyLock;

use super::node::Node;
use super::template::Resource;
use crate::source::declared::{Form, Mapping, Mappings};

/// The type of a user pool.
pub(super) const POOL: &str = "AWS::Cognito::UserPool";

/// The resources that hold a part of a pool, and their properties.
pub(in crate::source) fn mappings() -> &'static Mappings {
    static MAPPINGS: LazyLock<Mappings> = LazyLock::new(|| {
        Mappings::read("cloudformation/mapping.json", include_str!("mapping.json"), Form::Template)
    });
    &MAPPINGS
}

/// A resource that belongs to a pool, with the property that says so.
pub(super) type Attached<'t> = (&'t Resource, &'static Mapping, &'t Node);

/// A resource of a type that is attached to pools, and the property that names the pool.
pub(super) fn link(resource: &Resource) -> Option<Attached<'_>> {
    let mapping = attached(&resource.kind)?;
    Some((resource, mapping, resource.properties()?.get(mapping.link?)?))
}

/// The mapping of a type that is attached to a pool.
pub(super) fn attached(kind: &str) -> Option<&'static Mapping> {
    mappings().get(kind).filter(|mapping| mapping.link.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_called_what_the_template_calls_them() {
        let property = |path: &str| mappings().get(POOL).unwrap().name(path);
        let some = |name: &str| Some(name.to_owned());
        let policy = "Policies.PasswordPolicy.MinimumLength";
        assert_eq!(property(policy), some(policy));
        assert_eq!(property("SchemaAttributes.Mutable"), some("Schema[].Mutable"));
        assert_eq!(property("MfaConfig.MfaConfiguration"), some("MfaConfiguration"));
        assert_eq!(
            property("MfaConfig.SmsMfaConfiguration.SmsConfiguration.SnsCallerArn"),
            some("SmsConfiguration.SnsCallerArn")
        );
        assert_eq!(
            property("MfaConfig.SoftwareTokenMfaConfiguration.Enabled"),
            some("EnabledMfas (SOFTWARE_TOKEN_MFA)")
        );
        assert_eq!(
            property("AccountRecoverySetting.RecoveryMechanisms.Name"),
            some("AccountRecoverySetting.RecoveryMechanisms[].Name")
        );
        assert_eq!(property("AcrConfiguration"), None);
        assert_eq!(property("Clients"), None);
    }
}
