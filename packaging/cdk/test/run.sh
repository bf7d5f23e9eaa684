#!/usr/bin/env bash
# Synthesizes apps with the plugin, and compares what `cdk synth` says and how it ends.
# Usage: run.sh PROGRAM FOLDER [PLUGIN], where FOLDER has `node_modules` with aws-cdk-lib, aws-cdk and constructs, and
# PLUGIN is the folder of an installed plugin; without it, the plugin of this repository is tested.
set -euo pipefail
program=$(realpath "$1") modules=$(realpath "$2")
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export PLUGIN=${3:-$here/..} NODE_PATH=$modules/node_modules CI=true NO_COLOR=1

# synth APP EXIT-CODE TEXT [OPTION...]: the text must be in the output, or with `!` before it must not.
synth() {
  local app=$1 wanted=$2 text=$3 code=0
  shift 3
  (cd "$work" && APP=$app PROGRAM=${PROGRAM:-$program} "$modules/node_modules/.bin/cdk" synth --quiet \
    --app "node $here/app.js" --output "$work/$app.out" "$@") >"$work/log" 2>&1 || code=$?
  local found=yes
  grep -q -- "${text#!}" "$work/log" || found=no
  local expected=yes
  case "$text" in !*) expected=no ;; esac
  if [ "$code" -ne "$wanted" ] || [ "$found" != "$expected" ]; then
    echo "cdk synth of $app ended with $code, and $wanted with '$text' was expected:" >&2
    cat "$work/log" >&2
    exit 1
  fi
  echo "cdk synth of $app: exit code $code, $text"
}
synth bad 1 mfa-off
synth bad 1 'Bad/Pool/Resource'
synth good 0 '!mfa-off'
synth stage 1 mfa-off '**'
synth acknowledged 1 '!Acknowledge with .cognito-lint::mfa-off'
synth unknown 1 'is not known'
PROGRAM=/nowhere/cognito-lint synth bad 1 'could not be run'

# A synthesis writes a report of its own beside the templates; a folder with both is read.
code=0
"$program" check --no-config --quiet "$work/bad.out" || code=$?
[ "$code" -eq 1 ] || { echo "cognito-lint of the assembly ended with $code, and 1 was expected" >&2; exit 1; }
