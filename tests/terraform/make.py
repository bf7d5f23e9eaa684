"""Makes plans and states of the configurations beside it with the real Terraform and AWS provider against moto, and
compares them with the JSON that the tests use.

usage: make.py URL WORK [--renew]

A folder here is a configuration: `1/`, `2/` and so on are what is applied one after the other, `before.json` holds
pools that are there already, and a file named `destroy` asks for a plan that destroys everything. Of each step the
folder `made` keeps the plan, the state as `terraform show` prints it and as Terraform stores it, and what the API
then answers, with the sections under their names. What differs from run to run is written alike: ids, secrets and
times. What depends on the version of Terraform alone is not compared.
"""

import difflib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import urllib.request

import boto3

HERE = pathlib.Path(__file__).resolve().parent
REGION = "eu-west-1"
KEYS = {"aws_access_key_id": "AKIDEXAMPLE", "aws_secret_access_key": "secret"}
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)?")


class Alike:
    """What is written for the values that differ from run to run."""

    def __init__(self):
        self.texts = {}
        self.counts = {}

    def see(self, kind, text):
        if isinstance(text, str) and text and text not in self.texts:
            number = self.counts[kind] = self.counts.get(kind, 0) + 1
            form = {
                "pool": f"{REGION}_example{number:02}",
                "client": f"{number}example".ljust(26, "0"),
                "secret": f"example-client-secret-{number:04}",
                "distribution": f"d{number}example.cloudfront.net",
            }
            self.texts[text] = form[kind]

    def look(self, value):
        """Sees the ids that a state holds."""
        if isinstance(value, list):
            for one in value:
                self.look(one)
        elif isinstance(value, dict):
            attributes = value.get("values") or value.get("attributes") or {}
            if value.get("type") == "aws_cognito_user_pool":
                self.see("pool", attributes.get("id"))
            if value.get("type") == "aws_cognito_user_pool_client":
                self.see("client", attributes.get("id"))
                self.see("secret", attributes.get("client_secret"))
            if value.get("type") == "aws_cognito_user_pool_domain":
                self.see("distribution", attributes.get("cloudfront_distribution"))
            for one in value.values():
                self.look(one)

    def written(self, value):
        if isinstance(value, list):
            return [self.written(one) for one in value]
        if isinstance(value, dict):
            return {self.written(name): self.written(one) for name, one in value.items()}
        if isinstance(value, str):
            for text, alike in self.texts.items():
                value = value.replace(text, alike)
            value = UUID.sub("00000000-0000-4000-8000-000000000000", value)
            return TIME.sub("2026-01-01T00:00:00Z", value)
        return value


def answers(cognito):
    """Every pool as the API answers it, with what other calls say under the names of the sections."""
    pools = []
    for listed in cognito.list_user_pools(MaxResults=60)["UserPools"]:
        pool = cognito.describe_user_pool(UserPoolId=listed["Id"])["UserPool"]
        at = {"UserPoolId": pool["Id"]}
        mfa = cognito.get_user_pool_mfa_config(**at)
        mfa.pop("ResponseMetadata")
        pool["MfaConfig"] = mfa
        clients = cognito.list_user_pool_clients(MaxResults=60, **at)["UserPoolClients"]
        pool["Clients"] = sorted(
            (cognito.describe_user_pool_client(ClientId=one["ClientId"], **at)["UserPoolClient"] for one in clients),
            key=lambda client: client["ClientName"],
        )
        providers = cognito.list_identity_providers(MaxResults=60, **at)["Providers"]
        pool["IdentityProviders"] = [
            cognito.describe_identity_provider(ProviderName=one["ProviderName"], **at)["IdentityProvider"]
            for one in providers
        ]
        pool["ResourceServers"] = cognito.list_resource_servers(MaxResults=50, **at)["ResourceServers"]
        pool["Groups"] = cognito.list_groups(**at)["Groups"]
        pools.append(pool)
    return sorted(pools, key=lambda pool: pool["Name"])


class Run:
    """One configuration, from an empty moto on."""

    def __init__(self, source, url, work):
        self.source, self.work, self.made = source, work / source.name, work / "made" / source.name
        self.made.mkdir(parents=True)
        self.alike = Alike()
        self.environment = {
            **os.environ,
            "AWS_ACCESS_KEY_ID": KEYS["aws_access_key_id"],
            "AWS_SECRET_ACCESS_KEY": KEYS["aws_secret_access_key"],
            "AWS_REGION": REGION,
            "AWS_ENDPOINT_URL": url,
            "AWS_EC2_METADATA_DISABLED": "true",
            "TF_IN_AUTOMATION": "1",
        }
        urllib.request.urlopen(urllib.request.Request(f"{url}/moto-api/reset", method="POST"), timeout=10).read()
        self.cognito = boto3.client("cognito-idp", endpoint_url=url, region_name=REGION, **KEYS)

    def terraform(self, *words):
        command = ["terraform", *words]
        done = subprocess.run(command, cwd=self.work, env=self.environment, capture_output=True, text=True, timeout=180)
        if done.returncode != 0:
            raise SystemExit(f"{self.source.name}: {' '.join(command)} ended with {done.returncode}\n{done.stderr}")
        return done.stdout

    def keep(self, name, value):
        plain = json.loads(json.dumps(value, default=str))
        text = json.dumps(self.alike.written(plain), indent=1, ensure_ascii=False, sort_keys=True)
        (self.made / name).write_text(text + "\n")

    def plan(self, step, *words):
        self.terraform("plan", "-input=false", "-out=plan", *words)
        self.keep(f"{step}.plan.json", json.loads(self.terraform("show", "-json", "plan")))

    def step(self, folder):
        shutil.copytree(folder, self.work, dirs_exist_ok=True)
        shutil.copy(HERE / "provider.tf", self.work)
        self.terraform("init", "-input=false", "-backend=false")
        self.plan(folder.name)
        self.terraform("apply", "-input=false", "plan")
        state = json.loads(self.terraform("show", "-json"))
        stored = json.loads((self.work / "terraform.tfstate").read_text())
        self.alike.look(state)
        self.keep(f"{folder.name}.state.json", state)
        self.keep(f"{folder.name}.tfstate", stored)
        self.keep(f"{folder.name}.answer.json", answers(self.cognito))

    def all(self):
        before = self.source / "before.json"
        for settings in json.loads(before.read_text()) if before.exists() else []:
            pool = self.cognito.create_user_pool(**settings)["UserPool"]["Id"]
            self.alike.see("pool", pool)
            self.environment["TF_VAR_pool"] = pool
        for folder in sorted(self.source.glob("[0-9]")):
            self.step(folder)
        if (self.source / "destroy").exists():
            self.plan("destroy", "-destroy")


# Lists that Terraform writes in another order each time.
UNORDERED = ("relevant_attributes", "sensitive_attributes")


def in_order(value):
    """A JSON value whose unordered lists are sorted."""
    if isinstance(value, list):
        return [in_order(element) for element in value]
    if not isinstance(value, dict):
        return value
    found = {name: in_order(member) for name, member in value.items()}
    for name in UNORDERED:
        if isinstance(found.get(name), list):
            found[name] = sorted(found[name], key=json.dumps)
    return found


def comparable(text):
    """The lines of a file without order that means nothing, and without what depends on the version of Terraform or
    on how often it wrote."""
    varying = ('"terraform_version":', '"serial":')
    lines = json.dumps(in_order(json.loads(text)), indent=1).splitlines()
    return [line for line in lines if not line.strip().startswith(varying)]


def differs(old, new):
    """The beginning of what differs between the files that are kept and those that were made now."""
    lines = []
    for name in sorted({path.name for path in [*old.glob("*"), *new.glob("*")]}):
        before, now = (
            comparable((folder / name).read_text()) if (folder / name).exists() else [] for folder in (old, new)
        )
        lines += difflib.unified_diff(before, now, f"{old.parent.name}/{name}", f"{name} made now", lineterm="", n=1)
    return lines


def main(url, work, renew=False):
    work, complaints = pathlib.Path(work), []
    sources = sorted(path.parent for path in HERE.glob("*/1"))
    for source in sources:
        run = Run(source, url, work)
        run.all()
        kept = source / "made"
        lines = differs(kept, run.made)
        if lines and renew:
            shutil.rmtree(kept, ignore_errors=True)
            shutil.copytree(run.made, kept)
            print(f"{source.name}: made anew")
        elif lines:
            complaints += [f"{source.name}: Terraform makes something else now:", *lines[:40]]
    if complaints:
        print(*complaints, "look at the difference, then: .ci/terraform.sh --renew", sep="\n", file=sys.stderr)
        raise SystemExit(1)
    print(f"{len(sources)} configurations: plans and states are as Terraform makes them")


if __name__ == "__main__":
    main(*sys.argv[1:3], renew="--renew" in sys.argv[3:])
