//! Words for the reasons that a call is not certain, or was not found.

use super::{Doubt, NotFound, Trail};
use crate::value::Value;

impl Doubt {
    /// The word for it in formats for programs.
    pub fn word(&self) -> &'static str {
        match self {
            Doubt::NoTime => "no-time",
            Doubt::NoCurrentTime => "no-current-time",
            Doubt::Begins(_) => "records-begin-later",
            Doubt::Ends(_) => "records-end-early",
            Doubt::Unread(_) => "records-not-read",
            Doubt::ModifiedLater(_) => "modified-later",
            Doubt::Fresh => "too-fresh",
            Doubt::Order => "read-order",
            Doubt::OtherPool => "other-pool",
            Doubt::Disputed(_) => "records-disagree",
        }
    }

    /// A sentence without a period.
    pub fn reason(&self) -> String {
        match self {
            Doubt::NoTime => {
                "when the recorded pool was read is unknown, so an earlier call may have made the \
                              change; a new snapshot has the time"
                    .to_owned()
            }
            Doubt::NoCurrentTime => {
                "when the current pool was read is unknown, so a later call may have made the \
                                     change; a new snapshot has the time"
                    .to_owned()
            }
            Doubt::Begins(begin) => format!(
                "the records begin at {}, after the recorded pool was read or just before, so an earlier call may have made \
                 the change",
                Value::Time(*begin)
            ),
            Doubt::Ends(end) => format!(
                "the records end at {}, before the current pool was read or soon after, so a later call may have made the change",
                Value::Time(*end)
            ),
            Doubt::Unread(why) => format!("not all records were read: {why}"),
            Doubt::ModifiedLater(time) => {
                format!("a later call, at {}, is not in the records", Value::Time(*time))
            }
            Doubt::Fresh => {
                "the call is so recent that earlier records may still be missing; run this again later"
                    .to_owned()
            }
            Doubt::Order => {
                "the recorded pool was not read clearly before the current one, so an earlier call may have made the \
                 change"
                    .to_owned()
            }
            Doubt::OtherPool => "the recorded pool is another pool".to_owned(),
            Doubt::Disputed(event) => format!("two records of the event {event} differ"),
        }
    }
}

impl NotFound {
    /// The word for it in formats for programs.
    pub fn word(&self) -> &'static str {
        match self {
            NotFound::NotSetByCalls => "not-set-by-calls",
            NotFound::UnknownPath => "unknown-path",
            NotFound::Contradicted { .. } => "contradicted",
            NotFound::TooFresh => "too-fresh",
            NotFound::Doubted(_) => "doubted",
            NotFound::NoCall => "no-call",
        }
    }

    /// A sentence without a period.
    pub fn reason(&self, trail: &Trail) -> String {
        match self {
            NotFound::NotSetByCalls => {
                "no call sets it: the service does, or it is set when the pool is created".to_owned()
            }
            NotFound::UnknownPath => "this version does not know which call sets it".to_owned(),
            NotFound::Contradicted { record } => {
                let record = &trail.records[*record];
                format!(
                    "the last recorded call, {} at {}, left another value; a later call is not in the records",
                    record.name,
                    Value::Time(record.time)
                )
            }
            NotFound::TooFresh => {
                "its record is still missing; CloudTrail needs some minutes, so run this again later"
                    .to_owned()
            }
            NotFound::Doubted(doubts) => {
                let doubts: Vec<String> = doubts.iter().map(Doubt::reason).collect();
                format!("no record of a call that sets it; {}", doubts.join("; "))
            }
            NotFound::NoCall if trail.from_files => "no record of a call that sets it".to_owned(),
            NotFound::NoCall => {
                "no record of a call that sets it; records of the last minutes may still be missing"
                    .to_owned()
            }
        }
    }
}
