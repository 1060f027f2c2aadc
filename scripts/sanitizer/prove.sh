#!/usr/bin/env bash
# prove.sh MUTEX.so: builds what has to be preloaded for the thread sanitizer (see mutex.c), and shows that with it a
# contended lock is no race and a race is one.
set -euo pipefail
library=$1
here=$(dirname "${BASH_SOURCE[0]}")
toolchain=$(dirname "$(readlink -f "$(command -v swift)")")
program=${library%.so}
"$toolchain/clang" -shared -fPIC -O1 -Wall -Wextra -Werror "$here/mutex.c" -o "$library"
swiftc -swift-version 6 -sanitize=thread "$here/contention.swift" -o "$program"
export LD_PRELOAD=$library
"$program" locked
if "$program" racing; then echo "a race was not reported"; exit 1; fi
