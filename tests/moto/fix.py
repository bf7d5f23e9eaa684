"""Sends what `cognito-lint fix` writes to moto, and looks whether the pools pass afterwards and kept the rest."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

import boto3

url, program = sys.argv[1:3]
region = "eu-central-1"
cognito = boto3.client(
    "cognito-idp", region_name=region, endpoint_url=url, aws_access_key_id="AKIDEXAMPLE", aws_secret_access_key="secret"
)
environment = {**os.environ, "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret"}
live = ["--region", region, "--endpoint-url", url, "--max-rps", "200", "--no-config"]
rules = ["--rules", "password-too-short", "--rules", "deletion-protection-inactive"]


def make(number):
    """Pools of which each has something else that must not be lost."""
    extra = [
        {},
        {"UserPoolTags": {"owner": "platform"}},
        {"AutoVerifiedAttributes": ["email"], "AliasAttributes": ["email"]},
        {"LambdaConfig": {"PreSignUp": "arn:aws:lambda:eu-central-1:111122223333:function:check"}},
        {"AdminCreateUserConfig": {"AllowAdminCreateUserOnly": True}},
        {"EmailVerificationMessage": "Your code is {####}", "EmailVerificationSubject": "Code"},
        {"AccountRecoverySetting": {"RecoveryMechanisms": [{"Priority": 1, "Name": "verified_email"}]}},
        {"DeviceConfiguration": {"ChallengeRequiredOnNewDevice": True}},
    ][number % 8]
    policy = {"PasswordPolicy": {"MinimumLength": 6 + number, "RequireNumbers": number % 2 == 0}}
    pool = cognito.create_user_pool(PoolName=f"fix-{number}", Policies=policy, UserPoolTier="ESSENTIALS", **extra)
    return pool["UserPool"]["Id"]


def describe(pool):
    return cognito.describe_user_pool(UserPoolId=pool)["UserPool"]


def check(pool):
    command = [program, "check", "--pool", pool, *live, *rules, "--quiet"]
    return subprocess.run(command, env=environment).returncode


def kept(pool):
    """What no rule asked to change."""
    pool = json.loads(json.dumps(pool, default=str))
    # moto resets the aliases at every update; the service cannot change them at all.
    for changed in ("DeletionProtection", "LastModifiedDate", "AliasAttributes"):
        pool.pop(changed, None)
    pool["Policies"]["PasswordPolicy"].pop("MinimumLength")
    return pool


failed = 0
for number in range(16):
    pool = make(number)
    before = describe(pool)
    assert check(pool) == 1, f"fix-{number} passes before anything was done"
    with tempfile.TemporaryDirectory() as directory:
        command = [program, "fix", pool, *live, *rules, "--set", "MfaConfiguration=OPTIONAL", "--output", directory]
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        inputs = {file.stem.split("-", 1)[1]: json.loads(file.read_text()) for file in pathlib.Path(directory).iterdir()}
    assert set(inputs) == {"update-user-pool", "set-user-pool-mfa-config"}, inputs
    cognito.update_user_pool(**inputs["update-user-pool"])
    cognito.set_user_pool_mfa_config(**inputs["set-user-pool-mfa-config"])
    after = describe(pool)
    was, now = kept(before), kept(after)
    lost = {name: (was.get(name), now.get(name)) for name in was.keys() | now.keys() if was.get(name) != now.get(name)}
    # moto does not show in DescribeUserPool what SetUserPoolMfaConfig did.
    mfa = cognito.get_user_pool_mfa_config(UserPoolId=pool)
    mfa_is_on = mfa["MfaConfiguration"] == "OPTIONAL" and mfa["SoftwareTokenMfaConfiguration"]["Enabled"]
    code = check(pool)
    if code != 0 or lost or not mfa_is_on:
        failed += 1
        print(f"fix-{number}: exit code {code}, changed beside: {lost}, MFA: {mfa_is_on}", file=sys.stderr)
print(f"{16 - failed} passed, {failed} failed")
sys.exit(1 if failed else 0)
