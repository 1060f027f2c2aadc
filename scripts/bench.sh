# shellcheck shell=bash
# ./run bench: the whole system with base services that answer at once, under closed-loop load, and the raw fan-out rate beside it.

# Contract with the program: `shs-bench --environment FILE --processes FOLDER`. FILE has the keys of .run/up.env and AMQP_HOST,
# AMQP_PORT, AMQP_USER, AMQP_PASSWORD; FOLDER has one <role>.pid for each process whose CPU time and memory count, the broker's too.
run_bench() {
    local bench pid code=0 values
    SIMULATE=(latency=0ms "${SIMULATE[@]}")
    # As on a small host: seven worker processes on two cores would measure the kernel's scheduler. --workers each shows that too.
    LAYOUT=${LAYOUT:-all}
    prepare
    build shs-bench; bench=$BUILT
    start_system
    values=$WORK/bench.env
    {
        client_values
        printf 'AMQP_HOST=127.0.0.1\nAMQP_PORT=%s\nAMQP_USER=%s\nAMQP_PASSWORD=%s\n' "$AMQP_PORT" "$AMQP_USER" "$AMQP_PASSWORD"
    } >"$values"
    say "measuring"
    spawn_in_view "$bench" --environment "$values" --processes "$WORK/pids"; pid=$SPAWNED
    while alive "$pid"; do pause 0.2; supervise; done
    wait "$pid" || code=$?
    exit "$code"
}
