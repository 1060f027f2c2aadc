import Gateway
import HTTPIngress
import Trust

/// The current trust snapshot as the HTTPS endpoint needs it.
struct SnapshotCredentials: TransportCredentials {
    private let snapshot: TrustSnapshot
    private let clock: any GatewayClock

    init(snapshot: TrustSnapshot, clock: any GatewayClock) {
        self.snapshot = snapshot
        self.clock = clock
    }

    var generation: Int { self.snapshot.number }

    func serverConfiguration() throws -> (
        certificateChainPEM: [UInt8], privateKeyPEM: [UInt8], clientAnchorsPEM: [UInt8]
    ) {
        guard let server = self.snapshot.server, let anchors = self.snapshot.clientAnchorsPEM else {
            throw ConfigurationError(problems: ["this role has no server certificate"])
        }
        return (server.chainPEM, server.keyPEM, anchors)
    }

    func acceptsClient(_ certificatesDER: [[UInt8]]) -> Bool {
        self.snapshot.verifyClient(certificatesDER: certificatesDER, at: self.clock.now().seconds).accepted
    }
}
