# shellcheck shell=bash
# The roles as processes: started, waited for, started again when they die, stopped in the order that loses nothing.
#
# Contract with the program: `--ports-file FILE` is written (by rename) when the role is ready, with the ports that it has bound as
# KEY=NUMBER lines: SHS_PORT and HEALTH_PORT by the ingress, <PROVIDER>_PORT by the simulators, nothing by the others.

readonly FIRST_DELAY=500 LONGEST_DELAY=5000 STEADY=10000   # milliseconds
declare -a ROLES=()                                        # in the order they were started
declare -A ROLE_PID=() ROLE_STARTED=() ROLE_DELAY=() ROLE_DUE=() ROLE_DEATHS=()

ports_file() { printf '%s' "$WORK/ports/$1"; }

# The port that a role has bound before, or 0 for any: a restarted role comes back where it was.
bound_port() {
    local line port=0
    while IFS= read -r line; do if [[ $line == "$2="* ]]; then port=${line#*=}; fi; done < <(cat "$WORK/ports/$1.known" 2>/dev/null)
    printf '%s' "$port"
}

# The broker is a role too: killed, it comes back with its data and its ports.
start_role() {
    local role=$1
    local -a ENVIRONMENT COMMAND
    if [[ $role == broker ]]; then
        launch_broker "$BROKER" spawn
        SPAWNED=$BROKER_PID
    else
        role_settings "$role"
        rm -f "$(ports_file "$role")"
        spawn "$LOGS/$role.log" env "${ENVIRONMENT[@]}" "$GATEWAY" "${COMMAND[@]}"
    fi
    watch_role "$role" "$SPAWNED"
}

watch_role() {
    local role=$1 pid=$2
    disown "$pid" 2>/dev/null || true   # or bash writes "Killed" over our own sentence
    read_clock
    if [[ -z ${ROLE_PID[$role]:-} ]]; then ROLES+=("$role"); ROLE_DELAY[$role]=$FIRST_DELAY; ROLE_DEATHS[$role]=0; fi
    ROLE_PID[$role]=$pid; ROLE_STARTED[$role]=$NOW; ROLE_DUE[$role]=""
    printf '%s\n' "$pid" >"$WORK/pids/$role.pid"
}

# One look at all roles: whoever has died is started again after its delay, which doubles while it keeps dying.
supervise() {
    local role
    read_clock
    for role in "${ROLES[@]}"; do
        if alive "${ROLE_PID[$role]}"; then
            if ((NOW - ROLE_STARTED[$role] > STEADY)); then ROLE_DELAY[$role]=$FIRST_DELAY; fi
        elif [[ -z ${ROLE_DUE[$role]} ]]; then
            ROLE_DUE[$role]=$((NOW + ROLE_DELAY[$role]))
            ROLE_DEATHS[$role]=$((ROLE_DEATHS[$role] + 1))
            say "$role has ended (process ${ROLE_PID[$role]}); it is started again in ${ROLE_DELAY[$role]} ms"
            ROLE_DELAY[$role]=$((ROLE_DELAY[$role] * 2 < LONGEST_DELAY ? ROLE_DELAY[$role] * 2 : LONGEST_DELAY))
        elif ((NOW >= ROLE_DUE[$role])); then
            start_role "$role"
            say "$role is started again (process ${ROLE_PID[$role]})"
        fi
    done
}

# await_roles LIMIT ROLE...: until all of them have written their ports file.
await_roles() {
    local limit=$((SECONDS + $1)) role waiting; shift
    while :; do
        waiting=""
        for role in "$@"; do if [[ ! -e $(ports_file "$role") ]]; then waiting=$role; fi; done
        if [[ -z $waiting ]]; then break; fi
        if ((SECONDS > limit || ROLE_DEATHS[$waiting] > 2)); then
            tail_of "$LOGS/$waiting.log"
            die "$waiting did not become ready; its log is $LOGS/$waiting.log"
        fi
        live "waiting for $waiting …"
        pause 0.1
        supervise
    done
    for role in "$@"; do cp "$(ports_file "$role")" "$(ports_file "$role").known"; done
}

await_ingress() {
    local limit=$((SECONDS + 30)) url
    url=http://127.0.0.1:$(bound_port ingress HEALTH_PORT)/ready
    until curl --silent --fail --noproxy '*' --max-time 2 --output /dev/null "$url"; do
        if ((SECONDS > limit)); then tail_of "$LOGS/ingress.log"; die "the ingress is not ready; its log is $LOGS/ingress.log"; fi
        live "waiting until the ingress is ready …"
        pause 0.2
        supervise
    done
}

# The names of the worker processes, as WORKERS and LAYOUT ask for them: worker-all, or worker-CSN, worker-CSN-2, …
worker_roles() {
    local served number
    local -a layout=("${PROVIDERS[@]}")
    if [[ $LAYOUT == all ]]; then layout=(all); fi
    for served in "${layout[@]}"; do
        printf 'worker-%s\n' "$served"
        for ((number = 2; number <= ${WORKERS[$served]:-1}; number++)); do printf 'worker-%s-%d\n' "$served" "$number"; done
    done
}

# Everything for one run: broker, PKI, simulators, correlator, workers, ingress.
start_system() {
    local worker
    local -a workers=()
    at_end stop_system
    BROKER=$WORK/broker
    start_broker "$BROKER" spawn
    watch_role broker "$BROKER_PID"
    say "RabbitMQ runs on port $AMQP_PORT, its data in $BROKER"
    make_pki
    start_role simulate
    await_roles 60 simulate
    start_role correlator
    mapfile -t workers < <(worker_roles)
    for worker in "${workers[@]}"; do start_role "$worker"; done
    start_role ingress
    await_roles 60 correlator "${workers[@]}" ingress
    await_ingress
    say "all roles are ready: ingress, correlator, ${#workers[@]} workers, simulators"
}

# Accept no more, let the workers and the correlator finish, then take the broker away.
stop_system() {
    local role
    local -a others=()
    if ((${#ROLES[@]})); then say "stopping all processes"; fi
    for role in "${ROLES[@]}"; do
        case $role in ingress | broker) ;; *) others+=("${ROLE_PID[$role]}") ;; esac
    done
    if alive "${ROLE_PID[ingress]:-}"; then end_processes 15 "${ROLE_PID[ingress]}"; fi
    end_processes 10 "${others[@]}"
    stop_broker
}
