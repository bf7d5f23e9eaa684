#!/usr/bin/env bash
# Writes the Markdown report into the pull request: into the comment of an earlier run, if there is one.
set -euo pipefail

[ -n "$BODY" ] || { echo "there is no report to write"; exit 0; }
marker=$(head -n 1 "$BODY")
comments="repos/$REPOSITORY/issues/$PULL/comments"
# The marker is the first line of the report. Comments of others are left out, since anybody can write the marker: with
# the token of a person, that person's are updated; the token of a workflow cannot ask who it belongs to, and is a bot's.
login=$(gh api user --jq .login 2>/dev/null) || login=
id=$(MARKER=$marker LOGIN=$login gh api --paginate "$comments" \
  --jq '.[] | select((if env.LOGIN == "" then .user.type == "Bot" else .user.login == env.LOGIN end)
      and (.body | startswith(env.MARKER))) | .id' | head -n 1)
if [ -n "$id" ]; then
  gh api --silent --method PATCH "repos/$REPOSITORY/issues/comments/$id" --field "body=@$BODY"
  echo "comment $id is updated"
else
  gh api --silent --method POST "$comments" --field "body=@$BODY"
  echo "the report is in a new comment"
fi
