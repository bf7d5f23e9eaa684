//! Reading and judging pools in one process: what a change to the hot loop costs.
//!
//! `cargo bench` runs it. `benches/compare.sh` times the whole program against rules written by hand.

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use cognito_lint::diagnostic::SourceFile;
use cognito_lint::evaluate::{Detail, Options, evaluate};
use cognito_lint::rule::assemble::assemble;
use cognito_lint::rule::{Policy, builtin, written};
use cognito_lint::source::input::{Input, open};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

const POOLS: u64 = 1000;

fn policy(source_files: impl IntoIterator<Item = SourceFile>) -> Policy {
    let mut mistakes = Vec::new();
    let rules =
        source_files.into_iter().flat_map(|source_file| written::read(&source_file, &mut mistakes)).collect();
    let policy = assemble(rules, &[], &[], Vec::new(), &mut mistakes);
    assert!(mistakes.is_empty(), "{mistakes:?}");
    policy
}

fn pools() -> PathBuf {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let file = root.join("target").join(format!("pools-{POOLS}.ndjson"));
    let made =
        Command::new("python3").arg(root.join("benches/pools.py")).arg(POOLS.to_string()).arg(&file).status();
    assert!(made.is_ok_and(|status| status.success()), "benches/pools.py needs python3");
    file
}

fn benchmark(criterion: &mut Criterion) {
    let file = pools();
    let twelve = policy([SourceFile::new("twelve.toml", include_str!("twelve.toml"))]);
    let all = policy(builtin::ids().into_iter().filter_map(builtin::rule));
    let mut group = criterion.benchmark_group("pools");
    group.throughput(Throughput::Elements(POOLS)).measurement_time(Duration::from_secs(5));
    let cases = [
        ("twelve rules, counted", &twelve, Detail::Counts),
        ("twelve rules, with places", &twelve, Detail::Places),
        ("twelve rules, with excerpts", &twelve, Detail::ALL),
        ("all built-in rules, counted", &all, Detail::Counts),
    ];
    for (name, policy, detail) in cases {
        let options = Options { now: 0, full_coverage: false, evidence: false, detail, shard: None };
        group.bench_function(name, |bencher| {
            bencher.iter(|| evaluate(policy, open(vec![Input::Path(file.clone())]), options));
        });
    }
    group.finish();
    criterion.bench_function("compile all built-in rules", |bencher| {
        bencher.iter(|| policy(builtin::ids().into_iter().filter_map(builtin::rule)));
    });
}

criterion_group!(benches, benchmark);
criterion_main!(benches);
