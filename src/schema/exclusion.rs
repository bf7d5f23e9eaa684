//! Values of two members that the service refuses together, though each is valid by itself.

use crate::value::Value;

/// A value that a member may not have while a list has one of some elements.
#[derive(Debug, PartialEq, Eq)]
pub struct Exclusion {
    /// The path of the member, and its value.
    pub value: (&'static str, &'static str),
    /// The path of the list, and the elements.
    pub elements: (&'static str, &'static [&'static str]),
    /// A value of the member that the service takes beside them.
    pub instead: &'static str,
}

/// The service refuses required MFA where a one-time code may be the first factor (measured).
pub const EXCLUSIONS: [Exclusion; 1] = [Exclusion {
    value: ("MfaConfiguration", "ON"),
    elements: ("Policies.SignInPolicy.AllowedFirstAuthFactors", &["EMAIL_OTP", "SMS_OTP"]),
    instead: "OPTIONAL",
}];

/// The same for members of one client: rotation of refresh tokens replaces the flow that uses them again.
pub const ELEMENT_EXCLUSIONS: [Exclusion; 1] = [Exclusion {
    value: ("RefreshTokenRotation.Feature", "ENABLED"),
    elements: ("ExplicitAuthFlows", &["ALLOW_REFRESH_TOKEN_AUTH"]),
    instead: "DISABLED",
}];

impl Exclusion {
    /// The element for which the service refuses the two values together.
    pub fn refused(&self, value: &Value, list: &Value) -> Option<&'static str> {
        let elements = list.as_list().filter(|_| value.as_str() == Some(self.value.1))?;
        let (_, refused) = self.elements;
        refused.iter().copied().find(|one| elements.iter().any(|element| element.as_str() == Some(one)))
    }
}
