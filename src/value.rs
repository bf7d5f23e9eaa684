//! The value tree of a pool document.
//!
//! Member names that the schema knows, and enum values, are borrowed from the schema, so a pool of the
//! usual kind costs few allocations.

mod day;
mod hex;
mod json_error;
mod members;

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

pub use day::Day;
pub use hex::hex;
pub use json_error::json_error;
pub use members::Members;

/// Text that is either borrowed from the schema or owned.
pub type Text = Cow<'static, str>;

/// One value of a pool document.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// JSON `null` inside a list. As a member, `null` means unset and the member is left out on load.
    Null,
    Bool(bool),
    Int(i64),
    /// A number that is not a 64-bit integer.
    Float(f64),
    String(Text),
    /// A point in time, in milliseconds since 1970-01-01T00:00:00Z.
    Time(i64),
    List(Vec<Value>),
    Map(Map),
    /// A marker in place of a secret, whose value is not kept.
    Secret,
    /// There is a value, which is known after the deployment. With the reason.
    Later(Arc<str>),
    /// It is unknown whether there is a value. With the reason.
    Unknown(Arc<str>),
}

/// The members of an object, in their original order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Map(pub Members);

impl Map {
    /// The value of a member.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// Sets a member. It replaces one with the same name.
    pub fn set(&mut self, name: Text, value: Value) {
        match self.0.iter_mut().find(|(key, _)| *key == name) {
            Some((_, old)) => *old = value,
            None => self.0.push((name, value)),
        }
    }

    /// The number of members.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are no members.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Why one of several values is unknown, if one is.
pub fn unknown_among(values: &[Value]) -> Option<&str> {
    values.iter().find_map(|value| match value {
        Value::Later(why) | Value::Unknown(why) => Some(why.as_ref()),
        _ => None,
    })
}

impl Value {
    /// The member of a map. `None` if the value is not a map.
    pub fn get(&self, name: &str) -> Option<&Value> {
        match self {
            Value::Map(map) => map.get(name),
            _ => None,
        }
    }

    /// The text of a string.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// The elements of a list.
    pub fn as_list(&self) -> Option<&[Value]> {
        match self {
            Value::List(items) => Some(items),
            _ => None,
        }
    }

    /// Whether the value is unknown, or unknown before the deployment.
    pub fn is_unknown(&self) -> bool {
        matches!(self, Value::Later(_) | Value::Unknown(_))
    }

    /// The kind of the value, in the words of an error message.
    pub fn kind(&self) -> &'static str {
        match self {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Int(_) | Value::Float(_) => "a number",
            Value::String(_) => "a string",
            Value::Time(_) => "a timestamp",
            Value::List(_) => "a list",
            Value::Map(_) => "an object",
            Value::Secret => "a secret",
            Value::Later(_) | Value::Unknown(_) => "unknown",
        }
    }

    /// A moment in RFC 3339, as `Time` is written.
    pub fn parse_time(text: &str) -> Option<i64> {
        text.parse().ok().map(jiff::Timestamp::as_millisecond)
    }

    /// Parses one JSON value. `None` if the text is not one.
    pub fn parse_json(text: &str) -> Option<Value> {
        serde_json::from_str(text).ok().map(Value::from_json)
    }

    /// Converts JSON without a schema: numbers stay numbers and nothing is a secret.
    pub fn from_json(json: serde_json::Value) -> Value {
        match json {
            serde_json::Value::Null => Value::Null,
            serde_json::Value::Bool(b) => Value::Bool(b),
            serde_json::Value::Number(n) => match n.as_i64() {
                Some(int) => Value::Int(int),
                None => Value::Float(n.as_f64().unwrap_or(f64::NAN)),
            },
            serde_json::Value::String(s) => Value::String(s.into()),
            serde_json::Value::Array(items) => Value::List(items.into_iter().map(Value::from_json).collect()),
            serde_json::Value::Object(members) => {
                Value::Map(Map(members.into_iter().map(|(k, v)| (k.into(), Value::from_json(v))).collect()))
            }
        }
    }

    /// The value as JSON, as reports write it. A secret is `"(secret)"`, a time is RFC 3339.
    pub fn to_json(&self) -> serde_json::Value {
        match self {
            Value::Null => serde_json::Value::Null,
            Value::Bool(b) => (*b).into(),
            Value::Int(n) => (*n).into(),
            Value::Float(n) => (*n).into(),
            Value::String(s) => s.as_ref().into(),
            Value::Time(_) | Value::Secret | Value::Later(_) | Value::Unknown(_) => self.to_string().into(),
            Value::List(items) => items.iter().map(Value::to_json).collect(),
            Value::Map(map) => map.0.iter().map(|(k, v)| (k.to_string(), v.to_json())).collect(),
        }
    }
}

impl fmt::Display for Value {
    /// The value in a sentence: `8`, `OFF`, `["PASSWORD"]`, `2026-01-31T00:00:00Z`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::String(text) => f.write_str(text),
            Value::Time(millis) => match jiff::Timestamp::from_millisecond(*millis) {
                Ok(time) => write!(f, "{time}"),
                Err(_) => write!(f, "{millis} ms since 1970"),
            },
            Value::Secret => f.write_str("(secret)"),
            Value::Later(why) | Value::Unknown(why) => write!(f, "unknown ({why})"),
            Value::Null
            | Value::Bool(_)
            | Value::Int(_)
            | Value::Float(_)
            | Value::List(_)
            | Value::Map(_) => {
                write!(f, "{}", self.to_json())
            }
        }
    }
}

/// Whether a text is printable ASCII alone, as most are: looking at each character took 9 % of a JSON report.
pub fn is_printable_ascii(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}

/// Whether a character controls the output instead of showing something: controls, line ends, and those that change
/// direction or are invisible. Joiners are not, since some scripts and emoji need them.
pub fn is_unsafe_on_terminal(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
            // Bytes of the name of a file that are not text.
            | '\u{10fe80}'..='\u{10feff}')
}

/// Whether a text begins as a command of an Azure pipeline (`##vso[`) or as an older one of a GitHub job (`##[error]`).
/// A runner takes them in the middle of a line too.
pub fn is_old_command(text: &str) -> bool {
    let rest =
        text.strip_prefix("##").and_then(|rest| rest.strip_prefix("vso").unwrap_or(rest).strip_prefix('['));
    rest.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic()))
}
