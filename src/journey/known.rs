//! The guards that were looked at. Many steps ask for the same one.

use super::guard::Guard;
use crate::ternary::Ternary;

/// Whether guards are open, for the elements that each is about.
#[derive(Clone, Debug, Default)]
pub(super) struct Known {
    /// One row for each position in a list, with a column for each guard. A guard of the pool is in the first.
    rows: Vec<[Option<Ternary>; Guard::ALL.len()]>,
}

impl Known {
    pub(super) fn get(&self, guard: Guard, at: usize) -> Option<Ternary> {
        *self.rows.get(at)?.get(guard as usize)?
    }

    pub(super) fn put(&mut self, guard: Guard, at: usize, holds: Ternary) {
        if self.rows.len() <= at {
            self.rows.resize(at + 1, [None; Guard::ALL.len()]);
        }
        self.rows[at][guard as usize] = Some(holds);
    }

    /// Forgets whether a guard is open.
    pub(super) fn take(&mut self, guard: Guard, at: usize) -> Option<Ternary> {
        self.rows.get_mut(at)?.get_mut(guard as usize)?.take()
    }

    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }
}
