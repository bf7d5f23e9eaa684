//! The facts about one path, as the data file has them.

use super::{Defaults, Derived, Kind, LeftOut, Rare};
use crate::value::Text;

/// The facts about one path, as the data file has them.
#[derive(Default)]
pub(super) struct Line {
    pub path: &'static str,
    pub kind: Kind,
    pub values: Vec<Text>,
    pub min: Option<i64>,
    pub max: Option<i64>,
    pub pattern: Option<&'static str>,
    pub numeric: bool,
    pub always: bool,
    pub filled: bool,
    pub listed: bool,
    pub required: bool,
    pub secret: bool,
    pub volatile: bool,
    pub unordered: bool,
    pub key: Option<&'static str>,
    pub label: Option<&'static str>,
    pub empty_is_absent: bool,
    pub empty_is_default: bool,
    pub empty_is_value: bool,
    pub open: bool,
    pub zero_is_absent: bool,
    pub identifies: bool,
    pub mirror: Option<&'static str>,
    pub mirror_within: Option<&'static str>,
    pub superseded: bool,
    pub since: Option<&'static str>,
    pub deprecated: bool,
    pub operation: Option<&'static str>,
    pub set_by: Option<&'static str>,
    pub left_out: Option<LeftOut>,
    pub replaced: bool,
    pub rare: Option<Box<Rare>>,
    pub defaults: Option<Box<Defaults>>,
    pub derived: Option<Derived>,
    pub planned: bool,
    pub inferred: bool,
}

impl Line {
    pub(super) fn rare(&mut self) -> &mut Rare {
        self.rare.get_or_insert_default()
    }

    pub(super) fn defaults(&mut self) -> &mut Defaults {
        self.defaults.get_or_insert_default()
    }
}
