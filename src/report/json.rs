//! The report for programs. Version 1; `report.v1.schema.json` describes it.
//!
//! The shapes are private and apart from the core types, so that a change in there cannot change the format by
//! accident. Within a version members may be added, never renamed, removed or given another meaning.

mod careful;
mod shapes;

use std::collections::BTreeSet;
use std::io::{self, Write};

use serde::{Serialize, Serializer};

use super::{Report, summary};
use crate::finding::{Evidence, Finding, Undecided};
use crate::source::{Note, Unread};
use careful::Careful;
use shapes::{
    FindingShape, NoteShape, OutsideShape, SummaryShape, ToolShape, UnknownShape, UnreadShape, VerdictShape,
    outside,
};

/// The JSON Schema of the format.
pub const SCHEMA: &str = include_str!("json/report.v1.schema.json");

const VERSION: u8 = 1;

pub(super) fn write(report: &Report, mut out: &mut dyn Write) -> io::Result<()> {
    let evaluation = report.evaluation;
    let shape = ReportShape {
        version: VERSION,
        tool: ToolShape { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") },
        outcome: report.outcome.word(),
        exit_code: report.outcome.exit_code(),
        answer: summary::answer(report),
        summary: SummaryShape::from(&evaluation.tally),
        findings: &evaluation.findings,
        unknown: &evaluation.undecided,
        unread: &evaluation.unread,
        notes: &evaluation.notes,
        outside: outside(evaluation),
        unknown_members: &evaluation.unknown_members,
        verdicts: report.evidence.then_some(evaluation.evidence.as_slice()),
    };
    let mut serializer = serde_json::Serializer::with_formatter(&mut out, Careful::default());
    shape.serialize(&mut serializer)?;
    writeln!(out)
}

#[derive(Serialize)]
struct ReportShape<'a> {
    version: u8,
    tool: ToolShape,
    outcome: &'static str,
    exit_code: u8,
    answer: String,
    summary: SummaryShape,
    #[serde(serialize_with = "each::<Finding, FindingShape, _>")]
    findings: &'a [Finding],
    #[serde(serialize_with = "each::<Undecided, UnknownShape, _>")]
    unknown: &'a [Undecided],
    #[serde(serialize_with = "each::<Unread, UnreadShape, _>")]
    unread: &'a [Unread],
    #[serde(serialize_with = "each::<Note, NoteShape, _>")]
    notes: &'a [Note],
    outside: Vec<OutsideShape<'a>>,
    unknown_members: &'a BTreeSet<String>,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "verdicts")]
    verdicts: Option<&'a [Evidence]>,
}

/// Writes the shape of each item, one at a time: a report of many pools is never held as shapes.
fn each<'a, T, S, Z>(items: &&'a [T], serializer: Z) -> Result<Z::Ok, Z::Error>
where
    S: Serialize + From<&'a T>,
    Z: Serializer,
{
    serializer.collect_seq(items.iter().map(S::from))
}

fn verdicts<Z: Serializer>(items: &Option<&[Evidence]>, serializer: Z) -> Result<Z::Ok, Z::Error> {
    each::<Evidence, VerdictShape, _>(&items.unwrap_or_default(), serializer)
}
