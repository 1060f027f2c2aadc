#!/usr/bin/env bash
# stop-broker.sh FOLDER: ends the node and the epmd that start-broker.sh started there. The folder stays.
set -euo pipefail
[[ $# == 1 && -d $1 ]] || { sed -n '2p' "$0" >&2; exit 64; }
folder=$(cd "$1" && pwd -P)

# A number may have been given to another process since: only one that has this folder in its environment is ours.
end() {
    local pid limit
    pid=$(cat "$folder/$1.pid" 2>/dev/null) || return 0
    if grep -qzsxF "HOME=$folder/home" "/proc/$pid/environ"; then
        kill -TERM "$pid"
        limit=$((SECONDS + 15))
        while kill -0 "$pid" 2>/dev/null && ((SECONDS < limit)); do sleep 0.1; done
        if kill -0 "$pid" 2>/dev/null; then kill -KILL "$pid"; fi
    fi
    rm -f "$folder/$1.pid"
}

end broker
end epmd
