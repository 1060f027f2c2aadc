# shellcheck shell=bash
# What each role is told: its command line, and the configuration keys that differ from Config/gateway.yaml. Key amqp.port is the
# variable SHS_AMQP_PORT. This is the only place in the scripts where keys are written.

readonly PROVIDERS=(AF CSN FK SKV SO TNS MIV)
declare -a SIMULATE=()   # --simulate options, as 'CSN:latency=6s'
declare -a EXTRA=()      # settings of the gateway's roles for one kind of run, as SHS_KEYRING_LIFETIME=10s

# The values that ./run up writes into .run/up.env. Somebody may have sourced that file: they are no settings.
readonly UP_KEYS=(
    SHS_URL SHS_CA SHS_CLIENT_CERT SHS_CLIENT_KEY SHS_SIGNER_CERT SHS_SIGNER_KEY
    SHS_PARTY SHS_TO SHS_PRODUCT SHS_REPLY_CA SHS_BROKER_DATA SHS_LOGS SHS_PIDS SHS_LIVE_URL
)
unset "${UP_KEYS[@]}"

# role_settings ROLE: sets ENVIRONMENT and COMMAND. Roles: simulate, correlator, worker-CSN, worker-CSN-2, worker-all, …, ingress, send, audit-verify.
role_settings() {
    local role=$1 provider option
    local -a served
    ENVIRONMENT=("SHS_CERTIFICATES_DIRECTORY=$PKI" SHS_LOG_FORMAT=json)
    COMMAND=("${role%%-*}" --config "$ROOT/Config/gateway.yaml")
    case $role in send | audit-verify) ;; *) COMMAND+=(--ports-file "$(ports_file "$role")") ;; esac
    case $role in
    simulate)
        # A restarted simulator must be found where its workers look for it.
        for provider in "${PROVIDERS[@]}"; do
            ENVIRONMENT+=("SHS_SIMULATE_${provider}_PORT=$(bound_port simulate "${provider}_PORT")")
        done
        for option in "${SIMULATE[@]}"; do COMMAND+=(--set "$option"); done
        ;;
    worker-*)
        served=("${role#worker-}"); served=("${served[0]%%-*}")
        if [[ ${served[0]} == all ]]; then served=("${PROVIDERS[@]}"); fi
        broker_settings
        for provider in "${served[@]}"; do
            ENVIRONMENT+=("SHS_PROVIDERS_${provider}_URL=https://localhost:$(bound_port simulate "${provider}_PORT")/")
            COMMAND+=(--provider "$provider")
        done
        ;;
    correlator)
        broker_settings
        token_settings
        ;;
    ingress)
        broker_settings
        token_settings
        ENVIRONMENT+=(
            SHS_INGRESS_HOST=127.0.0.1
            "SHS_INGRESS_PORT=$(bound_port ingress SHS_PORT)"
            "SHS_HEALTH_PORT=$(bound_port ingress HEALTH_PORT)"
        )
        ;;
    audit-verify)
        COMMAND=(audit verify --config "$ROOT/Config/gateway.yaml")
        ENVIRONMENT+=("SHS_AUDIT_DIRECTORY=$WORK/record")
        ;;
    send)
        ENVIRONMENT+=(
            "SHS_SEND_URL=$(endpoint)"
            "SHS_SEND_ANCHORS=$PKI/peers/server-anchors.pem"
            "SHS_SEND_TRANSPORT_CERTIFICATE=$PEER/transport.crt"
            "SHS_SEND_TRANSPORT_KEY=$PEER/transport.key"
            "SHS_SEND_SIGNER_CERTIFICATE=$PEER/signer.crt"
            "SHS_SEND_SIGNER_KEY=$PEER/signer.key"
            "SHS_SEND_REPLY_ANCHORS=$PKI/peers/reply-anchors.pem"
            "SHS_SEND_REPLY_LISTS=$PKI/peers/reply-crls.pem"
            "SHS_SEND_PARTY=$PARTY"
        )
        ;;
    esac
}

broker_settings() {
    ENVIRONMENT+=(
        SHS_AMQP_HOST=127.0.0.1
        "SHS_AMQP_PORT=$AMQP_PORT"
        "SHS_AMQP_USER=$AMQP_USER"
        "SHS_AMQP_PASSWORD=$AMQP_PASSWORD"
        "SHS_KEYRING_DIRECTORY=$(keyring_folder)"
        "SHS_STATE_DIRECTORY=$WORK/state"
        "SHS_AUDIT_DIRECTORY=$WORK/record"
        "SHS_AUDIT_PSEUDONYM_KEYS=$WORK/pseudonym-keys"
        "${EXTRA[@]}"
    )
}

# Only when bench has made a token.
token_settings() {
    if [[ -z ${TOKEN_PIN:-} ]]; then return; fi
    ENVIRONMENT+=(
        "SOFTHSM2_CONF=$WORK/token/softhsm2.conf"
        SHS_PKCS11_MODULE=/usr/lib/softhsm/libsofthsm2.so
        "SHS_PKCS11_PIN=$TOKEN_PIN"
    )
}

# In memory, where keys are to lie; on a machine without /dev/shm the roles refuse to start, and say why.
keyring_folder() { printf '/dev/shm/shs-gateway-%s/keyring' "${WORK##*.}"; }

# LEFI has its own path, which the worker adds; the other simulated services listen under their names.
base_path() { [[ $1 == FK ]] || printf '/%s' "${1,,}"; }

endpoint() { printf 'https://localhost:%s/shs/rs' "$(bound_port ingress SHS_PORT)"; }

# What somebody needs to send to this run and to watch it, as KEY=VALUE lines that a shell can read.
client_values() {
    local key
    local -A value=(
        [SHS_URL]=$(endpoint)
        [SHS_CA]=$PKI/peers/server-anchors.pem
        [SHS_CLIENT_CERT]=$PEER/transport.crt
        [SHS_CLIENT_KEY]=$PEER/transport.key
        [SHS_SIGNER_CERT]=$PEER/signer.crt
        [SHS_SIGNER_KEY]=$PEER/signer.key
        [SHS_PARTY]=$PARTY
        [SHS_TO]=$AUTHORITY
        [SHS_PRODUCT]=$PRODUCT
        [SHS_REPLY_CA]=$PKI/peers/reply-anchors.pem
        [SHS_BROKER_DATA]=$BROKER
        [SHS_LOGS]=$LOGS
        [SHS_PIDS]=$WORK/pids
        [SHS_LIVE_URL]=http://127.0.0.1:$(bound_port ingress HEALTH_PORT)/live
    )
    for key in "${UP_KEYS[@]}"; do printf '%s=%q\n' "$key" "${value[$key]}"; done
}
