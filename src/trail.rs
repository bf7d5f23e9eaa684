//! The calls that changed a pool, by the records of AWS CloudTrail.
//!
//! A record names the caller who made a change only where that is certain. Where it is not, the records that can have
//! made it are candidates, each with the reason; where no record can have made it, the reason for that is given.

mod json;
mod caller;
mod tool;
mod record;
mod read;
mod history;
mod reason;

use std::collections::BTreeMap;

pub use caller::Caller;
pub use history::{Attribution, Cause, Doubt, Effect, How, Left, NotFound, Step, causes, is_proof};
pub use json::{is_name, member};
pub use read::{Unreadable, read};
pub use record::Record;

/// The account, the Region and, where records of one call alone were read, the name of the call.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Part {
    pub account: String,
    pub region: String,
    pub call: Option<String>,
}

impl Part {
    /// Whether the records of a call belong to it. An account that is not known may be any.
    fn holds(&self, account: Option<&str>, region: &str, call: &str) -> bool {
        account.is_none_or(|account| account == self.account)
            && self.region == region
            && self.call.as_deref().is_none_or(|own| own == call)
    }
}

/// Records of calls that write, from wherever they were read.
#[derive(Debug, Default)]
pub struct Trail {
    /// The oldest first. Each event is there once.
    pub records: Vec<Record>,
    /// From when on all records of a part were read, in milliseconds since 1970.
    begins: BTreeMap<Part, i64>,
    /// The time of the last record of a part, in milliseconds since 1970, where the records are from files.
    ends: BTreeMap<Part, i64>,
    /// Why the records of a part were not read, or not all of them.
    pub gaps: BTreeMap<Part, String>,
    /// The calls of records whose time cannot be read. What a record does not say of its call is empty.
    pub untimed: Vec<Part>,
    /// It was read from files, and not asked of the service in this run.
    pub from_files: bool,
}

impl Trail {
    /// Adds the records of another trail.
    pub fn join(&mut self, other: Trail) {
        self.records.extend(other.records);
        self.sort();
        for (part, begin) in other.begins {
            self.begin(part, begin);
        }
        for (part, end) in other.ends {
            self.end(part, end);
        }
        self.gaps.extend(other.gaps);
        self.untimed.extend(other.untimed);
        self.from_files |= other.from_files;
    }

    /// Puts the oldest record first, and removes those that are there again.
    pub fn sort(&mut self) {
        self.records.sort_by(|a, b| (a.time, &a.id).cmp(&(b.time, &b.id)));
        self.records.dedup_by(|a, b| a.id == b.id && !a.id.is_empty());
    }

    /// Notes that all records of a part were read from a time on.
    pub fn begin(&mut self, part: Part, time: i64) {
        let begin = self.begins.entry(part).or_insert(time);
        *begin = time.min(*begin);
    }

    /// Notes that records of a part were read until a time.
    pub fn end(&mut self, part: Part, time: i64) {
        let end = self.ends.entry(part).or_insert(time);
        *end = time.max(*end);
    }

    /// The time of the last record that shows until when the records of a call were read. `None` if nothing shows it.
    pub fn end_of(&self, account: Option<&str>, region: &str, call: &str) -> Option<i64> {
        let fits = |part: &Part| part.holds(account, region, call);
        self.ends.iter().filter(|(part, _)| fits(part)).map(|(_, end)| *end).max()
    }

    /// From when on all records of a call were read, in milliseconds since 1970. An account that is not known may be
    /// any.
    pub fn begin_of(&self, account: Option<&str>, region: &str, call: &str) -> Option<i64> {
        let fits = |part: &Part| part.holds(account, region, call);
        self.begins.iter().filter(|(part, _)| fits(part)).map(|(_, begin)| *begin).min()
    }

    /// Whether a record of a call may be among those whose time cannot be read.
    pub fn may_be_untimed(&self, account: Option<&str>, region: &str, call: &str) -> bool {
        let fits = |own: &str, wanted: &str| own.is_empty() || own == wanted;
        self.untimed.iter().any(|part| {
            account.is_none_or(|account| fits(&part.account, account))
                && fits(&part.region, region)
                && part.call.as_deref().is_none_or(|own| own == call)
        })
    }

    /// Why the records of a call were not read.
    pub fn gap_of(&self, account: Option<&str>, region: &str, call: &str) -> Option<&str> {
        let fits = |part: &Part| part.holds(account, region, call);
        self.gaps.iter().find(|(part, _)| fits(part)).map(|(_, why)| why.as_str())
    }
}
