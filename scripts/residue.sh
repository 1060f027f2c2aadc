# shellcheck shell=bash
# ./run chaos --residue: traffic, then a search for everything that was said: files, memory of all processes, swap, and what the keys open.

# Contract with the program: `shs-chaos residue --environment FILE --processes FOLDER --keyring FOLDER --erased-within TIME
# --folder FOLDER… --shared FOLDER… --json FILE`.
run_residue() {
    local chaos pid code=0 values within
    local -a ENVIRONMENT COMMAND
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
    # The promise that is kept to: what the roles themselves have read.
    role_settings ingress
    within=$(env "${ENVIRONMENT[@]}" "$GATEWAY" config check --config "$ROOT/Config/gateway.yaml" |
        sed -nE 's/^memory\.erasedWithin = ([^ ]+) .*/\1/p')
    if [[ -z $within ]]; then die "the configuration does not say memory.erasedWithin"; fi
    say "looking for what was said; memory is to have nothing of it $within after the last answer"
    # The run's folder has the broker's data and logs, record, state, and what is temporary.
    spawn_in_view "$chaos" residue --environment "$values" --processes "$WORK/pids" --keyring "$(keyring_folder)" \
        --erased-within "$within" --folder "$WORK" --folder "$(dirname "$(keyring_folder)")" \
        --shared /tmp --shared /var/tmp --json "$STATE/residue.json" "$@"
    pid=$SPAWNED
    while alive "$pid"; do pause 0.2; supervise; done
    wait "$pid" || code=$?
    exit "$code"
}
