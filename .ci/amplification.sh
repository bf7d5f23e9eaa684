#!/usr/bin/env bash
# Runs the small texts of tests/integration/amplification with a release build and prints the seconds and the peak of
# memory of each. It fails where a run takes more than a second or 100 MB.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo build --release --quiet --bin cognito-lint
exec python3 - <<'PYTHON'
import os, pathlib, subprocess, sys, time

PROGRAM = "target/release/cognito-lint"
FOLDER = pathlib.Path("tests/integration/amplification")


def command(file):
    if file.suffix == ".toml":
        return ["check", "--no-config", "--rules", str(file), str(FOLDER / "pool.json")]
    if file.name.endswith(".report.json"):
        return ["trend", str(file)]
    return ["check", "--no-config", "--rules", "mfa-off,client-*", str(file)]


failed = 0
for file in sorted(FOLDER.iterdir()):  # A directory is the modules of one configuration.
    begun = time.perf_counter()
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    child = subprocess.Popen([PROGRAM, *command(file)], **quiet)
    _, status, usage = os.wait4(child.pid, 0)
    seconds, megabytes = time.perf_counter() - begun, usage.ru_maxrss / 1000
    good = seconds <= 1 and megabytes <= 100 and os.waitstatus_to_exitcode(status) in range(4)
    failed += not good
    print(f"{'ok' if good else 'FAILED':6} {seconds:6.3f} s {megabytes:6.1f} MB {file.stat().st_size:5} bytes  {file.name}")
sys.exit(1 if failed else 0)
PYTHON
