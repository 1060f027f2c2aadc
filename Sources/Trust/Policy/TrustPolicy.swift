/// What is demanded of a certificate path beyond its signatures: the inputs of RFC 5280 §6.1.1 and our own floor.
package struct TrustPolicy: Sendable, Equatable {
    /// `anyPolicy` (RFC 5280 §4.2.1.4).
    package static let anyPolicy = "2.5.29.32.0"

    package var algorithms = AlgorithmFloor()
    /// How many seconds a peer's clock, or a revocation list's, may be wrong, at either end of a validity.
    package var clockSkewAllowance: Int64 = 0
    /// Whether every certificate of a path needs a current revocation list; without, revocation is not checked at all.
    package var requiresRevocation = true
    /// Seconds after its end during which a revocation list still counts, with a warning.
    package var revocationGrace: Int64 = 0
    /// User-initial-policy-set, as dotted object identifiers.
    package var initialPolicies: [String] = [anyPolicy]
    /// Initial-explicit-policy: the path must be valid for one of the initial policies.
    package var requiresExplicitPolicy = false
    /// Initial-policy-mapping-inhibit.
    package var inhibitsPolicyMapping = false
    /// Initial-any-policy-inhibit.
    package var inhibitsAnyPolicy = false
    /// Longest path, counted in certificates between the end entity and the anchor.
    package var maximumDepth = 10

    /// How far ahead of ours the clock of who publishes lists and answers may be, at the least.
    ///
    /// One that is published this second is fetched in the same one, and is not looked at again before the next.
    private static let publisherAllowance: Int64 = 60

    /// Seconds before its beginning at which a revocation list or an answer counts.
    var startAllowance: Int64 { max(Self.publisherAllowance, self.clockSkewAllowance) }

    private var dispositions: [TrustCheck.Kind: Disposition] = [:]

    package init() {}

    /// What a check means that finds something: `fail` unless configured otherwise.
    package func disposition(of check: TrustCheck.Kind) -> Disposition { self.dispositions[check] ?? .fail }

    /// Changes what a check means.
    ///
    /// - Returns: Whether it may be changed; a check that may not is left as it is (``TrustCheck/Kind/configurable``).
    @discardableResult
    package mutating func set(_ disposition: Disposition, for check: TrustCheck.Kind) -> Bool {
        guard check.isConfigurable else { return disposition == .fail }
        self.dispositions[check] = disposition == .fail ? nil : disposition
        return true
    }
}
