"""Templates of CloudFormation in YAML, with intrinsic functions as their operands."""

import yaml


class Tags(yaml.SafeLoader):
    """YAML whose short intrinsic functions are passed over."""


def operand(loader, _, node):
    kind = {yaml.ScalarNode: loader.construct_scalar, yaml.SequenceNode: loader.construct_sequence}
    return kind.get(type(node), loader.construct_mapping)(node)


Tags.add_multi_constructor("!", operand)


def resources(path):
    return yaml.load(path.read_text(), Tags)["Resources"]
