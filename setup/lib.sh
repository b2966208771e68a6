# shellcheck shell=bash
# Common ground of the commands in setup/: where things are, how steps are run.
# Sourced by each of them; a step is a function `step_NAME` in setup/steps/.
#
# Everything that is made lives in one folder, .setup/ beside this one, or where
# SETUP_DIR says (several checkouts may share it). `setup/clean` removes it.

ROOT=$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")
SETUP_DIR=${SETUP_DIR:-$ROOT/.setup}
mkdir -p "$SETUP_DIR/log" "$SETUP_DIR/stamp"
SETUP_DIR=$(readlink -f "$SETUP_DIR")
export SETUP_DIR

say() { echo "setup: $*" >&2; }
die() {
    echo "setup: $*" >&2
    exit 1
}

# stamped NAME VALUE: was step NAME finished for VALUE?
stamped() { [ "$(cat "$SETUP_DIR/stamp/$1" 2>/dev/null)" = "$2" ]; }
stamp() {
    echo "$2" >"$SETUP_DIR/stamp/$1.new"
    mv "$SETUP_DIR/stamp/$1.new" "$SETUP_DIR/stamp/$1"
}

for _step in "$ROOT"/setup/steps/*.sh; do
    # shellcheck source=/dev/null
    . "$_step"
done

# lock: one command at a time prepares this folder; the rest waits for it.
lock() {
    exec 9>"$SETUP_DIR/lock"
    flock -n 9 && return
    say "another command is preparing $SETUP_DIR, waiting for it"
    flock 9
}
unlock() { exec 9>&-; }

# start_steps STEP...: starts the steps side by side, each in a shell of its own (a
# subshell below `||` would run on after an error) and with its log in log/STEP.log.
# wait_steps: tells every 10 s which are at work and how far; shows the end of the
# log of one that fails, and then returns 1.
declare -A STEP_OF=()
start_steps() {
    local step
    # Whatever ends this command ends them; what they had made is taken up next time.
    trap stop_steps EXIT
    trap 'exit 130' INT TERM
    for step in "$@"; do
        # shellcheck disable=SC2016 # the inner shell expands it
        setsid bash -eu -o pipefail -c '. "$1/setup/lib.sh"; "step_$2"; echo "ready ($SECONDS s)"' setup "$ROOT" "$step" \
            >"$SETUP_DIR/log/$step.log" 2>&1 </dev/null 9>&- &
        STEP_OF[$!]=$step
    done
}

stop_steps() {
    local pid
    for pid in "${!STEP_OF[@]}"; do kill -- "-$pid" 2>/dev/null || true; done
}

wait_steps() {
    local pid step log failed=0 told=$SECONDS
    while [ ${#STEP_OF[@]} -gt 0 ]; do
        for pid in "${!STEP_OF[@]}"; do
            kill -0 "$pid" 2>/dev/null && continue
            step=${STEP_OF[$pid]} log=$SETUP_DIR/log/${STEP_OF[$pid]}.log
            unset "STEP_OF[$pid]"
            if wait "$pid"; then
                say "$step: $(tail -n 1 "$log")"
            else
                failed=1
                say "$step: FAILED, the end of $log:"
                tail -n 15 "$log" >&2
            fi
        done
        if [ $((SECONDS - told)) -ge 10 ]; then
            told=$SECONDS
            for pid in "${!STEP_OF[@]}"; do
                say "${STEP_OF[$pid]}: $SECONDS s ... $(progress_of "${STEP_OF[$pid]}")"
            done
        fi
        sleep 0.2 # the beat of the display above, nothing waits on it
    done
    trap - EXIT INT TERM
    return $failed
}

# The last line of a step's log that says what it does.
progress_of() {
    { grep -v '^WARNING' "$SETUP_DIR/log/$1.log" || true; } | tail -n 1 | cut -c1-100
}

# prepare PART...: brings the named parts (odoo python postgresql chromium) and
# leaves the shell with the environment that they need. Quick when all is there.
prepare() {
    local part todo=() missing=()
    lock
    for part in "$@"; do
        case $part in
        odoo | python) "ready_$part" || todo+=("$part") ;;
        esac
    done
    missing_packages "$@" >"$SETUP_DIR/log/missing"
    mapfile -t missing <"$SETUP_DIR/log/missing"
    if [ ${#todo[@]} -gt 0 ]; then
        say "bringing ${todo[*]} (logs in $SETUP_DIR/log)"
        # The environment needs Python's packages before, the rest can come meanwhile.
        if [[ ${missing[*]} == *python* ]]; then
            install_packages "${missing[@]}"
            missing=()
        fi
        start_steps "${todo[@]}"
    fi
    [ ${#missing[@]} = 0 ] || install_packages "${missing[@]}"
    if [ ${#todo[@]} -gt 0 ]; then
        wait_steps || die "stopped; the same command goes on where this one was"
    fi
    for part in "$@"; do "use_$part"; done
    unlock
}
