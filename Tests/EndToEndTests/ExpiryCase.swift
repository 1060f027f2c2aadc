import Foundation
import Testing

/// One kind of thing in a set that ends, and what every command and role says about it then.
struct ExpiryCase: CustomTestStringConvertible, Sendable {
    let name: String
    /// Puts the thing into `$SET` so that it ends at `$END`; `$CA` is the development PKI.
    let steps: String
    /// Below the set.
    let file: String
    /// As `certificates list` calls it.
    let kind: String
    /// What `certificates check` says of the roles that would refuse the set then.
    let refusals: [String: [String]]
    /// What it warns of in roles that would still take it.
    var warnings: [String: [String]] = [:]

    var testDescription: String { self.name }

    private static let noneValid = "there is no certificate that is valid now"

    static let own = [
        Self(
            name: "TLS server", steps: Self.issue("node-root server", "node/tls-server/1", "/CN=localhost"),
            file: "node/tls-server/1.crt", kind: "server",
            refusals: ["ingress": ["node/tls-server: \(Self.noneValid)"]]),
        Self(
            name: "reply signing", steps: Self.issue("node-root signer", "node/reply-signing/1", "/CN=svar"),
            file: "node/reply-signing/1.crt", kind: "reply-signer",
            refusals: ["correlator": ["node/reply-signing: \(Self.noneValid)"]]),
        Self(
            name: "client of base services",
            steps: Self.issue("provider-root client", "node/provider-client/1", "/CN=klient"),
            file: "node/provider-client/1.crt", kind: "provider-client",
            refusals: ["worker": ["node/provider-client: \(Self.noneValid)"]]),
        Self(
            name: "record signing", steps: Self.issue("node-root signer", "node/record-signing/1", "/CN=logg"),
            file: "node/record-signing/1.crt", kind: "record-signer",
            refusals: Dictionary(
                uniqueKeysWithValues: ["ingress", "worker", "correlator"].map {
                    ($0, ["node/record-signing: \(Self.noneValid)"])
                })),
    ]

    static let brokerClients = ["ingress", "worker", "correlator"].map { role in
        Self(
            name: "client of the broker, \(role)",
            steps: Self.issue("broker-root client", "node/broker-client/\(role)/1", "/CN=\(role)"),
            file: "node/broker-client/\(role)/1.crt", kind: "broker-client",
            refusals: [role: ["node/broker-client/\(role): \(Self.noneValid)"]])
    }

    /// Every role looks at all anchors, since whoever trusts none has a set that was put together wrongly.
    static let anchors = ["client", "signer", "provider", "broker"].map { kind in
        let file = kind == "broker" ? "anchors/broker.pem" : "anchors/\(kind)s.pem"
        let sentences = ["\(file): every anchor has expired"]
        return Self(
            name: "\(kind) anchor", steps: Self.renew("\(kind)-root", "\(kind)-root", "root", file),
            file: file, kind: "anchor",
            refusals: ["ingress": sentences, "worker": sentences, "correlator": sentences])
    }

    /// Others are not touched, so it is a warning.
    static let intermediates = ["client", "signer"].map { kind in
        Self(
            name: "\(kind) intermediate",
            steps: Self.renew("\(kind)-issuing", "\(kind)-root", "issuing", "intermediates/\(kind)s.pem"),
            file: "intermediates/\(kind)s.pem", kind: "intermediate", refusals: [:],
            warnings: [
                "ingress": ["the authority CN=Utveckling \(kind) issuing,O=Utveckling,C=SE has expired"]
            ])
    }

    static let lists = [("client-issuing", "ingress"), ("signer-root", "ingress"), ("provider-root", "worker")].map {
        authority, role in
        let subject = "CN=Utveckling \(authority.replacing("-", with: " ")),O=Utveckling,C=SE"
        return Self(
            name: "revocation list of \(authority)", steps: Self.revocationList(of: authority),
            file: "crls/\(authority).pem", kind: "revocation-list",
            refusals: [role: ["crls/\(authority).pem: the revocation list of \(subject) has expired"]])
    }

    static let all = own + brokerClients + anchors + intermediates + lists

    /// A new list of an authority.
    static func revocationList(of authority: String) -> String {
        "openssl ca -config \"$CA/authorities/\(authority)/config\" -gencrl -crl_nextupdate \"$END\" "
            + "-out \"$SET/crls/\(authority).pem\""
    }

    private static func issue(_ profile: String, _ file: String, _ subject: String) -> String {
        "issue.sh \"$CA\" \(profile) \"$SET/\(file)\" '/C=SE/O=Nod\(subject)' --end \"$END\""
    }

    /// The same authority, key and name, with an end of its own.
    private static func renew(_ name: String, _ parent: String, _ extensions: String, _ file: String) -> String {
        """
        cd "$CA/authorities"
        openssl req -new -key \(name)/ca.key -out "$SET.request" -config /dev/null -utf8 \
            -subj "/C=SE/O=Utveckling/CN=Utveckling \(name.replacing("-", with: " "))"
        openssl ca -config \(parent)/config -batch -notext \(name == parent ? "-selfsign" : "") -in "$SET.request" \
            -extensions \(extensions) -extfile \(name)/config -enddate "$END" \
            -startdate "$(date -u -d '-1 day' +%Y%m%d%H%M%SZ)" -out "$SET/\(file)"
        rm "$SET.request"
        """
    }
}
