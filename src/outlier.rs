//! Outliers: pools unlike their siblings, and what most of those have.
//!
//! A place of a pool is an outlier where most pools of its group agree on a value and this pool has another.

mod group;
mod relative;
mod digest;
mod count;
mod gap;
mod member;
mod usual;
mod history;
mod sibling;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

pub use gap::Unknown;
pub use group::{By, Ungrouped};
pub use sibling::{SiblingPattern, siblings};

use crate::drift::{Between, Change, Direction, Open, Rules, walk};
use crate::finding::PoolRef;
use crate::pool::Pool;
use crate::rule::Severity;
use crate::source::{Interrupt, Note, Unread};
use crate::value::Value;
use count::{Counting, Counts, Gap, Pass};
use gap::Gaps;
use history::History;
use member::{Member, Members};
use relative::Home;
use usual::{Differing, Usual};

/// A question.
#[derive(Clone, Debug, Default)]
pub struct Terms {
    pub by: Vec<By>,
    pub threshold: Threshold,
}

/// When most pools agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Threshold {
    /// More than half, and less than all.
    pub percent: u32,
    /// Fewer pools than this say nothing.
    pub least: u32,
}

impl Default for Threshold {
    fn default() -> Self {
        Threshold { percent: 80, least: 5 }
    }
}

impl Threshold {
    fn is_most(self, some: u32, all: u32) -> bool {
        u64::from(some) * 100 >= u64::from(all) * u64::from(self.percent)
    }
}

/// The value that most pools of a group have at a place.
#[derive(Clone, Debug, PartialEq)]
pub enum Most {
    /// One value; `None` if they have none.
    Value(Option<Value>),
    /// Each has one, and they differ.
    Own,
    /// The pool that this one is held against, and its value.
    Sibling(Arc<PoolRef>, Option<Value>),
}

/// The outliers of all groups.
#[derive(Debug, Default)]
pub struct Outliers {
    pub threshold: Threshold,
    pub pools: usize,
    /// How many pairs of siblings were compared, where pools are not in groups.
    pub pairs: Option<usize>,
    /// Groups with enough pools.
    pub groups: usize,
    /// Groups with too few pools, and how many those are.
    pub small: (usize, usize),
    pub ungrouped: BTreeMap<Ungrouped, usize>,
    /// The worst first.
    pub deviations: Vec<Deviation>,
    /// Sections and paths that could not be known of some pools.
    pub gaps: Vec<Unknown>,
    pub unread: Vec<Unread>,
    pub notes: Vec<Note>,
    pub interrupted: Option<Interrupt>,
    /// When the earlier snapshots were made.
    pub earlier: BTreeSet<i64>,
}

/// A place at which some pools of a group differ from most.
#[derive(Clone, Debug)]
pub struct Deviation {
    pub group: Arc<str>,
    pub path: String,
    pub most: Most,
    /// How many pools have it, of how many of which it is known, and of how many it is unknown.
    pub agree: u32,
    pub known: u32,
    pub unknown: u32,
    /// The worst first.
    pub outliers: Vec<Outlier>,
}

/// A pool that differs at a place.
#[derive(Clone, Debug)]
pub struct Outlier {
    pub pool: Arc<PoolRef>,
    /// From what most have to what the pool has.
    pub change: Change,
    /// If earlier snapshots were read.
    pub since: Option<Since>,
}

/// Since when a pool has a value, by the times of snapshots in milliseconds since 1970.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Since {
    /// The first of the last snapshots in which the pool has it.
    pub same: Option<i64>,
    /// The last snapshot in which it has another.
    pub other: Option<i64>,
}

impl Outliers {
    /// The number of places of pools with a direction.
    pub fn count(&self, direction: Direction) -> usize {
        let outliers = self.deviations.iter().flat_map(|deviation| &deviation.outliers);
        outliers.filter(|outlier| outlier.change.direction == direction).count()
    }

    /// Whether something was not read that should have been.
    pub fn is_incomplete(&self) -> bool {
        !self.unread.is_empty() || self.gaps.iter().any(|gap| gap.incomplete)
    }
}

impl Outlier {
    /// The worst first: what weakens policy, by the severest rule that says so.
    fn rank(&self) -> (Direction, std::cmp::Reverse<Option<Severity>>) {
        let told =
            self.change.rules.iter().filter(|rule| {
                rule.direction == self.change.direction && rule.direction != Direction::Neutral
            });
        (self.change.direction, std::cmp::Reverse(told.map(|touched| touched.rule.severity).max()))
    }
}

/// Finds the outliers of all groups. `earlier` opens earlier snapshots; `now` is in milliseconds since 1970.
pub fn outliers(
    open: Open<'_>,
    earlier: Option<Open<'_>>,
    rules: Rules<'_>,
    terms: &Terms,
    now: i64,
) -> Outliers {
    let mut counts = Counts::default();
    let mut ignored = |_: Gap<'_>| {};
    let members = Members::of(open, terms, |member| {
        counting(&mut counts, Pass::Names, member, terms, &mut ignored);
    });
    let mut gaps = Gaps::default();
    members.each(open, terms, |member, _| {
        gaps.begin(&member.pool);
        counting(&mut counts, Pass::Votes, &member, terms, &mut |gap| gaps.add(gap));
    });
    members.each(open, terms, |member, _| {
        counting(&mut counts, Pass::Agreement, &member, terms, &mut ignored);
    });
    let (mut found, between) = (Found::default(), Between::of(rules, now));
    let again = members.each(open, terms, |member, group| {
        let (home, terms) = (Home::of(&member.identity), terms.threshold);
        let usual = Usual { counts: &counts, group: member.group, home, terms, differing: Vec::new() };
        found.add(usual, &member, group, &between);
    });
    let (changed, (groups, small)) = (members.changed(again), members.counts(terms.threshold));
    let mut all = Outliers {
        threshold: terms.threshold,
        pools: members.pools,
        groups,
        small,
        ungrouped: members.ungrouped,
        gaps: gaps.all(),
        unread: members.unread,
        notes: members.notes,
        interrupted: members.interrupted,
        ..Outliers::default()
    };
    all.unread.extend(changed);
    if let Some(earlier) = earlier {
        let mut history = found.history;
        history.read(&counts.hashes, earlier());
        all.unread.append(&mut history.unread);
        all.notes.append(&mut history.notes);
        all.interrupted = all.interrupted.or(history.interrupted);
        all.earlier = std::mem::take(&mut history.times);
        history.settle(&mut found.outliers);
    }
    all.deviations = deviations(found.places, found.outliers);
    all.unread.sort();
    all.notes.sort();
    all
}

fn counting(counts: &mut Counts, pass: Pass, member: &Member, terms: &Terms, gap: &mut dyn FnMut(Gap<'_>)) {
    let (group, home, terms) = (member.group, Home::of(&member.identity), terms.threshold);
    _ = walk(&member.pool, &mut Counting { counts, pass, group, home, terms, gap });
}

/// The outliers as they are found: each with its place.
#[derive(Default)]
struct Found {
    places: Vec<Deviation>,
    outliers: Vec<Outlier>,
    history: History,
}

impl Found {
    fn add(&mut self, mut usual: Usual<'_>, member: &Member, group: &str, between: &Between<'_>) {
        let Some(typical) = usual.of(&member.pool) else { return };
        let (group, pool): (Arc<str>, _) = (Arc::from(group), Arc::new(reference(&member.pool)));
        for change in between.changes(&typical, &member.pool) {
            let about = usual.differing.iter().filter(|one| is_about(&change.path, &one.path));
            let about: Vec<&Differing> = about.collect();
            let Some(first) = about.iter().min_by_key(|one| share(one)) else { continue };
            if let Some(name) = usual.counts.hashes.of_pool(&member.identity) {
                for one in &about {
                    self.history.ask(name, one, self.outliers.len());
                }
            }
            let most = match first.path == change.path {
                true => first.most.clone(),
                false => Most::Value(change.before.clone()),
            };
            self.places.push(Deviation {
                group: Arc::clone(&group),
                path: change.path.clone(),
                most,
                agree: first.agree,
                known: first.known,
                unknown: first.unknown,
                outliers: Vec::new(),
            });
            self.outliers.push(Outlier { pool: Arc::clone(&pool), change, since: None });
        }
    }
}

/// The share of pools that agree, in millionths.
fn share(one: &Differing) -> u64 {
    u64::from(one.agree) * 1_000_000 / u64::from(one.known.max(1))
}

/// Whether a change is at a place, or at the structure around it that a pool lacks as a whole.
fn is_about(change: &str, place: &str) -> bool {
    place.strip_prefix(change).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

/// Puts the outliers of one place together. The worst come first.
fn deviations(places: Vec<Deviation>, outliers: Vec<Outlier>) -> Vec<Deviation> {
    let mut all: BTreeMap<(Arc<str>, String), Deviation> = BTreeMap::new();
    for (place, outlier) in places.into_iter().zip(outliers) {
        let key = (Arc::clone(&place.group), place.path.clone());
        let one = all.entry(key).or_insert_with(|| place.clone());
        // Pools that lack a structure as a whole are beside those that lack some of it.
        if place.agree < one.agree {
            (one.agree, one.known, one.unknown) = (place.agree, place.known, place.unknown);
        }
        one.outliers.push(outlier);
    }
    let mut all: Vec<Deviation> = all.into_values().collect();
    for one in &mut all {
        one.outliers.sort_by(|a, b| a.rank().cmp(&b.rank()).then_with(|| a.pool.cmp(&b.pool)));
    }
    // Of equal rank they stay in the order of groups and paths.
    all.sort_by_key(|one| one.outliers.first().map(Outlier::rank));
    all
}

fn reference(pool: &Pool) -> PoolRef {
    let offset = if pool.origin.source == crate::pool::Source::Live { 0 } else { pool.place.start };
    PoolRef { identity: pool.identity(), origin: pool.origin.clone(), offset, ..PoolRef::default() }
}
