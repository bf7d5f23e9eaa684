//! The waivers beside the code that were found, each with the pools that it is beside something of.

use std::sync::Arc;

use crate::finding::{InlineWaiver, PoolRef};
use crate::source::Locator;

/// A waiver beside the code, and what it is for.
#[derive(Clone, Debug)]
pub struct InlineFound {
    pub waiver: Arc<InlineWaiver>,
    /// The pools that were judged, sorted.
    pub pools: Vec<Arc<PoolRef>>,
    /// It is beside something of a pool, whether that was judged or is another shard's.
    pub is_beside_any: bool,
}

impl InlineFound {
    pub(super) fn new(waiver: &Arc<InlineWaiver>) -> InlineFound {
        InlineFound { waiver: Arc::clone(waiver), pools: Vec::new(), is_beside_any: false }
    }
}

/// The positions of the waivers that are beside something of a pool.
pub(super) fn beside(all: &mut [InlineFound], locator: Option<&Locator<'_>>) -> Vec<usize> {
    let Some(locator) = locator else { return Vec::new() };
    let mut beside = Vec::new();
    for (at, one) in all.iter_mut().enumerate() {
        if locator.reaches(&one.waiver) {
            one.is_beside_any = true;
            beside.push(at);
        }
    }
    beside
}

/// Sorts waivers, and joins what was found of the same one: a file is read for every configuration that it is part of.
pub(super) fn join(all: &mut Vec<InlineFound>) {
    all.sort_by(|a, b| a.waiver.cmp(&b.waiver));
    all.dedup_by(|again, first| {
        let same = again.waiver == first.waiver;
        if same {
            first.pools.append(&mut again.pools);
            first.is_beside_any |= again.is_beside_any;
        }
        same
    });
    for one in all {
        one.pools.sort();
        one.pools.dedup();
    }
}
