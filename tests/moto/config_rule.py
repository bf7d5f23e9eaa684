"""Calls the function of `examples/config-rule` as AWS Config does, for pools on moto, which takes evaluations in test
mode alone."""

import importlib.util
import json
import os
import pathlib
import re
import subprocess
import sys

import boto3
from template import resources

url, program = sys.argv[1:3]
root = pathlib.Path(__file__).resolve().parents[2]
region, checks = "eu-central-1", 0
os.environ.update(
    AWS_ENDPOINT_URL=url, AWS_DEFAULT_REGION=region, AWS_REGION=region, AWS_ACCESS_KEY_ID="AKIDEXAMPLE",
    AWS_SECRET_ACCESS_KEY="secret", COGNITO_LINT=str(pathlib.Path(program).resolve()),
)  # fmt: skip
spec = importlib.util.spec_from_file_location("handler", root / "examples/config-rule/handler.py")
function = importlib.util.module_from_spec(spec)
spec.loader.exec_module(function)


def expect(what, told, wanted):
    global checks
    assert told == wanted, f"{what}:\n{told}\nbut expected\n{wanted}"
    checks += 1


template = resources(root / "examples/config-rule/template.yaml")
run = [program, "iam-policy", "--rules", "strict"]
printed = json.loads(subprocess.run(run, capture_output=True, check=True).stdout)["Statement"]
actions = lambda statements: {action for one in statements for action in ([one["Action"]] if isinstance(one["Action"], str) else one["Action"])}
ours = actions(template["Function"]["Properties"]["Policies"][0]["Statement"])
expect("the policy of the function", {one for one in ours if re.match("cognito-idp|wafv2", one)}, actions(printed))

cognito = boto3.client("cognito-idp")


def pool(name, length):
    policies = {"PasswordPolicy": {"MinimumLength": length}}
    return cognito.create_user_pool(PoolName=name, Policies=policies)["UserPool"]["Id"]


def judged(pool, status="OK", **parameters):
    item = {
        "resourceType": "AWS::Cognito::UserPool", "resourceId": pool, "configurationItemStatus": status,
        "configurationItemCaptureTime": "2026-11-20T09:14:38.000Z", "awsRegion": region,
    }  # fmt: skip
    event = {
        "invokingEvent": json.dumps({"configurationItem": item, "messageType": "ConfigurationItemChangeNotification"}),
        "ruleParameters": json.dumps(parameters), "resultToken": "TESTMODE", "eventLeftScope": False,
    }  # fmt: skip
    (evaluation,) = function.handler(event)
    return evaluation["ComplianceType"], evaluation["Annotation"]


weak, strong = pool("weak", 8), pool("strong", 14)
rules = {"rules": "password-too-short"}
expect("a weak pool", judged(weak, **rules), ("NON_COMPLIANT", "found: password-too-short"))
expect("a strong pool", judged(strong, **rules), ("COMPLIANT", "every rule is met"))
told = judged(weak, **rules, failOn="critical")
expect("a finding below the bound", told, ("COMPLIANT", "below the severity that fails: password-too-short"))
expect("a deleted pool", judged(weak, "ResourceDeleted"), ("NOT_APPLICABLE", "the pool was deleted"))
told = judged(strong, rules="client-implicit-grant")
expect("a pool without clients", told, ("NOT_APPLICABLE", "no rule applies to the pool"))
# moto does not answer GetLogDeliveryConfiguration.
compliance, annotation = judged(strong, rules="delivery-errors-unlogged,password-too-short")
expect("a rule that cannot be decided", (compliance, "not decided" in annotation), ("NON_COMPLIANT", True))
try:
    judged(f"{region}_NotThere1", **rules)
    told = "an evaluation"
except RuntimeError as error:
    told = "does not exist" in str(error)
expect("a pool that cannot be read", told, True)
print(f"{checks} passed, 0 failed")
