#!/usr/bin/env bash
# Builds the program for a target and packs it with its licences, manual page and completions.
# Usage: archive.sh TARGET FOLDER
set -euo pipefail
cd "$(dirname "$0")/../.."
target=$1
mkdir -p "$2"
out=$(cd "$2" && pwd)

cargo build --release --locked --target "$target" --bin cognito-lint
program=cognito-lint
case "$target" in *windows*) program=cognito-lint.exe ;; esac

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "target/$target/release/$program" README.md CHANGELOG.md LICENSE-APACHE LICENSE-MIT "$work"
# A program of another machine does not run here; its archive has neither page nor completions.
if "$work/$program" --version >/dev/null 2>&1; then
  "$work/$program" man >"$work/cognito-lint.1"
  for shell in bash zsh fish; do "$work/$program" completions "$shell" >"$work/cognito-lint.$shell"; done
fi
tar -czf "$out/cognito-lint-$target.tar.gz" -C "$work" .
echo "$out/cognito-lint-$target.tar.gz"
