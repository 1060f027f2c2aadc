/// What the current trust snapshot says about transport: who we are, and whose connections we take.
///
/// Safe to call from any thread; none of its methods may block for longer than a path validation takes (0.2 ms).
package protocol TransportCredentials: Sendable {
    /// The snapshot's number. A new one makes new connections use new credentials, and open ones be judged again.
    var generation: Int { get }

    /// Our chain, leaf first, with its key, and the anchors that clients' certificates lead to; certificates are PEM.
    func serverConfiguration() throws -> (
        certificateChainPEM: [UInt8], privateKey: ServerKey, clientAnchorsPEM: [UInt8]
    )

    /// The decision about a client: path, revocation, usage, strength.
    ///
    /// - Parameter certificatesDER: what the client presented, its own certificate first, in its order and unverified.
    func acceptsClient(_ certificatesDER: [[UInt8]]) -> Bool

    /// Whether a client that is not accepted may be soon: all that is wrong is that its revocation is not known.
    ///
    /// It gets through the handshake, so that it can be told; no request of it is taken.
    func awaitsClient(_ certificatesDER: [[UInt8]]) -> Bool
}

extension TransportCredentials {
    package func awaitsClient(_ certificatesDER: [[UInt8]]) -> Bool { false }
}
