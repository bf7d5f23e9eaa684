//! Two documents that are compared.

use crate::pool::Pool;

/// Two documents of what is, or should be, the same pool.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pair<'a> {
    pub recorded: &'a Pool,
    pub current: &'a Pool,
    /// They are meant to be alike, not to be one: what names them differs.
    pub apart: bool,
}
