//! The memory of a step of a path: where it led before.

use std::fmt;
use std::sync::OnceLock;

use crate::schema::NodeId;

/// Where a step led when it was followed first: from a structure to its member. Rules follow the same steps in every
/// pool, and looking the names up was a quarter of judging every rule.
#[derive(Clone, Default)]
pub(super) struct Followed(pub(super) OnceLock<(NodeId, Option<NodeId>)>);

/// It follows from the name, so it makes no difference between steps.
impl PartialEq for Followed {
    fn eq(&self, _: &Followed) -> bool {
        true
    }
}

impl Eq for Followed {}

/// Its text leaves out what was followed, which depends on the threads that judged first.
impl fmt::Debug for Followed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Followed")
    }
}
