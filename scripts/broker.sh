# shellcheck shell=bash
# A private RabbitMQ node on loopback, in a folder of its own: data, logs, cookie, user, ports, epmd.
# Nothing of a system-wide RabbitMQ is read or touched. Needs progress.sh; the folder can be removed when the broker is stopped.

readonly RABBITMQ=/usr/lib/rabbitmq/bin   # not /usr/sbin, whose wrapper switches the user
BROKER_PID="" BROKER_READY=0 EPMD_PID="" AMQP_PORT="" AMQP_USER="" AMQP_PASSWORD=""

# A port below the range of outgoing connections that nobody listens on: sets the variable named $1.
free_port() {
    local candidate
    while :; do
        candidate=$((20000 + RANDOM % 12000))
        if ! (: <>"/dev/tcp/127.0.0.1/$candidate") 2>/dev/null; then printf -v "$1" '%s' "$candidate"; return 0; fi
    done
}

random_text() { od -An -N"$1" -tx1 /dev/urandom | tr -d ' \n'; }

# Makes the folder's settings. The same folder can be started again with them, as after a crash.
prepare_broker() {
    local folder=$1 epmd_port dist_port
    mkdir -p "$folder"/{home,data,log}
    free_port AMQP_PORT; free_port dist_port; free_port epmd_port
    AMQP_USER=gateway; AMQP_PASSWORD=$(random_text 16)
    (umask 377; random_text 20 >"$folder/home/.erlang.cookie")
    printf '[].\n' >"$folder/enabled_plugins"
    cat >"$folder/rabbitmq.conf" <<CONF
listeners.tcp.1 = 127.0.0.1:$AMQP_PORT
default_user = $AMQP_USER
default_pass = $AMQP_PASSWORD
log.console = false
log.file.level = info
# Small enough for a laptop; the default is a share of the whole machine.
vm_memory_high_watermark.absolute = 400MB
disk_free_limit.absolute = 50MB
# The quorum log keeps this much in memory too: the default, 512 MB, would meet the watermark above and block publishers.
raft.wal_max_size_bytes = 67108864
# The correlator keeps what it waits for unacknowledged by design; the default, 30 minutes, closes the channel of such a consumer.
consumer_timeout = 86400000
CONF
    cat >"$folder/environment" <<ENVIRONMENT
HOME=$folder/home
RABBITMQ_NODENAME=shs@localhost
RABBITMQ_NODE_IP_ADDRESS=127.0.0.1
RABBITMQ_NODE_PORT=$AMQP_PORT
RABBITMQ_DIST_PORT=$dist_port
RABBITMQ_MNESIA_BASE=$folder/data
RABBITMQ_LOG_BASE=$folder/log
RABBITMQ_CONFIG_FILE=$folder/rabbitmq.conf
RABBITMQ_ADVANCED_CONFIG_FILE=$folder/advanced.config
RABBITMQ_ENABLED_PLUGINS_FILE=$folder/enabled_plugins
RABBITMQ_CONF_ENV_FILE=$folder/rabbitmq-env.conf
RABBITMQ_PID_FILE=$folder/broker.pid
RABBITMQ_GENERATED_CONFIG_DIR=$folder/generated
RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS=-kernel inet_dist_use_interface {127,0,0,1} -start_epmd false
ERL_EPMD_PORT=$epmd_port
ERL_EPMD_ADDRESS=127.0.0.1
ERL_CRASH_DUMP_BYTES=0
ENVIRONMENT
    # For people: DIR/rabbitmqctl list_queues
    cat >"$folder/rabbitmqctl" <<'CTL'
#!/usr/bin/env bash
# rabbitmqctl for the node in this folder.
mapfile -t environment <"$(dirname "$0")/environment"
exec env "${environment[@]}" /usr/lib/rabbitmq/bin/rabbitmqctl --node shs@localhost "$@"
CTL
    chmod 700 "$folder/rabbitmqctl"
}

# Starts epmd and the node of a prepared folder; the function named SPAWN decides how they hang on the caller.
launch_broker() {
    local folder=$1 spawn=$2
    local -a environment
    mapfile -t environment <"$folder/environment"
    if ! alive "$EPMD_PID"; then
        # In the foreground and by us, so that its number is known: epmd outlives its broker.
        "$spawn" "$folder/log/epmd.log" env --chdir="$folder" "${environment[@]}" epmd -address 127.0.0.1
        EPMD_PID=$SPAWNED; disown "$EPMD_PID"; printf '%s\n' "$EPMD_PID" >"$folder/epmd.pid"
    fi
    # With this variable the start script becomes the node itself instead of a parent of it: one process, one number.
    "$spawn" "$folder/log/start.log" env --chdir="$folder" "${environment[@]}" RUNNING_UNDER_SYSTEMD=true "$RABBITMQ/rabbitmq-server"
    BROKER_PID=$SPAWNED; BROKER_READY=0; disown "$BROKER_PID"; printf '%s\n' "$BROKER_PID" >"$folder/broker.pid"
}

# Does the node answer the protocol's greeting with a method frame (type 1)?
broker_answers() {
    local frame
    frame=$(
        exec 2>/dev/null 3<>"/dev/tcp/127.0.0.1/$AMQP_PORT" || exit 0
        printf 'AMQP\0\0\011\001' >&3
        IFS= read -r -N 1 -t 2 -u 3 byte && printf %s "$byte"
    ) || true
    [[ $frame == $'\001' ]]
}

# start_broker FOLDER SPAWN: fresh node, ready when it returns. A port may be taken by somebody in the meantime: tried three times.
start_broker() {
    local folder=$1 spawn=$2 attempt limit
    for attempt in 1 2 3; do
        prepare_broker "$folder"
        launch_broker "$folder" "$spawn"
        limit=$((SECONDS + 60))
        while ((SECONDS < limit)) && alive "$BROKER_PID"; do
            if broker_answers; then BROKER_READY=1; return 0; fi
            live "starting a private RabbitMQ on port $AMQP_PORT …"
            pause 0.2
        done
        stop_broker
        if ((attempt < 3)); then rm -rf "$folder"; fi
    done
    tail_of "$folder/log/start.log"
    die "RabbitMQ did not start; its logs are in $folder/log"
}

stop_broker() {
    # A node that is still starting does not listen to SIGTERM yet, and has nothing to lose.
    if [[ -n $BROKER_PID && $BROKER_READY == 0 ]]; then kill -KILL "$BROKER_PID" 2>/dev/null || true; fi
    if [[ -n $BROKER_PID ]]; then end_processes 15 "$BROKER_PID"; BROKER_PID=""; fi
    if [[ -n $EPMD_PID ]]; then end_processes 3 "$EPMD_PID"; EPMD_PID=""; fi
}
