//! Events of CloudTrail to look up, and what was found.

use std::collections::BTreeSet;

/// Calls to look up in one Region of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookUp {
    /// `None` for the account of the credentials.
    pub account: Option<String>,
    pub region: String,
    /// A pool of the account was read in this run.
    pub is_read: bool,
    /// The names of the operations.
    pub calls: BTreeSet<&'static str>,
    /// From and until when, in milliseconds since 1970.
    pub since: i64,
    pub until: i64,
}

/// The events of one operation in one Region of an account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LookedUp {
    pub account: Option<String>,
    pub region: String,
    pub call: String,
    /// The records, each as JSON in a text.
    pub events: Vec<String>,
    /// From when on all events were read, in milliseconds since 1970. `None` if nothing was read.
    pub begin: Option<i64>,
    /// Why not all were read.
    pub failed: Option<String>,
}
