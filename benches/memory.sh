#!/usr/bin/env bash
# Prints a table of the peak of memory and the processor time of commands, by the number of pools, and the peak for a
# large plan of one line. It fails where a peak is over its limit.
#
# usage: benches/memory.sh [PROGRAM]
set -euo pipefail
cd "$(dirname "$0")/.."
target=${CARGO_TARGET_DIR:-target}
if [ $# -eq 0 ]; then cargo build --release --quiet --bin cognito-lint; fi
mkdir -p "$target/compare"
for count in 1000 10000 100000; do
  file=$target/compare/$count.ndjson
  [ -s "$file" ] || python3 benches/pools.py "$count" "$file"
done
[ -s "$target/compare/plan.json" ] || python3 benches/plans.py 2000 "$target/compare/plan.json"
# In a process of its own: a child begins with the memory of the one that starts it.
python3 - "$target/compare" <<'PYTHON'
import pathlib, random, re, sys

for count in (1000, 10_000, 100_000):
    file = lambda name: pathlib.Path(sys.argv[1]) / f"{count}{name}.ndjson"
    lines = file("").read_bytes().splitlines(keepends=True)
    change = lambda line: re.sub(rb'"MinimumLength": ?\d+', b'"MinimumLength":7', line)
    if not file(".changed").exists():
        changed = (change(line) if number % 100 == 99 else line for number, line in enumerate(lines))
        file(".changed").write_bytes(b"".join(changed))
    if not file(".pairs").exists():
        # Two stages behind each other, of which one pair in a hundred is unlike.
        with file(".pairs").open("wb") as pairs:
            for stage in (b"stage", b"prod"):
                for number, line in enumerate(lines[: count // 2]):
                    name = b"%s-%d" % (stage, number)
                    line = re.sub(rb'"Id": ?"[^"]*"', b'"Id":"us-east-1_%s"' % name.replace(b"-", b""), line, count=1)
                    line = re.sub(rb'"Arn": ?"arn:aws:cognito-idp[^"]*", ?', b"", line)
                    line = re.sub(rb'"Name": ?"[^"]*"', b'"Name":"%s"' % name, line, count=1)
                    line = change(line) if stage == b"prod" and number % 100 == 99 else line
                    pairs.write(line)
    if not file(".shuffled").exists():
        random.Random(count).shuffle(lines)
        file(".shuffled").write_bytes(b"".join(lines))
PYTHON
exec python3 - "${1:-$target/release/cognito-lint}" "$target/compare" <<'PYTHON'
import os, pathlib, random, re, subprocess, sys

PROGRAM, FOLDER = sys.argv[1], pathlib.Path(sys.argv[2])
COUNTS = (1000, 10_000, 100_000)
# The largest peak for 100,000 pools, in MiB.
ROWS = {
    "check --quiet": (["check", "--quiet", "--rules", "benches/twelve.toml", "POOLS"], 64),
    "check, json": (["check", "--report", "json", "--rules", "benches/twelve.toml", "POOLS"], 256),
    "check, compact": (["check", "--report", "compact", "--rules", "benches/twelve.toml", "POOLS"], 256),
    "check, jsonl with every verdict": (["check", "--evidence", "--report", "jsonl", "--rules", "benches/twelve.toml", "POOLS"], 288),
    "snapshot": (["snapshot", "POOLS", "-o", "SNAPSHOT"], 96),
    "drift, the same pools": (["drift", "POOLS", "POOLS"], 64),
    "drift, in another order": (["drift", "POOLS", "SHUFFLED"], 64),
    "drift, 1 % changed": (["drift", "--report", "json", "POOLS", "CHANGED"], 64),
    "drift, standard input": (["drift", "POOLS", "-"], 64),
    "drift, a snapshot": (["drift", "SNAPSHOT", "POOLS"], 64),
    "outliers": (["outliers", "POOLS"], 128),
    "outliers, by Region and tag": (["outliers", "POOLS", "--by", "region", "--by", "tag:env"], 128),
    "outliers, standard input": (["outliers", "-"], 128),
    "outliers, siblings": (["outliers", "PAIRS", "--pair", "stage-*=prod-*"], 128),
}


def files(count):
    made = {name: FOLDER / f"{count}.{name.lower()}.ndjson" for name in ("SNAPSHOT", "SHUFFLED", "CHANGED", "PAIRS")}
    return {name: str(file) for name, file in made.items()} | {"POOLS": str(FOLDER / f"{count}.ndjson")}


def run(arguments, stdin):
    """Peak MiB and processor seconds."""
    command = [PROGRAM, arguments[0], "--no-config", *arguments[1:]]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    child = subprocess.Popen(command, stdin=stdin, **quiet)
    _, status, usage = os.wait4(child.pid, 0)
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        raise SystemExit(f"{command} ended with {os.waitstatus_to_exitcode(status)}")
    return usage.ru_maxrss / 1024, usage.ru_utime + usage.ru_stime


by_count = {count: files(count) for count in COUNTS}
failed = []
print("| command | " + " | ".join(f"{count:,} pools" for count in COUNTS) + " | limit |")
print("|---|" + "---|" * (len(COUNTS) + 1))
for name, (arguments, limit) in ROWS.items():
    cells = []
    for count in COUNTS:
        named = by_count[count]
        with open(named["POOLS"]) as pools:
            peak, seconds = run([named.get(word, word) for word in arguments], pools)
        cells.append(f"{peak:.0f} MiB, {seconds:.1f} s")
        if peak > limit:
            failed.append(f"{name}: {peak:.0f} MiB for {count:,} pools")
    print(f"| {name} | " + " | ".join(cells) + f" | {limit} MiB |", flush=True)

plan = FOLDER / "plan.json"
size = plan.stat().st_size / 1024 / 1024
peak, seconds = run(["check", "--report", "json", "--rules", "benches/twelve.toml", str(plan)], None)
print(f"\nA plan of {size:.0f} MiB in one line: {peak:.0f} MiB, {peak / size:.2f} times the file, {seconds:.1f} s")
# The text is in memory once; the rest is the resources that hold pools.
if peak > 1.7 * size:
    failed.append(f"the plan: {peak / size:.2f} times the file")
sys.exit("\n".join(failed))
PYTHON
