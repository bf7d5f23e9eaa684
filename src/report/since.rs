//! Since when a finding is there, where it was compared with earlier reports.

use crate::finding::{Change, Finding};

/// `new`, or `first seen 2026-11-01`.
pub(super) fn since(finding: &Finding) -> Option<String> {
    match finding.standing.change? {
        Change::New => Some("new".to_owned()),
        Change::Still(first) => Some(format!("first seen {first}")),
    }
}

/// Whether no earlier report has a finding.
pub(super) fn is_new(finding: &Finding) -> bool {
    finding.standing.change == Some(Change::New)
}
