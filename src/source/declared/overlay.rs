//! The places of a plan's resources in the configuration that the plan was made from.

use std::collections::BTreeMap;
use std::ops::Range;

use super::{Declared, DeclaredPool, Holder, Places};
use crate::source::text::ValueStep;

/// Places of values by their steps from a part of a pool.
type Values = BTreeMap<Vec<ValueStep<'static>>, Range<usize>>;

/// Resources of a configuration, with the places of their arguments, by their addresses without keys of instances.
type Written<'c> = BTreeMap<String, Vec<(&'c Holder, Values)>>;

impl Declared {
    /// Points at the configuration that a plan was made of, as far as it has the plan's resources. Whether it has one.
    pub(in crate::source) fn point_at(&mut self, configuration: &Declared) -> bool {
        let written = written(&configuration.pools);
        let mut found = false;
        for pool in self.pools.iter_mut().chain(&mut self.gone) {
            found |= pool.places.point_at(&written);
        }
        let reaches = |pool: &DeclaredPool, waiver: &_| pool.places.reaches(&self.origin.name, waiver);
        let waivers = configuration.inline.iter();
        let own = waivers.filter(|waiver| self.pools.iter().any(|pool| reaches(pool, waiver)));
        self.inline = own.cloned().collect();
        found
    }
}

fn written(pools: &[DeclaredPool]) -> Written<'_> {
    let mut all = Written::new();
    for places in pools.iter().map(|pool| &pool.places) {
        for (way, holder) in &places.resources {
            let own = places.values_of(way);
            let values = own.map(|(path, at)| (path[way.len()..].to_vec(), at.clone())).collect();
            all.entry(without_keys(&holder.address)).or_default().push((holder, values));
        }
    }
    all
}

impl Places {
    /// The values of a resource by its steps from the pool, without those of resources in it.
    fn values_of<'p>(
        &'p self,
        way: &'p [ValueStep<'static>],
    ) -> impl Iterator<Item = (&'p Vec<ValueStep<'static>>, &'p Range<usize>)> {
        self.values.iter().filter(move |(path, _)| {
            self.resource(path).is_some_and(|(length, _)| path.get(..length) == Some(way))
        })
    }

    fn point_at(&mut self, written: &Written<'_>) -> bool {
        let mut found = false;
        let ways: Vec<Vec<ValueStep<'static>>> = self.resources.keys().cloned().collect();
        let mut values = Values::new();
        for way in &ways {
            let Some(holder) = self.resources.get(way) else { continue };
            let instances = written.get(&without_keys(&holder.address)).map_or(&[] as &[_], Vec::as_slice);
            // Instances of one resource have the same text.
            let exact = instances.iter().find(|(one, _)| one.address == holder.address);
            let other = exact.or(instances.first());
            values.extend(self.values_of(way).filter_map(|(path, at)| match other {
                Some((_, values)) => Some((path.clone(), values.get(&path[way.len()..])?.clone())),
                None => Some((path.clone(), at.clone())),
            }));
            if let (Some((other, _)), Some(holder)) = (other, self.resources.get_mut(way)) {
                found = true;
                let Holder { at, whole, text, calls, origins, .. } = (*other).clone();
                *holder = Holder { at, whole, text, calls, origins, ..holder.clone() };
            }
        }
        self.values = values;
        found
    }
}

/// An address without the keys of instances.
fn without_keys(address: &str) -> String {
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    let mut base = String::new();
    for c in address.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' if depth > 0 => quoted = !quoted,
            '[' if !quoted => depth += 1,
            ']' if !quoted => depth = depth.saturating_sub(1),
            c if depth == 0 => base.push(c),
            _ => {}
        }
    }
    base
}
