"""A custom rule of AWS Config: judges each user pool with cognito-lint when its configuration changes, and once a day.

COMPLIANT: every rule was decided, and nothing at or above FAIL_ON was found. NON_COMPLIANT: something was found, or could
not be decided; the annotation says which. NOT_APPLICABLE: the pool was deleted, or no rule applies to it. AWS Config takes
no INSUFFICIENT_DATA from a function: a pool that cannot be read ends the call with an error, and keeps no old answer.
"""

import json
import os
import pathlib
import subprocess

import boto3

PROGRAM = os.environ.get("COGNITO_LINT", str(pathlib.Path(__file__).with_name("cognito-lint")))
TYPE = "AWS::Cognito::UserPool"
ANNOTATION = 256


def handler(event, context=None):
    invoking = json.loads(event["invokingEvent"])
    parameters = json.loads(event.get("ruleParameters") or "{}")
    config = boto3.client("config")
    item = invoking.get("configurationItem") or invoking.get("configurationItemSummary")
    if item:
        pools = [(item["resourceId"], item.get("configurationItemStatus", ""))]
        region, taken = item["awsRegion"], item["configurationItemCaptureTime"]
    else:
        pages = config.get_paginator("list_discovered_resources").paginate(resourceType=TYPE)
        pools = [(one["resourceId"], "OK") for page in pages for one in page["resourceIdentifiers"]]
        region, taken = os.environ["AWS_REGION"], invoking["notificationCreationTime"]
    evaluations, errors = [], []
    for pool, status in pools:
        try:
            compliance, annotation = judge(pool, status, region, parameters)
        except RuntimeError as error:
            errors.append(str(error))
            continue
        evaluation = {"ComplianceResourceType": TYPE, "ComplianceResourceId": pool, "ComplianceType": compliance}
        evaluations.append({**evaluation, "Annotation": annotation[:ANNOTATION], "OrderingTimestamp": taken})
    for first in range(0, len(evaluations), 100):
        batch = evaluations[first : first + 100]
        answer = config.put_evaluations(
            Evaluations=batch, ResultToken=event["resultToken"], TestMode=event["resultToken"] == "TESTMODE"
        )
        if answer.get("FailedEvaluations"):
            errors.append(f"AWS Config refused {len(answer['FailedEvaluations'])} evaluations")
    if errors:
        raise RuntimeError("; ".join(errors))
    return evaluations


def judge(pool, status, region, parameters):
    """The compliance of a pool, and why."""
    if status in ("ResourceDeleted", "ResourceDeletedNotRecorded", "ResourceNotRecorded"):
        return "NOT_APPLICABLE", "the pool was deleted"
    rules = [word for rule in parameters.get("rules", "recommended").split(",") for word in ("--rules", rule.strip())]
    fail_on = parameters.get("failOn", "low")
    command = [PROGRAM, "check", "--no-config", "--region", region, "--pool", pool, "--fail-on", fail_on, "--report", "json"]
    done = subprocess.run([*command, *rules], capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1, 3):
        raise RuntimeError(f"{pool}: cognito-lint ended with {done.returncode}: {done.stderr.strip()[-500:]}")
    report = json.loads(done.stdout)
    if not report["pools"]:
        raise RuntimeError(f"{pool}: {report['answer']}: {'; '.join(one['message'] for one in report['unread'])}")
    found = [one["rule"] for one in report["findings"] if one["status"] == "open"]
    if done.returncode == 1:
        return "NON_COMPLIANT", listed("found", found)
    if done.returncode == 3:
        unknown = [f"{one['rule']} ({one['reason']})" for one in report["unknown"]]
        unread = [one["message"] for one in report["unread"]]
        return "NON_COMPLIANT", "; ".join(filter(None, [listed("found", found), listed("not decided", unknown + unread)]))
    if not found and not report["summary"]["pass"]:
        return "NOT_APPLICABLE", "no rule applies to the pool"
    return "COMPLIANT", listed("below the severity that fails", found) or "every rule is met"


def listed(what, names):
    unique = list(dict.fromkeys(names))
    return f"{what}: {', '.join(unique)}" if unique else ""
