//! The time limit of a run, and the messages about the rest.

use std::time::{Duration, Instant};

use cognito_lint::evaluate::{Detail, Options, evaluate};
use cognito_lint::outcome::{FailurePolicy, outcome};
use cognito_lint::source::aws::read;
use cognito_lint::source::live::{Quotas, Request};

use super::{A, B, C, Delivered, request};
use crate::fake::{Fake, Fault, On, Plan};

/// Long enough for a first answer on a machine with other things to do.
const SOON: Duration = Duration::from_secs(3);

/// A slow run of 40 pools, with a few on each page.
fn slow(fake: &Fake) -> Request {
    Request { time_limit: Some(SOON), quotas: Quotas::every(4.0), ..request(fake) }
}

fn forty(page_size: usize) -> Plan {
    let ids: Vec<String> = (0..40).map(|i| format!("us-east-1_p{i:02}")).collect();
    Plan::new().pools(ids.iter().map(String::as_str)).page_size(page_size)
}

#[test]
fn what_is_known_and_not_read_is_counted() {
    let fake = Fake::start(forty(60));
    let all = Delivered::of(read(slow(&fake)));
    let read = all.chunks.len();
    assert!((1..40).contains(&read), "{all:?}");
    let unread = all.only();
    assert_eq!(unread.target, "us-east-1");
    let said = format!("the time limit of 3s has passed; {} known pools were not read", 40 - read);
    assert_eq!(unread.message, said);
    assert!(unread.help.as_deref().unwrap().contains("`--timeout`"));
    assert!(all.interrupt.is_none());
}

#[test]
fn a_list_that_was_not_read_to_its_end_is_told() {
    let fake = Fake::start(forty(30));
    let all = Delivered::of(read(slow(&fake)));
    let said = format!(
        "the time limit of 3s has passed; {} known pools were not read, and the list of pools was not \
         read to its end",
        30 - all.chunks.len()
    );
    assert_eq!(all.only().message, said);
}

#[test]
fn every_region_tells_for_itself() {
    let plan = Plan::new().pools([A, B, "eu-west-1_eee", "sa-east-1_sss"]);
    let stalled = plan.fault(On::Pool(A), Fault::Stall).fault(On::Region("eu-west-1"), Fault::Stall);
    let fake = Fake::start(stalled);
    let all = Delivered::of(read(Request {
        regions: ["us-east-1", "eu-west-1", "sa-east-1"].map(str::to_owned).to_vec(),
        attempt_timeout: Duration::from_secs(10),
        ..slow(&fake)
    }));
    assert_eq!(all.ids(), ["sa-east-1_sss", B]);
    let told: Vec<_> = all.unread.iter().map(|unread| (&*unread.target, &*unread.message)).collect();
    let passed = "the time limit of 3s has passed";
    assert_eq!(
        told,
        [
            ("eu-west-1", &*format!("{passed}; the list of pools was not read to its end")),
            ("us-east-1", &*format!("{passed}; 1 known pool was not read")),
        ]
    );
}

#[test]
fn a_call_that_hangs_does_not_keep_the_run() {
    let fake = Fake::start(Plan::new().pools([A, B, C]).fault(On::Pool(B), Fault::Stall));
    let start = Instant::now();
    let patient = Duration::from_mins(1);
    let all = Delivered::of(read(Request {
        attempt_timeout: patient,
        operation_timeout: patient,
        time_limit: Some(SOON),
        ..request(&fake)
    }));
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
    assert_eq!(all.ids(), [A, C]);
    assert!(all.only().message.ends_with("1 known pool was not read"), "{all:?}");
}

#[test]
fn a_run_in_time_says_nothing() {
    let fake = Fake::start(Plan::new().pools([A, B]));
    let all = Delivered::of(read(Request { time_limit: Some(Duration::from_hours(1)), ..request(&fake) }));
    assert_eq!((all.ids().len(), all.unread), (2, vec![]));
}

#[test]
fn what_was_read_in_time_is_judged_and_the_run_is_incomplete() {
    let policy = crate::every_path::policy(
        "[[rule]]\nid = 'deletable'\nexpect = { path = 'DeletionProtection', equals = 'ACTIVE' }",
    );
    let fake = Fake::start(forty(60));
    let options =
        Options { now: 0, full_coverage: false, evidence: false, detail: Detail::Counts, shard: None };
    let evaluation = evaluate(&policy, read(slow(&fake)), options);
    let tally = &evaluation.tally;
    assert!(0 < tally.pools && tally.fail == tally.pools, "{tally:?}");
    assert_eq!(outcome(&evaluation, FailurePolicy::default()).exit_code(), 3);
}
