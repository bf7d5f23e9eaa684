# Virtual environments of Python. To be sourced: `install_pins DIRECTORY PIN...` makes one of pinned packages, or fails;
# `install_each DIRECTORY PACKAGE...` installs what can be had, warns of each package that cannot, and fails without Python.

# The environment is made anew when the pins change. The file is written last, so that half an install does not count.
install_pins() {
  local venv=$1
  shift
  [ "$(cat "$venv/pins" 2>/dev/null)" != "$*" ] || return 0
  rm -rf "$venv" && mkdir -p "$(dirname "$venv")" && python3 -m venv "$venv" &&
    "$venv/bin/pip" install --quiet --disable-pip-version-check "$@" && echo "$*" >"$venv/pins"
}

install_each() {
  local venv=$1 package
  shift
  [ -x "$venv/bin/python" ] || python3 -m venv "$venv" || { missing "a virtual environment"; return 1; }
  for package in "$@"; do
    "$venv/bin/pip" install -q --disable-pip-version-check "$package" >/dev/null 2>&1 || missing "$package"
  done
}

missing() { echo "warning: $* cannot be installed; its checks are left out" >&2; }
