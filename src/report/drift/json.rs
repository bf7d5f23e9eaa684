//! The comparison for programs. Version 1; `drift.v1.schema.json` describes it.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::Value as Json;
use serde_json::ser::PrettyFormatter;

use super::DriftReport;
use super::call_shapes::{CallShape, ChangedByShape, calls};
use crate::drift::{Change, Direction, PoolDrift, Touched, Turned, Uncompared};
use crate::outcome::{DriftTerms, FailOnDrift, Outcome};
use crate::report::journey::words::short;
use crate::report::json::escaping::EscapingFormatter;
use crate::report::json::moment;
use crate::report::json::v1::{NoteShape, PoolShape, TOOL, ToolShape, UnreadShape};
use crate::trail::Trail;
use crate::value::Value;

/// The JSON Schema of the format.
pub const SCHEMA: &str = include_str!("drift.v1.schema.json");

const VERSION: u8 = 1;

#[derive(Serialize)]
struct DriftShape<'a> {
    version: u8,
    tool: ToolShape<'a>,
    generated: String,
    terms: TermsShape,
    outcome: &'static str,
    exit_code: u8,
    answer: String,
    summary: SummaryShape,
    pools: Vec<PoolDriftShape<'a>>,
    unread: Vec<UnreadShape<'a>>,
    notes: Vec<NoteShape<'a>>,
}

#[derive(Serialize)]
pub(in crate::report) struct TermsShape {
    fail_on_drift: &'static str,
    allow_empty: bool,
}

#[derive(Serialize)]
struct SummaryShape {
    compared: usize,
    drifted: usize,
    weakened: usize,
    strengthened: usize,
    neutral: usize,
}

#[derive(Serialize)]
struct PoolDriftShape<'a> {
    recorded: Option<PoolShape<'a>>,
    current: Option<PoolShape<'a>>,
    last_modified: Option<String>,
    changes: Vec<ChangeShape<'a>>,
    uncompared: Vec<UncomparedShape<'a>>,
    journeys: Vec<TurnedShape<'a>>,
    /// The calls that changes name, and those that were refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    calls: Option<Vec<CallShape<'a>>>,
}

#[derive(Serialize)]
struct ChangeShape<'a> {
    path: &'a str,
    direction: &'static str,
    before: ValueShape,
    after: ValueShape,
    rules: Vec<TouchedShape<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    changed_by: Option<ChangedByShape>,
}

/// A value, and whether there is one at all.
#[derive(Serialize)]
pub(in crate::report) struct ValueShape {
    present: bool,
    default: bool,
    value: Json,
}

#[derive(Serialize)]
pub(in crate::report) struct TouchedShape<'a> {
    rule: &'a str,
    severity: &'static str,
    chosen: bool,
    direction: &'static str,
    before: Option<&'static str>,
    after: Option<&'static str>,
    bound: Option<&'a str>,
}

#[derive(Serialize)]
struct UncomparedShape<'a> {
    what: &'a str,
    side: &'static str,
    reason: Option<&'a str>,
    incomplete: bool,
}

/// An answer about who can get a token that changes turned.
#[derive(Serialize)]
struct TurnedShape<'a> {
    question: &'static str,
    direction: &'static str,
    before: String,
    after: String,
    clients: &'a [String],
    changes: Vec<&'a str>,
}

pub(super) fn write(report: &DriftReport, answer: String, mut out: &mut dyn Write) -> io::Result<()> {
    let drift = report.drift;
    let shape = DriftShape {
        version: VERSION,
        tool: TOOL,
        generated: moment(report.generated),
        terms: TermsShape::from(report.terms),
        outcome: match report.outcome {
            Outcome::Findings => "drift",
            outcome => outcome.word(),
        },
        exit_code: report.outcome.exit_code(),
        answer,
        summary: SummaryShape {
            compared: drift.compared,
            drifted: drift.pools.iter().filter(|pool| !pool.changes.is_empty()).count(),
            weakened: drift.count(Direction::Weakened),
            strengthened: drift.count(Direction::Strengthened),
            neutral: drift.count(Direction::Neutral),
        },
        pools: drift.pools.iter().map(|pool| PoolDriftShape::of(pool, report.trail)).collect(),
        unread: drift.unread.iter().map(UnreadShape::from).collect(),
        notes: drift.notes.iter().map(NoteShape::from).collect(),
    };
    let mut serializer =
        serde_json::Serializer::with_formatter(&mut out, EscapingFormatter(PrettyFormatter::new()));
    shape.serialize(&mut serializer)?;
    writeln!(out)
}

impl From<DriftTerms> for TermsShape {
    fn from(terms: DriftTerms) -> Self {
        TermsShape {
            fail_on_drift: match terms.fail_on {
                FailOnDrift::Any => "any",
                FailOnDrift::Weakened => "weakened",
                FailOnDrift::Never => "never",
            },
            allow_empty: terms.allow_empty,
        }
    }
}

impl ValueShape {
    pub(in crate::report) fn of(value: Option<&Value>, default: bool) -> ValueShape {
        ValueShape { present: value.is_some(), default, value: value.map_or(Json::Null, Value::to_json) }
    }
}

impl<'a> PoolDriftShape<'a> {
    fn of(pool: &'a PoolDrift, trail: Option<&'a Trail>) -> Self {
        PoolDriftShape {
            recorded: pool.recorded.as_ref().map(PoolShape::from),
            current: pool.current.as_ref().map(PoolShape::from),
            last_modified: pool.last_modified.map(|millis| Value::Time(millis).to_string()),
            changes: pool.changes.iter().map(|change| ChangeShape::of(change, trail)).collect(),
            uncompared: pool.uncompared.iter().map(UncomparedShape::from).collect(),
            journeys: pool.turned.iter().map(|turned| TurnedShape::of(turned, pool)).collect(),
            calls: trail.map(|trail| calls(pool, trail)),
        }
    }
}

impl<'a> ChangeShape<'a> {
    fn of(change: &'a Change, trail: Option<&Trail>) -> Self {
        ChangeShape {
            path: &change.path,
            direction: change.direction.word(),
            before: ValueShape::of(change.before.as_ref(), change.before_default),
            after: ValueShape::of(change.after.as_ref(), change.after_default),
            rules: change.rules.iter().map(TouchedShape::from).collect(),
            changed_by: trail
                .zip(change.attribution.as_ref())
                .map(|(trail, by)| ChangedByShape::of(by, trail)),
        }
    }
}

impl<'a> TurnedShape<'a> {
    fn of(turned: &'a Turned, pool: &'a PoolDrift) -> Self {
        // An answer that is not known any more is neither open nor closed.
        let direction = match (turned.after.is_unknown(), turned.is_opened()) {
            (true, _) => "unknown",
            (false, true) => Direction::Weakened.word(),
            (false, false) => Direction::Strengthened.word(),
        };
        let changes = turned.changes.iter().filter_map(|at| pool.changes.get(*at));
        TurnedShape {
            question: turned.question.id(),
            direction,
            before: short(&turned.before),
            after: short(&turned.after),
            clients: &turned.clients,
            changes: changes.map(|change| change.path.as_str()).collect(),
        }
    }
}

impl<'a> From<&'a Touched> for TouchedShape<'a> {
    fn from(touched: &'a Touched) -> Self {
        TouchedShape {
            rule: &touched.rule.id,
            severity: touched.rule.severity.word(),
            chosen: touched.chosen,
            direction: touched.direction.word(),
            before: touched.before.map(crate::finding::Verdict::word),
            after: touched.after.map(crate::finding::Verdict::word),
            bound: touched.bound.as_deref(),
        }
    }
}

impl<'a> From<&'a Uncompared> for UncomparedShape<'a> {
    fn from(one: &'a Uncompared) -> Self {
        let Uncompared { what, side, why, incomplete } = one;
        UncomparedShape { what, side, reason: why.as_deref(), incomplete: *incomplete }
    }
}
