#!/usr/bin/env bash
# Makes the packages of a target from its archive: npm, and for static programs the Debian package and the container.
# Usage: packages.sh TARGET FOLDER, where FOLDER has the archive.
set -euo pipefail
target=$1 out=$(realpath "$2")
cd "$(dirname "$0")/../.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tar -xzf "$out/cognito-lint-$target.tar.gz" -C "$work"
program=$work/cognito-lint
case "$target" in
  x86_64-unknown-linux-musl) platform=linux-x64 ;;
  aarch64-unknown-linux-musl) platform=linux-arm64 ;;
  x86_64-apple-darwin) platform=darwin-x64 ;;
  aarch64-apple-darwin) platform=darwin-arm64 ;;
  x86_64-pc-windows-*) platform=win32-x64 program=$program.exe ;;
  *) echo "$target has no npm package" >&2; exit 1 ;;
esac
bash packaging/npm/platform.sh "$program" "$platform" "$out"
case "$target" in
  *-linux-musl)
    bash packaging/deb/build.sh "$program" "$out"
    # Only root may make a container with files of another user.
    root=()
    [ "$(id -u)" -eq 0 ] || root=(sudo)
    "${root[@]}" bash packaging/container/build.sh "$program" "$out/cognito-lint-$platform.oci.tar"
    ;;
esac
# The npm package that chooses among the platforms, and the plugin for the CDK, are made once.
if [ "$platform" = linux-x64 ]; then
  bash packaging/npm/pack.sh packaging/npm/cognito-lint "$out"
  bash packaging/npm/pack.sh packaging/cdk "$out"
fi
