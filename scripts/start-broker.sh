#!/usr/bin/env bash
# start-broker.sh FOLDER: starts a private RabbitMQ node on loopback with everything it has in FOLDER, returns when it answers, and
# prints AMQP_PORT, AMQP_USER and AMQP_PASSWORD as KEY=VALUE lines. stop-broker.sh FOLDER ends it.
# shellcheck source-path=SCRIPTDIR
set -euo pipefail
[[ $# == 1 && -n $1 ]] || { sed -n '2,3p' "$0" >&2; exit 64; }
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
. "$here/progress.sh"
. "$here/cleanup.sh"
. "$here/broker.sh"
RUN_MARK=""; export -n RUN_MARK   # the broker shall outlive us
remove_traces() { :; }
stop_half_started() { if [[ $STARTED == 0 ]]; then stop_broker; fi; }

# Like spawn, but not ended together with this script.
spawn_to_stay() {
    local log=$1; shift
    setsid env --default-signal=INT,QUIT "$@" </dev/null >>"$log" 2>&1 7>&- &
    SPAWNED=$!
}

STARTED=0
at_end stop_half_started
(umask 077; mkdir -p "$1"); folder=$(cd "$1" && pwd -P)
[[ ! -e $folder/environment ]] || die "$folder holds a broker already; stop it (stop-broker.sh) and remove the folder first"
start_broker "$folder" spawn_to_stay
STARTED=1
say "RabbitMQ is ready on port $AMQP_PORT"
printf 'AMQP_PORT=%s\nAMQP_USER=%s\nAMQP_PASSWORD=%s\n' "$AMQP_PORT" "$AMQP_USER" "$AMQP_PASSWORD"
