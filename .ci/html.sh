#!/usr/bin/env bash
# The HTML report in Chromium, with clicks, keys and axe. What cannot be installed leaves it out, with a warning.
# PICTURES=DIR keeps the screenshots; POOLS is the number of pools of the big page, MANY that of several pages.
set -euo pipefail
cd "$(dirname "$0")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
modules=${TMPDIR:-/tmp}/cognito-lint-html-modules
pictures=${PICTURES:-$work}
left_out() {
  echo "warning: $* cannot be installed; the HTML report is not looked at in a browser" >&2
  exit 0
}

command -v node >/dev/null || left_out node
if [ -z "${CHROMIUM:-}" ]; then
  CHROMIUM=$(command -v chromium || command -v chromium-browser || true)
  if [ -z "$CHROMIUM" ] && [ "$(id -u)" = 0 ]; then
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium; } >/dev/null 2>&1 || true
    CHROMIUM=$(command -v chromium || true)
  fi
fi
[ -n "$CHROMIUM" ] || left_out chromium
export CHROMIUM
mkdir -p "$modules" "$pictures"
npm install --silent --no-audit --no-fund --prefix "$modules" playwright-core@1.65.1 axe-core@4.14.1 >/dev/null 2>&1 ||
  left_out "playwright-core and axe-core"

cargo build --quiet
tool=target/debug/cognito-lint
# Findings are what the pages are about: exit code 1.
page() { "$tool" check --no-config --report "html=$1" --quiet "${@:2}" || [ $? = 1 ]; }
python3 .ci/html/pools.py 300 12 >"$work/small.ndjson"
python3 .ci/html/pools.py "${POOLS:-1000}" 40 >"$work/big.ndjson"
cat >"$work/waivers.toml" <<'TOML'
[[waiver]]
rule = "mfa-off"
pool = "customers-*"
owner = "identity team"
reason = "The app of customers asks for a passkey."
expires = 2027-01-31
TOML
rules=recommended,aws-fsbp,nist-800-63b-4
python3 .ci/html/pools.py 60 4 >"$work/evidence.ndjson"
page "$work/before.html" --rules $rules --today 2026-11-01 --report "json=$work/before.json" "$work/evidence.ndjson"
sed -i 's/"MfaConfiguration": "ON"/"MfaConfiguration": "OFF"/; s/"MinimumLength": 6/"MinimumLength": 14/' "$work/evidence.ndjson"
page "$work/evidence.html" --rules $rules --today 2026-11-28 --evidence --since "$work/before.json" \
  --waivers "$work/waivers.toml" "$work/evidence.ndjson"
python3 .ci/html/pools.py "${MANY:-8500}" 40 >"$work/many.ndjson"
page "$work/many.html" --rules strict "$work/many.ndjson"
page "$work/small.html" "$work/small.ndjson"
page "$work/big.html" --rules strict "$work/big.ndjson"
"$tool" report "$work/small.html" --report "json=$work/small.json" --quiet || [ $? = 1 ]
grep -q '"version": 1' "$work/small.json"
node .ci/html/page.mjs "$modules" "$work/small.html" "$work/big.html" "$work/evidence.html" "$work/many.html" "$pictures"
# Some answers are unknown: exit code 3.
"$tool" journeys --no-config --quiet --report "html=$work/journeys.html" tests/cmd/journeys.in || [ $? = 3 ]
"$tool" check --no-config --quiet --report "html=$work/report.html" tests/cmd/journeys.in || [ $? = 1 ] || [ $? = 3 ]
node .ci/html/journeys.mjs "$modules" "$pictures" "$work/journeys.html" "$work/report.html"
