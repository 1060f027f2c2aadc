# shellcheck shell=bash
# A throw-away PKI for this run: node, parties, base services, CRLs. Made anew each time, gone afterwards.

# Who asks in demo, up and bench, and who answers: fictitious, as Certificates/generate.sh registers them.
PARTY=2120009911 PARTY_FOLDER=kommun-a
AUTHORITY=2021005521
PRODUCT=00000000-0000-0000-0000-00000000e001

declare -a PKI_OPTIONS=()   # further ones of generate.sh

make_pki() {
    PKI=$WORK/pki
    if ! slow_step "making a throw-away PKI" "$LOGS/pki.log" "$ROOT/Certificates/generate.sh" "$PKI" "${PKI_OPTIONS[@]}"; then
        tail_of "$LOGS/pki.log"
        die "the PKI could not be made; the whole log is $LOGS/pki.log"
    fi
    PEER=$PKI/peers/$PARTY_FOLDER
}
