#!/usr/bin/env bash
# Makes what ./run bench --token compares: sets whose server key and reply key are in files, and the same keys in a SoftHSM token.
#
#   token-sets.sh PKI TOKEN PIN
#
# PKI is the folder that Certificates/generate.sh made. In the folder TOKEN: softhsm2.conf, the token, and for each of EC-memory,
# EC-token, RSA-memory and RSA-token a file with the number of its set.
set -euo pipefail
umask 077
pki=$1 token=$2 pin=$3
certificates=$(cd "$(dirname "${BASH_SOURCE[0]}")/../Certificates" && pwd -P)

mkdir -p "$token/tokens"
printf 'directories.tokendir = %s\nobjectstore.backend = file\nlog.level = ERROR\n' "$token/tokens" >"$token/softhsm2.conf"
in_token() { SOFTHSM2_CONF=$token/softhsm2.conf softhsm2-util --pin "$pin" "$@"; }
seal() { "$certificates/set.sh" "$pki" seal "$1"; printf '%s\n' "$1" >"$token/$2"; }

# certificate KIND USE PROFILE: of the set in $number, its key also in the token.
certificate() {
    local file=$pki/$number/node/$2
    local -a option=()
    if [[ $1 == RSA ]]; then option=(--rsa); fi
    rm "$file"/*
    "$certificates/issue.sh" "$pki" node-root "$3" "$file/1" "/C=SE/O=Utveckling/OU=$1 $3/CN=localhost" "${option[@]}"
    id=$((id + 1))
    in_token --import "$file/1.key" --token bench --label "$1-$2" --id "$(printf '%02x' "$id")"
}

id=0
in_token --init-token --free --label bench --so-pin 87654321
for kind in EC RSA; do
    number=$("$certificates/set.sh" "$pki" new)
    certificate "$kind" tls-server server
    certificate "$kind" reply-signing signer
    seal "$number" "$kind-memory"
    other=$(printf '%04d' $((10#$number + 1)))
    cp -a "$pki/$number" "$pki/$other"
    rm "$pki/$other/manifest"
    for use in tls-server reply-signing; do
        rm "$pki/$other/node/$use/1.key"
        printf 'pkcs11:token=bench;object=%s;type=private\n' "$kind-$use" >"$pki/$other/node/$use/1.uri"
    done
    seal "$other" "$kind-token"
done
