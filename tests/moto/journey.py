"""Goes a journey that `cognito-lint journeys` predicts from a snapshot: a stranger signs up, gets a token, and writes an
attribute. Then it makes the change that the program names, and asks again."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

import boto3
from botocore import UNSIGNED
from botocore.config import Config

url, program = sys.argv[1:3]
region = "eu-west-2"
keys = {"aws_access_key_id": "AKIDEXAMPLE", "aws_secret_access_key": "secret"}
cognito = boto3.client("cognito-idp", region_name=region, endpoint_url=url, **keys)
# The stranger has no credentials.
stranger = boto3.client("cognito-idp", region_name=region, endpoint_url=url, config=Config(signature_version=UNSIGNED))
environment = {**os.environ, "AWS_ACCESS_KEY_ID": keys["aws_access_key_id"], "AWS_SECRET_ACCESS_KEY": keys["aws_secret_access_key"]}

pool = cognito.create_user_pool(
    PoolName="journey",
    AutoVerifiedAttributes=["email"],
    AccountRecoverySetting={"RecoveryMechanisms": [{"Priority": 1, "Name": "verified_email"}]},
    Schema=[{"Name": "role", "AttributeDataType": "String", "Mutable": True}],
)["UserPool"]["Id"]
client = cognito.create_user_pool_client(
    UserPoolId=pool, ClientName="web", ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
    WriteAttributes=["email", "custom:role"],
)["UserPoolClient"]["ClientId"]


def answers(work):
    """The answers about a snapshot of the pool. moto does not have each section: what it lacks is unknown."""
    snapshot, report = work / "snapshot.ndjson", work / "journeys.json"
    live = ["--region", region, "--endpoint-url", url, "--max-rps", "200", "--pool", pool, "--no-config"]
    done = subprocess.run([program, "snapshot", *live, "--quiet", "-o", snapshot], env=environment, stderr=subprocess.DEVNULL)
    assert done.returncode in (0, 3), done.returncode
    done = subprocess.run([program, "journeys", snapshot, "--no-config", "--quiet", "--report", f"json={report}"])
    assert done.returncode in (0, 3), done.returncode
    return json.loads(report.read_text())["pools"][0]


with tempfile.TemporaryDirectory() as folder:
    work = pathlib.Path(folder)
    before = answers(work)
    token = before["questions"]["stranger-token"]
    assert token["possible"] == {"answer": "yes", "gets": "token"}, token
    assert token["proven"]["answer"] in ("conditional", "yes"), token
    assert before["questions"]["overwrites-attributes"]["proven"] == ["custom:role"], before["questions"]
    predicted = before["journeys"][0]
    assert predicted["id"] == "stranger/sign-up-api/email-code/password-api/token/web", predicted["id"]

    stranger.sign_up(
        ClientId=client, Username="stranger", Password="Str4nger-pass-word!",
        UserAttributes=[{"Name": "email", "Value": "stranger@example.com"}, {"Name": "custom:role", "Value": "user"}],
    )
    # moto takes the code of every mail for right; that the mail is read is what the proof of the journey means.
    stranger.confirm_sign_up(ClientId=client, Username="stranger", ConfirmationCode="123456")
    tokens = stranger.initiate_auth(
        ClientId=client, AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": "stranger", "PASSWORD": "Str4nger-pass-word!"},
    )["AuthenticationResult"]
    stranger.update_user_attributes(
        AccessToken=tokens["AccessToken"], UserAttributes=[{"Name": "custom:role", "Value": "admin"}]
    )
    user = cognito.admin_get_user(UserPoolId=pool, Username="stranger")
    written = {one["Name"]: one["Value"] for one in user["UserAttributes"]}
    assert written["custom:role"] == "admin", written

    name = "AdminCreateUserConfig.AllowAdminCreateUserOnly = true"
    assert name in token["closed_by"] and name in predicted["closed_by"], token["closed_by"]
    change = next(one for one in before["changes"] if one["change"] == name)
    member, setting = change["path"].split(".")
    cognito.update_user_pool(UserPoolId=pool, AutoVerifiedAttributes=["email"], **{member: {setting: change["after"]}})
    after = answers(work)
    assert after["questions"]["stranger-token"]["possible"]["answer"] == "no", after["questions"]["stranger-token"]
    assert after["journeys"] == [], after["journeys"]

print("journey: predicted from a snapshot, gone by a stranger, closed by the change that was named")
