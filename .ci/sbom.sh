#!/usr/bin/env bash
# Writes the list of crates of each file of a release, and checks it with the validator of CycloneDX.
# Usage: sbom.sh ARTEFACT... Without network the validation is skipped, with a warning.
set -euo pipefail
cd "$(dirname "$0")/.."

python3 packaging/release/sbom.py "$@"
pins=('cyclonedx-python-lib[json-validation]==11.12.0')
venv=target/ci/sbom-venv
source .ci/venv.sh
if ! install_pins "$venv" "${pins[@]}"; then
  echo "warning: cyclonedx-python-lib could not be installed; the lists of crates were not validated" >&2
  exit 0
fi
lists=()
for artefact; do [ ! -e "$artefact.cdx.json" ] || lists+=("$artefact.cdx.json"); done
"$venv/bin/python" .ci/sbom/validate.py "${lists[@]}"
