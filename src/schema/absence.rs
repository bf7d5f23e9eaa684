//! Absent members: the default of each, by the origin of the document.

use super::{Kind, Node};
use crate::value::{Text, Value};

/// The reason that a structure which the service fills in is unknown.
const FILLED: &str = "the service gives one to everything new, and does not document what is in it";

/// The meaning of an absent value, by the origin of the document.
#[derive(Debug, Default)]
pub struct Defaults {
    /// In every source.
    pub any: Option<Value>,
    /// In a Terraform plan or a CloudFormation template.
    pub template: Option<Value>,
    /// For a structure that every new pool has: the defaults of its members.
    pub filled: Option<Value>,
    /// If the structure around it is given and leaves it out.
    pub in_block: Option<Value>,
    /// The reason that its absence from an answer means unknown.
    pub unknown_in_answer: Option<Text>,
    /// The reason that its absence from a plan or template means unknown.
    pub unknown_in_template: Option<Text>,
}

/// The kind of input that a document comes from, as far as defaults depend on it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum InputKind {
    /// An answer of the API, live or saved.
    #[default]
    Answer,
    /// A plan or template: the API has not received it yet.
    Template,
}

impl InputKind {
    pub const ALL: [InputKind; 2] = [InputKind::Answer, InputKind::Template];

    /// The word for it in rules and their tests.
    pub fn word(self) -> &'static str {
        match self {
            InputKind::Answer => "answer",
            InputKind::Template => "template",
        }
    }
}

/// The reason that the structure around an absent member is there, or that it is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Around {
    /// It was given without the member.
    Given,
    /// It is there only to hold a value that was given under another name.
    Mirrored,
    Absent,
}

/// The meaning of an absent value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Absence<'a> {
    Default(&'a Value),
    Unknown(&'a str),
    Absent,
}

/// Those of a member without any.
static NONE: Defaults = Defaults {
    any: None,
    template: None,
    filled: None,
    in_block: None,
    unknown_in_answer: None,
    unknown_in_template: None,
};

impl Node {
    /// The meaning of an absent value, by the origin of the document.
    pub fn defaults(&self) -> &Defaults {
        self.defaults.as_deref().unwrap_or(&NONE)
    }

    /// The meaning of the absence of this member. `around` is the structure that would hold it.
    pub fn absence(&self, kind: InputKind, around: Around) -> Absence<'_> {
        let defaults = self.defaults();
        let in_block = defaults.in_block.as_ref().filter(|_| self.kind != Kind::Structure);
        if let Some(value) = in_block.filter(|_| around == Around::Given).or(defaults.any.as_ref()) {
            return Absence::Default(value);
        }
        let (default, unknown) = match kind {
            InputKind::Template => {
                let filled = self.filled && self.kind == Kind::Structure;
                let why = defaults.unknown_in_template.as_deref().or(filled.then_some(FILLED));
                (defaults.template.as_ref().or(defaults.filled.as_ref()), why)
            }
            InputKind::Answer => (None, defaults.unknown_in_answer.as_deref()),
        };
        let unknown = unknown.map_or(Absence::Absent, Absence::Unknown);
        let absence = default.map_or(unknown, Absence::Default);
        match (absence, in_block, around) {
            (Absence::Absent, Some(value), Around::Mirrored) => Absence::Default(value),
            _ => absence,
        }
    }

    /// The value that the API uses for a member that is given as nothing: an empty list, or a 0 that counts as
    /// absent.
    pub fn given_default(&self) -> Option<&Value> {
        let defaults = self.defaults();
        defaults.in_block.as_ref().or(defaults.any.as_ref()).or(defaults.template.as_ref())
    }

    /// Whether a value of this member means the same as its absence to the API: null, an empty structure, an empty
    /// text where none is possible, or a 0 or an empty list that the API replaces with the default.
    pub fn means_none(&self, value: &Value) -> bool {
        match value {
            Value::Null => true,
            Value::Int(0) => self.zero_is_absent,
            Value::String(text) => text.is_empty() && (self.empty_is_absent || self.min >= Some(1)),
            Value::List(items) => items.is_empty() && self.empty_is_default,
            Value::Map(map) => map.is_empty() && self.empty_is_absent,
            _ => false,
        }
    }

    /// Whether an absent value has a default or is unknown in every source: it is never absent for a rule.
    pub fn never_absent(&self) -> bool {
        let defaults = self.defaults();
        // A template may leave out a structure that every answer holds.
        (self.always && self.kind != Kind::Structure)
            || defaults.any.is_some()
            || ((defaults.template.is_some() || defaults.unknown_in_template.is_some())
                && defaults.unknown_in_answer.is_some())
    }
}
