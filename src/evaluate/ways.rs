//! The journeys of the pools of a run, for reports that draw them: of the pools that are most open, and no more than a
//! page shows.

use std::cmp::Reverse;
use std::sync::Arc;

use super::reference;
use crate::finding::PoolRef;
use crate::journey::{self, Journeys};
use crate::pool::Projection;
use crate::rule::Policy;
use crate::shard::{self, Shard};
use crate::source::{self, Chunk};

/// The journeys of no more pools than these are kept.
const MOST: usize = 10;

/// The journeys of the pools that are most open.
#[derive(Debug, Default)]
pub struct Ways {
    /// The worst first.
    pub pools: Vec<(Arc<PoolRef>, Arc<Journeys>)>,
    /// The number of pools whose journeys are not kept.
    pub left: usize,
}

impl Ways {
    /// The journeys of the pools of a chunk. It is read again, since journeys rest on more than rules look at.
    pub(super) fn of(policy: &Policy, chunk: &Chunk, shard: Option<Shard>) -> Ways {
        let read = source::read(chunk, &Projection::everything());
        let mut ways = Ways::default();
        for pool in &read.pools {
            let scenarios = pool.scenarios();
            let Some(first) = scenarios.first() else { continue };
            let is_own = |shard: Shard| shard.has(&shard::key(&first.pool.identity(), &first.pool.origin));
            if !shard.is_none_or(is_own) {
                continue;
            }
            if let Some(journeys) = journey::journeys(scenarios) {
                ways.pools.push((Arc::new(reference::reference(policy, scenarios)), Arc::new(journeys)));
            }
        }
        ways.cut();
        ways
    }

    /// Adds others, and keeps the worst.
    pub(super) fn extend(&mut self, other: Ways) {
        self.pools.extend(other.pools);
        self.left += other.left;
        self.cut();
    }

    fn cut(&mut self) {
        self.pools.sort_by(|(one, ways), (other, others)| {
            (Reverse(ways.openness()), one).cmp(&(Reverse(others.openness()), other))
        });
        self.left += self.pools.len().saturating_sub(MOST);
        self.pools.truncate(MOST);
    }
}
