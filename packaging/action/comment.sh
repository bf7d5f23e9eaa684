#!/usr/bin/env bash
# Writes the Markdown report into the pull request: into the comment of an earlier run, if there is one.
set -euo pipefail

[ -n "$BODY" ] || { echo "there is no report to write"; exit 0; }
marker=$(head -n 1 "$BODY")
comments="repos/$REPOSITORY/issues/$PULL/comments"
# The marker is the first line of the report; text of others cannot make one, since comments of other people are left out.
id=$(MARKER=$marker gh api --paginate "$comments" \
  --jq '.[] | select(.user.type == "Bot" and (.body | startswith(env.MARKER))) | .id' | head -n 1)
if [ -n "$id" ]; then
  gh api --silent --method PATCH "repos/$REPOSITORY/issues/comments/$id" --field "body=@$BODY"
  echo "comment $id is updated"
else
  gh api --silent --method POST "$comments" --field "body=@$BODY"
  echo "the report is in a new comment"
fi
