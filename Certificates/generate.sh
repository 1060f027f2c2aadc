#!/usr/bin/env bash
# Makes the throw-away development PKI: a first set for the gateway (DIR/0001, in use by DIR/current), and beside it what
# the authorities, the simulators, the broker and the test parties hold. README.md beside this file shows who trusts whom.
#
#   generate.sh DIR [--rsa] [--parties=NUMBER] [--parties-rate=NUMBER]
#       EC P-256, or RSA-2048 with --rsa; so many further parties in peers/crowd-01, …, which may ask so many questions
#       a second (limits.party.rate unless given); DIR must not exist or be empty
set -euo pipefail
umask 077

usage() { sed -n '2,8s/^# \{0,1\}//p' "$0" >&2; exit 64; }
out="" algorithm=ec parties=0 rate=""
for argument in "$@"; do
    case $argument in
        --rsa) algorithm=rsa ;;
        --parties=[0-9] | --parties=[0-9][0-9]) parties=$((10#${argument#*=})) ;;
        --parties-rate=[1-9] | --parties-rate=[1-9][0-9]) rate=${argument#*=} ;;
        -*) usage ;;
        *) [ -z "$out" ] || usage; out=$argument ;;
    esac
done
[ -n "$out" ] || usage
if [ -d "$out" ] && [ -n "$(ls -A "$out")" ]; then
    echo "generate.sh: $out is not empty" >&2
    exit 1
fi
command -v openssl >/dev/null || { echo "generate.sh: openssl is missing (apt-get install openssl)" >&2; exit 1; }

mkdir -p "$out"
out=$(cd "$out" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
authorities=$out/authorities set=$out/0001

# Fictitious organisation numbers with a right check digit.
party_a=2120009911 party_b=2120009929 supplier=5599990016 unregistered=2120009937 node=2021005521

yesterday=$(date -u -d '-1 day' +%Y%m%d%H%M%SZ)
in_a_year=$(date -u -d '+365 days' +%Y%m%d%H%M%SZ)
in_ten_years=$(date -u -d '+3650 days' +%Y%m%d%H%M%SZ)

# openssl COMMAND..., silent unless it fails.
quiet() { "$@" >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }; }

# The options that make a key: the algorithm of this run, or the size given.
key_options() {
    if [ "${1:-}" = weak ]; then echo "-newkey rsa:1024"
    elif [ "$algorithm" = rsa ]; then echo "-newkey rsa:2048"
    else echo "-newkey ec -pkeyopt ec_paramgen_curve:P-256"
    fi
}

# request KEYFILE SUBJECT [weak]: a new key and a request for it in $work/request.
request() {
    # shellcheck disable=SC2046 # the options are meant to be split
    quiet openssl req -new $(key_options "${3:-}") -nodes -keyout "$1" -subj "$2" -utf8 -out "$work/request" \
        -config /dev/null -sha256
    chmod 600 "$1"
}

# authority NAME SUBJECT [PARENT]: a root, or an issuing authority below PARENT, in DIR/authorities/NAME.
authority() {
    local name=$1 subject=$2 parent=${3:-$1}
    mkdir -p "$authorities/$name"
    : >"$authorities/$name/index.txt"
    echo 'unique_subject = no' >"$authorities/$name/index.txt.attr"
    echo 01 >"$authorities/$name/crlnumber"
    cat >"$authorities/$name/config" <<CONFIG
[ca]
default_ca = this
[this]
database = $authorities/$name/index.txt
new_certs_dir = $authorities/$name
certificate = $authorities/$name/ca.crt
private_key = $authorities/$name/ca.key
crlnumber = $authorities/$name/crlnumber
default_md = sha256
default_days = 365
default_crl_days = 30
policy = any
crl_extensions = crl
rand_serial = yes
email_in_dn = no
[any]
countryName = optional
organizationName = optional
organizationalUnitName = optional
commonName = supplied
serialNumber = optional
[crl]
authorityKeyIdentifier = keyid:always
[root]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[issuing]
basicConstraints = critical,CA:TRUE,pathlen:0
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid:always
CONFIG
    request "$authorities/$name/ca.key" "$subject"
    if [ "$parent" = "$name" ]; then
        quiet openssl ca -config "$authorities/$name/config" -batch -notext -selfsign -extensions root \
            -startdate "$yesterday" -enddate "$in_ten_years" -in "$work/request" -out "$authorities/$name/ca.crt"
    else
        quiet openssl ca -config "$authorities/$parent/config" -batch -notext -extensions issuing \
            -extfile "$authorities/$name/config" -startdate "$yesterday" -enddate "$in_ten_years" \
            -in "$work/request" -out "$authorities/$name/ca.crt"
    fi
}

# revocation_list NAME FILE: the list of an authority, valid for 30 days.
revocation_list() {
    mkdir -p "$(dirname "$2")"
    quiet openssl ca -config "$authorities/$1/config" -gencrl -out "$2"
}

usage_client="keyUsage = critical,digitalSignature
extendedKeyUsage = clientAuth"
usage_signer="keyUsage = critical,digitalSignature,nonRepudiation
extendedKeyUsage = emailProtection"
usage_server="keyUsage = critical,digitalSignature
extendedKeyUsage = serverAuth
subjectAltName = DNS:localhost,IP:127.0.0.1"

start=$yesterday end=$in_a_year digest=sha256 strength=""

# certificate AUTHORITY FILE SUBJECT EXTENSIONS: FILE.key and FILE.crt, the latter with an issuing authority behind it.
certificate() {
    local issuer=$1 file=$2 subject=$3 extensions=$4
    mkdir -p "$(dirname "$file")"
    request "$file.key" "$subject" "$strength"
    printf '%s\n' "$extensions" 'basicConstraints = critical,CA:FALSE' 'subjectKeyIdentifier = hash' \
        'authorityKeyIdentifier = keyid:always' >"$work/extensions"
    quiet openssl ca -config "$authorities/$issuer/config" -batch -notext -extfile "$work/extensions" -md "$digest" \
        -startdate "$start" -enddate "$end" -in "$work/request" -out "$file.crt"
    # Whoever shows a certificate shows the issuing authority's as well; roots are known to the other side.
    case $issuer in *-issuing) cat "$authorities/$issuer/ca.crt" >>"$file.crt" ;; esac
}

# party FOLDER NUMBER NAME: a transport and a signing certificate that carry the organisation number.
party() {
    certificate client-issuing "$1/transport" "/C=SE/O=$3/CN=$3 transport/serialNumber=16$2" "$usage_client"
    certificate signer-issuing "$1/signer" "/C=SE/O=$3/CN=$3 signering/serialNumber=16$2" "$usage_signer"
}

# organisation DIGITS: nine digits with their check digit (Luhn).
organisation() {
    local sum=0 index value
    for ((index = 0; index < 9; index++)); do
        value=$((${1:index:1} * (index % 2 == 0 ? 2 : 1)))
        sum=$((sum + value / 10 + value % 10))
    done
    echo "$1$(((10 - sum % 10) % 10))"
}

echo "authorities"
for kind in client signer; do
    authority "$kind-root" "/C=SE/O=Utveckling/CN=Utveckling $kind root"
    authority "$kind-issuing" "/C=SE/O=Utveckling/CN=Utveckling $kind issuing" "$kind-root"
done
authority provider-root "/C=SE/O=Utveckling/CN=Utveckling provider root"
authority node-root "/C=SE/O=Utveckling/CN=Utveckling node root"
authority broker-root "/C=SE/O=Utveckling/CN=Utveckling broker root"
authority untrusted-root "/C=SE/O=Okänd/CN=Okänd root"

echo "the node, the simulators, the broker"
certificate node-root "$set/node/tls-server/1" "/C=SE/O=Utveckling/CN=localhost" "$usage_server"
certificate node-root "$set/node/reply-signing/1" \
    "/C=SE/O=Utveckling/CN=shs-gateway svar/serialNumber=16$node" "$usage_signer"
certificate node-root "$set/node/record-signing/1" "/C=SE/O=Utveckling/CN=shs-gateway logg" "$usage_signer"
certificate provider-root "$set/node/provider-client/1" "/C=SE/O=Utveckling/CN=shs-gateway" "$usage_client"
certificate provider-root "$out/simulators/server" "/C=SE/O=Utveckling/CN=localhost" "$usage_server"
certificate broker-root "$out/broker/server" "/C=SE/O=Utveckling/CN=localhost" "$usage_server"
for role in ingress worker correlator; do
    certificate broker-root "$set/node/broker-client/$role/1" "/O=Utveckling/CN=$role" "$usage_client"
done
certificate broker-root "$set/node/broker-client/all/1" "/O=Utveckling/CN=serve" "$usage_client"

echo "the parties"
party "$out/peers/kommun-a" "$party_a" "Kommun A (test)"
echo "$party_a" >"$out/peers/kommun-a/organisation"
party "$out/peers/supplier" "$supplier" "Leverantör (test)"
party "$out/peers/unregistered" "$unregistered" "Oregistrerad (test)"
# Kommun B's certificates carry no number: it is known by its registered subjects.
name="/C=SE/O=Kommun B (test)/CN=Kommun B"
crowd=""
for ((number = 1; number <= parties; number++)); do
    folder=$out/peers/crowd-$(printf %02d "$number")
    organisation=$(organisation "$(printf '2120003%02d' "$number")")
    party "$folder" "$organisation" "Kommun $number (test)"
    echo "$organisation" >"$folder/organisation"
    crowd+=$(printf '  - organisation: "%s"\n    name: "Kommun %s (test)"\n.' "$organisation" "$number")
    crowd=${crowd%.}
    if [ -n "$rate" ]; then crowd+="    limits: {rate: $rate, burst: $rate}"$'\n'; fi
done
certificate client-issuing "$out/peers/kommun-b/transport" "$name transport" "$usage_client"
certificate signer-issuing "$out/peers/kommun-b/signer" "$name signering" "$usage_signer"

echo "broken ones, for tests"
# The party in all of them is Kommun A: only the certificate is wrong.
start=$(date -u -d '-400 days' +%Y%m%d%H%M%SZ) end=$yesterday
party "$out/bad/expired" "$party_a" "Kommun A (test)"
start=$(date -u -d '+100 days' +%Y%m%d%H%M%SZ) end=$in_a_year
party "$out/bad/not-yet-valid" "$party_a" "Kommun A (test)"
start=$yesterday
party "$out/bad/revoked" "$party_a" "Kommun A (test)"
for pair in client-issuing:transport signer-issuing:signer; do
    quiet openssl ca -config "$authorities/${pair%:*}/config" -crl_reason keyCompromise \
        -revoke "$out/bad/revoked/${pair#*:}.crt"
done
strength=weak
party "$out/bad/weak-key" "$party_a" "Kommun A (test)"
strength="" digest=sha1
party "$out/bad/weak-digest" "$party_a" "Kommun A (test)"
digest=sha256
for kind in transport signer; do
    issuer=client-issuing usage=$usage_client
    if [ "$kind" = signer ]; then issuer=signer-issuing usage=$usage_signer; fi
    subject="/C=SE/O=Kommun A (test)/CN=Kommun A $kind/serialNumber=16$party_a"
    certificate untrusted-root "$out/bad/untrusted/$kind" "$subject" "$usage"
    certificate "$issuer" "$out/bad/usage-extended/$kind" "$subject" "keyUsage = critical,digitalSignature
extendedKeyUsage = serverAuth"
    certificate "$issuer" "$out/bad/usage-key/$kind" "$subject" "keyUsage = critical,keyEncipherment
extendedKeyUsage = clientAuth,emailProtection"
done

echo "anchors, revocation lists, party register"
mkdir -p "$set/anchors" "$set/intermediates" "$out/peers"
for kind in client signer; do
    cp "$authorities/$kind-root/ca.crt" "$set/anchors/${kind}s.pem"
    cp "$authorities/$kind-issuing/ca.crt" "$set/intermediates/${kind}s.pem"
    revocation_list "$kind-root" "$set/crls/$kind-root.pem"
    revocation_list "$kind-issuing" "$set/crls/$kind-issuing.pem"
done
cp "$authorities/provider-root/ca.crt" "$set/anchors/providers.pem"
cp "$authorities/provider-root/ca.crt" "$out/simulators/anchors.pem"
cp "$authorities/broker-root/ca.crt" "$set/anchors/broker.pem"
cp "$authorities/node-root/ca.crt" "$set/anchors/records.pem"
cp "$authorities/node-root/ca.crt" "$out/peers/server-anchors.pem"
cp "$authorities/node-root/ca.crt" "$out/peers/reply-anchors.pem"
revocation_list provider-root "$set/crls/provider-root.pem"
revocation_list broker-root "$out/broker/crl.pem"
revocation_list node-root "$out/peers/reply-crls.pem"

subject_of() { openssl x509 -in "$1" -noout -subject -nameopt RFC2253,-esc_msb,utf8 | sed 's/^subject=//'; }
cat >"$set/parties.yaml" <<YAML
# Who may send for whom. A certificate whose subject carries the organisation number needs no entry under
# signers or transports; others are named by their subject (RFC 4514, most specific part first). Where certificates are
# listed (fingerprint, from, until), only these are accepted.
parties:
  - organisation: "$party_a"
    name: "Kommun A (test)"
  - organisation: "$party_b"
    name: "Kommun B (test)"
    signers: ["$(subject_of "$out/peers/kommun-b/signer.crt")"]
    transports: ["$(subject_of "$out/peers/kommun-b/transport.crt")"]
    supplier: "$supplier"
  - organisation: "$supplier"
    name: "Leverantör (test)"
$crowd
YAML
find "$out" -type d -exec chmod 700 {} +
find "$out" -type f -exec chmod 600 {} +
"$here/set.sh" "$out" seal 0001
"$here/set.sh" "$out" use 0001
echo "done: $out"
