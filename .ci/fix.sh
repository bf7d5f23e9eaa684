#!/usr/bin/env bash
# Writes fixes into copies of the templates and configurations of the tests, and checks what others make of the result:
# `terraform fmt` finds nothing to do where it found nothing before, and cfn-lint finds what it found before. Without
# Terraform or cfn-lint that part is left out, with a warning.
set -euo pipefail
cd "$(dirname "$0")/.."

program=$(realpath "${1:-target/debug/cognito-lint}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export CHECKPOINT_DISABLE=1 TF_CLI_CONFIG_FILE="$work/terraform.rc"
touch "$TF_CLI_CONFIG_FILE"

cp -r tests "$work/before"
cp -r tests "$work/after"

# The small texts that ask for much have a test of their own: one of them declares 2,000 pools.
mapfile -t configurations < <(cd tests && find . -name '*.tf' -not -path '*/made/*' -not -path '*/amplification/*' | sort)
mapfile -t templates < <(cd tests && grep -rlE --include='*.yaml' --include='*.yml' --include='*.json' --include='*.template' \
  '^ *("Resources"|Resources):|\{"Resources":|"AWSTemplateFormatVersion"' cmd integration/same_pool |
  grep -vE 'wrong|passed-over|wrapped' | sort)

for file in "${configurations[@]}" "${templates[@]}"; do
  status=0
  (cd "$work/after" && timeout 60 "$program" fix "$file" --write --no-config --rules recommended,strict \
    --set MfaConfiguration=OPTIONAL || timeout 60 "$program" fix "$file" --write --no-config --rules recommended,strict
  ) >"$work/log" 2>&1 || status=$?
  case $status in
    0 | 1 | 3) ;;
    *)
      cat "$work/log" >&2
      echo "$file: fix ended with exit code $status" >&2
      exit 1
      ;;
  esac
done

changed() { # the files of a list that were changed
  for file in "$@"; do cmp -s "$work/before/$file" "$work/after/$file" || echo "$file"; done
}

mapfile -t configurations < <(changed "${configurations[@]}")
mapfile -t templates < <(changed "${templates[@]}")
echo "${#configurations[@]} configurations and ${#templates[@]} templates were changed"
[ "${#configurations[@]}" -gt 0 ] && [ "${#templates[@]}" -gt 0 ]

if command -v terraform >/dev/null; then
  for file in "${configurations[@]}"; do
    terraform fmt -check "$work/before/$file" >/dev/null || continue
    terraform fmt -check -diff "$work/after/$file" || {
      echo "$file: terraform fmt finds something to do after the fix" >&2
      exit 1
    }
  done
else
  echo "warning: terraform is not installed; the layout of changed configurations was not checked" >&2
fi

source .ci/venv.sh
if install_pins target/ci/cfn-lint-venv 'cfn-lint==1.51.0'; then
  # What was found before is there still; the places of it may be others.
  found() { (cd "$work/$1" && "$OLDPWD/target/ci/cfn-lint-venv/bin/cfn-lint" --regions eu-west-1 --format parseable -- "${templates[@]}" || true) |
    sed -E 's/^([^:]*):[0-9:]*:/\1 /' | sort; }
  diff <(found before) <(found after) || {
    echo "cfn-lint finds something else after the fix" >&2
    exit 1
  }
else
  echo "warning: cfn-lint cannot be installed; changed templates were not checked" >&2
fi
