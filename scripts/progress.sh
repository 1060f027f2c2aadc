# shellcheck shell=bash
# What the person in front of the terminal sees: one line for each step, with the seconds since the start.
# Progress goes to standard error, results (tables, examples) to standard output.

LIVE_SHOWN=0      # 1 while an unfinished line stands on the terminal
LIVE_PRINTED=-99  # second of the last progress line when there is no terminal

say() {
    if [[ $LIVE_SHOWN == 1 ]]; then printf '\r\033[K' >&2; LIVE_SHOWN=0; fi
    printf '[%3d s] %s\n' "$SECONDS" "$*" >&2
    LIVE_PRINTED=$SECONDS
}

# Overwrites one line on a terminal; without a terminal a line each 20 seconds is enough.
live() {
    if [[ -t 2 ]]; then
        local line; printf -v line '[%3d s] %s' "$SECONDS" "$*"
        printf '\r\033[K%s' "${line:0:${COLUMNS:-100}}" >&2; LIVE_SHOWN=1
    elif ((SECONDS - LIVE_PRINTED >= 20)); then
        say "$*"
    fi
}

# An end with a sentence that says what to do; the exit trap cleans up.
die() { say "$*"; exit 1; }

# The last lines of a log, for the failure messages.
tail_of() {
    [[ -s $1 ]] || return 0
    printf -- '----- the end of %s\n' "$1" >&2; tail -n "${2:-25}" "$1" >&2; printf -- '-----\n' >&2
}

# A wait that a signal ends at once: read returns when a trap has run, a foreground sleep would not. Nothing is ever written to the pipe.
exec 7<> <(:)
pause() { read -rt "$1" -u 7 || true; }

# Sets NOW, in milliseconds.
read_clock() { NOW=${EPOCHREALTIME//[.,]/}; NOW=${NOW%???}; }
