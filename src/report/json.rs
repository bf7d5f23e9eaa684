//! The report for programs. Version 1; `report.v1.schema.json` describes it.
//!
//! The shapes are private and apart from the core types, so that a change in there cannot change the format by
//! accident. Within a version members may be added, never renamed, removed or given another meaning.

mod careful;
pub(super) mod drift;
mod lines;
mod run;
mod shapes;
mod standing;

use std::collections::BTreeSet;
use std::io::{self, Write};

use serde::{Serialize, Serializer};
use serde_json::ser::PrettyFormatter;

use super::{Report, summary};
use crate::finding::{Evidence, Finding, Fixed, Undecided, Undone};
use crate::source::{Note, Unread};
use crate::value::Value;
use careful::Careful;
use run::{PolicyShape, RuleShape, ShardShape, TermsShape};
use shapes::{
    FindingShape, NoteShape, OutsideShape, PoolShape, SummaryShape, ToolShape, UnknownShape, UnreadShape,
    VerdictShape, outside,
};
use standing::{FixedShape, UndoneShape};

pub(super) use lines::write as write_lines;

/// The JSON Schema of the format.
pub const SCHEMA: &str = include_str!("json/report.v1.schema.json");

const VERSION: u8 = 1;

const TOOL: ToolShape = ToolShape { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") };

pub(super) fn write(report: &Report, mut out: &mut dyn Write) -> io::Result<()> {
    let evaluation = report.evaluation;
    let shape = ReportShape {
        version: VERSION,
        tool: TOOL,
        generated: moment(report.run.generated),
        shard: ShardShape::of(report.run, evaluation),
        terms: TermsShape::of(report),
        outcome: report.outcome.word(),
        exit_code: report.outcome.exit_code(),
        answer: summary::answer(report),
        summary: SummaryShape::from(&evaluation.tally),
        findings: &evaluation.findings,
        fixed: &evaluation.fixed,
        removed: &evaluation.removed,
        undone: &evaluation.undone,
        unknown: &evaluation.undecided,
        unread: &evaluation.unread,
        notes: &evaluation.notes,
        outside: outside(evaluation),
        unknown_members: &evaluation.unknown_members,
        policy: PolicyShape {
            rules: Some(report.policy.rules.iter().map(|rule| RuleShape::from(rule.as_ref())).collect()),
            ..PolicyShape::of(report.policy, report.run.digest, &evaluation.scoped)
        },
        pools: evaluation.pools.iter().map(|pool| PoolShape::from(pool.as_ref())).collect(),
        verdicts: report.evidence.then_some(evaluation.evidence.as_slice()),
    };
    let mut serializer = serde_json::Serializer::with_formatter(&mut out, Careful(PrettyFormatter::new()));
    shape.serialize(&mut serializer)?;
    writeln!(out)
}

#[derive(Serialize)]
struct ReportShape<'a> {
    version: u8,
    tool: ToolShape,
    generated: String,
    shard: Option<ShardShape<'a>>,
    terms: TermsShape,
    outcome: &'static str,
    exit_code: u8,
    answer: String,
    summary: SummaryShape,
    #[serde(serialize_with = "each::<Finding, FindingShape, _>")]
    findings: &'a [Finding],
    #[serde(serialize_with = "each::<Fixed, FixedShape, _>")]
    fixed: &'a [Fixed],
    #[serde(skip_serializing_if = "<[_]>::is_empty", serialize_with = "each::<Finding, FindingShape, _>")]
    removed: &'a [Finding],
    #[serde(skip_serializing_if = "<[_]>::is_empty", serialize_with = "each::<Undone, UndoneShape, _>")]
    undone: &'a [Undone],
    #[serde(serialize_with = "each::<Undecided, UnknownShape, _>")]
    unknown: &'a [Undecided],
    #[serde(serialize_with = "each::<Unread, UnreadShape, _>")]
    unread: &'a [Unread],
    #[serde(serialize_with = "each::<Note, NoteShape, _>")]
    notes: &'a [Note],
    outside: Vec<OutsideShape<'a>>,
    unknown_members: &'a BTreeSet<String>,
    policy: PolicyShape<'a>,
    pools: Vec<PoolShape<'a>>,
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

/// A moment in RFC 3339, in UTC.
fn moment(millis: i64) -> String {
    Value::Time(millis).to_string()
}
