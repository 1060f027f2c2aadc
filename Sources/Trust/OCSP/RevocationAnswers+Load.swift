internal import FoundationEssentials
internal import Gateway

extension RevocationAnswers {
    /// Folder below that of the fetched lists, one response per file.
    package static let folderName = ".ocsp"

    /// Reads and verifies the responses (`.der`) that a folder keeps.
    ///
    /// - Parameters:
    ///   - authorities: Who may have issued the certificates that the answers are about.
    ///   - lists: What delegated responders are looked up in.
    ///   - previous: What was read before: a file that is still the same one is not read again.
    init(
        folder: String, authorities: [Certificate], lists: [RevocationList], policy: TrustPolicy, at instant: Int64,
        previous: RevocationAnswers = .none
    ) {
        let basis = Set(authorities.map(\.fingerprint) + lists.map(\.fingerprint))
        let known = previous.basis == basis ? previous.readings : [:]
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        var readings: [String: Reading] = [:]
        for name in names where name.hasSuffix(".der") && readings.count < Self.maximumResponses {
            guard let mark = FileMark(path: "\(folder)/\(name)") else { continue }
            if let reading = known[name], reading.mark == mark {
                readings[name] = reading
            } else if mark.size <= Self.maximumResponseSize,
                let bytes = try? TrustDirectory.read(name, in: folder, isKey: false)
            {
                readings[name] = Self.read(
                    bytes, mark: mark, authorities: authorities, lists: lists, policy: policy, at: instant)
            }
        }
        self.init(readings: readings, basis: basis)
    }

    /// The same of responses that are at hand.
    package init(
        responses: [[UInt8]], authorities: [Certificate], lists: [RevocationList] = [],
        policy: TrustPolicy = TrustPolicy(), at instant: Int64
    ) {
        let mark = FileMark(modified: 0, size: 0, inode: 0)
        let readings = responses.enumerated().map { index, bytes in
            (
                "\(index)",
                Self.read(bytes, mark: mark, authorities: authorities, lists: lists, policy: policy, at: instant)
            )
        }
        self.init(readings: Dictionary(readings) { $1 }, basis: [])
    }

    /// As many as the service that fetches them looks after.
    private static let maximumResponses = 10_000
    /// Bytes; a response with its signer's certificates has 2 to 5 KiB.
    private static let maximumResponseSize: Int64 = 1 << 20

    private static func read(
        _ bytes: [UInt8], mark: FileMark, authorities: [Certificate], lists: [RevocationList], policy: TrustPolicy,
        at instant: Int64
    ) -> Reading {
        func verdict(at moment: Int64) -> OCSPVerdict {
            OCSPVerifier.verify(
                bytes, issuers: authorities, trust: authorities, revocationLists: lists, at: moment,
                policy: .kept(by: policy))
        }
        let now = verdict(at: instant)
        if let early = now.findings.first(where: { $0.reason == .notYetValid }) {
            return Reading(mark: mark, answers: [:], refusal: early.reason)
        }
        guard let reason = now.reason else { return Reading(mark: mark, answers: now.keptAnswers, refusal: nil) }
        // The certificate of who signed it may have run out since: what he had revoked stays revoked.
        guard let produced = now.producedAt, produced < instant else {
            return Reading(mark: mark, answers: [:], refusal: reason)
        }
        let revoked = verdict(at: produced).keptAnswers.filter { $0.value.status == .revoked }
        return Reading(mark: mark, answers: revoked, refusal: revoked.isEmpty ? reason : nil)
    }
}

extension OCSPPolicy {
    /// What a kept response has to be; how current its answers are is asked when they are used.
    fileprivate static func kept(by policy: TrustPolicy) -> Self {
        var own = OCSPPolicy.strict
        own.algorithms = policy.algorithms
        own.outOfDate = .warn
        own.clockSkewAllowance = policy.startAllowance
        return own
    }
}

extension OCSPVerdict {
    /// The answers of an accepted response by what they are about; of several about one certificate the worst.
    fileprivate var keptAnswers: [RevocationAnswers.Key: RevocationAnswers.Answer] {
        guard self.accepted, let issuerKey else { return [:] }
        var kept: [RevocationAnswers.Key: RevocationAnswers.Answer] = [:]
        for answer in self.answers {
            guard let start = answer.thisUpdate else { continue }
            let end = answer.nextUpdate ?? start + OCSPPolicy.strict.ageWithoutNextUpdate
            let key = RevocationAnswers.Key(authority: issuerKey, serialNumber: answer.serialNumber)
            let next = RevocationAnswers.Answer(
                status: answer.status, thisUpdate: start, nextUpdate: end,
                vouchedUntil: self.responder?.notAfter ?? end)
            if let held = kept[key], held.status.rank <= next.status.rank { continue }
            kept[key] = next
        }
        return kept
    }
}

extension OCSPVerdict.Status {
    fileprivate var rank: Int {
        switch self {
        case .revoked: 0
        case .unknown: 1
        case .good: 2
        }
    }
}
