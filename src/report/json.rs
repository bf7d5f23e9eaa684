//! The report for programs. Version 1; `report.v1.schema.json` describes it.
//!
//! The shapes are private and apart from the core types, so that a change in there cannot change the format by
//! accident. Within a version members may be added, never renamed, removed or given another meaning.

mod careful;

use std::collections::BTreeSet;
use std::io::{self, Write};

use serde::{Serialize, Serializer};

use super::{Report, summary};
use crate::evaluate::{Evaluation, Tally};
use crate::finding::{Evidence, Finding, Location, PoolRef, Subject, Undecided};
use crate::rule::Severity;
use crate::source::{Note, Unread};
use careful::Careful;

/// The JSON Schema of the format.
pub const SCHEMA: &str = include_str!("json/report.v1.schema.json");

const VERSION: u8 = 1;

pub(super) fn write(report: &Report, mut out: &mut dyn Write) -> io::Result<()> {
    let evaluation = report.evaluation;
    let shape = ReportShape {
        version: VERSION,
        tool: ToolShape {
            name: env!("CARGO_PKG_NAME"),
            version: env!("CARGO_PKG_VERSION"),
        },
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

#[derive(Serialize)]
struct ToolShape {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct SummaryShape {
    pools: usize,
    rules: usize,
    pass: usize,
    fail: usize,
    unknown: usize,
    skipped: usize,
    by_severity: BySeverityShape,
}

#[derive(Serialize)]
struct BySeverityShape {
    info: usize,
    low: usize,
    medium: usize,
    high: usize,
    critical: usize,
}

#[derive(Serialize)]
struct PoolShape<'a> {
    id: Option<&'a str>,
    arn: Option<&'a str>,
    name: Option<&'a str>,
    account: Option<&'a str>,
    region: Option<&'a str>,
}

#[derive(Serialize)]
struct SubjectShape<'a> {
    key: &'a str,
    label: Option<&'a str>,
}

#[derive(Serialize)]
struct LocationShape<'a> {
    file: &'a str,
    line: usize,
    column: usize,
}

#[derive(Serialize)]
struct FindingShape<'a> {
    rule: &'a str,
    severity: &'static str,
    title: &'a str,
    message: &'a str,
    pool: PoolShape<'a>,
    source: &'static str,
    path: &'a str,
    subject: Option<SubjectShape<'a>>,
    actual: Option<serde_json::Value>,
    expected: &'a str,
    default: bool,
    location: Option<LocationShape<'a>>,
    fingerprint: &'a str,
    status: &'static str,
}

#[derive(Serialize)]
struct UnknownShape<'a> {
    rule: &'a str,
    pool: PoolShape<'a>,
    path: &'a str,
    subject: Option<SubjectShape<'a>>,
    reason: &'a str,
}

#[derive(Serialize)]
struct UnreadShape<'a> {
    target: &'a str,
    operation: Option<&'a str>,
    code: Option<&'a str>,
    message: &'a str,
    help: Option<&'a str>,
    line: Option<usize>,
    column: Option<usize>,
}

#[derive(Serialize)]
struct NoteShape<'a> {
    target: &'a str,
    message: &'a str,
}

#[derive(Serialize)]
struct OutsideShape<'a> {
    input: &'a str,
    section: &'static str,
    rules: Vec<&'a str>,
}

#[derive(Serialize)]
struct VerdictShape<'a> {
    rule: &'a str,
    pool: PoolShape<'a>,
    subject: Option<SubjectShape<'a>>,
    verdict: &'static str,
    reason: &'a str,
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

fn outside(evaluation: &Evaluation) -> Vec<OutsideShape<'_>> {
    let mut shapes = Vec::new();
    for (input, sections) in &evaluation.outside {
        for (section, rules) in sections {
            shapes.push(OutsideShape {
                input,
                section: section.member(),
                rules: rules.iter().map(AsRef::as_ref).collect(),
            });
        }
    }
    shapes
}

impl From<&Tally> for SummaryShape {
    fn from(tally: &Tally) -> Self {
        SummaryShape {
            pools: tally.pools,
            rules: tally.rules,
            pass: tally.pass,
            fail: tally.fail,
            unknown: tally.unknown,
            skipped: tally.skipped,
            by_severity: BySeverityShape {
                info: tally.of(Severity::Info),
                low: tally.of(Severity::Low),
                medium: tally.of(Severity::Medium),
                high: tally.of(Severity::High),
                critical: tally.of(Severity::Critical),
            },
        }
    }
}

impl<'a> From<&'a PoolRef> for PoolShape<'a> {
    fn from(pool: &'a PoolRef) -> Self {
        let identity = &pool.identity;
        PoolShape {
            id: identity.id.as_deref(),
            arn: identity.arn.as_deref(),
            name: identity.name.as_deref(),
            account: identity.account.as_deref(),
            region: identity.region.as_deref(),
        }
    }
}

impl<'a> From<&'a Subject> for SubjectShape<'a> {
    fn from(subject: &'a Subject) -> Self {
        SubjectShape {
            key: &subject.key,
            label: subject.label.as_deref(),
        }
    }
}

impl<'a> From<&'a Location> for LocationShape<'a> {
    fn from(location: &'a Location) -> Self {
        LocationShape {
            file: &location.file,
            line: location.line,
            column: location.column,
        }
    }
}

impl<'a> From<&'a Finding> for FindingShape<'a> {
    fn from(finding: &'a Finding) -> Self {
        FindingShape {
            rule: &finding.rule.id,
            severity: finding.rule.severity.word(),
            title: &finding.rule.title,
            message: &finding.message,
            pool: PoolShape::from(finding.pool.as_ref()),
            source: finding.pool.origin.source.word(),
            path: &finding.path,
            subject: finding.subject.as_ref().map(SubjectShape::from),
            actual: finding.actual.as_ref().map(|value| value.to_json()),
            expected: &finding.expected,
            default: finding.default,
            location: finding.location.as_ref().map(LocationShape::from),
            fingerprint: &finding.fingerprint,
            status: "open",
        }
    }
}

impl<'a> From<&'a Undecided> for UnknownShape<'a> {
    fn from(undecided: &'a Undecided) -> Self {
        UnknownShape {
            rule: &undecided.rule.id,
            pool: PoolShape::from(undecided.pool.as_ref()),
            path: &undecided.path,
            subject: undecided.subject.as_ref().map(SubjectShape::from),
            reason: &undecided.reason,
        }
    }
}

impl<'a> From<&'a Unread> for UnreadShape<'a> {
    fn from(unread: &'a Unread) -> Self {
        UnreadShape {
            target: &unread.target,
            operation: unread.operation.as_deref(),
            code: unread.code.as_deref(),
            message: &unread.message,
            help: unread.help.as_deref(),
            line: unread.at.map(|(line, _)| line),
            column: unread.at.map(|(_, column)| column),
        }
    }
}

impl<'a> From<&'a Note> for NoteShape<'a> {
    fn from(note: &'a Note) -> Self {
        NoteShape {
            target: &note.target,
            message: &note.message,
        }
    }
}

impl<'a> From<&'a Evidence> for VerdictShape<'a> {
    fn from(evidence: &'a Evidence) -> Self {
        VerdictShape {
            rule: &evidence.rule,
            pool: PoolShape::from(evidence.pool.as_ref()),
            subject: evidence.subject.as_ref().map(SubjectShape::from),
            verdict: evidence.verdict.word(),
            reason: &evidence.reason,
        }
    }
}
