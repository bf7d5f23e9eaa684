//! Between reading and printing nothing looks at the machine: text, pools, the time and writers are arguments.

use regex::Regex;

use super::expect_none;
use super::source::Source;

/// The modules that may name files, the environment and the clock. A new module is pure unless it is listed here.
/// `audit` takes the time of the clock where its caller gives none.
const EDGES: [&str; 5] = ["main", "audit", "cli", "source/aws", "source/input"];

#[test]
fn nothing_but_the_edges_looks_at_the_machine() {
    let machine = Regex::new(
        r"\bstd::(?:fs|env|net|process)\b|\bstd::\{[^}]*\b(?:fs|env)\b|\b(?:SystemTime|Instant)\b|\bstd(?:in|out|err)\(\)",
    );
    let machine = machine.unwrap();
    let pure = |source: &&Source| !EDGES.iter().any(|module| source.is_in(module));
    let mut complaints = Vec::new();
    for source in Source::all().iter().filter(pure) {
        for found in machine.find_iter(&source.code) {
            complaints.push(format!("{} names `{}`", source.path.display(), found.as_str()));
        }
    }
    expect_none(&complaints);
}

/// Standard output and standard error are reached through a `Screen`, on which nothing acts but what the program draws.
/// The progress display draws over its own lines, with texts that are sanitized.
#[test]
fn nothing_is_written_to_a_stream_but_through_a_screen() {
    let streams = Regex::new(
        r"\bstd(?:out|err)(?:_raw)?\(\)|\bio::Std(?:out|err)\b|\be?print(?:ln)?!|\b(?:dbg|todo)!|\.(?:print|exit)\(\)|\bStandardStream\b",
    );
    let streams = streams.unwrap();
    let owner = |source: &&Source| !["cli/streams", "cli/progress"].contains(&source.module.as_str());
    let mut complaints = Vec::new();
    for source in Source::all().iter().filter(owner) {
        for found in streams.find_iter(&source.code) {
            complaints.push(format!("{} names `{}`", source.path.display(), found.as_str()));
        }
    }
    expect_none(&complaints);
}

/// The modules that read or write a format, or draw a mistake. The types of all others are plain data.
const FORMATS: [&str; 7] = ["diagnostic", "schema", "source", "report", "config", "evidence", "cli"];

#[test]
fn core_types_are_neither_serialized_nor_drawn() {
    let drawn = Regex::new(r"\b(?:Serialize|Deserialize|Diagnostic)\b").unwrap();
    let mut complaints = Vec::new();
    for source in Source::all() {
        if !FORMATS.iter().any(|module| source.is_in(module)) {
            let found = drawn.find_iter(&source.code);
            complaints
                .extend(found.map(|found| format!("{} names `{}`", source.path.display(), found.as_str())));
        }
    }
    expect_none(&complaints);
}

/// A rule that compiled cannot fail to evaluate.
#[test]
fn evaluating_gives_no_result() {
    let result = Regex::new(r"pub fn [^{;]*->\s*(?:io::)?Result\b").unwrap();
    let fallible =
        Source::all().iter().filter(|source| source.is_in("evaluate") && result.is_match(&source.code));
    let complaints: Vec<String> =
        fallible.map(|source| format!("{} has a function that can fail", source.path.display())).collect();
    expect_none(&complaints);
}

/// The order of a hash map must reach no output, so collections are sorted. `source::aws` only asks whether an element
/// is in them.
#[test]
fn nothing_but_live_reading_uses_hash_maps() {
    let hash = Regex::new(r"\bHash(?:Map|Set)\b").unwrap();
    let hashed = |source: &&Source| !source.is_in("source/aws") && hash.is_match(&source.code);
    let complaints: Vec<String> = Source::all()
        .iter()
        .filter(hashed)
        .map(|source| format!("{} has a hash map", source.path.display()))
        .collect();
    expect_none(&complaints);
}
