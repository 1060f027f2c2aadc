/// One check of a verdict with its result: what `verify` prints and the record keeps.
package struct TrustCheck: Codable, Hashable, Sendable {
    /// What is checked.
    package enum Kind: String, CaseIterable, Codable, Sendable {
        case structure, path, pathSignatures = "path-signatures", algorithms, validity, extensions, authorities, usage
        case nameConstraints = "name-constraints", policies, revocation, serverName = "server-name", signature
    }

    /// How it ended; the later dispositions warn and ignore get their cases here.
    package enum Result: String, Codable, Sendable {
        case passed, failed
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

    init(_ kind: Kind, findings: [Finding], isSkipped: Bool = false) {
        self.kind = kind
        self.findings = findings
        self.result = findings.isEmpty ? (isSkipped ? .skipped : .passed) : .failed
    }

    /// The same check with what else was found.
    func adding(_ further: [Finding]) -> Self {
        let own = further.filter { $0.reason.check == self.kind }
        return own.isEmpty ? self : Self(self.kind, findings: self.findings + own)
    }
}
