# shellcheck shell=bash
# Everything that was started is ended again, on every way out: done, failed, interrupted, hung up.
#
# Long commands run in the background, each in its own session, so that a signal reaches this script at once and a Ctrl-C at the
# terminal does not reach the processes before us. Whatever slips out of its session is found by RUN_MARK, which every descendant has
# in its environment; only processes with our own mark are ended, by their number.

RUN_MARK=$$.$RANDOM$RANDOM; export RUN_MARK
declare -a ENDINGS=()   # functions to call at the end, last one first
ENDED=0

at_end() { ENDINGS+=("$1"); }

# Starts a command in its own session, ended by the kernel when this script is killed with -9. SPAWNED is its number.
spawn() {
    local log=$1; shift
    # env: bash lets background commands ignore INT and QUIT, and every child would inherit that. 7, 8, 9: our pipe and our locks.
    setpriv --pdeathsig KILL setsid env --default-signal=INT,QUIT "$@" </dev/null >>"$log" 2>&1 7>&- 8>&- 9>&- &
    SPAWNED=$!
}

# The same, but what it prints is for the terminal.
spawn_in_view() {
    setpriv --pdeathsig KILL setsid env --default-signal=INT,QUIT "$@" </dev/null 7>&- 8>&- 9>&- &
    SPAWNED=$!
}

# A process that has ended but was not collected yet (state Z) is not alive; bash collects nothing while a trap runs.
alive() {
    local state
    [[ -n ${1:-} ]] && { read -r state <"/proc/$1/stat"; } 2>/dev/null && [[ $state != *") Z "* ]]
}

# SIGTERM to all the given processes, then up to LIMIT seconds, then SIGKILL.
end_processes() {
    local limit=$((SECONDS + $1)) pid left; shift
    for pid in "$@"; do kill -TERM "$pid" 2>/dev/null || true; done
    while ((SECONDS <= limit)); do
        left=0; for pid in "$@"; do if alive "$pid"; then left=1; fi; done
        if [[ $left == 0 ]]; then return 0; fi
        pause 0.1
    done
    for pid in "$@"; do kill -KILL "$pid" 2>/dev/null || true; done
}

# The processes, except this script itself, that have KEY=VALUE in their environment.
processes_with() {
    local file pid
    while IFS= read -r file; do
        pid=${file#/proc/}; pid=${pid%/environ}
        if [[ $pid != "$$" ]] && alive "$pid"; then printf '%s\n' "$pid"; fi
    done < <(grep -lzsxF "$1" /proc/[0-9]*/environ 2>/dev/null)
}

# The descendants of this run that are still there.
marked_processes() { if [[ -n $RUN_MARK ]]; then processes_with "RUN_MARK=$RUN_MARK"; fi; }

end_marked() {
    local -a left
    mapfile -t left < <(marked_processes)
    if ((${#left[@]})); then end_processes "$1" "${left[@]}"; fi
}

clean_up() {
    local index
    if [[ $ENDED == 1 ]]; then return 0; fi
    ENDED=1
    set +e
    for ((index = ${#ENDINGS[@]} - 1; index >= 0; index--)); do "${ENDINGS[index]}"; done
    end_marked 5
    remove_traces
}

# The second signal: no courtesy any more.
end_at_once() {
    local pid
    trap '' INT TERM HUP PIPE
    exec 2>/dev/null
    for pid in $(marked_processes); do kill -KILL "$pid" 2>/dev/null; done
    remove_traces
    trap - EXIT
    exit 130
}

on_signal() {
    trap end_at_once INT TERM HUP
    # Nobody may be listening any more (HUP, PIPE): a failed write must not stop the cleaning.
    if [[ $1 == HUP || $1 == PIPE ]]; then exec >/dev/null 2>&1; fi
    say "$1 received: stopping everything (once more: at once)"
    exit "$((128 + $2))"
}

on_exit() {
    local code=$?
    trap end_at_once INT TERM HUP
    trap '' PIPE
    clean_up
    exit "$code"
}

trap on_exit EXIT
trap 'on_signal INT 2' INT
trap 'on_signal TERM 15' TERM
trap 'on_signal HUP 1' HUP
trap 'on_signal PIPE 13' PIPE

# slow_step TEXT LOG COMMAND...: runs COMMAND with its output in LOG and shows TEXT, the seconds and LOG's last line meanwhile.
slow_step() {
    local text=$1 log=$2 pid code=0 last; shift 2
    say "$text …"
    spawn "$log" "$@"; pid=$SPAWNED
    while alive "$pid"; do
        pause 0.5
        last=$(tail -c 400 "$log" 2>/dev/null | tr '\r' '\n' | grep -av '^ *$' | tail -n 1 | tr -cd '[:print:]') || true
        live "$text … $last"
    done
    wait "$pid" || code=$?
    return "$code"
}
