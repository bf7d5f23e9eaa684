//! Which pools are read, and how fast.

use std::time::{Duration, Instant};

use cognito_lint::source::Delivery;
use cognito_lint::source::aws::read;
use cognito_lint::source::live::{Quotas, Request};
use serde_json::json;

use super::{A, B, Delivered, EU, document, request, run, run_for};
use crate::fake::{Fake, Fault, On, Plan};

#[test]
fn every_page_is_read_and_every_pool_once() {
    let ids: Vec<String> = (0..23).map(|i| format!("us-east-1_p{i:02}")).collect();
    let plan = Plan::new().pools(ids.iter().map(String::as_str)).page_size(5);
    let fake = Fake::start(plan.fault_times(3, On::List, Fault::Overlap));
    let all = Delivered::of(read(request(&fake)));
    assert_eq!(all.ids(), ids);
    assert_eq!(all.unread, []);
    assert!(ids.iter().all(|id| fake.describes(id) == 1));
}

#[test]
fn members_that_no_model_knows_stay() {
    let news = json!({ "Quantum": { "Keys": [1, null] }, "Huge": 18_446_744_073_709_551_615_u64 });
    let all = run(Plan::new().pools([A]).fault(On::Pool(A), Fault::Members(news)));
    let [chunk] = &all.chunks[..] else { panic!("{all:?}") };
    let document = document(chunk);
    assert_eq!(document["UserPool"]["Quantum"]["Keys"], json!([1, null]));
    assert!(String::from_utf8_lossy(&chunk.bytes).contains("18446744073709551615"));
    assert_eq!(&*chunk.origin.name, "us-east-1");
}

#[test]
fn calls_keep_to_the_rate() {
    let ids: Vec<String> = (0..99).map(|i| format!("us-east-1_p{i:02}")).collect();
    let fake = Fake::start(Plan::new().pools(ids.iter().map(String::as_str)).bucket(100.0, 100.0));
    let start = Instant::now();
    let all = Delivered::of(read(Request { quotas: Quotas::every(100.0), ..request(&fake) }));
    assert_eq!((all.chunks.len(), all.unread), (99, vec![]));
    // 101 calls, of which half a second's worth may come at once.
    assert!(Duration::from_millis(450) < start.elapsed());
    let throttled = fake.requests().iter().filter(|seen| seen.status == Some(400)).count();
    assert!(throttled <= 1, "{throttled} calls were throttled");
}

#[test]
fn a_pool_that_vanished_is_no_failure_unless_it_was_asked_for() {
    let gone = |fault| Fake::start(Plan::new().pools([A, B]).fault(On::Pool(B), Fault::Error(fault)));
    let fake = gone("ResourceNotFoundException");
    let all = Delivered::of(read(request(&fake)));
    assert_eq!((all.ids(), all.unread.len(), all.notes.len()), (vec![A.to_owned()], 0, 1));
    let all = run_for(&fake, &[B], &[]);
    assert_eq!(all.only().code.as_deref(), Some("ResourceNotFoundException"));
    assert_eq!(all.only().target, B);
}

#[test]
fn an_id_needs_no_list() {
    let fake = Fake::start(Plan::new().pools([A, B, EU]));
    let all = run_for(&fake, &[EU, A], &[]);
    assert_eq!(all.ids(), [EU, A]);
    assert!(fake.requests().iter().all(|seen| seen.operation == "DescribeUserPool"));
    let all = run_for(&fake, &[EU], &["us-east-1"]);
    assert_eq!(all.only().message, "the pool is in eu-west-1, and only us-east-1 is read");
}

#[test]
fn an_arn_of_another_account_is_not_taken_for_it() {
    let fake = Fake::start(Plan::new().pools([A]));
    let own = "arn:aws:cognito-idp:us-east-1:111122223333:userpool/us-east-1_aaa";
    assert_eq!(run_for(&fake, &[own], &[]).ids(), [A]);
    let all = run_for(&fake, &[&own.replace("111122223333", "444455556666")], &[]);
    assert_eq!(all.ids().len(), 0);
    assert!(all.only().message.contains("444455556666") && all.only().message.contains("111122223333"));
}

#[test]
fn names_filter_the_list_of_every_region() {
    let fake = Fake::start(Plan::new().pools([A, B, EU]));
    let both = ["us-east-1", "eu-west-1"];
    assert_eq!(run_for(&fake, &["?aa", "e*"], &both).ids(), [EU, A]);
    let all = run_for(&fake, &["aaa", "zzz"], &both);
    assert_eq!(all.ids(), [A]);
    assert_eq!(all.only().message, "no pool matches `zzz` in eu-west-1, us-east-1");
}

#[test]
fn a_region_that_fails_leaves_the_others() {
    let plan = Plan::new().pools([A, EU]);
    let denied = Fault::Error("UnrecognizedClientException");
    let fake = Fake::start(plan.fault(On::Region("eu-west-1"), denied));
    let all = run_for(&fake, &[], &["eu-west-1", "us-east-1", "Mars 1", ""]);
    assert_eq!(all.ids(), [A]);
    let targets: Vec<&str> = all.unread.iter().map(|unread| unread.target.as_str()).collect();
    assert_eq!(targets, ["Mars 1", "eu-west-1"]);
}

#[test]
fn dropping_the_iterator_stops_the_calls() {
    let ids: Vec<String> = (0..200).map(|i| format!("us-east-1_p{i:03}")).collect();
    let fake = Fake::start(Plan::new().pools(ids.iter().map(String::as_str)));
    let mut deliveries = read(Request { quotas: Quotas::every(100.0), ..request(&fake) });
    assert!(matches!(deliveries.next(), Some(Delivery::Chunk(_))));
    drop(deliveries);
    std::thread::sleep(Duration::from_millis(100));
    let then = fake.requests().len();
    std::thread::sleep(Duration::from_millis(200));
    assert_eq!(fake.requests().len(), then);
}
