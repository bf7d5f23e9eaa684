#!/usr/bin/env bash
# Makes the Debian package of the static program, with its manual page, completions and licences.
# Usage: build.sh PROGRAM FOLDER
set -euo pipefail
program=$(realpath "$1") out=$(realpath "$2")
cd "$(dirname "$0")/../.."
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
architecture=$(dpkg --print-architecture)

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/cognito-lint
install -D -m 755 "$program" "$root/usr/bin/cognito-lint"
install -d "$root/usr/share/man/man1" "$root/usr/share/doc/cognito-lint" "$root/DEBIAN"
"$program" man | gzip -9 -n >"$root/usr/share/man/man1/cognito-lint.1.gz"
completion() {
  install -d "$root/usr/share/$2"
  "$program" completions "$1" >"$root/usr/share/$2/$3"
}
completion bash bash-completion/completions cognito-lint
completion zsh zsh/vendor-completions _cognito-lint
completion fish fish/vendor_completions.d cognito-lint.fish
cp LICENSE-APACHE LICENSE-MIT "$root/usr/share/doc/cognito-lint"
gzip -9 -n <CHANGELOG.md >"$root/usr/share/doc/cognito-lint/CHANGELOG.md.gz"
cat >"$root/usr/share/doc/cognito-lint/copyright" <<TEXT
$(grep '^Copyright' LICENSE-MIT)
License: MIT OR Apache-2.0
 The texts are in LICENSE-MIT and LICENSE-APACHE beside this file. That of
 Apache-2.0 is in /usr/share/common-licenses/Apache-2.0, too.
TEXT
# The static program needs nothing.
depends=
if ldd "$program" 2>&1 | grep -q '=>'; then depends='Depends: libc6, libgcc-s1'; fi
sed '/^$/d' >"$root/DEBIAN/control" <<TEXT
Package: cognito-lint
Version: $version
Architecture: $architecture
Maintainer: The cognito-lint authors <cognito-lint@example.com>
Section: admin
Priority: optional
Installed-Size: $(du -k -s "$root" | cut -f 1)
$depends
Description: audits Amazon Cognito user pools against policy rules
 Reads user pools through the API, from saved answers, Terraform plans and
 CloudFormation templates, and exits nonzero when something is wrong.
TEXT
chmod -R u=rwX,go=rX "$root"
dpkg-deb --root-owner-group --build "$root" "$out/cognito-lint_${version}_$architecture.deb"
