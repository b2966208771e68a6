# The system's own packages: named, and installed when root or sudo allows it.

# The distribution: debian, ubuntu, ... (nothing else is asked of os-release)
os_id() { (. /etc/os-release && echo "$ID"); }

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# require_packages PART...: installs, in one go, the system packages that the parts lack.
require_packages() {
    local part missing=()
    for part in "$@"; do
        case $part in
        python) missing+=($(missing_python)) ;;
        postgresql) missing+=($(missing_postgresql)) ;;
        chromium) missing+=($(missing_chromium)) ;;
        odoo) missing+=($(missing_odoo)) ;;
        esac
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    install_packages "${missing[@]}"
}

install_packages() {
    local cure="apt-get install --no-install-recommends $*"
    command -v apt-get >/dev/null || die "needed from the system, by your package manager: $*"
    [ "$(id -u)" = 0 ] || command -v sudo >/dev/null || die "as root, please: $cure"
    say "installing from the system's packages: $*"
    local kept=
    without_main_cluster && kept=yes
    if ! apt_install "$@"; then
        say "again with fresh package lists"
        as_root apt-get update -q >>"$SETUP_DIR/log/system.log" 2>&1 || true
        apt_install "$@" || {
            tail -n 10 "$SETUP_DIR/log/system.log" >&2
            die "could not install; as root, please: $cure"
        }
    fi
    [ -z "$kept" ] || with_main_cluster
}

apt_install() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
        -o Dpkg::Options::=--force-confold "$@" >>"$SETUP_DIR/log/system.log" 2>&1 9>&-
}

# Debian's first PostgreSQL package makes and starts a cluster. Ours is private,
# so while it is installed that is switched off, and then the file is the package's again.
CREATECLUSTER=/etc/postgresql-common/createcluster.conf
without_main_cluster() {
    [ ! -e "$CREATECLUSTER" ] || return 1
    as_root mkdir -p "$(dirname "$CREATECLUSTER")"
    echo "create_main_cluster = false" | as_root tee "$CREATECLUSTER" >/dev/null
}
with_main_cluster() {
    local theirs
    for theirs in "$CREATECLUSTER.ucf-dist" "$CREATECLUSTER.dpkg-dist"; do
        if [ -e "$theirs" ]; then
            as_root mv "$theirs" "$CREATECLUSTER"
            return
        fi
    done
    as_root rm -f "$CREATECLUSTER"
    as_root rmdir --ignore-fail-on-non-empty "$(dirname "$CREATECLUSTER")"
}
