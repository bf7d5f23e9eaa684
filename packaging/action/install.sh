#!/usr/bin/env bash
# Installs the released program, whose checksum is compared, or else its wheel, and puts it into PATH.
set -euo pipefail

case "$(uname -s)-$(uname -m)" in
  Linux-x86_64) target=x86_64-unknown-linux-musl ;;
  Linux-aarch64 | Linux-arm64) target=aarch64-unknown-linux-musl ;;
  Darwin-arm64) target=aarch64-apple-darwin ;;
  Darwin-x86_64) target=x86_64-apple-darwin ;;
  MINGW*-x86_64 | MSYS*-x86_64) target=x86_64-pc-windows-msvc ;;
  *) target=none ;;
esac
base=${RELEASES:-$SERVER/$REPOSITORY/releases/download}/v$VERSION
archive=cognito-lint-$target.tar.gz
folder=$(mktemp -d "${RUNNER_TEMP:-/tmp}/cognito-lint-XXXXXX")

fetch() { curl --fail --silent --show-error --location --retry 3 --output "$folder/$1" "$base/$1"; }

if [ "$target" != none ] && fetch SHA256SUMS && fetch "$archive"; then
  wanted=$(awk -v name="$archive" '$2 == name || $2 == "*" name { print $1 }' "$folder/SHA256SUMS")
  found=$( (sha256sum "$folder/$archive" 2>/dev/null || shasum -a 256 "$folder/$archive") | cut -d ' ' -f 1)
  # A file that is not what was released is never run, and nothing else is tried in its place.
  if [ -z "$wanted" ] || [ "$wanted" != "$found" ]; then
    echo "::error::the checksum of $archive is $found, and SHA256SUMS says '$wanted'"
    exit 2
  fi
  tar -xzf "$folder/$archive" -C "$folder"
  program=$folder
elif command -v python3 >/dev/null; then
  echo "there is no release of version $VERSION for this machine; the wheel is installed"
  python3 -m venv "$folder/venv"
  program=$folder/venv/bin
  [ -d "$program" ] || program=$folder/venv/Scripts
  "$program/python" -m pip install --quiet --disable-pip-version-check "cognito-lint==$VERSION"
else
  echo "::error::there is no release of version $VERSION for this machine, and no python3 to install the wheel with"
  exit 2
fi

"$program/cognito-lint" --version
echo "$program" >>"$GITHUB_PATH"
echo "program=$program" >>"$GITHUB_OUTPUT"
echo "::add-matcher::$ACTION/packaging/action/problem-matcher.json"
