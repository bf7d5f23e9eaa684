//! One record: a call that writes, with the request and the response.

use std::fmt;

use serde_json::Value as Json;

use super::Part;
use super::caller::{Caller, caller};
use super::json::{member, text};
use super::tool::tool;
use crate::schema::{OTHER_WRITES, Service, WRITES, WRITING};
use crate::value::Value;

/// A call that writes.
#[derive(Clone, PartialEq)]
pub struct Record {
    pub id: String,
    /// In milliseconds since 1970. Records have whole seconds.
    pub time: i64,
    /// The operation.
    pub name: String,
    /// Empty where the record has none.
    pub account: String,
    pub region: String,
    pub caller: Caller,
    pub tool: String,
    /// The address or the service that the call was made from.
    pub from: Option<String>,
    /// The code of the error with which the service refused it.
    pub refused: Option<String>,
    /// The id of the pool. A refused call often has none.
    pub pool: Option<String>,
    /// They may hold secrets: nothing prints them.
    pub request: Json,
    pub answer: Json,
}

impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {} of {}", Value::Time(self.time), self.name, self.id, self.caller.title)
    }
}

/// The account, the Region and the time of any record.
pub(super) struct Stamp {
    /// It is of a service whose calls write pools, so that the calls of others to it are in the same records.
    pub of_pools: bool,
    pub account: String,
    pub region: String,
    pub time: i64,
    pub name: String,
}

/// When and where a record was made. `None` if it is not a record, or has no time that can be read.
pub(super) fn stamp(json: &Json) -> Option<Stamp> {
    let source = text(json, &["eventSource"])?;
    let Part { account, region, .. } = place(json);
    Some(Stamp {
        of_pools: is_of_pools(source),
        account,
        region,
        time: Value::parse_time(text(json, &["eventTime"])?)?,
        name: text(json, &["eventName"])?.to_owned(),
    })
}

fn is_of_pools(source: &str) -> bool {
    [Service::Cognito, Service::Waf].iter().any(|own| own.event_source() == source)
}

/// The place and the name of a call; what a record does not say is empty.
fn place(json: &Json) -> Part {
    let account = text(json, &["recipientAccountId"]).or(text(json, &["userIdentity", "accountId"]));
    Part {
        account: account.unwrap_or_default().to_owned(),
        region: text(json, &["awsRegion"]).unwrap_or_default().to_owned(),
        call: text(json, &["eventName"]).map(str::to_owned),
    }
}

/// The call of a record whose time cannot be read, of a service whose calls write pools.
pub(super) fn untimed(json: &Json) -> Option<Part> {
    let source = text(json, &["eventSource"])?;
    let has_time = text(json, &["eventTime"]).is_some_and(|time| Value::parse_time(time).is_some());
    (is_of_pools(source) && !has_time && !is_read_only(json)).then(|| place(json))
}

/// The record of a call that writes a pool, which takes request and response out of the JSON. `None` for all other
/// records.
pub(super) fn record(json: &mut Json) -> Option<Record> {
    let Stamp { account, region, time, name, .. } = stamp(json)?;
    let source = text(json, &["eventSource"])?;
    let known = WRITES.iter().filter(|write| write.name == name);
    let services: Vec<Service> = known.map(|write| write.service).collect();
    // A call that is newer than this version.
    let is_newer = services.is_empty() && is_write(&name) && source == Service::Cognito.event_source();
    let is_known = services.iter().any(|service| service.event_source() == source);
    // Sign-in pages write records of other types, with an empty error code.
    let is_call = text(json, &["eventType"]).is_none_or(|own| own == "AwsApiCall");
    if !is_call || !(is_known || is_newer) || is_read_only(json) {
        return None;
    }
    let [request, answer] = ["requestParameters", "responseElements"]
        .map(|name| json.get_mut(name).filter(|value| value.is_object()).map(Json::take).unwrap_or_default());
    Some(Record {
        id: text(json, &["eventID"]).unwrap_or_default().to_owned(),
        caller: caller(json.get("userIdentity").unwrap_or(&Json::Null), &account),
        tool: tool(json),
        from: text(json, &["sourceIPAddress"]).map(str::to_owned),
        refused: refusal(json),
        pool: pool(&request, &answer),
        time,
        name,
        account,
        region,
        request,
        answer,
    })
}

fn is_write(name: &str) -> bool {
    WRITING.iter().any(|start| name.starts_with(start)) && !OTHER_WRITES.contains(&name)
}

/// The code of an error, whatever its form. An empty one is not an error.
fn refusal(json: &Json) -> Option<String> {
    match json.get("errorCode")? {
        Json::Null => None,
        Json::String(code) => Some(code.clone()).filter(|code| !code.is_empty()),
        other => Some(other.to_string()),
    }
}

/// Records have a boolean, and lists of events a text.
fn is_read_only(json: &Json) -> bool {
    match json.get("readOnly") {
        Some(Json::Bool(read_only)) => *read_only,
        Some(Json::String(read_only)) => read_only.eq_ignore_ascii_case("true"),
        _ => false,
    }
}

/// The id of the pool that a call is about.
fn pool(request: &Json, answer: &Json) -> Option<String> {
    if let Some(id) = member(request, "UserPoolId").and_then(Json::as_str) {
        return Some(id.to_owned());
    }
    if let Some(arn) = member(request, "ResourceArn").and_then(Json::as_str) {
        return arn.split_once(":userpool/").map(|(_, id)| id.to_owned());
    }
    let made = member(answer, "UserPool").and_then(|pool| member(pool, "Id"));
    made.and_then(Json::as_str).map(str::to_owned)
}
