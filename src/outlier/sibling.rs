//! Siblings: pools that are paired by their names, such as those of two stages.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::digest::Hashes;
use super::member::{Member, Members};
use super::relative::Home;
use super::{Deviation, Most, Outlier, Outliers, Terms, deviations, reference};
use crate::drift::{Between, Change, Instead, Named, Open, Renamed, Rules, Spot, Visit, walk};
use crate::pool::{Identity, Pool, Section};
use crate::source::{Note, Unread};
use crate::value::Value;

/// A `--pair`: two patterns of names with one `*` each, which stands for the same text in both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SiblingPattern {
    left: [String; 2],
    right: [String; 2],
}

impl SiblingPattern {
    /// Parses `stage-*=prod-*`; the error says what is wrong with it.
    pub fn parse(text: &str) -> Result<SiblingPattern, String> {
        let half = |text: &str| {
            let (start, end) = text.trim().split_once('*')?;
            (!end.contains('*')).then(|| [start.to_owned(), end.to_owned()])
        };
        let both = text.split_once('=').and_then(|(left, right)| half(left).zip(half(right)));
        match both {
            Some((left, right)) if left != right => Ok(SiblingPattern { left, right }),
            Some(_) => Err("both sides are the same pattern".to_owned()),
            None => Err("write it as `stage-*=prod-*`, with one `*` on each side".to_owned()),
        }
    }

    /// The text that `*` stands for, and whether the name is on the right side.
    fn find(&self, name: &str) -> Option<(String, bool)> {
        let fits = |[start, end]: &[String; 2]| {
            let rest = name.strip_prefix(start.as_str())?.strip_suffix(end.as_str())?;
            (!rest.is_empty()).then(|| rest.to_owned())
        };
        // The side that leaves less to the `*` is meant: `shop-prod` is not a sibling in `*=*-prod`.
        let both = [fits(&self.left).map(|rest| (rest, false)), fits(&self.right).map(|rest| (rest, true))];
        both.into_iter().flatten().min_by_key(|(rest, _)| rest.len())
    }
}

/// A pool by its number, its title, its Region, and the hash of all in which pools can be alike.
#[derive(Clone, Debug)]
struct Found {
    number: usize,
    title: String,
    region: Option<Arc<str>>,
    digest: u64,
}

/// The pools of one name: those of the left side, and of the right.
type Sides = [Vec<Found>; 2];

/// Compares pools that are paired by name: what each pool of the right side has, and its sibling on the left has not.
pub fn siblings(open: Open<'_>, patterns: &[SiblingPattern], rules: Rules<'_>, now: i64) -> Outliers {
    let hashes = Hashes::default();
    let mut sides: BTreeMap<(usize, String), Sides> = BTreeMap::new();
    let mut unnamed = 0;
    let mut number = 0..;
    let members = Members::of(open, &Terms::default(), |Member { pool, identity, .. }| {
        let number = number.next().unwrap_or(usize::MAX);
        let Some((pattern, rest, right)) = name(patterns, identity) else {
            unnamed += 1;
            return;
        };
        let (title, region) = (identity.title(), identity.region.clone());
        let found = Found { number, title, region, digest: Digest::of(&hashes, pool, identity) };
        sides.entry((pattern, rest)).or_default()[usize::from(right)].push(found);
    });
    let mut all = Outliers { pools: members.pools, interrupted: members.interrupted, ..Outliers::default() };
    (all.unread, all.notes) = (members.unread.clone(), members.notes.clone());
    let mut paired = Paired::default();
    for ((_, rest), sides) in sides {
        paired.add(&rest, sides);
    }
    all.pairs = Some(paired.pairs);
    all.unread.append(&mut paired.unread);
    all.notes.extend(paired.note());
    if unnamed > 0 {
        let noun = if unnamed == 1 { "pool fits" } else { "pools fit" };
        let message = format!("{unnamed} {noun} no pattern of `--pair`");
        all.notes.push(Note { target: "the inputs".to_owned(), message });
    }
    let (mut places, mut outliers, between) = (Vec::new(), Vec::new(), Between::of(rules, now));
    let mut number = 0..;
    let mut waiting: BTreeMap<usize, Pool> = BTreeMap::new();
    let again = members.each_of_all(open, |pool| {
        let pair = number.next().and_then(|number| paired.unlike.get(&number));
        let Some((pair, right)) = pair else { return };
        let Some(other) = waiting.remove(pair) else {
            waiting.insert(*pair, pool);
            return;
        };
        let (left, right) = if *right { (other, pool) } else { (pool, other) };
        for change in differences(&between, &left, &right, &hashes) {
            places.push(place(&left, &right, &change));
            outliers.push(Outlier { pool: Arc::new(reference(&right)), change, since: None });
        }
    });
    all.unread.extend(members.changed(again));
    all.deviations = deviations(places, outliers);
    all.unread.sort();
    all.notes.sort();
    all
}

/// The pattern that a name fits, what its `*` stands for, and whether it is on the right side.
fn name(patterns: &[SiblingPattern], identity: &Identity) -> Option<(usize, String, bool)> {
    let name = identity.name.as_deref()?;
    let mut found = patterns.iter().enumerate().filter_map(|(at, one)| Some((at, one.find(name)?)));
    found.next().map(|(at, (rest, right))| (at, rest, right))
}

/// The pools that are pairs.
#[derive(Default)]
struct Paired {
    pairs: usize,
    /// The pair of a pool, and whether it is on the right side, where the two are unlike.
    unlike: BTreeMap<usize, (usize, bool)>,
    alone: Vec<String>,
    unread: Vec<Unread>,
}

impl Paired {
    /// Pairs the pools of a name. Where there are several, those of one Region are siblings.
    fn add(&mut self, rest: &str, sides: Sides) {
        let mut regions: BTreeMap<Option<Arc<str>>, Sides> = BTreeMap::new();
        let several = sides.iter().any(|side| side.len() > 1);
        for (at, found) in sides.into_iter().enumerate() {
            for one in found {
                let region = one.region.clone().filter(|_| several);
                regions.entry(region).or_default()[at].push(one);
            }
        }
        for [left, right] in regions.into_values() {
            match (left.as_slice(), right.as_slice()) {
                ([left], [right]) => {
                    if left.digest != right.digest {
                        self.unlike.insert(left.number, (self.pairs, false));
                        self.unlike.insert(right.number, (self.pairs, true));
                    }
                    self.pairs += 1;
                }
                ([], one) | (one, []) => self.alone.extend(one.iter().map(|found| found.title.clone())),
                (left, right) => {
                    let message =
                        format!("{} and {} pools of this name could be siblings", left.len(), right.len());
                    let help = Some("read one account or Region at a time".to_owned());
                    self.unread.push(Unread { help, ..Unread::new(rest.to_owned(), message) });
                }
            }
        }
    }

    fn note(&mut self) -> Option<Note> {
        self.alone.sort();
        let first = self.alone.first()?;
        let message = match self.alone.len() - 1 {
            0 => "it has no pair".to_owned(),
            more => format!("it has no pair, and neither have {more} more"),
        };
        Some(Note { target: first.clone(), message })
    }
}

/// The differences of two siblings, but for values that mean the same for each.
fn differences(between: &Between<'_>, left: &Pool, right: &Pool, hashes: &Hashes) -> Vec<Change> {
    let homes = [left, right].map(|pool| Home::of(&pool.identity()));
    let mut changes = between.changes(left, right);
    changes.retain(|change| {
        hashes.of_value(change.node, change.before.as_ref(), &homes[0])
            != hashes.of_value(change.node, change.after.as_ref(), &homes[1])
    });
    changes
}

fn place(left: &Pool, right: &Pool, change: &Change) -> Deviation {
    let [of_left, of_right] = [left, right].map(|pool| pool.identity().title());
    Deviation {
        group: format!("{of_left} and {of_right}").into(),
        path: change.path.clone(),
        most: Most::Sibling(Arc::new(reference(left)), change.before.clone()),
        agree: 1,
        known: 2,
        unknown: 0,
        outliers: Vec::new(),
    }
}

/// Hashes all in which pools can be alike.
struct Digest<'a> {
    hashes: &'a Hashes,
    home: Home,
    sum: u64,
}

impl Digest<'_> {
    fn of(hashes: &Hashes, pool: &Pool, identity: &Identity) -> u64 {
        let mut digest = Digest { hashes, home: Home::of(identity), sum: 0 };
        _ = walk(pool, &mut digest);
        digest.sum
    }

    /// Places have no order that is the same for all pools.
    fn add(&mut self, key: &str, hash: u64) {
        self.sum = self.sum.wrapping_add(self.hashes.of((key, hash)));
    }
}

impl Visit for Digest<'_> {
    fn value(&mut self, at: Spot<'_>, value: Option<&Value>) -> Instead {
        let hash = self.hashes.of_value(at.node, value, &self.home);
        self.add(at.key, hash);
        Instead::Same
    }

    fn names(&mut self, at: Spot<'_>, names: &BTreeMap<String, Named<'_>>) -> Renamed {
        let hash = self.hashes.of(names.keys().collect::<Vec<_>>());
        self.add(at.key, hash);
        Renamed::default()
    }

    fn enters(&mut self, _: Spot<'_>) -> bool {
        true
    }

    /// Two unknown values may differ: the comparison says so.
    fn unknown(&mut self, at: Spot<'_>, why: &str, _: bool) {
        self.add(at.key, self.hashes.of(why));
    }

    fn outside(&mut self, section: Section) {
        self.add(section.member(), 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_pair_names() {
        let found = |pattern: &str, name: &str| SiblingPattern::parse(pattern).unwrap().find(name);
        assert_eq!(found("stage-*=prod-*", "stage-shop"), Some(("shop".to_owned(), false)));
        assert_eq!(found("stage-*=prod-*", "prod-shop"), Some(("shop".to_owned(), true)));
        assert_eq!(found("stage-*=prod-*", "shop"), None);
        assert_eq!(found("stage-*=prod-*", "stage-"), None);
        assert_eq!(found("*=*-prod", "shop-prod"), Some(("shop".to_owned(), true)));
        assert_eq!(found("*=*-prod", "shop"), Some(("shop".to_owned(), false)));
        for wrong in ["", "=", "*=*", "a=b", "stage-*", "*-*=prod-*", "stage-*=prod"] {
            assert!(SiblingPattern::parse(wrong).is_err(), "{wrong}");
        }
    }
}
