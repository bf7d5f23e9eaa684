//! From a fault of the service to verdicts and the exit code.

use std::time::Duration;

use cognito_lint::evaluate::{Detail, Evaluation, Options, evaluate};
use cognito_lint::outcome::{FailurePolicy, Outcome, outcome};
use serde_json::json;

use super::{A, B, C, request};
use crate::every_path::policy;
use crate::fake::{Fake, Fault, On, Plan, pool};

/// Two rules that a good pool passes and a bare one fails.
const RULES: &str = r#"
[[rule]]
id = "mfa-off"
expect = { path = "MfaConfiguration", not-equals = "OFF" }
[[rule]]
id = "deletable"
expect = { path = "DeletionProtection", equals = "ACTIVE" }
"#;

/// One good pool and two bare ones, of which `C` has the fault.
fn plan(on: On, fault: Fault, times: usize) -> Plan {
    let mut good = pool(A);
    good["MfaConfiguration"] = json!("ON");
    good["DeletionProtection"] = json!("ACTIVE");
    Plan::new().pool(good).pools([B, C]).page_size(2).fault_times(times, on, fault)
}

fn check(plan: Plan) -> (Evaluation, Outcome) {
    let fake = Fake::start(plan);
    let options = Options { now: 0, full_coverage: false, evidence: false, detail: Detail::ALL, shard: None };
    let evaluation = evaluate(&policy(RULES), cognito_lint::source::aws::read(request(&fake)), options);
    let outcome = outcome(&evaluation, FailurePolicy::default());
    (evaluation, outcome)
}

const ALWAYS: usize = usize::MAX;

#[test]
fn a_fault_of_one_pool_leaves_the_others_judged() {
    let errors = [
        "InvalidParameterException",
        "NotAuthorizedException",
        "UserPoolTaggingException",
        "OperationNotEnabledException",
        "InternalErrorException",
        "AccessDeniedException",
    ];
    let mut faults: Vec<(String, Fault)> =
        errors.into_iter().map(|code| (code.to_owned(), Fault::Error(code))).collect();
    faults.push(("reset".to_owned(), Fault::Reset));
    faults.push(("cut".to_owned(), Fault::Cut));
    faults.push(("half".to_owned(), Fault::Half));
    faults.push(("stall".to_owned(), Fault::Stall));
    for (name, fault) in faults {
        let (evaluation, outcome) = check(plan(On::Pool(C), fault, ALWAYS));
        let tally = &evaluation.tally;
        assert_eq!((tally.pools, tally.pass, tally.fail), (2, 2, 2), "{name}: {:?}", evaluation.unread);
        assert_eq!(evaluation.unread.len(), 1, "{name}");
        assert!(evaluation.unread[0].target.contains(C), "{name}: {:?}", evaluation.unread);
        assert_eq!(outcome, Outcome::Incomplete, "{name}");
        assert_eq!(outcome.exit_code(), 3, "{name}");
    }
}

#[test]
fn a_fault_that_clears_changes_no_verdict() {
    let faults = [
        ("throttle", Fault::Error("TooManyRequestsException")),
        ("internal", Fault::Error("InternalErrorException")),
        ("reset", Fault::Reset),
        ("cut", Fault::Cut),
        ("stall", Fault::Stall),
        ("slow", Fault::Slow(Duration::from_millis(100))),
    ];
    for (name, fault) in faults {
        for on in [On::Pool(C), On::List] {
            let (evaluation, outcome) = check(plan(on.clone(), fault.clone(), 1));
            let tally = &evaluation.tally;
            assert_eq!(
                (tally.pools, tally.pass, tally.fail),
                (3, 2, 4),
                "{name} {on:?}: {:?}",
                evaluation.unread
            );
            assert_eq!(outcome, Outcome::Findings, "{name} {on:?}");
        }
    }
}

#[test]
fn a_pool_that_vanished_is_noted_and_no_failure() {
    let (evaluation, outcome) = check(plan(On::Pool(C), Fault::Error("ResourceNotFoundException"), ALWAYS));
    assert_eq!((evaluation.tally.pass, evaluation.tally.fail), (2, 2));
    assert_eq!((evaluation.unread.len(), evaluation.notes.len()), (0, 1));
    assert_eq!(outcome, Outcome::Findings);
}

#[test]
fn a_repeated_page_token_leaves_the_listed_pools_judged() {
    let (evaluation, outcome) = check(plan(On::List, Fault::RepeatToken, ALWAYS));
    assert!(evaluation.tally.pools >= 2, "{:?}", evaluation.tally);
    assert_eq!(evaluation.unread.len(), 1, "{:?}", evaluation.unread);
    assert_eq!(outcome, Outcome::Incomplete);
}

#[test]
fn a_live_finding_shows_the_pool_document() {
    let (evaluation, _) = check(Plan::new().pools([B]));
    let finding = &evaluation.findings[0];
    assert_eq!((&*finding.rule.id, &finding.location), ("deletable", &None));
    let excerpt = finding.excerpt.as_ref().expect("an excerpt was asked for");
    assert!(excerpt.name.starts_with("arn:aws:cognito-idp:us-east-1:111122223333:userpool/"));
    assert_eq!(&excerpt.text[excerpt.label.clone()], "\"INACTIVE\"");
}
