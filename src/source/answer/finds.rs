//! Facts about an answer beside its values: unknown members, and the entry of a snapshot.

use super::snapshot::Recorded;
use crate::schema::NodeId;

/// Findings beside the values, and a record of elements that were checked already.
#[derive(Debug, Default)]
pub(super) struct Finds<'de> {
    /// Paths of members that the schema does not know.
    pub unknown_members: Vec<String>,
    /// The elements that were valid last, for each list that is skipped.
    pub passed: Vec<(NodeId, Vec<&'de str>)>,
    /// The entry of a snapshot's line about its pool.
    pub recorded: Option<Recorded>,
    /// The pools are those of a snapshot.
    pub in_snapshot: bool,
    /// The advice about a value that is not a pool.
    pub help: Option<&'static str>,
}

/// The message about a member that is in one object twice.
pub(super) fn twice(name: &str) -> String {
    format!("`{name}` appears twice in the same object, and it is not clear which one counts")
}

/// The path of a member of something.
pub(super) fn join(owner: &str, name: &str) -> String {
    if owner.is_empty() { name.to_owned() } else { format!("{owner}.{name}") }
}
