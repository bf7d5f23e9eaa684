//! Notes with a count, of which each shard has a part: the counts are data, and are added up.

use crate::value::Day;

/// The kind of a counted note. The number is kept separately.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Counted {
    /// Entries of a baseline whose findings are fixed.
    EntriesFixed { baseline: String },
    /// Findings that count again, because their waiver expired.
    CountAgain { place: String, waiver: String, last: Day },
}

impl Counted {
    /// The file, or the place in it, that the note is about.
    pub fn target(&self) -> &str {
        match self {
            Counted::EntriesFixed { baseline } => baseline,
            Counted::CountAgain { place, .. } => place,
        }
    }

    /// The note in words.
    pub fn message(&self, count: usize) -> String {
        match (self, count) {
            (Counted::EntriesFixed { .. }, 1) => {
                "an entry was fixed: `cognito-lint baseline prune` drops it".to_owned()
            }
            (Counted::EntriesFixed { .. }, n) => {
                format!("{n} entries were fixed: `cognito-lint baseline prune` drops them")
            }
            (Counted::CountAgain { waiver, last, .. }, 1) => {
                format!("{waiver} expired on {last}, so a finding counts again")
            }
            (Counted::CountAgain { waiver, last, .. }, n) => {
                format!("{waiver} expired on {last}, so {n} findings count again")
            }
        }
    }
}
