#!/usr/bin/env bash
# Makes plans and states with the real Terraform and AWS provider against moto, and says where they differ from the
# JSON that the tests use. With --renew it writes that JSON anew; look at the difference before it is committed.
#
# The provider comes from a filesystem mirror where one holds it (TERRAFORM_MIRROR, or the usual folders), else from
# the registry. Where Terraform or the provider cannot be had the check is left out, with a warning.
set -euo pipefail
cd "$(dirname "$0")/.."

left_out() {
  echo "warning: $*; plans and states of the tests were not compared with the real Terraform" >&2
  exit 0
}

command -v terraform >/dev/null || left_out "terraform is not installed"

provider=registry.terraform.io/hashicorp/aws/5.100.0
mirror=
for folder in "${TERRAFORM_MIRROR:-}" "$HOME/.terraform.d/plugins" /usr/local/share/terraform/plugins \
  /usr/share/terraform/plugins /opt/*/; do
  if [ -n "$folder" ] && [ -d "${folder%/}/$provider" ]; then
    mirror=${folder%/}
    break
  fi
done

mkdir -p target/ci/terraform-plugins
export TF_CLI_CONFIG_FILE="$PWD/target/ci/terraform.rc" CHECKPOINT_DISABLE=1
if [ -n "$mirror" ]; then
  printf 'provider_installation {\n  filesystem_mirror {\n    path = "%s"\n  }\n}\n' "$mirror" >"$TF_CLI_CONFIG_FILE"
else
  echo "plugin_cache_dir = \"$PWD/target/ci/terraform-plugins\"" >"$TF_CLI_CONFIG_FILE"
fi

probe=target/ci/terraform-probe
rm -rf "$probe"
mkdir -p "$probe"
cp tests/terraform/provider.tf "$probe"
if ! terraform -chdir="$probe" init -input=false -backend=false >"$probe/log" 2>&1; then
  tail -n 5 "$probe/log" >&2
  left_out "the AWS provider cannot be installed"
fi

. .ci/moto-server.sh
"$venv/bin/python" tests/terraform/make.py "$MOTO_URL" "$work/terraform" "$@"
