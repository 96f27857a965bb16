#!/usr/bin/env bash
# Makes sure that what some tests need is there: PostgreSQL and Redis on the loopback
# interface, Chromium, Node.js, what builds images, and wrk for a benchmark. What is there
# already is left alone; what is missing is installed from Debian's packages, and
# started. PGPORT and REDIS_PORT take other ports.
set -euo pipefail

postgres_port=${PGPORT:-5432}
redis_port=${REDIS_PORT:-6379}
data=${SERVICES_DATA:-/var/tmp/fastgen-services}

as_root() { if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi; }
answers() { (: <"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
has() { command -v "$1" >/dev/null; }
newest_postgres() { ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1; }

install() {
    echo "installing $*"
    as_root apt-get update -qq
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -yqq --no-install-recommends "$@" >/dev/null
}

# A server refuses to run as root.
as_postgres() { if [ "$(id -u)" -eq 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }

start_postgres() {
    if [ -z "$(newest_postgres)" ]; then
        # Debian's own cluster would take the port, and ask for a password.
        as_root mkdir -p /etc/postgresql-common
        echo "create_main_cluster = false" | as_root tee /etc/postgresql-common/createcluster.conf >/dev/null
        install postgresql
    fi
    local bin folder
    bin=$(newest_postgres)
    folder=$data/postgres-$postgres_port
    mkdir -p "$folder"
    if [ "$(id -u)" -eq 0 ]; then chown postgres "$folder"; fi
    cd "$folder"
    if [ ! -e "$folder/data/PG_VERSION" ]; then
        as_postgres "$bin/initdb" --pgdata "$folder/data" --username postgres --auth trust --encoding UTF8 --no-sync >"$folder/initdb.log"
    fi
    as_postgres "$bin/pg_ctl" --pgdata "$folder/data" --log "$folder/server.log" --wait \
        --options "-p $postgres_port -k $folder -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=200" start >/dev/null ||
        { tail "$folder/server.log" >&2; exit 1; }
}

start_redis() {
    has redis-server || install redis-server
    if ! answers "$redis_port"; then # its package may have started it
        redis-server --port "$redis_port" --bind 127.0.0.1 --save "" --daemonize yes >/dev/null
    fi
    for _ in $(seq 50); do
        if answers "$redis_port"; then return; fi
        sleep 0.1
    done
    echo "error: Redis does not answer on port $redis_port" >&2
    exit 1
}

answers "$postgres_port" || (start_postgres)
echo "PostgreSQL: 127.0.0.1:$postgres_port"
answers "$redis_port" || start_redis
echo "Redis: 127.0.0.1:$redis_port"
has wrk || install wrk
has buildah && has debootstrap && has ip || install buildah debootstrap iproute2
echo "buildah: $(command -v buildah)"
has chromium && has chromedriver || install chromium chromium-driver
echo "Chromium: $(command -v chromium)"
has npm || install nodejs npm
echo "Node.js: $(command -v node)"
