//! Outliers for programs. Version 1; `outliers.v1.schema.json` describes it.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::PrettyFormatter;

use super::OutlierReport;
use super::phrasing::answer;
use crate::drift::Direction;
use crate::outcome::Outcome;
use crate::outlier::{Deviation, Most, Outlier, Outliers, Since, Unknown};
use crate::report::drift::json::{TermsShape, TouchedShape, ValueShape};
use crate::report::json::escaping::EscapingFormatter;
use crate::report::json::moment;
use crate::report::json::v1::{NoteShape, PoolShape, TOOL, ToolShape, UnreadShape};

/// The JSON Schema of the format.
pub const SCHEMA: &str = include_str!("outliers.v1.schema.json");

const VERSION: u8 = 1;

#[derive(Serialize)]
struct ReportShape<'a> {
    version: u8,
    tool: ToolShape<'a>,
    generated: String,
    terms: OutlierTermsShape,
    outcome: &'static str,
    exit_code: u8,
    answer: String,
    summary: SummaryShape,
    ungrouped: Vec<UngroupedShape>,
    places: Vec<PlaceShape<'a>>,
    unknown: Vec<UnknownShape<'a>>,
    earlier: Vec<String>,
    unread: Vec<UnreadShape<'a>>,
    notes: Vec<NoteShape<'a>>,
}

#[derive(Serialize)]
struct OutlierTermsShape {
    most: u32,
    least: u32,
    #[serde(flatten)]
    failure: TermsShape,
}

#[derive(Serialize)]
struct SummaryShape {
    pools: usize,
    groups: usize,
    small_groups: usize,
    pools_of_small_groups: usize,
    pairs: Option<usize>,
    weakened: usize,
    strengthened: usize,
    neutral: usize,
}

#[derive(Serialize)]
struct UngroupedShape {
    reason: String,
    pools: usize,
}

#[derive(Serialize)]
struct PlaceShape<'a> {
    group: &'a str,
    path: &'a str,
    most: MostShape<'a>,
    agree: u32,
    known: u32,
    unknown: u32,
    outliers: Vec<OutlierShape<'a>>,
}

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum MostShape<'a> {
    Value { value: ValueShape },
    Own,
    Sibling { pool: Box<PoolShape<'a>>, value: ValueShape },
}

#[derive(Serialize)]
struct OutlierShape<'a> {
    pool: PoolShape<'a>,
    direction: &'static str,
    value: ValueShape,
    since: Option<SinceShape>,
    rules: Vec<TouchedShape<'a>>,
}

#[derive(Serialize)]
struct SinceShape {
    same: Option<String>,
    other: Option<String>,
}

#[derive(Serialize)]
struct UnknownShape<'a> {
    what: &'a str,
    reason: Option<&'a str>,
    pools: usize,
    first: &'a str,
    incomplete: bool,
}

pub(super) fn write(report: &OutlierReport, mut out: &mut dyn Write) -> io::Result<()> {
    let outliers = report.outliers;
    let shape = ReportShape {
        version: VERSION,
        tool: TOOL,
        generated: moment(report.generated),
        terms: OutlierTermsShape {
            most: outliers.threshold.percent,
            least: outliers.threshold.least,
            failure: TermsShape::from(report.terms),
        },
        outcome: match report.outcome {
            Outcome::Findings => "outliers",
            outcome => outcome.word(),
        },
        exit_code: report.outcome.exit_code(),
        answer: answer(report),
        summary: SummaryShape::from(outliers),
        ungrouped: outliers
            .ungrouped
            .iter()
            .map(|(why, pools)| UngroupedShape { reason: why.reason(), pools: *pools })
            .collect(),
        places: outliers.deviations.iter().map(PlaceShape::from).collect(),
        unknown: outliers.gaps.iter().map(UnknownShape::from).collect(),
        earlier: outliers.earlier.iter().map(|time| moment(*time)).collect(),
        unread: outliers.unread.iter().map(UnreadShape::from).collect(),
        notes: outliers.notes.iter().map(NoteShape::from).collect(),
    };
    let formatter = EscapingFormatter(PrettyFormatter::new());
    shape.serialize(&mut serde_json::Serializer::with_formatter(&mut out, formatter))?;
    writeln!(out)
}

impl From<&Outliers> for SummaryShape {
    fn from(outliers: &Outliers) -> Self {
        SummaryShape {
            pools: outliers.pools,
            groups: outliers.groups,
            small_groups: outliers.small.0,
            pools_of_small_groups: outliers.small.1,
            pairs: outliers.pairs,
            weakened: outliers.count(Direction::Weakened),
            strengthened: outliers.count(Direction::Strengthened),
            neutral: outliers.count(Direction::Neutral),
        }
    }
}

impl<'a> From<&'a Deviation> for PlaceShape<'a> {
    fn from(one: &'a Deviation) -> Self {
        PlaceShape {
            group: &one.group,
            path: &one.path,
            most: match &one.most {
                Most::Own => MostShape::Own,
                Most::Value(value) => MostShape::Value { value: ValueShape::of(value.as_ref(), false) },
                Most::Sibling(pool, value) => MostShape::Sibling {
                    pool: Box::new(PoolShape::from(pool)),
                    value: ValueShape::of(value.as_ref(), false),
                },
            },
            agree: one.agree,
            known: one.known,
            unknown: one.unknown,
            outliers: one.outliers.iter().map(OutlierShape::from).collect(),
        }
    }
}

impl<'a> From<&'a Outlier> for OutlierShape<'a> {
    fn from(one: &'a Outlier) -> Self {
        let change = &one.change;
        let time = |since: Since| SinceShape { same: since.same.map(moment), other: since.other.map(moment) };
        OutlierShape {
            pool: PoolShape::from(&one.pool),
            direction: change.direction.word(),
            value: ValueShape::of(change.after.as_ref(), change.after_default),
            since: one.since.map(time),
            rules: change.rules.iter().map(TouchedShape::from).collect(),
        }
    }
}

impl<'a> From<&'a Unknown> for UnknownShape<'a> {
    fn from(one: &'a Unknown) -> Self {
        let Unknown { what, why, pools, first, incomplete } = one;
        UnknownShape { what, reason: why.as_deref(), pools: *pools, first, incomplete: *incomplete }
    }
}
