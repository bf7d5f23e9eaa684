//! Writes a report as one JSON object, or as JSON lines.
//!
//! Each JSON line has its kind in `type`, and the rest of it is a part of the JSON report. A `header` comes first and a
//! `summary` last, so that a reader knows whether it has everything.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{CompactFormatter, PrettyFormatter};

use super::gaps::{listed, notes, outside};
use super::run::{PolicyShape, ShardShape, TOOL, TermsShape, ToolShape};
use super::totals::SummaryShape;
use super::verdicts::Verdicts;
use super::{Items, ReportShape, VERSION};
use crate::report::json::escaping::EscapingFormatter;
use crate::report::json::moment;
use crate::report::{Report, summary};

/// Writes the report as one JSON object on one line.
pub(in crate::report) fn write_compact(report: &Report, mut out: &mut dyn Write) -> io::Result<()> {
    let mut serializer =
        serde_json::Serializer::with_formatter(&mut out, EscapingFormatter(CompactFormatter));
    shape(report).serialize(&mut serializer)?;
    Ok(())
}

/// Writes the report as one JSON object.
pub(in crate::report) fn write(report: &Report, mut out: &mut dyn Write) -> io::Result<()> {
    let mut serializer =
        serde_json::Serializer::with_formatter(&mut out, EscapingFormatter(PrettyFormatter::new()));
    shape(report).serialize(&mut serializer)?;
    writeln!(out)
}

fn shape<'a>(report: &'a Report) -> ReportShape<'a> {
    let evaluation = report.evaluation;
    ReportShape {
        version: VERSION,
        tool: TOOL,
        generated: Some(moment(report.run.generated)),
        roles: Cow::Borrowed(&evaluation.roles),
        shard: ShardShape::of(report.run, evaluation),
        terms: Some(TermsShape::of(report)),
        outcome: report.outcome.word().into(),
        exit_code: report.outcome.exit_code(),
        answer: summary::answer(report),
        summary: SummaryShape::from(&evaluation.tally),
        findings: Items::Of(&evaluation.findings),
        fixed: Items::Of(&evaluation.fixed),
        ended: Items::Of(&evaluation.ended),
        unvisited: Items::Of(&evaluation.unvisited),
        earlier: Items::Of(&evaluation.earlier),
        idle_waivers: Items::Of(&evaluation.idle),
        removed: Items::Of(&evaluation.removed),
        undone: Items::Of(&evaluation.undone),
        unknown: Items::Of(&evaluation.undecided),
        unread: Items::Of(&evaluation.unread),
        listed: listed(evaluation),
        notes: notes(evaluation),
        outside: outside(evaluation),
        unknown_members: Cow::Borrowed(&evaluation.unknown_members),
        policy: PolicyShape::of(report.policy, report.run.digest, &evaluation.scoped),
        pools: Items::Of(&evaluation.pools),
        verdicts: report.evidence.then_some(Verdicts::Log(&evaluation.evidence)),
        controls: Items::Of(&evaluation.controls),
    }
}

#[derive(Serialize)]
struct Line<T> {
    r#type: &'static str,
    #[serde(flatten)]
    item: T,
}

#[derive(Serialize)]
struct HeaderShape<'a> {
    version: u64,
    tool: ToolShape<'a>,
    generated: Option<String>,
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    roles: Cow<'a, BTreeSet<String>>,
    shard: Option<ShardShape<'a>>,
    terms: Option<TermsShape<'a>>,
    policy: PolicyShape<'a>,
}

#[derive(Serialize)]
struct EndShape<'a> {
    outcome: Cow<'a, str>,
    exit_code: u8,
    answer: String,
    summary: SummaryShape,
    unknown_members: Cow<'a, BTreeSet<String>>,
}

/// Writes the report as JSON lines.
pub(in crate::report) fn write_lines(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let ReportShape {
        version,
        tool,
        generated,
        roles,
        shard,
        terms,
        outcome,
        exit_code,
        answer,
        summary,
        findings,
        fixed,
        ended,
        unvisited,
        earlier,
        idle_waivers,
        removed,
        undone,
        unknown,
        unread,
        listed,
        notes,
        outside,
        unknown_members,
        mut policy,
        pools,
        verdicts,
        controls,
    } = shape(report);
    let rules = policy.rules.take().unwrap_or_default();
    let mut out = Lines(out);
    out.line("header", HeaderShape { version, tool, generated, roles, shard, terms, policy })?;
    out.lines("rule", rules.into_shapes())?;
    out.lines("pool", pools.into_shapes())?;
    out.lines("finding", findings.into_shapes())?;
    out.lines("fixed", fixed.into_shapes())?;
    out.lines("ended", ended.into_shapes())?;
    out.lines("unvisited", unvisited.into_shapes())?;
    out.lines("earlier", earlier.into_shapes())?;
    out.lines("idle-waiver", idle_waivers.into_shapes())?;
    out.lines("removed", removed.into_shapes())?;
    out.lines("undone", undone.into_shapes())?;
    out.lines("unknown", unknown.into_shapes())?;
    out.lines("unread", unread.into_shapes())?;
    out.lines("listed", listed)?;
    out.lines("note", notes)?;
    out.lines("outside", outside)?;
    if let Some(verdicts) = verdicts {
        verdicts.each(|verdict| out.line("verdict", verdict))?;
    }
    out.lines("control", controls.into_shapes())?;
    out.line("summary", EndShape { outcome, exit_code, answer, summary, unknown_members })
}

struct Lines<'a>(&'a mut dyn Write);

impl Lines<'_> {
    fn line(&mut self, r#type: &'static str, item: impl Serialize) -> io::Result<()> {
        let mut serializer =
            serde_json::Serializer::with_formatter(&mut self.0, EscapingFormatter(CompactFormatter));
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
