# Where Terraform gets the AWS provider from. To be sourced: `terraform_provider FOLDER` writes a configuration of
# Terraform into the folder and names it in TF_CLI_CONFIG_FILE; it fails, with a warning, where there is no Terraform.
#
# The provider comes from a filesystem mirror where one holds it (TERRAFORM_MIRROR, or the usual folders), else from
# the registry.

terraform_provider() {
  if ! command -v terraform >/dev/null; then
    echo "warning: terraform is not installed; what it makes of configurations was not checked" >&2
    return 1
  fi
  local folder mirror= plugins="$PWD/target/ci/terraform-plugins"
  for folder in "${TERRAFORM_MIRROR:-}" "$HOME/.terraform.d/plugins" /usr/local/share/terraform/plugins \
    /usr/share/terraform/plugins /opt/*/; do
    if [ -n "$folder" ] && [ -d "${folder%/}/registry.terraform.io/hashicorp/aws/5.100.0" ]; then
      mirror=${folder%/}
      break
    fi
  done
  mkdir -p "$plugins" "$1"
  export TF_CLI_CONFIG_FILE="$1/terraform.rc" CHECKPOINT_DISABLE=1
  if [ -n "$mirror" ]; then
    printf 'provider_installation {\n  filesystem_mirror {\n    path = "%s"\n  }\n}\n' "$mirror" >"$TF_CLI_CONFIG_FILE"
  else
    echo "plugin_cache_dir = \"$plugins\"" >"$TF_CLI_CONFIG_FILE"
  fi
  local probe="$1/terraform-probe"
  rm -rf "$probe" && mkdir -p "$probe" && cp tests/terraform/provider.tf "$probe"
  if ! terraform -chdir="$probe" init -input=false -backend=false >"$probe/log" 2>&1; then
    tail -n 5 "$probe/log" >&2
    echo "warning: the AWS provider cannot be installed; what Terraform makes of configurations was not checked" >&2
    return 1
  fi
}
