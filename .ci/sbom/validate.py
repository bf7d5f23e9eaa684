"""Validates lists of crates by the schema of CycloneDX, and against Cargo.lock.

usage: validate.py SBOM...
"""

import hashlib
import json
import pathlib
import sys
import tomllib

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

validator = JsonStrictValidator(SchemaVersion.V1_6)
for name in sys.argv[1:]:
    text = pathlib.Path(name).read_text()
    if error := validator.validate_str(text):
        sys.exit(f"{name}: {error}")
    sbom = json.loads(text)
    artefact = pathlib.Path(name.removesuffix(".cdx.json"))
    own = sbom["metadata"]["component"]
    if own["hashes"][0]["content"] != hashlib.sha256(artefact.read_bytes()).hexdigest():
        sys.exit(f"{name} is of another file than {artefact}")
    refs = {one["bom-ref"] for one in [own, *sbom["components"]]}
    known = {ref for one in sbom["dependencies"] for ref in [one["ref"], *one["dependsOn"]]}
    if known != refs:
        sys.exit(f"{name}: components and dependencies differ in {sorted(known ^ refs)[:5]}")
    bare = [one["name"] for one in sbom["components"] if "licenses" not in one or "hashes" not in one]
    if bare:
        sys.exit(f"{name}: no licence or checksum of {bare[:5]}")

# A list with a mistake is refused, or the validation would prove nothing.
sbom["components"][0]["type"] = "crate"
if not validator.validate_str(json.dumps(sbom)):
    sys.exit("the validator accepts a component of a type that CycloneDX does not have")

# Cargo.lock has the crates of every target, of builds and of tests; a list has those of one target that are linked.
lock = {(one["name"], one["version"]) for one in tomllib.loads(pathlib.Path("Cargo.lock").read_text())["package"]}
for name in sys.argv[1:]:
    sbom = json.loads(pathlib.Path(name).read_text())
    listed = {(one["name"], one["version"]) for one in sbom["components"]}
    names = {one for one, _ in listed}
    target = sbom["metadata"]["component"]["properties"][1]["value"]
    wrong = names & {"criterion", "trycmd", "serde_derive"} or {"aws-config", "tokio", "serde"} - names or listed - lock
    windows = "windows-sys" in names
    if wrong or windows != ("windows" in target):
        sys.exit(f"{name}: wrong for {target}: {sorted(wrong) or 'windows-sys'}")
print(f"CycloneDX finds {len(sys.argv) - 1} lists of crates valid")
