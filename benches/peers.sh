#!/usr/bin/env bash
# Measures `check` beside other ways to ask the twelve conditions of benches/twelve.toml: `jq`, twelve conditions in
# Python, and cfn-guard. Each has to find the same number of pools that fail. A tool that cannot be installed is left
# out, with a warning.
#
# usage: benches/peers.sh [POOLS]
set -euo pipefail
cd "$(dirname "$0")/.."
count=${1:-1000}
target=${CARGO_TARGET_DIR:-target}
work=$target/compare/peers
left_out() { echo "warning: $* cannot be installed, and is left out" >&2; }

cargo build --release --quiet --bin cognito-lint
rm -rf "$work"
mkdir -p "$work/files" "$work/templates"
python3 benches/pools.py "$count" "$work/pools.ndjson"
# cfn-guard reads files with one document each.
split --lines=1 --suffix-length=6 --numeric-suffixes --additional-suffix=.json "$work/pools.ndjson" "$work/files/"

cat >"$work/twelve.jq" <<'JQ'
[inputs.UserPool | select((
  (.Policies.PasswordPolicy.MinimumLength // 0) >= 12
  and .Policies.PasswordPolicy.RequireUppercase
  and .Policies.PasswordPolicy.RequireLowercase
  and .Policies.PasswordPolicy.RequireNumbers
  and .Policies.PasswordPolicy.RequireSymbols
  and (.Policies.PasswordPolicy.TemporaryPasswordValidityDays // 7) <= 7
  and (.MfaConfiguration // "OFF") != "OFF"
  and .DeletionProtection == "ACTIVE"
  and .UserPoolAddOns.AdvancedSecurityMode == "ENFORCED"
  and .AdminCreateUserConfig.AllowAdminCreateUserOnly
  and (.AutoVerifiedAttributes // [] | index("email") != null)
  and (.UserPoolTags // {} | has("owner"))
) | not)] | length
JQ

cat >"$work/twelve.py" <<'PYTHON'
import json, sys

failed = 0
for line in open(sys.argv[1], encoding="utf-8"):
    pool = json.loads(line)["UserPool"]
    password = pool.get("Policies", {}).get("PasswordPolicy", {})
    if (
        password.get("MinimumLength", 0) < 12
        or not password.get("RequireUppercase")
        or not password.get("RequireLowercase")
        or not password.get("RequireNumbers")
        or not password.get("RequireSymbols")
        or password.get("TemporaryPasswordValidityDays", 7) > 7
        or pool.get("MfaConfiguration", "OFF") == "OFF"
        or pool.get("DeletionProtection") != "ACTIVE"
        or pool.get("UserPoolAddOns", {}).get("AdvancedSecurityMode") != "ENFORCED"
        or not pool.get("AdminCreateUserConfig", {}).get("AllowAdminCreateUserOnly")
        or "email" not in pool.get("AutoVerifiedAttributes", [])
        or "owner" not in pool.get("UserPoolTags", {})
    ):
        failed += 1
print(failed)
PYTHON

cat >"$work/twelve.guard" <<'GUARD'
rule twelve {
  UserPool.Policies.PasswordPolicy.MinimumLength >= 12
  UserPool.Policies.PasswordPolicy.RequireUppercase == true
  UserPool.Policies.PasswordPolicy.RequireLowercase == true
  UserPool.Policies.PasswordPolicy.RequireNumbers == true
  UserPool.Policies.PasswordPolicy.RequireSymbols == true
  UserPool.Policies.PasswordPolicy.TemporaryPasswordValidityDays <= 7
  UserPool.MfaConfiguration in ["ON", "OPTIONAL"]
  UserPool.DeletionProtection == "ACTIVE"
  UserPool.UserPoolAddOns.AdvancedSecurityMode == "ENFORCED"
  UserPool.AdminCreateUserConfig.AllowAdminCreateUserOnly == true
  some UserPool.AutoVerifiedAttributes[*] == "email"
  UserPool.UserPoolTags.owner exists
}
GUARD

if ! command -v cfn-guard >/dev/null && ! cargo install --quiet --locked cfn-guard; then left_out cfn-guard; fi
command -v jq >/dev/null || left_out jq
exec python3 - "$work" "$target/release/cognito-lint" "$count" <<'PYTHON'
import json, os, re, shutil, statistics, subprocess, sys, time

WORK, PROGRAM, COUNT = sys.argv[1], sys.argv[2], int(sys.argv[3])
CHECK = [PROGRAM, "check", "--no-config", "--rules", "benches/twelve.toml", "--report", "json"]


def failed_of_report(text):
    return sum(pool["verdict"] == "fail" for pool in json.loads(text)["pools"])


# Each tool with its command, and how the number of pools that fail is read from its output.
TOOLS = {
    "cognito-lint, one file": (CHECK + [f"{WORK}/pools.ndjson"], failed_of_report),
    "cognito-lint, a file each": (CHECK + [f"{WORK}/files"], failed_of_report),
    "jq": (["jq", "-n", "-f", f"{WORK}/twelve.jq", f"{WORK}/pools.ndjson"], int),
    "Python": (["python3", f"{WORK}/twelve.py", f"{WORK}/pools.ndjson"], int),
    "cfn-guard, a file each": (
        ["cfn-guard", "validate", "--rules", f"{WORK}/twelve.guard", "--data", f"{WORK}/files", "--show-summary", "all"],
        lambda text: len(re.findall(r"Status = FAIL", text)),
    ),
}


def run(command):
    """Output, wall seconds, processor seconds and peak MiB of one process."""
    start = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    text = child.stdout.read()
    _, _, usage = os.wait4(child.pid, 0)
    return text, time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


right = None
for name, (command, failed) in TOOLS.items():
    if not shutil.which(command[0]):
        continue
    runs = [run(command) for _ in range(5)]
    found = failed(runs[0][0])
    right = found if right is None else right
    if found != right:
        raise SystemExit(f"{name} finds {found} pools that fail, and cognito-lint finds {right}")
    wall, cpu, peak = (statistics.median(one[i] for one in runs) for i in (1, 2, 3))
    print(f"{name:<26} {COUNT} pools  {wall * 1000:9.1f} ms  {cpu * 1000:9.1f} ms of processor time  {peak:7.1f} MiB")
print(f"each finds {right} of {COUNT} pools that fail")
PYTHON
