"""Runs the steps of action.yml as GitHub's runner does: each `run` by bash, with files for outputs, paths and the summary.

Usage: steps.py PROGRAM [WHEELS]. PROGRAM is put into a release of its own; with a folder of WHEELS, the way without a
release is tried too.
"""

import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import tarfile
import tempfile

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text())
VERSION = ACTION["inputs"]["version"]["default"]
TARGET = "x86_64-unknown-linux-musl" if os.uname().machine == "x86_64" else "aarch64-unknown-linux-musl"

# Stands for `gh`: lists comments of a bot, of `ops` and of somebody else if COMMENTS is set, and records what is written.
# The token is that of the person GH_USER, or of a workflow, which may not ask who it belongs to.
GH = """#!/usr/bin/env bash
case "$*" in
"api user "*) [ -n "$GH_USER" ] || exit 1; echo "$GH_USER" ;;
*--paginate*) jq --raw-output "${@: -1}" <<<"${COMMENTS:-[]}" ;;
*) echo "$*" >>"$GH_LOG" ;;
esac
"""


class Runner:
    """One job with this action."""

    def __init__(self, inputs, pull=None, comments="", env=None, cwd=None):
        self.work = pathlib.Path(tempfile.mkdtemp())
        self.cwd = cwd or self.work
        self.path, self.outputs, self.log = [], {}, ""
        bin_ = self.work / "bin"
        bin_.mkdir()
        (bin_ / "gh").write_text(GH)
        (bin_ / "gh").chmod(0o755)
        self.env = dict(os.environ, RUNNER_TEMP=str(self.work), GH_LOG=str(self.work / "gh.log"), COMMENTS=comments)
        self.env.update(PATH=f"{bin_}:{os.environ['PATH']}", **(env or {}))
        self.values = {f"inputs.{name}": str(spec.get("default", "")) for name, spec in ACTION["inputs"].items()}
        self.values.update({f"inputs.{name}": value for name, value in inputs.items()})
        self.values.update({"github.action_path": str(ROOT), "github.server_url": "https://git.example.com"})
        self.values.update({"github.repository": "example/app", "github.token": "example-token"})
        self.values["github.event.pull_request.number"] = pull or ""

    def text(self, text):
        return re.sub(r"\$\{\{\s*(.*?)\s*\}\}", lambda found: self.value(found[1]), str(text))

    def value(self, expression):
        if "||" in expression:
            return next(filter(None, (self.value(part.strip()) for part in expression.split("||"))), "")
        step = re.fullmatch(r"steps\.(\w+)\.outputs\.([\w-]+)", expression)
        return self.outputs.get(step.groups(), "") if step else self.values.get(expression, "")

    def condition(self, text):
        for part in filter(None, (text or "").split("&&")):
            compared = re.fullmatch(r"\s*(\S+)\s*(==|!=)\s*'(.*)'\s*", part)
            if compared:
                holds = (self.value(compared[1]) == compared[3]) == (compared[2] == "==")
            else:
                holds = bool(self.value(part.strip()))
            if not holds:
                return False
        return True

    def run(self):
        """The exit code of the job; actions that steps use are only noted."""
        self.used = []
        for step in ACTION["runs"]["steps"]:
            if not self.condition(step.get("if")):
                continue
            if "uses" in step:
                self.used.append({name: self.text(value) for name, value in step["with"].items()})
                continue
            code = self.step(step)
            if code:
                return code
        return 0

    def step(self, step):
        files = {name: self.work / name for name in ("GITHUB_OUTPUT", "GITHUB_PATH", "GITHUB_STEP_SUMMARY")}
        for name in ("GITHUB_OUTPUT", "GITHUB_PATH"):
            files[name].write_text("")
        env = dict(self.env, GITHUB_ACTIONS="true", **{name: str(path) for name, path in files.items()})
        env.update({name: self.text(value) for name, value in step.get("env", {}).items()})
        env["PATH"] = ":".join([*self.path, env["PATH"]])
        where = self.cwd / self.text(step.get("working-directory", "."))
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", self.text(step["run"])]
        done = subprocess.run(command, env=env, cwd=where, capture_output=True, text=True, timeout=300, check=False)
        self.log += done.stdout + done.stderr
        for line in files["GITHUB_OUTPUT"].read_text().splitlines():
            name, _, value = line.partition("=")
            self.outputs[step["id"], name] = value
        self.path = files["GITHUB_PATH"].read_text().split() + self.path
        return done.returncode


def release(program, sums=None):
    """A folder that looks like the releases of this repository."""
    folder = pathlib.Path(tempfile.mkdtemp())
    version = folder / f"v{VERSION}"
    version.mkdir()
    archive = version / f"cognito-lint-{TARGET}.tar.gz"
    with tarfile.open(archive, "w:gz", compresslevel=1) as tar:
        tar.add(program, "cognito-lint")
    digest = sums or hashlib.sha256(archive.read_bytes()).hexdigest()
    (version / "SHA256SUMS").write_text(f"{digest}  {archive.name}\n")
    return f"file://{folder}"


def expect(found, wanted, what, job):
    if found != wanted:
        sys.exit(f"{what}: {found!r}, and {wanted!r} was expected\n{job.log}")


def main():
    program, releases = pathlib.Path(sys.argv[1]).resolve(), None
    releases = release(program)
    work = pathlib.Path(tempfile.mkdtemp())
    (work / "a b.json").write_bytes((ROOT / "examples/pool.json").read_bytes())
    args = "--no-config\n\na b.json\n"

    job = Runner({"args": args, "release-url": releases, "sarif": "out.sarif", "comment": "true"}, pull="7", cwd=work)
    expect(job.run(), 1, "exit code of a pool with findings", job)
    expect(job.outputs["check", "exit-code"], "1", "output exit-code", job)
    expect(json.loads((work / "out.sarif").read_text())["version"], "2.1.0", "SARIF", job)
    expect(job.used, [{"sarif_file": str(work / "out.sarif")}], "what is uploaded", job)
    written = pathlib.Path(job.env["GH_LOG"]).read_text()
    expect(("--method POST" in written, "issues/7/comments" in written), (True, True), "the first comment", job)
    expect("password-too-short" in (job.work / "GITHUB_STEP_SUMMARY").read_text(), True, "the summary", job)
    expect("::error file=a b.json,line=" in job.log, True, "annotations", job)

    marker = subprocess.run(
        [program, "check", "--no-config", "--report", "markdown", "a b.json"], cwd=work, capture_output=True, text=True, check=False
    ).stdout.splitlines()[0]
    by = lambda id_, login, kind: {"id": id_, "user": {"login": login, "type": kind}, "body": f"{marker}\n\nold"}
    comments = json.dumps([by(40, "somebody", "User"), by(41, "ops", "User"), by(42, "github-actions[bot]", "Bot")])
    for user, wanted in [("", 42), ("ops", 41)]:
        env = {"GH_USER": user}
        job = Runner({"args": args, "release-url": releases, "comment": "true"}, pull="7", comments=comments, env=env, cwd=work)
        expect(job.run(), 1, "exit code of the second run", job)
        written = pathlib.Path(job.env["GH_LOG"]).read_text()
        expect(f"--method PATCH repos/example/app/issues/comments/{wanted}" in written, True, "the comment is updated", job)

    job = Runner({"args": args + "--fail-on\nnever", "release-url": releases}, cwd=work)
    expect(job.run(), 0, "exit code with --fail-on never", job)
    expect(pathlib.Path(job.env["GH_LOG"]).exists(), False, "no comment outside of pull requests", job)

    job = Runner({"setup-only": "true", "release-url": releases}, cwd=work)
    expect(job.run(), 0, "exit code of the set-up", job)
    expect((pathlib.Path(job.path[0]) / "cognito-lint").exists(), True, "the program is in PATH", job)
    expect("::add-matcher::" in job.log, True, "the problem matcher", job)

    job = Runner({"args": args, "release-url": release(program, "0" * 64)}, cwd=work)
    expect(job.run(), 2, "exit code of a wrong checksum", job)
    expect("checksum" in job.log and not job.path, True, "nothing is installed", job)

    if len(sys.argv) > 2:
        pip = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(pathlib.Path(sys.argv[2]).resolve())}
        job = Runner({"args": args, "release-url": "file:///nowhere"}, env=pip, cwd=work)
        expect(job.run(), 1, "exit code with the wheel", job)
    matches(work, program)
    print("the steps of the action do what they say")


def matches(work, program):
    """Each line of `--report compact` that is a finding fits the problem matcher, and nothing else does."""
    matcher = json.loads((ROOT / "packaging/action/problem-matcher.json").read_text())["problemMatcher"][0]["pattern"][0]
    run = [program, "check", "--no-config", "--report", "compact", "a b.json"]
    lines = subprocess.run(run, cwd=work, capture_output=True, text=True, check=False).stdout.splitlines()
    found = [re.match(matcher["regexp"], line) for line in lines]
    places = [(line[matcher["code"]], line[matcher["file"]], line[matcher["line"]]) for line in found if line]
    if len(places) < 2 or any(file != "a b.json" for _, file, _ in places):
        sys.exit(f"the problem matcher finds {places} in\n" + "\n".join(lines))


main()
