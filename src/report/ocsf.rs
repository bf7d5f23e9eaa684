//! OCSF 1.5.0, class Compliance Finding with the profile `cloud`: one event on each line of an array.
//!
//! An unknown verdict has the status Warning, which the schema defines as a check that gave no result because
//! information was missing. A waived finding is Suppressed, and a fixed one is Resolved, as is one of a deleted pool, whose status is Unknown. The time of an event is the
//! time when the finding was made: of one that is still there, the day of the report that had it first.

mod shapes;

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::CompactFormatter;

use super::json::escaping::EscapingFormatter;
use super::sanitize::sanitized;
use super::{Report, anchor, requirement, summary};
use crate::finding::{Change, Evidence, Finding, Fixed, PoolRef, Status, Undecided, Verdict, fingerprint};
use crate::rule::{Rule, Severity};
use crate::source::Unread;
use crate::value::Value;
use shapes::{
    Account, Activity, CheckStatus, Cloud, Compliance, Event, EvidenceShape, FindingInfo, Level, Metadata,
    Parameter, Product, Remediation, Resource, State,
};

/// The control of an event about something that could not be read.
const UNREAD: &str = "could-not-be-read";

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let evaluation = report.evaluation;
    let made = report.run.generated;
    let mut events = Events { out, first: true };
    for finding in &evaluation.findings {
        events.write(&of_finding(made, finding))?;
    }
    for undecided in &evaluation.undecided {
        events.write(&of_undecided(made, undecided))?;
    }
    for unread in &evaluation.unread {
        events.write(&of_unread(made, unread))?;
    }
    for fixed in &evaluation.fixed {
        events.write(&of_closed(made, fixed, "is fixed", CheckStatus::Pass))?;
    }
    // Nothing was checked of a pool that is not there any more.
    for ended in &evaluation.ended {
        events.write(&of_closed(made, ended, "is gone with its pool", CheckStatus::Unknown))?;
    }
    for evidence in evaluation.evidence.verdicts().filter(|_| report.evidence) {
        let evidence = evidence?;
        if evidence.verdict == Verdict::Pass {
            let rule = report.policy.rules.iter().find(|rule| rule.id == evidence.rule);
            events.write(&of_passed(made, &evidence, rule.map(|rule| &**rule)))?;
        }
    }
    events.end()
}

/// The array, one event on each line.
struct Events<'a> {
    out: &'a mut dyn Write,
    first: bool,
}

impl Events<'_> {
    fn write(&mut self, event: &Event) -> io::Result<()> {
        self.out.write_all(if self.first { b"[\n" } else { b",\n" })?;
        self.first = false;
        let mut serializer =
            serde_json::Serializer::with_formatter(&mut *self.out, EscapingFormatter(CompactFormatter));
        event.serialize(&mut serializer)?;
        Ok(())
    }

    fn end(self) -> io::Result<()> {
        self.out.write_all(if self.first { b"[]\n" } else { b"\n]\n" })
    }
}

/// The parts of an event that all have.
fn event(
    made: i64,
    activity: Activity,
    pool: Option<&PoolRef>,
    info: FindingInfo,
    compliance: Compliance,
) -> Event {
    Event {
        activity_id: activity,
        activity_name: activity.word(),
        category_uid: 2,
        category_name: "Findings",
        class_uid: 2003,
        class_name: "Compliance Finding",
        type_uid: 200_300 + u32::from(activity as u8),
        type_name: format!("Compliance Finding: {}", activity.word()),
        severity_id: Level::Unknown,
        severity: Level::Unknown.word(),
        status_id: State::New,
        status: State::New.word(),
        time: info.first_seen_time.unwrap_or(made),
        message: info.title.clone(),
        metadata: Metadata {
            version: "1.5.0",
            product: Product { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") },
            profiles: ["cloud"],
            processed_time: made,
        },
        cloud: Cloud {
            provider: "AWS",
            region: pool.and_then(|pool| text(pool.identity.region.as_deref())),
            account: pool.and_then(|pool| text(pool.identity.account.as_deref())).map(|uid| Account { uid }),
        },
        finding_info: info,
        compliance,
        remediation: None,
        resources: pool.map(resource).into_iter().collect(),
        evidences: Vec::new(),
    }
}

impl Event {
    fn severe(self, severity: Severity) -> Event {
        let level = Level::of(severity);
        Event { severity_id: level, severity: level.word(), ..self }
    }

    fn in_state(self, state: State) -> Event {
        Event { status_id: state, status: state.word(), ..self }
    }
}

fn of_finding(made: i64, finding: &Finding) -> Event {
    let standing = &finding.standing;
    let (activity, first_seen_time) = match standing.change {
        Some(Change::Still(first)) => (Activity::Update, Some(first.start())),
        Some(Change::New) | None => (Activity::Create, None),
    };
    let info =
        FindingInfo { first_seen_time, ..info(&finding.fingerprint, &finding.rule.title, &finding.message) };
    let compliance = compliance(&finding.rule, CheckStatus::Fail, &finding.message);
    let state = match (&standing.status, standing.change) {
        (Status::Waived(_), _) => State::Suppressed,
        (Status::Known, _) | (Status::Open, Some(Change::Still(_))) => State::InProgress,
        (Status::Open, Some(Change::New) | None) => State::New,
    };
    let mut event = event(made, activity, Some(&finding.pool), info, compliance);
    event.remediation = remediation(&finding.rule, &finding.pool);
    event.evidences = vec![EvidenceShape::of(
        &finding.path,
        finding.actual.as_ref().map(Value::to_json),
        &finding.expected,
        finding.default,
    )];
    event
        .compliance
        .status_details
        .extend(summary::lapsed(finding).map(|said| sanitized(&said).into_owned()));
    if let Status::Waived(waiver) = &standing.status {
        let until = waiver.expires.map_or_else(String::new, |day| format!(" until {day}"));
        let waived = format!("waived{until} by {}: {}", waiver.owner, waiver.reason);
        event.compliance.status_details.push(sanitized(&waived).into_owned());
    }
    event.severe(finding.rule.severity).in_state(state)
}

fn of_undecided(made: i64, undecided: &Undecided) -> Event {
    let Undecided { rule, pool, subject, path, reason, location: _ } = undecided;
    let print = fingerprint(&rule.id, pool, path, subject.as_ref());
    let message = format!("Not decided: {reason}");
    let mut event = event(
        made,
        Activity::Create,
        Some(pool),
        info(&print, &rule.title, &message),
        compliance(rule, CheckStatus::Warning, &message),
    );
    event.remediation = remediation(rule, pool);
    event.severe(rule.severity)
}

fn of_unread(made: i64, unread: &Unread) -> Event {
    let message = format!("{} could not be read: {}", summary::unread_at(unread), summary::unread(unread));
    let what = format!("{}\n{}", unread.target, unread.operation.as_deref().unwrap_or_default());
    let print = fingerprint(UNREAD, &PoolRef::default(), &what, None);
    let compliance = Compliance::new(UNREAD, CheckStatus::Warning, &message);
    let mut event = event(made, Activity::Create, None, info(&print, &message, &message), compliance);
    event.remediation = unread.help.as_deref().and_then(|help| Remediation::of(help, &[]));
    event.resources = vec![Resource::named(&anchor::of_unread(unread).path, &unread.target)];
    event
}

fn of_closed(made: i64, fixed: &Fixed, how: &str, status: CheckStatus) -> Event {
    let message = format!("{} {how}: {}", fixed.rule, summary::fixed_at(fixed));
    let info = FindingInfo {
        first_seen_time: Some(fixed.first_seen.start()),
        ..info(&fixed.fingerprint, &message, &message)
    };
    let compliance = Compliance::new(&fixed.rule, status, &message);
    let mut event = event(made, Activity::Close, None, info, compliance);
    event.resources = vec![Resource::named(&fixed.pool, &fixed.title)];
    // It was closed now, and made then.
    event.time = made;
    event.in_state(State::Resolved)
}

fn of_passed(made: i64, evidence: &Evidence, rule: Option<&Rule>) -> Event {
    let title = rule.map_or(&*evidence.rule, |rule| &rule.title);
    let print = fingerprint(&evidence.rule, &evidence.pool, "", evidence.subject.as_deref());
    let compliance = match rule {
        Some(rule) => compliance(rule, CheckStatus::Pass, &evidence.reason),
        None => Compliance::new(&evidence.rule, CheckStatus::Pass, &evidence.reason),
    };
    let event = event(
        made,
        Activity::Create,
        Some(&evidence.pool),
        info(&print, title, &evidence.reason),
        compliance,
    );
    event.severe(Severity::Info).in_state(State::Resolved)
}

fn info(uid: &str, title: &str, desc: &str) -> FindingInfo {
    FindingInfo {
        uid: uid.to_owned(),
        title: sanitized(title).into_owned(),
        desc: text(Some(desc)),
        first_seen_time: None,
    }
}

/// A rule as the control that was checked.
fn compliance(rule: &Rule, status: CheckStatus, detail: &str) -> Compliance {
    let standards = requirement::requirements(rule);
    let requirements = requirement::in_words(rule);
    Compliance {
        desc: text(Some(&rule.why)),
        standards: standards.iter().filter_map(|(framework, _)| text(Some(framework))).collect(),
        requirements: requirements.iter().map(|one| sanitized(one).into_owned()).collect(),
        control_parameters: rule
            .params
            .iter()
            .map(|(name, value)| Parameter {
                name: sanitized(name).into_owned(),
                value: sanitized(&value.to_string()).into_owned(),
            })
            .collect(),
        ..Compliance::new(&rule.id, status, detail)
    }
}

fn remediation(rule: &Rule, pool: &PoolRef) -> Option<Remediation> {
    Remediation::of(&rule.fix_of(pool.is_declared()), &rule.links)
}

fn resource(pool: &PoolRef) -> Resource {
    Resource {
        region: text(pool.identity.region.as_deref()),
        ..Resource::named(&pool.key(), &pool.identity.title())
    }
}

/// A text on one line, if there is any.
fn text(text: Option<&str>) -> Option<String> {
    text.filter(|text| !text.is_empty()).map(|text| sanitized(text).into_owned())
}
