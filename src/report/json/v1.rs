//! The JSON report, version 1, which `src/report/json/report.v1.schema.json` describes.
//!
//! The shapes of its members are defined once, and both written and read: whatever is written comes back. They are
//! apart from the core types, so that a change in there cannot change the format by accident. Within a version
//! members may be added, never renamed, removed or given another meaning; a member that older reports do not have
//! has a default.

mod recorded;
mod totals;
mod standing;
mod traced;
mod shapes;
mod verdicts;
mod controls;
mod run;
mod gaps;
mod build;
mod read;
mod write;

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::finding::{
    Acceptance, ControlVerdict, Finding, Fixed, PoolRef, RunNumbers, Undecided, Undone, Unvisited,
};
use crate::source::Unread;
use controls::ControlVerdictShape;
use gaps::{ListedShape, OutsideShape};
use run::{PolicyShape, ShardShape, TermsShape};
use shapes::{FindingShape, ListedPoolShape, UndoneShape, UnknownShape};
use standing::{EarlierShape, FixedShape, UnvisitedShape, WaiverShape};
use totals::SummaryShape;
use verdicts::Verdicts;

pub(in crate::report) use controls::StandardShape;
pub(in crate::report) use gaps::{NoteShape, UnreadShape};
pub use read::{Unreadable, read};
pub use recorded::{Recorded, RecordedTerms};
pub(in crate::report) use run::{TOOL, ToolShape};
pub(in crate::report) use shapes::PoolShape;
pub(in crate::report) use traced::changes;
pub(in crate::report) use write::{write, write_compact, write_lines};

/// The JSON Schema of the format.
pub const SCHEMA: &str = include_str!("report.v1.schema.json");

/// The version of the format.
const VERSION: u64 = 1;

/// Kinds of JSON lines, and the list of the JSON report that each is an item of.
const LISTS: [(&str, &str); 17] = [
    ("rule", "rules"),
    ("pool", "pools"),
    ("finding", "findings"),
    ("fixed", "fixed"),
    ("ended", "ended"),
    ("unvisited", "unvisited"),
    ("earlier", "earlier"),
    ("idle-waiver", "idle_waivers"),
    ("removed", "removed"),
    ("undone", "undone"),
    ("unknown", "unknown"),
    ("unread", "unread"),
    ("listed", "listed"),
    ("note", "notes"),
    ("outside", "outside"),
    ("verdict", "verdicts"),
    ("control", "controls"),
];

/// The fault of a report that holds an impossible value.
type Damage = String;

/// A whole report. The names of the members and their order are the format.
#[derive(Deserialize, Serialize)]
struct ReportShape<'a> {
    version: u64,
    tool: ToolShape<'a>,
    generated: Option<String>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    roles: Cow<'a, BTreeSet<String>>,
    shard: Option<ShardShape<'a>>,
    terms: Option<TermsShape<'a>>,
    #[serde(default)]
    outcome: Cow<'a, str>,
    exit_code: u8,
    #[serde(default)]
    answer: String,
    summary: SummaryShape,
    findings: Items<'a, Finding, FindingShape<'a>>,
    #[serde(default)]
    fixed: Items<'a, Fixed, FixedShape<'a>>,
    #[serde(default, skip_serializing_if = "Items::is_empty")]
    ended: Items<'a, Fixed, FixedShape<'a>>,
    #[serde(default, skip_serializing_if = "Items::is_empty")]
    unvisited: Items<'a, Unvisited, UnvisitedShape<'a>>,
    #[serde(default, skip_serializing_if = "Items::is_empty")]
    earlier: Items<'a, RunNumbers, EarlierShape>,
    #[serde(default, skip_serializing_if = "Items::is_empty")]
    idle_waivers: Items<'a, Arc<Acceptance>, WaiverShape<'a>>,
    #[serde(default, skip_serializing_if = "Items::is_empty")]
    removed: Items<'a, Finding, FindingShape<'a>>,
    #[serde(default, skip_serializing_if = "Items::is_empty")]
    undone: Items<'a, Undone, UndoneShape<'a>>,
    unknown: Items<'a, Undecided, UnknownShape<'a>>,
    unread: Items<'a, Unread, UnreadShape<'a>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    listed: Vec<ListedShape<'a>>,
    #[serde(default)]
    notes: Vec<NoteShape<'a>>,
    #[serde(default)]
    outside: Vec<OutsideShape<'a>>,
    #[serde(default)]
    unknown_members: Cow<'a, BTreeSet<String>>,
    #[serde(default)]
    policy: PolicyShape<'a>,
    #[serde(default)]
    pools: Items<'a, Arc<PoolRef>, ListedPoolShape<'a>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    verdicts: Option<Verdicts<'a>>,
    #[serde(default, skip_serializing_if = "Items::is_empty")]
    controls: Items<'a, ControlVerdict, ControlVerdictShape<'a>>,
}

/// A list of a report. It is written from what it is a list of, one item at a time, so that a report of many pools is
/// never held as shapes; it is read as shapes.
enum Items<'a, T, S> {
    Of(&'a [T]),
    Shapes(Vec<S>),
}

impl<T, S> Items<'_, T, S> {
    fn is_empty(&self) -> bool {
        match self {
            Items::Of(items) => items.is_empty(),
            Items::Shapes(shapes) => shapes.is_empty(),
        }
    }
}

impl<'a, T, S: From<&'a T>> Items<'a, T, S> {
    fn into_shapes(self) -> impl Iterator<Item = S> {
        let (items, shapes) = match self {
            Items::Of(items) => (items, Vec::new()),
            Items::Shapes(shapes) => (&[] as &[T], shapes),
        };
        items.iter().map(S::from).chain(shapes)
    }
}

impl<T, S> Default for Items<'_, T, S> {
    fn default() -> Self {
        Items::Shapes(Vec::new())
    }
}

impl<'a, T, S: Serialize + From<&'a T>> Serialize for Items<'a, T, S> {
    fn serialize<Z: Serializer>(&self, serializer: Z) -> Result<Z::Ok, Z::Error> {
        match self {
            Items::Of(items) => serializer.collect_seq(items.iter().map(S::from)),
            Items::Shapes(shapes) => serializer.collect_seq(shapes),
        }
    }
}

impl<'de, T, S: Deserialize<'de>> Deserialize<'de> for Items<'_, T, S> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::deserialize(deserializer).map(Items::Shapes)
    }
}
