//! The page: its texts, and the pieces that its script works on.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use askama::Template;

use super::controls::{ByStandard, standards};
use super::decided::{Deploy, Since, Waiver, deploy, since, waivers};
use super::gaps::{Gap, gaps};
use super::pack::{Packed, source_hash};
use super::rollup::{Account, ByOwner, ByRule, accounts, owners, rules};
use super::runs::{Runs, runs};
use super::ways::Ways;
use crate::finding::Finding;
use crate::outcome::Outcome;
use crate::report::ansi::count;
use crate::report::json::moment;
use crate::report::sanitize::sanitized;
use crate::report::{Report, calls, summary};
use crate::rule::Severity;

/// The style of every page.
pub(in crate::report) const STYLE: &str = include_str!("page.css");

/// The digest of the style, as the policy of a page names it.
pub(in crate::report) fn style_hash() -> String {
    source_hash(STYLE)
}

/// The parts of the script, in the order in which each uses those before it.
const SCRIPT: &str = concat!(
    include_str!("page/report.js"),
    include_str!("page/filter.js"),
    include_str!("page/detail.js"),
    include_str!("page/list.js"),
    include_str!("page/map.js"),
    include_str!("page/export.js"),
    include_str!("page/start.js"),
);

/// The number of findings that are shown without script.
const WORST: usize = 500;

/// The place of a page among those of a report.
pub(super) enum Among {
    /// It is the only one.
    Alone,
    /// It has the answer, and leads to the others: the file, the accounts and the number of rows of each.
    First(Vec<(String, String, usize)>),
    /// It has the findings of some accounts.
    Further { first: String, number: usize, of: usize, title: String },
}

/// The page as the template writes it.
#[derive(Template)]
#[template(path = "page.html")]
pub(super) struct Page {
    script: &'static str,
    /// The sources that the page's policy allows.
    script_hash: String,
    word: &'static str,
    exit_code: u8,
    meaning: String,
    headline: String,
    /// The reasons that the run is incomplete.
    missing: String,
    totals: Vec<(&'static str, usize, &'static str)>,
    gaps: Vec<Gap>,
    facts: Vec<(&'static str, String)>,
    notes: Vec<String>,
    accounts: Vec<Account>,
    owners: Vec<ByOwner>,
    rules: Vec<ByRule>,
    standards: Vec<ByStandard>,
    since: Option<Since>,
    runs: Option<Runs>,
    waivers: Vec<Waiver>,
    deploy: Vec<Deploy>,
    ways: Ways,
    worst: Vec<Row>,
    /// Findings that are not in the list of the worst.
    more: usize,
    report: Packed,
    beside: Packed,
    among: Among,
}

/// A finding as it is shown without script.
struct Row {
    severity: &'static str,
    rule: String,
    message: String,
    /// Who made the changes that it comes from.
    by: Vec<String>,
    pool: String,
    place: String,
    status: &'static str,
}

impl Page {
    pub(super) fn of(report: &Report, (data, beside): (Packed, Packed), among: Among, ways: Ways) -> Page {
        let evaluation = report.evaluation;
        let worst = worst(&evaluation.findings);
        let incomplete = matches!(report.outcome, Outcome::Incomplete);
        Page {
            script: SCRIPT,
            script_hash: source_hash(SCRIPT),
            word: summary::heading_word(report.outcome),
            exit_code: report.outcome.exit_code(),
            meaning: meaning(report),
            headline: summary::verdict(report),
            missing: if incomplete { summary::missing(report).join(" and ") } else { String::new() },
            totals: totals(report, &among),
            gaps: if matches!(among, Among::Further { .. }) { Vec::new() } else { shortened(report) },
            facts: facts(report, &data, &among),
            notes: evaluation
                .notes_in_words()
                .map(|(target, message)| format!("{}: {}", sanitized(target), sanitized(&message)))
                .collect(),
            accounts: accounts(evaluation),
            owners: owners(evaluation),
            rules: rules(report),
            standards: standards(report),
            since: since(evaluation),
            runs: if matches!(among, Among::Further { .. }) { None } else { runs(report) },
            waivers: waivers(report),
            deploy: deploy(evaluation),
            ways,
            more: evaluation.findings.len() - worst.len(),
            worst,
            report: data,
            beside,
            among,
        }
    }
}

fn shortened(report: &Report) -> Vec<Gap> {
    gaps(report).into_iter().map(Gap::shortened).collect()
}

fn meaning(report: &Report) -> String {
    let counts = match report.terms.fail_on {
        Some(least) => format!("findings of severity {} and above count", least.word()),
        None => "no finding fails the run".to_owned(),
    };
    match report.outcome {
        Outcome::Clean => format!("every chosen rule was decided; {counts}"),
        Outcome::Findings => counts,
        Outcome::Incomplete => "something could not be read or decided".to_owned(),
        Outcome::Interrupted(_) => "a signal ended the run before its end".to_owned(),
    }
}

/// Open findings by severity, the worst first, and what is beside them.
fn totals(report: &Report, among: &Among) -> Vec<(&'static str, usize, &'static str)> {
    let evaluation = report.evaluation;
    let tally = &evaluation.tally;
    let severities = Severity::ALL.into_iter().rev();
    let mut totals: Vec<_> =
        severities.map(|severity| (severity.word(), tally.open(severity), severity.word())).collect();
    totals.push(("not decided", tally.unknown, "unknown"));
    totals.push(("waived", tally.waived.iter().sum(), "waived"));
    totals.push(("known", tally.known.iter().sum(), "known"));
    // The other numbers are those of the whole run.
    if let Among::Further { .. } = among {
        return totals;
    }
    totals.insert(6, ("not read", evaluation.unread.len(), "unread"));
    totals.push(("passed", tally.pass, "pass"));
    totals.push(("skipped", tally.skipped, "skipped"));
    totals
}

fn facts(report: &Report, data: &Packed, among: &Among) -> Vec<(&'static str, String)> {
    let evaluation = report.evaluation;
    let identities = evaluation.pools.iter().map(|pool| &pool.identity);
    let accounts: BTreeSet<&str> = identities.clone().filter_map(|one| one.account.as_deref()).collect();
    let regions: BTreeSet<&str> = identities.filter_map(|one| one.region.as_deref()).collect();
    let scope = [
        count(evaluation.tally.pools, "pool"),
        count(accounts.len(), "account"),
        count(regions.len(), "Region"),
    ];
    let coverage = match report.run.full_coverage {
        true => "full: what the inputs do not contain is unknown",
        false => "the inputs: rules about what they do not contain are skipped",
    };
    let mut facts = vec![
        ("Time", moment(report.run.generated)),
        ("Scope", scope.join(", ")),
        (
            "Policy",
            format!("{}, digest {}", count(evaluation.tally.rules, "rule"), sanitized(report.run.digest)),
        ),
        ("Coverage", coverage.to_owned()),
        ("Tool", format!("{} {}", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"))),
    ];
    if !evaluation.roles.is_empty() {
        let roles: Vec<_> = evaluation.roles.iter().map(|role| sanitized(role)).collect();
        facts.push(("Read by", roles.join(", ")));
    }
    match among {
        Among::Alone => facts.push(("SHA-256 of the embedded report", data.sha256.clone())),
        Among::Further { .. } => facts.push(("SHA-256 of the embedded part", data.sha256.clone())),
        Among::First(_) => {}
    }
    facts
}

/// The worst findings that count, then those that are accepted.
fn worst(findings: &[Finding]) -> Vec<Row> {
    let mut all: Vec<&Finding> = findings.iter().collect();
    let accepted = |one: &Finding| one.standing.status != crate::finding::Status::Open;
    all.sort_by_key(|one| (accepted(one), Reverse(one.rule.severity)));
    all.truncate(WORST);
    let row = |one: &&Finding| {
        let place = one.location.as_ref();
        Row {
            severity: one.rule.severity.word(),
            rule: sanitized(&one.rule.id).into_owned(),
            message: sanitized(&one.message).into_owned(),
            by: calls::of_finding(one).iter().map(|by| sanitized(by).into_owned()).collect(),
            pool: sanitized(&one.pool.identity.title()).into_owned(),
            place: place.map_or_else(
                || summary::place(&one.pool),
                |at| format!("{}:{}:{}", sanitized(&at.file), at.line, at.column),
            ),
            status: one.standing.status.word(),
        }
    };
    all.iter().map(row).collect()
}
