//! The calls that made the changes, in the comparison for programs.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::drift::{PoolDrift, changed_by};
use crate::finding::{Call, ChangedBy, Reason};
use crate::trail::{Attribution, Record, Trail};
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
    how: String,
    reason: String,
}

#[derive(Serialize)]
struct ReasonShape {
    code: String,
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
        let ChangedBy { certainty, calls, reasons } = changed_by(attribution, trail);
        let cause = |call: Call| CauseShape { event: call.event, how: call.how, reason: call.reason };
        let reason = |Reason { code, message }| ReasonShape { code, message };
        ChangedByShape {
            status: certainty.word(),
            calls: calls.into_iter().map(cause).collect(),
            reasons: reasons.into_iter().map(reason).collect(),
        }
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
