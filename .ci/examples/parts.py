"""Takes apart what validators cannot read whole: the job of a GitLab template behind its `spec`, and the state machine in a
template of CloudFormation, each with values for what is put in later.

usage: parts.py FOLDER
"""

import json
import pathlib
import re
import sys

import yaml

sys.path.insert(0, "tests/moto")
from template import resources

folder = pathlib.Path(sys.argv[1])
spec, job = (pathlib.Path("examples/gitlab/cognito-lint.yml").read_text() + "\n").split("\n---\n")
inputs = yaml.safe_load(spec)["spec"]["inputs"]
used = set(re.findall(r"\$\[\[ inputs\.(\w+) \]\]", job))
assert used == set(inputs), f"inputs {sorted(inputs)}, and used are {sorted(used)}"
job = re.sub(r"\$\[\[ inputs\.(\w+) \]\]", lambda name: str(inputs[name[1]]["default"]), job)
(folder / "gitlab.yml").write_text(job)


template = resources(pathlib.Path("examples/nightly/template.yaml"))
definition = template["EachAccount"]["Properties"]["DefinitionString"]
definition = re.sub(r"\$\{(\w+)\}", lambda name: {"Partition": "aws", "AtOnce": "40"}.get(name[1], name[1]), definition)
(folder / "states.json").write_text(json.dumps(json.loads(definition), indent=1))
