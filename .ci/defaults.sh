#!/usr/bin/env bash
# Looks for the quotes beside the defaults of the schema in the service model of the API, as botocore ships it.
set -euo pipefail
cd "$(dirname "$0")/.."

pins=('botocore==1.44.8')
venv=target/ci/botocore-venv

source .ci/venv.sh
install_pins "$venv" "${pins[@]}"
"$venv/bin/python" .ci/defaults.py src/schema/defaults.json
