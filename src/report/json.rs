//! Reports for programs, as JSON. `v1` is the format; what it is written with is here.

pub(super) mod escaping;
pub mod v1;

use crate::value::Value;

/// A moment in RFC 3339, in UTC.
pub(super) fn moment(millis: i64) -> String {
    Value::Time(millis).to_string()
}
