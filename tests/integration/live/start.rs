//! Starts and ends of whole processes: the environment and signals belong to a process, so each of these tests
//! runs the test program again, with an environment of its own.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use cognito_lint::source::Delivery;
use cognito_lint::source::aws::read;
use cognito_lint::source::live::{Quotas, Request};

use crate::fake::{Fake, Fault, On, Plan};

/// Says to `child` that it is one, and which profile to use.
const PROFILE: &str = "COGNITO_LINT_TEST_PROFILE";
/// The time limit of the child, in milliseconds.
const LIMIT: &str = "COGNITO_LINT_TEST_LIMIT";

/// Reads what its environment says and prints what comes.
#[test]
#[ignore = "run by the other tests, in a process of its own"]
fn child() {
    let Ok(profile) = std::env::var(PROFILE) else {
        return;
    };
    let limit = std::env::var(LIMIT).ok().map(|limit| Duration::from_millis(limit.parse().unwrap()));
    let request = Request {
        profile: Some(profile),
        time_limit: limit,
        quotas: Quotas::every(100.0),
        operation_timeout: Duration::from_secs(20),
        ..Request::default()
    };
    for delivery in read(request) {
        match delivery {
            Delivery::Chunk(chunk) => println!("\nchunk of {}", chunk.origin.name),
            other => println!("\n{other:?}"),
        }
    }
}

/// A process that sees these variables, these configuration files and a metadata service that never answers.
struct Process {
    command: Command,
    // Both live as long as the process.
    _metadata: TcpListener,
    _files: tempfile::TempDir,
}

fn process(profile: &str, config: &str, variables: &[(&str, &str)]) -> Process {
    let metadata = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", metadata.local_addr().unwrap());
    let files = tempfile::tempdir().unwrap();
    let path = files.path().join("config");
    std::fs::write(&path, config).unwrap();
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["--exact", "live::start::child", "--ignored", "--nocapture"])
        .env_clear()
        .env("HOME", files.path())
        .env("AWS_CONFIG_FILE", path)
        .env("AWS_EC2_METADATA_SERVICE_ENDPOINT", url)
        .env(PROFILE, profile)
        .envs(variables.iter().copied())
        .stdout(Stdio::piped());
    Process { command, _metadata: metadata, _files: files }
}

/// The output of the child process, and its duration.
fn said(profile: &str, config: &str, variables: &[(&str, &str)]) -> (String, Duration) {
    let start = Instant::now();
    let output = process(profile, config, variables).command.output().unwrap();
    (String::from_utf8(output.stdout).unwrap(), start.elapsed())
}

const KEYS: [(&str, &str); 2] = [("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"), ("AWS_SECRET_ACCESS_KEY", "secret")];
const REGION: (&str, &str) = ("AWS_REGION", "us-east-1");

/// Profile, configuration file, environment, and parts of what is said.
type Case<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str)], &'a [&'a str]);

#[test]
fn a_start_that_fails_says_so_at_once() {
    let sso = "[profile sso]\nsso_session = s\nsso_account_id = 111122223333\nsso_role_name = r\n\
               [sso-session s]\nsso_region = us-east-1\nsso_start_url = https://example.com/start\n";
    let cases: [Case; 9] = [
        ("", "", &[REGION], &["AWS credentials", "there are none", "run `aws configure`"]),
        ("", "", &KEYS, &["AWS Region", "no Region is set", "pass `--region`"]),
        ("", "", &[KEYS[0], KEYS[1], ("AWS_REGION", " "), ("AWS_DEFAULT_REGION", "")], &["no Region is set"]),
        ("", "", &[], &["no Region is set"]),
        ("prodd", "[profile prod]\n", &[REGION], &["profile `prodd`", "did you mean `prod`?"]),
        ("", "", &[REGION, ("AWS_PROFILE", "x")], &["profile `x`", "aws configure --profile x"]),
        ("", "[profile a\nregion = x\n", &KEYS, &["AWS configuration", "on line 1"]),
        ("sso", sso, &[REGION], &["profile `sso`", "run `aws sso login --profile sso`"]),
        // An empty profile must not fall back to the keys of the environment.
        (
            "bare",
            "[profile bare]\n",
            &[REGION, KEYS[0], KEYS[1]],
            &["profile `bare`", "there are none", "aws configure --profile bare"],
        ),
    ];
    for (profile, config, variables, parts) in cases {
        let (text, took) = said(profile, config, variables);
        assert_eq!(text.matches("Unread(Unread").count(), 1, "{text}");
        for part in parts {
            assert!(text.contains(part), "no `{part}` in {text}");
        }
        assert!(took < Duration::from_secs(2), "{took:?} for {text}");
    }
}

#[test]
#[cfg(unix)]
fn credentials_that_never_come_end_with_the_time_for_the_run() {
    let profile = "[profile p]\ncredential_process = /bin/sleep 60\n";
    let (text, took) = said("p", profile, &[REGION, (LIMIT, "200")]);
    assert!(text.contains("the time limit of 200 ms has passed; not all was read"), "{text}");
    assert!(took < Duration::from_secs(15), "{took:?}");
}

#[test]
fn settings_of_the_environment_and_the_profile_are_used() {
    let fake = Fake::start(Plan::new().pools(["eu-west-1_eee", "us-east-1_aaa"]));
    let url = ("AWS_ENDPOINT_URL", &*fake.url());
    let (text, _) = said("", "", &[KEYS[0], KEYS[1], url, ("AWS_DEFAULT_REGION", "eu-west-1")]);
    assert!(text.contains("chunk of eu-west-1"), "{text}");
    let profile = format!(
        "[profile p]\nregion = us-east-1\naws_access_key_id = AKIDEXAMPLE\naws_secret_access_key = s\n\
         endpoint_url = {}\n",
        fake.url()
    );
    // The SDK panics on its own at a bad AWS_RETRY_MODE.
    let (text, _) = said("p", &profile, &[("AWS_RETRY_MODE", "bogus"), ("AWS_MAX_ATTEMPTS", "0")]);
    assert!(text.contains("chunk of us-east-1"), "{text}");
}

/// Sends a signal when the first pool is there, and gives what the child says from then on.
fn interrupted(signal: &str) -> (String, Duration) {
    let ids: Vec<String> = (0..500).map(|i| format!("us-east-1_p{i:03}")).collect();
    let plan = Plan::new().pools(ids.iter().map(String::as_str));
    // One call is in flight for good.
    let fake = Fake::start(plan.fault(On::Pool("us-east-1_p000"), Fault::Stall));
    let mut process = process("", "", &[KEYS[0], KEYS[1], REGION, ("AWS_ENDPOINT_URL", &fake.url())]);
    let mut child: Child = process.command.spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    assert!(lines.any(|line| line.starts_with("chunk")));
    let start = Instant::now();
    let kill = Command::new("kill").args([signal, &child.id().to_string()]).status();
    assert!(kill.unwrap().success());
    let rest: Vec<String> = lines.collect();
    assert!(child.wait().unwrap().success());
    (rest.join("\n"), start.elapsed())
}

#[test]
#[cfg(unix)]
fn a_signal_ends_the_reading_and_is_told() {
    for (signal, name) in [("-INT", "Interrupted(Int)"), ("-TERM", "Interrupted(Term)")] {
        let (text, took) = interrupted(signal);
        assert!(text.contains(name), "{text}");
        assert!(text.matches("chunk").count() < 400);
        assert!(took < Duration::from_secs(4), "{took:?}");
    }
}
