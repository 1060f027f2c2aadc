# shellcheck shell=bash
# ./run chaos: real processes, three broker nodes and links between all of them, under load, with faults; ends with one page.

# Contract with the program: `shs-chaos faults --program GATEWAY --json FILE --logs FOLDER` and its own options; everything it makes is
# in its temporary folder.
run_faults() {
    local pid code=0
    prepare
    build shs-chaos
    rm -rf "$STATE/chaos"; mkdir -p "$STATE/chaos"
    spawn_in_view env "TMPDIR=$WORK" "$BUILT" faults --program "$GATEWAY" \
        --json "$STATE/chaos/page.json" --logs "$STATE/chaos/logs" "$@"
    pid=$SPAWNED
    while alive "$pid"; do pause 0.5; done
    wait "$pid" || code=$?
    say "the page as JSON: $STATE/chaos/page.json; the logs: $STATE/chaos/logs"
    exit "$code"
}
