//! ASFF, the format of AWS Security Hub CSPM: one request for `BatchImportFindings` on each line.
//!
//! A request holds at most 100 findings of one account and Region, because the service takes findings of the calling
//! account alone. A pool of which the account or the Region is not known cannot be imported, so its findings are left
//! out, and `left_out` counts them. An unknown verdict is WARNING, and something that could not be read is
//! `NOT_AVAILABLE`.

mod shapes;

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::CompactFormatter;

use super::json::escaping::EscapingFormatter;
use super::json::moment;
use super::sanitize::{sanitized, shortened};
use super::{Report, calls, requirement, summary};
use crate::finding::{Change, Finding, Fixed, PoolRef, Status, Undecided, fingerprint};
use crate::pool::Identity;
use crate::rule::{Rule, Severity};
use crate::source::{About, Unread};
use crate::value::{Day, Value};
use shapes::{
    Compliance, Details, FindingShape, Label, Provider, Recommendation, Remediation, Request, Resource,
    Workflow,
};

/// The most findings of a request.
const BATCH: usize = 100;

/// The longest texts that the service takes, in characters.
const TITLE: usize = 256;
const DESCRIPTION: usize = 1_024;
const RECOMMENDATION: usize = 512;
const ID: usize = 512;

/// The most requirements of a finding.
const REQUIREMENTS: usize = 32;

/// Account and Region.
type Place = (String, String);

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    for ((account, region), findings) in places(report) {
        for batch in findings.chunks(BATCH) {
            let findings = batch.iter().map(|one| one.shape(report, &account, &region)).collect();
            let mut serializer =
                serde_json::Serializer::with_formatter(&mut *out, EscapingFormatter(CompactFormatter));
            Request { findings }.serialize(&mut serializer)?;
            writeln!(out)?;
        }
    }
    Ok(())
}

/// The number of findings, unknown verdicts and failed reads without an account and a Region.
pub(super) fn left_out(report: &Report) -> usize {
    let account = only_account(report);
    items(report).filter(|item| item.place(account).is_none()).count()
}

/// Something that becomes a finding.
#[derive(Clone, Copy)]
enum Item<'a> {
    Found(&'a Finding),
    Undecided(&'a Undecided),
    Unread(&'a Unread),
    Fixed(&'a Fixed),
    Ended(&'a Fixed),
}

fn items<'a>(report: &'a Report) -> impl Iterator<Item = Item<'a>> {
    let evaluation = report.evaluation;
    let found = evaluation.findings.iter().map(Item::Found);
    let undecided = evaluation.undecided.iter().map(Item::Undecided);
    let closed = evaluation.fixed.iter().map(Item::Fixed).chain(evaluation.ended.iter().map(Item::Ended));
    found.chain(undecided).chain(evaluation.unread.iter().map(Item::Unread)).chain(closed)
}

fn places<'a>(report: &'a Report) -> BTreeMap<Place, Vec<Item<'a>>> {
    let account = only_account(report);
    let mut places: BTreeMap<Place, Vec<Item<'_>>> = BTreeMap::new();
    for item in items(report) {
        if let Some(place) = item.place(account) {
            places.entry(place).or_default().push(item);
        }
    }
    places
}

/// The account of all pools that were read, if it is one. A read that failed before it named its account failed there.
fn only_account<'a>(report: &'a Report) -> Option<&'a str> {
    let evaluation = report.evaluation;
    let found = evaluation.findings.iter().map(|one| &one.pool);
    let pools = found.chain(evaluation.undecided.iter().map(|one| &one.pool));
    let mut accounts = pools.map(|pool| pool.identity.account.as_deref());
    let first = accounts.next()??;
    accounts.all(|other| other == Some(first)).then_some(first)
}

impl Item<'_> {
    /// The account and Region. A read that failed without a known account is of `only`, the one account of the run.
    fn place(self, only: Option<&str>) -> Option<Place> {
        let (account, region) = match self {
            Item::Found(Finding { pool, .. }) | Item::Undecided(Undecided { pool, .. }) => {
                let Identity { account, region, .. } = &pool.identity;
                (account.as_deref()?.to_owned(), region.as_deref()?.to_owned())
            }
            Item::Unread(Unread { about: About { account, region, .. }, .. }) => {
                (account.as_deref().or(only)?.to_owned(), region.clone()?)
            }
            Item::Fixed(fixed) | Item::Ended(fixed) => {
                let mut parts = fixed.pool.split(':').skip(3);
                let region = parts.next()?.to_owned();
                (parts.next()?.to_owned(), region)
            }
        };
        let is_account = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
        (is_account && !region.is_empty()).then_some((account, region))
    }

    fn shape(self, report: &Report, account: &str, region: &str) -> FindingShape {
        let made = report.run.generated;
        let shape = |id: &str, rule: &str| blank((account, region), id, rule, made);
        match self {
            Item::Found(finding) => of_finding(shape(&finding.fingerprint, &finding.rule.id), finding),
            Item::Undecided(one) => {
                let print = fingerprint(&one.rule.id, &one.pool, &one.path, one.subject.as_ref());
                of_undecided(shape(&print, &one.rule.id), one)
            }
            Item::Unread(unread) => {
                let print = fingerprint("could-not-be-read", &PoolRef::default(), &unread.target, None);
                of_unread(shape(&print, "could-not-be-read"), unread)
            }
            Item::Fixed(fixed) => {
                of_closed(shape(&fixed.fingerprint, &fixed.rule), fixed, "is fixed", "PASSED")
            }
            // Nothing was checked of a pool that is not there any more.
            Item::Ended(ended) => {
                let shape = shape(&ended.fingerprint, &ended.rule);
                of_closed(shape, ended, "is gone with its pool", "NOT_AVAILABLE")
            }
        }
    }
}

/// A finding of a rule in an account and Region, of which nothing is said yet.
fn blank((account, region): (&str, &str), id: &str, rule: &str, made: i64) -> FindingShape {
    let partition = partition(region);
    let now = moment(made);
    FindingShape {
        schema_version: "2018-10-08",
        id: cut(&format!("cognito-lint/{account}/{region}/{id}"), ID),
        product_arn: format!("arn:{partition}:securityhub:{region}:{account}:product/{account}/default"),
        product_name: "cognito-lint",
        generator_id: cut(&format!("cognito-lint/{rule}"), ID),
        aws_account_id: account.to_owned(),
        region: region.to_owned(),
        types: ["Software and Configuration Checks/AWS Security Best Practices"],
        created_at: now.clone(),
        first_observed_at: now.clone(),
        updated_at: now.clone(),
        last_observed_at: now,
        severity: Label::of(None),
        finding_provider_fields: Provider {
            severity: Label::of(None),
            types: ["Software and Configuration Checks/AWS Security Best Practices"],
        },
        title: String::new(),
        description: String::new(),
        remediation: None,
        product_fields: BTreeMap::from([("cognito-lint/Rule".to_owned(), cut(rule, 2_048))]),
        resources: Vec::new(),
        compliance: Compliance { status: "NOT_AVAILABLE", related_requirements: Vec::new() },
        record_state: "ACTIVE",
        workflow: None,
    }
}

/// The partition of a Region, by the name of the Region.
fn partition(region: &str) -> &'static str {
    match region.split_once('-') {
        Some(("cn", _)) => "aws-cn",
        Some(("us", rest)) if rest.starts_with("gov-") => "aws-us-gov",
        _ => "aws",
    }
}

fn of_rule(shape: FindingShape, rule: &Rule, pool: &PoolRef, said: &str) -> FindingShape {
    let description = if rule.why.is_empty() { said.to_owned() } else { format!("{said}. {}", rule.why) };
    let severity = Label::of(Some(rule.severity));
    let url = rule.links.first().filter(|link| link.starts_with("https://") && link.len() <= 2_048);
    let fix = rule.fix_of(pool.is_declared());
    let text = if fix.is_empty() { &rule.title } else { &*fix };
    let recommendation = Recommendation { text: cut(text, RECOMMENDATION), url: url.cloned() };
    let requirements = requirement::in_words(rule);
    let related = requirements.iter().take(REQUIREMENTS).map(|one| sanitized(one).into_owned());
    let related_requirements = related.collect();
    FindingShape {
        severity,
        finding_provider_fields: Provider { severity, ..shape.finding_provider_fields },
        title: cut(&rule.title, TITLE),
        description: cut(&description, DESCRIPTION),
        remediation: Some(Remediation { recommendation }),
        compliance: Compliance { related_requirements, ..shape.compliance },
        resources: vec![resource(&pool.key(), &pool.identity.title(), &shape.region)],
        ..shape
    }
}

fn of_finding(shape: FindingShape, finding: &Finding) -> FindingShape {
    let mut shape = of_rule(shape, &finding.rule, &finding.pool, &finding.message);
    shape.compliance.status = "FAILED";
    let actual = finding.actual.as_ref().map_or_else(|| "absent".to_owned(), Value::to_string);
    let details = [("Path", &*finding.path), ("Value", &actual), ("Expected", &finding.expected)];
    if let Some(resource) = shape.resources.first_mut() {
        let other = details.map(|(name, text)| (name.to_owned(), cut(text, DESCRIPTION)));
        resource.details = Some(Details { other: BTreeMap::from(other) });
    }
    let decision = match &finding.standing.status {
        Status::Waived(waiver) => {
            shape.workflow = Some(Workflow { status: "SUPPRESSED" });
            Some(format!("waived by {}: {}", waiver.owner, waiver.reason))
        }
        Status::Known => Some("known from the baseline".to_owned()),
        Status::Open => summary::lapsed(finding),
    };
    if let Some(decision) = decision {
        shape.product_fields.insert("cognito-lint/Decision".to_owned(), cut(&decision, DESCRIPTION));
    }
    let by = calls::of_finding(finding).join("; ");
    if !by.is_empty() {
        shape.product_fields.insert("cognito-lint/ChangedBy".to_owned(), cut(&by, DESCRIPTION));
    }
    if let Some(Change::Still(first)) = finding.standing.change {
        first_seen(&mut shape, first);
    }
    shape
}

fn first_seen(shape: &mut FindingShape, first: Day) {
    shape.created_at = moment(first.start());
    shape.first_observed_at.clone_from(&shape.created_at);
}

fn of_undecided(shape: FindingShape, undecided: &Undecided) -> FindingShape {
    let said = format!("Not decided: {}", undecided.reason);
    let mut shape = of_rule(shape, &undecided.rule, &undecided.pool, &said);
    shape.compliance.status = "WARNING";
    shape
}

fn of_unread(shape: FindingShape, unread: &Unread) -> FindingShape {
    let said = format!("{}: {}", summary::unread_at(unread), summary::unread(unread));
    FindingShape {
        title: "Something that should have been read could not be".to_owned(),
        description: cut(&said, DESCRIPTION),
        resources: vec![resource(&unread.target, &unread.target, &shape.region)],
        remediation: unread.help.as_deref().map(|help| Remediation {
            recommendation: Recommendation { text: cut(help, RECOMMENDATION), url: None },
        }),
        ..shape
    }
}

/// A finding that is no more is archived, with the identity that it had.
fn of_closed(shape: FindingShape, fixed: &Fixed, how: &str, status: &'static str) -> FindingShape {
    let said = format!("{} {how}: {}", fixed.rule, summary::fixed_at(fixed));
    let mut shape = FindingShape {
        title: cut(&said, TITLE),
        description: cut(&said, DESCRIPTION),
        resources: vec![resource(&fixed.pool, &fixed.title, &shape.region)],
        compliance: Compliance { status, ..shape.compliance },
        record_state: "ARCHIVED",
        ..shape
    };
    first_seen(&mut shape, fixed.first_seen);
    shape
}

fn resource(id: &str, name: &str, region: &str) -> Resource {
    Resource {
        kind: "AwsCognitoUserPool",
        id: cut(id, ID),
        partition: partition(region),
        region: region.to_owned(),
        details: Some(Details { other: BTreeMap::from([("Name".to_owned(), cut(name, DESCRIPTION))]) }),
    }
}

/// A text on one line, within its limit; the service takes no empty text.
fn cut(text: &str, most: usize) -> String {
    let text = shortened(&sanitized(text), most);
    if text.trim().is_empty() { "-".to_owned() } else { text }
}

impl Label {
    fn of(severity: Option<Severity>) -> Label {
        let label = match severity {
            None | Some(Severity::Info) => "INFORMATIONAL",
            Some(Severity::Low) => "LOW",
            Some(Severity::Medium) => "MEDIUM",
            Some(Severity::High) => "HIGH",
            Some(Severity::Critical) => "CRITICAL",
        };
        Label { label }
    }
}
