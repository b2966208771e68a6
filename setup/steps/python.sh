# shellcheck shell=bash
# The virtual environment .setup/venv: Odoo's requirements, ours, and the tools.

VENV=$SETUP_DIR/venv
# The distributions' own pip takes twice as long; the rest builds the few packages
# that come as source, all of them plain Python.
BUILD_TOOLS=(pip==25.3 setuptools==80.9.0 wheel==0.45.1)
REQUIREMENTS=("$ROOT"/setup/odoo-requirements.txt "$ROOT"/requirements{,-dev}.txt)
# Other people's addons go into a folder of their own: see use_odoo.
OCA_REQUIREMENTS=$ROOT/setup/oca-requirements.txt

# The Python to build on: PYTHON if set, else the first of these with a version that
# Odoo 19 takes. From within an environment (ours, say) it is the one below it.
base_python() {
    local candidate
    for candidate in ${PYTHON:-python3 python3.11 python3.12 python3.13 python3.10}; do
        if "$candidate" -c 'import sys; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then
            "$candidate" -c 'import sys; print(getattr(sys, "_base_executable", None) or sys.executable)'
            return
        fi
    done
    echo "no Python of 3.10 to 3.13 found; name one in PYTHON" >&2
    return 1
}

missing_python() {
    local python
    venv_works && return
    if python=$(base_python 2>/dev/null); then
        # Debian splits the module that makes environments from Python itself.
        "$python" -c 'import ensurepip, venv' 2>/dev/null ||
            "$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])'
    else
        printf '%s\n' python3 python3-venv
    fi
}

# An environment that was made is kept, whatever python3 is on PATH later, while it
# runs and PYTHON does not ask for another.
venv_works() { stamped venv "${PYTHON:-}" && "$VENV/bin/python" -c 'import pip' 2>/dev/null; }

# One stamp for each state of the requirements: checkouts that share the environment
# and only differ by a package more need not install over each other.
python_stamp() { echo "python-$(cat "${REQUIREMENTS[@]}" "$OCA_REQUIREMENTS" | sha256sum | cut -c1-16)"; }

ready_python() { venv_works && stamped "$(python_stamp)" complete; }

step_python() {
    local told=$SETUP_DIR/log/pip.log
    if ! venv_works; then
        echo "making an environment of $(base_python)"
        rm -rf "$VENV" "$SETUP_DIR"/stamp/python-*
        "$(base_python)" -m venv "$VENV"
        "$VENV/bin/pip" install --disable-pip-version-check --no-input -q "${BUILD_TOOLS[@]}"
        stamp venv "${PYTHON:-}"
    fi
    "$VENV/bin/pip" install --disable-pip-version-check --no-input --no-compile --no-build-isolation \
        --prefer-binary --progress-bar off "${REQUIREMENTS[@]/#/--requirement=}" | tee "$told"
    # Odoo's metapackage among their dependencies is not ours to fetch.
    "$VENV/bin/pip" install --disable-pip-version-check --no-input --no-compile --no-deps --upgrade \
        --progress-bar off --target="$SETUP_DIR/oca" --requirement="$OCA_REQUIREMENTS"
    # Another version of something: what was complete for others may not be any more.
    ! grep -q 'Successfully uninstalled' "$told" || rm -f "$SETUP_DIR"/stamp/python-*
    stamp "$(python_stamp)" complete
}

# use_python: our environment first on PATH; `import odoo` finds the Odoo in use.
use_python() {
    local pth
    for pth in "$VENV"/lib/python3.*/site-packages; do
        if [ "$(cat "$pth/odoo_in_use.pth" 2>/dev/null)" != "$(odoo_home)" ]; then
            odoo_home >"$pth/odoo_in_use.pth"
        fi
    done
    export PATH=$VENV/bin:$PATH VIRTUAL_ENV=$VENV
    # Compiled when first imported, and beside, not among, the sources of others.
    export PYTHONPYCACHEPREFIX=$SETUP_DIR/pycache PYTHONUTF8=1
    unset PYTHONDONTWRITEBYTECODE PYTHONHOME
}
