/// What a check that finds something means for the verdict.
package enum Disposition: String, CaseIterable, Codable, Sendable {
    /// It refuses: the default of every check.
    case fail
    /// It is reported and does not refuse.
    case warn
    /// It is listed as ignored and does not refuse.
    case ignore
}

extension TrustCheck.Kind {
    /// The checks that configuration may soften; the others always fail.
    package static let configurable: [Self] = Self.allCases.filter(\.isConfigurable)

    /// A path that leads nowhere, a wrong signature and a message of the wrong form leave nothing to be accepted.
    package var isConfigurable: Bool {
        switch self {
        case .structure, .path, .pathSignatures, .signature: false
        case .algorithms, .validity, .extensions, .authorities, .usage, .nameConstraints, .policies, .revocation,
            .serverName:
            true
        }
    }
}

/// A finding with what it means under the policy.
struct JudgedFinding: Hashable, Sendable {
    let finding: TrustCheck.Finding
    let disposition: Disposition
    /// Whether it was found on the path of who signed a revocation list.
    private(set) var isAboutListSigner = false
    /// Whether it is about a list or an answer that has run out and still counts.
    fileprivate(set) var isGrace = false

    init(finding: TrustCheck.Finding, disposition: Disposition) {
        self.finding = finding
        self.disposition = disposition
    }

    /// The same, found on the path of who signed a revocation list.
    var aboutListSigner: Self {
        var copy = self
        copy.isAboutListSigner = true
        return copy
    }
}

extension TrustPolicy {
    /// What a finding means: that of its check, but a known revocation is no matter for a warning.
    func judge(_ finding: TrustCheck.Finding) -> JudgedFinding {
        let configured = self.disposition(of: finding.reason.check)
        let isHard = finding.reason == .revoked && configured != .ignore
        return JudgedFinding(finding: finding, disposition: isHard ? .fail : configured)
    }

    /// A finding that no configuration softens: what it is about could not be read, or not be checked to the end.
    func judgeHard(_ finding: TrustCheck.Finding) -> JudgedFinding {
        JudgedFinding(finding: finding, disposition: .fail)
    }

    /// A list or an answer that has run out and still counts.
    func judgeGrace(_ finding: TrustCheck.Finding) -> JudgedFinding {
        var judged = JudgedFinding(
            finding: finding, disposition: self.disposition(of: .revocation) == .ignore ? .ignore : .warn)
        judged.isGrace = true
        return judged
    }
}
