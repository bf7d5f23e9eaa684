#!/usr/bin/env bash
# Builds the page that checks in the browser, and types into it in Chromium. What cannot be installed leaves it out, with
# a warning. PICTURES=DIR keeps the screenshots.
set -euo pipefail
cd "$(dirname "$0")/.."

left_out() {
  echo "warning: $* cannot be installed; the page that checks in the browser is left out" >&2
  exit 0
}
modules=${TMPDIR:-/tmp}/cognito-lint-html-modules
page=target/ci/playground/page
pictures=${PICTURES:-target/ci/playground/pictures}
rm -rf "$page"
mkdir -p "$modules" "$pictures"

cargo fmt --manifest-path packaging/playground/Cargo.toml --check
code=0
bash packaging/playground/build.sh "$page" || code=$?
[ "$code" -ne 3 ] || left_out "the target wasm32-unknown-unknown, or wasm-bindgen-cli,"
[ "$code" -eq 0 ] || exit "$code"

command -v node >/dev/null || left_out node
CHROMIUM=${CHROMIUM:-$(command -v chromium || command -v chromium-browser || true)}
[ -n "$CHROMIUM" ] || left_out chromium
export CHROMIUM
npm install --silent --no-audit --no-fund --prefix "$modules" playwright-core@1.65.1 axe-core@4.14.1 >/dev/null 2>&1 ||
  left_out "playwright-core and axe-core"
node packaging/playground/test.mjs "$modules" "$page" "$pictures"
