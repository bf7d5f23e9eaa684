//! Every verdict of many pools: reports read them from a temporary file, and have the bytes that they have from memory.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::atomic::{AtomicUsize, Ordering};

use cognito_lint::evaluate::{Detail, Evaluation, Options, evaluate_into};
use cognito_lint::finding::VerdictLog;
use cognito_lint::outcome::{FailurePolicy, outcome};
use cognito_lint::report::{self, Format, Report, Run, Show, Style};
use cognito_lint::source::input::{Input, open};
use cognito_lint::spool::MakeScratch;
use serde_json::json;

use crate::every_path::policy;

/// Pools of a file.
const POOLS: usize = 24;
const CLIENTS: usize = 100;

/// Rules with verdicts of every kind, many of which have long reasons.
const RULES: &str = r#"
[[rule]]
id = "name-of-client-long"
each = "Clients"
expect = { path = "ClientName", matches = "client" }
[[rule]]
id = "callback-of-client-open"
each = "Clients"
when = { path = "ClientName", matches = "-[0-4]" }
expect = { every = "CallbackURLs", expect = { matches = "^https:" } }
[[rule]]
id = "tier-low"
expect = { path = "UserPoolTier", equals = "PLUS" }
[[rule]]
id = "mfa-off"
expect = { path = "MfaConfiguration", not-equals = "OFF" }
"#;

/// Pools in two files, with more verdicts than are kept in memory.
fn write_pools(directory: &Path) {
    for file in 0..2 {
        let pool = |number: usize| {
            let number = number * 7 % POOLS;
            let client = |of: usize| {
                let url = if (of + number).is_multiple_of(40) {
                    "http://example.com"
                } else {
                    "https://example.com"
                };
                json!({
                    "ClientId": format!("{of:0120}"),
                    "ClientName": format!("client-{of}-of-a-pool-with-many-clients-{number:060}"),
                    "CallbackURLs": [url],
                })
            };
            let mfa = ["OFF", "ON", "OPTIONAL"][number % 3];
            json!({
                "Id": format!("eu-west-1_{file}{number:08}"),
                "Name": "a name that all have",
                "MfaConfiguration": mfa,
                "Clients": (0..CLIENTS).map(client).collect::<Vec<_>>(),
            })
        };
        let lines: Vec<String> = (0..POOLS).map(|number| pool(number).to_string()).collect();
        fs::write(directory.join(format!("{file}.ndjson")), lines.join("\n")).unwrap();
    }
    fs::write(directory.join("rules.toml"), RULES).unwrap();
}

fn judged(directory: &Path, log: VerdictLog, threads: usize) -> Evaluation {
    let options = Options { now: 0, full_coverage: false, evidence: true, detail: Detail::ALL, shard: None };
    let files = ["1.ndjson", "0.ndjson"].map(|file| Input::Path(directory.join(file)));
    let threads = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    let policy = policy(RULES);
    threads.install(|| evaluate_into(log, &policy, open(files.to_vec()), options))
}

/// The report in every format that shows verdicts.
fn written(evaluation: &Evaluation) -> Vec<(Format, Vec<u8>)> {
    use Format::{Compact, Html, Human, Json, Jsonl, Junit, Ocsf};

    let (policy, terms) = (policy(RULES), FailurePolicy::default());
    let (outcome, run) = (outcome(evaluation, terms), Run::default());
    let report = Report { evaluation, outcome, terms, policy: &policy, evidence: true, run };
    let style = Style { show: Show { verbose: true, ..Show::DEFAULT }, ..Style::PLAIN };
    let write = |format| {
        let mut out = Vec::new();
        report::write(format, &report, style, &mut out).unwrap();
        (format, out)
    };
    [Compact, Html, Human, Json, Jsonl, Junit, Ocsf].map(write).into()
}

#[test]
fn reports_have_the_same_bytes_from_a_file_as_from_memory() {
    static MADE: AtomicUsize = AtomicUsize::new(0);
    let counted: MakeScratch = || {
        MADE.fetch_add(1, Ordering::Relaxed);
        Ok(Box::new(tempfile::tempfile()?))
    };
    let none: MakeScratch = || Err(std::io::Error::other("there is no place for it"));
    let directory = tempfile::tempdir().unwrap();
    write_pools(directory.path());
    let from_memory = judged(directory.path(), VerdictLog::default(), 1);
    assert_eq!(from_memory.evidence.len(), 2 * POOLS * (2 * CLIENTS + 2));
    let wanted = written(&from_memory);
    for (log, threads, files) in [
        (VerdictLog::spilled(counted), 1, 1),
        (VerdictLog::spilled(counted), 3, 2),
        (VerdictLog::spilled(none), 2, 2),
    ] {
        let evaluation = judged(directory.path(), log, threads);
        for ((format, bytes), (_, wanted)) in written(&evaluation).iter().zip(&wanted) {
            assert!(bytes == wanted, "{format:?} on {threads} threads");
        }
        assert_eq!(MADE.load(Ordering::Relaxed), files);
    }
}

fn check(directory: &Path, temporary: &Path, report: &str) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_cognito-lint"));
    program.current_dir(directory).env("TMPDIR", temporary);
    let line =
        "check 0.ndjson 1.ndjson --no-config --rules rules.toml --today 2026-11-01 --evidence --report";
    program.args(line.split(' ')).arg(report).output().unwrap()
}

/// Nothing is left in the directory of temporary files, and one that cannot be written costs memory alone.
#[cfg(unix)]
#[test]
fn temporary_files_are_gone_whatever_happens() {
    let directory = tempfile::tempdir().unwrap();
    let temporary = tempfile::tempdir().unwrap();
    write_pools(directory.path());
    let output = check(directory.path(), temporary.path(), "compact");
    assert_eq!(output.status.code(), Some(3), "{output:?}");
    let elsewhere = check(directory.path(), &directory.path().join("nowhere"), "compact");
    assert_eq!(elsewhere, output);
    let failed = check(directory.path(), temporary.path(), "jsonl=/dev/full");
    assert_eq!(failed.status.code(), Some(2), "{failed:?}");
    assert!(String::from_utf8_lossy(&failed.stderr).contains("/dev/full cannot be written"), "{failed:?}");
    assert_eq!(fs::read_dir(temporary.path()).unwrap().count(), 0);
}
