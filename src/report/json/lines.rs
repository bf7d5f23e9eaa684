//! The same report as JSON lines: what kind of line it is stands in `type`, and the rest is what the JSON report has.
//!
//! A `header` comes first and a `summary` last, so that a reader knows whether it has everything.

use std::collections::BTreeSet;
use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::CompactFormatter;

use super::careful::Careful;
use super::run::{PolicyShape, RuleShape, ShardShape, TermsShape};
use super::shapes::{
    FindingShape, NoteShape, PoolShape, SummaryShape, ToolShape, UnknownShape, UnreadShape, VerdictShape,
    outside,
};
use super::standing::{FixedShape, UndoneShape};
use super::{TOOL, VERSION, moment};
use crate::report::{Report, summary};

#[derive(Serialize)]
struct Line<T> {
    r#type: &'static str,
    #[serde(flatten)]
    item: T,
}

#[derive(Serialize)]
struct HeaderShape<'a> {
    version: u8,
    tool: ToolShape,
    generated: String,
    shard: Option<ShardShape<'a>>,
    terms: TermsShape,
    policy: PolicyShape<'a>,
}

#[derive(Serialize)]
struct EndShape<'a> {
    outcome: &'static str,
    exit_code: u8,
    answer: String,
    summary: SummaryShape,
    unknown_members: &'a BTreeSet<String>,
}

pub(in crate::report) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let evaluation = report.evaluation;
    let header = HeaderShape {
        version: VERSION,
        tool: TOOL,
        generated: moment(report.run.generated),
        shard: ShardShape::of(report.run, evaluation),
        terms: TermsShape::of(report),
        policy: PolicyShape::of(report.policy, report.run.digest, &evaluation.scoped),
    };
    let mut out = Lines(out);
    out.line("header", header)?;
    out.lines("rule", report.policy.rules.iter().map(|rule| RuleShape::from(rule.as_ref())))?;
    out.lines("pool", evaluation.pools.iter().map(|pool| PoolShape::from(pool.as_ref())))?;
    out.lines("finding", evaluation.findings.iter().map(FindingShape::from))?;
    out.lines("fixed", evaluation.fixed.iter().map(FixedShape::from))?;
    out.lines("removed", evaluation.removed.iter().map(FindingShape::from))?;
    out.lines("undone", evaluation.undone.iter().map(UndoneShape::from))?;
    out.lines("unknown", evaluation.undecided.iter().map(UnknownShape::from))?;
    out.lines("unread", evaluation.unread.iter().map(UnreadShape::from))?;
    out.lines("note", evaluation.notes.iter().map(NoteShape::from))?;
    out.lines("outside", outside(evaluation))?;
    if report.evidence {
        out.lines("verdict", evaluation.evidence.iter().map(VerdictShape::from))?;
    }
    let end = EndShape {
        outcome: report.outcome.word(),
        exit_code: report.outcome.exit_code(),
        answer: summary::answer(report),
        summary: SummaryShape::from(&evaluation.tally),
        unknown_members: &evaluation.unknown_members,
    };
    out.line("summary", end)
}

struct Lines<'a>(&'a mut dyn Write);

impl Lines<'_> {
    fn line(&mut self, r#type: &'static str, item: impl Serialize) -> io::Result<()> {
        let mut serializer = serde_json::Serializer::with_formatter(&mut self.0, Careful(CompactFormatter));
        Line { r#type, item }.serialize(&mut serializer)?;
        writeln!(self.0)
    }

    fn lines<T: Serialize>(
        &mut self,
        r#type: &'static str,
        items: impl IntoIterator<Item = T>,
    ) -> io::Result<()> {
        items.into_iter().try_for_each(|item| self.line(r#type, item))
    }
}
