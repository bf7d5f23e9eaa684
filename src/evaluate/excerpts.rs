//! The findings whose excerpt is kept.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::Detail;
use crate::rule::{Rule, Severity};

/// Counts the excerpts of a run. Every thread counts in the same one.
pub(super) struct Excerpts {
    /// The most of a rule.
    most: usize,
    made: Mutex<BTreeMap<(Severity, Arc<str>), usize>>,
}

impl Excerpts {
    pub(super) fn of(detail: Detail) -> Excerpts {
        let most = match detail {
            Detail::Counts | Detail::Places => 0,
            Detail::Excerpts { of_a_rule } => of_a_rule,
        };
        Excerpts { most, made: Mutex::default() }
    }

    /// Whether a finding of a rule gets an excerpt. One that a waiver beside the code accepts does not take the place of
    /// another, nor does one that only informs, which a report may show apart from the others.
    pub(super) fn has_room(&self, rule: &Rule, is_accepted: bool) -> bool {
        if self.most == 0 || self.most == usize::MAX || is_accepted || rule.severity == Severity::Info {
            return self.most > 0;
        }
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        let count = made.entry((rule.severity, Arc::clone(&rule.id))).or_default();
        *count += 1;
        *count <= self.most
    }
}
