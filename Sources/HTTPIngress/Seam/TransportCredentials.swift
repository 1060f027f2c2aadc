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
}
