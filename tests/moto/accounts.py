"""Reads four accounts through roles and three Regions in moto, one of the accounts refusing its role.

usage: accounts.py URL PROGRAM

moto lets everybody assume every role, so a small proxy in front of its STS refuses the role of one account.
"""

import http.server
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import threading
import urllib.error
import urllib.parse
import urllib.request

import boto3

url, program = sys.argv[1:3]
regions = ["us-east-1", "eu-west-1", "ap-south-1"]
keys = {"aws_access_key_id": "AKIDEXAMPLE", "aws_secret_access_key": "secret"}


def client(service, region="us-east-1", credentials=None):
    return boto3.client(service, region_name=region, endpoint_url=url, **(credentials or keys))


organizations, sts = client("organizations"), client("sts")
management = sts.get_caller_identity()["Account"]
organizations.create_organization(FeatureSet="ALL")
names = ["payments", "shop", "support", "closed"]
accounts = [
    organizations.create_account(AccountName=name, Email=f"{name}@example.com")["CreateAccountStatus"]["AccountId"]
    for name in names
]
refused = accounts[-1]


def role(account):
    return f"arn:aws:iam::{account}:role/OrganizationAccountAccessRole"


def credentials(account):
    given = sts.assume_role(RoleArn=role(account), RoleSessionName="seed")["Credentials"]
    return {
        "aws_access_key_id": given["AccessKeyId"],
        "aws_secret_access_key": given["SecretAccessKey"],
        "aws_session_token": given["SessionToken"],
    }


def arns(cognito):
    pages = cognito.get_paginator("list_user_pools").paginate(MaxResults=60)
    ids = [pool["Id"] for page in pages for pool in page["UserPools"]]
    return {cognito.describe_user_pool(UserPoolId=one)["UserPool"]["Arn"] for one in ids}


made = {}
for i, account in enumerate(accounts):
    made[account] = set()
    for j, region in enumerate(regions):
        cognito = client("cognito-idp", region, credentials(account))
        for n in range(i + j + 1):
            made[account].add(cognito.create_user_pool(PoolName=f"{names[i]}-{n}")["UserPool"]["Arn"])
own = set().union(*(arns(client("cognito-idp", region)) for region in regions))


class Proxy(http.server.BaseHTTPRequestHandler):
    """Hands every call on to moto, but for the role of one account."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        form = urllib.parse.parse_qs(body.decode())
        if form.get("RoleArn") == [role(refused)]:
            error = "<Error><Code>AccessDenied</Code><Message>not authorized to perform: sts:AssumeRole</Message></Error>"
            return self.reply(403, f"<ErrorResponse>{error}</ErrorResponse>".encode())
        headers = {name: value for name, value in self.headers.items() if name.lower() != "host"}
        with urllib.request.urlopen(urllib.request.Request(url, body, headers)) as answer:
            self.reply(answer.status, answer.read())

    def reply(self, status, body):
        self.send_response(status)
        self.send_header("content-type", "text/xml")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


proxy = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
threading.Thread(target=proxy.serve_forever, daemon=True).start()
environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")} | {
    "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "secret",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_CONFIG_FILE": "no such file",
    "AWS_ENDPOINT_URL": url,
    "AWS_ENDPOINT_URL_STS": f"http://127.0.0.1:{proxy.server_port}",
}


def check(what, configuration, expected):
    """Runs the program and holds its pools and what it could not read against what was made."""
    with tempfile.TemporaryDirectory() as folder:
        config, report = pathlib.Path(folder, "config.toml"), pathlib.Path(folder, "report.json")
        config.write_text(configuration)
        words = [program, "--config", config, "--quiet", "--evidence", "--max-rps", "200", "--report", f"json={report}"]
        ended = subprocess.run(words, env=environment, capture_output=True, text=True)
        assert ended.returncode == 3, f"{what}: {ended.returncode}, {ended.stderr}"
        text = report.read_text()
    found = set(re.findall(r"arn:aws:cognito-idp:[a-z0-9-]+:\d+:userpool/[\w-]+", text))
    assert found == expected, f"{what}: {len(found)} pools of {len(expected)}, {found ^ expected}"
    unread = json.loads(text)["unread"]
    assert len(unread) == 1 and refused in unread[0]["target"], f"{what}: {unread}"
    assert unread[0]["code"] == "AccessDenied" and role(refused) in unread[0]["message"], f"{what}: {unread}"
    assert "example-external-id" not in text and "example-external-id" not in ended.stderr
    print(f"{what}: {len(found)} pools, and one account that refused")


members = set().union(*(made[account] for account in accounts if account != refused))
named = f"[aws]\nregions = {json.dumps(regions)}\n" + "".join(
    f'[[account]]\nname = "{name}"\nrole-arn = "{role(account)}"\nexternal-id = "example-external-id"\n'
    for name, account in zip(names, accounts)
)
organization = '[organization]\nrole-name = "OrganizationAccountAccessRole"\n'
three = f"[aws]\nregions = {json.dumps(regions)}\n"
check("accounts by their roles", named, members)
check("accounts of the organization", three + organization, members | own)
everywhere = f'[aws]\nall-regions = true\n{organization}exclude = ["{management}"]\n'
check("accounts of the organization in every Region", everywhere, members)
