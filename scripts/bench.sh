# shellcheck shell=bash
# ./run bench: the whole system with base services that answer at once, under closed-loop load, and the raw fan-out rate beside it.
# ./run bench --token: the same load with the keys of replies and TLS in memory and in a token, in turns.
# ./run bench --erasure: what it costs that released memory is overwritten.
# ./run bench --overload: what ten parties at ten times their limit do to one within its own.
# ./run bench --soak [REQUESTS]: very many requests through one set of processes, and how their memory goes.

# Contract with the program: `shs-bench --environment FILE --processes FOLDER`. FILE has the keys of .run/up.env and AMQP_HOST,
# AMQP_PORT, AMQP_USER, AMQP_PASSWORD; FOLDER has one <role>.pid for each process whose CPU time and memory count, the broker's too.
# `--switch PROGRAM` with names: the program puts the named keys to use and returns when every process has them.
run_bench() {
    if ((ERASURE)); then compare_erasure; return; fi
    local bench pid code=0 values party
    local -a keys=() kind=()
    # Questions a second: of each of the ten, and of the one. All of them keep one processor busy for some 60 %.
    local limit=3 own=14
    # A load generator comes from one address, and is no party: only --overload measures the limits.
    EXTRA+=(SHS_INGRESS_LIMITS_CONNECTIONS_PER_PEER=1000 SHS_INGRESS_LIMITS_CONNECTIONS_PER_CERTIFICATE=1000)
    if ((OVERLOAD)); then
        PKI_OPTIONS+=(--parties=10 "--parties-rate=$limit")
        EXTRA+=("SHS_LIMITS_PARTY_RATE=$own" "SHS_LIMITS_PARTY_BURST=$own")
    else
        EXTRA+=(SHS_LIMITS_PARTY_RATE=1000000 SHS_LIMITS_PARTY_BURST=1000000 SHS_LIMITS_PARTY_CONCURRENCY=1000000)
    fi
    SIMULATE=(latency=0ms "${SIMULATE[@]}")
    # As on a small host: seven worker processes on two cores would measure the kernel's scheduler. --workers each shows that too.
    LAYOUT=${LAYOUT:-all}
    if ((TOKEN)); then PACKAGES+=("${TOKEN_PACKAGES[@]}") TOKEN_PIN=1234-bench; fi
    prepare
    build shs-bench; bench=$BUILT
    start_system
    values=$WORK/bench.env
    {
        client_values
        printf 'AMQP_HOST=127.0.0.1\nAMQP_PORT=%s\nAMQP_USER=%s\nAMQP_PASSWORD=%s\n' "$AMQP_PORT" "$AMQP_USER" "$AMQP_PASSWORD"
    } >"$values"
    if ((TOKEN)); then
        if ! slow_step "making keys in memory and in a token" "$LOGS/token.log" \
            "$ROOT/scripts/token-sets.sh" "$PKI" "$WORK/token" "$TOKEN_PIN"; then
            tail_of "$LOGS/token.log"
            die "the token could not be made; the whole log is $LOGS/token.log"
        fi
        write_switch
        keys=(--switch "$WORK/token/switch" --keys EC --keys RSA --seconds 5)
    fi
    if ((OVERLOAD)); then
        for party in "$PKI"/peers/{kommun-a,crowd-*}; do kind+=(--overload "$party"); done
        kind+=(--limit "$limit" --own-limit "$own" --seconds 30 --rounds 5)
        apart
    elif ((SOAK)); then
        kind=(--soak "$SOAK" --output "$STATE/soak.json")
    fi
    say "measuring; released memory is overwritten: ${SHS_MEMORY_OVERWRITE_RELEASED:-true}"
    spawn_in_view "${APART[@]}" "$bench" --environment "$values" --processes "$WORK/pids" "${keys[@]}" "${kind[@]}"; pid=$SPAWNED
    while alive "$pid"; do pause 0.2; supervise; done
    wait "$pid" || code=$?
    exit "$code"
}

# Parties and base services are other machines in truth: here they get the last processor, and the gateway with its broker the rest.
declare -a APART=()
apart() {
    local last file others
    last=$(($(nproc) - 1))
    if ((last == 0)); then say "one processor: what sends costs the gateway time, and the figures say little"; return; fi
    for file in "$WORK"/pids/*.pid; do
        if [[ $file == */simulate* ]]; then others=$last; else others=0-$((last - 1)); fi
        taskset --all-tasks --cpu-list --pid "$others" "$(cat "$file")" >/dev/null
    done
    APART=(taskset --cpu-list "$last")
}

# Whole runs, since memory is overwritten or not from the beginning of a process; twice each, since the machine is never the same.
compare_erasure() {
    local value results=$STATE/bench-erasure.txt
    mkdir -p "$STATE"; : >"$results"
    for value in true false true false; do
        SHS_MEMORY_OVERWRITE_RELEASED=$value "$ROOT/run" bench | tee -i -a "$results"
    done
    printf '\nall four together\n'
    grep -E 'released memory is overwritten|in flight' "$results" | sed 's/.*released/released/'
}

# What puts the set with the given name (EC-token, …) to use, and returns when every process has taken it.
write_switch() {
    local -a ENVIRONMENT=("SHS_CERTIFICATES_DIRECTORY=$PKI")
    broker_settings
    {
        printf '#!/bin/sh\nset -e\n'
        # shellcheck disable=SC2016 # $1 is the program's
        printf '%q %q use "$(cat %q/"$1")"\n' "$ROOT/Certificates/set.sh" "$PKI" "$WORK/token"
        printf 'exec env %s %q certificates reload --config %q\n' "${ENVIRONMENT[*]@Q}" "$GATEWAY" "$ROOT/Config/gateway.yaml"
    } >"$WORK/token/switch"
    chmod 700 "$WORK/token/switch"
}
