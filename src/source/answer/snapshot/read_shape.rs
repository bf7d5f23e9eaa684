//! From when until when values were read, as the header of a snapshot has it.

use serde::{Deserialize, Serialize};

use crate::pool::ReadWindow;
use crate::value::Value;

/// When values were read, each time as RFC 3339 in UTC. A time that is unknown is left out.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(in crate::source) struct ReadShape {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    from: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    until: Option<String>,
}

impl From<ReadWindow> for ReadShape {
    fn from(ReadWindow { from, until }: ReadWindow) -> ReadShape {
        let text = |time: i64| Value::Time(time).to_string();
        ReadShape { from: from.map(text), until: until.map(text) }
    }
}

impl From<&ReadShape> for ReadWindow {
    fn from(ReadShape { from, until }: &ReadShape) -> ReadWindow {
        let time = |text: &Option<String>| Value::parse_time(text.as_deref()?);
        ReadWindow { from: time(from), until: time(until) }.sound()
    }
}
