#!/usr/bin/env bash
# Makes plans and states with the real Terraform and AWS provider against moto, and says where they differ from the
# JSON that the tests use. With --renew it writes that JSON anew; look at the difference before it is committed.
# Where Terraform or the provider cannot be had the check is left out, with a warning.
set -euo pipefail
cd "$(dirname "$0")/.."

source .ci/terraform-provider.sh
terraform_provider "$PWD/target/ci" || exit 0

. .ci/moto-server.sh
"$venv/bin/python" tests/terraform/make.py "$MOTO_URL" "$work/terraform" "$@"
