//! Rules over pools: verdicts and findings. Pure, parallel, sorted.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::finding::{Evidence, Finding, PoolRef, Undecided};
use crate::pool::Section;
use crate::rule::Severity;
use crate::source::{Interrupt, Note, Unread};

/// Everything that a run came to.
#[derive(Debug, Default)]
pub struct Evaluation {
    pub tally: Tally,
    /// Sorted by pool, rule, path. Empty when only counts were asked for.
    pub findings: Vec<Finding>,
    pub undecided: Vec<Undecided>,
    /// Every verdict, when evidence was asked for.
    pub evidence: Vec<Evidence>,
    pub pools: Vec<Arc<PoolRef>>,
    pub unread: Vec<Unread>,
    pub notes: Vec<Note>,
    /// Input name to the sections it does not hold, each with the ids of the rules left undecided by that.
    pub outside: BTreeMap<Arc<str>, BTreeMap<Section, Vec<Arc<str>>>>,
    /// Paths that the API sent and the schema does not know.
    pub unknown_members: Vec<String>,
    pub interrupted: Option<Interrupt>,
}

/// Counts of verdicts; a rule with `each` has one for every element.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub pools: usize,
    pub rules: usize,
    pub pass: usize,
    pub fail: usize,
    pub unknown: usize,
    pub skipped: usize,
    /// Failed verdicts by the severity of their rule, indexed as `Severity::ALL`.
    pub by_severity: [usize; 5],
}

impl Tally {
    pub fn of(&self, severity: Severity) -> usize {
        self.by_severity[severity as usize]
    }
}
