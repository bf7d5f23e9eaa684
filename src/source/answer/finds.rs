//! Facts about an answer beside its values: members that the schema does not know, and what a snapshot says of it.

use super::snapshot::Recorded;
use crate::schema::NodeId;

/// What is found beside the values, and what was looked over already.
#[derive(Debug, Default)]
pub(super) struct Finds<'de> {
    /// Paths of members that the schema does not know.
    pub unknown_members: Vec<String>,
    /// The elements that were found in order last, for each list that nobody wants.
    pub passed: Vec<(NodeId, Vec<&'de str>)>,
    /// What a line of a snapshot says of its pool.
    pub recorded: Option<Recorded>,
    /// The pools are those of a snapshot.
    pub in_snapshot: bool,
    /// What to do about a value that is not a pool.
    pub help: Option<&'static str>,
}

/// The message about a member that stands in one object a second time.
pub(super) fn twice(name: &str) -> String {
    format!("`{name}` stands twice in the same object, and it is not clear which one counts")
}

/// The path of a member of something.
pub(super) fn join(owner: &str, name: &str) -> String {
    if owner.is_empty() { name.to_owned() } else { format!("{owner}.{name}") }
}
