"""Writes saved pools of several accounts and Regions, one a line: most have faults, and some have hostile names."""
import json
import sys

HOSTILE = [
    "</script><script>window.pwned=1</script>", "<img src=x onerror=window.pwned=2>", "a\u202egnp.exe\u2066", "tab\there\nline",
    "\"'`$(id)&amp;<b>", "=HYPERLINK(\"https://example.com\")", "\u0627\u0644\u0639\u0631\u0628\u064a\u0629", "x" * 128,
]
REGIONS = ["eu-central-1", "eu-west-1", "us-east-1", "ap-southeast-2"]
TEAMS = ["customers", "staff", "partners", "drivers", "support", "sandbox", "billing", "portal"]


def pool(at, accounts):
    account, region = f"1111222{at % accounts:05d}", REGIONS[at // accounts % len(REGIONS)]
    own = f"{region}_{at:09d}"
    arn = f"arn:aws:cognito-idp:{region}:{account}:userpool/{own}"
    name = HOSTILE[at // 40] if at % 40 == 7 and at // 40 < len(HOSTILE) else f"{TEAMS[at % 8]}-{at}"
    return {"UserPool": {
        "Id": own, "Name": name, "Arn": arn, "UserPoolTier": "ESSENTIALS", "EstimatedNumberOfUsers": at,
        "Policies": {"PasswordPolicy": {"MinimumLength": 6 + at % 9, "RequireUppercase": True, "RequireLowercase": True,
                                        "RequireNumbers": True, "RequireSymbols": at % 2 == 0, "TemporaryPasswordValidityDays": 7 + at % 3 * 30},
                     "SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD"]}},
        "DeletionProtection": ["ACTIVE", "INACTIVE"][at % 2], "LambdaConfig": {},
        "AutoVerifiedAttributes": ["email"], "UsernameAttributes": ["email"],
        "VerificationMessageTemplate": {"DefaultEmailOption": "CONFIRM_WITH_CODE"},
        "UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": ["email"] if at % 3 else []},
        "MfaConfiguration": ["OFF", "OPTIONAL", "ON"][at % 3], "EmailConfiguration": {"EmailSendingAccount": "COGNITO_DEFAULT"},
        "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": at % 4 == 0, "UnusedAccountValidityDays": 7},
        "UsernameConfiguration": {"CaseSensitive": at % 5 == 0}, "UserPoolTags": {"owner": TEAMS[at % 8]},
        "AccountRecoverySetting": {"RecoveryMechanisms": [{"Priority": 1, "Name": "verified_email"}]},
        "UserPoolAddOns": {"AdvancedSecurityMode": ["OFF", "AUDIT", "ENFORCED"][at // 2 % 3]},
        "SchemaAttributes": [{"Name": "email", "AttributeDataType": "String", "Mutable": True, "Required": True}],
    }}


if __name__ == "__main__":
    count, accounts = int(sys.argv[1]), int(sys.argv[2])
    for at in range(count):
        print(json.dumps(pool(at, accounts)))
