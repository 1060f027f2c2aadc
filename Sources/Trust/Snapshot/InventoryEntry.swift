internal import Gateway

/// One certificate or revocation list of a set, as `certificates list` shows it and expiry is watched by.
package struct InventoryEntry: Codable, Hashable, Sendable {
    package enum Kind: String, CaseIterable, Codable, Sendable {
        case server
        case replySigner = "reply-signer"
        case recordSigner = "record-signer"
        case providerClient = "provider-client"
        case brokerClient = "broker-client"
        /// An authority that stands behind a certificate of our own in its file.
        case ownAuthority = "own-authority"
        case anchor, intermediate
        case revocationList = "revocation-list"

        /// Whether it is a certificate that we show ourselves.
        package var isOwn: Bool {
            switch self {
            case .server, .replySigner, .recordSigner, .providerClient, .brokerClient: true
            case .ownAuthority, .anchor, .intermediate, .revocationList: false
            }
        }
    }

    package let kind: Kind
    /// Below the set's folder; several entries may come from one file.
    package let file: String
    /// Of a revocation list its issuer; RFC 4514.
    package let subject: String
    /// SHA-256 over the DER form, lower-case hexadecimal.
    package let fingerprint: String
    /// Seconds since 1970 (UTC); of a revocation list its thisUpdate.
    package let notBefore: Int64
    /// The same; of a revocation list its nextUpdate.
    package let notAfter: Int64
}

extension InventoryEntry {
    init(_ kind: Kind, _ certificate: Certificate, file: String) {
        let identity = certificate.identity
        self.init(
            kind: kind, file: file, subject: identity.subject, fingerprint: identity.fingerprint,
            notBefore: certificate.notBefore ?? 0, notAfter: identity.notAfter)
    }

    init(_ list: RevocationList, file: String) {
        self.init(
            kind: .revocationList, file: file, subject: list.issuer, fingerprint: hexadecimal(list.fingerprint),
            notBefore: list.thisUpdate ?? 0, notAfter: list.nextUpdate ?? 0)
    }
}
