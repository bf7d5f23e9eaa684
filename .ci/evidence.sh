#!/usr/bin/env bash
# An evidence pack as others read it: its statement with the in-toto library, signed by a key that is made here, its
# OSCAL with compliance-trestle, its checksums with sha256sum, and the whole with unzip of Python. A library that cannot
# be installed is left out, with a warning.
set -euo pipefail
cd "$(dirname "$0")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tools=${TMPDIR:-/tmp}/cognito-lint-evidence
mkdir -p "$tools"

python=$tools/venv/bin/python
source .ci/venv.sh
install_each "$tools/venv" in-toto-attestation==0.9.3 'securesystemslib[crypto]==1.3.1' compliance-trestle==5.2.0 ||
  exit 0

cargo build --quiet
tool=$PWD/target/debug/cognito-lint
# A rule of one's own is about NIST SP 800-53, whose ids OSCAL has.
cat >"$work/rules.toml" <<'RULES'
[[rule]]
id       = "own-password-length"
controls = { nist-800-53-r5 = ["IA-5(1)"] }
expect   = { path = "Policies.PasswordPolicy.MinimumLength", at-least = 90 }
RULES
"$tool" --no-config snapshot examples/pool.json -o "$work/pools.ndjson" --quiet
cd "$work"
code=0
"$tool" --no-config evidence --pack pci-dss-4 --rules rules.toml pools.ndjson -o pack.zip --attest statement.json --quiet || code=$?
[ "$code" = 0 ] || [ "$code" = 3 ] || { echo "exit code $code of evidence" >&2; exit 1; }
mkdir pack fresh
"$python" -m zipfile -e pack.zip pack
(cd pack && sha256sum --quiet -c SHA256SUMS)
"$python" "$OLDPWD/.ci/evidence/check.py" "$work"
# A fresh directory has nothing but what an auditor is sent.
cp pack.zip envelope.json fresh
(cd fresh && "$tool" evidence verify pack.zip --attest envelope.json)
