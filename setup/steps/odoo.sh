# shellcheck shell=bash
# Odoo 19, from the first of: ODOO_HOME (a git checkout with odoo-bin, or a folder
# with an `odoo` package), the one fetched before, an Odoo 19 that python3 imports,
# or Debian's package odoo-19 of suite sid, unpacked into .setup/odoo. It is fetched
# by a private apt configuration: the machine's mirror and proxy, Debian's
# signatures, nothing of the system's own sources or packages is changed.

ODOO_PREFIX=$SETUP_DIR/odoo
# The first are the latest; of the fonts Odoo's links name files that sid has dropped.
ODOO_PACKAGES=(
    odoo-19 libjs-jquery libjs-jquery-form libjs-underscore
    fonts-montserrat fonts-roboto-unhinted fonts-ocr-b
    fonts-font-awesome/trixie fonts-inconsolata/trixie
)

# The folder whose `odoo` package is the one to use, or is to be fetched to.
odoo_home() {
    local fetched=$ODOO_PREFIX/usr/lib/python3/dist-packages importable
    if [ -n "${ODOO_HOME:-}" ]; then
        readlink -f "$ODOO_HOME"
    elif [ -e "$fetched/odoo" ]; then
        echo "$fetched"
    else
        importable=$(cd / && python3 -c "$FIND_ODOO_19" 2>/dev/null || true)
        echo "${importable:-$fetched}"
    fi
}

FIND_ODOO_19='
import importlib.util
import pathlib
spec = importlib.util.find_spec("odoo.release")
if spec and "version_info = (19, 0" in pathlib.Path(spec.origin).read_text():
    print(pathlib.Path(spec.origin).parent.parent)
'
missing_odoo() { command -v dpkg-deb >/dev/null || echo dpkg; }

ready_odoo() {
    local home
    home=$(odoo_home)
    if [ "$home" = "$ODOO_PREFIX/usr/lib/python3/dist-packages" ]; then
        # Once fetched it stays, also when another checkout knows other packages.
        [ -e "$SETUP_DIR/stamp/odoo" ]
    else
        grep -q "^version_info = (19, 0" "$home/odoo/release.py" 2>/dev/null ||
            die "ODOO_HOME=$home holds no Odoo 19 (looked for odoo/release.py)"
    fi
}

step_odoo() {
    local new=$SETUP_DIR/odoo.new debs=$SETUP_DIR/apt/debs deb
    rm -rf "$new"
    mkdir -p "$new" "$debs"
    configure_apt
    echo "fetching Odoo and what its links point to"
    (cd "$debs" && APT_CONFIG=$SETUP_DIR/apt/apt.conf apt-get download -q "${ODOO_PACKAGES[@]}")
    for deb in "$debs"/*.deb; do
        echo "unpacking $(basename "$deb")"
        # Without the translations to some 100 languages, two thirds of it all.
        dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$new" --exclude='*/i18n/*.po'
    done
    complete_odoo "$new/usr/lib/python3/dist-packages/odoo"
    [ ! -e "$ODOO_PREFIX" ] || mv "$ODOO_PREFIX" "$SETUP_DIR/odoo.old"
    mv "$new" "$ODOO_PREFIX"
    rm -rf "$debs" "$SETUP_DIR/odoo.old"
    stamp odoo "${ODOO_PACKAGES[*]}"
}

# Debian strips one file, compiled JavaScript for blurred video calls, that a
# manifest still names; an empty one keeps the web client's bundle whole.
complete_odoo() {
    local selfie=$1/addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js dangling
    mkdir -p "$(dirname "$selfie")"
    [ -e "$selfie" ] || : >"$selfie"
    dangling=$(find "$1" -xtype l)
    [ -z "$dangling" ] || {
        echo "links of Odoo's package without their file:"
        echo "$dangling"
        return 1
    }
}

# configure_apt: an apt of our own that knows only Debian's sid, and trixie for fonts.
configure_apt() {
    local apt=$SETUP_DIR/apt keyring mirror
    mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial" "$apt/state"
    : >"$apt/status"
    keyring=$(debian_keyring) || return 1
    {
        # Network settings (proxy, certificates) are the machine's; trust is not loosened.
        apt-config dump | grep '^Acquire::' | grep -viE '::(Allow|Changelogs|IndexTargets|GzipIndexes)' || true
        cat <<CONF
Dir::Etc::main "/dev/null";
Dir::Etc::parts "/dev/null";
Dir::Etc::sourcelist "$apt/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
Dir::Etc::trusted "/dev/null";
Dir::Etc::trustedparts "/dev/null";
Dir::State "$apt/state";
Dir::State::lists "$apt/lists";
Dir::State::status "$apt/status";
Dir::Cache "$apt/cache";
Acquire::Languages "none";
APT::Sandbox::User "root";
CONF
    } >"$apt/apt.conf"
    for mirror in $(debian_mirrors); do
        echo "package lists of $mirror"
        printf "deb [signed-by=$keyring] $mirror %s main\n" sid trixie >"$apt/sources.list"
        APT_CONFIG=$apt/apt.conf apt-get update -q -o APT::Update::Error-Mode=any &&
            APT_CONFIG=$apt/apt.conf apt-cache show odoo-19 >/dev/null 2>&1 && return
    done
    echo "no Debian mirror with odoo-19 found. Name one in DEBIAN_MIRROR, or name an Odoo 19 in ODOO_HOME"
    return 1
}

# The mirrors to try: the one named, those that the machine itself uses, Debian's default.
debian_mirrors() {
    if [ -n "${DEBIAN_MIRROR:-}" ]; then
        echo "$DEBIAN_MIRROR"
    elif [ "$(os_id)" = debian ]; then
        # shellcheck disable=SC2016 # apt's own names
        apt-get indextargets --format '$(RELEASE) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages' |
            awk -v suite="$(. /etc/os-release && echo "${VERSION_CODENAME:-}")" \
                '$1 == suite && $2 == "main" && !seen[$3]++ {print $3}'
    else
        sed -n 's/^BaseURI: *https:\(.*\/debian\/\)$/http:\1/p' \
            "$(file_of python-apt-common usr/share/python-apt/templates/Debian.info)" | sort -u
    fi
}

debian_keyring() {
    if [ -n "${DEBIAN_KEYRING:-}" ]; then
        echo "$DEBIAN_KEYRING"
    else
        file_of debian-archive-keyring usr/share/keyrings/debian-archive-keyring.gpg
    fi
}

# file_of PACKAGE PATH: that file of the system, or unpacked from the system's package.
file_of() {
    local own=$SETUP_DIR/apt/$1
    if [ -e "/$2" ]; then
        echo "/$2"
        return
    fi
    if [ ! -e "$own/$2" ]; then
        mkdir -p "$own"
        (cd "$own" && apt-get download -q "$1" >&2 && dpkg-deb -x "$1"_*.deb .) ||
            { echo "package $1 cannot be fetched" >&2 && return 1; }
    fi
    echo "$own/$2"
}

# use_odoo: the environment in which Odoo's command line finds its parts.
use_odoo() {
    local home addons oca conf
    home=$(odoo_home)
    addons=$ROOT
    # There for who installs them; nothing of ours depends on them.
    oca=$SETUP_DIR/oca/odoo/addons
    [ ! -d "$oca" ] || addons="$addons,$oca"
    [ ! -e "$home/addons/account/__manifest__.py" ] || addons="$home/addons,$addons"
    # Several checkouts may share SETUP_DIR, each has its own addons path.
    conf=$SETUP_DIR/conf/$(echo "$ROOT $home" | sha256sum | cut -c1-12).conf
    mkdir -p "$SETUP_DIR/conf" "$SETUP_DIR/data"
    cat >"$conf.$$" <<CONF
[options]
addons_path = $addons
data_dir = ${ODOO_DATA_DIR:-$SETUP_DIR/data}
http_interface = 127.0.0.1
CONF
    mv "$conf.$$" "$conf"
    export ODOO_RC=${ODOO_RC:-$conf}
}
