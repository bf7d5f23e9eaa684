//! The shapes of changes that findings come from, and of the calls that made them.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::Damage;
use crate::finding::{Call, Certainty, ChangedBy, Reason, Traced};
use crate::value::Value;

#[derive(Deserialize, Serialize)]
pub(in crate::report) struct TracedShape<'a> {
    path: Cow<'a, str>,
    before: Option<Json>,
    after: Option<Json>,
    changed_by: ChangedByShape<'a>,
}

#[derive(Deserialize, Serialize)]
struct ChangedByShape<'a> {
    status: Cow<'a, str>,
    calls: Vec<CallShape<'a>>,
    reasons: Vec<ReasonShape<'a>>,
}

#[derive(Deserialize, Serialize)]
struct CallShape<'a> {
    event: Cow<'a, str>,
    name: Cow<'a, str>,
    time: String,
    account: Cow<'a, str>,
    region: Cow<'a, str>,
    caller: CallerShape<'a>,
    tool: Cow<'a, str>,
    from: Option<Cow<'a, str>>,
    how: Cow<'a, str>,
    reason: Cow<'a, str>,
}

#[derive(Deserialize, Serialize)]
struct CallerShape<'a> {
    title: Cow<'a, str>,
    r#type: Cow<'a, str>,
    account: Option<Cow<'a, str>>,
}

#[derive(Deserialize, Serialize)]
struct ReasonShape<'a> {
    code: Cow<'a, str>,
    message: Cow<'a, str>,
}

impl<'a> From<&'a Traced> for TracedShape<'a> {
    fn from(traced: &'a Traced) -> Self {
        let Traced { path, before, after, by: ChangedBy { certainty, calls, reasons } } = traced;
        let [before, after] = [before, after].map(|value| value.as_ref().map(Value::to_json));
        let reason = |Reason { code, message }: &'a Reason| ReasonShape {
            code: Cow::Borrowed(code),
            message: Cow::Borrowed(message),
        };
        let changed_by = ChangedByShape {
            status: certainty.word().into(),
            calls: calls.iter().map(CallShape::from).collect(),
            reasons: reasons.iter().map(reason).collect(),
        };
        TracedShape { path: path.into(), before, after, changed_by }
    }
}

impl<'a> From<&'a Call> for CallShape<'a> {
    fn from(call: &'a Call) -> Self {
        let caller = CallerShape {
            title: Cow::Borrowed(&call.caller),
            r#type: Cow::Borrowed(&call.caller_type),
            account: text(call.caller_account.as_ref()),
        };
        CallShape {
            event: Cow::Borrowed(&call.event),
            name: Cow::Borrowed(&call.name),
            time: Value::Time(call.time).to_string(),
            account: Cow::Borrowed(&call.account),
            region: Cow::Borrowed(&call.region),
            caller,
            tool: Cow::Borrowed(&call.tool),
            from: text(call.from.as_ref()),
            how: Cow::Borrowed(&call.how),
            reason: Cow::Borrowed(&call.reason),
        }
    }
}

fn text(text: Option<&String>) -> Option<Cow<'_, str>> {
    text.map(Cow::from)
}

/// The changes as a format of others has them among members of its own, where no text may be empty.
pub(in crate::report) fn changes<'a>(all: impl IntoIterator<Item = &'a Traced>) -> Json {
    // Texts and numbers are always JSON.
    let all = serde_json::to_value(all.into_iter().map(TracedShape::from).collect::<Vec<_>>());
    without_empty(all.unwrap_or_default())
}

fn without_empty(json: Json) -> Json {
    match json {
        Json::Array(items) => items.into_iter().map(without_empty).collect(),
        Json::Object(members) => {
            let filled = members.into_iter().filter(|(_, value)| value != "");
            Json::Object(filled.map(|(name, value)| (name, without_empty(value))).collect())
        }
        other => other,
    }
}

pub(super) fn traced(shape: TracedShape<'_>) -> Result<Traced, Damage> {
    let TracedShape { path, before, after, changed_by: ChangedByShape { status, calls, reasons } } = shape;
    let certainty = Certainty::ALL.into_iter().find(|one| one.word() == status);
    let certainty = certainty.ok_or_else(|| format!("a change is not `{status}`"))?;
    let calls = calls.into_iter().map(call).collect::<Result<_, _>>()?;
    let reason = |ReasonShape { code, message }: ReasonShape<'_>| Reason {
        code: code.into_owned(),
        message: message.into_owned(),
    };
    let by = ChangedBy { certainty, calls, reasons: reasons.into_iter().map(reason).collect() };
    let [before, after] = [before, after].map(|value| value.map(Value::from_json));
    Ok(Traced { path: path.into_owned(), before, after, by })
}

fn call(shape: CallShape<'_>) -> Result<Call, Damage> {
    let CallShape { event, name, time, account, region, caller, tool, from, how, reason } = shape;
    let moment = Value::parse_time(&time).ok_or_else(|| format!("`{time}` is not a time"))?;
    let [event, name, account, region, tool, how, reason] =
        [event, name, account, region, tool, how, reason].map(Cow::into_owned);
    let CallerShape { title, r#type, account: caller_account } = caller;
    Ok(Call {
        event,
        name,
        time: moment,
        account,
        region,
        caller: title.into_owned(),
        caller_type: r#type.into_owned(),
        caller_account: caller_account.map(Cow::into_owned),
        tool,
        from: from.map(Cow::into_owned),
        how,
        reason,
    })
}
