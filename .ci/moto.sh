#!/usr/bin/env bash
# Checks the live source against moto: 130 pools made through boto3.
# What needs no moto is tested by `cargo test` alone.
set -euo pipefail
cd "$(dirname "$0")/.."
. .ci/moto-server.sh

export MOTO_SAVED="$work/saved"
"$venv/bin/python" tests/moto/seed.py "$MOTO_URL" "$MOTO_SAVED"
cargo test --test integration -- --ignored moto
"$venv/bin/python" tests/moto/fix.py "$MOTO_URL" target/debug/cognito-lint
"$venv/bin/python" tests/moto/accounts.py "$MOTO_URL" target/debug/cognito-lint
"$venv/bin/python" tests/moto/journey.py "$MOTO_URL" target/debug/cognito-lint
"$venv/bin/python" tests/moto/night.py "$MOTO_URL" target/debug/cognito-lint
"$venv/bin/python" tests/moto/who.py target/debug/cognito-lint
"$venv/bin/python" tests/moto/eventbridge.py "$MOTO_URL" target/debug/cognito-lint
"$venv/bin/python" tests/moto/config_rule.py "$MOTO_URL" target/debug/cognito-lint
"$venv/bin/python" tests/moto/each_account.py target/debug/cognito-lint
