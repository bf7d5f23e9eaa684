# A virtual environment of pinned packages. To be sourced: `install_pins DIRECTORY PIN...` makes it, or fails.

# The environment is made anew when the pins change. The file is written last, so that half an install does not count.
install_pins() {
  local venv=$1
  shift
  [ "$(cat "$venv/pins" 2>/dev/null)" != "$*" ] || return 0
  rm -rf "$venv" && mkdir -p "$(dirname "$venv")" && python3 -m venv "$venv" &&
    "$venv/bin/pip" install --quiet --disable-pip-version-check "$@" && echo "$*" >"$venv/pins"
}
