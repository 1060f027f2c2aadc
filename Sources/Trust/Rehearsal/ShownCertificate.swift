/// A certificate as a peer has shown it: enough to decide about it again, nothing of what it was shown for.
package struct ShownCertificate: Sendable, Hashable {
    package let purpose: CertificatePurpose
    /// DER, the peer's own first, then what came with it.
    package let chain: [[UInt8]]
    /// The host that was asked, for a server.
    package let serverName: String?

    package init(purpose: CertificatePurpose, chain: [[UInt8]], serverName: String? = nil) {
        self.purpose = purpose
        self.chain = chain
        self.serverName = serverName
    }

    /// SHA-256 over the peer's own certificate, lower-case hexadecimal; nil without one.
    package var fingerprint: String? { self.chain.first.map { hexadecimal(Certificate.fingerprint(der: $0)) } }
}
