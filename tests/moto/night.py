"""Plays a night through on moto: 40 pools, a snapshot and a report, then changes by other hands, then what the
nightly job says of them in the morning."""

import json
import os
import pathlib
import sys
import tempfile

import boto3
from checks import Checks

url, program = sys.argv[1:3]
program = str(pathlib.Path(program).resolve())
region = "ap-southeast-2"
cognito = boto3.client(
    "cognito-idp", region_name=region, endpoint_url=url, aws_access_key_id="AKIDEXAMPLE", aws_secret_access_key="secret"
)
environment = {**os.environ, "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret"}
live = ["--region", region, "--endpoint-url", url, "--max-rps", "200"]
checks = Checks(program, environment)
run, expect = checks.run, checks.expect


def update(pool, **changes):
    """UpdateUserPool resets what it is not given, so the rest goes with it."""
    now = cognito.describe_user_pool(UserPoolId=pool)["UserPool"]
    keep = ("Policies", "DeletionProtection", "LambdaConfig", "MfaConfiguration", "UserPoolTags", "UserPoolTier")
    kept = {name: now[name] for name in keep if now.get(name)}
    cognito.update_user_pool(UserPoolId=pool, **{**kept, **changes})


trigger = "arn:aws:lambda:ap-southeast-2:111122223333:function:"
pools = []
for number in range(40):
    made = cognito.create_user_pool(
        PoolName=f"night-{number:02}",
        Policies={"PasswordPolicy": {"MinimumLength": 14, "RequireNumbers": True}},
        DeletionProtection="INACTIVE" if number == 39 else "ACTIVE",
        LambdaConfig={"PreSignUp": trigger + "check"},
        MfaConfiguration="ON",
        UserPoolTags={"owner": "platform"},
        UserPoolTier="ESSENTIALS",
    )
    pools.append(made["UserPool"]["Id"])
cognito.create_user_pool_client(UserPoolId=pools[3], ClientName="web")

with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    policy = """rules = ["mfa-off", "deletion-protection-inactive", "password-too-short"]

[[waiver]]
rule = "deletion-protection-inactive"
pool = "night-39"
value = "INACTIVE"
owner = "platform"
reason = "goes away with the old shop"
expires = 2026-12-31
"""
    pathlib.Path("cognito-lint.toml").write_text(policy)

    # The evening: one finding, and it is accepted.
    run("check", *live, "--today", "2026-11-30", "--report", "json=evening.json", "--quiet", code=0)
    # moto answers neither DescribeRiskConfiguration nor GetLogDeliveryConfiguration, so a snapshot and what is
    # compared with it lack two sections, and the exit code says so.
    run("snapshot", *live, "--output", "evening.ndjson", code=3)
    unchanged = json.loads(run("drift", "evening.ndjson", *live, "--report", "json", code=3))
    expect("nothing changed yet", [one for pool in unchanged["pools"] for one in pool["changes"]], [])

    # Other hands.
    update(pools[0], MfaConfiguration="OFF")
    update(pools[1], LambdaConfig={"PreSignUp": trigger + "let-everybody-in"})
    cognito.create_user_pool_client(UserPoolId=pools[2], ClientName="unknown")
    update(pools[4], UserPoolTags={"owner": "platform", "stage": "test"})
    update(pools[5], Policies={"PasswordPolicy": {"MinimumLength": 20, "RequireNumbers": True}})
    update(pools[6], DeletionProtection="INACTIVE")
    cognito.delete_user_pool(UserPoolId=pools[7])

    # The morning: what drifted, and which way.
    drift = json.loads(run("drift", "evening.ndjson", *live, "--report", "json", code=3))
    told = {}
    for pool in drift["pools"]:
        name = (pool["recorded"] or pool["current"])["name"]
        if pool["changes"]:
            told[name] = [(change["path"].split("[")[0], change["direction"]) for change in pool["changes"]]
    expect(
        "drift",
        told,
        {
            "night-00": [("MfaConfiguration", "weakened")],
            "night-01": [("LambdaConfig.PreSignUp", "neutral")],
            "night-02": [("Clients", "weakened")],
            "night-04": [("UserPoolTags.stage", "neutral")],
            "night-05": [("Policies.PasswordPolicy.MinimumLength", "strengthened")],
            "night-06": [("DeletionProtection", "weakened")],
            "night-07": [("", "neutral")],
        },
    )
    # Which pools are unlike the others now, whatever they were in the evening; two sections lack, so 3 again.
    unlike = json.loads(run("outliers", *live, "--by", "night-*", "--report", "json", code=3))
    outliers = {
        (one["pool"]["name"], place["path"].split("[")[0])
        for place in unlike["places"]
        for one in place["outliers"]
    }
    expect(
        "outliers",
        outliers,
        {
            ("night-00", "MfaConfiguration"),
            ("night-01", "LambdaConfig.PreSignUp"),
            ("night-02", "Clients"),
            ("night-03", "Clients"),
            ("night-04", "UserPoolTags.stage"),
            ("night-05", "Policies.PasswordPolicy.MinimumLength"),
            ("night-06", "DeletionProtection"),
            ("night-39", "DeletionProtection"),
        },
    )
    # What is new since the evening.
    since = ["check", *live, "--since", "evening.json", "--today", "2026-12-01", "--report", "json"]
    report = json.loads(run(*since, code=1))
    findings = {(one["pool"]["name"], one["rule"]): (one["status"], one["change"]) for one in report["findings"]}
    expect(
        "since the evening",
        findings,
        {
            ("night-00", "mfa-off"): ("open", "new"),
            ("night-06", "deletion-protection-inactive"): ("open", "new"),
            ("night-39", "deletion-protection-inactive"): ("waived", "still"),
        },
    )

    # The waiver: a warning in its last days, and a finding again when it is over.
    nearly = run("check", *live, "--today", "2026-12-20", "--report", "compact", code=1)
    assert "waived[deletion-protection-inactive]" in nearly and "2026-12-31" in nearly, nearly
    over = json.loads(run("check", *live, "--today", "2027-01-01", "--report", "json", code=1))
    lapsed = [one for one in over["findings"] if one["pool"]["name"] == "night-39"]
    expect("the waiver is over", [(one["status"], one["waiver"]["owner"]) for one in lapsed], [("open", "platform")])

print(f"{checks.count} passed, 0 failed")
