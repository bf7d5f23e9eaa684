#!/usr/bin/env bash
# Times `check` as a whole process against the same twelve rules written by hand, in turn, and prints ratios of
# medians: wall time, processor time, and the peak of memory.
#
# usage: benches/compare.sh [RUNS]
set -euo pipefail
cd "$(dirname "$0")/.."
runs=${1:-15}

cargo build --release --quiet --bin cognito-lint --example by-hand
mkdir -p target/compare
for count in 1 10000 100000; do
  file=target/compare/$count.ndjson
  [ -s "$file" ] || python3 benches/pools.py "$count" "$file"
done
echo "load of the machine: $(cut -d' ' -f1-3 /proc/loadavg 2>/dev/null || uptime)"
exec python3 - "$runs" <<'PYTHON'
import os, statistics, subprocess, sys, time

CHECK = ["target/release/cognito-lint", "check", "--no-config", "--rules", "benches/twelve.toml", "--quiet"]
HAND = ["target/release/examples/by-hand"]


def run(command):
    """Wall seconds, processor seconds and peak MiB of one process."""
    start = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.perf_counter() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode not in (0, 1):
        raise SystemExit(f"{command} ended with {child.returncode}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def compare(count, runs):
    file = f"target/compare/{count}.ndjson"
    both = {"check": CHECK + [file], "by hand": HAND + [file]}
    for command in both.values():
        run(command)
    results = {name: [] for name in both}
    for _ in range(runs):
        for name, command in both.items():
            results[name].append(run(command))
    median = {name: [statistics.median(column) for column in zip(*rows)] for name, rows in results.items()}
    for name, (wall, cpu, peak) in median.items():
        print(f"{count:>7} pools  {name:<8} wall {wall * 1000:8.1f} ms  cpu {cpu * 1000:8.1f} ms  peak {peak:6.1f} MiB")
    (a, b, _), (c, d, _) = median["check"], median["by hand"]
    print(f"{count:>7} pools  ratio    wall {a / c:8.2f}     cpu {b / d:8.2f}     apart {(a - c) * 1000:.1f} ms")


runs = int(sys.argv[1])
compare(1, runs * 3)
compare(10_000, runs)
compare(100_000, max(3, runs // 3))
PYTHON
