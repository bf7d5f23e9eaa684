//! Changes that two members report because they mirror each other: each is reported once.

use super::Change;
use super::pair::Pair;
use crate::pool::Pool;
use crate::schema::{Mirror, NodeId, schema};

/// Removes changes that are reported at another path too. The name that the service uses stays, unless neither pool
/// was given under it.
pub(super) fn report_once(changes: &mut Vec<Change>, pair: Pair<'_>) {
    for mirror in schema().mirrors() {
        let copies = |change: &Change| change.node.is_some_and(|id| schema().is_inside(id, mirror.copy));
        let originals = |change: &Change| change.node.is_some_and(|id| is_original(mirror, id));
        if !changes.iter().any(copies) || !changes.iter().any(originals) {
            continue;
        }
        let pools = [pair.recorded, pair.current];
        if pools.into_iter().any(|pool| is_mirrored(pool, mirror.original))
            && !pools.into_iter().any(|pool| is_mirrored(pool, mirror.copy))
        {
            let made = |id: NodeId| pools.into_iter().any(|pool| pool.made.contains(&id));
            let added = |id: NodeId| schema().is_inside(id, mirror.original) || made(id);
            changes.retain(|change| !(originals(change) && change.node.is_some_and(added)));
        } else {
            changes.retain(|change| !copies(change));
        }
    }
}

/// Whether a change at a path is one of the original, or of a structure around it.
fn is_original(mirror: &Mirror, id: NodeId) -> bool {
    schema().is_inside(id, mirror.original) || schema().is_inside(mirror.original, id)
}

fn is_mirrored(pool: &Pool, id: NodeId) -> bool {
    pool.mirrored.iter().any(|one| one.to == id)
}
