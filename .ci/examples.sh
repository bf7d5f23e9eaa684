#!/usr/bin/env bash
# Checks the examples with validators of others: Kubernetes, GitLab CI, and the state machine of `examples/nightly`. The
# templates are checked by `.ci/cfn-lint.sh`. What cannot be installed is left out, with a warning.
set -euo pipefail
cd "$(dirname "$0")/.."

left_out() { echo "warning: $* could not be installed; what it checks was left out" >&2; }
pins=('kubernetes-validate==1.37.0' 'check-jsonschema==0.39.0' 'PyYAML==6.0.3')
venv=target/ci/examples-venv
source .ci/venv.sh
if ! install_pins "$venv" "${pins[@]}"; then
  left_out kubernetes-validate and check-jsonschema
  exit 0
fi
bin=$venv/bin
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# refuses WHAT COMMAND...: a validator that accepts a faulty file proves nothing.
refuses() {
  local what=$1
  shift
  ! "$@" >"$work/log" 2>&1 || { echo "$what with a mistake is accepted" >&2; exit 1; }
}

"$bin/kubernetes-validate" --strict --quiet examples/kubernetes/*.yaml
sed 's/  schedule:/  shedule:/' examples/kubernetes/nightly.yaml >"$work/faulty.yaml"
refuses "a CronJob" "$bin/kubernetes-validate" --strict --quiet "$work/faulty.yaml"
echo "kubernetes-validate finds the jobs of examples/kubernetes valid"

"$bin/python" .ci/examples/parts.py "$work"
"$bin/check-jsonschema" --quiet --builtin-schema vendor.gitlab-ci "$work/gitlab.yml"
sed 's/script:/skript:/' "$work/gitlab.yml" >"$work/faulty.yml"
refuses "a job of GitLab" "$bin/check-jsonschema" --builtin-schema vendor.gitlab-ci "$work/faulty.yml"
echo "check-jsonschema finds the job of GitLab valid"

modules=target/ci/examples-modules
if command -v npm >/dev/null && npm install --silent --no-audit --no-fund --prefix "$modules" asl-validator@4.0.0 >/dev/null 2>&1; then
  asl=$modules/node_modules/.bin/asl-validator
  "$asl" --silent --json-path "$work/states.json"
  sed 's/"Next": "Merge"/"Next": "Murge"/' "$work/states.json" >"$work/faulty.json"
  refuses "a state machine" "$asl" --silent --json-path "$work/faulty.json"
  echo "asl-validator finds the state machine valid"
else
  left_out asl-validator
fi
