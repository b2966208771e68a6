# shellcheck shell=bash
# Chromium for the browser tests: CHROME_BIN, or one of the names that Odoo's
# HttpCase looks for on PATH.

chromium_found() {
    local name
    if [ -n "${CHROME_BIN:-}" ]; then
        [ -x "$CHROME_BIN" ] || die "CHROME_BIN=$CHROME_BIN cannot be executed"
        echo "$CHROME_BIN"
        return
    fi
    for name in google-chrome chromium chromium-browser google-chrome-stable; do
        command -v "$name" >/dev/null || continue
        # Ubuntu's package is a script that starts a snap, which may not open our folders.
        grep -qsm1 snap "$(readlink -f "$(command -v "$name")")" && [ "$(os_id)" = ubuntu ] && continue
        command -v "$name"
        return
    done
    return 1
}

missing_chromium() {
    # Playwright drives it by a Node of its own, which wants this library.
    compgen -G '/usr/lib*/*/libatomic.so.1' >/dev/null || echo libatomic1
    [ -n "$(chromium_found)" ] && return
    [ "$(os_id)" != ubuntu ] ||
        die "no usable Chromium: Ubuntu's is a snap, which cannot open the tests' folders." \
            "Install Google Chrome's .deb package, or name a Chromium in CHROME_BIN"
    echo chromium
}

# use_chromium: Odoo finds the browser under a name of its own list.
use_chromium() {
    local found
    found=$(chromium_found) || die "Chromium is not there; install it or name one in CHROME_BIN"
    mkdir -p "$SETUP_DIR/bin"
    ln -sfn "$found" "$SETUP_DIR/bin/google-chrome"
    export PATH=$SETUP_DIR/bin:$PATH CHROME_BIN=$found
}
