"""Takes apart what validators cannot read whole: the job of a GitLab template behind its `spec`, and the state machine in a
template of CloudFormation, each with values for what is put in later.

usage: parts.py FOLDER
"""

import json
import pathlib
import re
import sys

import yaml

folder = pathlib.Path(sys.argv[1])
spec, job = (pathlib.Path("examples/gitlab/cognito-lint.yml").read_text() + "\n").split("\n---\n")
inputs = yaml.safe_load(spec)["spec"]["inputs"]
used = set(re.findall(r"\$\[\[ inputs\.(\w+) \]\]", job))
assert used == set(inputs), f"inputs {sorted(inputs)}, and used are {sorted(used)}"
job = re.sub(r"\$\[\[ inputs\.(\w+) \]\]", lambda name: str(inputs[name[1]]["default"]), job)
(folder / "gitlab.yml").write_text(job)


class Tags(yaml.SafeLoader):
    """The template, with intrinsic functions as their operands."""


def operand(loader, _, node):
    kind = {yaml.ScalarNode: loader.construct_scalar, yaml.SequenceNode: loader.construct_sequence}
    return kind.get(type(node), loader.construct_mapping)(node)


Tags.add_multi_constructor("!", operand)
template = yaml.load(pathlib.Path("examples/nightly/template.yaml").read_text(), Tags)
definition = template["Resources"]["EachAccount"]["Properties"]["DefinitionString"]
definition = re.sub(r"\$\{(\w+)\}", lambda name: {"Partition": "aws", "AtOnce": "40"}.get(name[1], name[1]), definition)
(folder / "states.json").write_text(json.dumps(json.loads(definition), indent=1))
