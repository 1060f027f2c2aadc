package import Gateway

/// What was decided about one signed message, and why; holds nothing of the message's content.
package struct MessageVerdict: Sendable, Hashable, Encodable {
    /// Which bytes the signature was found to cover.
    package enum Coverage: String, Codable, Sendable {
        /// The first part exactly as received.
        case exact
        /// The first part with every line end as CRLF (RFC 8551 §3.1.1).
        case canonical
        /// The content inside the signature.
        case opaque
    }

    /// Nil when the message is accepted.
    package let reason: RefusalReason?
    /// Whose signature it is, as far as it could be read; to be believed only when the message is accepted.
    package let signer: CertificateIdentity?
    /// From the signer to the anchor, as far as the path could be built.
    package let chain: [CertificateIdentity]
    package let checks: [TrustCheck]
    /// Nil unless the message is accepted.
    package let coverage: Coverage?

    package var accepted: Bool { self.reason == nil }

    private enum CodingKeys: String, CodingKey { case accepted, reason, signer, chain, coverage, checks }

    /// One JSON object; `reason` is null when the message is accepted, `signer` when there is none.
    package func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(self.accepted, forKey: .accepted)
        try values.encode(self.reason, forKey: .reason)
        try values.encode(self.signer, forKey: .signer)
        try values.encode(self.chain, forKey: .chain)
        try values.encode(self.coverage, forKey: .coverage)
        try values.encode(self.checks, forKey: .checks)
    }
}

extension MessageVerdict {
    /// Refused before any certificate was looked at.
    static func refused(_ reason: RefusalReason, _ detail: String) -> Self {
        let finding = TrustCheck.Finding(reason: reason, depth: 0, detail: detail)
        let check = TrustCheck(reason.check, judged: [JudgedFinding(finding: finding, disposition: .fail)])
        return Self(reason: reason, signer: nil, chain: [], checks: [check], coverage: nil)
    }

    /// What the certificate's verdict and further findings about the message mean together.
    ///
    /// - Parameter coverage: Nil when the signature was not checked or is wrong.
    init(
        certificate: CertificateVerdict, findings: [JudgedFinding], signatureChecked: Bool, coverage: Coverage?
    ) {
        let reasons = [findings.refusal, certificate.reason].compactMap(\.self)
        self.reason = reasons.min { $0.rank < $1.rank }
        self.signer = certificate.holder
        self.chain = certificate.chain
        self.checks =
            [TrustCheck(.structure, judged: [])] + certificate.checks.map { $0.adding(findings) } + [
                TrustCheck(.signature, judged: [], isSkipped: !signatureChecked).adding(findings)
            ]
        self.coverage = reasons.isEmpty ? coverage : nil
    }
}
