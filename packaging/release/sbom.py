"""Writes a CycloneDX list of what is compiled into each file of a release, beside it: ARTEFACT.cdx.json.

usage: sbom.py ARTEFACT...

The target is read from the name of the file. A crate is in the list if the program of that target links it; crates that
nothing but builds and tests use are not.
"""

import datetime
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import tomllib
import urllib.parse
import uuid

ROOT = pathlib.Path(__file__).resolve().parents[2]
# What names of wheels, npm packages and Debian packages say, and the target that it is.
TARGETS = [
    ("(linux|musl|manylinux).*(x86_64|x64|amd64)|_amd64.deb$", "x86_64-unknown-linux-musl"),
    ("(linux|musl|manylinux).*(aarch64|arm64)|_arm64.deb$", "aarch64-unknown-linux-musl"),
    ("(macosx|darwin).*(arm64|aarch64)", "aarch64-apple-darwin"),
    ("(macosx|darwin).*(x86_64|x64)", "x86_64-apple-darwin"),
    ("win.*(amd64|x64)", "x86_64-pc-windows-msvc"),
]


def target_of(name):
    for target in sorted({target for _, target in TARGETS}):
        if target in name:
            return target
    for pattern, target in TARGETS:
        if re.search(pattern, name):
            return target
    # A container and a wheel that was built here are of this machine.
    return f"{os.uname().machine}-unknown-linux-musl"


def metadata(target):
    command = ["cargo", "metadata", "--locked", "--format-version", "1", "--filter-platform", target]
    return json.loads(subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout)


def linked(target):
    """The name and version of each package that is linked, with those that each uses; the first is the program."""
    command = ["cargo", "tree", "--locked", "--edges", "normal,no-proc-macro", "--prefix", "depth", "--format", " {p}"]
    tree = subprocess.run([*command, "--target", target], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    graph, way = {}, []
    for line in tree.splitlines():
        depth, name, version = line.split()[:3]
        package = (name, version.removeprefix("v"))
        graph.setdefault(package, set())
        del way[int(depth) :]
        if way:
            graph[way[-1]].add(package)
        way.append(package)
    return graph


def component(package, checksums):
    name, version = package["name"], package["version"]
    purl = f"pkg:cargo/{urllib.parse.quote(name)}@{urllib.parse.quote(version)}"
    made = {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl, "scope": "required"}
    if package["license"]:
        # Old manifests have a slash for OR.
        made["licenses"] = [{"expression": re.sub(r"\s*/\s*", " OR ", package["license"])}]
    if checksum := checksums.get((name, version)):
        made["hashes"] = [{"alg": "SHA-256", "content": checksum}]
    if package["repository"]:
        made["externalReferences"] = [{"type": "vcs", "url": package["repository"]}]
    return made


def sbom(artefact):
    target = target_of(artefact.name)
    packages = {(package["name"], package["version"]): package for package in metadata(target)["packages"]}
    graph = linked(target)
    lock = tomllib.loads((ROOT / "Cargo.lock").read_text())["package"]
    checksums = {(one["name"], one["version"]): one.get("checksum") for one in lock}
    components = {one: component(packages[one], checksums) for one in graph}
    digest = hashlib.sha256(artefact.read_bytes()).hexdigest()
    own = components[next(iter(graph))]
    own |= {"type": "application", "hashes": [{"alg": "SHA-256", "content": digest}]}
    own["properties"] = [{"name": "cognito-lint:artefact", "value": artefact.name}, {"name": "cognito-lint:target", "value": target}]
    now = datetime.datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH", artefact.stat().st_mtime)), datetime.UTC)
    ref = lambda one: components[one]["bom-ref"]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, digest)}",
        "version": 1,
        "metadata": {"timestamp": now.strftime("%Y-%m-%dT%H:%M:%SZ"), "component": own},
        "components": sorted((one for one in components.values() if one is not own), key=lambda one: one["bom-ref"]),
        "dependencies": [{"ref": ref(one), "dependsOn": sorted(map(ref, graph[one]))} for one in sorted(graph, key=ref)],
    }


# The npm package that chooses a program, and the plugin of the CDK, are JavaScript without dependencies.
PLAIN = re.compile(r"cognito-lint-(cdk-)?\d.*\.tgz$|.*\.cdx\.json$|SHA256SUMS$")

for name in sys.argv[1:]:
    artefact = pathlib.Path(name)
    if PLAIN.match(artefact.name):
        continue
    made = sbom(artefact)
    artefact.with_name(artefact.name + ".cdx.json").write_text(json.dumps(made, indent=1) + "\n")
    print(f"{artefact.name}: {len(made['components'])} crates")
