"""Plays a night through: moto for the pools, with a clock that is set, and a fake of LookupEvents for the trail. Three
people and a pipeline change things, somebody is refused, and in the morning each is named rightly."""

import datetime
import hashlib
import http.server
import json
import logging
import os
import pathlib
import random
import sys
import tempfile
import threading
import time

import boto3
import moto.cognitoidp.models
from checks import Checks
from moto.server import ThreadedMotoServer

program = str(pathlib.Path(sys.argv[1]).resolve())
checks = Checks(program)
run, expect = checks.run, checks.expect
region, account = "eu-north-1", "123456789012"
morning = int(time.time())
hour = 3600
clock = morning - 12 * hour


def moment(seconds):
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)


def written(seconds):
    return moment(seconds).strftime("%Y-%m-%dT%H:%M:%SZ")


logging.disable(logging.CRITICAL)

# The pools and clients have the dates of the night.
moto.cognitoidp.models.utcnow = lambda: moment(clock).replace(tzinfo=None)
moto_server = ThreadedMotoServer(port=0, verbose=False)
moto_server.start()
host, port = moto_server.get_host_and_port()
pools_url = f"http://127.0.0.1:{port}"
cognito = boto3.client(
    "cognito-idp", region_name=region, endpoint_url=pools_url, aws_access_key_id="AKIDEXAMPLE", aws_secret_access_key="secret"
)

# The trail: what was called, in the shape of CloudTrail.
records = []
MAPS = {"tags", "userPoolTags"}


def camel(value, is_map=False):
    if isinstance(value, dict):
        name = lambda key: key if is_map else key[0].lower() + key[1:]
        return {name(key): camel(one, name(key) in MAPS) for key, one in value.items() if key != "ResponseMetadata"}
    if isinstance(value, list):
        return [camel(one) for one in value]
    return value.isoformat() if isinstance(value, datetime.datetime) else value


def role(name, session, **more):
    return {
        "type": "AssumedRole", "arn": f"arn:aws:sts::{account}:assumed-role/{name}/{session}", "accountId": account,
        "sessionContext": {"sessionIssuer": {"type": "Role", "userName": name}, **more},
    }  # fmt: skip


def record(name, asked, identity, agent, answer=None, **more):
    records.append({
        "eventVersion": "1.11", "userIdentity": identity, "eventTime": written(clock),
        "eventSource": "cognito-idp.amazonaws.com", "eventName": name, "awsRegion": region,
        "sourceIPAddress": "192.0.2.10", "userAgent": agent, "requestParameters": asked, "responseElements": answer,
        "eventID": f"22222222-2222-4222-8222-{len(records):012}", "readOnly": False, "eventType": "AwsApiCall",
        "managementEvent": True, "recipientAccountId": account, "eventCategory": "Management", **more,
    })  # fmt: skip


def call(name, identity, agent, at, answers=False, **asked):
    """A call that moto answers and the trail records."""
    global clock
    clock = at
    method = "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")
    answer = getattr(cognito, method)(**asked)
    source = "cloudformation.amazonaws.com" if agent.startswith("cloudformation") else "192.0.2.10"
    record(name, camel(asked), identity, agent, camel(answer) if answers else None, sourceIPAddress=source)


class LookupEvents(http.server.BaseHTTPRequestHandler):
    """One attribute, two look-ups a second, 50 events a page, the newest first and in any order within a second, late,
    and nothing for a resource."""

    asked, times = [], []

    def log_message(self, *_):
        pass

    def answer(self, status, body):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/x-amz-json-1.1")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        now = time.time()
        if sum(now - then < 1 for then in self.times) >= 2:
            return self.answer(400, {"__type": "ThrottlingException", "message": "Rate exceeded"})
        self.times.append(now)
        attributes = asked.get("LookupAttributes", [])
        if len(attributes) > 1:
            return self.answer(400, {"__type": "InvalidLookupAttributesException", "message": "one attribute"})
        key, value = (attributes[0]["AttributeKey"], attributes[0]["AttributeValue"]) if attributes else (None, None)
        size = asked.get("MaxResults", 50)
        if not 1 <= size <= 50:
            return self.answer(400, {"__type": "InvalidMaxResultsException", "message": "1 to 50"})
        start, end = asked.get("StartTime", 0), asked.get("EndTime", 2**40)
        if start > now or start > end:
            return self.answer(400, {"__type": "InvalidTimeRangeException", "message": "the time range"})
        of = {"EventName": "eventName", "EventSource": "eventSource", "EventId": "eventID"}
        second = lambda one: int(datetime.datetime.fromisoformat(one["eventTime"].replace("Z", "+00:00")).timestamp())
        found = [
            one for one in records
            if start <= second(one) <= end and second(one) <= now - 120
            and (key is None or key in of and one[of[key]] == value)
        ]  # fmt: skip
        random.Random(7).shuffle(found)
        found.sort(key=second, reverse=True)
        bound = json.dumps([attributes, start, end, size])
        first, _, token = asked.get("NextToken", f"0 {bound}").partition(" ")
        if token != bound:
            return self.answer(400, {"__type": "InvalidNextTokenException", "message": "another look-up"})
        page = found[int(first) : int(first) + size]
        event = lambda one: {
            "EventId": one["eventID"], "EventName": one["eventName"], "EventSource": one["eventSource"],
            "ReadOnly": "false", "EventTime": second(one), "Resources": [], "CloudTrailEvent": json.dumps(one),
        }  # fmt: skip
        body = {"Events": [event(one) for one in page]}
        if int(first) + size < len(found):
            body["NextToken"] = f"{int(first) + size} {bound}"
        self.asked.append((key, value))
        self.answer(200, body)


trail = http.server.ThreadingHTTPServer(("127.0.0.1", 0), LookupEvents)
threading.Thread(target=trail.serve_forever, daemon=True).start()
checks.environment = {
    **os.environ, "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret",
    "AWS_ENDPOINT_URL": pools_url, "AWS_ENDPOINT_URL_CLOUDTRAIL": f"http://127.0.0.1:{trail.server_port}",
}  # fmt: skip


trigger = f"arn:aws:lambda:{region}:{account}:function:check"
pools = {}
for name in ["shop", "staff", "partners", "api", "quiet"]:
    made = cognito.create_user_pool(
        PoolName=name, DeletionProtection="ACTIVE", LambdaConfig={"PreSignUp": trigger}, MfaConfiguration="ON",
        UserPoolTags={"owner": "platform"}, UserPoolTier="ESSENTIALS",
    )["UserPool"]  # fmt: skip
    pools[name] = made["Id"]
flows = ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
client = cognito.create_user_pool_client(UserPoolId=pools["api"], ClientName="web", ExplicitAuthFlows=flows)
client = client["UserPoolClient"]["ClientId"]

with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    live = ["--region", region, "--max-rps", "200", "--no-config"]
    # moto answers neither DescribeRiskConfiguration nor GetLogDeliveryConfiguration, so the exit code is 3.
    run("snapshot", *live, "--output", "evening.ndjson", code=3)
    evening = pathlib.Path("evening.ndjson")
    header, _, lines = evening.read_text().partition("\n")
    header = json.loads(header)
    header["made"] = written(morning - 10 * hour)
    header["read"] = {"from": header["made"], "until": header["made"]}
    del header["header-sha256"]
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=False)
    header["header-sha256"] = hashlib.sha256(text.encode()).hexdigest()
    evening.write_text(json.dumps(header, separators=(",", ":"), ensure_ascii=False) + "\n" + lines)
    run("drift", "evening.ndjson", *live, "--who", code=3)
    expect("a run without drift looks nothing up", LookupEvents.asked, [])

    # The night. Everybody signs in all the time, and somebody updates another pool often.
    for number in range(300):
        clock = morning - 9 * hour + 60 * number
        record("InitiateAuth", {"clientId": client}, {"type": "Unknown", "principalId": "Anonymous"}, "okhttp/4")
        if number % 4 == 0:
            record("UpdateUserPool", {"userPoolId": pools["quiet"]}, {"type": "IAMUser", "userName": "robot"}, "Boto3/1")
    dana = role("AWSReservedSSO_Admin_0123456789abcdef", "dana@example.com")
    erin = {"type": "IAMUser", "arn": f"arn:aws:iam::{account}:user/erin", "accountId": account, "userName": "erin"}
    kim = role("break-glass", "session-1", sourceIdentity="kim@example.com")
    pipeline = role(f"cdk-hnb659fds-cfn-exec-role-{account}-{region}", "AWSCloudFormation")
    cli = "aws-cli/2.36.28 md/awscrt#0.36.2 md/command#cognito-idp.update-user-pool"
    # The console sends everything, and changes one value.
    call("UpdateUserPool", dana, "Mozilla/5.0", morning - 8 * hour, UserPoolId=pools["shop"], MfaConfiguration="OFF",
         DeletionProtection="ACTIVE", LambdaConfig={"PreSignUp": trigger}, UserPoolTags={"owner": "platform"})  # fmt: skip
    # One call with nothing but deletion protection removes the trigger.
    call("UpdateUserPool", erin, cli, morning - 7 * hour, UserPoolId=pools["staff"], DeletionProtection="INACTIVE",
         UserPoolTags={"owner": "platform"})  # fmt: skip
    call("CreateUserPoolClient", kim, "Boto3/1.43.11", morning - 6 * hour, answers=True, UserPoolId=pools["partners"],
         ClientName="unknown")  # fmt: skip
    call("UpdateUserPoolClient", pipeline, "cloudformation.amazonaws.com", morning - 5 * hour, answers=True,
         UserPoolId=pools["api"], ClientId=client, ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH", *flows[1:]])  # fmt: skip
    clock = morning - 7 * hour
    mallory = {"type": "IAMUser", "userName": "mallory", "accountId": account}
    record("UpdateUserPool", None, mallory, "Boto3/1", errorCode="AccessDenied")
    record("UpdateUserPool", {"userPoolId": pools["staff"]}, mallory, "Boto3/1", errorCode="InvalidParameterException")
    record("UpdateUserPool", {"userPoolId": pools["staff"], "deletionProtection": "INACTIVE"}, mallory, "Boto3/1",
           awsRegion="eu-west-1")  # fmt: skip
    clock = morning

    drift = json.loads(run("drift", "evening.ndjson", *live, "--who", "--report", "json", "--report", "human=who.txt", code=3))
    told, refused = {}, []
    for pool in drift["pools"]:
        calls = {one["event"]: one for one in pool.get("calls") or []}
        refused += [one["caller"]["title"] for one in calls.values() if one["refused"]]
        for change in pool["changes"]:
            by = change["changed_by"]
            who = [(calls[one["event"]]["caller"]["title"], calls[one["event"]]["tool"], one["how"]) for one in by["calls"]]
            path = change["path"].split("[")[0] + change["path"].partition("]")[2]
            told[(pool["current"]["name"], path)] = (by["status"], *who, *[one["code"] for one in by["reasons"]])
    command = "AWS CLI 2.36.28 (update-user-pool)"
    expect("who changed what", told, {
        ("shop", "MfaConfiguration"): ("sure", ("dana@example.com (Identity Center, Admin)", "the console", "sets")),
        ("staff", "DeletionProtection"): ("sure", ("user erin", command, "sets")),
        ("staff", "LambdaConfig.PreSignUp"): ("sure", ("user erin", command, "resets")),
        ("partners", "Clients"): ("sure", ("kim@example.com (role break-glass, session session-1)", "Boto3 1.43.11", "creates")),
        ("api", "Clients.ExplicitAuthFlows"): ("sure", (
            f"role cdk-hnb659fds-cfn-exec-role-{account}-{region}, session AWSCloudFormation", "CloudFormation (CDK)", "sets",
        )),
    })  # fmt: skip
    expect("who was refused", refused, ["user mallory"])
    expect("what was asked for", {key for key, _ in LookupEvents.asked}, {"EventName"})
    gaps = [later - first for first, later in zip(LookupEvents.times, LookupEvents.times[1:])]
    expect("two look-ups within half a second", [gap for gap in gaps if gap < 0.5], [])
    pages = len(LookupEvents.asked)

    # The nightly check says of what is new in it who did it.
    rules = ["--rules", "mfa-off,deletion-protection-inactive"]
    report = json.loads(run("check", *live, *rules, "--since", "evening.ndjson", "--who", "--report", "json", code=1))
    found = {
        (one["pool"]["name"], one["rule"]): [by["caller"]["title"] for change in one["changes"] for by in change["changed_by"]["calls"]]
        for one in report["findings"]
    }  # fmt: skip
    expect("who made what is new", found, {
        ("shop", "mfa-off"): ["dana@example.com (Identity Center, Admin)"],
        ("staff", "deletion-protection-inactive"): ["user erin"],
    })  # fmt: skip

moto_server.stop()
trail.shutdown()
print(f"{len(records)} records, {pages} look-ups of the drift, {len(told)} changes by 3 people and a pipeline")
print(f"{checks.count} passed, 0 failed")
