"""Checks a user pool within a minute of a change: EventBridge hands on what CloudTrail records, a queue gathers it, and
this function reads the pool, compares it with how it was before, and says what got weaker and by whom.

The program only reads, so that its own calls never come back as events. An event that arrives twice, or late, finds the
state of the pool, or its deletion, in the bucket already, and nothing is sent again.
"""

import json
import os
import pathlib
import subprocess
import tempfile

import boto3

PROGRAM = os.environ.get("COGNITO_LINT", str(pathlib.Path(__file__).with_name("cognito-lint")))
RULES = os.environ.get("RULES", "recommended").split()
MADE, DELETED = "CreateUserPool", "DeleteUserPool"


def handler(event, context=None):
    """Takes a batch of the queue; gives back the messages that must come again."""
    changes, messages, failed = {}, {}, []
    for record in event["Records"]:
        detail = json.loads(record["body"])["detail"]
        try:
            pools = pools_of(detail)
        except Exception as error:
            failed.append(record["messageId"])
            complain(detail["eventName"], error)
            continue
        for pool in pools:
            changes.setdefault(pool, []).append(detail)
            messages.setdefault(pool, []).append(record["messageId"])
    for pool, details in changes.items():
        try:
            check(pool, details)
        except Exception as error:  # One pool must not hold up the others; the queue sends its messages again.
            complain(pool, error)
            failed += messages[pool]
    # One record can be about several pools.
    return {"batchItemFailures": [{"itemIdentifier": message} for message in dict.fromkeys(failed)]}


def complain(subject, error):
    print(json.dumps({"subject": subject, "error": f"{type(error).__name__}: {error}"}))


def pools_of(detail):
    """Account, Region and id of each pool that a record changed: most name one, and a web ACL can protect several."""
    if detail.get("errorCode") or detail.get("readOnly") in (True, "true"):
        return []
    asked, answered = detail.get("requestParameters") or {}, detail.get("responseElements") or {}
    pool = asked.get("userPoolId")
    if detail["eventName"] == MADE:
        pool = (answered.get("userPool") or {}).get("id")
    # Tags, and associations of web ACLs, name the ARN of the pool.
    arn = asked.get("resourceArn") or ""
    if not pool and ":userpool/" in arn:
        pool = arn.split(":userpool/")[1]
    pools = [pool] if pool else []
    if detail["eventName"] == "UpdateWebACL":
        pools = protected_by(asked, detail)
    return [(detail["recipientAccountId"], detail["awsRegion"], pool) for pool in pools]


def protected_by(acl, detail):
    """The ids of the pools that a web ACL protects. One of the scope CLOUDFRONT protects no pool."""
    if acl["scope"] != "REGIONAL":
        return []
    partition = ":".join(os.environ["TOPIC"].split(":")[:2])
    place = f"{partition}:wafv2:{detail['awsRegion']}:{detail['recipientAccountId']}"
    asked = {"WebACLArn": f"{place}:regional/webacl/{acl['name']}/{acl['id']}", "ResourceType": "COGNITO_USER_POOL"}
    arns = boto3.client("wafv2").list_resources_for_web_acl(**asked).get("ResourceArns", [])
    return [arn.split(":userpool/")[1] for arn in arns]


def who(detail):
    """The person before the role: the identity, and what it called through."""
    identity = detail.get("userIdentity") or {}
    arn = identity.get("arn") or identity.get("invokedBy") or identity.get("type", "somebody")
    through = detail.get("userAgent", "").split(" ")[0] or "an unknown program"
    return f"{plain(detail['eventName'])} at {plain(detail['eventTime'])} by {plain(arn)} through {plain(through)}"


def plain(text):
    """Text of a caller, without what could end a line of the message."""
    return "".join(char if char.isprintable() else "?" for char in str(text))[:256]


def check(pool, details):
    account, region, id_ = pool
    prefix = f"{account}/{region}/{id_}/"
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        # Ids are not used again: of a pool that was deleted, only the deletion is worth a message.
        if fetch(prefix + "deleted.json", work / "deleted.json"):
            return
        if any(detail["eventName"] == DELETED for detail in details):
            send(f"{id_} was deleted", details, [])
            (work / "deleted.json").write_text(json.dumps([detail["eventTime"] for detail in details]))
            return store(work / "deleted.json", prefix)
        before = {name: fetch(prefix + name, work / f"before-{name}") for name in ("pool.ndjson", "report.json")}
        read = run("snapshot", "--region", region, "--pool", id_, "--output", work / "pool.ndjson")
        if not (work / "pool.ndjson").exists() or not has_pool(work / "pool.ndjson"):
            raise RuntimeError(f"{id_} could not be read: {read.stderr.strip()}")
        rules = [word for rule in RULES for word in ("--rules", rule)]
        since = ["--since", before["report.json"]] if before["report.json"] else []
        reports = ["--report", f"json={work / 'report.json'}", "--report", f"asff={work / 'findings.ndjson'}"]
        run("check", "--no-config", "--quiet", *rules, *since, *reports, work / "pool.ndjson")
        report = json.loads((work / "report.json").read_text())
        name = next((one["name"] for one in report["pools"]), None) or id_

        lines = [f"new: {line(one)}" for one in report["findings"] if is_new(one, before)]
        weakened = []
        if before["pool.ndjson"]:
            done = run("drift", "--no-config", *rules, "--report", "json", before["pool.ndjson"], work / "pool.ndjson")
            weakened = [change for one in json.loads(done.stdout)["pools"] for change in one["changes"]]
            weakened = [change for change in weakened if change["direction"] == "weakened"]
            lines += [f"weakened: {plain(change['path'])}, {shown(change['before'])} to {shown(change['after'])}" for change in weakened]
        if lines:
            send(f"{plain(name)}: {len(lines)} changes for the worse", details, lines)
        if os.environ.get("SECURITY_HUB") == "on":
            publish(work / "findings.ndjson")
        # What was recorded decides what is new next time, so it is written last: a run that fails is repeated whole.
        for stored in ("pool.ndjson", "report.json"):
            store(work / stored, prefix)


def is_new(finding, before):
    """A finding that counts, and that was not there; without an earlier report, each is new."""
    return finding["status"] == "open" and (not before["report.json"] or finding["change"] == "new")


def line(finding):
    return f"{finding['severity']}[{finding['rule']}] {plain(finding['message'])}"


def shown(state):
    return plain(json.dumps(state["value"])) if state["present"] else "no value"


def has_pool(snapshot):
    """The first line of a snapshot is about the snapshot."""
    return len(snapshot.read_text().splitlines()) > 1


def run(*arguments):
    """Runs the program. 0, 1 and 3 are answers; anything else is an error."""
    done = subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1, 3):
        raise RuntimeError(f"cognito-lint {arguments[0]} ended with {done.returncode}: {done.stderr.strip()}")
    return done


def fetch(key, path):
    """A file of the bucket; None where it is not there."""
    s3 = boto3.client("s3")
    try:
        s3.download_file(os.environ["BUCKET"], key, str(path))
    except s3.exceptions.ClientError as error:
        if error.response["Error"]["Code"] in ("404", "NoSuchKey"):
            return None
        raise
    return path


def store(path, prefix):
    boto3.client("s3").upload_file(str(path), os.environ["BUCKET"], prefix + path.name)


def send(subject, details, lines):
    by = [who(detail) for detail in sorted(details, key=lambda detail: detail["eventTime"])]
    message = "\n".join([subject, "", *lines, "", "changed by:", *by])
    # A subject is at most 100 characters of ASCII.
    subject = subject.encode("ascii", "replace").decode()[:100]
    boto3.client("sns").publish(TopicArn=os.environ["TOPIC"], Subject=subject, Message=message)


def publish(batches):
    hub = boto3.client("securityhub")
    for batch in batches.read_text().splitlines():
        answer = hub.batch_import_findings(**json.loads(batch))
        if answer.get("FailedCount"):
            raise RuntimeError(f"Security Hub refused {answer['FailedCount']} findings: {answer['FailedFindings'][:3]}")
