#!/usr/bin/env bash
# Test questions and unsigned SHS messages.
#   scripts/message.sh question NUMBER                     one question (XML) about the person with this number, to all seven providers
#   scripts/message.sh message NUMBER|FILE.xml...          a whole SHS message (MIME, not signed) with one question for each argument
# PARTY, TO and PRODUCT in the environment replace who asks, who is asked, and for what.
set -euo pipefail
party=${PARTY:-2120009911} to=${TO:-2021005521} product=${PRODUCT:-00000000-0000-0000-0000-00000000e001}

usage() { sed -n '2,5p' "$0" >&2; exit 64; }
uuid() { cat /proc/sys/kernel/random/uuid; }

question() {
    local number=$1 from until lefi
    [[ $number =~ ^[0-9]{12}$ ]] || { echo "$0: a person's number has twelve digits" >&2; exit 64; }
    from=$(date -d "$(date +%Y-%m-01) -1 month" +%Y-%m-%d); until=$(date -d "$(date +%Y-%m-01) -1 day" +%Y-%m-%d)
    lefi=$(printf '{"personnummer":"%s","period":{"from":"%s","tom":"%s"},"formansinformation":["FK:SJP","FK:FP","FK:BOB","PM:AP"],"ovrigInformation":["FK:GEPI","FK:SGI"]}' \
        "$number" "$from" "$until" | base64 -w 0)
    cat <<XML
<?xml version="1.0" encoding="UTF-8"?>
<hamtaBastjanstInformation xmlns="http://schema.forsakringskassan.se/integration/ssbt/10">
  <generellaFrageparametrar>
    <korrelationsid>$(uuid)</korrelationsid>
    <fraganSkallInkluderasISvaret>false</fraganSkallInkluderasISvaret>
    <ingivare>
      <organisationsnummer>16$party</organisationsnummer>
      <namn>Exempelkommun</namn>
      <handlaggare>handlaggare-17</handlaggare>
    </ingivare>
    <personidentitet>$number</personidentitet>
    <arendeidentitet>EB-2026-0042</arendeidentitet>
    <tidsperiod>
      <fromDatum>$from</fromDatum>
      <tomDatum>$until</tomDatum>
    </tidsperiod>
    <syfte>Handläggning av ekonomiskt bistånd</syfte>
    <lagtext>11 kap. 11 § socialtjänstlagen</lagtext>
  </generellaFrageparametrar>
  <specifikaFrageparametrar>
    <AF inkludera="true"/>
    <CSN inkludera="true"/>
    <FK inkludera="true">
      <fraga>
        <version>v9</version>
        <aktorsid>00000000-0000-0000-0000-00000000a001</aktorsid>
        <lefiJsonFraga>$lefi</lefiJsonFraga>
      </fraga>
    </FK>
    <SKV inkludera="true"/>
    <SO inkludera="true"/>
    <TNS inkludera="true"/>
    <MIV inkludera="true"/>
  </specifikaFrageparametrar>
</hamtaBastjanstInformation>
XML
}

content_of() { if [[ $1 == *[!0-9]* ]]; then cat "$1"; else question "$1"; fi; }

message() {
    local boundary id number=0 argument
    boundary="=_shs_$(uuid)" id=$(uuid)
    {
        cat <<MIME
Subject: SHS Message
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="$boundary"

--$boundary
Content-Type: text/xml; charset=ISO-8859-1
Content-Transfer-Encoding: binary

<?xml version="1.0" encoding="ISO-8859-1"?>
<!DOCTYPE shs.label SYSTEM "shs-label-1.2.dtd">
<shs.label version="1.2" tx.id="$id" corr.id="$id" transfer-type="synch" message-type="simple"
           document-type="simple" sequence-type="request" status="test">
  <from commonName="Exempelkommun">urn:X-shs:$party</from>
  <to commonName="Composite service">urn:X-shs:$to</to>
  <product commonName="SSBTEK">urn:X-shs:$product</product>
  <subject>question</subject>
  <datetime>$(date +%Y-%m-%dT%H:%M:%S)</datetime>
  <content content.id="$(uuid)">
MIME
        for argument in "$@"; do
            number=$((number + 1)); printf '    <data datapartType="question" filename="question-%d.xml"/>\n' "$number"
        done
        printf '  </content>\n</shs.label>\n'
        number=0
        for argument in "$@"; do
            number=$((number + 1))
            printf '\n--%s\nContent-Type: application/xml\nContent-Transfer-Encoding: base64\n' "$boundary"
            printf 'Content-Disposition: attachment; filename=question-%d.xml\n\n' "$number"
            content_of "$argument" | base64 -w 76
        done
        printf -- '--%s--\n' "$boundary"
    } | sed 's/$/\r/'
}

[[ $# -ge 2 ]] || usage
command=$1; shift
case $command in
question) [[ $# == 1 ]] || usage; question "$1" ;;
message) message "$@" ;;
*) usage ;;
esac
