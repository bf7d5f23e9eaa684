//! The comparison as JUnit XML: a test suite for each pool that drifted, and a test case for each change.
//!
//! A change that fails the run is a failure, another one is skipped with the reason, and what could not be read or
//! compared is an error.

use std::io::{self, Write};

use quick_junit::{NonSuccessKind, Report as Suites, TestCase, TestCaseStatus, TestSuite};

use super::calls::sentence;
use super::phrasing::{answer, effect, subject, title, uncompared, value};
use super::{DriftReport, fails};
use crate::drift::{Change, Direction, PoolDrift};
use crate::report::junit::{bad, class, skipped};
use crate::report::sanitize::sanitized;
use crate::report::summary;

pub(super) fn write(report: &DriftReport, out: &mut dyn Write) -> io::Result<()> {
    let mut suites = Suites::new("cognito-lint drift");
    let drifted = report.drift.pools.iter().filter(|pool| !pool.changes.is_empty());
    suites.add_test_suites(drifted.map(|pool| of_pool(report, pool)));
    suites.add_test_suites(of_unread(report));
    suites.add_test_suite(of_run(report));
    suites.serialize(out).map_err(io::Error::other)
}

fn of_pool(report: &DriftReport, pool: &PoolDrift) -> TestSuite {
    let mut suite = TestSuite::new(title(pool));
    let class = pool.pool().map_or_else(|| "pool".to_owned(), |pool| class(pool));
    for change in &pool.changes {
        let name = format!("{}: {}", subject(change, pool), title(pool));
        let mut case = TestCase::new(name, status(report, change, pool));
        case.set_classname(&*class);
        suite.add_test_case(case);
    }
    suite
}

fn status(report: &DriftReport, change: &Change, pool: &PoolDrift) -> TestCaseStatus {
    let mut text = format!("{}: {}", change.direction.word(), subject(change, pool));
    if !change.path.is_empty() {
        let before = value(change.before.as_ref(), change.before_default);
        text.push_str(&format!(": {before} to {}", value(change.after.as_ref(), change.after_default)));
    }
    for touched in change.rules.iter().filter(|touched| touched.direction != Direction::Neutral) {
        text.push_str(&format!("; {}", effect(touched)));
    }
    if let Some(caller) = sentence(change, report.trail) {
        text.push_str(&format!("; {}", sanitized(&caller)));
    }
    match fails(report.terms, change.direction) {
        true => bad(NonSuccessKind::Failure, change.direction.word(), &text),
        false => skipped(&format!("it does not fail the run; {text}")),
    }
}

/// Failures to read, and parts that could not be compared because of one.
fn of_unread(report: &DriftReport) -> Option<TestSuite> {
    let drift = report.drift;
    let mut suite = TestSuite::new("could not be read");
    let mut add = |name: &str, status: TestCaseStatus| {
        let mut case = TestCase::new(name, status);
        case.set_classname("could not be read");
        suite.add_test_case(case);
    };
    for unread in &drift.unread {
        let operation =
            unread.operation.as_deref().map_or_else(String::new, |name| format!(": {}", sanitized(name)));
        let status = bad(NonSuccessKind::Error, "unread", &summary::unread(unread));
        add(&format!("{}{operation}", summary::unread_at(unread)), status);
    }
    for (at, sentence) in uncompared(drift).iter().enumerate() {
        let incomplete = drift.pools.iter().any(PoolDrift::is_incomplete);
        let status = match incomplete {
            true => bad(NonSuccessKind::Error, "uncompared", sentence),
            false => skipped(sentence),
        };
        add(&format!("not compared {}", at + 1), status);
    }
    let has_cases = !suite.test_cases.is_empty();
    has_cases.then_some(suite)
}

/// The run as a whole: a file without any test would say nothing of pools that are as they were.
fn of_run(report: &DriftReport) -> TestSuite {
    let answer = answer(report);
    let status = match report.outcome.exit_code() {
        0 | 1 => TestCaseStatus::success(),
        _ => bad(NonSuccessKind::Error, report.outcome.word(), &answer),
    };
    let mut case = TestCase::new("the comparison is complete", status);
    case.set_classname("cognito-lint").set_system_out(&*answer);
    let mut suite = TestSuite::new("run");
    suite.add_test_case(case);
    suite
}
