//! What each fuzz target does with a text. The targets of libFuzzer call this, and so does the test that replays the
//! corpus and tries mutants of it on stable Rust.

use std::collections::BTreeMap;
use std::io::sink;
use std::sync::{Arc, LazyLock};

use cognito_lint::cli;
use cognito_lint::config;
use cognito_lint::diagnostic::SourceFile;
use cognito_lint::drift::{Rules, drift, whole};
use cognito_lint::evaluate::{Detail, Options, evaluate};
use cognito_lint::outcome::{FailurePolicy, outcome};
use cognito_lint::pool::{Origin, Source};
use cognito_lint::report::{self, Format, Report, Run, Style};
use cognito_lint::rule::assemble::assemble;
use cognito_lint::rule::{Policy, builtin, case, digest, written};
use cognito_lint::source::hcl::{self, Files};
use cognito_lint::source::{Chunk, Delivery, Memory, Shape, cloudformation, snapshot};
use cognito_lint::triage::baseline::Baseline;

/// Does with a text what a run does with a file of its kind.
pub fn run(target: &str, text: &[u8]) {
    match target {
        "answers" => {
            check(&chunk(text, Shape::Document, Source::Saved));
            check(&chunk(text, Shape::Lines, Source::Saved));
        }
        "templates" | "plans" => check(&chunk(text, Shape::Document, Source::Saved)),
        "snapshots" => check(&chunk(text, Shape::Recorded, Source::Saved)),
        "live" => {
            let Delivery::Chunk(chunk) = snapshot::recorded(
                Delivery::Chunk(chunk(text, Shape::Document, Source::Live)),
                &mut Memory::default(),
            ) else {
                return;
            };
            check(&chunk);
        }
        _ => {
            let Ok(text) = str::from_utf8(text) else { return };
            let file = SourceFile::new("fuzzed", text);
            match target {
                "rules" => rules(&file),
                "arguments" => _ = cli::refusal(text.lines().map(Into::into)),
                "configuration" => _ = config::read(&file),
                "sources" => check(&source(text)),
                "waivers" => {
                    for must_expire in [false, true] {
                        _ = config::read_waivers(&file, must_expire);
                    }
                }
                "baselines" => _ = Baseline::read(&file),
                "parameters" => _ = cloudformation::assignments(text),
                "reports" => _ = report::read(text),
                other => unreachable!("{other} has no target"),
            }
        }
    }
}

fn chunk(text: &[u8], shape: Shape, source: Source) -> Chunk {
    let origin = Origin { source, name: "fuzzed".into() };
    Chunk { origin, bytes: text.to_vec(), shape, ..Chunk::default() }
}

/// A Terraform configuration. A line `### NAME` begins another file.
fn source(text: &str) -> Chunk {
    let mut texts = BTreeMap::new();
    for (at, part) in text.split("\n### ").enumerate() {
        let (name, text) = match at {
            0 => ("main.tf", part),
            _ => part.split_once('\n').unwrap_or((part, "")),
        };
        texts.insert(name.to_owned(), text.as_bytes().to_vec());
    }
    let files = Arc::new(Files::of(texts));
    let root = hcl::Configuration { files, root: String::new(), only: Vec::new(), given: Arc::default() };
    Chunk { configuration: Some(root), ..chunk(b"", Shape::Document, Source::Saved) }
}

/// Some of the built-in rules: comparing every pair of all of them takes longer than judging a pool.
static POLICY: LazyLock<Policy> = LazyLock::new(|| {
    let mut mistakes = Vec::new();
    let files = builtin::ids().into_iter().step_by(16).filter_map(builtin::rule);
    let rules = files.flat_map(|file| written::read(&file, &mut mistakes)).collect();
    assemble(rules, &[], &[], Vec::new(), &mut mistakes)
});

/// Judges the pools of a text, writes every report, reads the JSON report back, and compares the text with itself.
fn check(chunk: &Chunk) {
    let again = || {
        let Chunk { origin, bytes, shape, configuration, .. } = chunk;
        let (origin, bytes, configuration) = (origin.clone(), bytes.clone(), configuration.clone());
        let copy = Chunk { origin, bytes, shape: *shape, configuration, ..Chunk::default() };
        std::iter::once(Delivery::Chunk(copy))
    };
    let options = Options { now: 0, full_coverage: true, evidence: true, detail: Detail::ALL, shard: None };
    let evaluation = evaluate(&POLICY, again(), options);
    // A configuration is read in a thread of its own, whose panic is no panic here.
    assert!(evaluation.unread.iter().all(|unread| unread.message != hcl::BROKE_OFF));
    let terms = FailurePolicy::default();
    let outcome = outcome(&evaluation, terms);
    let run = Run { generated: 0, digest: &digest(&POLICY), full_coverage: true, shard: None };
    let report = Report { evaluation: &evaluation, outcome, terms, policy: &POLICY, evidence: true, run };
    for format in [Format::Human, Format::Compact, Format::Markdown, Format::Sarif, Format::Csv] {
        report::write(format, &report, Style::default(), &mut sink()).unwrap();
    }
    let mut json = Vec::new();
    report::write(Format::Json, &report, Style::default(), &mut json).unwrap();
    report::read(str::from_utf8(&json).unwrap()).unwrap();
    let (recorded, current) = (whole(again()), whole(again()));
    drift(Rules { policy: &POLICY, others: &[] }, &recorded, &current, &[], 0);
}

/// Compiles rules, reads their tests, and judges a pool by those that compile.
fn rules(file: &SourceFile) {
    let mut mistakes = Vec::new();
    let rules = written::read(file, &mut mistakes);
    for rule in &rules {
        case::cases(rule, &mut mistakes);
    }
    let policy = assemble(rules, &[], &[], Vec::new(), &mut mistakes);
    let pool = br#"{"UserPool":{"Id":"eu-west-1_A","Name":"a","Policies":{"PasswordPolicy":{"MinimumLength":8}},"Clients":[{"ClientId":"1"}]}}"#;
    let options = Options { now: 0, full_coverage: false, evidence: true, detail: Detail::ALL, shard: None };
    evaluate(&policy, std::iter::once(Delivery::Chunk(chunk(pool, Shape::Document, Source::Saved))), options);
}
