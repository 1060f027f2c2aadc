import Trust

/// What `verify-ocsp` prints: the verdict, with each check's result by its name.
struct OCSPReport: Encodable {
    /// Signed by who may, about a certificate of the issuer, with a path to an anchor.
    let authentic: Bool
    /// Every answer is in its validity at the time that was asked for.
    let current: Bool
    /// No algorithm or key is below the floor.
    let strong: Bool
    private let verdict: OCSPVerdict

    init(_ verdict: OCSPVerdict) {
        let found = Set(verdict.findings.map(\.reason))
        self.authentic = found.isSubset(of: Self.timeliness.union(Self.strength))
        self.current = self.authentic && found.isDisjoint(with: Self.timeliness)
        self.strong = self.authentic && found.isDisjoint(with: Self.strength)
        self.verdict = verdict
    }

    /// Whether the gateway would use its answers.
    var usable: Bool { self.authentic && self.current && self.strong }

    private static let timeliness: Set<OCSPRefusal> = [.expired, .notYetValid]
    private static let strength: Set<OCSPRefusal> = [.weakAlgorithm]

    private enum CodingKeys: String, CodingKey { case authentic, current, strong, usable }

    func encode(to encoder: any Encoder) throws {
        try self.verdict.encode(to: encoder)
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(self.authentic, forKey: .authentic)
        try values.encode(self.current, forKey: .current)
        try values.encode(self.strong, forKey: .strong)
        try values.encode(self.usable, forKey: .usable)
    }
}
