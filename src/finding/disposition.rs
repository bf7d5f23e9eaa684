//! The decisions about a finding: whether it counts, and since when it is there.

use std::sync::Arc;

use super::{PoolRef, Traced};
use crate::value::{Day, Value};

/// The decisions about a finding.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Disposition {
    pub status: Status,
    /// The expired waiver that covered it, for an open finding.
    pub lapsed: Option<Arc<Acceptance>>,
    /// Whether an earlier report has it. `None` without `--since`.
    pub change: Option<Change>,
    /// The effect of a deploy on it. `None` without `--live`.
    pub deploy: Option<Effect>,
    /// The changes since an earlier snapshot that it comes from. `None` without the calls of a trail, and for a finding
    /// that is not new and whose value is the same.
    pub traced: Option<Box<[Traced]>>,
}

/// Whether a finding counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Status {
    /// It counts.
    #[default]
    Open,
    /// A waiver accepts it.
    Waived(Arc<Acceptance>),
    /// It is in the baseline.
    Known,
}

/// A waiver, as reports show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acceptance {
    pub owner: String,
    pub reason: String,
    /// The last day on which it is valid.
    pub expires: Option<Day>,
    /// Its place: `cognito-lint.toml:12:1`.
    pub place: String,
    /// It is beside the code, not in a file of waivers.
    pub in_source: bool,
}

/// The result of the comparison of a finding with earlier reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    New,
    /// Still there. The day of the report that had it first.
    Still(Day),
}

/// The effect of a deploy on a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// The live pool does not have it.
    Introduced,
    /// The live pool has it too.
    Kept,
}

/// A setting that others changed since a plan was made, or behind its back, and that applying the plan changes again.
#[derive(Clone, Debug)]
pub struct Undone {
    pub pool: Arc<PoolRef>,
    pub path: String,
    /// As the plan found it.
    pub before: Option<Value>,
    /// As it is now.
    pub live: Option<Value>,
    /// As the plan sets it.
    pub after: Option<Value>,
}

/// A run in numbers, for a comparison with those before and after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunNumbers {
    /// When it was, in milliseconds since 1970.
    pub time: i64,
    pub pools: usize,
    /// Findings that count, indexed as `Severity::ALL`.
    pub open: [usize; 5],
    /// Findings that are waived or known.
    pub accepted: usize,
    /// Something was not read or not decided, so there may have been more.
    pub partial: bool,
}

impl Effect {
    pub fn word(self) -> &'static str {
        match self {
            Effect::Introduced => "introduced",
            Effect::Kept => "kept",
        }
    }
}

/// Findings of earlier reports in a pool that a run did not read: their state is unknown.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unvisited {
    /// As `Identity::title` has it.
    pub title: String,
    /// As `PoolRef::key` has it.
    pub pool: String,
    pub findings: usize,
}

/// A fixed finding of an earlier report: its pool was read and its rule was decided, or its pool is gone.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fixed {
    /// As `PoolRef::key` has it.
    pub pool: String,
    /// As `Identity::title` has it.
    pub title: String,
    pub rule: String,
    pub path: String,
    pub fingerprint: String,
    /// The day of the report that had it first.
    pub first_seen: Day,
}

impl Status {
    pub fn word(&self) -> &'static str {
        match self {
            Status::Open => "open",
            Status::Waived(_) => "waived",
            Status::Known => "known",
        }
    }
}
