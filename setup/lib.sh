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

# run_steps STEP...: runs the steps side by side, tells every 10 s which are at
# work and how far, shows the log of one that fails. Step s has its log in log/s.log.
run_steps() {
    local step pids=() names=() begun=$SECONDS failed=0 i
    for step in "$@"; do
        # A shell of its own: a subshell below `||` would run on after an error.
        bash -eu -o pipefail -c '. "$1/setup/lib.sh"; "step_$2"' setup "$ROOT" "$step" >"$SETUP_DIR/log/$step.log" 2>&1 9>&- &
        pids+=($!)
        names+=("$step")
    done
    # Ctrl-C ends the steps too; what they had made is taken up next time.
    trap 'kill "${pids[@]}" 2>/dev/null; exit 130' INT TERM
    local told=$SECONDS
    while [ ${#pids[@]} -gt 0 ]; do
        for i in "${!pids[@]}"; do
            kill -0 "${pids[i]}" 2>/dev/null && continue
            if wait "${pids[i]}"; then
                say "${names[i]}: ready ($((SECONDS - begun)) s)"
            else
                failed=1
                say "${names[i]}: FAILED, the end of $SETUP_DIR/log/${names[i]}.log:"
                tail -n 15 "$SETUP_DIR/log/${names[i]}.log" >&2
            fi
            unset "pids[i]" "names[i]"
        done
        if [ $((SECONDS - told)) -ge 10 ] && [ ${#pids[@]} -gt 0 ]; then
            told=$SECONDS
            for i in "${!names[@]}"; do
                say "${names[i]}: $((SECONDS - begun)) s ... $(tail -n 1 "$SETUP_DIR/log/${names[i]}.log" | cut -c1-100)"
            done
        fi
        sleep 0.2 # the beat of the display above, nothing waits on it
    done
    trap - INT TERM
    return $failed
}

# prepare PART...: brings the named parts (odoo python postgresql chromium) and
# leaves the shell with the environment that they need. Quick when all is there.
prepare() {
    local part todo=()
    lock
    require_packages "$@"
    for part in "$@"; do
        case $part in
        odoo | python) "ready_$part" || todo+=("$part") ;;
        esac
    done
    if [ ${#todo[@]} -gt 0 ]; then
        say "first time here: ${todo[*]} (logs in $SETUP_DIR/log)"
        run_steps "${todo[@]}" || die "stopped; the same command goes on where this one was"
    fi
    for part in "$@"; do "use_$part"; done
    unlock
}
