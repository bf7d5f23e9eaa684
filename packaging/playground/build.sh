#!/usr/bin/env bash
# build.sh DIRECTORY builds the page into a directory. It needs the target wasm32-unknown-unknown and wasm-bindgen-cli,
# and ends with 3 where one of them cannot be had.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
out=$(mkdir -p "$1" && cd "$1" && pwd)
work=$root/target/ci/playground
version=$(sed -n 's/^wasm-bindgen = "=\(.*\)"$/\1/p' "$here/Cargo.toml")

rustup target add wasm32-unknown-unknown >/dev/null 2>&1 || exit 3
if ! "$work/bin/wasm-bindgen" --version 2>/dev/null | grep -qF "$version"; then
  cargo install --quiet wasm-bindgen-cli --version "$version" --root "$work" --target-dir "$work/tool" || exit 3
  rm -rf "$work/tool"
fi
# The folder has the flags of the linker.
(cd "$here" && cargo build --quiet --release --locked --target wasm32-unknown-unknown --target-dir "$work")
"$work/bin/wasm-bindgen" --target web --no-typescript --remove-name-section --remove-producers-section \
  --out-dir "$work/out" "$work/wasm32-unknown-unknown/release/cognito_lint_playground.wasm"
# The program is a part of a script, so that the page needs no connection once it is there.
printf "export const packed =\n  '%s';\n" "$(gzip -9 -n -c "$work/out/cognito_lint_playground_bg.wasm" | base64 -w 0)" >"$out/program.js"
cp "$work/out/cognito_lint_playground.js" "$here"/page/* "$out"
