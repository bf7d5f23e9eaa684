//! Small texts that ask for much work or memory: doubling references, aliases, loops, conditions, predicates.
//!
//! Each file is at most 3 KB. A run of it ends, and stays within a limit of memory; `.ci/amplification.sh` measures
//! both in the program that is shipped.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::house::{files, root};

const FOLDER: &str = "tests/integration/amplification";
/// Longest text.
const TEXT: u64 = 3 * 1024;
/// A run that takes longer than this does not end: the slowest takes 2 s in a build without optimization.
const PATIENCE: Duration = Duration::from_mins(1);
/// Address space of a run, in KiB. The largest takes about a third of it with two threads, which is also why their
/// number is fixed: each has a stack and an arena of its own.
const MEMORY: u64 = 1_000_000;
const THREADS: &str = "2";

#[test]
fn small_texts_do_not_ask_for_much() {
    let pool = root().join("tests/integration/amplification/pool.json");
    let mut found = Vec::new();
    // A directory is a configuration of Terraform, with the modules that it calls.
    let directories = std::fs::read_dir(root().join(FOLDER)).unwrap().map(|entry| entry.unwrap().path());
    let directories: Vec<_> = directories.filter(|path| path.is_dir()).collect();
    for file in directories.iter().flat_map(|directory| files(directory.to_str().unwrap(), "tf")) {
        assert!(std::fs::metadata(&file).unwrap().len() <= TEXT, "{} is too long", file.display());
    }
    let texts = ["json", "yaml", "toml"].iter().flat_map(|extension| files(FOLDER, extension));
    for file in texts.chain(directories.clone()) {
        let bytes = std::fs::metadata(&file).unwrap().len();
        assert!(file.is_dir() || bytes <= TEXT, "{} is longer than {TEXT} bytes", file.display());
        for arguments in commands(&file, &pool) {
            let (code, taken) = run(&arguments);
            found.push(format!("{code:?} {taken:?} {}", arguments.join(" ")));
            assert!(matches!(code, Some(0..=3)), "{}", found.join("\n"));
        }
    }
    assert!(found.len() >= 50, "{}", found.join("\n"));
}

/// The commands that read a file.
fn commands(file: &Path, pool: &Path) -> Vec<Vec<String>> {
    let extension = file.extension().and_then(|extension| extension.to_str());
    let (file, pool) = (file.to_str().unwrap(), pool.to_str().unwrap());
    let lines: &[&[&str]] = match file {
        _ if extension == Some("toml") => &[
            &["check", "--no-config", "--rules", file, pool],
            &["rules", "check", file],
            &["rules", "test", file],
        ],
        _ if file.ends_with(".report.json") => &[&["trend", file], &["merge", file], &["report", file]],
        _ => &[
            &["check", "--no-config", "--rules", "mfa-off,client-*", file],
            &["drift", "--no-config", file, file],
        ],
    };
    lines.iter().map(|line| line.iter().map(|&word| word.to_owned()).collect()).collect()
}

/// Runs the program with a limit of memory, and says how it ended; `None` for a run that did not end by itself.
fn run(arguments: &[String]) -> (Option<i32>, Duration) {
    let limited = format!("ulimit -v {MEMORY} 2>/dev/null; exec \"$0\" \"$@\"");
    let mut command = Command::new("sh");
    command.args(["-c", &limited, env!("CARGO_BIN_EXE_cognito-lint")]).args(arguments);
    command.env("RAYON_NUM_THREADS", THREADS).env("MALLOC_ARENA_MAX", THREADS);
    let begun = Instant::now();
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return (status.code(), begun.elapsed());
        }
        if begun.elapsed() > PATIENCE {
            child.kill().unwrap();
            child.wait().unwrap();
            return (None, begun.elapsed());
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}
