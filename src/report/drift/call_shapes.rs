//! The calls that made the changes, in the comparison for programs.

use std::collections::BTreeSet;

use serde::Serialize;

use super::calls::{not_found, of_doubt};
use crate::drift::PoolDrift;
use crate::trail::{Attribution, Cause, Doubt, NotFound, Record, Trail};
use crate::value::Value;

/// Who made a change.
#[derive(Serialize)]
pub(super) struct ChangedByShape {
    /// `sure`, `candidates` or `not-found`.
    status: &'static str,
    /// The call, or those of which one made the change, the newest first.
    calls: Vec<CauseShape>,
    /// The reasons that another call may have made it, or that none was found.
    reasons: Vec<ReasonShape>,
}

#[derive(Serialize)]
struct CauseShape {
    /// The id of the event, which is in `calls` of the pool.
    event: String,
    how: &'static str,
    reason: &'static str,
}

#[derive(Serialize)]
struct ReasonShape {
    code: &'static str,
    message: String,
}

/// A call.
#[derive(Serialize)]
pub(super) struct CallShape<'a> {
    event: &'a str,
    name: &'a str,
    time: String,
    account: &'a str,
    region: &'a str,
    caller: CallerShape<'a>,
    tool: &'a str,
    from: Option<&'a str>,
    /// The code of the error with which the service refused it.
    refused: Option<&'a str>,
}

#[derive(Serialize)]
struct CallerShape<'a> {
    title: &'a str,
    r#type: &'a str,
    account: Option<&'a str>,
}

impl ChangedByShape {
    pub(super) fn of(attribution: &Attribution, trail: &Trail) -> ChangedByShape {
        let cause = |cause: &Cause| CauseShape {
            event: trail.records[cause.record].id.clone(),
            how: cause.how.word(),
            reason: cause.how.reason(),
        };
        let (status, calls, reasons) = match attribution {
            Attribution::Sure(sure) => ("sure", vec![cause(sure)], Vec::new()),
            Attribution::Candidates(causes, doubts) => (
                "candidates",
                causes.iter().map(cause).collect(),
                doubts.iter().map(ReasonShape::of_doubt).collect(),
            ),
            Attribution::NotFound(NotFound::Doubted(doubts)) => {
                ("not-found", Vec::new(), doubts.iter().map(ReasonShape::of_doubt).collect())
            }
            Attribution::NotFound(why) => ("not-found", Vec::new(), vec![ReasonShape::of(why, trail)]),
        };
        ChangedByShape { status, calls, reasons }
    }
}

impl ReasonShape {
    fn of_doubt(doubt: &Doubt) -> ReasonShape {
        let code = match doubt {
            Doubt::NoTime => "no-time",
            Doubt::Begins(_) => "records-begin-later",
            Doubt::Unread(_) => "records-not-read",
            Doubt::ModifiedLater(_) => "modified-later",
            Doubt::Fresh => "too-fresh",
            Doubt::Ends(_) => "records-end-early",
            Doubt::OtherPool => "other-pool",
        };
        ReasonShape { code, message: of_doubt(doubt) }
    }

    fn of(why: &NotFound, trail: &Trail) -> ReasonShape {
        let code = match why {
            NotFound::NotSetByCalls => "not-set-by-calls",
            NotFound::UnknownPath => "unknown-path",
            NotFound::Contradicted { .. } => "contradicted",
            NotFound::TooFresh => "too-fresh",
            NotFound::Doubted(_) => "doubted",
            NotFound::NoCall => "no-call",
        };
        ReasonShape { code, message: not_found(why, trail) }
    }
}

/// The calls that the changes of a pool name, and those that were refused, the newest first.
pub(super) fn calls<'a>(pool: &PoolDrift, trail: &'a Trail) -> Vec<CallShape<'a>> {
    let named =
        pool.changes.iter().filter_map(|change| change.attribution.as_ref()).flat_map(|attribution| {
            match attribution {
                Attribution::Sure(cause) => std::slice::from_ref(cause),
                Attribution::Candidates(causes, _) => causes,
                Attribution::NotFound(_) => &[],
            }
        });
    let records: BTreeSet<usize> =
        named.map(|cause| cause.record).chain(pool.refused.iter().copied()).collect();
    records.into_iter().rev().map(|at| CallShape::of(&trail.records[at])).collect()
}

impl<'a> CallShape<'a> {
    fn of(record: &'a Record) -> CallShape<'a> {
        let caller = &record.caller;
        CallShape {
            event: &record.id,
            name: &record.name,
            time: Value::Time(record.time).to_string(),
            account: &record.account,
            region: &record.region,
            caller: CallerShape {
                title: &caller.title,
                r#type: &caller.kind,
                account: caller.account.as_deref(),
            },
            tool: &record.tool,
            from: record.from.as_deref(),
            refused: record.refused.as_deref(),
        }
    }
}
