#!/usr/bin/env bash
# Adds an authority to the development PKI, as when a party changes its certificate authority.
#
#   authority.sh DIR NAME SUBJECT
#
# DIR is the folder that generate.sh made; DIR/authorities/NAME gets ca.crt, ca.key (mode 600) and a config for `openssl ca`.
set -euo pipefail
umask 077
(($# == 3)) || { sed -n '4,6s/^# \{0,1\}//p' "$0" >&2; exit 64; }
dir=$(cd "$1" && pwd) name=$2 subject=$3
folder=$dir/authorities/$name
[[ ! -e $folder ]] || { echo "authority.sh: $folder is there already" >&2; exit 1; }
model=$(find "$dir/authorities" -mindepth 2 -maxdepth 2 -name config | head -n 1)
[[ -n $model ]] || { echo "authority.sh: $dir is no development PKI" >&2; exit 1; }

mkdir -p "$folder"
: >"$folder/index.txt"
echo 'unique_subject = no' >"$folder/index.txt.attr"
echo 01 >"$folder/crlnumber"
sed "s#$(dirname "$model")#$folder#g" "$model" >"$folder/config"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
quiet() { "$@" >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }; }
quiet openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$folder/ca.key" -subj "$subject" -utf8 \
    -out "$work/request" -config /dev/null -sha256
chmod 600 "$folder/ca.key"
quiet openssl ca -config "$folder/config" -batch -notext -selfsign -extensions root \
    -startdate "$(date -u -d '-1 day' +%Y%m%d%H%M%SZ)" -enddate "$(date -u -d '+3650 days' +%Y%m%d%H%M%SZ)" \
    -in "$work/request" -out "$folder/ca.crt"
