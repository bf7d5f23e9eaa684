//! The types of values.

use serde::Deserialize;

/// The type of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    String,
    Integer,
    Boolean,
    Timestamp,
    Structure,
    List,
    Map,
}

impl Kind {
    /// The word for it in output: `string`, `list`, ...
    pub fn word(self) -> &'static str {
        match self {
            Kind::String => "string",
            Kind::Integer => "integer",
            Kind::Boolean => "boolean",
            Kind::Timestamp => "timestamp",
            Kind::Structure => "structure",
            Kind::List => "list",
            Kind::Map => "map",
        }
    }

    /// The word with its article.
    pub fn one(self) -> String {
        let article = if self == Kind::Integer { "an" } else { "a" };
        format!("{article} {}", self.word())
    }
}
