package import Trust

/// The newest list of each issuer and scope, and the newest answer about each certificate: what may replace what.
///
/// Nothing gets in that is not signed by the right authority, and nothing is replaced by something older.
package struct RevocationLedger: Sendable {
    /// What became of something that was fetched.
    package enum Admission: Hashable, Sendable {
        case adopted
        /// It is what is already held.
        case unchanged
        case refused(RevocationRefusal)
    }

    /// A list with the authority that signed it.
    struct HeldList: Sendable {
        let list: RevocationList
        let issuer: Certificate
        let fingerprint: [UInt8]
    }

    /// An answer with the response that it stands in.
    struct HeldAnswer: Sendable {
        let status: OCSPVerdict.Status
        let thisUpdate: Int64
        let nextUpdate: Int64
        let response: [UInt8]
    }

    private let configuration: RevocationConfiguration
    private var authorities: [Certificate] = []
    var knownAuthorities: [Certificate] { self.authorities }
    /// By `<authority>-<scope>`.
    private(set) var lists: [String: HeldList] = [:]
    /// By the certificate's fingerprint in hexadecimal.
    private(set) var answers: [String: HeldAnswer] = [:]

    package init(_ configuration: RevocationConfiguration) { self.configuration = configuration }

    /// Forgets what nobody vouches for or asks for any more.
    ///
    /// - Returns: Whether something was forgotten.
    package mutating func planChanged(_ plan: RevocationPlan) -> Bool {
        self.authorities = plan.authorities
        let keys = Set(plan.authorities.map(\.authorityKey))
        let before = (self.lists.count, self.answers.count)
        self.lists = self.lists.filter { keys.contains($0.value.issuer.authorityKey) }
        self.answers = self.answers.filter { plan.sources["answer \($0.key)"] != nil }
        return before != (self.lists.count, self.answers.count)
    }

    /// Takes a list up when it is good and newer than the one held.
    ///
    /// - Parameters:
    ///   - signers: Subjects in DER of who may have signed it; nil for any authority.
    ///   - isFromDisk: What was held before a restart is held again, even when it has run out meanwhile.
    ///   - instant: Seconds since 1970 (UTC).
    package mutating func admit(
        _ list: RevocationList, signers: Set<[UInt8]>? = nil, isFromDisk: Bool = false, at instant: Int64
    ) -> Admission {
        guard let start = list.thisUpdate, let end = list.nextUpdate else { return .refused(.noValidity) }
        guard signers?.contains(list.issuerBytes) ?? true else { return .refused(.otherIssuer) }
        let named = self.authorities.filter { $0.subjectBytes == list.issuerBytes && $0.signsRevocationLists }
        guard !named.isEmpty else { return .refused(.otherIssuer) }
        guard list.meets(self.configuration.algorithms) else { return .refused(.weakAlgorithm) }
        guard start <= instant + self.configuration.clockSkewAllowance else { return .refused(.fromTheFuture) }
        guard !list.hasUnknownCriticalExtension else { return .refused(.criticalExtension) }
        guard let issuer = named.first(where: list.isSigned(by:)) else { return .refused(.signatureInvalid) }

        let slot = "\(issuer.authorityKey.prefix(16))-\(list.scope)"
        let candidate = HeldList(list: list, issuer: issuer, fingerprint: list.fingerprint)
        if let held = self.lists[slot] {
            if held.fingerprint == candidate.fingerprint { return .unchanged }
            guard candidate.list.isNewer(than: held.list) else { return .refused(.older) }
        } else {
            let stage = RevocationStage.stage(nextUpdate: end, at: instant, grace: self.configuration.grace)
            guard isFromDisk || stage != .stale else { return .refused(.expired) }
            guard self.lists.count < self.configuration.maximumLists else { return .refused(.tooManyLists) }
        }
        self.lists[slot] = candidate
        return .adopted
    }

    /// Takes an answer up when it is good and not older than the one held.
    package mutating func admit(
        response: [UInt8], about certificate: Certificate, issuer: Certificate, at instant: Int64
    ) -> Admission {
        var policy = OCSPPolicy.strict
        policy.algorithms = self.configuration.algorithms
        policy.clockSkewAllowance = self.configuration.clockSkewAllowance
        let verdict = OCSPVerifier.verify(
            response, about: certificate, issuers: [issuer], trust: self.authorities,
            revocationLists: self.lists.values.map(\.list), at: instant, policy: policy)
        guard let status = verdict.status else { return .refused(.answerNotAccepted(verdict.reason ?? .malformed)) }
        let starts = verdict.answers.compactMap(\.thisUpdate)
        guard let start = starts.min() else { return .refused(.noValidity) }
        let ends = verdict.answers.map { $0.nextUpdate ?? start + policy.ageWithoutNextUpdate }
        let answer = HeldAnswer(
            status: status, thisUpdate: start, nextUpdate: ends.min() ?? start, response: response)
        if let held = self.answers[certificate.fingerprintText] {
            if held.response == response { return .unchanged }
            // Of two answers of one second, a revocation stands.
            let isNewer = answer.thisUpdate > held.thisUpdate
            guard isNewer || (answer.thisUpdate == held.thisUpdate && held.status != .revoked) else {
                return .refused(.older)
            }
        }
        self.answers[certificate.fingerprintText] = answer
        return .adopted
    }
}

extension RevocationList {
    /// Whether this list is to replace one of the same issuer and scope: number and time must not go back
    /// (RFC 5280 §5.2.3), and one of them, or the end, has to go on.
    fileprivate func isNewer(than other: RevocationList) -> Bool {
        guard let start = self.thisUpdate, let otherStart = other.thisUpdate, start >= otherStart else { return false }
        if let number = self.number, let otherNumber = other.number {
            if number != otherNumber { return Self.isLess(otherNumber, number) }
        }
        return start > otherStart || (self.nextUpdate ?? 0) > (other.nextUpdate ?? 0)
    }

    /// Compares numbers without leading zeros.
    private static func isLess(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        left.count != right.count ? left.count < right.count : left.lexicographicallyPrecedes(right)
    }
}
