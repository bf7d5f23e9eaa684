"""Plays changes of a pool through EventBridge and a queue on moto, and hands what arrives to the function of
`examples/eventbridge`. The records have the shape of those of CloudTrail."""

import importlib.util
import json
import os
import pathlib
import re
import subprocess
import sys
import types

import boto3
from botocore.stub import Stubber
from template import resources

url, program = sys.argv[1:3]
root = pathlib.Path(__file__).resolve().parents[2]
region, account, checks = "eu-north-1", "123456789012", 0
os.environ.update(
    AWS_ENDPOINT_URL=url, AWS_DEFAULT_REGION=region, AWS_REGION=region, AWS_ACCESS_KEY_ID="AKIDEXAMPLE",
    AWS_SECRET_ACCESS_KEY="secret", COGNITO_LINT=str(pathlib.Path(program).resolve()), BUCKET="state-of-pools",
    RULES="deletion-protection-inactive password-too-short", SECURITY_HUB="off",
)  # fmt: skip


def expect(what, told, wanted):
    global checks
    assert told == wanted, f"{what}:\n{told}\nbut expected\n{wanted}"
    checks += 1


template = resources(root / "examples/eventbridge/template.yaml")

# The policy of the function is the one that the program prints, and what finds the pools of a web ACL.
printed = json.loads(subprocess.run([program, "iam-policy", "--snapshot"], capture_output=True, check=True).stdout)
actions = lambda statement: set([statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"])
ours = [one for one in template["Function"]["Properties"]["Policies"][0]["Statement"] if isinstance(one, dict)]
mine = {action for one in ours for action in actions(one) if re.match("cognito-idp|wafv2", action)}
finds = {"cognito-idp:ListResourcesForWebACL", "wafv2:ListResourcesForWebACL"}
expect("the policy of the function", mine, finds.union(*map(actions, printed["Statement"])))

boto = {name: boto3.client(name) for name in ("cognito-idp", "events", "sns", "sqs", "s3")}
boto["s3"].create_bucket(Bucket="state-of-pools", CreateBucketConfiguration={"LocationConstraint": region})
os.environ["TOPIC"] = boto["sns"].create_topic(Name="weaker")["TopicArn"]


def queue(name):
    made = boto["sqs"].create_queue(QueueName=name)["QueueUrl"]
    asked = boto["sqs"].get_queue_attributes(QueueUrl=made, AttributeNames=["QueueArn"])
    return made, asked["Attributes"]["QueueArn"]


changes, changes_arn = queue("changes")
mail, mail_arn = queue("mail")
boto["sns"].subscribe(TopicArn=os.environ["TOPIC"], Protocol="sqs", Endpoint=mail_arn)
pattern = template["Changes"]["Properties"]["EventPattern"]

# Each operation that writes to a pool and is not about single users, or a device, is in the pattern.
USERS = r"Admin|.*(User|Users|UserAttributes|UserImportJob|UserSettings|UserPreference|MFAPreference|AuthEventFeedback|Device|Devices)$"
READS = r"Describe|Get|List"
names = pattern["detail"]["eventName"]
starts = tuple(name["prefix"] if isinstance(name, dict) else name for name in names)
model = boto["cognito-idp"].meta.service_model
takes = lambda name: set(getattr(model.operation_model(name).input_shape, "members", {}))
settings = [name for name in model.operation_names if not re.match(f"{READS}|{USERS}", name)]
writes = {name for name in settings if takes(name) & {"UserPoolId", "ResourceArn"}}
expect("writes that the pattern leaves out", {name for name in writes if not name.startswith(starts)}, set())
unmet = {start for start in starts if not any(name.startswith(start) for name in settings)}
expect("names that no operation of Cognito has", unmet, {"AssociateWebACL", "DisassociateWebACL", "UpdateWebACL"})
boto["events"].put_rule(Name="changes", EventPattern=json.dumps(pattern))
boto["events"].put_targets(Rule="changes", Targets=[{"Id": "queue", "Arn": changes_arn}])

spec = importlib.util.spec_from_file_location("handler", root / "examples/eventbridge/handler.py")
function = importlib.util.module_from_spec(spec)
spec.loader.exec_module(function)


def record(name, asked, **more):
    source = more.pop("source", "cognito-idp")
    detail = {
        "eventVersion": "1.11", "eventTime": "2026-11-20T09:14:38Z", "eventSource": f"{source}.amazonaws.com",
        "eventName": name, "awsRegion": region, "sourceIPAddress": "192.0.2.10", "userAgent": "aws-cli/2.36.28 md/awscrt",
        "userIdentity": {"type": "IAMUser", "arn": f"arn:aws:iam::{account}:user/ops", "userName": "ops"},
        "requestParameters": asked, "responseElements": None, "readOnly": False, "recipientAccountId": account, **more,
    }  # fmt: skip
    entry = {"Source": f"aws.{source}", "DetailType": "AWS API Call via CloudTrail", "Detail": json.dumps(detail)}
    boto["events"].put_events(Entries=[entry])


def received(url):
    """Every message of a queue, which is empty then."""
    found = []
    while messages := boto["sqs"].receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        for message in messages:
            boto["sqs"].delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        found += messages
    return found


def delivered():
    """How many events arrive, what the function leaves in the queue, and what it sends."""
    messages = received(changes)
    batch = [{"messageId": message["MessageId"], "body": message["Body"]} for message in messages]
    left = function.handler({"Records": batch})["batchItemFailures"]
    return len(batch), len(left), [json.loads(message["Body"])["Message"] for message in received(mail)]


def pool(**settings):
    policies = {"PasswordPolicy": {"MinimumLength": settings.pop("length", 14)}}
    return dict(Policies=policies, DeletionProtection=settings.pop("protection", "ACTIVE"), **settings)


made = boto["cognito-idp"].create_user_pool(PoolName="customers", **pool())["UserPool"]
asked = {"userPoolId": made["Id"]}
record("CreateUserPool", {"poolName": "customers"}, responseElements={"userPool": {"id": made["Id"]}})
expect("a pool that meets policy", delivered(), (1, 0, []))

boto["cognito-idp"].update_user_pool(UserPoolId=made["Id"], **pool(length=8))
record("UpdateUserPool", asked)
record("UpdateUserPool", asked)
record("InitiateAuth", {"clientId": "1example"})
arrived, left, sent = delivered()
expect("a weaker password policy", (arrived, left, len(sent)), (2, 0, 1))
for text in ("customers", "password-too-short", "MinimumLength, 14 to 8", "UpdateUserPool", "user/ops", "aws-cli"):
    expect(f"`{text}` in the message", text in sent[0], True)

record("UpdateUserPool", asked)
expect("the same event again", delivered(), (1, 0, []))

record("UpdateUserPool", None, errorCode="AccessDenied")
record("DescribeUserPool", asked, readOnly=True)
expect("a refused call and a read", delivered(), (1, 0, []))

boto["cognito-idp"].update_user_pool(UserPoolId=made["Id"], **pool(length=16))
record("UpdateUserPool", asked)
expect("a stronger password policy", delivered(), (1, 0, []))

record("AssociateWebACL", {"resourceArn": made["Arn"], "webACLArn": "arn:aws:wafv2:example"}, source="wafv2")
record("AssociateWebACL", {"resourceArn": "arn:aws:elasticloadbalancing:example"}, source="wafv2")
expect("a web ACL", delivered(), (2, 0, []))

record("UpdateUserPool", {"userPoolId": f"{region}_NotThere1"})
expect("a pool that cannot be read comes again", delivered(), (1, 1, []))

# moto does not list the resources of a web ACL.
waf = boto3.client("wafv2")
function.boto3 = types.SimpleNamespace(client=lambda name: waf if name == "wafv2" else boto3.client(name))
acl = {"name": "front", "id": "a1b2c3d4-5678-90ab-cdef-example11111", "scope": "REGIONAL"}
arn = f"arn:aws:wafv2:{region}:{account}:regional/webacl/front/{acl['id']}"
with Stubber(waf) as stub:
    asked_of_waf = {"WebACLArn": arn, "ResourceType": "COGNITO_USER_POOL"}
    stub.add_response("list_resources_for_web_acl", {"ResourceArns": [made["Arn"]]}, asked_of_waf)
    boto["cognito-idp"].update_user_pool(UserPoolId=made["Id"], **pool(length=9))
    record("UpdateWebACL", acl, source="wafv2")
    arrived, left, sent = delivered()
    expect("a change of a web ACL", (arrived, left, len(sent), "MinimumLength, 16 to 9" in sent[0]), (1, 0, 1, True))
    stub.assert_no_pending_responses()
    record("UpdateWebACL", dict(acl, scope="CLOUDFRONT"), source="wafv2")
    expect("a web ACL of CloudFront", delivered(), (1, 0, []))
    stub.add_client_error("list_resources_for_web_acl", "WAFInternalErrorException")
    record("UpdateWebACL", acl, source="wafv2")
    expect("a web ACL whose pools are not known comes again", delivered(), (1, 1, []))

record("CreateGroup", {"userPoolId": made["Id"], "groupName": "ops"})
expect("a group", delivered(), (1, 0, []))

boto["cognito-idp"].update_user_pool(UserPoolId=made["Id"], **pool(protection="INACTIVE"))
boto["cognito-idp"].delete_user_pool(UserPoolId=made["Id"])
record("DeleteUserPoolClient", dict(asked, clientId="1example"))
expect("a record of a pool whose deletion has not arrived comes again", delivered(), (1, 1, []))
record("DeleteUserPool", asked)
arrived, left, sent = delivered()
expect("a deleted pool", (arrived, left, len(sent), "was deleted" in sent[0]), (1, 0, 1, True))
record("DeleteUserPool", asked)
expect("the same deletion again", delivered(), (1, 0, []))
record("DeleteUserPoolClient", dict(asked, clientId="1example"))
expect("a record that arrives after the deletion", delivered(), (1, 0, []))
print(f"{checks} passed, 0 failed")
