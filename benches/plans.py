#!/usr/bin/env python3
"""Writes a plan of N user pools, 50 resources to a pool, as `terraform show -json` prints it: on one line.

usage: plans.py N FILE

The same N always gives the same bytes, about 100 KB a pool. Four of five pools have findings of the built-in rules.
"""

import json
import random
import sys

PROVIDER = "registry.terraform.io/hashicorp/aws"
POLICY = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "logs:PutLogEvents", "Resource": "*"}] * 4}
)


def user_pool(rng, number):
    return {
        "name": f"pool-{number}",
        "mfa_configuration": rng.choice(["OFF", "ON", "OPTIONAL"]),
        "deletion_protection": rng.choice(["ACTIVE", "INACTIVE"]),
        "user_pool_tier": "ESSENTIALS",
        "username_attributes": ["email"],
        "auto_verified_attributes": ["email"],
        "password_policy": [
            {
                "minimum_length": rng.choice([8, 8, 10, 12, 16]),
                "require_lowercase": True,
                "require_numbers": True,
                "require_symbols": rng.random() < 0.5,
                "require_uppercase": True,
                "temporary_password_validity_days": rng.choice([1, 7, 30]),
            }
        ],
        "account_recovery_setting": [{"recovery_mechanism": [{"name": "verified_email", "priority": 1}]}],
        "tags": {"owner": "team@example.com", "füße": "größer"},
    }


def role(number, place):
    return {
        "name": f"role-{number}-{place}",
        "assume_role_policy": POLICY,
        "description": "A role of a service. " * 4,
        "force_detach_policies": False,
        "max_session_duration": 3600,
        "path": "/",
        "tags": {"owner": "team@example.com"},
    }


def resources(count):
    """Every resource of the plan. Each caller gets the same values."""
    rng = random.Random(20240101)
    for number in range(count):
        yield "aws_cognito_user_pool", f"pool_{number}", user_pool(rng, number), {"id": True, "arn": True}
        for place in range(49):
            yield "aws_iam_role", f"role_{number}_{place}", role(number, place), {"id": True, "arn": True}


def named(kind, name):
    return {"address": f"{kind}.{name}", "mode": "managed", "type": kind, "name": name}


def planned(kind, name, values, _):
    return named(kind, name) | {"provider_name": PROVIDER, "schema_version": 0, "values": values}


def changed(kind, name, values, unknown):
    change = {"actions": ["create"], "before": None, "after": values, "after_unknown": unknown}
    marks = {"before_sensitive": False, "after_sensitive": {}}
    return named(kind, name) | {"provider_name": PROVIDER, "change": change | marks}


def configured(kind, name, values, _):
    texts = {member: {"constant_value": value} for member, value in values.items() if isinstance(value, str)}
    return named(kind, name) | {"provider_config_key": "aws", "expressions": texts, "schema_version": 0}


def main():
    count, path = int(sys.argv[1]), sys.argv[2]
    with open(path, "w", encoding="utf-8") as out:

        def listed(shape):
            for number, resource in enumerate(resources(count)):
                out.write("," if number else "")
                json.dump(shape(*resource), out, separators=(",", ":"), ensure_ascii=False)

        out.write('{"format_version":"1.2","terraform_version":"1.9.0","planned_values":{"root_module":{"resources":[')
        listed(planned)
        out.write(']}},"resource_changes":[')
        listed(changed)
        out.write('],"configuration":{"provider_config":{"aws":{"name":"aws","full_name":"' + PROVIDER)
        out.write('"}},"root_module":{"resources":[')
        listed(configured)
        out.write("]}}}\n")


if __name__ == "__main__":
    main()
