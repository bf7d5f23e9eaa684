//! The gaps in AWS's documents that the answers decide all the same, and do not show.

use super::facts::{Facts, Subject};
use crate::ternary::Ternary;
use crate::value::Value;

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
