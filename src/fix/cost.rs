//! The cost of a change to the people who use a pool: of several changes that close a journey, the cheapest is the best.

use crate::journey::Change;
use crate::value::Value;

/// The loss to the users of a pool, the least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Cost {
    /// One more proof is asked for.
    Verification,
    /// A token ends sooner.
    Lifetime,
    /// A client or its users may do less.
    Permission,
    /// A feature ends, such as sign-up.
    Feature,
    /// A protection of the accounts ends.
    Protection,
    /// A way to sign in ends, or a factor that users have.
    SignIn,
}

/// The direction of a change.
#[derive(Clone, Copy, Debug)]
enum Turn {
    /// A list that only gains elements.
    More,
    /// A value, or a list of one element with this text.
    To(&'static str),
    Any,
}

/// The costs of changes of a setting and of the settings in it. The first row that fits counts.
const COSTS: &[(&str, Turn, Cost)] = &[
    ("AccountRecoverySetting.RecoveryMechanisms", Turn::To("admin_only"), Cost::Feature),
    ("AccountRecoverySetting.RecoveryMechanisms", Turn::Any, Cost::Permission),
    ("AdminCreateUserConfig.AllowAdminCreateUserOnly", Turn::Any, Cost::Feature),
    ("AutoVerifiedAttributes", Turn::More, Cost::Verification),
    ("AutoVerifiedAttributes", Turn::Any, Cost::Protection),
    ("Clients.AccessTokenValidity", Turn::Any, Cost::Lifetime),
    ("Clients.AllowedOAuthFlows", Turn::Any, Cost::SignIn),
    ("Clients.AllowedOAuthFlowsUserPoolClient", Turn::Any, Cost::SignIn),
    ("Clients.AllowedOAuthScopes", Turn::Any, Cost::Permission),
    ("Clients.ClientSecretArn", Turn::Any, Cost::SignIn),
    ("Clients.EnableTokenRevocation", Turn::To("true"), Cost::Verification),
    ("Clients.EnableTokenRevocation", Turn::Any, Cost::Protection),
    ("Clients.ExplicitAuthFlows", Turn::Any, Cost::SignIn),
    ("Clients.RefreshTokenRotation", Turn::To("ENABLED"), Cost::Lifetime),
    ("Clients.RefreshTokenRotation", Turn::Any, Cost::Protection),
    ("Clients.RefreshTokenValidity", Turn::Any, Cost::Lifetime),
    ("Clients.RiskConfiguration", Turn::To("NO_ACTION"), Cost::Protection),
    ("Clients.RiskConfiguration", Turn::Any, Cost::Verification),
    ("Clients.SupportedIdentityProviders", Turn::Any, Cost::SignIn),
    ("Clients.WriteAttributes", Turn::Any, Cost::Permission),
    ("CustomDomain", Turn::Any, Cost::SignIn),
    ("DcrConfiguration.AllowedScopes", Turn::Any, Cost::Permission),
    ("DcrConfiguration.AuthenticatedGrantTypes", Turn::Any, Cost::Permission),
    ("DcrConfiguration.EnableStatus", Turn::Any, Cost::Feature),
    ("DcrConfiguration.OpenDcrEnabled", Turn::Any, Cost::Feature),
    ("DcrConfiguration.OpenDcrGrantTypes", Turn::Any, Cost::Permission),
    ("Domain", Turn::Any, Cost::SignIn),
    ("Domains", Turn::Any, Cost::SignIn),
    ("LambdaConfig.DefineAuthChallenge", Turn::Any, Cost::SignIn),
    ("LambdaConfig.PreAuthentication", Turn::Any, Cost::Protection),
    ("LambdaConfig.PreSignUp", Turn::Any, Cost::Protection),
    ("LambdaConfig.PreTokenGeneration", Turn::Any, Cost::Feature),
    ("LambdaConfig.PreTokenGenerationConfig", Turn::Any, Cost::Feature),
    ("LambdaConfig.UserMigration", Turn::Any, Cost::SignIn),
    ("MfaConfig.EmailMfaConfiguration", Turn::Any, Cost::SignIn),
    ("MfaConfig.SmsMfaConfiguration", Turn::Any, Cost::SignIn),
    ("MfaConfig.SoftwareTokenMfaConfiguration", Turn::To("true"), Cost::Verification),
    ("MfaConfig.SoftwareTokenMfaConfiguration", Turn::Any, Cost::SignIn),
    ("MfaConfig.WebAuthnConfiguration", Turn::Any, Cost::SignIn),
    ("MfaConfiguration", Turn::To("ON"), Cost::Verification),
    ("MfaConfiguration", Turn::Any, Cost::Protection),
    ("Policies.SignInPolicy.AllowedFirstAuthFactors", Turn::Any, Cost::SignIn),
    ("RiskConfiguration", Turn::To("NO_ACTION"), Cost::Protection),
    ("RiskConfiguration", Turn::Any, Cost::Verification),
    ("UserAttributeUpdateSettings.AttributesRequireVerificationBeforeUpdate", Turn::More, Cost::Verification),
    ("UserAttributeUpdateSettings.AttributesRequireVerificationBeforeUpdate", Turn::Any, Cost::Protection),
    ("UserPoolAddOns.AdvancedSecurityMode", Turn::To("ENFORCED"), Cost::Verification),
    ("UserPoolAddOns.AdvancedSecurityMode", Turn::Any, Cost::Protection),
    ("VerificationMessageTemplate.DefaultEmailOption", Turn::Any, Cost::Verification),
    ("WebACL", Turn::Any, Cost::Protection),
];

/// The cost of a change. One of a setting that has no row costs as much as any.
pub(super) fn cost(change: &Change) -> Cost {
    let own = change.path.steps_text();
    let setting = change.element.map_or_else(|| own.clone(), |(list, _)| format!("{list}.{own}"));
    let row = rows(&setting).find(|(_, turn, _)| turn.fits(change));
    row.map_or(Cost::SignIn, |(.., cost)| *cost)
}

/// The rows of a setting.
fn rows(setting: &str) -> impl Iterator<Item = &'static (&'static str, Turn, Cost)> {
    COSTS.iter().filter(move |(own, ..)| {
        setting.strip_prefix(own).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    })
}

impl Turn {
    fn fits(self, change: &Change) -> bool {
        let [before, after] = [&change.before, &change.after]
            .map(|value| value.as_ref().and_then(Value::as_list).unwrap_or_default());
        match self {
            Turn::Any => true,
            Turn::More => before.iter().all(|one| after.contains(one)),
            Turn::To(text) => match &change.after {
                Some(Value::List(after)) => matches!(&after[..], [only] if has(only, text)),
                Some(after) => has(after, text),
                None => false,
            },
        }
    }
}

/// Whether a value is a text, or an object that has it.
fn has(value: &Value, text: &str) -> bool {
    match value {
        Value::Map(map) => map.0.iter().any(|(_, value)| has(value, text)),
        Value::Bool(own) => own.to_string() == text,
        _ => value.as_str() == Some(text),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::place;
    use super::*;
    use crate::journey;
    use crate::pool::Section;
    use crate::schema::schema;

    /// The settings behind guards that a person can change.
    #[test]
    fn the_cost_of_every_setting_behind_journeys_is_known() {
        let mut settings = BTreeSet::new();
        for rule in journey::policy().rules {
            rule.paths(|_, node| {
                let Some(node) = node.map(|id| schema().node(id)) else { return };
                let is_fixed = node.identifies || node.secret || node.volatile || node.derived.is_some();
                let root = node.path.split(['.', '[']).next().unwrap_or_default();
                // Providers and attributes are others, and not changed ones.
                let is_other = [Section::IdentityProviders.member(), "SchemaAttributes"].contains(&root);
                let is_set = place::set_by(root).is_some_and(|operation| operation != "CreateUserPool");
                if !is_fixed && !is_other && is_set {
                    settings.insert(node.path.replace("[]", ""));
                }
            });
        }
        settings.remove(Section::Clients.member());
        assert!(settings.len() > 30, "{settings:?}");
        for setting in settings {
            assert!(rows(&setting).any(|(_, turn, _)| matches!(turn, Turn::Any)), "{setting}");
        }
    }

    #[test]
    fn a_row_is_about_a_setting_that_there_is() {
        for (setting, ..) in COSTS {
            assert!(schema().find(&setting.replacen("Clients.", "Clients[].", 1)).is_some(), "{setting}");
        }
    }
}
