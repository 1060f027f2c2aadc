# shellcheck shell=bash
# ./run demo: the whole system for one message with questions about three persons.

run_demo() {
    local reply=$STATE/demo/reply.mime pid code=0
    local -a ENVIRONMENT COMMAND
    prepare
    start_system
    rm -rf "$STATE/demo"; mkdir -p "$STATE/demo"
    say "sending a signed message with questions about three persons"
    role_settings send
    spawn_in_view env "${ENVIRONMENT[@]}" "$GATEWAY" "${COMMAND[@]}" --output "$reply" "$ROOT"/Config/examples/question-*.xml
    pid=$SPAWNED
    while alive "$pid"; do pause 0.1; supervise; done
    wait "$pid" || code=$?
    if [[ -s $reply ]]; then
        cp "$PKI/peers/reply-anchors.pem" "$STATE/demo/"
        printf '\nThe raw reply: %s\nIts signature:  openssl cms -verify -in %s -CAfile %s\n' \
            "$reply" "$reply" "$STATE/demo/reply-anchors.pem"
    fi
    role_settings audit-verify
    printf 'The record:    %s\n' "$(env "${ENVIRONMENT[@]}" "$GATEWAY" "${COMMAND[@]}" | tail -n 1)"
    printf 'The logs:      %s\n\n' "$LOGS"
    exit "$code"
}
