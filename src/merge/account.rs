//! Reports of whole runs that belong together: each is of live pools, and no two have a pool or a Region of an account
//! in common.

use std::collections::BTreeMap;

use super::{Misfit, Part};
use crate::pool::Source;

/// The reasons that reports of whole runs are not one. A single report is one in any case.
pub(super) fn faults(parts: &[Part]) -> Vec<Misfit> {
    if parts.len() < 2 {
        return Vec::new();
    }
    let mut misfits: Vec<Misfit> = parts.iter().filter_map(of_files).collect();
    misfits.extend(twice(parts));
    misfits
}

/// Files have no account, so that nobody can say whether two reports of them overlap.
fn of_files(part: &Part) -> Option<Misfit> {
    let evaluation = &part.recorded.evaluation;
    let live = evaluation.pools.iter().all(|pool| pool.origin.source == Source::Live);
    let of_accounts =
        !evaluation.listed.is_empty() || !evaluation.pools.is_empty() || !evaluation.unread.is_empty();
    if live && of_accounts {
        return None;
    }
    let message = format!("{} is of a whole run, and says of no account that it was read", part.file);
    Some(Misfit { message, help: "give the reports of runs with `--shard`, or of live pools" })
}

/// The Regions of an account whose pools two runs have listed, or else the pools that two runs have read.
fn twice(parts: &[Part]) -> Vec<Misfit> {
    let listed = |part: &Part| {
        let places = part.recorded.evaluation.listed.iter();
        places.map(|place| format!("account {} in {}", place.account, place.region)).collect()
    };
    let read = |part: &Part| {
        let arns = part.recorded.evaluation.pools.iter().filter_map(|pool| pool.identity.arn.as_ref());
        arns.map(|arn| format!("the pool {arn}")).collect()
    };
    let misfits = in_both(parts, listed);
    if misfits.is_empty() { in_both(parts, read) } else { misfits }
}

fn in_both(parts: &[Part], names: impl Fn(&Part) -> Vec<String>) -> Vec<Misfit> {
    let mut first: BTreeMap<String, &str> = BTreeMap::new();
    let mut misfits = Vec::new();
    for part in parts {
        for name in names(part) {
            let Some(other) = first.insert(name.clone(), &part.file) else { continue };
            let message = format!("{name} is in both {other} and {}", part.file);
            let help = "give the report of each account once, and remove the reports of earlier runs";
            misfits.push(Misfit { message, help });
        }
    }
    misfits
}
