# shellcheck shell=bash
# ./run up: the whole system until Ctrl-C, for whoever wants to send messages to it.

run_up() {
    (umask 077; mkdir -p "$STATE")
    exec 8>"$STATE/up.lock"
    flock --nonblock 8 || die "another ./run up is running here; its values are in $STATE/up.env"
    prepare
    start_system
    write_up_env
    example >"$STATE/example.sh"
    welcome
    while :; do pause 0.2; supervise; done
}

# Written as a whole when everything is ready, removed at the end: whoever sees the file can send.
write_up_env() {
    UP_ENV_WRITTEN=1
    client_values >"$STATE/up.env.new"
    mv "$STATE/up.env.new" "$STATE/up.env"
}

welcome() {
    cat <<TEXT

The gateway is up. Ctrl-C stops everything and removes its data.

  endpoint             $(endpoint)
  TLS client           $PEER/transport.crt  (key: transport.key)
  signer               $PEER/signer.crt  (key: signer.key)
  server's CA          $PKI/peers/server-anchors.pem
  values for scripts   $STATE/up.env
  logs                 $LOGS
  queues               $BROKER/rabbitmqctl list_queues name messages

Ask something with nothing but openssl and curl: paste this into another terminal (it is also $STATE/example.sh).

TEXT
    cat "$STATE/example.sh"
    printf '\n'
}

# No exclamation mark anywhere: an interactive bash would take it for its history, even inside a here-document.
example() {
    printf '( set -e; . %q\n' "$STATE/up.env"
    printf 'question=%q\n' "$(printf '%s\n' "$ROOT"/Config/examples/question-*.xml | head -n 1)"
    printf 'mkdir -p %q; cd %q\n' "$STATE/example" "$STATE/example"
    cat <<'EXAMPLE'
# 1. The SHS message: a label and one question. All lines end with CRLF.
id=$(cat /proc/sys/kernel/random/uuid)
{ cat <<END
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="=_example"

--=_example
Content-Type: text/xml; charset=ISO-8859-1
Content-Transfer-Encoding: binary

<?xml version="1.0" encoding="ISO-8859-1"?>
<shs.label version="1.2" tx.id="$id" corr.id="$id" transfer-type="synch" sequence-type="request" status="test">
  <from commonName="">urn:X-shs:$SHS_PARTY</from>
  <to commonName="">urn:X-shs:$SHS_TO</to>
  <product commonName="SSBTEK">urn:X-shs:$SHS_PRODUCT</product>
  <datetime>$(date +%Y-%m-%dT%H:%M:%S)</datetime>
  <content content.id="$id"><data datapartType="question" filename="question.xml"/></content>
</shs.label>

--=_example
Content-Type: application/xml; name=question.xml
Content-Transfer-Encoding: base64
Content-Disposition: attachment; filename=question.xml

$(base64 -w 76 "$question")
--=_example--
END
} | sed 's/$/\r/' > message.mime
# 2. Sign it: multipart/signed, SHA-256.
openssl cms -sign -binary -md sha256 -in message.mime -signer "$SHS_SIGNER_CERT" -inkey "$SHS_SIGNER_KEY" -out signed.mime
# 3. Send it over mutual TLS and wait for the reply.
curl --silent --show-error --fail-with-body --noproxy localhost --cacert "$SHS_CA" --cert "$SHS_CLIENT_CERT" --key "$SHS_CLIENT_KEY" \
  --header 'Content-Type: message/rfc822' --data-binary @signed.mime \
  --output reply.mime --write-out 'HTTP %{http_code} after %{time_total} s\n' "$SHS_URL" || { cat reply.mime; exit 1; }
# 4. Check the reply's signature.
openssl cms -verify -in reply.mime -CAfile "$SHS_REPLY_CA" -out reply-content.mime
# 5. Show the answer: the part after the label.
tr -d '\r' < reply-content.mime | awk '/^--/ { part++; body = 0; next } part == 2 && body; /^$/ { body = 1 }' |
  base64 -d | xmllint --format - | head -n 40
)
EXAMPLE
}
