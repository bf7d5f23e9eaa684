//! The resources that contribute to the changes of a plan, as the plan lists them.

use super::address::{Part, parts};
use super::file::RelevantAttribute;

/// The resource of an attribute that contributes to changes and may name it.
#[derive(Debug)]
pub(super) struct Relevant(Vec<Part>);

impl Relevant {
    /// `None` for an attribute by which nothing goes.
    pub(super) fn of(attribute: &RelevantAttribute<'_>) -> Option<Relevant> {
        let first = attribute.attribute.first();
        let naming = |name: &serde_json::Value| ["id", "arn", "endpoint"].iter().any(|one| name == one);
        first.is_none_or(naming).then(|| Relevant(parts(&attribute.resource)))
    }

    /// Whether it is an instance: what has no key stands for all of them.
    pub(super) fn names(&self, address: &str) -> bool {
        let other = parts(address);
        let same = |(one, other): (&Part, &Part)| {
            one.name == other.name && (one.key.is_none() || one.key == other.key)
        };
        self.0.len() == other.len() && self.0.iter().zip(&other).all(same)
    }
}
