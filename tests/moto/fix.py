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


def mended_client(number):
    """A client of a pool, whose input sets all of its settings; moto keeps what is left out, the service does not."""
    pool = make(number)
    settings = {
        "AccessTokenValidity": 30, "TokenValidityUnits": {"AccessToken": "minutes"}, "ReadAttributes": ["email"],
        "ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"], "SupportedIdentityProviders": ["COGNITO"],
        "CallbackURLs": ["https://example.com/callback"], "AllowedOAuthFlows": ["code"], "AllowedOAuthScopes": ["openid"],
        "AllowedOAuthFlowsUserPoolClient": True, "PreventUserExistenceErrors": "LEGACY", "EnableTokenRevocation": True,
    }
    names = {"UserPoolId": pool, "ClientName": f"client-{number}"}
    client = cognito.create_user_pool_client(**names, GenerateSecret=number % 2 == 0, **settings)["UserPoolClient"]
    cognito.set_user_pool_mfa_config(
        UserPoolId=pool, MfaConfiguration="OPTIONAL", SoftwareTokenMfaConfiguration={"Enabled": True})
    asked = ["--rules", "client-tells-who-exists", "--rules", "password-too-short"]
    with tempfile.TemporaryDirectory() as directory:
        done = subprocess.run([program, "fix", pool, *live, *asked, "--output", directory], env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        files = sorted(pathlib.Path(directory).iterdir())
        assert [file.name for file in files] == ["1-update-user-pool.json", "2-update-user-pool-client.json"], files
        sent = [json.loads(file.read_text()) for file in files]
    wanted = {**names, **settings, "ClientId": client["ClientId"], "PreventUserExistenceErrors": "ENABLED"}
    lost = {name: value for name, value in wanted.items() if sent[1].get(name) != value}
    cognito.update_user_pool(**sent[0])
    cognito.update_user_pool_client(**sent[1])
    again = subprocess.run([program, "check", "--pool", pool, *live, *asked, "--quiet"], env=environment).returncode
    if lost or again:
        print(f"client-{number}: exit code {again}, not in its input: {lost}", file=sys.stderr)
    return not lost and again == 0


failed = sum(not mended_client(number) for number in range(4))
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
print(f"{20 - failed} passed, {failed} failed")
sys.exit(1 if failed else 0)
