#!/usr/bin/env bash
# Prints the processor time, the time and the peak of memory of checks of Terraform configurations, and fails where they
# take too long: 3,000 files a second of processor time, and an ordinary repository (60 files) 100 ms.
#
# usage: benches/configurations.sh [PROGRAM]
set -euo pipefail
cd "$(dirname "$0")/.."
if [ $# -eq 0 ]; then cargo build --release --quiet --bin cognito-lint; fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for files in 60 3000; do python3 benches/configurations.py "$files" "$work/$files"; done
exec python3 - "${1:-${CARGO_TARGET_DIR:-target}/release/cognito-lint}" "$work" <<'PYTHON'
import json, os, pathlib, subprocess, sys, time

PROGRAM, FOLDER = sys.argv[1], pathlib.Path(sys.argv[2])


def run(arguments):
    """Seconds, processor seconds and peak MiB; the best of five, since other programs run beside."""
    found = []
    for _ in range(5):
        begun = time.perf_counter()
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        child = subprocess.Popen([PROGRAM, "check", "--no-config", *arguments], **quiet)
        _, status, usage = os.wait4(child.pid, 0)
        assert os.waitstatus_to_exitcode(status) in (0, 1, 3), arguments
        found.append((time.perf_counter() - begun, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024))
    return [min(one) for one in zip(*found)]


failed = False
for files, limit in ((60, 0.1), (3000, 1.0)):
    folder = FOLDER / str(files)
    count = sum(1 for _ in folder.rglob("*.tf"))
    report = subprocess.run([PROGRAM, "check", "--no-config", "--report", "json", folder], capture_output=True).stdout
    pools = len(json.loads(report)["pools"])
    seconds, processor, peak = run([folder])
    failed |= processor > limit
    print(f"{count} files, {pools} pools: {seconds * 1000:.0f} ms, {processor * 1000:.0f} ms of processor time, {peak:.0f} MiB")
sys.exit(failed)
PYTHON
