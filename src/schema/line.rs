//! The facts about one path, as the data file has them.

use std::borrow::Cow;

use serde_json::Value as Json;

use super::{Derived, Kind, LeftOut};

/// The facts about one path, as the data file has them.
#[derive(Default)]
pub(super) struct Line {
    pub path: Cow<'static, str>,
    pub kind: Kind,
    pub values: Vec<&'static str>,
    pub values_since: Vec<(&'static str, &'static str)>,
    pub min: Option<i64>,
    pub max: Option<i64>,
    pub pattern: Option<&'static str>,
    pub numeric: bool,
    pub always: bool,
    pub filled: bool,
    pub listed: bool,
    pub required: bool,
    pub secret: bool,
    pub secret_keys: Vec<&'static str>,
    pub volatile: bool,
    pub volatile_keys: Vec<&'static str>,
    pub unordered: bool,
    pub key: Option<&'static str>,
    pub label: Option<&'static str>,
    pub empty_is_absent: bool,
    pub empty_is_default: bool,
    pub empty_is_value: bool,
    pub open: bool,
    pub zero_is_absent: bool,
    pub identifies: bool,
    pub own: Option<&'static str>,
    pub mirror: Option<&'static str>,
    pub mirror_within: Option<&'static str>,
    pub superseded: bool,
    pub since: Option<&'static str>,
    /// The file of the user's that adds it.
    pub added: Option<&'static str>,
    pub deprecated: bool,
    pub operation: Option<&'static str>,
    pub set_by: Option<&'static str>,
    pub left_out: Option<LeftOut>,
    pub replaced: bool,
    pub default: Option<Json>,
    pub default_template: Option<Json>,
    pub default_in_block: Option<Json>,
    pub unknown_in_answer: Option<&'static str>,
    pub unknown_in_template: Option<&'static str>,
    pub derived: Option<Derived>,
    pub unit: Option<&'static str>,
    pub planned: bool,
    pub inferred: bool,
}
