//! Live pools at the service's quota and without one, beside the plain SDK.
//!
//! `cargo bench --bench quota` prints two tables; it needs Linux and some minutes, in which it mostly waits. The
//! service is the fake of the tests, in a process of its own, as is each reader.
//!
//! The first table: 300 pools at 60 a page, so 305 calls, at quotas that are as the reader believes (15 a second)
//! or lower. The ideal is (calls - burst) / rate. The second: 10,000 pools as fast as they come.
//!
//! Measured on 24 November 2026 on two cores that others used too (seconds as a multiple of the ideal; what is
//! not 300 of 300 pools was given up by the SDK):
//!
//! | quota | cognito-lint | SDK, standard retry | SDK, adaptive retry |
//! |---|---|---|---|
//! | 15/s, burst 15 | 300 in 1.02, 0.0 % throttled | 46 in 0.16, 88 % | 278 in 1.97, 31 % |
//! | 10/s, burst 10 | 300 in 1.01, 3.8 % throttled | 30 in 0.10, 92 % | 260 in 1.31, 39 % |
//! | 8/s, burst 8 | 300 in 1.00, 4.4 % throttled | 25 in 0.09, 93 % | 254 in 1.05, 41 % |
//! | 5/s, burst 5 | 300 in 1.00, 6.7 % throttled | 13 in 0.05, 96 % | 243 in 1.20, 43 % |
//!
//! Without a quota (medians of five runs in turn): 9,117 requests a second, 0.91 processor seconds and 13.1 MiB; the
//! SDK on one thread 10,345, 0.75 and 11.9; the SDK with a thread for each core 7,402, 1.25 and 13.2.

#![expect(
    unreachable_pub,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "the fake is shared with the tests, and this is a program that measures processes of its own"
)]

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use aws_config::retry::RetryConfig;
use aws_config::{BehaviorVersion, Region};
use aws_credential_types::Credentials;
use aws_sdk_cognitoidentityprovider::Client;
use cognito_lint::source::Delivery;
use cognito_lint::source::aws::read;
use cognito_lint::source::live::{Quotas, Request};
use tokio::task::JoinSet;

#[path = "../tests/integration/fake.rs"]
mod fake;

use fake::{Fake, Plan};

const REGION: &str = "us-east-1";
const POOLS: u32 = 300;
const MANY: u32 = 10_000;
/// Runs of each reader of the second table, in turn.
const RUNS: usize = 5;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words[..] {
        ["fake", rate, burst, pools] => serve(number(rate), number(burst), pools.parse().expect("a number")),
        ["ours", url, rps] => told(|| ours(url, rps)),
        ["plain", url, retry, concurrency, threads] => {
            told(|| plain(url, retry, concurrency.parse().expect("a number"), threads));
        }
        _ if words.contains(&"--bench") => {
            at_quotas();
            without_quota();
        }
        _ => println!("cargo bench --bench quota"),
    }
}

fn number(text: &str) -> f64 {
    text.parse().expect("a number")
}

/// The service, until its standard input ends. Then it says how many calls came and how many it throttled.
fn serve(rate: f64, burst: f64, pools: u32) {
    let ids: Vec<String> = (0..pools).map(|i| format!("{REGION}_p{i:05}")).collect();
    let plan = Plan::new().pools(ids.iter().map(String::as_str));
    let fake = Fake::start(if rate > 0.0 { plan.bucket(rate, burst) } else { plan });
    println!("{}", fake.url());
    std::io::stdin().read_to_end(&mut Vec::new()).expect("standard input");
    let seen = fake.requests();
    println!("{} {}", seen.len(), seen.iter().filter(|seen| seen.status == Some(400)).count());
}

/// Says how many pools were read, and what that took: seconds, processor seconds, peak of memory in KiB.
fn told(work: impl FnOnce() -> usize) {
    let start = Instant::now();
    let pools = work();
    let seconds = start.elapsed().as_secs_f64();
    let times = std::fs::read_to_string("/proc/self/stat").expect("Linux");
    // After the name, which may hold spaces, utime and stime are the 12th and 13th, in hundredths of a second.
    let after = times.rsplit_once(')').expect("a name").1;
    let ticks: f64 = after.split_whitespace().skip(11).take(2).map(number).sum();
    let memory = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let peak = memory.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a peak");
    println!("{pools} {seconds} {} {}", ticks / 100.0, peak.trim().trim_end_matches(" kB"));
}

/// As the program reads by default, but for the quota that it believes in.
fn ours(url: &str, rps: &str) -> usize {
    let request = Request {
        regions: vec![REGION.to_owned()],
        endpoint_url: Some(url.to_owned()),
        quotas: if rps == "default" { Quotas::default() } else { Quotas::every(number(rps)) },
        credentials: Some(("AKIDEXAMPLE".to_owned(), "secret".to_owned())),
        ..Request::default()
    };
    read(request).filter(|delivery| matches!(delivery, Delivery::Chunk(_))).count()
}

/// A short program with the SDK: all pages, then a number of pools concurrently.
fn plain(url: &str, retry: &str, concurrency: usize, threads: &str) -> usize {
    let mut builder = match threads {
        "one" => tokio::runtime::Builder::new_current_thread(),
        _ => tokio::runtime::Builder::new_multi_thread(),
    };
    let retry = if retry == "adaptive" { RetryConfig::adaptive() } else { RetryConfig::standard() };
    builder.enable_all().build().expect("a runtime").block_on(async {
        let config = aws_config::defaults(BehaviorVersion::latest())
            .region(Region::new(REGION))
            .endpoint_url(url)
            .credentials_provider(Credentials::new("AKIDEXAMPLE", "secret", None, None, "given"))
            .retry_config(retry.with_max_attempts(3))
            .load()
            .await;
        let client = Client::new(&config);
        let mut ids = Vec::new();
        let mut pages = client.list_user_pools().max_results(60).into_paginator().send();
        while let Some(Ok(page)) = pages.next().await {
            ids.extend(page.user_pools().iter().filter_map(|pool| pool.id().map(str::to_owned)));
        }
        let (mut calls, mut read) = (JoinSet::new(), 0);
        for id in ids {
            if calls.len() == concurrency {
                read += usize::from(calls.join_next().await.is_some_and(|call| call.unwrap_or(false)));
            }
            let call = client.describe_user_pool().user_pool_id(id);
            calls.spawn(async move { call.send().await.is_ok() });
        }
        read + calls.join_all().await.into_iter().filter(|read| *read).count()
    })
}

/// The result of one reader, and the calls that the service received.
#[derive(Clone, Copy, Debug)]
struct Run {
    read: f64,
    seconds: f64,
    processor: f64,
    mebibytes: f64,
    requests: f64,
    throttled: f64,
}

/// This program as another process.
fn process(words: &[&str]) -> Child {
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command.args(words).stdin(Stdio::piped()).stdout(Stdio::piped());
    // Whatever is configured on this machine stays out of it.
    command.env_clear().env("AWS_EC2_METADATA_DISABLED", "true");
    command.env("AWS_CONFIG_FILE", "no such file").env("AWS_SHARED_CREDENTIALS_FILE", "no such file");
    command.spawn().expect("a process")
}

fn numbers(line: &str) -> Vec<f64> {
    line.split_whitespace().map(number).collect()
}

/// Runs a reader against a service of its own. The second word is the place of the URL.
fn measure(reader: &[&str], (rate, burst): (f64, f64), pools: u32) -> Run {
    let mut service = process(&["fake", &rate.to_string(), &burst.to_string(), &pools.to_string()]);
    let mut said = BufReader::new(service.stdout.take().expect("a pipe")).lines();
    let mut next = || said.next().expect("a line").expect("text");
    let url = next();
    let words: Vec<&str> = [&reader[..1], &[url.as_str()], &reader[1..]].concat();
    let output = process(&words).wait_with_output().expect("an end");
    let one = numbers(&String::from_utf8_lossy(&output.stdout));
    drop(service.stdin.take());
    let two = numbers(&next());
    service.wait().expect("an end");
    let ([read, seconds, processor, kibibytes], [requests, throttled]) = (&one[..], &two[..]) else {
        panic!("{one:?} {two:?}");
    };
    Run {
        read: *read,
        seconds: *seconds,
        processor: *processor,
        mebibytes: kibibytes / 1024.0,
        requests: *requests,
        throttled: *throttled,
    }
}

/// All at once: each waits for its own service nearly all of the time.
fn at_quotas() {
    let quotas = [(15.0, 15.0), (10.0, 10.0), (8.0, 8.0), (5.0, 5.0)];
    let readers: [(&str, &[&str]); 3] = [
        ("cognito-lint", &["ours", "default"]),
        ("SDK, standard retry, 3 attempts", &["plain", "standard", "64", "one"]),
        ("SDK, adaptive retry, 3 attempts", &["plain", "adaptive", "64", "one"]),
    ];
    println!("| quota | reader | read | seconds | of the ideal | requests | throttled |");
    println!("|---|---|---|---|---|---|---|");
    let calls = f64::from(POOLS + POOLS.div_ceil(60));
    let cases: Vec<_> = quotas.iter().flat_map(|quota| readers.map(|reader| (*quota, reader))).collect();
    let runs: Vec<_> = cases
        .iter()
        .map(|(quota, (_, words))| {
            let (quota, words) = (*quota, *words);
            thread::spawn(move || measure(words, quota, POOLS))
        })
        .collect();
    for ((quota, (name, _)), run) in cases.iter().zip(runs) {
        let run = run.join().expect("a run");
        let times = run.seconds * quota.0 / (calls - quota.1);
        let share = 100.0 * run.throttled / run.requests;
        println!(
            "| {}/s, burst {} | {name} | {} | {:.1} | {times:.2} | {} | {} ({share:.1} %) |",
            quota.0, quota.1, run.read, run.seconds, run.requests, run.throttled
        );
        std::io::stdout().flush().expect("standard output");
    }
}

/// In turn, and the median of each column.
fn without_quota() {
    let readers: [(&str, &[&str]); 3] = [
        ("cognito-lint", &["ours", "1000000"]),
        ("SDK, one thread", &["plain", "standard", "16", "one"]),
        ("SDK, a thread for each core", &["plain", "standard", "16", "all"]),
    ];
    let mut runs = readers.map(|_| Vec::new());
    for _ in 0..RUNS {
        for (runs, (_, words)) in runs.iter_mut().zip(readers) {
            runs.push(measure(words, (0.0, 0.0), MANY));
            thread::sleep(Duration::from_millis(200));
        }
    }
    println!("\n| reader of {MANY} pools | read | requests a second | processor seconds | peak MiB |");
    println!("|---|---|---|---|---|");
    for ((name, _), runs) in readers.iter().zip(runs) {
        let median = |of: fn(&Run) -> f64| {
            let mut column: Vec<f64> = runs.iter().map(of).collect();
            column.sort_by(f64::total_cmp);
            column[column.len() / 2]
        };
        println!(
            "| {name} | {} | {:.0} | {:.2} | {:.1} |",
            median(|run| run.read),
            median(|run| run.requests / run.seconds),
            median(|run| run.processor),
            median(|run| run.mebibytes),
        );
    }
}
