#!/usr/bin/env bash
# Packs a folder as an npm package, with the licences of this repository. With REPOSITORY_URL, the package names its
# repository, which npm compares with the provenance of what is published.
# Usage: pack.sh FOLDER OUT
set -euo pipefail
folder=$(realpath "$1") out=$(realpath "$2")
cd "$(dirname "$0")/../.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -r "$folder/." "$work"
rm -rf "$work/test"
cp LICENSE-APACHE LICENSE-MIT "$work"
cd "$work"
[ -s README.md ] || { echo "$folder has no README.md" >&2; exit 1; }
npm pkg set 'files[]=LICENSE-*'
[ -z "${REPOSITORY_URL:-}" ] || npm pkg set "repository.type=git" "repository.url=git+$REPOSITORY_URL.git"
npm pack --silent --pack-destination "$out"
