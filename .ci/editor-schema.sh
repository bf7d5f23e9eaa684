#!/usr/bin/env bash
# Checks with check-jsonschema that the schemas for editors accept the built-in rules and packs, and refuse the faulty rules and
# configurations of the tests, but for those that the tests list as unseen. Without network it is skipped.
set -euo pipefail
cd "$(dirname "$0")/.."

pins=('check-jsonschema==0.39.0')
venv=target/ci/check-jsonschema-venv

source .ci/venv.sh
if ! install_pins "$venv" "${pins[@]}"; then
  echo "warning: check-jsonschema could not be installed; the schemas for editors were not checked with it" >&2
  exit 0
fi
check=("$venv/bin/check-jsonschema" --default-filetype toml)

"${check[@]}" --check-metaschema docs/schema/*.json
mapfile -t rules < <(find rules -name '*.toml' -not -path 'rules/packs/*' | sort)
"${check[@]}" --quiet --schemafile docs/schema/rules.json "${rules[@]}"
echo "check-jsonschema finds ${#rules[@]} files of rules valid"
"${check[@]}" --quiet --schemafile docs/schema/packs.json rules/packs/*.toml
"${check[@]}" --quiet --schemafile docs/schema/members.json tests/cmd/members-added.in/members.toml
echo "check-jsonschema finds the packs and an example of added members valid"

report=$(mktemp)
trap 'rm -f "$report"' EXIT

# The files that are refused must be all but those that are listed; what is not TOML is refused too.
refuses() {
  "${check[@]}" --output-format json --schemafile "$1" "$2"/*.toml >"$report" || true
  python3 - "$report" "$2" "$3" <<'PYTHON'
import json, pathlib, sys

report = json.loads(pathlib.Path(sys.argv[1]).read_text())
folder, unseen = pathlib.Path(sys.argv[2]), set(pathlib.Path(sys.argv[3]).read_text().split())
refused = {pathlib.Path(e["filename"]).name for kind in ("errors", "parse_errors") for e in report.get(kind, [])}
accepted = {path.name for path in folder.glob("*.toml")} - refused
if accepted != unseen:
    sys.exit(f"{folder}: accepted and not listed {sorted(accepted - unseen)}, listed and refused {sorted(unseen - accepted)}")
print(f"check-jsonschema refuses {len(refused)} faulty files of {folder}, and cannot see {len(unseen)}")
PYTHON
}
refuses docs/schema/rules.json tests/integration/faulty-rules tests/integration/editor/unseen-rules.txt
refuses docs/schema/configuration.json tests/integration/config tests/integration/editor/unseen-configuration.txt
