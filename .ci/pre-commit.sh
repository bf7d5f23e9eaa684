#!/usr/bin/env bash
# Runs the hooks of `packaging/pre-commit` in a repository with other YAML and JSON in it.
# Usage: pre-commit.sh PRE-COMMIT, with the wheel in a folder that PIP_FIND_LINKS names.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD pre_commit=$1

"$pre_commit" validate-manifest .pre-commit-hooks.yaml packaging/pre-commit/.pre-commit-hooks.yaml
same() { sed -e 's/language: .*//' -e '/^#/d' "$1"; }
diff <(same .pre-commit-hooks.yaml) <(same packaging/pre-commit/.pre-commit-hooks.yaml)

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export PRE_COMMIT_HOME=$work/home GIT_CONFIG_GLOBAL=$work/gitconfig
git config --global user.name example
git config --global user.email example@example.com
git config --global init.defaultBranch main

cp -r packaging/pre-commit "$work/hooks"
git -C "$work/hooks" init --quiet
git -C "$work/hooks" add .
git -C "$work/hooks" commit --quiet --message hooks
git -C "$work/hooks" tag v0.1.0

mkdir -p "$work/app/policies"
cd "$work/app"
git init --quiet
cat >.pre-commit-config.yaml <<YAML
repos:
  - repo: $work/hooks
    rev: v0.1.0
    hooks:
      - id: cognito-lint
      - id: cognito-lint-terraform
      - id: cognito-lint-rules
YAML
echo '{"name": "app", "version": "1.0.0"}' >package.json
printf 'services:\n  web:\n    image: example\n' >compose.yaml
cp "$root/examples/policy.toml" policies/
git add .

# Nothing but files that are not ours: the hooks pass.
"$pre_commit" run --all-files

fails_with() {
  local log=$work/log
  git add .
  if "$pre_commit" run --all-files >"$log" 2>&1; then
    echo "the hooks passed, and $1 was expected:" >&2
    cat "$log" >&2
    exit 1
  fi
  grep -q "$1" "$log" || { echo "the hooks do not name $1:" >&2; cat "$log" >&2; exit 1; }
  echo "the hooks fail for $1"
}
cat >template.yaml <<'YAML'
Resources:
  Pool:
    Type: AWS::Cognito::UserPool
    Properties:
      MfaConfiguration: "OFF"
YAML
fails_with mfa-off
rm template.yaml

# pre-commit knows no type for these endings.
cat >stack.template <<'JSON'
{"Resources": {"Pool": {"Type": "AWS::Cognito::UserPool", "Properties": {"MfaConfiguration": "OFF"}}}}
JSON
fails_with stack.template
git rm --quiet --force stack.template
cp "$root/tests/cmd/terraform-deposed.in/terraform.tfstate" terraform.tfstate
fails_with terraform.tfstate
git rm --quiet --force terraform.tfstate
mkdir tofu
printf 'resource "aws_cognito_user_pool" "this" {\n  name              = "customers"\n  mfa_configuration = "OFF"\n}\n' >tofu/main.tofu
fails_with tofu/main.tofu
git rm --quiet --force -r tofu

# A module is judged by its calls, also where it changes alone.
mkdir -p infra modules/pool
cat >infra/main.tf <<'HCL'
module "pool" {
  source = "../modules/pool"
  mfa    = "OFF"
}
HCL
cat >modules/pool/main.tf <<'HCL'
variable "mfa" {
  type = string
}

resource "aws_cognito_user_pool" "this" {
  name              = "customers"
  mfa_configuration = var.mfa
}
HCL
fails_with modules/pool/main.tf:7
git rm --quiet --force -r infra modules

printf '[[rule]]\nid = "x"\nexpect = { path = "MfaConfigurtion", equals = "ON" }\n' >policies/mistake.toml
fails_with MfaConfigurtion
