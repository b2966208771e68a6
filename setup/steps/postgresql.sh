# shellcheck shell=bash
# PostgreSQL: the server that PGHOST or PGPORT name; else a private cluster of
# the system's binaries in .setup/pg, on a unix socket only, for tests and the demo.
#
# The private cluster runs with fsync off: what it has committed outlives the end
# of every process, also of the server itself (`pg_ctl restart -m immediate`),
# but not a crash of the machine. It is no place for real books.

PGPRIVATE=$SETUP_DIR/pg

pg_is_given() { [ -n "${PGHOST:-}${PGPORT:-}" ] && [ "${PGHOST:-}" != "$(pg_socket)" ]; }

pg_bindir() {
    printf '%s\n' /usr/lib/postgresql/*/bin | sort -t/ -k5 -V | tail -n 1 | grep -vF '*' ||
        dirname "$(readlink -f "$(command -v initdb)")"
}

missing_postgresql() {
    if pg_is_given; then
        command -v createdb >/dev/null || echo postgresql-client
    else
        [ -x "$(pg_bindir 2>/dev/null)/initdb" ] || echo postgresql
    fi
}

# The socket's place: a path of over about 100 characters does not fit into a
# socket's name, then a name in Linux' abstract namespace serves.
pg_socket() {
    if [ ${#PGPRIVATE} -lt 80 ]; then
        echo "$PGPRIVATE/run"
    else
        echo "@service-billing-qbo-$(echo "$PGPRIVATE" | sha256sum | cut -c1-12)"
    fi
}

# as_postgres CMD...: PostgreSQL refuses to run as root; then it is the package's
# own user who, should a parent of .setup be closed to him, may pass it.
as_postgres() {
    local caps=()
    if [ "$(id -u)" != 0 ]; then
        "$@" 9>&-
        return
    fi
    setpriv --reuid=postgres --regid=postgres --clear-groups test -x "$SETUP_DIR" ||
        caps=(--inh-caps=+dac_override --ambient-caps=+dac_override)
    setpriv --reuid=postgres --regid=postgres --clear-groups "${caps[@]}" "$@" 9>&-
}

pg_ctl() { (cd / && as_postgres "$(pg_bindir)/pg_ctl" -D "$PGPRIVATE/data" "$@"); }

pg_init() {
    [ ! -e "$PGPRIVATE/data/PG_VERSION" ] || return 0
    say "making a private PostgreSQL cluster in $PGPRIVATE"
    rm -rf "$PGPRIVATE"
    mkdir -p "$PGPRIVATE/run"
    [ "$(id -u)" != 0 ] || chown -R postgres: "$PGPRIVATE"
    chmod 755 "$PGPRIVATE" "$PGPRIVATE/run"
    # Who asks is who may: role and user of the system are the same (peer).
    (cd / && as_postgres "$(pg_bindir)/initdb" -D "$PGPRIVATE/data.new" -U "$(id -un)" --auth-local=peer \
        --auth-host=reject --encoding=UTF8 --locale=C.UTF-8 --no-sync) >"$SETUP_DIR/log/initdb.log" 2>&1 ||
        die "initdb failed: $(tail -n 3 "$SETUP_DIR/log/initdb.log")"
    cat >>"$PGPRIVATE/data.new/postgresql.conf" <<CONF

# Written by setup/steps/postgresql.sh
listen_addresses = ''
unix_socket_directories = '$(pg_socket)'
max_connections = 200
shared_buffers = 256MB
jit = off
fsync = off
full_page_writes = off
synchronous_commit = on
max_wal_size = 2GB
log_min_messages = warning
CONF
    mv "$PGPRIVATE/data.new" "$PGPRIVATE/data"
}

pg_start() {
    pg_init
    pg_ctl status >/dev/null 2>&1 && return
    pg_ctl -w -t 60 -l "$PGPRIVATE/server.log" start >"$SETUP_DIR/log/pg_ctl.log" 2>&1 ||
        die "PostgreSQL does not start: $(tail -n 3 "$PGPRIVATE/server.log" "$SETUP_DIR/log/pg_ctl.log")"
}

pg_stop() {
    [ -e "$PGPRIVATE/data/PG_VERSION" ] || return 0
    pg_ctl status >/dev/null 2>&1 || return 0
    pg_ctl -w -m fast stop >/dev/null
}

# use_postgresql: a running server, and the variables by which psql, Odoo and psycopg2 find it.
use_postgresql() {
    if pg_is_given; then
        psql -d postgres -Atc 'SELECT 1' >/dev/null ||
            die "the PostgreSQL server that PGHOST and PGPORT name does not answer"
        return
    fi
    pg_start
    PGHOST=$(pg_socket)
    PGUSER=$(id -un)
    PGPORT=5432
    export PGHOST PGUSER PGPORT
    PATH=$PATH:$(pg_bindir)
    unset PGDATABASE PGPASSWORD PGSERVICE
}
