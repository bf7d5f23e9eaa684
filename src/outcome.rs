//! The outcome of a run, and its exit code.

use crate::drift::{Direction, Drift};
use crate::evaluate::Evaluation;
use crate::journey::JourneyRun;
use crate::outlier::Outliers;
use crate::rule::Severity;
use crate::source::Interrupt;

/// The conditions that count as a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FailurePolicy {
    /// The least severity that fails the run; `None` for never.
    pub fail_on: Option<Severity>,
    /// Unknown verdicts are accepted.
    pub ignore_unknown: bool,
    /// Having nothing to check is fine.
    pub allow_empty: bool,
}

impl Default for FailurePolicy {
    fn default() -> Self {
        FailurePolicy { fail_on: Some(Severity::Low), ignore_unknown: false, allow_empty: false }
    }
}

/// The outcome of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Every rule was decided, and nothing that counts was found. Exit code 0.
    Clean,
    /// Something that counts was found. Exit code 1.
    Findings,
    /// Something was not read, not decided, or there was nothing to check. Exit code 3; outranks findings.
    Incomplete,
    /// A signal ended the run. Exit code 130 or 143.
    Interrupted(Interrupt),
}

/// The exit code of a run that could not start.
pub const COULD_NOT_START: u8 = 2;

/// The outcome of an evaluation.
pub fn outcome(evaluation: &Evaluation, terms: FailurePolicy) -> Outcome {
    let tally = &evaluation.tally;
    let undecided = tally.unknown > 0 && !terms.ignore_unknown;
    // A configuration that turns every rule off leaves as little to check as an input without pools.
    // A shard may have no pool of its own.
    let no_pool = tally.pools == 0 && evaluation.seen.is_empty();
    let empty = (no_pool || tally.rules == 0) && !terms.allow_empty;
    if let Some(interrupt) = evaluation.interrupted {
        return Outcome::Interrupted(interrupt);
    }
    if undecided || empty || !evaluation.unread.is_empty() {
        return Outcome::Incomplete;
    }
    let counts = |severity: &Severity| {
        terms.fail_on.is_some_and(|least| *severity >= least) && tally.open(*severity) > 0
    };
    if Severity::ALL.iter().any(counts) { Outcome::Findings } else { Outcome::Clean }
}

/// The conditions that count as a failure of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DriftTerms {
    pub fail_on: FailOnDrift,
    /// Having nothing to compare is fine.
    pub allow_empty: bool,
}

/// Which drift fails a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailOnDrift {
    Any,
    Weakened,
    Never,
}

/// The outcome of a comparison.
pub fn outcome_of_drift(drift: &Drift, terms: DriftTerms) -> Outcome {
    if let Some(interrupt) = drift.interrupted {
        return Outcome::Interrupted(interrupt);
    }
    let empty = drift.compared == 0 && drift.pools.is_empty() && !terms.allow_empty;
    if empty || !drift.unread.is_empty() || drift.pools.iter().any(crate::drift::PoolDrift::is_incomplete) {
        return Outcome::Incomplete;
    }
    found(terms, |direction| drift.count(direction))
}

/// The outcome of a search for outliers.
pub fn outcome_of_outliers(outliers: &Outliers, terms: DriftTerms) -> Outcome {
    if let Some(interrupt) = outliers.interrupted {
        return Outcome::Interrupted(interrupt);
    }
    let empty = outliers.pairs.unwrap_or(outliers.groups) == 0 && !terms.allow_empty;
    if empty || outliers.is_incomplete() {
        return Outcome::Incomplete;
    }
    found(terms, |direction| outliers.count(direction))
}

/// The outcome by what was found of each direction.
fn found(terms: DriftTerms, count: impl Fn(Direction) -> usize) -> Outcome {
    let counts = |direction: &Direction| match terms.fail_on {
        FailOnDrift::Any => true,
        FailOnDrift::Weakened => *direction == Direction::Weakened,
        FailOnDrift::Never => false,
    };
    let found = Direction::ALL.into_iter().filter(counts).any(|direction| count(direction) > 0);
    if found { Outcome::Findings } else { Outcome::Clean }
}

/// The outcome of the questions about who can get a token.
pub fn outcome_of_journeys(run: &JourneyRun, terms: FailurePolicy) -> Outcome {
    if let Some(interrupt) = run.interrupted {
        return Outcome::Interrupted(interrupt);
    }
    let unknown = run.pools.iter().any(|(_, journeys)| journeys.is_unknown()) && !terms.ignore_unknown;
    let empty = run.pools.is_empty() && !terms.allow_empty;
    if unknown || empty || !run.unread.is_empty() { Outcome::Incomplete } else { Outcome::Clean }
}

impl Outcome {
    pub fn exit_code(self) -> u8 {
        match self {
            Outcome::Clean => 0,
            Outcome::Findings => 1,
            Outcome::Incomplete => 3,
            Outcome::Interrupted(Interrupt::Int) => 130,
            Outcome::Interrupted(Interrupt::Term) => 143,
        }
    }

    pub fn word(self) -> &'static str {
        match self {
            Outcome::Clean => "clean",
            Outcome::Findings => "findings",
            Outcome::Incomplete => "incomplete",
            Outcome::Interrupted(_) => "interrupted",
        }
    }
}
