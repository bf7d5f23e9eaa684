#!/usr/bin/env bash
# Checks with cfn-lint that the templates of the tests are valid. Those that are wrong on purpose are in folders with
# "wrong" or "passed-over" in their names; in "wrapped" folders a template is part of another document.
set -euo pipefail
cd "$(dirname "$0")/.."

pins=('cfn-lint==1.51.0')
venv=target/ci/cfn-lint-venv

# The venv is made anew when the pins change; the file is written last, so half an install does not count.
if [ "$(cat "$venv/pins" 2>/dev/null)" != "${pins[*]}" ]; then
  rm -rf "$venv"
  mkdir -p "$(dirname "$venv")"
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check "${pins[@]}"
  echo "${pins[*]}" >"$venv/pins"
fi

mapfile -t templates < <(grep -rlE --include='*.yaml' --include='*.yml' --include='*.json' --include='*.template' \
  '^ *("Resources"|Resources):|\{"Resources":|"AWSTemplateFormatVersion"' tests/cmd tests/integration/same_pool |
  grep -vE 'wrong|passed-over|wrapped' | sort)
# Warnings are about style, and about names in Regions; errors are about what CloudFormation refuses.
"$venv/bin/cfn-lint" --regions eu-west-1 --ignore-checks W -- "${templates[@]}"
echo "cfn-lint finds ${#templates[@]} templates valid"
