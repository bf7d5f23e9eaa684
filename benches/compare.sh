#!/usr/bin/env bash
# Measures `check` as a whole process against the same twelve rules written by hand, twice: with lines found byte by
# byte, and with memchr; and the twelve rules against every built-in rule. Prints instructions, which do not depend on the
# load of the machine, where valgrind is there, of reports too; then medians of wall time, processor time and the peak of
# memory, run in turn, and their ratios. Fails if every built-in rule, a report, or live pools take more than a number of
# times the instructions of the quiet check of the twelve rules.
#
# usage: benches/compare.sh [RUNS]
set -euo pipefail
cd "$(dirname "$0")/.."
runs=${1:-15}
target=${CARGO_TARGET_DIR:-target}

cargo build --release --quiet --bin cognito-lint --example by-hand --example service
mkdir -p "$target/compare"
for count in 1 1000 10000 100000; do
  file=$target/compare/$count.ndjson
  [ -s "$file" ] || python3 benches/pools.py "$count" "$file"
done
echo "load of the machine: $(cut -d' ' -f1-3 /proc/loadavg 2>/dev/null || uptime)"
exec python3 - "$runs" "$target" <<'PYTHON'
import contextlib, os, re, shutil, statistics, subprocess, sys, time

RUNS, TARGET = int(sys.argv[1]), sys.argv[2]
CHECK = [f"{TARGET}/release/cognito-lint", "check", "--no-config"]
HAND = f"{TARGET}/release/examples/by-hand"
RATIOS = [("check", "by hand"), ("check", "with memchr"), ("every rule", "check")]
# Times the instructions of the quiet check.
MOST = {"every rule": 2.5, "compact": 7, "json": 10, "jsonl": 10, "human": 10, "live": 18}
SIGNED = {"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY": "example", "AWS_EC2_METADATA_DISABLED": "true"}


def commands(count):
    file = f"{TARGET}/compare/{count}.ndjson"
    return {
        "check": CHECK + ["--quiet", "--rules", "benches/twelve.toml", file],
        "every rule": CHECK + ["--quiet", "--rules", "*", file],
        "by hand": [HAND, file],
        "with memchr": [HAND, file, "--memchr"],
    }


def reports(count):
    rest = ["--rules", "benches/twelve.toml", f"{TARGET}/compare/{count}.ndjson"]
    return {form: CHECK + ["--report", form, *rest] for form in ("compact", "json", "jsonl", "human")}


@contextlib.contextmanager
def live(count):
    """The check of pools that a service on this machine answers about."""
    serve = [f"{TARGET}/release/examples/service", f"{TARGET}/compare/{count}.ndjson"]
    with subprocess.Popen(serve, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as service:
        address = service.stdout.readline().strip()
        regions = ["--region", "us-east-1", "--region", "eu-west-1", "--region", "ap-northeast-1"]
        asked = ["--endpoint-url", address, *regions, "--max-rps", "100000"]
        yield CHECK + ["--quiet", "--rules", "benches/twelve.toml", *asked]
        service.stdin.close()


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


def instructions(command):
    """Instructions of one process in user space."""
    tool = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"]
    signed = os.environ | SIGNED
    said = subprocess.run(tool + command, env=signed, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True).stderr
    return int(re.search(r"Collected : (\d+)", said).group(1))


def count_instructions():
    if not shutil.which("valgrind"):
        print("instructions are not counted: valgrind is not installed")
        return
    one, many = commands(1) | reports(1), commands(1000) | reports(1000)
    each = {name: (instructions(many[name]) - instructions(one[name])) / 999 for name in one}
    with live(1) as one_live, live(1000) as many_live:
        each["live"] = (instructions(many_live) - instructions(one_live)) / 999
    for name, number in each.items():
        print(f"   each pool  {name:<12} {number / 1000:8.1f} thousand instructions")
    for name, other in RATIOS:
        print(f"   each pool  {name} / {other:<12} {each[name] / each[other]:.2f} times the instructions")
    for name, most in MOST.items():
        if each[name] > most * each["check"]:
            raise SystemExit(f"{name} takes more than {most} times the instructions of the quiet check")
    print(f"    one pool  {'check':<12} {instructions(one['check']) / 1e6:8.2f} million instructions from start to exit")


def compare(count, runs):
    every = commands(count)
    for command in every.values():
        run(command)
    results = {name: [] for name in every}
    for _ in range(runs):
        for name, command in every.items():
            results[name].append(run(command))
    median = {name: [statistics.median(column) for column in zip(*rows)] for name, rows in results.items()}
    for name, (wall, cpu, peak) in median.items():
        print(
            f"{count:>7} pools  {name:<12} wall {wall * 1000:8.1f} ms  cpu {cpu * 1000:8.1f} ms  peak {peak:6.1f} MiB"
        )
    for name, compared in RATIOS:
        (wall, cpu, _), other = median[name], median[compared]
        print(
            f"{count:>7} pools  {name} / {compared:<12} wall {wall / other[0]:5.2f}  cpu {cpu / other[1]:5.2f}  "
            f"apart {(wall - other[0]) * 1000:.1f} ms"
        )


count_instructions()
compare(1, RUNS * 3)
compare(10_000, RUNS)
compare(100_000, max(3, RUNS // 3))
PYTHON
