//! Members of declared pools that have the value of another: they have its place in the file too.

use std::borrow::Cow;

use super::Places;
use crate::pool::{Mirrored, Pool, Projection, Section, mirror};
use crate::schema::{NodeId, schema};
use crate::source::text::ValueStep;

/// Completes a pool with both names of each value, and with the places of what was added.
pub(super) fn complete(pool: &mut Pool, places: &mut Places) {
    mirror(pool, &Projection::everything());
    for Mirrored { from, to, .. } in &pool.mirrored {
        let made = std::iter::successors(Some(*to), |id| Some(schema().node(*id).parent));
        // A section as a whole has no place because one of its members repeats the pool's.
        let is_made = |id: &NodeId| pool.made.contains(id) && Section::rooted_at(*id).is_none();
        let made: Vec<_> = made.skip(1).take_while(is_made).map(value_path).collect();
        let (from, to) = (value_path(*from), value_path(*to));
        let inside = places.values.iter().filter(|(at, _)| at.starts_with(&from));
        let moved: Vec<_> = inside
            .map(|(at, range)| {
                let way: Vec<_> = to.iter().chain(&at[from.len()..]).cloned().collect();
                (way, range.clone())
            })
            .collect();
        let whole = places.values.get(&from).cloned();
        let around = made.into_iter().filter_map(|way| Some((way, whole.clone()?)));
        places.values.extend(moved.into_iter().chain(around));
    }
}

/// The path to a member that is only inside structures.
fn value_path(id: NodeId) -> Vec<ValueStep<'static>> {
    let names = schema().node(id).path.split('.');
    names.map(|name| ValueStep::Member(Cow::Owned(name.to_owned()))).collect()
}
