//! A pair of documents to compare.

use crate::pool::Pool;

/// Two documents of the same pool.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pair<'a> {
    pub recorded: &'a Pool,
    pub current: &'a Pool,
    /// They are two pools that should be alike: their identities differ.
    pub apart: bool,
}
