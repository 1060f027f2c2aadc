#!/usr/bin/env bash
# The rules that a compiler does not know: what the pure core may use, how long a file may be, what may never be in git.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
broken=0

# rule SENTENCE FOUND: a rule holds when nothing was found.
rule() {
    if [[ -n $2 ]]; then printf '%s\n%s\n\n' "$1" "$2"; broken=1; fi
}

if git rev-parse --git-dir >/dev/null 2>&1; then
    mapfile -t files < <(git ls-files --cached --others --exclude-standard)
else
    mapfile -t files < <(find . -type f -not -path './.*' | sed 's|^\./||')
fi
long_lines() { wc -l "$@" | awk '$2 != "total" && $1 > 400'; }
source_files=()
for file in "${files[@]}"; do
    if [[ -f $file && ($file == *.swift || $file == *.sh || $file == run || $file == .ci/run) ]]; then source_files+=("$file"); fi
done

pure=(Sources/SHS Sources/SSBTEK Sources/Gateway)
shells='NIO[A-Za-z]*|Hummingbird[A-Za-z]*|AsyncHTTPClient|AMQP|AMQPTransport|HTTPIngress|Providers|Trust|Crypto|CRabbitMQ|COpenSSL|CLibXML2|FoundationNetworking|Glibc'
rule "The pure core imports a shell or a C module:" \
    "$(grep -rnE "^[[:space:]]*(@[A-Za-z_]+(\([^)]*\))? +)*((package|internal|fileprivate|private|public) +)?import +([a-z]+ +)?($shells)\b" --include='*.swift' "${pure[@]}" || true)"
rule "The pure core contains the word unsafe:" "$(grep -rnw unsafe --include='*.swift' "${pure[@]}" || true)"
rule "Files above 400 lines:" "$(long_lines "${source_files[@]}")"
rule "Keys or certificates by their name:" \
    "$(printf '%s\n' "${files[@]}" | grep -E '\.(key|pem|crt|cer|der|p12|pfx|jks|crl)$' || true)"
rule "Keys or certificates by their content:" \
    "$(grep -lsE '^[[:space:]"]*-----BEGIN [A-Z0-9 ]*(PRIVATE KEY|CERTIFICATE|X509 CRL)-----' "${files[@]}" || true)"
rule "Tests that are switched off:" "$(grep -rnE '\.disabled\(|withKnownIssue|XCTSkip' --include='*.swift' Tests || true)"
# SO_DEBUG has TCP_NODELAY's number: as root nobody notices, another user's connections end at once (seen).
rule "TCP options set at the socket's level:" "$(grep -rn 'socketOption(\.tcp_' --include='*.swift' Sources Tests Benchmarks Chaos || true)"
exit "$broken"
