#!/usr/bin/env bash
# Writes the declaration of a new pool for every pack in every language, and checks what others make of it: `terraform
# fmt` finds nothing to do, `terraform validate` and cfn-lint find it valid, and the program finds that it passes.
# With a folder of node modules, the stacks of the CDK are compiled and become templates that pass as well.
#
# usage: .ci/scaffold.sh [PROGRAM [FOLDER]], where FOLDER has `node_modules` with aws-cdk-lib, aws-cdk and typescript
#
# Where Terraform, its provider or cfn-lint cannot be had that part is left out, with a warning.
set -euo pipefail
cd "$(dirname "$0")/.."

program=$(realpath "${1:-target/debug/cognito-lint}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

packs=()
for pack in rules/packs/*.toml; do packs+=("$(basename "$pack" .toml)"); done

# Two of its rules contradict each other where a pool has one client: passkeys need a flow that takes passwords as well.
disagreeing='owasp-asvs-5 client'

templates=()
for pack in "${packs[@]}"; do
  for with in '' client client,domain; do
    folder=$work/$pack/${with:-pool}
    mkdir -p "$folder"
    off=
    if [ "$pack ${with%%,*}" = "$disagreeing" ]; then
      if "$program" scaffold --no-config --rules "$pack" --with "$with" 2>"$work/log" >&2 ||
        ! grep -q 'phishing-resistant' "$work/log"; then
        echo "$pack, $with: a policy that no declaration meets was not refused" >&2
        exit 1
      fi
      off=client-takes-plain-passwords
    fi
    # No single change closes it.
    if [ "$pack ${with%%,*}" = 'journeys client' ]; then off=foreign-email-in-token; fi
    for language in terraform=main.tf cloudformation=template.yaml json=template.json cdk=stack.ts; do
      file=$folder/${language#*=}
      status=0
      "$program" scaffold --no-config --rules "$pack" --language "${language%=*}" ${with:+--with "$with"} \
        ${off:+--off "$off"} >"$file" 2>"$work/log" || status=$?
      # Rules that no declaration can meet are left, and said.
      if [ "$status" != 0 ] && ! { [ "$status" = 3 ] && grep -q '^left: ' "$work/log"; }; then
        cat "$work/log" >&2
        echo "$pack, ${with:-the pool alone}, $language: scaffold ended with exit code $status" >&2
        exit 1
      fi
    done
    templates+=("$folder/template.yaml" "$folder/template.json")
  done
done
echo "${#packs[@]} packs, ${#templates[@]} templates and $((${#templates[@]} / 2)) configurations were written"

source .ci/terraform-provider.sh
if terraform_provider "$work"; then
  for configuration in "$work"/*/*/main.tf; do
    folder=$(dirname "$configuration")
    terraform fmt -check -diff "$configuration"
    cp -r "$work/terraform-probe/.terraform" "$work/terraform-probe/.terraform.lock.hcl" "$folder"
    cp tests/terraform/provider.tf "$folder"
    terraform -chdir="$folder" validate -no-color >"$work/log" || {
      cat "$work/log" "$configuration" >&2
      exit 1
    }
  done
  echo "terraform finds every configuration valid and laid out"
fi

source .ci/venv.sh
if install_pins target/ci/cfn-lint-venv 'cfn-lint==1.51.0'; then
  target/ci/cfn-lint-venv/bin/cfn-lint --regions eu-west-1 --ignore-checks W -- "${templates[@]}"
  echo "cfn-lint finds every template valid"
else
  echo "warning: cfn-lint cannot be installed; the templates were not checked" >&2
fi

if [ -n "${2:-}" ]; then
  modules=$(realpath "$2")
  ln -s "$modules/node_modules" "$work/node_modules"
  cat >"$work/app.ts" <<'APP'
import { App } from 'aws-cdk-lib';
const app = new App();
for (const folder of process.argv.slice(2)) {
  const { UserPoolStack } = require(`${folder}/stack`);
  new UserPoolStack(app, folder.replace(/[^a-z0-9]+/gi, '-').replace(/^-/, ''));
}
app.synth();
APP
  (
    cd "$work"
    mapfile -t stacks < <(find . -name stack.ts -not -path './node_modules/*' | sort)
    npx tsc --strict --skipLibCheck --module commonjs --target es2022 --types node app.ts "${stacks[@]}"
    CDK_OUTDIR="$work/cdk.out" node app.js "${stacks[@]/%\/stack.ts/}"
    for stack in "${stacks[@]%/stack.ts}"; do
      pack=$(cut -d/ -f2 <<<"$stack")
      template=cdk.out/$(sed -E 's/[^a-zA-Z0-9]+/-/g; s/^-//' <<<"$stack").template.json
      off=
      if [[ $stack == ./owasp-asvs-5/client* ]]; then off=client-takes-plain-passwords; fi
      if [[ $stack == ./journeys/client* ]]; then off=foreign-email-in-token; fi
      # What a person has to choose has no value: nothing fails.
      status=0
      "$program" check --no-config --quiet --unknown ignore --rules "$pack" ${off:+--off "$off"} "$template" || status=$?
      [ "$status" = 0 ] || { echo "$stack: the template of the CDK ended with exit code $status" >&2; exit 1; }
    done
    echo "the CDK makes a template that passes of ${#stacks[@]} stacks"
  )
fi
