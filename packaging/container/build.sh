#!/usr/bin/env bash
# Builds the container from the static program, and runs it as another user, in a network namespace without interfaces and
# on a root that is mounted read-only.
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
user=$("${buildah[@]}" inspect --format '{{.OCIv1.Config.User}}' "$container")
[ "$user" = 65532:65532 ] || { echo "the container runs as '$user'" >&2; exit 1; }
root=$("${buildah[@]}" mount "$container")
cp ../../examples/pool.json "$work/pool.json"
chmod 644 "$work/pool.json"
install -D -m 644 "$work/pool.json" "$root/data/pool.json"
# A read-only bind mount of the root inside new namespaces; it ends with them.
inside() {
  # shellcheck disable=SC2016
  unshare --mount --net --pid --fork --propagation private bash -c '
    mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec chroot --userspec=65532:65532 "$0" "$@"' "$root" "$@"
}
expect() {
  local wanted=$1 code=0
  shift
  inside "$@" || code=$?
  [ "$code" -eq "$wanted" ] || { echo "$* in the container ended with exit code $code, and $wanted was expected" >&2; exit 1; }
}
expect 0 /usr/bin/cognito-lint --version
expect 1 /usr/bin/cognito-lint check --no-config --quiet /data/pool.json
# The root is read-only indeed.
if inside /usr/bin/cognito-lint check --no-config --report json=/data/report.json /data/pool.json >"$work/log" 2>&1; then
  echo "the root of the container can be written" >&2
  exit 1
fi
grep -qi 'read-only' "$work/log" || { cat "$work/log" >&2; exit 1; }
echo "the container runs: $(du -k "$archive" | cut -f 1) kB"
