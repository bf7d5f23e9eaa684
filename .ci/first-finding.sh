#!/usr/bin/env bash
# Prints the seconds from nothing to the first finding, for each way to install the program from files that are there:
# what a network adds is not in them. COLD=1 adds `cargo install`, which compiles every crate.
# Usage: first-finding.sh FOLDER, where FOLDER has the artefacts of a release.
set -euo pipefail
dist=$(realpath "$1")
cd "$(dirname "$0")/.."

work=$(mktemp -d)
buildah=(buildah --root "$work/root" --runroot "$work/run" --storage-driver vfs)
cleanup() {
  ! command -v buildah >/dev/null || "${buildah[@]}" rm --all >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap cleanup EXIT
cp examples/pool.json "$work/pool.json"
chmod 644 "$work/pool.json"

# timed WAY COMMAND...: the last command must end with 1, since the pool has findings.
timed() {
  local way=$1 start code=0
  shift
  start=$(date +%s.%N)
  "$@" >"$work/log" 2>&1 || code=$?
  [ "$code" -eq 1 ] || { echo "$way: exit code $code" >&2; cat "$work/log" >&2; exit 1; }
  awk -v way="$way" -v start="$start" -v end="$(date +%s.%N)" 'BEGIN { printf "%-14s %6.1f s\n", way, end - start }'
}
check() { "$1" check --no-config --quiet "$work/pool.json"; }

wheel() {
  python3 -m venv "$work/venv" &&
    "$work/venv/bin/pip" install --quiet --disable-pip-version-check --no-index "$1" || return 2
  check "$work/venv/bin/cognito-lint"
}
archive() {
  mkdir "$work/archive" && tar -xzf "$1" -C "$work/archive" || return 2
  check "$work/archive/cognito-lint"
}
container() {
  local name
  name=$("${buildah[@]}" from "oci-archive:$1") || return 2
  "${buildah[@]}" run --isolation chroot --volume "$work/pool.json:/data/pool.json:ro" "$name" -- \
    /usr/bin/cognito-lint check --no-config --quiet pool.json
}
compiled() {
  cargo install --quiet --locked --path . --root "$work/cargo" --target-dir "$work/target" || return 2
  check "$work/cargo/bin/cognito-lint"
}

for file in "$dist"/*.whl; do [ ! -e "$file" ] || timed wheel wheel "$file"; done
for file in "$dist"/*-linux-musl.tar.gz; do [ ! -e "$file" ] || timed archive archive "$file"; done
if command -v buildah >/dev/null; then
  for file in "$dist"/*.oci.tar; do [ ! -e "$file" ] || timed container container "$file"; done
fi
[ -z "${COLD:-}" ] || timed "cargo install" compiled
