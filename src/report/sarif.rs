//! SARIF 2.1.0, as GitHub code scanning reads it.
//!
//! An alert stays open for as long as each upload has its fingerprint, so a verdict that cannot be reached is a result
//! too, of kind `open`: what could not be decided was not mended. What could not be read has an alert of its own.
//! Waived findings are results with `suppressions`; GitHub ignores those and would open the alerts again, so they can be
//! left out.

pub(super) mod shapes;

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::Arc;

use super::anchor::{self, Anchor};
use super::json::v1::changes;
use super::sanitize::sanitized;
use super::{Report, calls, summary};
use crate::file_name;
use crate::finding::{Acceptance, Change, Finding, PoolRef, Status, Undecided, fingerprint};
use crate::pool::Source;
use crate::rule::{Rule, Severity};
use crate::source::Unread;
use shapes::{
    Artifact, Automation, Fingerprints, Help, Invocation, Level, Location, Log, LogicalLocation,
    Notification, PhysicalLocation, Region, RelatedLocation, ResultProperties, ResultShape, RuleProperties,
    RuleShape, Run, Suppression, Text, Tool,
};

/// GitHub refuses a file with more runs.
const RUNS: usize = 20;

/// GitHub refuses a run with more results.
pub(super) const RESULTS: usize = 25_000;

/// The number of tags that GitHub shows for a rule.
const TAGS: usize = 10;

/// The rule of what could not be read.
const UNREAD: &str = "could-not-be-read";

/// The number of files that have room for all runs.
pub(super) fn files(report: &Report) -> usize {
    groups(report).len().div_ceil(RUNS)
}

/// Writes one of the files, by its position, or all in one file; that has one run if there are too many.
pub(super) fn write(
    report: &Report,
    suppressions: bool,
    file: Option<usize>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let rules = Rules::of(report);
    let mut groups = groups(report);
    for group in groups.values_mut().filter(|_| !suppressions) {
        let all = group.findings.len();
        group.findings.retain(|finding| acceptance(finding).is_none());
        group.left_out = all - group.findings.len();
    }
    // A failure to read belongs to no pool, so it is in the first run.
    if let Some(first) = groups.values_mut().next() {
        first.unread = report.evaluation.unread.iter().collect();
    }
    if let Some(file) = file {
        groups = groups.into_iter().skip(file * RUNS).take(RUNS).collect();
    } else if groups.len() > RUNS {
        let all = groups.into_values().fold(Group::default(), Group::join);
        groups = BTreeMap::from([("cognito/all/".to_owned(), all)]);
    }
    Log::write(groups.into_iter().map(|(id, group)| run(report, &rules, id, &group)).collect(), out)
}

/// The content of one run of the file.
#[derive(Default)]
struct Group<'a> {
    findings: Vec<&'a Finding>,
    undecided: Vec<&'a Undecided>,
    unread: Vec<&'a Unread>,
    /// The number of waived findings that it has no results for.
    left_out: usize,
}

impl Group<'_> {
    fn join(mut self, other: Self) -> Self {
        self.findings.extend(other.findings);
        self.undecided.extend(other.undecided);
        self.unread.extend(other.unread);
        self.left_out += other.left_out;
        self
    }
}

/// The pools of each account and Region have a run of their own, with an id of its own, so that an upload about some
/// of them closes no alert of the others. A run without results closes what was open.
fn groups<'a>(report: &'a Report) -> BTreeMap<String, Group<'a>> {
    let evaluation = report.evaluation;
    let mut groups: BTreeMap<String, Group<'a>> = BTreeMap::new();
    for pool in &evaluation.pools {
        groups.entry(category(pool)).or_default();
    }
    for finding in &evaluation.findings {
        groups.entry(category(&finding.pool)).or_default().findings.push(finding);
    }
    // An unknown verdict that is accepted is not an alert.
    for undecided in evaluation.undecided.iter().filter(|_| !report.terms.ignore_unknown) {
        groups.entry(category(&undecided.pool)).or_default().undecided.push(undecided);
    }
    if groups.is_empty() {
        groups.insert("cognito/files/".to_owned(), Group::default());
    }
    groups
}

/// The part before the last slash is what GitHub calls the category.
fn category(pool: &PoolRef) -> String {
    match pool.origin.source {
        Source::Live => format!("cognito/{}/{}/", anchor::account(pool), anchor::region(pool)),
        _ => "cognito/files/".to_owned(),
    }
}

/// The rules that results refer to, each with its position.
struct Rules<'a> {
    list: Vec<&'a Rule>,
    positions: BTreeMap<&'a str, usize>,
}

impl<'a> Rules<'a> {
    /// Every rule that was evaluated, not only those with findings.
    fn of(report: &'a Report) -> Rules<'a> {
        let evaluation = report.evaluation;
        let found = evaluation.findings.iter().map(|finding| &finding.rule);
        let named = found.chain(evaluation.undecided.iter().map(|one| &one.rule));
        let mut rules: BTreeMap<&str, &Rule> = named.map(|rule| (&*rule.id, &**rule)).collect();
        rules.extend(report.policy.rules.iter().map(|rule: &Arc<Rule>| (&*rule.id, &**rule)));
        let list: Vec<&Rule> = rules.into_values().collect();
        let positions = list.iter().enumerate().map(|(index, rule)| (&*rule.id, index)).collect();
        Rules { list, positions }
    }

    fn shapes(&self) -> Vec<RuleShape> {
        let own = RuleShape {
            id: UNREAD.to_owned(),
            short_description: Text::new("Something that should have been read could not be"),
            full_description: Text::new(
                "A pool, a part of one, or a file could not be read, so nothing is known of what is in it.",
            ),
            help: Help {
                text: "Remove the cause that the message names, and run again.".to_owned(),
                markdown: None,
            },
            help_uri: None,
            default_configuration: Level { level: "error" },
            properties: RuleProperties { tags: Vec::new(), precision: "very-high", security_severity: None },
        };
        self.list.iter().map(|rule| shape_of(rule)).chain([own]).collect()
    }
}

fn shape_of(rule: &Rule) -> RuleShape {
    let why = if rule.why.is_empty() { &rule.title } else { &rule.why };
    let fix = rule.fix_of(false);
    let fix = if fix.is_empty() { &rule.title } else { &*fix };
    let mut markdown = format!("{}\n\n**Fix:** {}\n", plain_paragraphs(why), plain_paragraphs(fix));
    for link in &rule.links {
        markdown.push_str(&format!("\n- <{}>", sanitized(link)));
    }
    RuleShape {
        id: rule.id.to_string(),
        short_description: Text::new(&rule.title),
        full_description: Text::new(why),
        help: Help {
            text: format!("{} Fix: {}", plain_paragraphs(why), plain_paragraphs(fix)),
            markdown: Some(markdown),
        },
        help_uri: rule.links.first().filter(|link| link.starts_with("https://")).cloned(),
        default_configuration: Level { level: level(rule.severity) },
        properties: RuleProperties {
            tags: ["security".to_owned()].into_iter().chain(rule.tags.iter().cloned()).take(TAGS).collect(),
            precision: "very-high",
            security_severity: security_severity(rule.severity),
        },
    }
}

fn plain_paragraphs(text: &str) -> String {
    super::sanitize::sanitized_text(text).trim().to_owned()
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "note",
    }
}

/// GitHub's scale: over 9.0 is critical, from 7.0 high, from 4.0 medium, from 0.1 low; without one there is no
/// security severity.
fn security_severity(severity: Severity) -> Option<&'static str> {
    match severity {
        Severity::Critical => Some("9.5"),
        Severity::High => Some("8.0"),
        Severity::Medium => Some("5.5"),
        Severity::Low => Some("2.0"),
        Severity::Info => None,
    }
}

fn run(report: &Report, rules: &Rules<'_>, id: String, group: &Group<'_>) -> Run {
    let evaluation = report.evaluation;
    let mut results: Vec<ResultShape> = group.unread.iter().map(|one| of_unread(rules, one)).collect();
    results.extend(group.undecided.iter().map(|one| of_undecided(rules, one)));
    let room = RESULTS.saturating_sub(results.len());
    let mut findings = group.findings.clone();
    let mut notes: Vec<Notification> = evaluation.unread.iter().map(notification).collect();
    if findings.len() > room {
        findings.sort_by_key(|one| (acceptance(one).is_some(), std::cmp::Reverse(one.rule.severity)));
        let left = findings.len() - room;
        findings.truncate(room);
        let message = format!("{left} findings are left out: a run has room for {RESULTS} results");
        notes.push(Notification::new("warning", &message));
    }
    results.extend(findings.iter().map(|finding| of_finding(rules, finding)));
    results.truncate(RESULTS);
    if group.left_out > 0 {
        let message = format!("{} left out", super::ansi::count(group.left_out, "waived finding"));
        notes.push(Notification::new("note", &message));
    }
    notes.extend(summary::controls(report).iter().map(|said| Notification::new("note", said)));
    notes.extend(summary::notes(report).iter().map(|note| Notification::new("note", note)));
    notes.push(Notification::new("note", &summary::answer(report)));
    let interrupted = evaluation.interrupted.is_some();
    Run {
        tool: Tool::new(rules.shapes()),
        automation_details: Automation { id },
        column_kind: "unicodeCodePoints",
        invocations: [Invocation {
            execution_successful: evaluation.unread.is_empty() && !interrupted,
            exit_code: report.outcome.exit_code(),
            tool_execution_notifications: notes,
        }],
        results,
    }
}

fn notification(unread: &Unread) -> Notification {
    let message = format!("{}: {}", summary::unread_at(unread), summary::unread(unread));
    Notification::new("error", &message)
}

fn of_finding(rules: &Rules<'_>, finding: &Finding) -> ResultShape {
    let standing = &finding.standing;
    let baseline_state = match (&standing.status, standing.change) {
        (Status::Known, _) | (_, Some(Change::Still(_))) => Some("unchanged"),
        (_, Some(Change::New)) => Some("new"),
        (Status::Open | Status::Waived(_), None) => None,
    };
    let lapsed = summary::lapsed(finding).map_or_else(String::new, |said| format!("; {said}"));
    let by: Vec<String> = calls::of_finding(finding).iter().map(|one| format!("; {one}")).collect();
    let by = by.concat();
    ResultShape {
        baseline_state,
        suppressions: acceptance(finding).map(suppression).into_iter().collect(),
        related_locations: finding.origin.as_deref().map(related).into_iter().collect(),
        properties: standing.traced.as_deref().map(|all| ResultProperties { changes: changes(all) }),
        ..result(
            rules,
            &finding.rule.id,
            ("fail", level(finding.rule.severity)),
            &format!("{} ({}){lapsed}{by}", finding.message, finding.pool.identity.title()),
            location(&anchor::of_finding(finding), Some((&finding.pool, &finding.path))),
            &finding.fingerprint,
        )
    }
}

fn acceptance(finding: &Finding) -> Option<&Acceptance> {
    match &finding.standing.status {
        Status::Waived(acceptance) => Some(acceptance),
        Status::Open | Status::Known => None,
    }
}

fn suppression(acceptance: &Acceptance) -> Suppression {
    let Acceptance { owner, reason, expires, place, in_source } = acceptance;
    let until = expires.map_or_else(String::new, |day| format!(", until {day}"));
    Suppression {
        kind: if *in_source { "inSource" } else { "external" },
        status: "accepted",
        justification: sanitized(&format!("{reason} ({owner}{until}; {place})")).into_owned(),
    }
}

fn of_undecided(rules: &Rules<'_>, undecided: &Undecided) -> ResultShape {
    let Undecided { rule, pool, subject, path, reason, location: _ } = undecided;
    result(
        rules,
        &rule.id,
        ("open", "none"),
        &format!("Not decided: {reason} ({})", pool.identity.title()),
        location(&anchor::of_undecided(undecided), Some((pool, path))),
        &fingerprint(&rule.id, pool, path, subject.as_ref()),
    )
}

fn of_unread(rules: &Rules<'_>, unread: &Unread) -> ResultShape {
    let message = format!("{} could not be read: {}", unread.target, summary::unread(unread));
    let named = PoolRef { identity: crate::pool::Identity::default(), ..PoolRef::default() };
    let what = format!("{}\n{}", unread.target, unread.operation.as_deref().unwrap_or_default());
    let print = fingerprint(UNREAD, &named, &what, None);
    let location = location(&anchor::of_unread(unread), None);
    ResultShape {
        rule_index: rules.list.len(),
        ..result(rules, UNREAD, ("fail", "error"), &message, location, &print)
    }
}

fn result(
    rules: &Rules<'_>,
    rule: &str,
    (kind, level): (&'static str, &'static str),
    message: &str,
    (location, is_file): (Location, bool),
    fingerprint: &str,
) -> ResultShape {
    // GitHub works the hash of a line out by itself where there is such a file.
    let hash = (!is_file).then(|| format!("{}:1", fingerprint.get(..16).unwrap_or(fingerprint)));
    ResultShape {
        rule_id: rule.to_owned(),
        rule_index: rules.positions.get(rule).copied().unwrap_or(rules.list.len()),
        kind,
        level,
        message: Text::new(message),
        locations: [location],
        partial_fingerprints: Fingerprints { primary_location_line_hash: hash, own: fingerprint.to_owned() },
        baseline_state: None,
        suppressions: Vec::new(),
        related_locations: Vec::new(),
        properties: None,
    }
}

/// The place where a value is written to which the place of a result refers.
fn related(origin: &crate::finding::Location) -> RelatedLocation {
    let (location, _) = location(&anchor::of_location(origin), None);
    let message = Text::new("the value is written here");
    RelatedLocation { id: 1, physical_location: location.physical_location, message }
}

pub(super) fn location(at: &Anchor, of: Option<(&PoolRef, &str)>) -> (Location, bool) {
    let logical = of.map(|(pool, path)| {
        let fully_qualified_name = sanitized(&format!("{}#{path}", pool.key())).into_owned();
        LogicalLocation { fully_qualified_name, kind: "resource" }
    });
    let physical = PhysicalLocation {
        artifact_location: Artifact { uri: uri(&at.path) },
        region: Region {
            start_line: at.line.max(1),
            start_column: at.column.max(1),
            end_line: at.line.max(1),
        },
    };
    let logical_locations = logical.into_iter().collect();
    (Location { physical_location: physical, logical_locations }, at.is_file)
}

/// A path as a reference: relative, unless the path is absolute.
fn uri(path: &str) -> String {
    let mut uri = String::new();
    let drive = path.as_bytes().get(1) == Some(&b':');
    if path.starts_with('/') {
        uri.push_str("file://");
    } else if drive {
        uri.push_str("file:///");
    }
    for (at, c) in path.char_indices() {
        match c {
            ':' if at == 1 && drive => uri.push(':'),
            'a'..='z' | 'A'..='Z' | '0'..='9' | '-' | '_' | '.' | '~' | '/' => uri.push(c),
            _ => {
                let own = file_name::byte(c).map(|byte| vec![byte]);
                for byte in own.unwrap_or_else(|| c.encode_utf8(&mut [0; 4]).as_bytes().to_vec()) {
                    uri.push_str(&format!("%{byte:02X}"));
                }
            }
        }
    }
    uri
}
