#!/bin/sh
# Runs one private RabbitMQ node on loopback, for tests. Everything it needs stands in FOLDER/environment.
#   PrivateBroker.sh start FOLDER           starts epmd and the broker (again), returns at once
#   PrivateBroker.sh stop FOLDER            ends both by their pids and removes the folder
#   PrivateBroker.sh guard FOLDER PID       does that as soon as process PID is gone
#   PrivateBroker.sh control FOLDER ARG...  rabbitmqctl on this node
set -u
verb=$1
folder=$2
shift 2

bin=/usr/lib/rabbitmq/bin
set -a
. "$folder/environment"
set +a

# In a container without an init, an ended process that nobody waits for keeps its number: state Z.
is_running() {
    [ -n "$1" ] && kill -0 "$1" 2>/dev/null && ! grep -q '^State:[[:space:]]*Z' "/proc/$1/status" 2>/dev/null
}

pid_in() {
    cat "$folder/$1" 2>/dev/null
}

start() {
    if ! is_running "$(pid_in epmd.pid)"; then
        # Ours from the start, since the broker would leave one behind that nobody has the pid of.
        setsid epmd -port "$ERL_EPMD_PORT" -address 127.0.0.1 </dev/null >/dev/null 2>&1 &
        echo $! >"$folder/epmd.pid"
    fi
    rm -f "$folder/broker.pid"
    setsid "$bin/rabbitmq-server" </dev/null >>"$folder/log/console.log" 2>&1 &
}

end() {
    pid=$(pid_in "$1")
    is_running "$pid" || return 0
    kill -CONT "$pid" 2>/dev/null
    kill -TERM "$pid" 2>/dev/null
    tries=0
    while is_running "$pid"; do
        tries=$((tries + 1))
        # Ten seconds for an orderly end.
        [ "$tries" -gt 100 ] && kill -KILL "$pid" 2>/dev/null
        sleep 0.1
    done
}

stop() {
    end broker.pid
    end epmd.pid
    rm -rf "$folder"
}

case $verb in
start)
    start
    ;;
stop)
    stop
    ;;
guard)
    # A pid can be given to another process, its start time cannot.
    since=$(cut -d' ' -f22 "/proc/$1/stat" 2>/dev/null)
    while [ -d "$folder" ] && [ "$(cut -d' ' -f22 "/proc/$1/stat" 2>/dev/null)" = "$since" ]; do
        sleep 0.3
    done
    [ -d "$folder" ] && stop
    ;;
control)
    exec "$bin/rabbitmqctl" --node "$RABBITMQ_NODENAME" "$@"
    ;;
*)
    echo "unknown verb $verb" >&2
    exit 64
    ;;
esac
