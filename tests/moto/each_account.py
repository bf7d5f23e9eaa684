"""Runs the state machine of `examples/nightly` on moto, for an organization of three accounts. Each task of it is run by
the program itself, with the command that the state machine gives it.

usage: each_account.py PROGRAM
"""

import json
import logging
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

program = str(pathlib.Path(sys.argv[1]).resolve())
root = pathlib.Path(__file__).resolve().parents[2]
region, checks = "eu-west-1", 0
os.environ.update(AWS_ACCESS_KEY_ID="AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY="secret", AWS_DEFAULT_REGION=region)

import boto3
from template import resources
from moto import mock_aws
from moto.server import ThreadedMotoServer
from moto.stepfunctions.parser.api import HistoryEventType, TaskFailedEventDetails
from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import FailureEvent, FailureEventException
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name import StatesErrorName
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name_type import StatesErrorNameType
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_ecs import StateTaskServiceEcs
from moto.stepfunctions.parser.asl.eval.event.event_detail import EventDetails


def expect(what, told, wanted):
    global checks
    assert told == wanted, f"{what}:\n{told}\nbut expected\n{wanted}"
    checks += 1


template = resources(root / "examples/nightly/template.yaml")

# The policy of the task is the one that the program prints.
printed = json.loads(subprocess.run([program, "iam-policy", "--rules", "strict"], capture_output=True, check=True).stdout)
actions = lambda policy: {action for one in policy["Statement"] for action in one["Action"]}
ours = template["TaskRole"]["Properties"]["Policies"][0]["PolicyDocument"]
expect("the policy of the task", actions(ours), actions(printed))

given = {
    "Cluster": "cluster", "Task": "task", "Subnets": 'subnet-1","subnet-2', "Group": "sg-1", "Partition": "aws",
    "RoleName": "cognito-lint", "Rules": "recommended", "FailOn": "low", "AtOnce": "2",
}  # fmt: skip
definition = template["EachAccount"]["Properties"]["DefinitionString"]
expect("substitutions", set(re.findall(r"\$\{(\w+)\}", definition)), set(given))
expect("their values", set(template["EachAccount"]["Properties"]["DefinitionSubstitutions"]), set(given))
definition = re.sub(r"\$\{(\w+)\}", lambda name: given[name[1]], definition)

work = pathlib.Path(tempfile.mkdtemp())
refused, codes, url = set(), {}, ""


def task(command):
    """Runs a task: the exit code of its container. The account of a role that is refused has none that can be assumed."""
    command = [word.replace("/reports", str(work)) for word in command]
    account = next((word.split(":")[4] for word in command if word.startswith("arn:aws:iam::")), "merge")
    if account in refused:
        return 2
    if command[0] == "check":
        # moto has many Regions, and every one of them would be listed.
        command = [word for word in command if word != "--all-regions"] + ["--region", region]
    env = dict(os.environ, AWS_ENDPOINT_URL=url, AWS_REGION=region)
    done = subprocess.run([program, *command], env=env, capture_output=True, text=True, check=False)
    codes[account] = (done.returncode, done.stdout + done.stderr)
    return done.returncode


def run_task(self, env, resource_runtime_part, normalised_parameters, state_credentials):
    [override] = normalised_parameters["Overrides"]["ContainerOverrides"]
    code = task(override["Command"])
    env.stack.append({"Containers": [{"Name": override["Name"], "ExitCode": code}], "LastStatus": "STOPPED"})
    if code:
        kind = StatesErrorNameType.StatesTaskFailed
        details = TaskFailedEventDetails(
            resource="runTask.sync", resourceType="ecs", error=kind.to_name(), cause=json.dumps(env.stack.pop())
        )
        event = FailureEvent(
            env=env, error_name=StatesErrorName(typ=kind), event_type=HistoryEventType.TaskFailed,
            event_details=EventDetails(taskFailedEventDetails=details),
        )  # fmt: skip
        raise FailureEventException(event)


# moto's own tasks of ECS do not end.
StateTaskServiceEcs._eval_service_task = run_task
StateTaskServiceEcs._build_sync_resolver = lambda self, env, *_: lambda task=env.stack.pop(): task

logging.disable(logging.CRITICAL)
server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
url = "http://%s:%s" % server.get_host_and_port()
mock = mock_aws(config={"stepfunctions": {"execute_state_machine": True}})
mock.start()

organizations, sts = boto3.client("organizations", region_name="us-east-1"), boto3.client("sts")
organizations.create_organization(FeatureSet="ALL")
for name in ("payments", "shop"):
    organizations.create_account(AccountName=name, Email=f"{name}@example.com")
accounts = [account["Id"] for account in organizations.list_accounts()["Accounts"]]
expect("accounts", len(accounts), 3)
for number, account in enumerate(accounts):
    role = sts.assume_role(RoleArn=f"arn:aws:iam::{account}:role/cognito-lint", RoleSessionName="seed")["Credentials"]
    cognito = boto3.client(
        "cognito-idp", aws_access_key_id=role["AccessKeyId"], aws_secret_access_key=role["SecretAccessKey"],
        aws_session_token=role["SessionToken"],
    )  # fmt: skip
    for each in range(number + 1):
        cognito.create_user_pool(PoolName=f"pool-{number}-{each}")

states = boto3.client("stepfunctions")
role = boto3.client("iam").create_role(RoleName="states", AssumeRolePolicyDocument="{}")["Role"]["Arn"]


def night(name):
    # moto runs a state machine once, and cannot have a second one beside it.
    machine = states.create_state_machine(name=name, definition=definition, roleArn=role)["stateMachineArn"]
    execution = states.start_execution(stateMachineArn=machine, name=name)["executionArn"]
    while (now := states.describe_execution(executionArn=execution))["status"] == "RUNNING":
        time.sleep(0.2)
    states.delete_state_machine(stateMachineArn=machine)
    return now["status"]


# Findings fail the night, as they fail a run.
expect("a night with findings", night("first"), "FAILED")
expect("exit codes", {who: code for who, (code, _) in codes.items()}, dict.fromkeys([*accounts, "merge"], 1))
[file] = [path for path in work.glob("*.json")]
report = json.loads(file.read_text())
found = {pool["pool"].split(":")[4] if "pool" in pool else pool["arn"].split(":")[4] for pool in report["pools"]}
expect("accounts with pools", found, set(accounts))
expect("pools", len(report["pools"]), 6)
expect("the answer", codes["merge"][1].splitlines()[0].startswith("6 of 6 pools violate policy"), True)

# A task that did not start has no report, and nothing is merged without it.
refused.add(accounts[1])
codes.clear()
before = file.read_bytes()
expect("a night without an account", night("second"), "FAILED")
if "merge" in codes:
    expect("the merge", codes["merge"][0], 2)
    expect("what it says", "2 reports are there, and 3 were expected" in codes["merge"][1], True)
expect("the report of the night before", file.read_bytes(), before)
print(f"{checks} passed, 0 failed")
os._exit(0)
