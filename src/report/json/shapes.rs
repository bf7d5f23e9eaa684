//! The shapes of the JSON report's members. Their names and their order are the format.

use serde::Serialize;

use super::standing::StandingShape;
use crate::evaluate::{Evaluation, Tally};
use crate::finding::{Declaration, Evidence, Finding, Location, PoolRef, Subject, Undecided};
use crate::rule::Severity;
use crate::source::{Note, Unread};

#[derive(Serialize)]
pub(super) struct ToolShape {
    pub(super) name: &'static str,
    pub(super) version: &'static str,
}

#[derive(Serialize)]
pub(super) struct SummaryShape {
    pub(super) pools: usize,
    pub(super) rules: usize,
    pub(super) pass: usize,
    pub(super) fail: usize,
    pub(super) unknown: usize,
    pub(super) skipped: usize,
    pub(super) by_severity: BySeverityShape,
    pub(super) waived: usize,
    pub(super) known: usize,
}

#[derive(Serialize)]
pub(super) struct BySeverityShape {
    pub(super) info: usize,
    pub(super) low: usize,
    pub(super) medium: usize,
    pub(super) high: usize,
    pub(super) critical: usize,
}

#[derive(Serialize)]
pub(super) struct PoolShape<'a> {
    pub(super) id: Option<&'a str>,
    pub(super) arn: Option<&'a str>,
    pub(super) name: Option<&'a str>,
    pub(super) account: Option<&'a str>,
    pub(super) region: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) address: Option<&'a str>,
    pub(super) source: &'static str,
    pub(super) input: &'a str,
    pub(super) offset: usize,
}

#[derive(Serialize)]
pub(super) struct SubjectShape<'a> {
    pub(super) key: &'a str,
    pub(super) label: Option<&'a str>,
}

#[derive(Serialize)]
pub(super) struct LocationShape<'a> {
    pub(super) file: &'a str,
    pub(super) line: usize,
    pub(super) column: usize,
}

#[derive(Serialize)]
pub(super) struct DeclarationShape<'a> {
    pub(super) address: &'a str,
    pub(super) construct: Option<&'a str>,
    pub(super) name: Option<&'a str>,
    pub(super) fix: Option<&'a str>,
}

#[derive(Serialize)]
pub(super) struct FindingShape<'a> {
    pub(super) rule: &'a str,
    pub(super) severity: &'static str,
    pub(super) title: &'a str,
    pub(super) message: &'a str,
    pub(super) pool: PoolShape<'a>,
    pub(super) source: &'static str,
    pub(super) path: &'a str,
    pub(super) subject: Option<SubjectShape<'a>>,
    pub(super) actual: Option<serde_json::Value>,
    pub(super) expected: &'a str,
    pub(super) default: bool,
    pub(super) location: Option<LocationShape<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) declaration: Option<DeclarationShape<'a>>,
    pub(super) fingerprint: &'a str,
    #[serde(flatten)]
    pub(super) standing: StandingShape<'a>,
}

#[derive(Serialize)]
pub(super) struct UnknownShape<'a> {
    pub(super) rule: &'a str,
    pub(super) pool: PoolShape<'a>,
    pub(super) path: &'a str,
    pub(super) subject: Option<SubjectShape<'a>>,
    pub(super) reason: &'a str,
}

#[derive(Serialize)]
pub(super) struct UnreadShape<'a> {
    pub(super) target: &'a str,
    pub(super) operation: Option<&'a str>,
    pub(super) code: Option<&'a str>,
    pub(super) message: &'a str,
    pub(super) help: Option<&'a str>,
    pub(super) line: Option<usize>,
    pub(super) column: Option<usize>,
}

#[derive(Serialize)]
pub(super) struct NoteShape<'a> {
    pub(super) target: &'a str,
    pub(super) message: &'a str,
}

#[derive(Serialize)]
pub(super) struct OutsideShape<'a> {
    pub(super) input: &'a str,
    pub(super) section: &'static str,
    pub(super) rules: Vec<&'a str>,
}

#[derive(Serialize)]
pub(super) struct VerdictShape<'a> {
    pub(super) rule: &'a str,
    pub(super) pool: PoolShape<'a>,
    pub(super) subject: Option<SubjectShape<'a>>,
    pub(super) verdict: &'static str,
    pub(super) reason: &'a str,
}

/// What each input does not hold, one line a section.
pub(super) fn outside(evaluation: &Evaluation) -> Vec<OutsideShape<'_>> {
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
            waived: tally.waived.iter().sum(),
            known: tally.known.iter().sum(),
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
            address: identity.address.as_deref(),
            source: pool.origin.source.word(),
            input: &pool.origin.name,
            offset: pool.offset,
        }
    }
}

impl<'a> From<&'a Subject> for SubjectShape<'a> {
    fn from(subject: &'a Subject) -> Self {
        SubjectShape { key: &subject.key, label: subject.label.as_deref() }
    }
}

impl<'a> From<&'a Location> for LocationShape<'a> {
    fn from(location: &'a Location) -> Self {
        LocationShape { file: &location.file, line: location.line, column: location.column }
    }
}

impl<'a> From<&'a Declaration> for DeclarationShape<'a> {
    fn from(declaration: &'a Declaration) -> Self {
        let Declaration { address, construct, name, fix } = declaration;
        let [construct, name, fix] = [construct, name, fix].map(Option::as_deref);
        DeclarationShape { address, construct, name, fix }
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
            actual: finding.actual.as_ref().map(crate::value::Value::to_json),
            expected: &finding.expected,
            default: finding.default,
            location: finding.location.as_ref().map(LocationShape::from),
            declaration: finding.declaration.as_ref().map(DeclarationShape::from),
            fingerprint: &finding.fingerprint,
            standing: StandingShape::from(&finding.standing),
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
        NoteShape { target: &note.target, message: &note.message }
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
