#!/bin/sh
# ProcessGuard.sh FOLDER PID: as soon as process PID is gone, ends every process that has GATEWAY_TEST_FOLDER=FOLDER in its
# environment, by its number, and removes FOLDER.
set -u
folder=$1

# A pid can be given to another process, its start time cannot.
since=$(cut -d' ' -f22 "/proc/$2/stat" 2>/dev/null)
while [ -d "$folder" ] && [ "$(cut -d' ' -f22 "/proc/$2/stat" 2>/dev/null)" = "$since" ]; do
    sleep 0.3
done
grep -lzsxF "GATEWAY_TEST_FOLDER=$folder" /proc/[0-9]*/environ 2>/dev/null | while read -r file; do
    pid=${file#/proc/}
    kill -KILL "${pid%/environ}" 2>/dev/null
done
rm -rf "$folder"
