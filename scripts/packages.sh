# shellcheck shell=bash
# What the machine must have: a Swift toolchain (checked, never installed) and Debian packages (installed when missing).

# Every command needs these; test and bench --token add theirs.
PACKAGES=(
    rabbitmq-server librabbitmq-dev libssl-dev libxml2-dev libxml2-utils zlib1g-dev
    pkg-config openssl curl git ca-certificates procps util-linux
)
TOKEN_PACKAGES=(softhsm2)                                # keys in a token
TEST_PACKAGES=("${TOKEN_PACKAGES[@]}" opensc)            # and a PIN that is changed at the token
POLICY=/usr/sbin/policy-rc.d
POLICY_IS_OURS=0
APT_PID=""

require_swift() {
    local text version
    command -v swift >/dev/null || die "Swift 6.3 or newer is needed and 'swift' is not in PATH: see https://www.swift.org/install/linux/"
    text=$(swift --version 2>/dev/null) || die "'swift --version' fails: the toolchain in $(command -v swift) is not usable"
    [[ $text =~ Swift\ version\ ([0-9]+)\.([0-9]+) ]] || die "cannot read the version of 'swift --version'"
    version=${BASH_REMATCH[1]}.${BASH_REMATCH[2]}
    if ((BASH_REMATCH[1] * 100 + BASH_REMATCH[2] < 603)); then
        die "Swift 6.3 or newer is needed, this is $version: see https://www.swift.org/install/linux/"
    fi
}

missing_packages() {
    local installed package
    installed=" $(dpkg-query -W -f '${Package}=${db:Status-Status} ' "${PACKAGES[@]}" 2>/dev/null) " || true
    for package in "${PACKAGES[@]}"; do
        if [[ $installed != *" $package=installed "* ]]; then printf '%s\n' "$package"; fi
    done
}

as_root() { if ((EUID == 0)); then "$@"; else sudo -n "$@"; fi; }

install_packages() {
    local -a missing
    command -v apt-get >/dev/null || die "this script installs packages on Debian 12 only; needed here: ${PACKAGES[*]}"
    mapfile -t missing < <(missing_packages)
    if ((${#missing[@]} == 0)); then return 0; fi
    if ((EUID != 0)); then
        command -v sudo >/dev/null || die "as root, please: apt-get install ${missing[*]}"
        # In the foreground, since sudo may ask for a password here.
        if ! sudo -n true 2>/dev/null; then
            say "sudo is asked for its password to install: ${missing[*]}"
            sudo true || die "without sudo, as root, please: apt-get install ${missing[*]}"
        fi
    fi
    at_end finish_installation
    apt_get "updating the package lists" update
    if [[ " ${missing[*]} " == *" rabbitmq-server "* ]]; then keep_broker_service_off; fi
    apt_get "installing ${missing[*]}" install -y --no-install-recommends "${missing[@]}"
    if [[ " ${missing[*]} " == *" rabbitmq-server "* && -d /run/systemd/system ]]; then
        # We came for the program alone. Whoever wants the service too: systemctl enable --now rabbitmq-server
        as_root systemctl --quiet disable --now rabbitmq-server.service epmd.service epmd.socket >/dev/null 2>&1 || true
        say "rabbitmq-server is installed; its system service stays off"
    fi
    allow_broker_service
    say "packages installed"
}

apt_get() {
    local text=$1 log=$LOGS/install.log pid code=0; shift
    say "$text …"
    as_root env DEBIAN_FRONTEND=noninteractive --default-signal=INT \
        apt-get -q -o DPkg::Lock::Timeout=300 "$@" </dev/null >>"$log" 2>&1 &
    APT_PID=$!; pid=$APT_PID
    while alive "$pid"; do pause 0.5; live "$text … $(tail -n 1 "$log" | tr -cd '[:print:]')"; done
    wait "$pid" || code=$?
    APT_PID=""
    if ((code)); then tail_of "$log"; die "apt-get $1 failed (exit $code); the whole log is $log"; fi
}

# Debian starts a service when it is installed. policy-rc.d is Debian's way to say no. This one lives as long as this script, even if
# it should be left behind, and says no to the broker; without systemd, in a container, to all, where nobody would end them.
# One that exists already is respected.
keep_broker_service_off() {
    if [[ -e $POLICY ]]; then return 0; fi
    POLICY_IS_OURS=1
    # shellcheck disable=SC2016 # $1 is the inner shell's
    as_root sh -c 'cat > "$1" && chmod 755 "$1"' _ "$POLICY" <<SCRIPT
#!/bin/sh
# $ROOT/run, process $$
[ -d /proc/$$ ] || exit 0
[ -d /run/systemd/system ] || exit 101
case \$1 in rabbitmq-server*|epmd*) exit 101;; esac
exit 0
SCRIPT
}

allow_broker_service() {
    if [[ $POLICY_IS_OURS == 1 ]]; then as_root rm -f "$POLICY"; POLICY_IS_OURS=0; fi
}

# Interrupted: apt-get stops at the next safe place when it gets INT. Half-configured packages would be worse than some seconds.
finish_installation() {
    local limit=$((SECONDS + 120))
    if [[ -n $APT_PID ]] && alive "$APT_PID"; then
        say "waiting for apt-get to stop at a safe place"
        as_root kill -INT "$APT_PID" 2>/dev/null
        while alive "$APT_PID" && ((SECONDS < limit)); do pause 0.2; done
    fi
    allow_broker_service
}
