# Starts moto, the fake of AWS that others use, in a virtual environment of its own. To be sourced: it sets `venv`,
# `work` (a folder that goes at the end) and `MOTO_URL`, and stops the server when the script ends.

pins=('moto[server,stepfunctions]==5.2.1' 'boto3==1.43.11' 'awscli==1.45.11')
venv=target/ci/moto-venv
work=$(mktemp -d)
server=

finish() {
  status=$?
  if [ -n "$server" ]; then
    kill "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
  fi
  if [ "$status" -ne 0 ] && [ -s "$work/moto.log" ]; then
    echo "moto's last words:" >&2
    tail -n 20 "$work/moto.log" >&2
  fi
  rm -rf "$work"
  exit "$status"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

source .ci/venv.sh
install_pins "$venv" "${pins[@]}"

port=$("$venv/bin/python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
export MOTO_URL="http://127.0.0.1:$port"
"$venv/bin/moto_server" -H 127.0.0.1 -p "$port" >"$work/moto.log" 2>&1 &
server=$!

up() {
  "$venv/bin/python" - "$MOTO_URL/moto-api/" <<'PYTHON' 2>/dev/null
import sys, urllib.request
urllib.request.urlopen(sys.argv[1], timeout=2)
PYTHON
}
for _ in $(seq 100); do
  kill -0 "$server" 2>/dev/null || { echo "moto ended" >&2; exit 1; }
  if up; then break; fi
  sleep 0.2
done
up || { echo "moto does not answer at $MOTO_URL" >&2; exit 1; }
