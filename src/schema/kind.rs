//! The types of values.

/// The type of a value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    String,
    Integer,
    Boolean,
    Timestamp,
    #[default]
    Structure,
    List,
    Map,
}

impl Kind {
    /// In the order of the documentation.
    pub const ALL: [Kind; 7] =
        [Kind::String, Kind::Integer, Kind::Boolean, Kind::Timestamp, Kind::Structure, Kind::List, Kind::Map];

    /// The type of a word.
    pub(super) fn parse(word: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.word() == word)
    }

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
