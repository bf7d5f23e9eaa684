#!/usr/bin/env bash
# Builds the site of the documentation from `docs` and the reference of the rule language, and fails for a dead link.
# Without network it is skipped.
set -euo pipefail
cd "$(dirname "$0")/.."

pins=('zensical==0.0.73')
venv=target/ci/site-venv
source .ci/venv.sh
if ! install_pins "$venv" "${pins[@]}"; then
  echo "warning: zensical could not be installed; the site was not built" >&2
  exit 0
fi

site=target/ci/site
rm -rf "$site"
mkdir -p "$site"
cp -r docs "$site/docs"
# The reference stands beside the rules; on the site it is a page, and links to it lead there.
sed -e 's#](\.\./docs/#](#g' rules/README.md >"$site/docs/language.md"
find "$site/docs" -mindepth 2 -name '*.md' -exec sed -i -E 's#\]\((\.\./)+rules/README\.md#](../language.md#g' {} +
sed -i -E 's#\]\(\.\./rules/README\.md#](language.md#g' "$site/docs"/*.md
# The page that checks in the browser is there where `.ci/playground.sh` built it.
if [ -d target/ci/playground/page ]; then
  cp -r target/ci/playground/page "$site/docs/playground"
  sed -i 's#^| see what is checked |#| try a rule without installing anything | [Playground](playground/index.html) |\n&#' "$site/docs/index.md"
  grep -q 'playground/index.html' "$site/docs/index.md"
fi
cat >"$site/mkdocs.yml" <<'YAML'
site_name: cognito-lint
docs_dir: docs
site_dir: out
theme:
  name: material
  font: false
  palette:
    - media: "(prefers-color-scheme: light)"
      scheme: default
      toggle: {icon: lucide/sun, name: Dark colours}
    - media: "(prefers-color-scheme: dark)"
      scheme: slate
      toggle: {icon: lucide/moon, name: Light colours}
YAML
# Jobs come first in the navigation, and each page of `docs` is in it.
python3 - "$site" <<'PYTHON'
import pathlib, sys

site = pathlib.Path(sys.argv[1])
docs = site / "docs"
names = lambda folder: [f"{folder}/{page.name}" for page in sorted((docs / folder).glob("*.md")) if page.name != "README.md"]
nav = {
    "Jobs": ["guide/gate.md", "guide/nightly.md", "guide/pre-deploy.md"],
    "Use": ["commands.md", "configuration.md", "inputs.md", "accounts.md", "waivers.md", "formats.md"],
    "Analyses": ["drift.md", "fix.md", "outliers.md", "journeys.md", "evidence.md"],
    "Rules": ["language.md", "packs.md", "checks.md", "rules/README.md", *names("rules")],
    "Controls": names("controls"),
    "Comparison": ["comparison.md"],
}
listed = {"index.md", *(page for pages in nav.values() for page in pages)}
missing = {str(page.relative_to(docs)) for page in docs.rglob("*.md")} - listed
if missing:
    sys.exit(f"not in the navigation of the site: {', '.join(sorted(missing))}")
lines = ["nav:", "  - index.md"]
for title, pages in nav.items():
    lines += [f"  - {title}: {pages[0]}"] if len(pages) == 1 else [f"  - {title}:", *(f"      - {page}" for page in pages)]
with (site / "mkdocs.yml").open("a") as config:
    config.write("\n".join(lines) + "\n")
PYTHON
(cd "$site" && "../../../$venv/bin/zensical" build --strict)

# Zensical passes over links that leave the folder: each address of the pages must be a file of the site.
python3 - "$site/out" <<'PYTHON'
import pathlib, re, sys, urllib.parse

out = pathlib.Path(sys.argv[1])
pages = sorted(out.rglob("*.html"))
dead = set()
for page in pages:
    for link in re.findall(r'<a [^>]*href="([^"#?]+)', page.read_text()):
        # An address of mail is written in entities.
        if re.match(r"[a-z]+:|//|&", link):
            continue
        path = urllib.parse.unquote(link)
        target = (out / path.lstrip("/")) if path.startswith("/") else (page.parent / path)
        if not (target.is_file() or (target / "index.html").is_file()):
            dead.add(f"{page.relative_to(out)}: {link}")
if dead or len(pages) < 100:
    sys.exit(f"{len(pages)} pages, dead links:\n" + "\n".join(sorted(dead)[:40]))
print(f"{len(pages)} pages without a dead link")
PYTHON
