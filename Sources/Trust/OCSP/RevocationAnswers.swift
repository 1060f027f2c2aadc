internal import Gateway

/// What OCSP responders say about single certificates, verified: a part of a snapshot, as revocation lists are.
///
/// An answer is about a serial number of an authority (RFC 6960 §4.1.1), so no certificate is needed to keep it. Whoever
/// fetched it, the process that uses it has verified it itself: signature, responder, issuer and validity, without a
/// nonce, since answers are kept (RFC 5019 §2.1).
///
/// **Lists and answers together.** What is revoked by either is revoked. A current list that does not name a certificate
/// is enough; where no current list covers it, a current answer `good` is; where there is neither, its revocation is
/// unknown.
package struct RevocationAnswers: Sendable {
    /// One answer about one certificate.
    package struct Answer: Sendable, Hashable {
        package let status: OCSPVerdict.Status
        /// Seconds since 1970 (UTC).
        package let thisUpdate: Int64
        /// The same; of an answer without an end, what `OCSPPolicy/ageWithoutNextUpdate` makes of it.
        package let nextUpdate: Int64
        /// When the certificate of who signed it ends: it says nothing good after that.
        let vouchedUntil: Int64

        /// How current it is; a revocation does not run out.
        package func stage(at instant: Int64, policy: TrustPolicy) -> RevocationStage {
            if self.status == .revoked { return .fresh }
            guard instant < self.vouchedUntil else { return .stale }
            return .stage(
                nextUpdate: self.nextUpdate, at: instant - policy.clockSkewAllowance, grace: policy.revocationGrace)
        }
    }

    struct Key: Hashable, Sendable {
        /// ``Certificate/authorityKey``.
        let authority: String
        /// Hexadecimal.
        let serialNumber: String
    }

    /// What one kept response says, or nothing when it is not to be believed.
    struct Reading: Sendable {
        let mark: FileMark
        let answers: [Key: Answer]
        /// Why it is not believed; nil when it is.
        let refusal: OCSPRefusal?
    }

    private let answers: [Key: Answer]
    /// By name of the file, so that what has not changed is not verified again.
    let readings: [String: Reading]
    /// What the readings rest on beside the responses.
    let basis: Set<[UInt8]>

    package static let none = RevocationAnswers(readings: [:], basis: [])

    init(readings: [String: Reading], basis: Set<[UInt8]>) {
        self.readings = readings
        self.basis = basis
        self.answers = readings.values.reduce(into: [:]) { answers, reading in
            answers.merge(reading.answers) { $0.isReplaced(by: $1) ? $1 : $0 }
        }
    }

    package var isEmpty: Bool { self.answers.isEmpty }

    /// Responses that are kept and not believed, with the reason.
    package var refusals: [String: OCSPRefusal] { self.readings.compactMapValues(\.refusal) }

    /// What is known about a certificate; `issuer` is the authority whose key signed it.
    package func answer(about certificate: Certificate, issuer: Certificate) -> Answer? {
        guard !self.answers.isEmpty else { return nil }
        return self.answers[Key(authority: issuer.authorityKey, serialNumber: certificate.identity.serialNumber)]
    }

    /// How many answers are in which stage.
    package func stages(at instant: Int64, policy: TrustPolicy) -> [RevocationStage: Int] {
        self.answers.values.reduce(into: [:]) { $0[$1.stage(at: instant, policy: policy), default: 0] += 1 }
    }

    /// Whether it has an answer about some certificate of an authority.
    func hasAnswer(of authority: Certificate) -> Bool {
        guard !self.answers.isEmpty else { return false }
        let key = authority.authorityKey
        return self.answers.keys.contains { $0.authority == key }
    }

    /// What is revoked.
    var revoked: Set<Key> { Set(self.answers.filter { $0.value.status == .revoked }.keys) }
}

extension RevocationAnswers.Answer {
    /// Whether another answer about the same certificate takes its place: the later one, and a revocation of the same second.
    fileprivate func isReplaced(by other: Self) -> Bool {
        if self.thisUpdate != other.thisUpdate { return self.thisUpdate < other.thisUpdate }
        return other.status == .revoked || (self.status != .revoked && self.nextUpdate < other.nextUpdate)
    }
}
