import Gateway
import HTTPIngress
import Trust

/// The trust that is in force, as the HTTPS endpoint needs it.
struct SnapshotCredentials: TransportCredentials {
    private let trust: TrustHolder
    private let clock: any GatewayClock
    private let peers: ShownPeers?
    private let refused = RefusedClients()

    /// - Parameter peers: who notes the clients that are accepted.
    init(trust: TrustHolder, clock: any GatewayClock, peers: ShownPeers? = nil) {
        self.trust = trust
        self.clock = clock
        self.peers = peers
    }

    var generation: Int { self.trust.generation }

    func serverConfiguration() throws -> (
        certificateChainPEM: [UInt8], privateKey: ServerKey, clientAnchorsPEM: [UInt8]
    ) {
        let snapshot = self.trust.current
        guard let server = snapshot.server(at: self.clock.now().seconds), let anchors = snapshot.clientAnchorsPEM else {
            throw ConfigurationError(problems: ["this role has no server certificate"])
        }
        return (server.chainPEM, ServerKey(server), anchors)
    }

    func acceptsClient(_ certificatesDER: [[UInt8]]) -> Bool {
        let now = self.clock.now().seconds
        let verdict = self.trust.current.verifyClient(certificatesDER: certificatesDER, at: now)
        if !verdict.accepted {
            self.refused.refused(verdict, at: now)
            if verdict.reason == .revocationUnknown { self.peers?.awaited.note(certificatesDER, at: now) }
        } else if verdict.summary.isNotable {
            self.refused.warned(verdict, at: now)
        }
        if verdict.accepted, let holder = verdict.holder {
            self.peers?.accepted(holder.fingerprint, for: .client, at: now) {
                ShownCertificate(purpose: .client, chain: certificatesDER)
            }
        }
        return verdict.accepted
    }

    func awaitsClient(_ certificatesDER: [[UInt8]]) -> Bool {
        let verdict = self.trust.current.verifyClient(certificatesDER: certificatesDER, at: self.clock.now().seconds)
        return verdict.reason == .revocationUnknown
    }
}
