#!/usr/bin/env bash
# An evidence pack on a fresh clone: the program is built from the clone, verifies what it is sent without the files that
# the pack was made of, refuses one byte that differs, and writes the same bytes from the same snapshot.
set -euo pipefail
cd "$(dirname "$0")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
target=${CARGO_TARGET_DIR:-$PWD/target}

cargo build --quiet
cp "$target/debug/cognito-lint" "$work/here"
"$work/here" --no-config snapshot examples/pool.json -o "$work/pools.ndjson" --quiet
make() {
  local code=0
  "$1" --no-config evidence --pack pci-dss-4 "$work/pools.ndjson" -o "$2" --attest "$3" --quiet || code=$?
  [ "$code" = 0 ] || [ "$code" = 3 ] || { echo "exit code $code of evidence" >&2; exit 1; }
}
make "$work/here" "$work/pack.zip" "$work/statement.json"

# The crates of others are those that are built already.
git clone --quiet . "$work/clone"
(cd "$work/clone" && CARGO_TARGET_DIR=$target cargo build --quiet)
cp "$target/debug/cognito-lint" "$work/there"
mkdir "$work/sent"
cp "$work/pack.zip" "$work/statement.json" "$work/sent"
mv "$work/pools.ndjson" "$work/kept.ndjson"
(cd "$work/sent" && env -i "$work/there" evidence verify pack.zip --attest statement.json)

python3 - "$work/sent/pack.zip" <<'PYTHON'
import pathlib, sys

file = pathlib.Path(sys.argv[1])
data = bytearray(file.read_bytes())
data[len(data) // 2] ^= 1
file.with_name("changed.zip").write_bytes(data)
PYTHON
code=0
(cd "$work/sent" && "$work/there" evidence verify changed.zip) || code=$?
[ "$code" = 2 ] || { echo "a changed pack ended with exit code $code" >&2; exit 1; }

mv "$work/kept.ndjson" "$work/pools.ndjson"
make "$work/there" "$work/again.zip" "$work/again.json"
cmp "$work/pack.zip" "$work/again.zip"
cmp "$work/statement.json" "$work/again.json"
echo "a fresh clone verifies the pack, and writes the same one"
# The program of this tree, not of the clone.
touch src/lib.rs
