//! The corpus of the fuzz targets, and mutants of it, on stable Rust: no text ends the program.
//!
//! `MUTANTS` is how many mutants of each target are tried, `SECONDS` how long at most.

#[path = "../../fuzz/mutant.rs"]
mod mutant;
#[path = "../../fuzz/targets.rs"]
mod targets;

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use mutant::{Dice, mutant};
use targets::run;

use super::house::{expect_none, root};

/// The targets, by the folders of the corpus.
fn targets() -> Vec<String> {
    let folders = fs::read_dir(root().join("fuzz/corpus")).unwrap();
    let mut names: Vec<_> = folders.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn setting(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

/// The texts of a target, in the order of their names.
fn corpus(target: &str) -> Vec<(String, Vec<u8>)> {
    let folder = root().join("fuzz/corpus").join(target);
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.iter().map(|file| (file.display().to_string(), fs::read(file).unwrap())).collect()
}

/// Every target has a corpus, and every corpus a target of libFuzzer.
#[test]
fn every_corpus_has_a_target() {
    let binary = |name: &String| root().join(format!("fuzz/fuzz_targets/{name}.rs"));
    let manifest = fs::read_to_string(root().join("fuzz/Cargo.toml")).unwrap();
    for name in targets() {
        let text = fs::read_to_string(binary(&name)).unwrap();
        assert!(text.contains(&format!("targets::run(\"{name}\", text)")), "{name}");
        assert!(manifest.contains(&format!("path = \"fuzz_targets/{name}.rs\"")), "{name}");
    }
    assert_eq!(targets().len(), fs::read_dir(root().join("fuzz/fuzz_targets")).unwrap().count());
}

#[test]
fn the_corpus_ends_no_target() {
    let mut complaints = Vec::new();
    for target in &targets() {
        let texts = corpus(target);
        assert!(!texts.is_empty(), "{target} has no corpus");
        for (name, text) in texts {
            if catch_unwind(AssertUnwindSafe(|| run(target, &text))).is_err() {
                complaints.push(format!("{name} ends {target}"));
            }
        }
    }
    expect_none(&complaints);
}

#[test]
fn mutants_of_the_corpus_end_no_target() {
    let (most, patience) = (setting("MUTANTS", 60), Duration::from_secs(setting("SECONDS", 20)));
    let mut complaints = Vec::new();
    for target in &targets() {
        let texts: Vec<String> =
            corpus(target).into_iter().filter_map(|(_, text)| String::from_utf8(text).ok()).collect();
        let (mut dice, begun, mut tried) = (Dice(7), Instant::now(), 0);
        while tried < most && begun.elapsed() < patience {
            let (one, other) = (dice.below(texts.len()), dice.below(texts.len()));
            let text = mutant(&texts[one], &texts[other], &mut dice);
            let started = Instant::now();
            if catch_unwind(AssertUnwindSafe(|| run(target, text.as_bytes()))).is_err() {
                complaints.push(format!("{target} is ended by {text:?}"));
            }
            let taken = started.elapsed();
            if taken > Duration::from_secs(10) {
                complaints.push(format!("{target} takes {taken:?} for {text:?}"));
            }
            tried += 1;
        }
        println!("{target}: {tried} mutants in {:.0} s", begun.elapsed().as_secs_f64());
    }
    expect_none(&complaints);
}
