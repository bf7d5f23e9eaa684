//! Which pools need not be paired, because each is the same on both sides and leads to no other.

/// A pool of one side.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    /// Of what it is; `None` where not everything of it is known.
    pub hash: Option<u128>,
    /// Of ARN, id and name; 0 for one that is absent.
    pub names: [u64; 3],
}

const ARN: usize = 0;
const ID: usize = 1;
const NAME: usize = 2;

/// The hashes of pools that are once on either side, and that pairing by identity would pair with each other and with
/// nothing else. Sorted.
pub(super) fn settled(recorded: &[Entry], current: &[Entry]) -> Vec<u128> {
    let hashes = |side: &[Entry]| sorted(side.iter().filter_map(|entry| entry.hash));
    let (in_recorded, in_current) = (hashes(recorded), hashes(current));
    let names = Names::of(recorded, current);
    let is_settled = |entry: &&Entry| {
        entry.hash.is_some_and(|hash| count(&in_recorded, &hash) == 1 && count(&in_current, &hash) == 1)
            && names.lead_to_one(entry)
    };
    sorted(recorded.iter().filter(is_settled).filter_map(|entry| entry.hash))
}

/// The names of all pools, sorted.
struct Names {
    current: [Vec<u64>; 3],
    recorded: [Vec<u64>; 3],
    /// Ids of recorded pools without ARN, and names of those without id. They are found by these.
    by_id: Vec<u64>,
    by_name: Vec<u64>,
}

impl Names {
    fn of(recorded: &[Entry], current: &[Entry]) -> Names {
        let named = |side: &[Entry], kind: usize, lacks: Option<usize>| {
            let found = side.iter().filter(|entry| lacks.is_none_or(|other| entry.names[other] == 0));
            sorted(found.map(|entry| entry.names[kind]).filter(|name| *name != 0))
        };
        Names {
            current: [ARN, ID, NAME].map(|kind| named(current, kind, None)),
            recorded: [ARN, ID, NAME].map(|kind| named(recorded, kind, None)),
            by_id: named(recorded, ID, Some(ARN)),
            by_name: named(recorded, NAME, Some(ID)),
        }
    }

    /// Whether a pool finds only itself among the current ones, and no other recorded pool finds it.
    fn lead_to_one(&self, entry: &Entry) -> bool {
        let [arn, id, name] = entry.names;
        let Some(lead) = [ARN, ID, NAME].into_iter().find(|kind| entry.names[*kind] != 0) else {
            return false;
        };
        // Pools with different ARNs are not found by id, and those with different ids not by name.
        let by_id = if arn == 0 { count(&self.recorded[ID], &id) == 1 } else { count(&self.by_id, &id) == 0 };
        let by_name =
            if id == 0 { count(&self.recorded[NAME], &name) == 1 } else { count(&self.by_name, &name) == 0 };
        count(&self.current[lead], &entry.names[lead]) == 1
            && (arn == 0 || count(&self.recorded[ARN], &arn) == 1)
            && (id == 0 || by_id)
            && (name == 0 || by_name)
    }
}

fn sorted<T: Ord>(all: impl Iterator<Item = T>) -> Vec<T> {
    let mut all: Vec<T> = all.collect();
    all.sort_unstable();
    all.shrink_to_fit();
    all
}

fn count<T: Ord>(sorted: &[T], one: &T) -> usize {
    let start = sorted.partition_point(|other| other < one);
    sorted[start..].partition_point(|other| other == one)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drift::Side;
    use crate::drift::pairs::pairs;
    use crate::pool::Pool;
    use crate::value::{Map, Value};

    /// A pool with some of a few names, so that pools of one side share them. The same number is the same pool.
    fn pool(number: u64) -> Pool {
        let arns =
            ["", "arn:aws:cognito-idp:eu-west-1:1:userpool/a", "arn:aws:cognito-idp:eu-west-1:2:userpool/b"];
        let ids = ["", "a", "b", "c"];
        let digit = |by: u64, of: u64| usize::try_from(number / by % of).unwrap();
        let [arn, id, name] = [arns[digit(1, 3)], ids[digit(3, 4)], ids[digit(12, 4)]];
        let members =
            [("Arn", arn), ("Id", id), ("Name", name)].into_iter().filter(|(_, text)| !text.is_empty());
        let members = members.map(|(member, text)| (member.into(), Value::String(text.into())));
        let content = Value::Int(i64::try_from(number / 48).unwrap());
        Pool { document: Map(members.chain([("New".into(), content)]).collect()), ..Pool::default() }
    }

    fn entry(number: u64) -> Entry {
        let identity = pool(number).identity();
        let name = |kind: u64, text: Option<&str>| {
            text.map_or(0, |text| 1000 * kind + u64::from(*text.as_bytes().last().unwrap()))
        };
        let names = [
            name(1, identity.arn.as_deref()),
            name(2, identity.id.as_deref()),
            name(3, identity.name.as_deref()),
        ];
        Entry { hash: Some(u128::from(number)), names }
    }

    type Paired = (Vec<(u64, u64)>, Vec<u64>, Vec<u64>, usize);

    /// Who is paired with whom, gone and added, by the numbers of the pools.
    fn paired(recorded: &[u64], current: &[u64]) -> Paired {
        let side = |numbers: &[u64], settled| Side {
            pools: numbers.iter().map(|number| pool(*number)).collect(),
            settled,
            ..Side::default()
        };
        let found = pairs(&side(recorded, 0), &side(current, 0), &[]);
        let mut both: Vec<_> =
            found.both.iter().map(|pair| (recorded[pair.recorded], current[pair.current])).collect();
        both.sort_unstable();
        let of = |side: &[u64], found: Vec<usize>| found.into_iter().map(|index| side[index]).collect();
        (both, of(recorded, found.removed), of(current, found.added), found.unread.len())
    }

    #[test]
    fn settled_pools_change_no_pair() {
        let mut state = 7_u64;
        let mut random = |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % below
        };
        let mut settled_pools = 0;
        for _ in 0..20_000 {
            let few = 1 + random(5);
            let recorded: Vec<u64> = (0..few).map(|_| random(96)).collect();
            let mut current: Vec<u64> = recorded.iter().copied().filter(|_| random(5) > 0).collect();
            current.extend((0..random(3)).map(|_| random(96)));
            let entries = |side: &[u64]| side.iter().map(|number| entry(*number)).collect::<Vec<_>>();
            let found = settled(&entries(&recorded), &entries(&current));
            settled_pools += found.len();
            let rest = |side: &[u64]| -> Vec<u64> {
                side.iter().copied().filter(|number| !found.contains(&u128::from(*number))).collect()
            };
            let (mut both, removed, added, unread) = paired(&rest(&recorded), &rest(&current));
            both.extend(
                found.iter().map(|hash| u64::try_from(*hash).unwrap()).map(|number| (number, number)),
            );
            both.sort_unstable();
            let whole = paired(&recorded, &current);
            assert_eq!((both, removed, added, unread), whole, "{recorded:?} and {current:?}");
        }
        assert!(settled_pools > 10_000, "{settled_pools}");
    }
}
