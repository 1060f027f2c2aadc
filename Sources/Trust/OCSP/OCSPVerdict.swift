package import Gateway

/// Why an OCSP response is not accepted; the raw values are stable, and the first one that holds is reported.
package enum OCSPRefusal: String, CaseIterable, Codable, Sendable {
    /// Not an OCSP response in DER, or with bytes after it.
    case malformed
    /// The responder says that it has no answer, such as `tryLater` (RFC 6960 §4.2.1).
    case responderError = "responder-error"
    /// Successful, but not of type `id-pkix-ocsp-basic`.
    case unsupportedType = "unsupported-type"
    case tooManyAnswers = "too-many-answers"
    /// An answer is about a certificate of another issuer: the hash of its name or of its key differs.
    case wrongIssuer = "wrong-issuer"
    /// There is no answer about the certificate that was asked for.
    case certificateNotCovered = "certificate-not-covered"
    /// Neither the issuer nor a certificate in the response is the one that the responder ID names.
    case responderUnknown = "responder-unknown"
    case signatureInvalid = "signature-invalid"
    /// The signer's certificate was not issued by the issuer itself (RFC 6960 §4.2.2.2).
    case responderNotIssuedByIssuer = "responder-not-issued-by-issuer"
    /// The signer's certificate is not for `id-kp-OCSPSigning`, or may not sign at all.
    case responderNotAuthorized = "responder-not-authorized"
    case responderRevoked = "responder-revoked"
    /// The signer's certificate has run out or is not valid yet.
    case responderOutOfDate = "responder-out-of-date"
    /// There is no valid path from the signer to an anchor.
    case untrusted
    case criticalExtension = "critical-extension"
    case weakAlgorithm = "weak-algorithm"
    case notYetValid = "not-yet-valid"
    case expired

    var rank: Int { Self.allCases.firstIndex(of: self) ?? Self.allCases.count }
}

/// What was decided about one OCSP response, and why: a value, the same for `verify-ocsp` and for the cache.
package struct OCSPVerdict: Sendable, Hashable, Encodable {
    /// What the issuer says about a certificate (RFC 6960 §2.2).
    package enum Status: String, Codable, Sendable { case good, revoked, unknown }

    /// One answer of the response.
    ///
    /// Times are seconds since 1970 (UTC).
    package struct Answer: Sendable, Hashable, Codable {
        /// Serial number of the certificate that it is about, hexadecimal.
        package let serialNumber: String
        package let status: Status
        package let thisUpdate: Int64?
        package let nextUpdate: Int64?
        package let revokedAt: Int64?
        /// Whether the moment that was asked for lies in the answer's validity.
        package let isCurrent: Bool
    }

    /// Something found wrong.
    package struct Finding: Sendable, Hashable, Codable {
        package let reason: OCSPRefusal
        /// A constant sentence.
        package let detail: String
        /// Whether the policy only warns about it.
        package let isWarning: Bool
    }

    /// Nil when the response is accepted: then, and only then, its answers may be used.
    package let reason: OCSPRefusal?
    package let findings: [Finding]
    /// Who signed it; nil when that was not found out.
    package let responder: CertificateIdentity?
    package let producedAt: Int64?
    /// The answers about the certificate that was asked for, or all of them when none was named.
    package let answers: [Answer]
    /// Whose certificates it is about, ``Certificate/authorityKey``; nil when that was not found out.
    let issuerKey: String?

    init(
        findings: [Finding], responder: CertificateIdentity? = nil, producedAt: Int64? = nil, answers: [Answer] = [],
        issuerKey: String? = nil
    ) {
        self.issuerKey = issuerKey
        self.findings = findings
        self.reason = findings.filter { !$0.isWarning }.map(\.reason).min { $0.rank < $1.rank }
        self.responder = responder
        self.producedAt = producedAt
        self.answers = answers
    }

    package var accepted: Bool { self.reason == nil }

    /// What the answers say together: one `revoked` outweighs all others, and one `unknown` outweighs `good`.
    ///
    /// Nil in a refused verdict.
    package var status: Status? {
        guard self.accepted, !self.answers.isEmpty else { return nil }
        let statuses = Set(self.answers.map(\.status))
        return statuses.contains(.revoked) ? .revoked : statuses.contains(.unknown) ? .unknown : .good
    }

    private enum CodingKeys: String, CodingKey {
        case accepted, reason, status, findings, responder, producedAt, answers
    }

    /// One JSON object; `reason` is null when the response is accepted.
    package func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(self.accepted, forKey: .accepted)
        try values.encode(self.reason, forKey: .reason)
        try values.encode(self.status, forKey: .status)
        try values.encode(self.findings, forKey: .findings)
        try values.encode(self.responder, forKey: .responder)
        try values.encode(self.producedAt, forKey: .producedAt)
        try values.encode(self.answers, forKey: .answers)
    }
}
