//! The differences of two pools that should be alike.

use std::collections::BTreeSet;

use super::direction::Judges;
use super::pair::Pair;
use super::{Change, Rules, compare, direction, leaf, turned};
use crate::pool::Pool;
use crate::schema::NodeId;

/// Compares pools that should be alike.
#[derive(Debug)]
pub struct Between<'a> {
    judges: Judges<'a>,
    watched: BTreeSet<NodeId>,
    now: i64,
}

impl<'a> Between<'a> {
    /// `now` is in milliseconds since 1970.
    pub fn of(rules: Rules<'a>, now: i64) -> Between<'a> {
        let judges = Judges::of(rules);
        Between { watched: judges.watched(), judges, now }
    }

    /// The changes from one pool to the other, with what rules think of them.
    pub fn changes(&self, usual: &Pool, pool: &Pool) -> Vec<Change> {
        let pair = Pair { recorded: usual, current: pool, apart: true };
        let mut changes = compare::compare(pair, &self.watched).changes;
        changes.retain(|change| leaf::is_shared_path(change.node));
        let turned = if changes.is_empty() { Vec::new() } else { turned::turned(usual, pool, &changes) };
        direction::judge(&mut changes, &turned, pair, &self.judges, self.now);
        changes
    }
}
