#!/usr/bin/env bash
# Checks with cfn-lint that the templates of the tests are valid: their resources are a map, as those of events of
# CloudTrail are not. Those that are wrong on purpose are in folders with
# "wrong" or "passed-over" in their names; in "wrapped" folders a template is part of another document.
set -euo pipefail
cd "$(dirname "$0")/.."

pins=('cfn-lint==1.51.0')
venv=target/ci/cfn-lint-venv

source .ci/venv.sh
install_pins "$venv" "${pins[@]}"

mapfile -t templates < <(grep -rlE --include='*.yaml' --include='*.yml' --include='*.json' --include='*.template' \
  '^ *("Resources"|Resources): *(\{|#|\r?$)|\{"Resources": *\{|"AWSTemplateFormatVersion"' tests/cmd tests/integration/same_pool |
  grep -vE 'wrong|passed-over|wrapped' | sort)
# Warnings are about style, and about names in Regions; errors are about what CloudFormation refuses.
"$venv/bin/cfn-lint" --regions eu-west-1 --ignore-checks W -- "${templates[@]}" examples/{eventbridge,config-rule,nightly}/template.yaml
echo "cfn-lint finds ${#templates[@]} templates of the tests valid, and those of the examples"
