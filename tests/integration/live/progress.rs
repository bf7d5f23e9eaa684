//! Progress of a run: counts, requests, and lines on a terminal.

use std::process::{Command, Output};
use std::sync::Mutex;

use cognito_lint::source::aws::read;
use cognito_lint::source::live::{Attempt, Progress, RegionProgress, Request};

use super::{A, B, C, Delivered, EU, request};
use crate::fake::{Fake, Fault, On, Plan};

#[test]
fn counts_come_to_what_was_done() {
    let plan = Plan::new().pools([A, B, C, EU]).page_size(2);
    let plan = plan.fault_times(2, On::Pool(B), Fault::Error("TooManyRequestsException"));
    let fake = Fake::start(plan.fault(On::Pool(C), Fault::Error("AccessDeniedException")));
    let progress = Progress::default();
    let regions = ["us-east-1", "eu-west-1"].map(str::to_owned).into();
    let all = Delivered::of(read(Request { regions, progress: progress.clone(), ..request(&fake) }));
    assert_eq!((all.chunks.len(), all.unread.len()), (3, 1));
    let mut regions = progress.regions();
    regions.sort_by_key(|region| region.listed);
    let done = |place: &str, pools, requests, throttled| RegionProgress {
        place: place.to_owned(),
        listed: pools,
        finished: pools,
        requests,
        throttled,
        listed_all: true,
        done: true,
    };
    // Two pages of the list, and four calls that were answered or denied, beside two that were throttled.
    assert_eq!(regions, [done("eu-west-1", 1, 2, 0), done("us-east-1", 3, 2 + 3 + 2, 2)]);
}

/// The calls of `log`, which cannot capture anything.
static TOLD: Mutex<Vec<String>> = Mutex::new(Vec::new());

fn note(attempt: &Attempt<'_>) {
    let Attempt { place, operation, target, number, outcome, request_id, .. } = attempt;
    let line = format!("{place} {operation} {target} {number}: {outcome} {}", request_id.unwrap_or("-"));
    TOLD.lock().unwrap().push(line);
}

#[test]
fn every_attempt_is_told_with_what_came_of_it() {
    let plan = Plan::new().pools([A, B, C, EU]);
    let plan = plan.fault_times(1, On::Pool(A), Fault::Error("TooManyRequestsException"));
    let plan = plan.fault_times(1, On::Pool(B), Fault::Stall).fault_times(1, On::Pool(C), Fault::Reset);
    let fake = Fake::start(plan);
    let all = Delivered::of(read(Request { progress: Progress::new(Some(note)), ..request(&fake) }));
    assert_eq!(all.unread, []);
    let mut told = TOLD.lock().unwrap().clone();
    told.sort();
    let id = "00000000-0000-4000-8000-000000000000";
    let expected = [
        format!("us-east-1 DescribeUserPool {A} 1: 400 TooManyRequestsException {id}"),
        format!("us-east-1 DescribeUserPool {A} 2: 200 {id}"),
        format!("us-east-1 DescribeUserPool {B} 1: no answer -"),
        format!("us-east-1 DescribeUserPool {B} 2: 200 {id}"),
        format!("us-east-1 DescribeUserPool {C} 1: no answer -"),
        format!("us-east-1 DescribeUserPool {C} 2: 200 {id}"),
        format!("us-east-1 ListUserPools  1: 200 {id}"),
    ];
    assert_eq!(told, expected);
}

/// Enough pools in three Regions for some seconds at the service's quotas.
fn many() -> Fake {
    let regions = ["us-east-1", "eu-west-1", "ap-south-1"];
    let ids: Vec<String> = (0..120).map(|i| format!("{}_p{i}", regions[i % 3])).collect();
    Fake::start(Plan::new().pools(ids.iter().map(String::as_str)))
}

const SECRET: &str = "wJalrXUtnFEMIexamplekey";

/// The program in an environment where AWS is the fake.
fn arguments(fake: &Fake, more: &[&str]) -> Vec<String> {
    let regions = ["--region", "us-east-1", "--region", "eu-west-1", "--region", "ap-south-1"];
    let url = fake.url();
    let own = ["check", "--no-config", "--report", "compact", "--endpoint-url", &url];
    [&[env!("CARGO_BIN_EXE_cognito-lint")], &own[..], &regions, more]
        .concat()
        .into_iter()
        .map(str::to_owned)
        .collect()
}

fn environment(command: &mut Command, files: &tempfile::TempDir) {
    command
        .env_clear()
        .env("HOME", files.path())
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
        .env("AWS_SECRET_ACCESS_KEY", SECRET)
        .env("AWS_EC2_METADATA_DISABLED", "true");
}

fn piped(fake: &Fake, more: &[&str]) -> Output {
    let files = tempfile::tempdir().unwrap();
    let words = arguments(fake, more);
    let mut command = Command::new(&words[0]);
    environment(&mut command, &files);
    command.args(&words[1..]).output().unwrap()
}

#[test]
fn nothing_is_shown_where_nobody_looks_and_requests_where_they_are_asked_for() {
    let fake = many();
    let quiet = piped(&fake, &["--pool", "p?", "--pool", "p1?"]);
    assert_eq!(String::from_utf8(quiet.stderr).unwrap(), "");
    let before = fake.requests().len();
    let verbose = piped(&fake, &["--pool", "p?", "--verbose"]);
    assert_eq!(verbose.stdout.is_empty(), quiet.stdout.is_empty());
    let said = String::from_utf8(verbose.stderr).unwrap();
    assert_eq!(said.lines().count(), fake.requests().len() - before);
    assert!(said.lines().all(|line| line.contains(": try 1: 200 after ")), "{said}");
    assert!(said.contains("eu-west-1: DescribeUserPool eu-west-1_p1: try 1: 200 after "), "{said}");
    assert!(!said.contains(SECRET) && !said.contains("AKIDEXAMPLE"), "{said}");
}

/// Runs a command on a terminal of its own and prints what came out and the exit code. With `signal`, it
/// interrupts the command when that text is seen.
#[cfg(unix)]
const TERMINAL: &str = r#"
import os, pty, select, signal, sys
seen = os.environ.pop("INTERRUPT_AT").encode()
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
out = b""
while True:
    try:
        data = os.read(terminal, 65536)
    except OSError:
        break
    if not data:
        break
    out += data
    if seen and seen in out:
        os.kill(pid, signal.SIGINT)
        seen = b""
_, status = os.waitpid(pid, 0)
sys.stdout.buffer.write(out)
sys.stdout.buffer.write(b"\nexit %d" % os.waitstatus_to_exitcode(status))
"#;

/// The output of the command and its exit code. `None` without a Python that makes a terminal.
#[cfg(unix)]
fn on_a_terminal(fake: &Fake, more: &[&str], variables: &[(&str, &str)]) -> Option<(String, String)> {
    let python = Command::new("python3").args(["-c", "import pty, os; os.waitstatus_to_exitcode"]).output();
    if !python.is_ok_and(|output| output.status.success()) {
        return None;
    }
    let files = tempfile::tempdir().unwrap();
    let mut command = Command::new("python3");
    environment(&mut command, &files);
    command.env("TERM", "xterm").env("INTERRUPT_AT", "").envs(variables.iter().copied());
    let output = command.args(["-c", TERMINAL]).args(arguments(fake, more)).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let (out, code) = text.rsplit_once("\nexit ").unwrap();
    Some((out.to_owned(), code.to_owned()))
}

/// The default size of a terminal.
#[cfg(unix)]
const COLUMNS: usize = 80;

/// The final content of the screen: enough of a terminal for lines that are drawn over.
#[cfg(unix)]
fn screen(out: &str) -> String {
    let mut lines: Vec<String> = vec![String::new()];
    let (mut row, mut column) = (0_usize, 0_usize);
    let mut rest = out.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\r' => column = 0,
            '\n' => {
                row += 1;
                lines.resize((row + 1).max(lines.len()), String::new());
            }
            '\u{1b}' => {
                rest.next_if_eq(&'[');
                let mut number = String::new();
                while let Some(digit) = rest.next_if(|c| c.is_ascii_digit() || "?;".contains(*c)) {
                    number.push(digit);
                }
                let by = number.parse().unwrap_or(1);
                match rest.next() {
                    Some('A') => row = row.saturating_sub(by),
                    Some('B') => row += by,
                    Some('C') => column += by,
                    Some('D') => column = column.saturating_sub(by),
                    Some('K') if number == "2" => lines[row].clear(),
                    Some('K') => lines[row] = lines[row].chars().take(column).collect(),
                    _ => {}
                }
                lines.resize((row + 1).max(lines.len()), String::new());
            }
            c => {
                if column == COLUMNS {
                    (row, column) = (row + 1, 0);
                    lines.resize((row + 1).max(lines.len()), String::new());
                }
                let mut line: Vec<char> = lines[row].chars().collect();
                line.resize(line.len().max(column + 1), ' ');
                line[column] = c;
                lines[row] = line.into_iter().collect();
                column += 1;
            }
        }
    }
    lines.join("\n")
}

#[test]
#[cfg(unix)]
fn an_interrupted_run_clears_what_it_drew_and_reports_what_it_read() {
    let fake = many();
    // One call a pool, so that few are made when the first Region is done.
    let rules = ["--rules", "pool"];
    let interrupt = [("INTERRUPT_AT", " of 3 Regions done, ")];
    let Some((out, code)) = on_a_terminal(&fake, &rules, &interrupt) else {
        return;
    };
    assert_eq!(code, "130", "{out}");
    assert!(out.contains("  eu-west-1: "), "{out}");
    let screen = screen(&out);
    for drawn in ["Regions done", "requests a second", "pools read"] {
        assert!(!screen.contains(drawn), "{screen}");
    }
    let last = screen.trim_end().lines().last().unwrap_or_default();
    assert!(screen.contains("interrupted by SIGINT, so this is only a part: "), "{screen}\n{last}");
    assert!(fake.requests().len() < 100);
}

#[test]
#[cfg(unix)]
fn a_terminal_shows_how_far_a_run_is_only_where_it_is_looked_at() {
    let pools = ["--pool", "p??", "--max-rps", "10"];
    let fake = many();
    let Some((out, code)) = on_a_terminal(&fake, &pools, &[]) else { return };
    assert_eq!(code, "1", "{out}");
    assert!(out.contains("requests a second"), "{out}");
    assert!(!screen(&out).contains("requests a second"), "{out}");
    let quiet: [(&[&str], (&str, &str)); 4] =
        [(&[], ("CI", "true")), (&[], ("TERM", "dumb")), (&["-q"], ("A", "b")), (&["-v"], ("A", "b"))];
    std::thread::scope(|scope| {
        for (more, variable) in quiet {
            let (more, fake) = ([&pools, more].concat(), &fake);
            scope.spawn(move || {
                let (out, _) = on_a_terminal(fake, &more, &[variable]).unwrap();
                assert!(!out.contains("requests a second"), "{variable:?} {more:?}: {out}");
            });
        }
    });
}
