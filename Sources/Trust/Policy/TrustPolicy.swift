/// What is demanded of a certificate path beyond its signatures: the inputs of RFC 5280 §6.1.1 and our own floor.
package struct TrustPolicy: Sendable, Equatable {
    /// `anyPolicy` (RFC 5280 §4.2.1.4).
    package static let anyPolicy = "2.5.29.32.0"

    package var algorithms = AlgorithmFloor()
    /// How many seconds a peer's clock, or a revocation list's, may be wrong, at either end of a validity.
    package var clockSkewAllowance: Int64 = 0
    /// Whether every certificate of a path needs a current revocation list.
    package var requiresRevocation = true
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

    package init() {}
}
