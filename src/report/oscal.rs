//! OSCAL 1.1.2 assessment results: an observation for each finding, unknown verdict and failed read.
//!
//! A finding of OSCAL says of a control of a published catalogue whether it is satisfied, and there is no state for
//! unknown. So only a rule that fails and names a control of NIST SP 800-53 makes such a finding, and it is never
//! `satisfied`: rules see a part of a control. Ids of other standards are properties of the observation.

mod shapes;

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::PrettyFormatter;
use sha2::{Digest, Sha256};

use super::json::escaping::EscapingFormatter;
use super::json::moment;
use super::requirement::requirements;
use super::sanitize::sanitized;
use super::{Report, requirement, summary};
use crate::finding::{Finding, PoolRef, Status, Undecided, fingerprint};
use crate::rule::Rule;
use crate::source::Unread;
use crate::value::hex;
use shapes::{
    AssessmentResults, BackMatter, Document, Everything, FindingShape, Link, Metadata, NAMESPACE,
    Observation, Property, Related, ResourceShape, ResultShape, Reviewed, Selected, Selection, State, Target,
};

/// The frameworks whose ids are those of the catalogue of NIST SP 800-53.
const CATALOGUE: &str = "nist-800-53";

pub(super) fn write(report: &Report, mut out: &mut dyn Write) -> io::Result<()> {
    let evaluation = report.evaluation;
    let now = moment(report.run.generated);
    let mut observations: Vec<Observation> =
        evaluation.findings.iter().map(|one| of_finding(one, &now)).collect();
    let findings = findings(report, &observations);
    observations.extend(evaluation.undecided.iter().map(|one| of_undecided(one, &now)));
    observations.extend(evaluation.unread.iter().map(|one| of_unread(one, &now)));
    let plan = uuid(&["plan", report.run.digest]);
    let answer = summary::answer(report);
    let result = ResultShape {
        uuid: uuid(&["result", &now, report.run.digest]),
        title: "Automated run of cognito-lint".to_owned(),
        description: answer.clone(),
        start: now.clone(),
        end: now.clone(),
        reviewed_controls: reviewed(report),
        observations,
        findings,
    };
    let document = Document {
        assessment_results: AssessmentResults {
            uuid: uuid(&["assessment", &now, report.run.digest, &answer]),
            metadata: Metadata {
                title: "Amazon Cognito user pools against policy".to_owned(),
                last_modified: now,
                version: env!("CARGO_PKG_VERSION"),
                oscal_version: "1.1.2",
            },
            import_ap: Link { href: format!("#{plan}") },
            results: [result],
            back_matter: BackMatter {
                resources: [ResourceShape {
                    uuid: plan,
                    title: "Assessment plan: the policy of the run".to_owned(),
                    description: format!("Every rule of the policy with the digest {}", digest(report)),
                }],
            },
        },
    };
    let mut serializer =
        serde_json::Serializer::with_formatter(&mut out, EscapingFormatter(PrettyFormatter::new()));
    document.serialize(&mut serializer)?;
    writeln!(out)
}

fn digest(report: &Report) -> String {
    if report.run.digest.is_empty() { "that is not known".to_owned() } else { line(report.run.digest) }
}

/// The controls of the catalogue that rules of the policy name.
fn reviewed(report: &Report) -> Reviewed {
    let mut ids: Vec<String> = report.policy.rules.iter().flat_map(|rule| controls(rule)).collect();
    ids.sort();
    ids.dedup();
    let description = match ids.is_empty() {
        true => "The rules of the policy name no control of a published catalogue.",
        false => "Controls that rules of the policy support; a rule sees a part of a control.",
    };
    let include_controls: Vec<Selected> = ids.into_iter().map(|control_id| Selected { control_id }).collect();
    // A selection must select something.
    let include_all = include_controls.is_empty().then_some(Everything {});
    Reviewed { control_selections: [Selection { description, include_all, include_controls }] }
}

/// The ids of the catalogue that a rule names: `ia-5.1` for IA-5(1).
fn controls(rule: &Rule) -> Vec<String> {
    let named = requirements(rule).into_iter().filter(|(framework, _)| is_catalogue(framework));
    let id = |id: &str| id.to_lowercase().replace('(', ".").replace([')', ' '], "");
    named.flat_map(|(_, ids)| ids.into_iter().map(id)).filter(|id| is_token(id)).collect()
}

/// NIST SP 800-53 in any revision.
fn is_catalogue(framework: &str) -> bool {
    framework.strip_prefix(CATALOGUE).is_some_and(|rest| rest.is_empty() || rest.starts_with("-r"))
}

/// A token as OSCAL has them.
fn is_token(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "-._".contains(c))
}

/// One finding for each control that open findings are about.
fn findings(report: &Report, observations: &[Observation]) -> Vec<FindingShape> {
    let mut broken: BTreeMap<String, Vec<Related>> = BTreeMap::new();
    for (finding, observation) in report.evaluation.findings.iter().zip(observations) {
        if finding.standing.status == Status::Open {
            for control in controls(&finding.rule) {
                let related = Related { observation_uuid: observation.uuid.clone() };
                broken.entry(control).or_default().push(related);
            }
        }
    }
    let finding = |(control, related_observations): (String, Vec<Related>)| FindingShape {
        uuid: uuid(&["finding", &control, report.run.digest]),
        title: format!("{control} is not satisfied"),
        description: "Rules that support this control fail; the observations name the pools.".to_owned(),
        target: Target {
            kind: "statement-id",
            id: format!("{control}_smt"),
            status: State { state: "not-satisfied" },
        },
        related_observations,
    };
    broken.into_iter().map(finding).collect()
}

fn of_finding(finding: &Finding, now: &str) -> Observation {
    let Finding { rule, pool, path, fingerprint, message, .. } = finding;
    let mut props = of_rule(rule, pool, path);
    props.push(prop("fingerprint", fingerprint));
    props.push(prop("status", finding.standing.status.word()));
    if let Status::Waived(waiver) = &finding.standing.status {
        props.push(prop("waiver-owner", &waiver.owner));
        props.push(prop("waiver-reason", &waiver.reason));
    }
    props.extend(summary::lapsed(finding).map(|said| prop("waiver-ended", &said)));
    observation(&["observation", fingerprint], &rule.title, message, props, now)
}

fn of_undecided(undecided: &Undecided, now: &str) -> Observation {
    let Undecided { rule, pool, subject, path, reason, location: _ } = undecided;
    let mut props = of_rule(rule, pool, path);
    props.push(prop("status", "unknown"));
    let print = fingerprint(&rule.id, pool, path, subject.as_ref());
    observation(&["unknown", &print], &rule.title, &format!("Not decided: {reason}"), props, now)
}

fn of_unread(unread: &Unread, now: &str) -> Observation {
    let target = summary::unread_at(unread);
    let said = format!("{target} could not be read: {}", summary::unread(unread));
    let props = vec![prop("status", "unread"), prop("target", &target)];
    let title = "Something that should have been read could not be";
    observation(
        &["unread", &target, unread.operation.as_deref().unwrap_or_default()],
        title,
        &said,
        props,
        now,
    )
}

fn of_rule(rule: &Rule, pool: &PoolRef, path: &str) -> Vec<Property> {
    let mut props = vec![
        prop("rule", &rule.id),
        prop("severity", rule.severity.word()),
        prop("pool", &pool.key()),
        prop("path", path),
    ];
    props.extend(requirement::in_words(rule).iter().map(|control| prop("control", control)));
    props
}

fn observation(name: &[&str], title: &str, said: &str, props: Vec<Property>, now: &str) -> Observation {
    Observation {
        uuid: uuid(name),
        title: line(title),
        description: line(said),
        props,
        methods: ["TEST"],
        collected: now.to_owned(),
    }
}

fn prop(name: &'static str, value: &str) -> Property {
    Property { name, ns: NAMESPACE, value: line(value) }
}

/// A text on one line without space at its ends, which OSCAL refuses, as it refuses an empty one.
fn line(text: &str) -> String {
    let text = sanitized(text);
    let text = text.trim();
    if text.is_empty() { "-".to_owned() } else { text.to_owned() }
}

/// An identifier in the form of a UUID of version 5, made from names, so that two reports of one run are the same.
fn uuid(names: &[&str]) -> String {
    let mut hash = Sha256::new();
    for name in names {
        hash.update(name.as_bytes());
        hash.update([0]);
    }
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(hash.finalize()).for_each(|(byte, hashed)| *byte = hashed);
    bytes[6] = bytes[6] & 0x0f | 0x50;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let digits = hex(&bytes);
    let parts = [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]];
    parts.join("-")
}
