//! Shards: a fleet of pools is split into parts, so that several machines share the work.
//!
//! The shard of a pool depends only on the pool's key and the number of shards: take SHA-256 of the key, read its
//! first eight bytes as a big-endian number, divide by the number of shards, and count the remainder from 1. So every
//! machine and every version computes the same shard, without communication.

use std::fmt;

use sha2::{Digest, Sha256};

use crate::file_name;
use crate::pool::{Identity, Origin, id_in_region};

/// More shards than this are a mistake in the command line.
pub const MOST: u32 = 10_000;

/// Shard `index` of `count`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shard {
    /// From 1.
    index: u32,
    count: u32,
}

impl Shard {
    /// `None` if the index is not one of `1..=count`, or there are too many.
    pub const fn new(index: u32, count: u32) -> Option<Shard> {
        if count <= MOST && 1 <= index && index <= count { Some(Shard { index, count }) } else { None }
    }

    /// Parses `I/N`. The error says what is wrong with it.
    pub fn parse(text: &str) -> Result<Shard, String> {
        let numbers = text.split_once('/').map(|(index, count)| (index.parse().ok(), count.parse().ok()));
        match numbers {
            Some((Some(0), Some(_))) => Err("shards are counted from 1".to_owned()),
            Some((Some(index), Some(count))) if index > count => {
                Err(format!("there is no shard {index} of {count}"))
            }
            Some((Some(index), Some(count))) => {
                Shard::new(index, count).ok_or_else(|| format!("{MOST} shards are the most"))
            }
            _ => Err("write it as `I/N`: `2/8` is the second of eight shards".to_owned()),
        }
    }

    /// Its number, from 1.
    pub fn index(self) -> u32 {
        self.index
    }

    /// The number of shards.
    pub fn count(self) -> u32 {
        self.count
    }

    /// Whether the pool with this key belongs to this shard.
    pub fn has(self, key: &str) -> bool {
        owner(key, self.count) == self.index
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.count)
    }
}

/// The shard, from 1, that the pool with this key belongs to.
pub fn owner(key: &str, count: u32) -> u32 {
    let digest = Sha256::digest(key.as_bytes());
    let first = digest.iter().take(8).fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    // The remainder is less than `count`, which is a `u32`.
    u32::try_from(first % u64::from(count.max(1))).unwrap_or_default() + 1
}

/// The part of a pool's identity that decides its shard, which lists of pools have: its id within its Region, else
/// its ARN, else its file and its address or name there.
pub fn key(identity: &Identity, origin: &Origin) -> String {
    match identity.id_in_region().or_else(|| identity.arn.as_ref().map(ToString::to_string)) {
        Some(one) => one,
        None => {
            let own = identity.address.as_deref().or(identity.name.as_deref());
            format!("{}#{}", file_name::plain(&origin.name), own.unwrap_or_default())
        }
    }
}

/// The same of a pool of which only its ARN, or what else identifies it over time, is known.
pub fn key_of(pool: &str) -> String {
    let parts: Vec<&str> = pool.splitn(6, ':').collect();
    match parts[..] {
        [_, _, "cognito-idp", region, _, resource] => {
            let id = resource.strip_prefix("userpool/").unwrap_or(resource);
            id_in_region(Some(region), id)
        }
        _ => pool.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// These must never change: shards of one run may be of machines that were set up at different times.
    #[test]
    fn owners_are_the_same_on_every_machine() {
        let ids =
            ["us-east-1_AbCdEf123", "eu-central-1_Sh0pCust0", "eu-west-1_Iot7mJ2fD", "", "pools.json#staff"];
        let owners: Vec<u32> = ids.iter().map(|id| owner(id, 16)).collect();
        assert_eq!(owners, [9, 6, 13, 5, 13]);
    }

    #[test]
    fn every_key_has_one_shard_and_every_shard_its_share() {
        for count in [1, 2, 3, 7, 64] {
            let mut sizes = vec![0; count as usize];
            for i in 0..6400 {
                let key = format!("us-east-1_{i:09}");
                let shards = (1..=count).filter_map(|index| Shard::new(index, count));
                let owners: Vec<Shard> = shards.filter(|shard| shard.has(&key)).collect();
                assert_eq!(owners.len(), 1, "{key} of {count}");
                sizes[owners[0].index() as usize - 1] += 1;
            }
            let fair = 6400 / count;
            assert!(sizes.iter().all(|size| (fair / 2..=fair * 3 / 2).contains(size)), "{sizes:?}");
        }
    }

    #[test]
    fn what_is_no_shard_is_refused() {
        assert_eq!(Shard::parse("2/8"), Shard::new(2, 8).ok_or_else(String::new));
        for (text, why) in [
            ("0/4", "shards are counted from 1"),
            ("5/4", "there is no shard 5 of 4"),
            ("1/0", "there is no shard 1 of 0"),
            ("1/10001", "10000 shards are the most"),
            ("4", "write it as `I/N`"),
            ("a/b", "write it as `I/N`"),
            ("-1/4", "write it as `I/N`"),
            ("1/4/2", "write it as `I/N`"),
        ] {
            let said = Shard::parse(text).unwrap_err();
            assert!(said.starts_with(why), "{text}: {said}");
        }
    }

    /// Whoever knows a pool by its ARN alone finds the same shard: replicas have one id in two Regions.
    #[test]
    fn the_arn_of_a_pool_leads_to_its_key() {
        for arn in [
            "arn:aws:cognito-idp:us-east-1:111122223333:userpool/us-east-1_a",
            "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/us-east-1_a",
            "arn:aws-cn:cognito-idp:cn-north-1:111122223333:userpool/cn-north-1_a",
        ] {
            let id = arn.rsplit_once('/').map(|(_, id)| id).unwrap_or_default();
            let members = vec![
                ("Id".into(), crate::value::Value::String(id.to_owned().into())),
                ("Arn".into(), crate::value::Value::String(arn.to_owned().into())),
            ];
            let document = crate::value::Map(members.into());
            assert_eq!(key_of(arn), key(&Identity::of(&document), &Origin::default()));
        }
        assert_eq!(key_of("pools.json#staff"), "pools.json#staff");
    }

    #[test]
    fn a_key_is_the_id_before_anything_else() {
        let origin = Origin { name: "pools.json".into(), ..Origin::default() };
        let mut identity = Identity { name: Some("staff".into()), ..Identity::default() };
        assert_eq!(key(&identity, &origin), "pools.json#staff");
        identity.arn = Some("arn:aws:cognito-idp:us-east-1:111122223333:userpool/us-east-1_a".into());
        assert!(key(&identity, &origin).starts_with("arn:"));
        identity.id = Some("us-east-1_a".into());
        assert_eq!(key(&identity, &origin), "us-east-1_a");
        identity.region = Some("us-east-1".into());
        assert_eq!(key(&identity, &origin), "us-east-1_a");
        identity.region = Some("eu-west-1".into());
        assert_eq!(key(&identity, &origin), "eu-west-1/us-east-1_a", "a replica has the id of its original");
    }
}
