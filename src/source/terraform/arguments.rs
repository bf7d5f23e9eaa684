//! The arguments of the provider's resources, and what they are called in the API.

use std::sync::LazyLock;

use crate::pool::Coverage;
use crate::source::cloudformation;
use crate::source::declared::{Form, Mapping, Mappings};

/// The resources of the provider `aws` that hold a part of a pool, and their arguments.
static AWS: LazyLock<Mappings> =
    LazyLock::new(|| Mappings::read("terraform/mapping.json", include_str!("mapping.json"), Form::Blocks));

/// Those of the provider `awscc`, which has the properties of CloudFormation in snake case.
static AWSCC: LazyLock<Mappings> = LazyLock::new(|| cloudformation::mappings().in_snake_case());

/// The arguments of a type of resource that holds a part of a pool.
pub(in crate::source) fn mapping(kind: &str) -> Option<&'static Mapping> {
    provider(kind).get(kind)
}

/// The members that the provider has arguments for, by type of resource.
pub(in crate::source) fn coverage(kind: &str) -> &'static Coverage {
    provider(kind).coverage()
}

/// The mappings of the provider of a type of resource. Those of `awscc` are made where a file has one of its types.
fn provider(kind: &str) -> &'static Mappings {
    if kind.starts_with("awscc_") { &AWSCC } else { &AWS }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_go_by_the_names_of_arguments() {
        let named = |member: &str| mapping("aws_cognito_user_pool").unwrap().name(member);
        let some = |name: &str| Some(name.to_owned());
        assert_eq!(named("Policies.PasswordPolicy.MinimumLength"), some("password_policy.minimum_length"));
        assert_eq!(named("MfaConfig.MfaConfiguration"), some("mfa_configuration"));
        assert_eq!(
            named("MfaConfig.SmsMfaConfiguration.SmsConfiguration.SnsCallerArn"),
            some("sms_configuration.sns_caller_arn")
        );
        assert_eq!(
            named("SchemaAttributes.StringAttributeConstraints.MaxLength"),
            some("schema.string_attribute_constraints.max_length")
        );
        assert_eq!(named("UserPoolTags.cost.center"), some("tags.cost.center"));
        assert_eq!(named("Arn"), None, "only the provider sets it");
        assert_eq!(named("DcrConfiguration.EnableStatus"), None, "no argument sets it");
        let client = mapping("aws_cognito_user_pool_client").unwrap();
        assert_eq!(client.name("ClientSecret"), some("generate_secret"));
    }
}
