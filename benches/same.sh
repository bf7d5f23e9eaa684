#!/usr/bin/env bash
# Compares what two programs write, byte for byte: 1,000 generated pools in every format, and every file of a folder.
# The time of a run is left out. Prints what differs, and fails if anything does.
#
# usage: benches/same.sh OLD NEW [FOLDER]
set -euo pipefail
[ $# -ge 2 ] || { sed -n 's/^# usage: /usage: /p' "$0" >&2; exit 2; }
old=$(realpath "$1") new=$(realpath "$2") folder=${3:+$(realpath "$3")}
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 benches/pools.py 1000 "$work/pools.ndjson"

differ=0
# Runs both with the same arguments; the exit code is a part of what they say.
same() {
  local program code
  for program in old new; do
    code=0
    (cd "$work" && timeout 300 "${!program}" "$@" >"$work/$program.out" 2>"$work/$program.err") || code=$?
    echo "exit code $code" >>"$work/$program.err"
    sed -Ei 's/[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z/TIME/g' "$work/$program".{out,err}
  done
  if ! cmp -s "$work/old.out" "$work/new.out" || ! cmp -s "$work/old.err" "$work/new.err"; then
    differ=$((differ + 1))
    echo "differs: $*"
    diff <(cat "$work"/old.{out,err}) <(cat "$work"/new.{out,err}) | head -n 4
  fi
}

for format in human compact json jsonl sarif junit github gitlab markdown csv html ocsf asff oscal; do
  same check --no-config --today 2026-01-01 --report "$format" pools.ndjson
done
same check --no-config --today 2026-01-01 --evidence --report jsonl pools.ndjson
if [ -n "$folder" ]; then
  while IFS= read -r -d '' file; do
    same check --no-config --today 2026-01-01 --report json "$file"
  done < <(find "$folder" -type f -print0 | sort -z)
fi
echo "$differ runs differ"
[ "$differ" = 0 ]
