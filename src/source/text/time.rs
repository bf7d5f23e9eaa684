//! Dates as the AWS CLI and Terraform print them.

use crate::value::Value;

/// A date as the AWS CLI prints it: RFC 3339, or without a zone, which is then read as UTC.
pub(in crate::source) fn read_time(text: &str) -> Option<Value> {
    if let Ok(time) = text.parse::<jiff::Timestamp>() {
        return Some(Value::Time(time.as_millisecond()));
    }
    let civil: jiff::civil::DateTime = text.parse().ok()?;
    let zoned = civil.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    Some(Value::Time(zoned.timestamp().as_millisecond()))
}
