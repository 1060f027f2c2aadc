# shellcheck shell=bash
# Where a run keeps its things, all of it below .run (mode 700, never in git):
#   .run/logs      one log for each process, install.log and build.log; stays until the next run
#   .run/demo      what ./run demo leaves behind: the raw reply and what is needed to check it
#   .run/work.N    broker, PKI, keys, ports of the run with process number N; removed at the end
#   .run/up.env    the values of a running ./run up, its example in example.sh, what that leaves in example/

STATE=$ROOT/.run
LOGS=$STATE/logs
WORK=""

# The first run gets .run/logs; one beside it, such as a demo while ./run up is running, gets a folder of its own.
open_workspace() {
    local folder
    (umask 077; mkdir -p "$STATE")
    exec 9>"$STATE/lock"
    if ! flock --nonblock 9; then LOGS=$STATE/logs.$$; fi
    rm -rf "$LOGS"; mkdir -p "$LOGS"
    for folder in "$STATE"/work.* "$STATE"/logs.*; do
        if [[ -d $folder && ! -d /proc/${folder##*.} ]]; then remove_abandoned "$folder"; fi
    done
    WORK=$STATE/work.$$
    mkdir -p "$WORK"/{ports,pids}
}

# What a run left that was killed with -9. The kernel has ended its processes then, but for one that its broker may just have started.
remove_abandoned() {
    local pid
    for pid in $(processes_with "HOME=$1/broker/home"); do kill -KILL "$pid" 2>/dev/null || true; done
    rm -rf "$1" "/dev/shm/shs-gateway-${1##*.}"
}

# The last step of every end, called when all processes are gone.
remove_traces() {
    if [[ -n $WORK ]]; then rm -rf "$WORK" "/dev/shm/shs-gateway-${WORK##*.}"; fi
    if [[ ${UP_ENV_WRITTEN:-0} == 1 ]]; then rm -rf "$STATE/up.env" "$STATE/example.sh" "$STATE/example"; fi
}
