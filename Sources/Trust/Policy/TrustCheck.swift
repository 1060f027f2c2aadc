/// One check of a verdict with its result: what `verify` prints and the record keeps.
package struct TrustCheck: Codable, Hashable, Sendable {
    /// What is checked.
    package enum Kind: String, CaseIterable, Codable, Sendable {
        case structure, path, pathSignatures = "path-signatures", algorithms, validity, extensions, authorities, usage
        case nameConstraints = "name-constraints", policies, revocation, serverName = "server-name", signature
    }

    /// How it ended.
    package enum Result: String, Codable, Sendable {
        case passed, failed
        /// Something was found that the policy only warns of.
        case warned
        /// Something was found that the policy ignores.
        case ignored
        /// Not looked at, since an earlier check failed that it rests on.
        case skipped
    }

    /// One thing that was found wrong.
    package struct Finding: Codable, Hashable, Sendable {
        package let reason: RefusalReason
        /// Position in the path: 0 is the end entity.
        package let depth: Int
        /// A constant sentence; nothing of the certificate or the message is quoted.
        package let detail: String
    }

    package let kind: Kind
    package let result: Result
    package let findings: [Finding]

    /// - Parameter judged: What was found, whatever check it belongs to.
    init(_ kind: Kind, judged: [JudgedFinding], isSkipped: Bool = false) {
        let own = judged.filter { $0.finding.reason.check == kind }
        self.init(
            kind: kind,
            result: Self.strictest(own.map { Result($0.disposition) }) ?? (isSkipped ? .skipped : .passed),
            findings: own.map(\.finding))
    }

    private init(kind: Kind, result: Result, findings: [Finding]) {
        self.kind = kind
        self.result = result
        self.findings = findings
    }

    /// The same check with what else was found.
    func adding(_ further: [JudgedFinding]) -> Self {
        let own = further.filter { $0.finding.reason.check == self.kind }
        guard let added = Self.strictest(own.map { Result($0.disposition) }) else { return self }
        return Self(
            kind: self.kind, result: Self.strictest([self.result, added]) ?? added,
            findings: self.findings + own.map(\.finding))
    }

    /// The result that decides among those of several findings.
    private static func strictest(_ results: [Result]) -> Result? {
        [.failed, .warned, .ignored].first(where: results.contains)
    }
}

extension TrustCheck.Result {
    fileprivate init(_ disposition: Disposition) {
        self =
            switch disposition {
            case .fail: .failed
            case .warn: .warned
            case .ignore: .ignored
            }
    }
}
