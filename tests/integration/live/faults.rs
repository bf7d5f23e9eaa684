//! Faults, and their messages.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use cognito_lint::pool::Section;
use cognito_lint::source::aws::read;
use cognito_lint::source::live::{Quotas, Request};
use serde_json::json;

use super::{A, B, C, Delivered, EU, request, run, run_for};
use crate::fake::{Fake, Fault, On, Plan, pool};

#[test]
fn an_error_of_one_pool_leaves_the_others() {
    let cases = [
        ("InvalidParameterException", "the service refuses the request: ", 1),
        ("NotAuthorizedException", "access denied: ", 1),
        ("UserPoolTaggingException", "The tags of", 1),
        ("OperationNotEnabledException", "This operation", 1),
        ("AccessDeniedException", "access denied: ", 1),
        ("InternalErrorException", "the service failed in 3 tries: ", 3),
        ("ServiceUnavailable", "the service failed in 3 tries: ", 3),
        ("SomethingNewException", "Refused", 1),
    ];
    for (code, message, tries) in cases {
        let fake = Fake::start(Plan::new().pools([A, B, C]).fault(On::Pool(B), Fault::Error(code)));
        let all = Delivered::of(read(request(&fake)));
        assert_eq!(all.ids(), [A, C], "{code}");
        let unread = all.only();
        assert_eq!(unread.target, "bbb (us-east-1_bbb)");
        assert_eq!(unread.code.as_deref(), Some(code));
        assert_eq!(unread.operation.as_deref(), Some("DescribeUserPool"));
        assert!(unread.message.starts_with(message), "{unread:?}");
        assert_eq!(fake.describes(B), tries, "{code}");
    }
}

#[test]
fn a_denial_says_what_to_allow() {
    let all = run(Plan::new().pools([A, B]).fault(On::Pool(B), Fault::Error("AccessDeniedException")));
    let help = all.only().help.clone().unwrap();
    assert!(help.starts_with("allow `cognito-idp:DescribeUserPool` on `arn:aws:cognito-idp:us-east-1:"));
    let all = run(Plan::new().pools([A]).fault(On::List, Fault::Error("AccessDeniedException")));
    assert_eq!(all.only().target, "us-east-1");
    assert_eq!(all.only().help.as_deref(), Some("allow `cognito-idp:ListUserPools` on `*`"));
}

#[test]
fn bad_credentials_end_the_region_with_one_word() {
    for code in ["ExpiredTokenException", "UnrecognizedClientException", "InvalidSignatureException"] {
        let ids: Vec<String> = (0..30).map(|i| format!("us-east-1_p{i:02}")).collect();
        let plan = Plan::new().pools(ids.iter().map(String::as_str));
        let fake = Fake::start(plan.fault(On::Describe, Fault::Error(code)));
        let all = Delivered::of(read(request(&fake)));
        assert_eq!(all.only().target, "us-east-1");
        assert!(all.only().message.ends_with("known pools were not read"), "{all:?}");
        assert!(fake.requests().len() <= 10, "{code}: it went on");
    }
    let all = run(Plan::new().pools([A]).fault(On::List, Fault::Error("ExpiredTokenException")));
    assert_eq!(all.only().operation.as_deref(), Some("ListUserPools"));
    assert!(all.only().help.as_deref().unwrap().contains("aws sso login"));
}

#[test]
fn a_throttle_that_clears_is_waited_for() {
    for code in
        ["TooManyRequestsException", "ThrottlingException", "com.amazonaws.cognito#TooManyRequestsException"]
    {
        let plan =
            Plan::new().pools([A, B]).fault_times(5, On::Pool(A), Fault::Said(400, code, "Rate exceeded"));
        let all = run(plan.fault_times(2, On::List, Fault::Error("TooManyRequestsException")));
        assert_eq!((all.ids(), all.unread), (vec![A.to_owned(), B.to_owned()], vec![]), "{code}");
    }
}

#[test]
fn a_throttle_that_stays_ends() {
    let fake =
        Fake::start(Plan::new().pools([A]).fault(On::Pool(A), Fault::Error("TooManyRequestsException")));
    // So fast that the cuts of the pace do not take longer than the patience.
    let all = Delivered::of(read(Request { quotas: Quotas::every(1e7), ..request(&fake) }));
    assert_eq!(all.only().message, "throttled in 20 tries: Rate exceeded");
    assert_eq!(fake.describes(A), 20);
}

#[test]
fn faults_of_the_wire_are_tried_again_then_told() {
    let html = |status| Fault::Raw(status, "text/html", b"<html>".to_vec());
    let cases = [
        ("us-east-1_f0", Fault::Reset, "the connection failed in 3 tries: "),
        ("us-east-1_f1", Fault::Cut, "the connection failed in 3 tries: "),
        ("us-east-1_f2", Fault::Half, "the answer cannot be read: "),
        ("us-east-1_f3", Fault::Stall, "no answer in time in 3 tries"),
        ("us-east-1_f4", Fault::Slow(Duration::from_secs(1)), "no answer in time in 3 tries"),
        ("us-east-1_f5", html(500), "the service failed in 3 tries: HTTP status 500, "),
        ("us-east-1_f6", html(200), "the answer cannot be read: HTTP status 200, "),
        ("us-east-1_f7", html(403), "the answer cannot be read: HTTP status 403, "),
        ("us-east-1_f8", Fault::Raw(404, "", vec![]), "the answer cannot be read: HTTP status 404, "),
        ("us-east-1_f9", Fault::Drip(Duration::from_millis(20)), "no answer in time in 3 tries"),
    ];
    let plan = cases.iter().fold(Plan::new().pools([A]), |plan, (id, ..)| plan.pool(pool(id)));
    let always =
        cases.iter().fold(plan.clone(), |plan, (id, fault, _)| plan.fault(On::Pool(id), fault.clone()));
    let all = run(always);
    assert_eq!((all.ids(), all.unread.len()), (vec![A.to_owned()], cases.len()));
    for ((id, fault, message), unread) in cases.iter().zip(&all.unread) {
        assert!(unread.target.ends_with(&format!("({id})")));
        assert!(unread.message.starts_with(message), "{fault:?}: {unread:?}");
        assert!(!unread.message.contains("dispatch failure"), "{unread:?}");
        assert!(unread.help.is_some(), "{unread:?}");
    }
    let twice =
        cases.iter().fold(plan, |plan, (id, fault, _)| plan.fault_times(2, On::Pool(id), fault.clone()));
    let all = run(twice);
    assert_eq!((all.ids().len(), all.unread), (1 + cases.len(), vec![]));
}

#[test]
fn an_answer_without_an_end_is_broken_off() {
    let mut long = format!(r#"{{"UserPool":{{"Id":"{B}","Name":""#).into_bytes();
    long.resize(34_000_000, b'x');
    let fake = Fake::start(Plan::new().pools([A, B]).fault(On::Pool(B), Fault::Raw(200, "", long)));
    let limit = Duration::from_mins(1);
    let patient = Request { attempt_timeout: limit, operation_timeout: limit, ..request(&fake) };
    let all = Delivered::of(read(patient));
    assert_eq!(all.ids(), [A]);
    assert!(all.only().message.ends_with("the answer is larger than 32 MB"), "{:?}", all.only());
}

#[test]
fn an_answer_is_taken_at_its_word_only() {
    let text = format!(r#"{{"UserPool":{{"Id":"{B}","Name":"x","Odd":""#).into_bytes();
    let latin = [&text[..], b"\xe9\"}}"].concat();
    let all = run(Plan::new().pools([B]).fault(On::Pool(B), Fault::Raw(200, "", latin)));
    assert!(all.only().message.starts_with("the answer cannot be read: "), "{:?}", all.only());
    let other = json!({ "UserPool": pool(A) }).to_string().into_bytes();
    let all = run(Plan::new().pools([B]).fault(On::Pool(B), Fault::Raw(200, "", other)));
    assert!(all.only().message.ends_with("it is about another pool, us-east-1_aaa"));
    let all = run(Plan::new().pools([A]).fault(On::Any, Fault::ContentType("text/plain")));
    assert_eq!(all.ids(), [A]);
}

#[test]
fn a_list_that_is_none_is_not_an_empty_one() {
    let bodies = [
        "",
        "{}",
        r#"{"__type":"InternalErrorException"}"#,
        r#"{"UserPools":[null]}"#,
        r#"{"UserPools":[{}]}"#,
    ];
    for body in bodies {
        let plan = Plan::new().pools([A, EU]);
        let fake =
            Fake::start(plan.fault(On::Region("us-east-1"), Fault::Raw(200, "", body.as_bytes().to_vec())));
        let all = run_for(&fake, &[], &["us-east-1", "eu-west-1"]);
        assert_eq!(all.ids().len(), 1, "{body}");
        assert_eq!(all.only().operation.as_deref(), Some("ListUserPools"), "{body}");
    }
}

#[test]
fn what_was_under_way_when_the_credentials_ran_out_still_counts() {
    let plan = Plan::new().pools([A, B, C]).fault(On::Pool(A), Fault::Slow(Duration::from_millis(100)));
    let all = run(plan.fault(On::Pool(B), Fault::Error("ExpiredTokenException")));
    assert_eq!(all.ids(), [A, C]);
    assert!(all.only().message.ends_with("; 1 known pool was not read"), "{all:?}");
    // The same when it is the second page of the list.
    let plan =
        Plan::new().pools([A, C]).page_size(1).fault(On::Pool(A), Fault::Slow(Duration::from_millis(100)));
    let first = Fault::Slow(Duration::ZERO);
    let plan = plan.fault_times(1, On::List, first).fault(On::List, Fault::Error("ExpiredTokenException"));
    let all = run(plan);
    assert_eq!(all.ids(), [A]);
    assert_eq!(all.only().operation.as_deref(), Some("ListUserPools"));
}

/// A listener that must receive nothing, and what it received.
fn trap() -> (SocketAddr, Arc<Mutex<Vec<u8>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (address, came) = (listener.local_addr().unwrap(), Arc::new(Mutex::new(Vec::new())));
    let caught = Arc::clone(&came);
    std::thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let mut some = [0; 4096];
            let length = stream.read(&mut some).unwrap_or(0);
            caught.lock().unwrap().extend([b"connected: ", &some[..length]].concat());
            _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
        }
    });
    (address, came)
}

#[test]
fn a_redirect_is_told_and_never_followed() {
    let (address, came) = trap();
    for status in [301, 302, 303, 307, 308] {
        for host in ["127.0.0.1", "localhost"] {
            let to = Fault::Redirect(status, format!("http://{host}:{}/", address.port()));
            let all = run(Plan::new().pools([A, B]).fault(On::Pool(B), to));
            assert_eq!(all.ids(), [A]);
            let said =
                format!("the answer cannot be read: HTTP status {status}, a redirect, which is not followed");
            assert_eq!(all.only().message, said);
        }
    }
    let all = run(Plan::new().fault(On::Any, Fault::Redirect(307, format!("http://{address}/"))));
    assert_eq!(all.only().operation.as_deref(), Some("ListUserPools"));
    assert_eq!(String::from_utf8_lossy(&came.lock().unwrap()), "");
}

#[test]
fn a_service_that_is_gone_is_given_up() {
    let ids: Vec<String> = (0..40).map(|i| format!("us-east-1_p{i:02}")).collect();
    let plan = Plan::new().pools(ids.iter().map(String::as_str));
    let fake = Fake::start(plan.fault(On::Describe, Fault::Reset));
    let all = Delivered::of(read(request(&fake)));
    assert_eq!(all.unread.len(), 11);
    assert!(all.unread.iter().any(|unread| unread.message.ends_with("30 known pools were not read")));
}

#[test]
fn a_page_token_that_repeats_ends_the_list() {
    let plan = Plan::new().pools([A, B, C]).page_size(2);
    let fake = Fake::start(plan.fault(On::List, Fault::RepeatToken));
    let all = Delivered::of(read(request(&fake)));
    assert_eq!(all.ids(), [A, B]);
    assert!(all.only().message.starts_with("the service repeated a page token"));
    assert_eq!(fake.requests().iter().filter(|seen| seen.operation == "ListUserPools").count(), 2);
}

/// A list may have many pages, and one without an end is given up, with a message that says so.
#[test]
fn tokens_that_differ_are_not_repeated_ones() {
    let lists = |fake: &Fake| fake.requests().iter().filter(|seen| seen.operation == "ListUserPools").count();
    let of =
        |pages| Fake::start(Plan::new().pools([A, B, C]).page_size(2).fault(On::List, Fault::Tokens(pages)));
    // The last two pages are those with the pools.
    let fake = of(999);
    let all = Delivered::of(read(request(&fake)));
    assert_eq!((all.ids(), all.unread.len(), lists(&fake)), (vec![A.into(), B.into(), C.into()], 0, 1001));
    let fake = of(usize::MAX);
    let all = Delivered::of(read(request(&fake)));
    assert_eq!(all.only().message, "the list is not at its end after 1000 pages");
    assert_eq!(lists(&fake), 1001);
    // The same of a list of a pool's parts.
    let plan = Plan::new().pools([A]).fault(On::Operation("ListUserPoolClients"), Fault::Tokens(usize::MAX));
    let fake = Fake::start(plan);
    let all = Delivered::of(read(Request { sections: [Section::Clients].into(), ..request(&fake) }));
    let [chunk] = &all.chunks[..] else { panic!("{all:?}") };
    assert!(chunk.unread[0].1.contains("not at its end after 1000 pages"), "{:?}", chunk.unread);
}

#[test]
fn a_host_that_is_not_there_is_named() {
    let fake = Fake::start(Plan::new());
    let at =
        |url: &str| Delivered::of(read(Request { endpoint_url: Some(url.to_owned()), ..request(&fake) }));
    // A label of 64 letters is refused without asking a server.
    let all = at(&format!("http://{}.example", "x".repeat(64)));
    assert!(all.only().message.starts_with("the service's host has no address"), "{all:?}");
    let all = at("http://127.0.0.1:1");
    assert!(all.only().message.contains("Connection refused"), "{all:?}");
    let all = at("not a url");
    assert_eq!(all.unread.len(), 1, "{all:?}");
}
