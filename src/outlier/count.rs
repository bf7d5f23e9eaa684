//! The value that most pools of a group have, found in three passes with memory for places and not for pools.
//!
//! The first pass counts the pools that have an element of a name. The second finds for each place the one value that
//! more than half of the pools may have (the vote of Boyer and Moore), and the third counts the pools that have it.

use std::collections::BTreeMap;

use super::Threshold;
use super::digest::{ABSENT, Hashes};
use super::relative::Home;
use crate::drift::{Instead, Named, Renamed, Spot, Visit};
use crate::pool::Section;
use crate::value::Value;

/// The counts of one place in one group.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Count {
    /// The hash of the one value that more than half of the pools may have.
    pub candidate: u64,
    votes: u32,
    /// Pools that have the candidate.
    pub agree: u32,
    /// Pools of which the value is known, or known to be absent.
    pub known: u32,
    pub unknown: u32,
    /// Pools that have any value.
    pub present: u32,
}

impl Count {
    fn vote(&mut self, hash: u64) {
        self.known += 1;
        self.present += u32::from(hash != ABSENT);
        if self.votes == 0 {
            self.candidate = hash;
        }
        match self.candidate == hash {
            true => self.votes += 1,
            false => self.votes -= 1,
        }
    }

    /// Whether most pools have the candidate.
    pub(super) fn has_most(&self, terms: Threshold) -> bool {
        terms.is_most(self.agree, self.known)
    }

    /// Whether most pools have a value, be it one of their own.
    pub(super) fn is_mostly_present(&self, terms: Threshold) -> bool {
        self.present < self.known && terms.is_most(self.present, self.known)
    }

    /// Whether most pools can have the candidate, by the votes alone.
    fn may_have_most(&self, terms: Threshold) -> bool {
        let (votes, known) = (u64::from(self.votes), u64::from(self.known));
        votes * 100 >= u64::from(2 * terms.percent - 100) * known
    }
}

/// A name that most pools have in a list, and an element of that name.
#[derive(Clone, Debug)]
pub(super) struct Usual {
    pub shown: String,
    pub value: Value,
}

/// The counts of all places. Keys are hashes of the group and the place.
#[derive(Debug, Default)]
pub(super) struct Counts {
    pub hashes: Hashes,
    /// Pools that have an element of a name.
    holders: BTreeMap<u64, u32>,
    places: BTreeMap<u64, Count>,
    /// The values that candidates stand for, by their hashes.
    values: BTreeMap<u64, Value>,
    /// A value of a place where most pools have one of their own.
    own: BTreeMap<u64, Value>,
    /// The names that most pools have and some lack, by the place of their list.
    usual: BTreeMap<u64, BTreeMap<String, Usual>>,
}

impl Counts {
    pub(super) fn key(&self, group: u32, key: &str) -> u64 {
        self.hashes.of((group, key))
    }

    pub(super) fn holders(&self, group: u32, key: &str) -> u32 {
        self.holders.get(&self.key(group, key)).copied().unwrap_or(0)
    }

    pub(super) fn place(&self, key: u64) -> Count {
        self.places.get(&key).copied().unwrap_or_default()
    }

    pub(super) fn value(&self, hash: u64) -> Option<&Value> {
        self.values.get(&hash)
    }

    pub(super) fn own(&self, key: u64) -> Option<&Value> {
        self.own.get(&key)
    }

    pub(super) fn usual(&self, key: u64) -> Option<&BTreeMap<String, Usual>> {
        self.usual.get(&key)
    }

    /// The hash of the names at a place.
    pub(super) fn of_names(&self, names: &BTreeMap<String, Named<'_>>) -> u64 {
        match names.is_empty() {
            true => ABSENT,
            false => self.hashes.of(names.keys().collect::<Vec<_>>()),
        }
    }

    /// Pools whose value at a place is unknown, or that of something around it.
    pub(super) fn unknown(&self, group: u32, key: &str) -> u32 {
        let around = key.char_indices().filter(|(_, c)| matches!(c, '.' | '[')).map(|(at, _)| &key[..at]);
        let all = around.chain([key]).filter(|key| !key.is_empty());
        all.map(|key| self.place(self.key(group, key)).unknown).sum()
    }
}

/// The key of the names at a place, beside that of the place.
pub(super) fn names_key(key: &str) -> String {
    format!("{key}[]")
}

/// The use of a pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pass {
    /// Counts the pools that have an element of a name.
    Names,
    Votes,
    Agreement,
}

/// Counts one pool.
pub(super) struct Counting<'a> {
    pub counts: &'a mut Counts,
    pub pass: Pass,
    pub group: u32,
    pub home: Home,
    pub terms: Threshold,
    /// Called with what is unknown, and with sections outside the input.
    pub gap: &'a mut dyn FnMut(Gap<'_>),
}

/// Something that is not counted.
#[derive(Clone, Copy)]
pub(super) enum Gap<'a> {
    Unknown(Spot<'a>, &'a str, bool),
    Outside(Section),
}

impl Visit for Counting<'_> {
    fn value(&mut self, at: Spot<'_>, value: Option<&Value>) -> Instead {
        let key = self.counts.key(self.group, at.key);
        match self.pass {
            Pass::Names => {}
            Pass::Votes => {
                let hash = self.counts.hashes.of_value(at.node, value, &self.home);
                self.counts.places.entry(key).or_default().vote(hash);
            }
            Pass::Agreement => {
                let hash = self.counts.hashes.of_value(at.node, value, &self.home);
                self.agree(key, hash, value);
            }
        }
        Instead::Same
    }

    fn names(&mut self, at: Spot<'_>, names: &BTreeMap<String, Named<'_>>) -> Renamed {
        if self.pass == Pass::Names {
            for name in names.keys() {
                let key = self.counts.key(self.group, &at.key_of(name));
                *self.counts.holders.entry(key).or_default() += 1;
            }
            return Renamed::default();
        }
        let (key, hash) = (self.counts.key(self.group, &names_key(at.key)), self.counts.of_names(names));
        match self.pass {
            Pass::Votes | Pass::Names => self.counts.places.entry(key).or_default().vote(hash),
            Pass::Agreement => {
                self.agree(key, hash, None);
                self.keep_usual(key, at, names);
            }
        }
        Renamed::default()
    }

    fn enters(&mut self, at: Spot<'_>) -> bool {
        self.pass == Pass::Names || self.counts.holders(self.group, at.key) >= self.terms.least
    }

    fn unknown(&mut self, at: Spot<'_>, why: &str, incomplete: bool) {
        if self.pass == Pass::Votes {
            let key = self.counts.key(self.group, at.key);
            self.counts.places.entry(key).or_default().unknown += 1;
            (self.gap)(Gap::Unknown(at, why, incomplete));
        }
    }

    fn outside(&mut self, section: Section) {
        if self.pass == Pass::Votes {
            (self.gap)(Gap::Outside(section));
        }
    }
}

impl Counting<'_> {
    /// Counts a pool that has the candidate, and keeps what that is. Of values that mean the same the first in order
    /// is kept, so that the order of pools does not matter.
    fn agree(&mut self, key: u64, hash: u64, value: Option<&Value>) {
        let Some(count) = self.counts.places.get_mut(&key) else { return };
        let is_candidate = count.candidate == hash;
        count.agree += u32::from(is_candidate);
        let Some(value) = value.filter(|_| count.known >= self.terms.least) else { return };
        if is_candidate && count.may_have_most(self.terms) {
            keep(&mut self.counts.values, hash, &self.home.relative(value));
        }
        if count.is_mostly_present(self.terms) {
            keep(&mut self.counts.own, key, &self.home.relative(value));
        }
    }

    fn keep_usual(&mut self, key: u64, at: Spot<'_>, names: &BTreeMap<String, Named<'_>>) {
        let known = self.counts.place(key).known;
        for (name, Named { value, shown }) in names {
            let holders = self.counts.holders(self.group, &at.key_of(name));
            if known < self.terms.least || holders >= known || !self.terms.is_most(holders, known) {
                continue;
            }
            let value = self.home.relative(value).into_owned();
            let usual = Usual { shown: shown.clone(), value };
            let all = self.counts.usual.entry(key).or_default();
            match all.get_mut(name) {
                Some(kept) if order(kept) <= order(&usual) => {}
                _ => _ = all.insert(name.clone(), usual),
            }
        }
    }
}

fn order(usual: &Usual) -> (String, &str) {
    (usual.value.to_string(), &usual.shown)
}

fn keep(values: &mut BTreeMap<u64, Value>, key: u64, value: &Value) {
    match values.get_mut(&key) {
        Some(kept) if kept == value => {}
        Some(kept) => {
            if value.to_string() < kept.to_string() {
                *kept = value.clone();
            }
        }
        None => _ = values.insert(key, value.clone()),
    }
}
