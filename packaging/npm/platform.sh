#!/usr/bin/env bash
# Packs the program for a platform as an npm package: no script runs when it is installed.
# Usage: platform.sh PROGRAM PLATFORM-CPU FOLDER, such as `platform.sh target/release/cognito-lint linux-x64 dist`
set -euo pipefail
program=$1 name=$2
out=$(realpath "$3")
here=$(dirname "$0")
os=${name%-*} cpu=${name#*-}
version=$(sed -n 's/^version = "\(.*\)"/\1/p' "$here/../../Cargo.toml" | head -n 1)

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
file=cognito-lint
[ "$os" != win32 ] || file=cognito-lint.exe
install -m 755 "$program" "$work/$file"
cat >"$work/package.json" <<JSON
{
  "name": "@cognito-lint/$name",
  "version": "$version",
  "description": "The program of cognito-lint for $os on $cpu",
  "license": "(MIT OR Apache-2.0)",
  "os": ["$os"],
  "cpu": ["$cpu"],
  "files": ["$file"]
}
JSON
cat >"$work/README.md" <<MARKDOWN
# @cognito-lint/$name

The program of [cognito-lint](https://www.npmjs.com/package/cognito-lint) for $os on $cpu. Install the package \`cognito-lint\`, which chooses among the platforms.
MARKDOWN
bash "$here/pack.sh" "$work" "$out"
