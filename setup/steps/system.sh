# shellcheck shell=bash
# The system's own packages: named, and installed when root or sudo allows it.

# The distribution: debian, ubuntu, ... (nothing else is asked of os-release)
os_id() { (. /etc/os-release && echo "$ID"); }

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# missing_packages PART...: the system packages that the parts lack, one on each line.
missing_packages() {
    local part found
    for part in "$@"; do
        found=$("missing_$part") || exit 1
        [ -z "$found" ] || echo "$found"
    done
}

install_packages() {
    local cure="apt-get install --no-install-recommends $*"
    command -v apt-get >/dev/null || die "needed from the system, by your package manager: $*"
    [ "$(id -u)" = 0 ] || command -v sudo >/dev/null || die "as root, please: $cure"
    say "installing from the system's packages: $*"
    without_main_cluster
    if ! apt_install "$@"; then
        say "again with fresh package lists"
        # An installation that was interrupted is brought to its end first.
        as_root dpkg --configure -a >>"$SETUP_DIR/log/system.log" 2>&1 || true
        as_root apt-get update -q >>"$SETUP_DIR/log/system.log" 2>&1 || true
        apt_install "$@" || {
            tail -n 10 "$SETUP_DIR/log/system.log" >&2
            die "could not install; as root, please: $cure"
        }
    fi
    with_main_cluster
    say "system's packages: ready ($SECONDS s)"
}

apt_install() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
        -o Dpkg::Options::=--force-confold "$@" >>"$SETUP_DIR/log/system.log" 2>&1 9>&-
}

# Debian's first PostgreSQL package makes and starts a cluster. Ours is private,
# so while it is installed that is switched off; then the file is the package's again.
CREATECLUSTER=/etc/postgresql-common/createcluster.conf
CREATECLUSTER_OURS="# Written by setup/steps/system.sh while PostgreSQL is installed."
without_main_cluster() {
    [ ! -e "$CREATECLUSTER" ] || return 0
    as_root mkdir -p "$(dirname "$CREATECLUSTER")"
    printf '%s\ncreate_main_cluster = false\n' "$CREATECLUSTER_OURS" |
        as_root tee "$CREATECLUSTER" >/dev/null
}
with_main_cluster() {
    local theirs
    grep -qsF "$CREATECLUSTER_OURS" "$CREATECLUSTER" || return 0
    for theirs in "$CREATECLUSTER.ucf-dist" "$CREATECLUSTER.dpkg-dist"; do
        if [ -e "$theirs" ]; then
            as_root mv "$theirs" "$CREATECLUSTER"
            return
        fi
    done
    as_root rm -f "$CREATECLUSTER"
    as_root rmdir --ignore-fail-on-non-empty "$(dirname "$CREATECLUSTER")"
}
