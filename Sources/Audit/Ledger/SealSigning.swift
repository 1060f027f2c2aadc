/// Signs the seals of this node's record.
package protocol SealSigning: Sendable {
    /// A signature over exactly these bytes; nil when there is no key, which leaves the seal unsigned.
    func signature(over bytes: [UInt8]) throws -> [UInt8]?
}

/// Says who signed a seal.
package protocol SealVerifying: Sendable {
    /// The signer's certificate subject when the signature is over exactly these bytes and its signer is trusted; else nil.
    ///
    /// - Parameter instant: When the seal says that it was made; seconds since 1970 (UTC).
    func signer(of signature: [UInt8], over bytes: [UInt8], at instant: Int64) -> String?
}
