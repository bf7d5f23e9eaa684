#!/usr/bin/env bash
# Runs the program with the arguments of ARGS, one on each line; a later step ends the job with its exit code, so that
# the reports are uploaded first.
set -euo pipefail

arguments=()
while IFS= read -r line; do
  line=${line%$'\r'}
  [ -z "$line" ] || arguments+=("$line")
done <<<"$ARGS"

# Annotations come from the program itself; with the matcher, the lines of its log would make them twice.
echo "::remove-matcher owner=cognito-lint::"
arguments+=(--report github)
[ -z "$SARIF" ] || arguments+=(--report "sarif=$SARIF")
body=
if [ "$COMMENT" = true ]; then
  body=$(mktemp "${RUNNER_TEMP:-/tmp}/cognito-lint-comment-XXXXXX")
  arguments+=(--report "markdown=$body")
fi

code=0
cognito-lint check "${arguments[@]}" || code=$?
{
  echo "exit-code=$code"
  [ -z "$SARIF" ] || [ ! -s "$SARIF" ] || echo "sarif=$(realpath "$SARIF")"
  [ -z "$body" ] || [ ! -s "$body" ] || echo "comment=$body"
} >>"$GITHUB_OUTPUT"
