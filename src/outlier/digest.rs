//! Hashes of places and values. Values that mean the same have the same hash.
//!
//! The keys of hashes are random, so that nobody can make a value that has the hash of another.

use std::hash::{BuildHasher, Hash, Hasher, RandomState};

use super::relative::Home;
use crate::pool::Identity;
use crate::schema::{Node, NodeId, schema};
use crate::value::Value;

/// The hash of an absent value.
pub(super) const ABSENT: u64 = 0;

#[derive(Clone, Debug, Default)]
pub(super) struct Hashes(RandomState);

impl Hashes {
    pub(super) fn of(&self, what: impl Hash) -> u64 {
        self.0.hash_one(what) | 1
    }

    /// The hash of a pool's names, by which it is found in another input.
    pub(super) fn of_pool(&self, identity: &Identity) -> Option<u64> {
        match &identity.arn {
            Some(arn) => Some(self.of(("arn", &**arn))),
            None => identity.id_in_region().map(|id| self.of(("id", id))),
        }
    }

    /// The hash of a value at a path, relative to its pool.
    pub(super) fn of_value(&self, id: Option<NodeId>, value: Option<&Value>, home: &Home) -> u64 {
        let Some(value) = value else { return ABSENT };
        let mut hasher = self.0.build_hasher();
        id.hash(&mut hasher);
        self.add(&mut hasher, &home.relative(value), id.map(|id| schema().node(id)));
        hasher.finish() | 1
    }

    fn add(&self, hasher: &mut impl Hasher, value: &Value, node: Option<&Node>) {
        if *value == Value::Secret || node.is_some_and(|node| node.secret) {
            // Secrets are compared by their presence alone.
            return 0_u8.hash(hasher);
        }
        match value {
            Value::Null => 1_u8.hash(hasher),
            Value::Bool(value) => (2_u8, value).hash(hasher),
            Value::Int(number) => (3_u8, number).hash(hasher),
            Value::Float(number) => match whole(*number) {
                Some(number) => (3_u8, number).hash(hasher),
                None => (4_u8, number.to_bits()).hash(hasher),
            },
            Value::String(text) => match node.filter(|node| node.numeric).and_then(|_| text.parse().ok()) {
                Some::<i64>(number) => (3_u8, number).hash(hasher),
                None => (5_u8, &**text).hash(hasher),
            },
            Value::Time(millis) => (6_u8, millis).hash(hasher),
            Value::List(items) => {
                7_u8.hash(hasher);
                let element = node.and_then(|node| node.element).map(|id| schema().node(id));
                let mut inner: Vec<u64> = items.iter().map(|item| self.whole(item, element)).collect();
                if node.is_some_and(|node| node.unordered) {
                    inner.sort_unstable();
                    inner.dedup();
                }
                inner.hash(hasher);
            }
            Value::Map(map) => {
                8_u8.hash(hasher);
                let members = map.0.iter().filter(|(_, value)| *value != Value::Null);
                let mut inner: Vec<(&str, u64)> =
                    members.map(|(name, value)| (&**name, self.whole(value, None))).collect();
                inner.sort_unstable();
                inner.hash(hasher);
            }
            Value::Secret | Value::Later(_) | Value::Unknown(_) => 9_u8.hash(hasher),
        }
    }

    fn whole(&self, value: &Value, node: Option<&Node>) -> u64 {
        let mut hasher = self.0.build_hasher();
        self.add(&mut hasher, value, node);
        hasher.finish()
    }
}

/// The whole number that a float is.
#[expect(clippy::cast_possible_truncation, reason = "the number is compared with the one that was given")]
#[expect(clippy::float_cmp, reason = "a whole number is equal to itself")]
fn whole(number: f64) -> Option<i64> {
    let cut = number as i64;
    (cut as f64 == number).then_some(cut)
}
