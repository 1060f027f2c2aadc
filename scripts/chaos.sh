# shellcheck shell=bash
# ./run chaos: which of the ways in which things can go wrong is tried.

run_chaos() {
    case ${1:-} in
    --simulate) shift; run_simulation "$@" ;;
    --residue) shift; run_residue "$@" ;;
    --fuzz)
        [[ ${2:-300} =~ ^[1-9][0-9]*$ ]] || wrong_usage "--fuzz takes a number of seconds"
        open_workspace
        require_swift
        install_packages
        run_fuzz "${2:-300}"
        ;;
    *) run_faults "$@" ;;
    esac
}

# ./run chaos --simulate [--seeds N] [--first SEED] [--jobs N] [--replay SEED [--trace]]: the core in memory and in virtual time.
# Exit code 1 when an invariant did not hold, or when the same seed went another way in another process.
run_simulation() {
    local first second pid code=0
    open_workspace
    require_swift
    install_packages
    build shs-chaos
    # Nothing may depend on what differs between processes, as the order of sets does.
    if [[ " $* " != *" --replay "* ]]; then
        first=$("$BUILT" simulate --replay 7) || code=$?
        second=$("$BUILT" simulate --replay 7) || code=$?
        if [[ $first != "$second" ]]; then die "the same seed went two ways: $first; $second"; fi
        if ((code)); then die "$first"; fi
    fi
    spawn_in_view "$BUILT" simulate "$@"; pid=$SPAWNED
    while alive "$pid"; do pause 0.5; done
    wait "$pid" || code=$?
    exit "$code"
}
