#!/usr/bin/env bash
# Plays the certificate authority of the development PKI: makes a key, and a certificate for it.
#
#   issue.sh DIR AUTHORITY PROFILE FILE SUBJECT [--rsa] [--days N] [--start TIME] [--end TIME] [--name DNS]
#            [--crl URL] [--ocsp URL]
#
# DIR is the folder that generate.sh made, AUTHORITY one of its authorities/ (node-root, provider-root, signer-issuing, …),
# PROFILE server, client or signer. Writes FILE.key (mode 600) and FILE.crt, the latter with an issuing authority behind it.
# TIME is YYYYMMDDHHMMSSZ; the default is from yesterday, for 365 days. EC P-256, or RSA-2048 with --rsa. --crl and --ocsp are
# where the certificate says that its revocation is asked for.
set -euo pipefail
umask 077

usage() { sed -n '4,10s/^# \{0,1\}//p' "$0" >&2; exit 64; }
(($# >= 5)) || usage
dir=$1 authority=$2 profile=$3 file=$4 subject=$5; shift 5
days=365 start="" end="" name=localhost crl="" ocsp="" key=(-newkey ec -pkeyopt ec_paramgen_curve:P-256)
while (($#)); do
    case $1 in
        --rsa) key=(-newkey rsa:2048); shift ;;
        --days | --start | --end | --name | --crl | --ocsp) (($# > 1)) || usage; printf -v "${1#--}" '%s' "$2"; shift 2 ;;
        *) usage ;;
    esac
done
config=$dir/authorities/$authority/config
[[ -f $config ]] || { echo "issue.sh: there is no authority $authority in $dir" >&2; exit 1; }
start=${start:-$(date -u -d '-1 day' +%Y%m%d%H%M%SZ)}
end=${end:-$(date -u -d "+$days days" +%Y%m%d%H%M%SZ)}
case $profile in
    server) usage_lines="keyUsage = critical,digitalSignature
extendedKeyUsage = serverAuth
subjectAltName = DNS:$name,IP:127.0.0.1" ;;
    client) usage_lines="keyUsage = critical,digitalSignature
extendedKeyUsage = clientAuth" ;;
    signer) usage_lines="keyUsage = critical,digitalSignature,nonRepudiation
extendedKeyUsage = emailProtection" ;;
    *) usage ;;
esac

if [[ -n $crl ]]; then usage_lines+=$'\n'"crlDistributionPoints = URI:$crl"; fi
if [[ -n $ocsp ]]; then usage_lines+=$'\n'"authorityInfoAccess = OCSP;URI:$ocsp"; fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
quiet() { "$@" >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }; }
mkdir -p "$(dirname "$file")"
printf '%s\n' "$usage_lines" 'basicConstraints = critical,CA:FALSE' 'subjectKeyIdentifier = hash' \
    'authorityKeyIdentifier = keyid:always' >"$work/extensions"
quiet openssl req -new "${key[@]}" -nodes -keyout "$file.key" -subj "$subject" -utf8 -out "$work/request" \
    -config /dev/null -sha256
chmod 600 "$file.key"
quiet openssl ca -config "$config" -batch -notext -extfile "$work/extensions" -startdate "$start" -enddate "$end" \
    -in "$work/request" -out "$file.crt"
case $authority in *-issuing) cat "$dir/authorities/$authority/ca.crt" >>"$file.crt" ;; esac
