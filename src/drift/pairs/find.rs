//! Finds the pool of the other side with the same identity.

use std::collections::BTreeMap;

use crate::pool::{Identity, Pool};

/// Whether two pools have the same identity, as far as it is known.
pub(super) fn are_one(a: &Pool, b: &Pool) -> bool {
    let (a, b) = (a.identity(), b.identity());
    match (&a.arn, &b.arn) {
        (Some(a), Some(b)) => a == b,
        _ => {
            a.id == b.id
                && may_be_equal(a.region.as_ref(), b.region.as_ref())
                && may_be_equal(a.account.as_ref(), b.account.as_ref())
        }
    }
}

fn may_be_equal<T: PartialEq>(a: Option<&T>, b: Option<&T>) -> bool {
    a.is_none() || b.is_none() || a == b
}

/// The pools of one side, indexed by ARN, id, name and address.
pub(super) struct PoolIndex {
    identities: Vec<Identity>,
    arns: BTreeMap<String, Vec<usize>>,
    ids: BTreeMap<String, Vec<usize>>,
    names: BTreeMap<String, Vec<usize>>,
    addresses: BTreeMap<String, Vec<usize>>,
}

pub(super) enum Lookup {
    One(usize),
    None,
    Many(usize),
}

impl PoolIndex {
    pub(super) fn of(pools: &[Pool]) -> PoolIndex {
        let identities = pools.iter().map(Pool::identity).collect();
        let empty = BTreeMap::new;
        let mut by =
            PoolIndex { identities, arns: empty(), ids: empty(), names: empty(), addresses: empty() };
        for (index, (pool, identity)) in pools.iter().zip(&by.identities).enumerate() {
            let address = identity.address.as_ref().filter(|_| pool.origin.source.is_declared());
            let maps = [
                (&mut by.arns, identity.arn.as_ref()),
                (&mut by.ids, identity.id.as_ref()),
                (&mut by.names, identity.name.as_ref()),
                (&mut by.addresses, address),
            ];
            for (map, name) in maps {
                if let Some(name) = name {
                    map.entry(name.to_string()).or_default().push(index);
                }
            }
        }
        by
    }

    /// The ARN identifies a pool. Without one it is found by its id within its Region, then by its name, then by its
    /// address in a file, each only if no other known part of their identities differs. Of declared pools with one name,
    /// the address decides.
    pub(super) fn find(&self, pool: &Pool) -> Lookup {
        let identity = pool.identity();
        let one = |map: &BTreeMap<String, Vec<usize>>, name: Option<&str>| {
            name.and_then(|name| map.get(name)).cloned().unwrap_or_default()
        };
        let place = |other: &Identity| {
            may_be_equal(identity.account.as_ref(), other.account.as_ref())
                && may_be_equal(identity.region.as_ref(), other.region.as_ref())
        };
        let retain = |found: &mut Vec<usize>, fits: &dyn Fn(&Identity) -> bool| {
            found.retain(|index| place(&self.identities[*index]) && fits(&self.identities[*index]));
        };
        let address = identity.address.as_deref().filter(|_| pool.origin.source.is_declared());
        let lacks = |own: &Option<_>, other: &Option<_>| own.is_none() || other.is_none();
        let mut found = one(&self.arns, identity.arn.as_deref());
        if found.is_empty() {
            found = one(&self.ids, identity.id.as_deref());
            retain(&mut found, &|other| may_be_equal(identity.arn.as_ref(), other.arn.as_ref()));
        }
        if found.is_empty() {
            found = one(&self.names, identity.name.as_deref());
            retain(&mut found, &|other| lacks(&identity.id, &other.id));
            let at_address: Vec<usize> =
                one(&self.addresses, address).into_iter().filter(|index| found.contains(index)).collect();
            if found.len() > 1 && !at_address.is_empty() {
                found = at_address;
            }
        }
        if found.is_empty() {
            found = one(&self.addresses, address);
            let nameless = |other: &Identity| lacks(&identity.name, &other.name);
            retain(&mut found, &|other| lacks(&identity.id, &other.id) && nameless(other));
        }
        match found[..] {
            [] => Lookup::None,
            [index] => Lookup::One(index),
            _ => Lookup::Many(found.len()),
        }
    }
}
