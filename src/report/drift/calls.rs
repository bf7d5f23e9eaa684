//! The calls that made the changes, in words; the same in every format. Names of callers and tools are free text of
//! the caller: each format makes them safe.

use std::collections::BTreeMap;

use crate::drift::{Change, PoolDrift};
use crate::trail::{Attribution, Cause, Doubt, How, NotFound, Record, Trail};
use crate::value::Value;

/// Who changed a value, in one sentence without a period. `None` if no trail was read.
pub(super) fn sentence(change: &Change, trail: Option<&Trail>) -> Option<String> {
    let (trail, attribution) = (trail?, change.attribution.as_ref()?);
    Some(match attribution {
        Attribution::Sure(cause) => format!("changed by {}", cause_in_words(*cause, trail)),
        Attribution::Candidates(causes, doubts) => {
            let one_of = if causes.len() > 1 { "one of: " } else { "" };
            let causes: Vec<String> = causes.iter().map(|cause| cause_in_words(*cause, trail)).collect();
            let doubts: Vec<String> = doubts.iter().map(|doubt| format!("; {}", of_doubt(doubt))).collect();
            format!("perhaps changed by {one_of}{}{}", causes.join("; or "), doubts.concat())
        }
        Attribution::NotFound(why) => format!("the caller was not found: {}", not_found(why, trail)),
    })
}

fn cause_in_words(cause: Cause, trail: &Trail) -> String {
    let record = &trail.records[cause.record];
    format!("{}: {} {}", by(record), of_call(record), cause.how.reason())
}

/// The caller and the time: `user ops at 2026-11-20T09:14:38Z`.
pub(super) fn by(record: &Record) -> String {
    format!("{} at {}", record.caller.title, Value::Time(record.time))
}

/// The call, the tool and the place: `UpdateUserPool (Terraform 1.9.5, from 192.0.2.11, event 2222)`.
pub(super) fn of_call(record: &Record) -> String {
    let from = record.from.as_ref().map_or_else(String::new, |from| format!(", from {from}"));
    format!("{} ({}{from}, event {})", record.name, record.tool, record.id)
}

pub(super) fn of_doubt(doubt: &Doubt) -> String {
    match doubt {
        Doubt::NoTime => {
            "when the recorded pool was read is unknown, so an earlier call may have made the change; a \
                          snapshot has the time"
                .to_owned()
        }
        Doubt::Begins(begin) => format!(
            "the records begin at {}, after the recorded pool was read, so an earlier call may have made the change",
            Value::Time(*begin)
        ),
        Doubt::Ends(end) => format!(
            "the records end at {}, before the current pool was read, so a later call may have made the change",
            Value::Time(*end)
        ),
        Doubt::Unread(why) => format!("not all records were read: {why}"),
        Doubt::ModifiedLater(time) => {
            format!("a later call, at {}, is not in the records", Value::Time(*time))
        }
        Doubt::Fresh => {
            "the call is so recent that earlier records may still be missing; run this again later".to_owned()
        }
        Doubt::OtherPool => "the recorded pool is another pool".to_owned(),
    }
}

pub(super) fn not_found(why: &NotFound, trail: &Trail) -> String {
    match why {
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
            "its record is still missing; CloudTrail needs some minutes, so run this again later".to_owned()
        }
        NotFound::Doubted(doubts) => {
            let doubts: Vec<String> = doubts.iter().map(of_doubt).collect();
            format!("no record of a call that sets it; {}", doubts.join("; "))
        }
        NotFound::NoCall if trail.from_files => "no record of a call that sets it".to_owned(),
        NotFound::NoCall => {
            "no record of a call that sets it; records of the last minutes may still be missing".to_owned()
        }
    }
}

/// The changes of a pool by the calls that made them.
#[derive(Default)]
pub(super) struct ByCall<'a> {
    /// The newest first.
    pub sure: Vec<(&'a Record, Vec<(&'a Change, How)>)>,
    /// Changes with the same candidates together.
    pub candidates: Vec<(Vec<&'a Change>, &'a [Cause], &'a [Doubt])>,
    /// Changes with the same reason together.
    pub not_found: Vec<(Vec<&'a Change>, &'a NotFound)>,
    pub refused: Vec<&'a Record>,
}

impl<'a> ByCall<'a> {
    pub(super) fn of(pool: &'a PoolDrift, trail: &'a Trail) -> ByCall<'a> {
        let mut sure: BTreeMap<usize, Vec<(&Change, How)>> = BTreeMap::new();
        let mut all = ByCall::default();
        for change in &pool.changes {
            match &change.attribution {
                None => {}
                Some(Attribution::Sure(cause)) => {
                    sure.entry(cause.record).or_default().push((change, cause.how));
                }
                Some(Attribution::Candidates(causes, doubts)) => {
                    let same = all.candidates.iter_mut().find(|(_, own, why)| own == causes && why == doubts);
                    match same {
                        Some((changes, ..)) => changes.push(change),
                        None => all.candidates.push((vec![change], causes, doubts)),
                    }
                }
                Some(Attribution::NotFound(why)) => {
                    match all.not_found.iter_mut().find(|(_, own)| *own == why) {
                        Some((changes, _)) => changes.push(change),
                        None => all.not_found.push((vec![change], why)),
                    }
                }
            }
        }
        all.sure = sure.into_iter().rev().map(|(at, changes)| (&trail.records[at], changes)).collect();
        all.refused = pool.refused.iter().rev().map(|at| &trail.records[*at]).collect();
        all
    }
}
