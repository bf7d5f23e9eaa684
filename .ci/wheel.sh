#!/usr/bin/env bash
# Builds the wheel, installs it into a fresh virtual environment, and runs the program and the pre-commit hooks from
# there. Without network it is skipped.
# usage: wheel.sh [PROFILE [FOLDER]]: `dev` uses what the tests compiled, `release` is what a release has.
set -euo pipefail
cd "$(dirname "$0")/.."

pins=('maturin==1.16.0' 'pre-commit==4.7.0')
venv=target/ci/wheel-venv

source .ci/venv.sh
if ! install_pins "$venv" "${pins[@]}"; then
  echo "warning: maturin and pre-commit could not be installed; the wheel was not built" >&2
  exit 0
fi

wheels=${2:-target/ci/wheels}
rm -rf "$wheels"
"$venv/bin/maturin" build --quiet --profile "${1:-dev}" --strip --locked --out "$wheels"
wheel=$(ls "$wheels"/*.whl)

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check --no-index "$wheel"
program=$work/venv/bin/cognito-lint
"$program" --version
code=0
"$program" check --no-config --quiet examples/pool.json || code=$?
[ "$code" -eq 1 ] || { echo "the program of the wheel ended with exit code $code, and 1 was expected" >&2; exit 1; }
# The oldest glibc that the program runs with is the newest version that one of its symbols asks for. Pip compares the
# glibc of a machine with the name of the wheel, which must not promise an older one.
if command -v readelf >/dev/null; then
  newest() { sort --unique --version-sort | tail -n 1; }
  # A static program asks for none, and a wheel for this machine alone promises none.
  glibc=$( (readelf --version-info --wide "$program" | grep -o 'GLIBC_[0-9.]*' || true) | sed 's/GLIBC_//' | newest)
  promised=$( (grep -o 'manylinux_[0-9]*_[0-9]*' <<<"$wheel" || true) | sed -e 's/manylinux_//' -e 's/_/./' | newest)
  if [ -n "$glibc" ] && [ -n "$promised" ] && [ "$(printf '%s\n' "$glibc" "$promised" | newest)" != "$promised" ]; then
    echo "the program needs glibc $glibc, and its wheel promises glibc $promised" >&2
    exit 1
  fi
  echo "the program of the wheel needs $([ -n "$glibc" ] && echo "glibc $glibc or later" || echo "no glibc")"
fi
echo "the wheel $(basename "$wheel") ($(du -k "$wheel" | cut -f 1) kB) installs and runs"

PIP_FIND_LINKS=$(realpath "$wheels") bash .ci/pre-commit.sh "$(realpath "$venv/bin/pre-commit")"
