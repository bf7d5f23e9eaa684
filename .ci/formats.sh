#!/usr/bin/env bash
# Each report format against a validator that is not part of this project. A validator that cannot be installed is
# left out, with a warning. Every validator is also shown a report that is wrong, which it must refuse.
set -euo pipefail
cd "$(dirname "$0")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tools=${TMPDIR:-/tmp}/cognito-lint-formats
mkdir -p "$tools"

python=$tools/venv/bin/python
source .ci/venv.sh
install_each "$tools/venv" ocsf-json-schema==1.2.0 jsonschema botocore compliance-trestle==5.2.0 junitparser==5.0.3 cmarkgfm ||
  exit 0
if command -v npm >/dev/null; then
  for package in @microsoft/sarif-multitool@5.7.0 html-validate@10.17.0 markdownlint-cli2@0.22.1 \
    @actions/core@3.0.1 typescript@5.9.3 codeclimate-types@0.3.1 mermaid@11.12.1 jsdom@27.2.0; do
    npm install --silent --no-audit --no-fund --prefix "$tools" "$package" >/dev/null 2>&1 || missing "$package"
  done
  chmod u+x "$tools"/node_modules/@microsoft/sarif-multitool-*/Sarif.Multitool 2>/dev/null || true
else
  missing npm
fi
# Debian's libxml2-utils and the test data of pytest have the schema that Jenkins publishes for JUnit.
if ! command -v xmllint >/dev/null && [ "$(id -u)" = 0 ]; then
  apt-get install -y -qq --no-install-recommends libxml2-utils >/dev/null 2>&1 || true
fi
command -v xmllint >/dev/null || missing xmllint
if ! command -v dot >/dev/null && [ "$(id -u)" = 0 ]; then
  apt-get install -y -qq --no-install-recommends graphviz >/dev/null 2>&1 || true
fi
command -v dot >/dev/null || missing graphviz
if [ ! -f "$tools/junit.xsd" ]; then
  { (cd "$work" && "$tools/venv/bin/pip" download -q --no-deps --no-binary :all: pytest==8.3.4 &&
    tar -xOf pytest-8.3.4.tar.gz pytest-8.3.4/testing/example_scripts/junit-10.xsd >"$tools/junit.xsd"); } >/dev/null 2>&1 ||
    { rm -f "$tools/junit.xsd"; missing "the XML schema of JUnit"; }
fi

cargo build --quiet
tool=target/debug/cognito-lint
# Findings, and what could not be read, are what the reports are about: exit codes 1 and 3.
written() {
  local code=0
  "$@" || code=$?
  case $code in
    0 | 1 | 3) ;;
    *) echo "exit code $code: $*" >&2 && return 1 ;;
  esac
}
# The reports of the tests with something of everything, and with hostile text everywhere, and a run over files.
cp src/report/golden/everything.json src/report/golden/hostile.json "$work"
written "$tool" check --no-config --evidence --quiet --report "json=$work/files.json" examples/pool.json
for name in everything hostile files; do
  for format in sarif:sarif junit:xml gitlab:gl.json github:github csv:csv markdown:md html:html ocsf:ocsf.json asff:asff.jsonl oscal:oscal.json; do
    written "$tool" report "$work/$name.json" --quiet --report "${format%%:*}=$work/$name.${format#*:}"
  done
done
for format in sarif:sarif junit:xml markdown:md html:html; do
  written "$tool" drift --no-config --quiet --report "${format%%:*}=$work/drift.${format#*:}" \
    tests/cmd/drift.in/recorded.json tests/cmd/drift.in/weaker.json
done
# More pools than a comment on a pull request has room for.
python3 .ci/html/pools.py 600 6 >"$work/many.ndjson"
written "$tool" check --no-config --rules strict --quiet --report "markdown=$work/many.md" "$work/many.ndjson"
# The drawings of journeys: pools of the tests, and one with names that try to break out of each language.
"$python" .ci/formats/hostile_pool.py <tests/cmd/journeys.in/tenant-app.json >"$work/hostile-pool.json"
written "$tool" journeys --no-config --quiet tests/cmd/journeys.in "$work/hostile-pool.json" \
  --report "svg=$work/journeys.svg" --report "dot=$work/journeys.dot" --report "mermaid=$work/journeys.mmd"
if command -v xmllint >/dev/null; then xmllint --noout "$work/journeys.svg"; fi
if command -v dot >/dev/null; then dot -Tsvg "$work/journeys.dot" >"$work/journeys.dot.svg"; fi
if [ -d "$tools/node_modules/mermaid" ] && [ -d "$tools/node_modules/jsdom" ]; then
  node .ci/formats/mermaid.mjs "$tools" "$work/journeys.mmd"
fi
"$python" .ci/formats/check.py "$tools" "$work"
