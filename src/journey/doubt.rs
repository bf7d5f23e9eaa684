//! The limits of the answers: the decisions that no setting takes, and the gaps in AWS's documents that the answers decide
//! all the same, and do not show.

use super::facts::{Facts, Subject};
use crate::ternary::Ternary;
use crate::value::Value;

/// The decisions that no setting of a pool takes.
pub const NOT_COVERED: [&str; 12] = [
    "identity pools and IAM, and the roles of groups",
    "client metadata policies (CIMD)",
    "who knows a client id (everybody, it is assumed)",
    "who has an account at an identity provider, or in the directory that a migration function asks",
    "who has the secret of a client",
    "the code of functions and apps, such as an inbound federation function, which changes the attributes of a provider",
    "the rules of a web ACL, and rate limits",
    "what apps trust in a token",
    "who reads the invitation of a new user, and whom administrators create, import and put into groups",
    "sign-in that a SAML provider begins (IDPInit), whose responses nobody has to ask for",
    "remembered devices, which replace the second factor of their user (ChallengeRequiredOnNewDevice)",
    "sessions of the sign-in pages (an hour, or SSOSession), in which a disabled user gets new tokens",
];

/// The doubts about a pool.
pub(super) fn doubts(facts: &Facts<'_>) -> Vec<&'static str> {
    let custom = facts.custom_attributes().flatten();
    let mutable = custom.into_iter().any(|name| facts.is_mutable(name) == Ternary::True);
    let listed = |client: &Subject<'_>| {
        client
            .element
            .value
            .get("WriteAttributes")
            .and_then(Value::as_list)
            .is_some_and(|list| !list.is_empty())
    };
    let by_default = facts.clients.iter().any(|client| !client.phantom && !listed(client));
    let doubt = "a client without WriteAttributes cannot write custom attributes: AWS documents it, and some reports \
                 of others say that it can";
    (mutable && by_default).then_some(doubt).into_iter().collect()
}
