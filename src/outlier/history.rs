//! Since when a pool has what sets it apart, by earlier snapshots.

use std::collections::{BTreeMap, BTreeSet};

use super::digest::{ABSENT, Hashes};
use super::relative::Home;
use super::usual::Differing;
use super::{Outlier, Since};
use crate::drift::{Deliveries, Instead, Named, Renamed, Spot, Visit, walk};
use crate::pool::{Pool, Projection, Section};
use crate::source::{self, Delivery, Interrupt, Note, Unread};
use crate::value::Value;

/// Questions to earlier snapshots: places of pools, and what each has now.
#[derive(Debug, Default)]
pub(super) struct History {
    /// By pool and place.
    asked: BTreeMap<(u64, String), Vec<Asked>>,
    pub unread: Vec<Unread>,
    pub notes: Vec<Note>,
    pub interrupted: Option<Interrupt>,
    /// When the snapshots were made.
    pub times: BTreeSet<i64>,
}

#[derive(Debug)]
struct Asked {
    /// The name of an element.
    name: Option<String>,
    now: u64,
    number: usize,
    /// Whether the pool had the same then, by time.
    then: BTreeMap<i64, Option<bool>>,
}

impl History {
    /// Asks since when a pool has what it has at a place. `number` is that of the outlier.
    pub(super) fn ask(&mut self, pool: u64, differing: &Differing, number: usize) {
        let (key, name) = match &differing.list {
            Some((list, name)) => (list.clone(), Some(name.clone())),
            None => (differing.key.clone(), None),
        };
        let asked = Asked { name, now: differing.hash, number, then: BTreeMap::new() };
        self.asked.entry((pool, key)).or_default().push(asked);
    }

    /// Reads earlier snapshots.
    pub(super) fn read(&mut self, hashes: &Hashes, deliveries: Deliveries) {
        let mut untimed = 0;
        for delivery in deliveries {
            match delivery {
                Delivery::Unread(unread) => self.unread.push(unread),
                Delivery::Note(note) => self.notes.push(note),
                Delivery::Interrupted(interrupt) => self.interrupted = Some(interrupt),
                Delivery::Listed(_) | Delivery::ListedWhole(_) => {}
                Delivery::Chunk(chunk) => {
                    let (pools, unread, _) = source::read(&chunk, &Projection::everything()).first();
                    self.unread.extend(unread);
                    for pool in pools {
                        match pool.taken {
                            Some(taken) => self.look(hashes, &pool, taken),
                            None => untimed += 1,
                        }
                    }
                }
            }
        }
        if untimed > 0 {
            let noun = if untimed == 1 { "pool is" } else { "pools are" };
            let message =
                format!("{untimed} {noun} not in a snapshot, so it is not known when it was so; not used");
            self.notes.push(Note { target: "--since".to_owned(), message });
        }
    }

    fn look(&mut self, hashes: &Hashes, pool: &Pool, taken: i64) {
        self.times.insert(taken);
        let identity = pool.identity();
        let Some(name) = hashes.of_pool(&identity) else { return };
        let places = self.asked.range_mut((name, String::new())..=(name, String::from(char::MAX)));
        let mut places: BTreeMap<&str, &mut Vec<Asked>> =
            places.map(|((_, key), asked)| (key.as_str(), asked)).collect();
        if places.is_empty() {
            return;
        }
        let home = Home::of(&identity);
        for asked in places.values_mut().flat_map(|asked| asked.iter_mut()) {
            // A place that is not reached has no value there, and no element.
            let absent = asked.now == ABSENT;
            asked.then.insert(taken, Some(absent));
        }
        _ = walk(pool, &mut Earlier { hashes, home, places, taken });
    }

    /// Sets what was found.
    pub(super) fn settle(self, outliers: &mut [Outlier]) {
        for asked in self.asked.into_values().flatten() {
            let mut since = Since::default();
            for (time, same) in asked.then.iter().rev() {
                match same {
                    Some(true) => since.same = Some(*time),
                    Some(false) => {
                        since.other = Some(*time);
                        break;
                    }
                    None => break,
                }
            }
            if let Some(outlier) = outliers.get_mut(asked.number) {
                // Of several places of one change, the last that changed.
                outlier.since = Some(match outlier.since {
                    Some(known) => known.max(since),
                    None => since,
                });
            }
        }
    }
}

/// Looks at the places of an earlier pool that are asked for.
struct Earlier<'a> {
    hashes: &'a Hashes,
    home: Home,
    places: BTreeMap<&'a str, &'a mut Vec<Asked>>,
    taken: i64,
}

impl Earlier<'_> {
    fn note(&mut self, key: &str, of: impl Fn(&Asked) -> Option<bool>) {
        for asked in self.places.get_mut(key).into_iter().flat_map(|asked| asked.iter_mut()) {
            let same = of(asked);
            asked.then.insert(self.taken, same);
        }
    }

    /// Makes unknown what was there then.
    fn forget(&mut self, is_about: impl Fn(&str) -> bool) {
        for (_, asked) in self.places.iter_mut().filter(|(key, _)| is_about(key)) {
            asked.iter_mut().for_each(|asked| _ = asked.then.insert(self.taken, None));
        }
    }
}

impl Visit for Earlier<'_> {
    fn value(&mut self, at: Spot<'_>, value: Option<&Value>) -> Instead {
        if self.places.contains_key(at.key) {
            let hash = self.hashes.of_value(at.node, value, &self.home);
            self.note(at.key, |asked| asked.name.is_none().then_some(hash == asked.now));
        }
        Instead::Same
    }

    fn names(&mut self, at: Spot<'_>, names: &BTreeMap<String, Named<'_>>) -> Renamed {
        self.note(at.key, |asked| {
            let has = names.contains_key(asked.name.as_ref()?);
            Some(u64::from(has) == asked.now)
        });
        Renamed::default()
    }

    fn enters(&mut self, at: Spot<'_>) -> bool {
        self.places.keys().any(|key| key.starts_with(at.key))
    }

    fn unknown(&mut self, at: Spot<'_>, _: &str, _: bool) {
        self.forget(|key| is_in(key, at.key));
    }

    fn outside(&mut self, section: Section) {
        match (section, section.member().split_once("[]")) {
            (Section::UserPool, _) => {}
            (_, None) => self.forget(|key| is_in(&key[1..], section.member())),
            (_, Some((list, member))) => {
                self.forget(|key| is_in(&key[1..], list) && key.contains(&format!("]{member}")));
            }
        }
    }
}

/// Whether a place is another one, or in it.
fn is_in(key: &str, around: &str) -> bool {
    key.strip_prefix(around).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}
