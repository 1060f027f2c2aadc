/// What is demanded of an OCSP response beyond being authentic (RFC 6960 §3.2).
///
/// Who may sign, and about whom, is never a matter of policy: a response that fails there is refused.
package struct OCSPPolicy: Sendable, Equatable {
    /// What a finding means for the verdict.
    package enum Disposition: String, CaseIterable, Sendable {
        case fail, warn
    }

    /// The weakest algorithms for the response's signature, its signer's key and its signer's certificate.
    package var algorithms = AlgorithmFloor()
    /// What a signature below the floor means.
    package var weakAlgorithms = Disposition.fail
    /// What an answer outside of its own validity means.
    package var outOfDate = Disposition.fail
    /// How many seconds the responder's clock may be wrong, at either end of an answer's validity.
    package var clockSkewAllowance: Int64 = 0
    /// Seconds that an answer without `nextUpdate` is used for: its responder has newer ones at any time.
    package var ageWithoutNextUpdate: Int64 = 3_600
    /// How many answers a response may hold; a response about one certificate has one.
    package var maximumAnswers = 64

    /// The policy that the gateway itself uses: everything fails.
    package static let strict = OCSPPolicy()

    /// Authenticity alone, as `openssl ocsp -respin` decides: what else is wrong is told and does not refuse.
    package static let authenticity: OCSPPolicy = {
        var policy = OCSPPolicy()
        policy.weakAlgorithms = .warn
        policy.outOfDate = .warn
        return policy
    }()

    package init() {}
}
