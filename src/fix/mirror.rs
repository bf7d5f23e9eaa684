//! Settings with two names: a value is set under both, and sent under the name that the service uses.

use crate::pool::{Pool, Projection, given, mirror};
use crate::schema::{Kind, NodeId, Path, schema};
use crate::value::{Map, Value};

/// Sets or removes the value at a path, under both names if it has two.
pub(super) fn put(pool: &mut Pool, path: &Path, value: Option<Value>) {
    pool.document = given(pool);
    (pool.mirrored, pool.made) = (Vec::new(), Vec::new());
    let steps: Vec<&str> = path.steps.iter().map(|step| step.name.as_ref()).collect();
    let node = path.resolve(schema(), NodeId::ROOT).ok();
    let twins = schema().mirrors().iter().find_map(|mirror| {
        let inside = |one| node.is_some_and(|node| schema().is_inside(node, one));
        match (inside(mirror.original), inside(mirror.copy)) {
            (true, _) => Some((mirror.original, mirror.copy)),
            (_, true) => Some((mirror.copy, mirror.original)),
            _ => None,
        }
    });
    match twins {
        Some((own, twin)) => {
            let (own, twin) = (steps_of(own), steps_of(twin));
            let held = at(&pool.document, &twin);
            let is_twin = held.is_some() && held == at(&pool.document, &own);
            set(&mut pool.document, &steps, value);
            if is_twin {
                let whole = at(&pool.document, &own).cloned();
                set(&mut pool.document, &twin, whole);
            }
        }
        None => set(&mut pool.document, &steps, value),
    }
    mirror(pool, &Projection::everything());
}

/// The document as an update accepts it: as it was given, without older names that newer ones supersede.
pub(super) fn to_send(pool: &Pool) -> Map {
    let mut document = given(pool);
    for mirror in schema().mirrors().iter().filter(|mirror| mirror.superseded) {
        let (copy, original) = (steps_of(mirror.copy), steps_of(mirror.original));
        // Two texts that differ are both sent: which of them the service uses is not documented.
        let (older, newer) = (at(&document, &copy), at(&document, &original));
        let is_text = schema().node(mirror.copy).kind == Kind::String;
        if older.is_some() && newer.is_some() && (!is_text || older == newer) {
            set(&mut document, &copy, None);
        }
    }
    document
}

fn steps_of(id: NodeId) -> Vec<&'static str> {
    schema().node(id).path.split('.').collect()
}

fn at<'d>(document: &'d Map, steps: &[&str]) -> Option<&'d Value> {
    let (first, rest) = steps.split_first()?;
    rest.iter().try_fold(document.get(first)?, |value, step| value.get(step))
}

/// Sets or removes the value at a path of members.
pub(super) fn set(map: &mut Map, steps: &[&str], value: Option<Value>) {
    let Some((first, rest)) = steps.split_first() else { return };
    if rest.is_empty() {
        match value {
            Some(value) => map.set((*first).to_owned().into(), value),
            None => map.0.retain(|(name, _)| name != first),
        }
        return;
    }
    if !matches!(map.get(first), Some(Value::Map(_))) {
        map.set((*first).to_owned().into(), Value::Map(Map::default()));
    }
    if let Some((_, Value::Map(inner))) = map.0.iter_mut().find(|(name, _)| name == first) {
        set(inner, rest, value);
    }
}
