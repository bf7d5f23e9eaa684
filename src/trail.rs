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

use std::collections::{BTreeMap, BTreeSet};

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
    /// The oldest first. Each event is there once, unless two records of it say different things.
    pub records: Vec<Record>,
    /// The ids of such events.
    disputed: BTreeSet<String>,
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
    /// Adds the records of other trails.
    pub fn join(&mut self, others: impl IntoIterator<Item = Trail>) {
        for other in others {
            self.records.extend(other.records);
            self.disputed.extend(other.disputed);
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
        self.sort();
    }

    /// Puts the oldest record first, and removes those that are there again: trails overlap, and their files are
    /// delivered more than once.
    pub fn sort(&mut self) {
        let records = &mut self.records;
        records.sort_by(|a, b| (a.time, &a.id).cmp(&(b.time, &b.id)));
        let mut by_id: Vec<usize> = (0..records.len()).collect();
        by_id.sort_by(|a, b| records[*a].id.cmp(&records[*b].id));
        let mut is_again = vec![false; records.len()];
        for same in by_id.chunk_by(|a, b| records[*a].id == records[*b].id) {
            let first = &records[same[0]];
            let mut last = first;
            for at in &same[1..] {
                let record = &records[*at];
                is_again[*at] = record == last || record == first;
                if !is_again[*at] {
                    last = record;
                    self.disputed.extend(Some(&record.id).filter(|id| !id.is_empty()).cloned());
                }
            }
        }
        let mut again = is_again.into_iter();
        records.retain(|_| !again.next().unwrap_or_default());
    }

    /// Whether two records of the event of this one say different things.
    pub fn is_disputed(&self, record: &Record) -> bool {
        self.disputed.contains(&record.id)
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
    /// An account that is not known may be any, so that the first to end counts.
    pub fn end_of(&self, account: Option<&str>, region: &str, call: &str) -> Option<i64> {
        by_account(&self.ends, (account, region, call), i64::max).min()
    }

    /// From when on all records of a call were read, in milliseconds since 1970. An account that is not known may be
    /// any, so that the last to begin counts.
    pub fn begin_of(&self, account: Option<&str>, region: &str, call: &str) -> Option<i64> {
        by_account(&self.begins, (account, region, call), i64::min).max()
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

/// The times of the parts that hold a call, one for each account. `outer` takes the one of two that reaches further.
fn by_account(
    times: &BTreeMap<Part, i64>,
    (account, region, call): (Option<&str>, &str, &str),
    outer: fn(i64, i64) -> i64,
) -> impl Iterator<Item = i64> {
    let mut of_accounts: BTreeMap<&str, i64> = BTreeMap::new();
    for (part, time) in times.iter().filter(|(part, _)| part.holds(account, region, call)) {
        let furthest = of_accounts.entry(&part.account).or_insert(*time);
        *furthest = outer(*furthest, *time);
    }
    of_accounts.into_values()
}
