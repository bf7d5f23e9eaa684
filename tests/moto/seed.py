"""Makes 130 user pools in a moto server through boto3, and saves what the AWS CLI prints of each.

usage: seed.py URL FOLDER

The pools are the same in every run, but for their ids and dates: pool number n takes the choice n modulo the
number of choices of each setting, and the numbers of choices share few factors, so settings mix well. None
means that the setting is left out.
"""

import contextlib
import io
import os
import pathlib
import sys

import boto3
from awscli.clidriver import create_clidriver

POOLS = 130
# More than two pages of the list in one Region, and something in another.
ELSEWHERE = range(125, POOLS)

ACCOUNT = "123456789012"


def function(name):
    return f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:{name}"


def password(length, upper=True, lower=True, numbers=True, symbols=True, **more):
    return {
        "MinimumLength": length,
        "RequireUppercase": upper,
        "RequireLowercase": lower,
        "RequireNumbers": numbers,
        "RequireSymbols": symbols,
        **more,
    }


def recovery(*names):
    return {"RecoveryMechanisms": [{"Priority": i, "Name": name} for i, name in enumerate(names, 1)]}


POLICIES = [
    None,
    {"PasswordPolicy": password(8, TemporaryPasswordValidityDays=7)},
    {"PasswordPolicy": password(6, False, False, False, False)},
    {"PasswordPolicy": password(15, PasswordHistorySize=24, TemporaryPasswordValidityDays=1)},
    {"PasswordPolicy": {"MinimumLength": 6}},
    {"PasswordPolicy": password(12, symbols=False, TemporaryPasswordValidityDays=90)},
    {
        "PasswordPolicy": password(99),
        "SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP", "WEB_AUTHN"]},
    },
]
CHOICES = {
    "Policies": POLICIES,
    "MfaConfiguration": [None, "OFF", "ON", "OPTIONAL", "ON"],
    "DeletionProtection": [None, "ACTIVE", "INACTIVE"],
    "UserPoolTags": [None, {"owner": "identity", "env": "prod"}, {"env": "dev"}, {"aws:note": "", "a.b": "c d"}],
    "UserPoolTier": [None, "LITE", "ESSENTIALS", "PLUS"],
    "AccountRecoverySetting": [
        None,
        recovery("verified_email"),
        recovery("verified_phone_number", "verified_email"),
        recovery("admin_only"),
        recovery("verified_email", "verified_phone_number"),
    ],
    "LambdaConfig": [
        None,
        {"PreSignUp": function("pre-sign-up")},
        {},
        {
            "PreTokenGeneration": function("claims"),
            "PreTokenGenerationConfig": {"LambdaVersion": "V2_0", "LambdaArn": function("claims")},
        },
        {"UserMigration": function("migrate"), "CustomMessage": function("message")},
        {
            "CustomEmailSender": {"LambdaVersion": "V1_0", "LambdaArn": function("mail")},
            "KMSKeyID": f"arn:aws:kms:us-east-1:{ACCOUNT}:key/00000000-0000-4000-8000-000000000001",
        },
    ],
    "UserPoolAddOns": [
        None,
        {"AdvancedSecurityMode": "OFF"},
        {"AdvancedSecurityMode": "AUDIT"},
        {"AdvancedSecurityMode": "ENFORCED", "AdvancedSecurityAdditionalFlows": {"CustomAuthMode": "AUDIT"}},
    ],
    "AdminCreateUserConfig": [
        None,
        {"AllowAdminCreateUserOnly": True},
        {"AllowAdminCreateUserOnly": False, "UnusedAccountValidityDays": 30},
    ],
    "UsernameConfiguration": [None, {"CaseSensitive": False}, {"CaseSensitive": True}],
    "AutoVerifiedAttributes": [None, ["email"], ["email", "phone_number"], []],
    "UsernameAttributes": [None, None, ["email"], ["phone_number", "email"]],
    "EmailConfiguration": [
        None,
        {"EmailSendingAccount": "COGNITO_DEFAULT"},
        {
            "EmailSendingAccount": "DEVELOPER",
            "SourceArn": f"arn:aws:ses:us-east-1:{ACCOUNT}:identity/example.com",
            "From": "Example <no-reply@example.com>",
        },
    ],
    "SmsConfiguration": [
        None,
        {"SnsCallerArn": f"arn:aws:iam::{ACCOUNT}:role/sms", "ExternalId": "example", "SnsRegion": "us-east-1"},
    ],
    "UserAttributeUpdateSettings": [None, {"AttributesRequireVerificationBeforeUpdate": ["email"]}],
    "DeviceConfiguration": [
        None,
        {"ChallengeRequiredOnNewDevice": True, "DeviceOnlyRememberedOnUserPrompt": False},
        None,
    ],
}


def settings(number):
    """The members of CreateUserPool for a pool."""
    chosen = {"PoolName": f"pool-{number:03}"}
    for place, (member, choices) in enumerate(CHOICES.items()):
        # The place keeps settings with the same number of choices from going in step.
        choice = choices[(number + number // len(choices) * place) % len(choices)]
        if choice is not None:
            chosen[member] = choice
    return chosen


def printed(pool_id, region, url):
    """What `aws cognito-idp describe-user-pool` prints. Run in this process: a process for each takes minutes."""
    words = ["cognito-idp", "describe-user-pool", "--user-pool-id", pool_id]
    words += ["--region", region, "--endpoint-url", url, "--output", "json"]
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        status = create_clidriver().main(words)
    if status != 0:
        raise SystemExit(f"aws {' '.join(words)} ended with {status}")
    return out.getvalue()


def main(url, folder):
    os.environ.update(AWS_ACCESS_KEY_ID="AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY="secret")
    clients = {
        region: boto3.client("cognito-idp", endpoint_url=url, region_name=region)
        for region in ["us-east-1", "eu-west-1"]
    }
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(POOLS):
        region = "eu-west-1" if number in ELSEWHERE else "us-east-1"
        pool_id = clients[region].create_user_pool(**settings(number))["UserPool"]["Id"]
        (folder / f"{pool_id}.json").write_text(printed(pool_id, region, url))
    print(f"{POOLS} pools made at {url} and saved in {folder}")


if __name__ == "__main__":
    main(*sys.argv[1:])
