//! The fake's answer of `LookupEvents`: the limits and habits of `CloudTrail`.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

/// Look-ups a second in one Region of an account.
const RATE: usize = 2;

/// Events on a page at most.
const PAGE: usize = 50;

/// Refuses a look-up that is too soon after others; `before` are those of the same Region and account.
pub(super) fn is_throttled(before: &mut Vec<Instant>) -> bool {
    let now = Instant::now();
    before.retain(|then| now.duration_since(*then).as_millis() < 1000);
    let throttled = RATE <= before.len();
    if !throttled {
        before.push(now);
    }
    throttled
}

pub(super) fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |now| now.as_secs() as i64)
}

/// One page of the events that are asked for, or the code of an error. Records that are newer than `delay` seconds are
/// not there yet.
pub(super) fn answer(
    records: &[Value],
    (account, region): (&str, &str),
    input: &Value,
    delay: i64,
) -> Result<Value, &'static str> {
    let attributes = input["LookupAttributes"].as_array().map_or(&[] as &[Value], Vec::as_slice);
    let attribute = match attributes {
        [] => None,
        [one] => Some((
            one["AttributeKey"].as_str().unwrap_or_default(),
            one["AttributeValue"].as_str().unwrap_or_default(),
        )),
        _ => return Err("InvalidLookupAttributesException"),
    };
    if let Some(("ReadOnly", value)) = attribute
        && !matches!(value, "true" | "false")
    {
        return Err("InvalidLookupAttributesException");
    }
    let size = match input["MaxResults"].as_u64() {
        None => PAGE,
        Some(size) if (1..=50).contains(&size) => usize::try_from(size).unwrap_or(PAGE),
        Some(_) => return Err("InvalidMaxResultsException"),
    };
    let start = input["StartTime"].as_i64().unwrap_or(0);
    let end = input["EndTime"].as_i64().unwrap_or(i64::MAX);
    if start > now() || start > end {
        return Err("InvalidTimeRangeException");
    }
    let mut found: Vec<&Value> = records
        .iter()
        .filter(|record| {
            let time = seconds(record);
            record["recipientAccountId"] == account
                && record["awsRegion"] == region
                && (start..=end).contains(&time)
                && time <= now() - delay
                && attribute.is_none_or(|(key, value)| match key {
                    "EventName" => record["eventName"] == value,
                    "EventSource" => record["eventSource"] == value,
                    "ReadOnly" => record["readOnly"] == (value == "true"),
                    "EventId" => record["eventID"] == value,
                    // No event of Cognito names a resource.
                    _ => false,
                })
        })
        .collect();
    // The newest first. Within a second the order is not that of the calls.
    let id =
        |record: &Value| record["eventID"].as_str().unwrap_or_default().chars().rev().collect::<String>();
    found.sort_by_key(|record| (std::cmp::Reverse(seconds(record)), id(record)));
    let bound = format!("{attributes:?} {start} {end} {size}");
    let from = match input["NextToken"].as_str() {
        None => 0,
        Some(token) => match token.split_once('@') {
            Some((from, of)) if of == bound => from.parse().map_err(|_| "InvalidNextTokenException")?,
            _ => return Err("InvalidNextTokenException"),
        },
    };
    let page = &found[from.min(found.len())..(from + size).min(found.len())];
    let mut answer = json!({ "Events": page.iter().map(|record| event(record)).collect::<Vec<_>>() });
    if from + size < found.len() {
        answer["NextToken"] = format!("{}@{bound}", from + size).into();
    }
    Ok(answer)
}

fn seconds(record: &Value) -> i64 {
    let time = record["eventTime"].as_str().and_then(|text| text.parse::<jiff::Timestamp>().ok());
    time.map_or(0, jiff::Timestamp::as_second)
}

fn event(record: &Value) -> Value {
    json!({
        "EventId": record["eventID"],
        "EventName": record["eventName"],
        "EventSource": record["eventSource"],
        "ReadOnly": record["readOnly"].to_string(),
        "EventTime": seconds(record),
        "Resources": [],
        "CloudTrailEvent": record.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(number: usize, name: &str, ago: i64) -> Value {
        json!({
            "eventTime": cognito_lint::value::Value::Time((now() - ago) * 1000).to_string(),
            "eventName": name,
            "eventID": format!("event-{number:03}"),
            "awsRegion": "us-east-1",
            "recipientAccountId": "111122223333",
            "readOnly": false,
        })
    }

    fn ask(records: &[Value], input: &Value) -> Result<Value, &'static str> {
        answer(records, ("111122223333", "us-east-1"), input, 120)
    }

    fn ids(page: &Value) -> Vec<&str> {
        page["Events"].as_array().unwrap().iter().map(|event| event["EventId"].as_str().unwrap()).collect()
    }

    #[test]
    fn look_ups_are_refused_as_cloudtrail_refuses_them() {
        let attribute = |key: &str, value: &str| json!({"AttributeKey": key, "AttributeValue": value});
        let two = [attribute("EventName", "A"), attribute("EventName", "B")];
        let all = [
            (json!({"LookupAttributes": two}), "InvalidLookupAttributesException"),
            (
                json!({"LookupAttributes": [attribute("ReadOnly", "False")]}),
                "InvalidLookupAttributesException",
            ),
            (json!({"MaxResults": 0}), "InvalidMaxResultsException"),
            (json!({"MaxResults": 51}), "InvalidMaxResultsException"),
            (json!({"StartTime": now() + 60}), "InvalidTimeRangeException"),
            (json!({"StartTime": 20, "EndTime": 10}), "InvalidTimeRangeException"),
            (json!({"NextToken": "50@other"}), "InvalidNextTokenException"),
        ];
        for (input, code) in all {
            assert_eq!(ask(&[], &input), Err(code), "{input}");
        }
    }

    #[test]
    fn events_come_late_in_pages_the_newest_first_and_in_any_order_within_a_second() {
        let mut records: Vec<Value> =
            (0..60).map(|number| record(number, "UpdateUserPool", 1000 + (number as i64) / 30)).collect();
        records.push(record(90, "UpdateUserPool", 10));
        let first = ask(&records, &json!({})).unwrap();
        assert_eq!(ids(&first).len(), 50);
        assert!(ids(&first)[..30].iter().all(|id| *id < "event-030") && !ids(&first).is_sorted());
        let second = ask(&records, &json!({"NextToken": first["NextToken"]})).unwrap();
        assert_eq!((ids(&second).len(), second.get("NextToken")), (10, None));
        let by_resource =
            json!({"LookupAttributes": [{"AttributeKey": "ResourceName", "AttributeValue": "pool"}]});
        assert_eq!(ids(&ask(&records, &by_resource).unwrap()), Vec::<&str>::new());
    }

    #[test]
    fn two_look_ups_a_second_are_answered() {
        let mut before = Vec::new();
        assert_eq!([(); 3].map(|()| is_throttled(&mut before)), [false, false, true]);
    }
}
