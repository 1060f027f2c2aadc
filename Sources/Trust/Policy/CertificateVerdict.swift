package import Gateway

/// What was decided about one certificate, and why: a value, the same for `verify-certificate`, the log and the
/// ingress.
package struct CertificateVerdict: Sendable, Hashable, Encodable {
    package let purpose: CertificatePurpose
    /// Nil when the certificate is accepted.
    package let reason: RefusalReason?
    /// From the end entity to the anchor, as far as the path could be built.
    package let chain: [CertificateIdentity]
    /// Every check that this purpose asks for.
    package let checks: [TrustCheck]

    /// The verdict that a set of findings means: any that fails refuses.
    ///
    /// - Parameter skipped: Checks of the purpose that were not reached.
    init(
        purpose: CertificatePurpose, chain: [CertificateIdentity], checks kinds: [TrustCheck.Kind],
        skipped: Set<TrustCheck.Kind> = [], judged: [JudgedFinding]
    ) {
        self.purpose = purpose
        self.chain = chain
        self.reason = judged.refusal
        self.checks = kinds.map { TrustCheck($0, judged: judged, isSkipped: skipped.contains($0)) }
    }

    package var accepted: Bool { self.reason == nil }

    /// Whose certificate it is; nil when it could not be read.
    package var holder: CertificateIdentity? { self.chain.first }

    private enum CodingKeys: String, CodingKey { case accepted, reason, purpose, chain, checks }

    /// One JSON object; `reason` is null when the certificate is accepted.
    package func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(self.accepted, forKey: .accepted)
        try values.encode(self.reason, forKey: .reason)
        try values.encode(self.purpose, forKey: .purpose)
        try values.encode(self.chain, forKey: .chain)
        try values.encode(self.checks, forKey: .checks)
    }
}

extension [JudgedFinding] {
    /// The reason that refuses, when one does: the one that stands first in the list of reasons.
    var refusal: RefusalReason? {
        self.filter { $0.disposition == .fail }.map(\.finding.reason).min { $0.rank < $1.rank }
    }
}
