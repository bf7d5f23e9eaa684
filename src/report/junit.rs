//! JUnit XML: a test suite for each pool, and a test case for each verdict.
//!
//! With evidence every verdict is a case; without it those that failed or are unknown, and one case for each pool of
//! which nothing is known to be wrong. What does not count, because it is waived, known or below `--fail-on`, is
//! skipped with the reason, so that a reader of the file finds the answer that the exit code gives. GitLab shows the
//! text inside an element and no attribute, so both say the same.

use std::collections::BTreeMap;
use std::io::{self, Write};

use quick_junit::{NonSuccessKind, Report as Suites, TestCase, TestCaseStatus, TestSuite};

use super::sanitize::sanitized;
use super::{Report, summary};
use crate::finding::{Finding, OfPool, PoolRef, Status, Subject, Undecided, Verdict};
use crate::pool::Source;

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let pools = of_pools(report);
    // The totals come first, so every suite is made twice rather than kept.
    let mut totals = Suites::new(env!("CARGO_PKG_NAME"));
    each_suite(report, &pools, |suite| {
        totals.add_test_suite(suite);
        totals.test_suites.clear();
        Ok(())
    })?;
    let end = format!("</{SUITES}>");
    let text = text(&totals)?;
    out.write_all(text.split(&*end).next().unwrap_or_default().trim_end().as_bytes())?;
    each_suite(report, &pools, |suite| write_suite(suite, &end, out))?;
    writeln!(out, "\n{end}")
}

/// The element around all suites.
const SUITES: &str = "testsuites";

/// Writes a suite as it is among others.
fn write_suite(suite: TestSuite, end: &str, out: &mut dyn Write) -> io::Result<()> {
    let mut alone = Suites::new("");
    alone.add_test_suite(suite);
    let text = text(&alone)?;
    let inner = text.rsplit_once(end).map_or(&*text, |(before, _)| before);
    let inner = inner.splitn(3, '\n').nth(2).unwrap_or_default();
    write!(out, "\n{}", inner.trim_end())
}

/// The text of suites, in memory: the library hides the kind of a failure, which says whether anybody reads the report.
fn text(suites: &Suites) -> io::Result<String> {
    suites.to_string().map_err(io::Error::other)
}

fn each_suite(
    report: &Report,
    pools: &BTreeMap<&PoolRef, Verdicts<'_>>,
    mut each: impl FnMut(TestSuite) -> io::Result<()>,
) -> io::Result<()> {
    for (pool, verdicts) in pools {
        each(suite(report, pool, verdicts)?)?;
    }
    of_unread(report).into_iter().try_for_each(&mut each)?;
    each(of_run(report))
}

/// The key of a verdict: its rule and its subject.
type Key<'a> = (&'a str, Option<&'a Subject>);

/// The verdicts on one pool.
#[derive(Default)]
struct Verdicts<'a> {
    findings: Vec<&'a Finding>,
    undecided: Vec<&'a Undecided>,
    evidence: Vec<OfPool<'a>>,
}

fn of_pools<'a>(report: &Report<'a>) -> BTreeMap<&'a PoolRef, Verdicts<'a>> {
    let evaluation = report.evaluation;
    let mut pools: BTreeMap<&PoolRef, Verdicts<'_>> = BTreeMap::new();
    for pool in &evaluation.pools {
        pools.entry(pool).or_default();
    }
    for finding in &evaluation.findings {
        pools.entry(&finding.pool).or_default().findings.push(finding);
    }
    for undecided in &evaluation.undecided {
        pools.entry(&undecided.pool).or_default().undecided.push(undecided);
    }
    for of in evaluation.evidence.pools().filter(|_| report.evidence) {
        pools.entry(of.pool()).or_default().evidence.push(of);
    }
    pools
}

fn suite(report: &Report, pool: &PoolRef, verdicts: &Verdicts<'_>) -> io::Result<TestSuite> {
    let mut suite = TestSuite::new(&*sanitized(&pool.identity.title()));
    let class = class(pool);
    let mut names: BTreeMap<String, usize> = BTreeMap::new();
    let mut add = |(rule, subject): Key<'_>, status: TestCaseStatus| {
        let mut name = name(rule, subject, pool);
        // Of cases with one name, GitLab counts the first.
        let times = names.entry(name.clone()).or_default();
        *times += 1;
        if *times > 1 {
            name.push_str(&format!(" #{times}"));
        }
        let mut case = TestCase::new(name, status);
        case.set_classname(&*class);
        suite.add_test_case(case);
    };
    for finding in &verdicts.findings {
        add((&finding.rule.id, finding.subject.as_deref()), of_finding(report, finding));
    }
    for one in &verdicts.undecided {
        let (text, kind) = (format!("not decided: {}", one.reason), NonSuccessKind::Error);
        let status = if report.terms.ignore_unknown { skipped(&text) } else { bad(kind, "unknown", &text) };
        add((&one.rule.id, one.subject.as_ref()), status);
    }
    let evidence = verdicts.evidence.iter().map(OfPool::read).collect::<io::Result<Vec<_>>>()?;
    for one in evidence.iter().flatten() {
        let status = match one.verdict {
            Verdict::Pass => TestCaseStatus::success(),
            Verdict::Skipped => skipped(&one.reason),
            // These are findings and undecided verdicts.
            Verdict::Fail | Verdict::Unknown => continue,
        };
        add((&one.rule, one.subject.as_deref()), status);
    }
    if verdicts.findings.is_empty() && verdicts.undecided.is_empty() && verdicts.evidence.is_empty() {
        add(("policy", None), TestCaseStatus::success());
    }
    Ok(suite)
}

/// Jenkins takes what is before the last dot for a package, so no part has a dot of its own.
pub(super) fn class(pool: &PoolRef) -> String {
    let identity = &pool.identity;
    let own = identity.name.as_ref().or(identity.id.as_ref()).or(identity.address.as_ref());
    let parts = match pool.origin.source {
        Source::Live => [identity.account.as_ref(), identity.region.as_ref(), own],
        _ => [None, Some(&pool.origin.name), own],
    };
    let parts: Vec<String> =
        parts.into_iter().flatten().map(|part| sanitized(part).replace('.', "_")).collect();
    if parts.is_empty() { "pool".to_owned() } else { parts.join(".") }
}

/// `mfa-off: customers (eu-central-1_AbCdEf123)`, with the element that the rule looked at.
fn name(rule: &str, subject: Option<&Subject>, pool: &PoolRef) -> String {
    let element = subject.map_or_else(String::new, |subject| match &subject.label {
        Some(label) => format!(" [{label}, {}]", subject.key),
        None => format!(" [{}]", subject.key),
    });
    sanitized(&format!("{rule}{element}: {}", pool.identity.title())).into_owned()
}

fn of_finding(report: &Report, finding: &Finding) -> TestCaseStatus {
    let severity = finding.rule.severity;
    let place = finding.location.as_ref();
    let place = place.map_or_else(String::new, |at| format!("{}:{}:{}: ", at.file, at.line, at.column));
    let lapsed = summary::lapsed(finding).map_or_else(String::new, |said| format!("; {said}"));
    let text = format!("{place}{}{lapsed}", finding.message);
    match &finding.standing.status {
        Status::Waived(waiver) => {
            let until = waiver.expires.map_or_else(String::new, |day| format!(" until {day}"));
            skipped(&format!("waived{until} by {}: {}; {text}", waiver.owner, waiver.reason))
        }
        Status::Known => skipped(&format!("known from the baseline; {text}")),
        Status::Open => match report.terms.fail_on {
            Some(least) if severity >= least => {
                let mut status = bad(NonSuccessKind::Failure, severity.word(), &text);
                if !finding.fix().is_empty() {
                    status.set_description(format!(
                        "{}\nFix: {}",
                        sanitized(&text),
                        sanitized(&finding.fix())
                    ));
                }
                status
            }
            Some(least) => skipped(&format!("{} is below {}; {text}", severity.word(), least.word())),
            None => skipped(&format!("{} does not fail the run; {text}", severity.word())),
        },
    }
}

fn of_unread(report: &Report) -> Option<TestSuite> {
    let unread = &report.evaluation.unread;
    let mut suite = TestSuite::new("could not be read");
    for one in unread {
        let text = summary::unread(one);
        let status = bad(NonSuccessKind::Error, "unread", &text);
        let operation = one.operation.as_deref().map_or_else(String::new, |name| format!(": {name}"));
        let mut case = TestCase::new(format!("{}{operation}", summary::unread_at(one)), status);
        case.set_classname("could not be read");
        suite.add_test_case(case);
    }
    (!unread.is_empty()).then_some(suite)
}

/// Whether the run as a whole is complete: a file without any test would say nothing of a run that read nothing.
fn of_run(report: &Report) -> TestSuite {
    let answer = summary::answer(report);
    let status = match report.outcome.exit_code() {
        0 | 1 => TestCaseStatus::success(),
        _ => bad(NonSuccessKind::Error, report.outcome.word(), &answer),
    };
    let mut case = TestCase::new("the run is complete", status);
    let said = [answer].into_iter().chain(summary::controls(report)).chain(summary::notes(report));
    let out = said.collect::<Vec<_>>().join("\n");
    case.set_classname(env!("CARGO_PKG_NAME")).set_system_out(out);
    let mut suite = TestSuite::new("run");
    suite.add_test_case(case);
    suite
}

pub(super) fn skipped(text: &str) -> TestCaseStatus {
    let text = sanitized(text);
    let mut status = TestCaseStatus::skipped();
    status.set_message(&*text).set_description(&*text);
    status
}

pub(super) fn bad(kind: NonSuccessKind, word: &str, text: &str) -> TestCaseStatus {
    let text = sanitized(text);
    let mut status = TestCaseStatus::non_success(kind);
    status.set_type(word).set_message(&*text).set_description(&*text);
    status
}
