//! Who made a change, in words; the same in every format. Names of callers and tools are free text of the caller:
//! each format makes them safe.

use super::summary;
use crate::finding::{Call, Certainty, ChangedBy, Finding, Traced};
use crate::value::Value;

/// Who made a change, in one sentence without a period.
pub(super) fn sentence(by: &ChangedBy) -> String {
    let calls: Vec<String> = by.calls.iter().map(whole).collect();
    let reasons: Vec<&str> = by.reasons.iter().map(|reason| &*reason.message).collect();
    match by.certainty {
        Certainty::Sure => format!("changed by {}", calls.concat()),
        Certainty::Candidates => {
            let one_of = if calls.len() > 1 { "one of: " } else { "" };
            let reasons: Vec<String> = reasons.iter().map(|reason| format!("; {reason}")).collect();
            format!("perhaps changed by {one_of}{}{}", calls.join("; or "), reasons.concat())
        }
        Certainty::NotFound => format!("the caller was not found: {}", reasons.join("; ")),
    }
}

/// The call in a sentence: the caller, the time, the operation and what it did.
pub(super) fn whole(call: &Call) -> String {
    format!("{}: {} {}", by(&call.caller, call.time), of_call(call), call.reason)
}

/// The caller and the time: `user ops at 2026-11-20T09:14:38Z`.
pub(super) fn by(caller: &str, time: i64) -> String {
    format!("{caller} at {}", Value::Time(time))
}

/// The call, the tool and the place: `UpdateUserPool (Terraform 1.9.5, from 192.0.2.11, event 2222)`.
pub(super) fn of_call(call: &Call) -> String {
    operation(&call.name, &call.tool, call.from.as_deref(), &call.event)
}

pub(super) fn operation(name: &str, tool: &str, from: Option<&str>, event: &str) -> String {
    let from = from.map_or_else(String::new, |from| format!(", from {from}"));
    format!("{name} ({tool}{from}, event {event})")
}

/// The change in a value: `MfaConfiguration: ON to OFF`.
pub(super) fn change(traced: &Traced) -> String {
    if traced.path.is_empty() {
        return "the pool was added".to_owned();
    }
    let [before, after] = [&traced.before, &traced.after].map(|value| summary::value(value.as_ref()));
    format!("{}: {before} to {after}", traced.path)
}

/// The sentence about a new finding without a change that explains it.
pub(super) const UNEXPLAINED: &str =
    "no value that its rule reads is known to have changed since the snapshot, so no caller is looked for";

/// The changes that a finding comes from, each with who made it, in a sentence without a period.
pub(super) fn of_finding(finding: &Finding) -> Vec<String> {
    match finding.standing.traced.as_deref() {
        None => Vec::new(),
        Some([]) => vec![UNEXPLAINED.to_owned()],
        Some(all) => all.iter().map(|one| format!("{}: {}", change(one), sentence(&one.by))).collect(),
    }
}
