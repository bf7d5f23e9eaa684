#!/usr/bin/env python3
"""Writes N realistic pools (4 to 8 KB each) as NDJSON to a file.

usage: pools.py N FILE

The same N always gives the same bytes. The pools differ in what the benchmark's twelve rules look at, and have the
standard attributes, message templates and tags of a real answer of DescribeUserPool.
"""

import json
import random
import sys

STANDARD = [
    "name", "given_name", "family_name", "middle_name", "nickname", "preferred_username", "profile", "picture",
    "website", "email", "gender", "zoneinfo", "locale", "phone_number", "address",
]


def attribute(name, kind="String", required=False, mutable=True, low="0", high="2048"):
    made = {
        "Name": name,
        "AttributeDataType": kind,
        "DeveloperOnlyAttribute": False,
        "Mutable": mutable,
        "Required": required,
    }
    if kind == "String":
        made["StringAttributeConstraints"] = {"MinLength": low, "MaxLength": high}
    if kind == "Number":
        made["NumberAttributeConstraints"] = {"MinValue": "0"}
    return made


def pool(rng, number):
    region = rng.choice(["us-east-1", "eu-west-1", "ap-northeast-1"])
    ident = f"{region}_{rng.randrange(36**8):09x}"[: len(region) + 10]
    attributes = [attribute("sub", required=True, mutable=False, low="1")]
    attributes += [attribute(name, required=name == "email") for name in STANDARD]
    attributes += [
        attribute("birthdate", low="10", high="10"),
        attribute("email_verified", "Boolean"),
        attribute("phone_number_verified", "Boolean"),
        attribute("updated_at", "Number"),
    ]
    attributes += [attribute(f"custom:field{i}", high="256") for i in range(rng.randrange(0, 8))]
    body = {
        "Id": ident,
        "Name": f"pool-{number}",
        "Policies": {
            "PasswordPolicy": {
                "MinimumLength": rng.choice([8, 8, 10, 12, 14, 16]),
                "RequireUppercase": rng.random() < 0.7,
                "RequireLowercase": rng.random() < 0.7,
                "RequireNumbers": rng.random() < 0.7,
                "RequireSymbols": rng.random() < 0.5,
                "TemporaryPasswordValidityDays": rng.choice([1, 7, 7, 30]),
            },
            "SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD"]},
        },
        "DeletionProtection": rng.choice(["ACTIVE", "INACTIVE"]),
        "LambdaConfig": {},
        "LastModifiedDate": 1700000000.5 + number,
        "CreationDate": 1600000000.25 + number,
        "SchemaAttributes": attributes,
        "AutoVerifiedAttributes": rng.choice([["email"], [], ["email", "phone_number"]]),
        "UsernameAttributes": ["email"],
        "VerificationMessageTemplate": {
            "DefaultEmailOption": "CONFIRM_WITH_CODE",
            "EmailMessage": "Hello, " + "please confirm your address. " * rng.randrange(2, 20) + "{####}",
            "EmailSubject": "Your code",
            "SmsMessage": "Your code is {####}",
        },
        "UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": ["email"]},
        "MfaConfiguration": rng.choice(["OFF", "ON", "OPTIONAL"]),
        "EstimatedNumberOfUsers": rng.randrange(100000),
        "EmailConfiguration": {"EmailSendingAccount": rng.choice(["COGNITO_DEFAULT", "DEVELOPER"])},
        "UserPoolTags": {"owner": "team@example.com", "env": rng.choice(["dev", "prod"]), "cost-center": "1234"},
        "AdminCreateUserConfig": {
            "AllowAdminCreateUserOnly": rng.random() < 0.5,
            "UnusedAccountValidityDays": 7,
            "InviteMessageTemplate": {
                "SMSMessage": "Your username is {username} and the password is {####}",
                "EmailMessage": "Welcome. " * rng.randrange(5, 40) + "{username} {####}",
                "EmailSubject": "Welcome",
            },
        },
        "UserPoolAddOns": {"AdvancedSecurityMode": rng.choice(["OFF", "AUDIT", "ENFORCED"])},
        "UsernameConfiguration": {"CaseSensitive": rng.random() < 0.3},
        "Arn": f"arn:aws:cognito-idp:{region}:111122223333:userpool/{ident}",
        "AccountRecoverySetting": {"RecoveryMechanisms": [{"Priority": 1, "Name": "verified_email"}]},
        "UserPoolTier": rng.choice(["LITE", "ESSENTIALS", "PLUS"]),
    }
    return {"UserPool": body}


def main():
    count, path = int(sys.argv[1]), sys.argv[2]
    rng = random.Random(20240101)
    with open(path, "w", encoding="utf-8") as out:
        for number in range(count):
            json.dump(pool(rng, number), out, separators=(",", ":"))
            out.write("\n")


if __name__ == "__main__":
    main()
