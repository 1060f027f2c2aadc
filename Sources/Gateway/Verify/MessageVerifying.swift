package import SHS

/// The answer of stage verify.
package enum VerificationResult: Sendable {
    case verified(Verified<[UInt8]>)
    case refused(Fault)
}

/// Stage verify as the intake sees it: certificates and cryptography stay behind it.
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
    func sign(_ content: [UInt8]) throws -> [UInt8]
}
