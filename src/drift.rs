//! Drift: differences between a recorded or declared pool and the current one, and whether they weaken policy.

mod side;
mod pair;
mod identity;
mod meaning;
mod pairs;
mod twins;
mod twice;
mod held;
mod compare;
mod leaf;
mod picked;
mod turned;
mod direction;
mod between;
mod converted;
mod effect;
mod attribute;
mod traced;

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::finding::{PoolRef, Verdict};
use crate::pool::{Pool, ReadWindow, Source};
use crate::rule::{Policy, Rule};
use crate::schema::NodeId;
use crate::source::{Interrupt, Note, Unread};
use crate::trail::Attribution;
use crate::value::Value;

pub use attribute::{CLOCK, attribute, calls};
pub use between::Between;
pub use compare::alike;
pub use leaf::{Instead, Named, Renamed, Spot, Visit, walk};
use pair::Pair;
pub use pairs::{Match, Name};
pub use side::Side;
pub use traced::{changed_by, keep_traceable, refused, trace, traced};
pub use turned::Turned;
pub use twins::{Deliveries, Lines, Open, matched_sides, sides, whole};

/// The result of a comparison.
#[derive(Debug, Default)]
pub struct Drift {
    /// Pools that were found on both sides.
    pub compared: usize,
    /// Those that drifted, and those that are on one side only, sorted.
    pub pools: Vec<PoolDrift>,
    pub unread: Vec<Unread>,
    pub notes: Vec<Note>,
    pub interrupted: Option<Interrupt>,
}

/// The drift of one pool.
#[derive(Clone, Debug)]
pub struct PoolDrift {
    /// The recorded pool. `None` for a pool that was added.
    pub recorded: Option<Arc<PoolRef>>,
    /// The current pool. `None` for a pool that was removed.
    pub current: Option<Arc<PoolRef>>,
    /// When the current pool was last modified, in milliseconds since 1970.
    pub last_modified: Option<i64>,
    /// When the snapshot of the recorded pool was made, in milliseconds since 1970.
    pub taken: Option<i64>,
    /// When the values of the recorded pool were read, and those of the current one, by their snapshots.
    pub read: (ReadWindow, ReadWindow),
    pub changes: Vec<Change>,
    /// The answers about who can get a token that the changes turn.
    pub turned: Vec<Turned>,
    /// Sections that could not be compared, or are held on one side only.
    pub uncompared: BTreeSet<Uncompared>,
    /// The positions of records of refused calls in the trail.
    pub refused: Vec<usize>,
}

/// One difference.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// `Clients[web].CallbackURLs`; empty for a pool that was added or removed.
    pub path: String,
    pub node: Option<NodeId>,
    /// The element of a list that it is or is in.
    pub element: Option<Element>,
    /// The key of a map that it is or is in.
    pub key: Option<String>,
    pub before: Option<Value>,
    pub after: Option<Value>,
    /// The value was left out, so the API's default applies.
    pub before_default: bool,
    pub after_default: bool,
    pub direction: Direction,
    /// The rules that read it, the worst first.
    pub rules: Vec<Touched>,
    /// The calls that made it, if a trail was read.
    pub attribution: Option<Attribution>,
}

/// An element of a list, as rules with `each` know it.
#[derive(Clone, Debug)]
pub struct Element {
    pub list: NodeId,
    pub before: Option<String>,
    pub after: Option<String>,
    /// When the current element was last modified, in milliseconds since 1970.
    pub last_modified: Option<i64>,
}

/// The effect of a change on policy. The first outranks the others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Direction {
    /// A rule that held does not hold any more, or one that did not apply fails, or a bound that a rule sets is less
    /// well met.
    Weakened,
    Strengthened,
    #[default]
    Neutral,
}

impl Direction {
    pub const ALL: [Direction; 3] = [Direction::Weakened, Direction::Strengthened, Direction::Neutral];

    pub fn word(self) -> &'static str {
        match self {
            Direction::Weakened => "weakened",
            Direction::Strengthened => "strengthened",
            Direction::Neutral => "neutral",
        }
    }
}

/// A rule that reads a changed value.
#[derive(Clone, Debug)]
pub struct Touched {
    pub rule: Arc<Rule>,
    pub chosen: bool,
    /// `None` if the rule had no such subject.
    pub before: Option<Verdict>,
    pub after: Option<Verdict>,
    pub direction: Direction,
    /// The expectation of a bound that is met less or more than before.
    pub bound: Option<String>,
}

/// A part that one side does not hold.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Uncompared {
    /// A section or a path.
    pub what: String,
    /// `recorded` or `current`.
    pub side: &'static str,
    /// `None` if the input does not hold the section.
    pub why: Option<String>,
    /// It should have been read.
    pub incomplete: bool,
}

/// The rules that decide whether a change weakens policy.
#[derive(Clone, Copy, Debug)]
pub struct Rules<'a> {
    pub policy: &'a Policy,
    /// Rules that are neither chosen nor off. They decide if no chosen rule does.
    pub others: &'a [Arc<Rule>],
}

/// Compares recorded pools with current ones. `now` is in milliseconds since 1970.
pub fn drift(rules: Rules<'_>, recorded: &Side, current: &Side, matches: &[Match], now: i64) -> Drift {
    let pairs = pairs::pairs(recorded, current, matches);
    let mut whole = Drift {
        compared: pairs.both.len() + recorded.settled,
        unread: recorded.unread.iter().chain(&current.unread).cloned().chain(pairs.unread).collect(),
        notes: recorded.notes.iter().chain(&current.notes).cloned().chain(pairs.notes).collect(),
        interrupted: recorded.interrupted.or(current.interrupted),
        ..Drift::default()
    };
    whole.unread.retain(|unread| !pairs.explained.contains(unread));
    let judges = direction::Judges::of(rules);
    let watched = judges.watched();
    for paired in pairs.both {
        let sides = (recorded.whole(paired.recorded), current.whole(paired.current));
        let pair = Pair { recorded: &sides.0, current: &sides.1, apart: paired.apart };
        let found = compare::compare(pair, &watched);
        let mut changes = found.changes;
        let turned =
            if changes.is_empty() { Vec::new() } else { turned::turned(&sides.0, &sides.1, &changes) };
        direction::judge(&mut changes, &turned, pair, &judges, now);
        if changes.is_empty() && found.uncompared.is_empty() {
            continue;
        }
        whole.pools.push(PoolDrift {
            changes,
            turned,
            uncompared: found.uncompared,
            ..of(Some(pair.recorded), Some(pair.current))
        });
    }
    let lone = |before: Option<usize>, after: Option<usize>| {
        let sides = (before.map(|index| recorded.whole(index)), after.map(|index| current.whole(index)));
        let found = of(sides.0.as_deref(), sides.1.as_deref());
        // The side without the pool was read too.
        let of_side = |side: &Side, pool: Option<usize>, own| if pool.is_none() { side.read() } else { own };
        let read = (of_side(recorded, before, found.read.0), of_side(current, after, found.read.1));
        PoolDrift { changes: vec![Change::default()], read, ..found }
    };
    // After a signal it is unknown whether the rest is there.
    if whole.interrupted.is_none() {
        whole.pools.extend(pairs.removed.into_iter().map(|pool| lone(Some(pool), None)));
    }
    whole.pools.extend(pairs.added.into_iter().map(|pool| lone(None, Some(pool))));
    whole.pools.sort_by(|a, b| (a.pool(), &a.recorded).cmp(&(b.pool(), &b.recorded)));
    whole.unread.sort();
    // A pool that cannot be identified is on both sides.
    whole.unread.dedup();
    whole.notes.sort();
    whole
}

/// The drift of a pool without any.
fn of(recorded: Option<&Pool>, current: Option<&Pool>) -> PoolDrift {
    let reference = |pool: &Pool| {
        let offset = if pool.origin.source == Source::Live { 0 } else { pool.place.start };
        let (identity, origin) = (pool.identity(), pool.origin.clone());
        Arc::new(PoolRef { identity, origin, offset, ..PoolRef::default() })
    };
    let modified = current.and_then(|pool| pool.document.get("LastModifiedDate"));
    PoolDrift {
        recorded: recorded.map(reference),
        current: current.map(reference),
        taken: recorded.and_then(|pool| pool.taken),
        read: [recorded, current].map(|pool| pool.map(|pool| pool.read).unwrap_or_default()).into(),
        last_modified: match modified {
            Some(Value::Time(millis)) => Some(*millis),
            _ => None,
        },
        changes: Vec::new(),
        turned: Vec::new(),
        uncompared: BTreeSet::new(),
        refused: Vec::new(),
    }
}

impl PoolDrift {
    /// The current pool, or the recorded one.
    pub fn pool(&self) -> Option<&Arc<PoolRef>> {
        self.current.as_ref().or(self.recorded.as_ref())
    }

    /// Whether it is on one side only.
    pub fn is_alone(&self) -> bool {
        self.recorded.is_none() || self.current.is_none()
    }

    /// Whether something could not be read.
    pub fn is_incomplete(&self) -> bool {
        self.uncompared.iter().any(|one| one.incomplete)
    }
}

impl Drift {
    /// The number of changes with a direction.
    pub fn count(&self, direction: Direction) -> usize {
        let changes = self.pools.iter().flat_map(|pool| &pool.changes);
        changes.filter(|change| change.direction == direction).count()
    }
}
