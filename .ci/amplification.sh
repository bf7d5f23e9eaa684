#!/usr/bin/env bash
# Runs the small texts of tests/integration/amplification with a release build, and texts with 10,000 findings in one list,
# and prints the processor seconds and the peak of memory of each. It fails where a run takes more than a second or 100 MB.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo build --release --quiet --bin cognito-lint
exec python3 - <<'PYTHON'
import json, os, pathlib, subprocess, sys, tempfile

PROGRAM = "target/release/cognito-lint"
FOLDER = pathlib.Path("tests/integration/amplification")


def command(file):
    if file.suffix == ".toml":
        return ["check", "--no-config", "--rules", str(file), str(FOLDER / "pool.json")]
    if file.name.endswith(".report.json"):
        return ["trend", str(file)]
    return ["check", "--no-config", "--rules", "mfa-off,client-*", str(file)]


def many_clients(folder):
    """One pool with 10,000 app clients, as an answer and as a template, on one line and laid out."""
    clients = [{"ClientId": f"{i:026}", "ClientName": f"c{i}", "EnableTokenRevocation": False} for i in range(10_000)]
    answer = {"Id": "eu-west-1_Aaaaaaaaa", "Name": "a", "Clients": clients}
    resources = {"P": {"Type": "AWS::Cognito::UserPool", "Properties": {"UserPoolName": "a"}}}
    for client in clients:
        properties = {"UserPoolId": {"Ref": "P"}, "ClientName": client["ClientName"], "EnableTokenRevocation": False}
        resources[client["ClientName"]] = {"Type": "AWS::Cognito::UserPoolClient", "Properties": properties}
    for name, content in [("answer", answer), ("template", {"Resources": resources})]:
        for indent in (None, 2):
            (folder / f"{name}{indent or ''}.json").write_text(json.dumps(content, indent=indent))
    rule = '[[rule]]\nid = "revocation-off"\neach = "Clients"\nexpect = { path = "EnableTokenRevocation", equals = true }\n'
    (folder / "rule.toml").write_text(rule)
    for file in sorted(folder.glob("*.json")):
        for report in (["--report", "compact"], ["--group", "pool"]):
            yield file, ["check", "--no-config", "--rules", str(folder / "rule.toml"), *report, str(file)]
        # The app clients are skipped.
        yield file, ["check", "--no-config", "--quiet", "--rules", "mfa-off", str(file)]


def run(file, arguments):
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    child = subprocess.Popen([PROGRAM, *arguments], **quiet)
    _, status, usage = os.wait4(child.pid, 0)
    seconds, megabytes = usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1000
    good = seconds <= 1 and megabytes <= 100 and os.waitstatus_to_exitcode(status) in range(4)
    print(f"{'ok' if good else 'FAILED':6} {seconds:6.3f} s {megabytes:6.1f} MB {file.stat().st_size:7} bytes  {file.name}")
    return good


# A directory is the modules of one configuration.
runs = [run(file, command(file)) for file in sorted(FOLDER.iterdir())]
with tempfile.TemporaryDirectory() as folder:
    runs += [run(*one) for one in many_clients(pathlib.Path(folder))]
sys.exit(0 if all(runs) else 1)
PYTHON
