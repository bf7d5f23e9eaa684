#!/usr/bin/env bash
# Fuzzes each target of fuzz/ with libFuzzer, for 20 minutes or a million executions, whichever is first, and prints
# its figures. Where libFuzzer cannot be built, mutants of the corpus are tried instead.
#
# usage: .ci/fuzz.sh [TARGET...]   (SECONDS_EACH and RUNS change the limits)
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${SECONDS_EACH:-1200} runs=${RUNS:-1000000}
work=${CARGO_TARGET_DIR:-$PWD/target}/fuzz
host=$(rustc -vV | sed -n 's/^host: //p')
if [ $# -gt 0 ]; then targets=("$@"); else mapfile -t targets < <(ls fuzz/corpus); fi

# The flags of `cargo fuzz`, without a sanitizer: there is no unsafe code.
coverage="-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters"
coverage="$coverage -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares --cfg fuzzing"
coverage="$coverage -Cdebug-assertions -Coverflow-checks"
if ! RUSTC_BOOTSTRAP=1 RUSTFLAGS="$coverage" CARGO_TARGET_DIR="$work" \
  cargo build --quiet --release --target "$host" --manifest-path fuzz/Cargo.toml --bins; then
  echo "warning: libFuzzer cannot be built here; mutants of the corpus are tried instead" >&2
  MUTANTS=$runs SECONDS=$seconds exec cargo test --release --test integration -- fuzzed --nocapture
fi

dictionary() {
  case $1 in
    plans | templates) echo "fuzz/dictionaries/$1.dict" ;;
    rules | configuration | baselines | waivers) echo fuzz/dictionaries/toml.dict ;;
    sources) echo fuzz/dictionaries/hcl.dict ;;
    arguments) echo fuzz/dictionaries/arguments.dict ;;
    *) echo fuzz/dictionaries/json.dict ;;
  esac
}

failed=0
for target in "${targets[@]}"; do
  mkdir -p "$work/corpus/$target" "$work/artifacts/$target"
  log=$work/$target.log
  "$work/$host/release/$target" "$work/corpus/$target" "fuzz/corpus/$target" -dict="$(dictionary "$target")" \
    -max_total_time="$seconds" -runs="$runs" -timeout=20 -rss_limit_mb=2048 -print_final_stats=1 \
    -artifact_prefix="$work/artifacts/$target/" > "$log" 2>&1 || { failed=1; tail -n 30 "$log"; }
  executions=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
  covered=$(grep -o 'cov: [0-9]*' "$log" | tail -n 1)
  printf '%-14s %9s executions  %s\n' "$target" "${executions:-?}" "$covered"
done
exit $failed
