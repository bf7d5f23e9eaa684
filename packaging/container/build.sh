#!/usr/bin/env bash
# Builds the container from the static program, and runs it: as another user, without network, with a root that
# cannot be written.
# Usage: build.sh PROGRAM ARCHIVE, where ARCHIVE is the OCI archive that is written.
set -euo pipefail
program=$(realpath "$1") archive=$(realpath -m "$2")
cd "$(dirname "$0")"

work=$(mktemp -d)
cleanup() {
  [ -z "${container:-}" ] || "${buildah[@]}" rm "$container" >/dev/null
  "${buildah[@]}" rmi --all --force >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap cleanup EXIT
buildah=(buildah --root "$work/root" --runroot "$work/run" --storage-driver vfs)

mkdir "$work/context"
cp "$program" "$work/context/cognito-lint"
cp /etc/ssl/certs/ca-certificates.crt "$work/context/ca-certificates.crt"
"${buildah[@]}" build --quiet --file Containerfile --tag cognito-lint "$work/context" >/dev/null
rm -f "$archive"
"${buildah[@]}" push --quiet cognito-lint "oci-archive:$archive:cognito-lint"

container=$("${buildah[@]}" from cognito-lint)
inside() {
  "${buildah[@]}" run --isolation chroot --cap-drop all --volume "$work/pool.json:/data/pool.json:ro" "$container" -- "$@"
}
cp ../../examples/pool.json "$work/pool.json"
chmod 644 "$work/pool.json"
inside /usr/bin/cognito-lint --version
code=0
inside /usr/bin/cognito-lint check --no-config --quiet pool.json || code=$?
[ "$code" -eq 1 ] || { echo "the program in the container ended with exit code $code, and 1 was expected" >&2; exit 1; }
echo "the container runs: $(du -k "$archive" | cut -f 1) kB"
