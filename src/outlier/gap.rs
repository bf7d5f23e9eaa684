//! Gaps: sections and values that could not be known of some pools.

use std::collections::{BTreeMap, BTreeSet};

use super::count::Gap;
use crate::pool::{Pool, Section};
use crate::schema::schema;

/// A section or path that could not be known of some pools.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    /// A section, or a path as the schema has it.
    pub what: String,
    /// The reason for the first of the pools. `None` if the input does not hold the section.
    pub why: Option<String>,
    pub pools: usize,
    /// The title of the first of them.
    pub first: String,
    /// It should have been read.
    pub incomplete: bool,
}

/// Gaps, each counted once for a pool.
#[derive(Default)]
pub(super) struct Gaps {
    all: BTreeMap<(String, bool), Unknown>,
    pool: String,
    seen: BTreeSet<(String, bool)>,
}

impl Gaps {
    pub(super) fn begin(&mut self, pool: &Pool) {
        self.pool = pool.identity().title();
        self.seen.clear();
    }

    pub(super) fn add(&mut self, gap: Gap<'_>) {
        let (what, why, incomplete) = match gap {
            Gap::Unknown(at, why, incomplete) => {
                let path = at.node.map_or(at.path, |id| &schema().node(id).path);
                (path.to_owned(), Some(why.to_owned()), incomplete)
            }
            Gap::Outside(section) if section == Section::UserPool || section.is_compared() => {
                (section.member().to_owned(), None, false)
            }
            Gap::Outside(_) => return,
        };
        let key = (what, why.is_none());
        if !self.seen.insert(key.clone()) {
            return;
        }
        let what = key.0.clone();
        let first = self.pool.clone();
        let one = self.all.entry(key);
        let one =
            one.or_insert(Unknown { what, why: why.clone(), pools: 0, first: first.clone(), incomplete });
        one.pools += 1;
        one.incomplete |= incomplete;
        if (&first, &why) < (&one.first, &one.why) {
            (one.first, one.why) = (first, why);
        }
    }

    pub(super) fn all(self) -> Vec<Unknown> {
        self.all.into_values().collect()
    }
}
