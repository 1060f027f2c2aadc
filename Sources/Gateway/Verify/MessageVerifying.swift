package import SHS

/// The answer of stage verify, with what the log keeps of it.
package enum VerificationResult: Sendable {
    case verified(Verified<[UInt8]>, VerdictSummary)
    case refused(Fault, VerdictSummary)
}

/// Stage verify as the intake sees it: certificates and cryptography stay behind it.
///
/// One value is one trust snapshot: whoever asks the same value twice is answered from the same certificates, lists and
/// parties, whatever security staff changes in between.
package protocol MessageVerifying: Sendable {
    /// Checks the one top-level signature of a received entity and returns only the bytes that it covers.
    ///
    /// - Parameters:
    ///   - form: The signed entity, as found at the top level of the message.
    ///   - instant: Seconds since 1970 (UTC) at which certificates must be valid.
    func verify(_ form: SignedEntity.Form, at instant: Int64) -> VerificationResult

    /// What the peer's certificate says; nil when the peer is not, or no longer, accepted.
    func identifyClient(_ certificates: [[UInt8]], at instant: Int64) -> CertificateIdentity?

    /// The parties of the same snapshot.
    var parties: PartyRegister { get }
}

/// The signing key, as stage reply sees it.
package protocol MessageSigning: Sendable {
    /// A detached CMS signature (DER, SHA-256 or stronger) over exactly these bytes.
    ///
    /// Throws a ``SigningProblem`` when another try may help. Holds no thread of the pool while a token works.
    func sign(_ content: [UInt8]) async throws -> [UInt8]
}

/// Why a signature was not made: what the correlator has to know of it.
package protocol SigningProblem: Error {
    /// Whether the same signature is worth another try, as when the token with the key was taken out.
    var mayPass: Bool { get }
}
