//! The pool as it would be if it were like most of its group.

use std::collections::BTreeMap;

use super::count::{Count, Counts, names_key};
use super::relative::{self, Home};
use super::{Most, Threshold};
use crate::drift::{Instead, Named, Renamed, Spot, Visit, walk};
use crate::pool::{Pool, Section, canonical, derive, mirror_again};
use crate::value::Value;

/// A place at which a pool differs from most.
#[derive(Clone, Debug)]
pub(super) struct Differing {
    /// That of the place in any group, by which it is found in an earlier snapshot.
    pub key: String,
    /// The key of the list, for an element that most pools have or lack.
    pub list: Option<(String, String)>,
    pub path: String,
    /// The hash of the pool's own value, or whether it has an element of the name.
    pub hash: u64,
    pub most: Most,
    pub agree: u32,
    pub known: u32,
    pub unknown: u32,
}

/// Finds the places at which a pool differs from most of its group.
pub(super) struct Usual<'a> {
    pub counts: &'a Counts,
    pub group: u32,
    pub home: Home,
    pub terms: Threshold,
    pub differing: Vec<Differing>,
}

impl Usual<'_> {
    /// The pool with what most have, if it differs at all.
    pub(super) fn of(&mut self, pool: &Pool) -> Option<Pool> {
        let document = walk(pool, self)?;
        let differing = std::mem::take(&mut self.differing);
        let mut usual = Pool { document, mirrored: Vec::new(), made: Vec::new(), ..pool.clone() };
        // An element that was added is one of some pool, and need not be like those of most.
        if let Some(document) = walk(&usual, self) {
            usual.document = document;
        }
        self.differing = differing;
        usual.document = canonical(&usual.document);
        mirror_again(&mut usual);
        derive(&mut usual.document);
        Some(usual)
    }

    fn differs(&mut self, at: Spot<'_>, count: Count, hash: u64, most: Most) {
        let agree = match most {
            Most::Own => count.present,
            Most::Value(_) | Most::Sibling(..) => count.agree,
        };
        self.differing.push(Differing {
            key: at.key.to_owned(),
            list: None,
            path: at.path.to_owned(),
            hash,
            most,
            agree,
            known: count.known,
            unknown: self.counts.unknown(self.group, at.key),
        });
    }

    /// An element that most pools have, or that most lack.
    fn element(&mut self, at: Spot<'_>, name: &str, shown: &str, count: Count, value: Option<&Value>) {
        let key = at.key_of(name);
        let holders = self.counts.holders(self.group, &key);
        let place = self.counts.place(self.counts.key(self.group, &key));
        let one = place.has_most(self.terms).then(|| self.counts.value(place.candidate)).flatten();
        let most = match (value, one) {
            (None, _) => Most::Value(None),
            (Some(_), None) => Most::Own,
            (Some(_), Some(one)) => Most::Value(Some(relative::shown(one))),
        };
        self.differing.push(Differing {
            key,
            list: Some((at.key.to_owned(), name.to_owned())),
            path: at.path_of(shown),
            hash: u64::from(value.is_none()),
            most,
            agree: if value.is_some() { holders } else { count.known.saturating_sub(holders) },
            known: count.known,
            unknown: self.counts.unknown(self.group, at.key),
        });
    }
}

impl Visit for Usual<'_> {
    fn value(&mut self, at: Spot<'_>, value: Option<&Value>) -> Instead {
        let key = self.counts.key(self.group, at.key);
        let count = self.counts.place(key);
        if count.known < self.terms.least {
            return Instead::Same;
        }
        let hash = self.counts.hashes.of_value(at.node, value, &self.home);
        if count.has_most(self.terms) {
            if hash == count.candidate {
                return Instead::Same;
            }
            let most = self.counts.value(count.candidate);
            self.differs(at, count, hash, Most::Value(most.map(relative::shown)));
            return most.map_or(Instead::Absent, |value| Instead::Value(self.home.absolute(value)));
        }
        match self.counts.own(key).filter(|_| value.is_none() && count.is_mostly_present(self.terms)) {
            Some(own) => {
                self.differs(at, count, hash, Most::Own);
                Instead::Value(self.home.absolute(own))
            }
            None => Instead::Same,
        }
    }

    fn names(&mut self, at: Spot<'_>, names: &BTreeMap<String, Named<'_>>) -> Renamed {
        let key = self.counts.key(self.group, &names_key(at.key));
        let count = self.counts.place(key);
        let mut renamed = Renamed::default();
        if count.known < self.terms.least {
            return renamed;
        }
        let counts = self.counts;
        for (name, usual) in counts.usual(key).into_iter().flatten() {
            if !names.contains_key(name) {
                self.element(at, name, &usual.shown, count, Some(&usual.value));
                renamed.added.push((name.clone(), self.home.absolute(&usual.value)));
            }
        }
        // Where most pools have names of their own, another name says nothing.
        if count.has_most(self.terms) && count.candidate != counts.of_names(names) {
            for (name, named) in names {
                let holders = counts.holders(self.group, &at.key_of(name));
                if !self.terms.is_most(holders, count.known) {
                    self.element(at, name, &named.shown, count, None);
                    renamed.gone.push(name.clone());
                }
            }
        }
        renamed
    }

    fn enters(&mut self, at: Spot<'_>) -> bool {
        self.counts.holders(self.group, at.key) >= self.terms.least
    }

    fn unknown(&mut self, _: Spot<'_>, _: &str, _: bool) {}

    fn outside(&mut self, _: Section) {}
}
