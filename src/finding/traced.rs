//! The changes that findings come from, and the calls that made them.

use crate::value::Value;

/// A change of a value since an earlier snapshot, and who made it.
#[derive(Clone, Debug, PartialEq)]
pub struct Traced {
    /// `MfaConfiguration`; empty for a pool that was added.
    pub path: String,
    pub before: Option<Value>,
    pub after: Option<Value>,
    pub by: ChangedBy,
}

/// Who made a change, as far as it is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedBy {
    pub certainty: Certainty,
    /// The call, or those of which one made the change, the newest first.
    pub calls: Vec<Call>,
    /// The reasons that another call may have made it, or that none was found.
    pub reasons: Vec<Reason>,
}

/// Whether the call is known that made a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Certainty {
    /// It is.
    Sure,
    /// One of several calls made it, or one that was not read.
    Candidates,
    NotFound,
}

/// A call that made a change, or may have made it. Names of callers and tools are free text of the caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The id of the event.
    pub event: String,
    /// The operation.
    pub name: String,
    /// In milliseconds since 1970.
    pub time: i64,
    pub account: String,
    pub region: String,
    pub caller: String,
    /// The type of the identity: `AssumedRole`.
    pub caller_type: String,
    /// The account of the caller.
    pub caller_account: Option<String>,
    pub tool: String,
    /// The address or the service that the call was made from.
    pub from: Option<String>,
    /// How it changed the value: a word, and the end of a sentence.
    pub how: String,
    pub reason: String,
}

/// A reason: a word, and a sentence without a period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    pub code: String,
    pub message: String,
}

impl Certainty {
    pub const ALL: [Certainty; 3] = [Certainty::Sure, Certainty::Candidates, Certainty::NotFound];

    /// The word for it in formats for programs.
    pub fn word(self) -> &'static str {
        match self {
            Certainty::Sure => "sure",
            Certainty::Candidates => "candidates",
            Certainty::NotFound => "not-found",
        }
    }
}
