/// The TLS server's private key, as the credentials give it; never printed.
package enum ServerKey: Sendable, CustomStringConvertible, CustomReflectable {
    case pem([UInt8])
    /// A key that somebody else has, such as a token.
    case delegated(DelegatedKey)

    package var description: String { "<private key>" }
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// A private key that signs for us where it is.
package struct DelegatedKey: Sendable {
    /// What it can do, best first; numbers of RFC 8446 §4.2.3.
    package let algorithms: [UInt16]
    /// A signature over the data, which is not hashed yet; ECDSA in DER (RFC 8446 §4.2.3).
    ///
    /// Several at a time; may take its time, and must not block a thread meanwhile. A handshake whose signature throws
    /// fails.
    package let sign: @Sendable (_ algorithm: UInt16, _ data: [UInt8]) async throws -> [UInt8]

    package init(
        algorithms: [UInt16],
        sign: @escaping @Sendable (_ algorithm: UInt16, _ data: [UInt8]) async throws -> [UInt8]
    ) {
        self.algorithms = algorithms
        self.sign = sign
    }
}
