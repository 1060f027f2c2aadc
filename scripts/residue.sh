# shellcheck shell=bash
# ./run chaos --residue: traffic, then a search for everything that was said: files, memory of all processes, swap, and what the keys open.

# Contract with the program: `shs-chaos residue --environment FILE --processes FOLDER --keyring FOLDER --folder FOLDER… --json FILE`.
run_residue() {
    local chaos pid code=0 values
    if [[ $(id -u) != 0 ]]; then die "only root may read the memory of processes that forbid it: use sudo"; fi
    SIMULATE=(latency=0ms "${SIMULATE[@]}")
    # Short epochs, and no room for slow machines, so that the end of the keys is seen within a minute or two.
    EXTRA=(
        SHS_KEYRING_LIFETIME=10s SHS_KEYRING_MARGIN=0s SHS_AMQP_CONFIRM_TIMEOUT=2s SHS_NODE_MAXIMUM_QUESTIONS=3
        SHS_LOG_LEVEL=debug "TMPDIR=$STATE/work.$$/tmp" "${EXTRA[@]}"
    )
    prepare
    mkdir -p "$WORK/tmp"
    if [[ -n ${SHS_CHAOS_BIN:-} ]]; then chaos=$SHS_CHAOS_BIN; else build shs-chaos; chaos=$BUILT; fi
    start_system
    values=$WORK/residue.env
    client_values >"$values"
    say "looking for what was said"
    spawn_in_view "$chaos" residue --environment "$values" --processes "$WORK/pids" --keyring "$(keyring_folder)" \
        --folder "$WORK/tmp" --folder "$WORK/state" --folder "$WORK/ports" --folder "$(dirname "$(keyring_folder)")" --shared /tmp --shared /var/tmp \
        --json "$STATE/residue.json" "$@"; pid=$SPAWNED
    while alive "$pid"; do pause 0.2; supervise; done
    wait "$pid" || code=$?
    exit "$code"
}
