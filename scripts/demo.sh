#!/bin/sh
# What fastgen does, from nothing: installed into an environment of its own, it makes a
# project in ./demo, installs it, tests it, starts its server and asks it whether it is ready.
# Another folder than ./demo is the argument.
set -eu

cd "$(dirname "$0")/.."
folder=${1:-demo}
name=demo-api
port=${PORT:-8642}
step() { printf '\n== %s\n' "$1"; }

if [ -e "$folder" ]; then
    echo "error: $folder is there already: keep it elsewhere or delete it, then run this again" >&2
    exit 2
fi
mkdir "$folder"

step "Installing fastgen into $folder/tool"
"${PYTHON:-python3}" -m venv "$folder/tool"
"$folder/tool/bin/python" -m pip install --quiet --disable-pip-version-check .

step "fastgen new $name --preset api"
"$folder/tool/bin/fastgen" new "$name" --preset api --output "$folder" --yes

cd "$folder/$name"
step "make test, in the project"
make test

step "Starting the server"
.venv/bin/python -m demo_api --port "$port" >server.log 2>&1 &
server=$!
trap 'kill $server 2>/dev/null || true' EXIT
asked=0
until answer=$(.venv/bin/python -c "
from urllib.request import urlopen
print(urlopen('http://127.0.0.1:$port/health/ready', timeout=2).read().decode())" 2>/dev/null); do
    asked=$((asked + 1))
    if [ "$asked" -ge 50 ]; then
        cat server.log >&2
        echo "error: the server does not answer on port $port; PORT=... make demo takes another" >&2
        exit 1
    fi
    sleep 0.2
done
echo "GET /health/ready: $answer"
rm -f server.log

step "It works. Now you:"
cat <<END
  cd $folder/$name
  make run                                  # the server, on http://127.0.0.1:8000/docs
  ../tool/bin/fastgen status                # what it is made of
  ../tool/bin/fastgen remove docker         # and 'fastgen undo' takes that back
END
