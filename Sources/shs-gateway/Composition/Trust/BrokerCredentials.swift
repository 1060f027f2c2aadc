import AMQP
import AMQPTransport
import Gateway
import Logging
import Observability
import ServiceLifecycle
import Synchronization
import Trust

/// With what a process logs in at the broker: as configured, and from the set of certificates where nothing is.
struct BrokerCredentials: Equatable {
    let files: AMQPTLSFiles?
    /// What the files hold: other certificates under an old name are other credentials.
    private let content: [[UInt8]]

    /// - Parameter configured: files that are named there are used as they are, read anew at every connect.
    init(_ configured: AMQPConfiguration, _ snapshot: TrustSnapshot, at instant: Int64) {
        guard var files = configured.tls else {
            (self.files, self.content) = (nil, [])
            return
        }
        var content: [[UInt8]] = []
        if files.certificateAuthorities.isEmpty, let path = snapshot.brokerAnchorsPath {
            files.certificateAuthorities = path
            content.append(snapshot.brokerAnchorsPEM ?? [])
        }
        if files.certificate == nil, let own = snapshot.brokerClient(at: instant),
            case .pem(_, let keyPath) = own.keySource
        {
            files.certificate = own.certificatePath
            files.privateKey = keyPath
            content.append(own.chainPEM)
        }
        (self.files, self.content) = (files, content)
    }

    /// What is missing, in a sentence; nil when the broker can be tried.
    func problem(_ configured: AMQPConfiguration) -> String? {
        guard let files else { return nil }
        if files.certificateAuthorities.isEmpty {
            return "amqp.tls.authorities is not set, and the set of certificates has no anchors/broker.pem"
        }
        if case .external = configured.credentials, files.certificate == nil {
            return "amqp.tls.certificate is not set, and the set of certificates has none below node/broker-client"
        }
        return nil
    }

    /// The configuration with these credentials.
    func applied(to configured: AMQPConfiguration) -> AMQPConfiguration {
        var configuration = configured
        configuration.tls = self.files
        return configuration
    }
}

extension RoleContext {
    /// How the broker is reached with what is in force now.
    var broker: AMQPConfiguration { self.brokerCredentials.applied(to: self.configuration.broker) }

    private var brokerCredentials: BrokerCredentials {
        BrokerCredentials(self.configuration.broker, self.trust.current, at: self.clock.now().seconds)
    }

    /// Renews a role's connections whenever their credentials are others; the old ones stay while the new ones fail.
    func brokerRenewal(_ connections: BrokerConnections) -> any Service {
        let (configured, clock) = (self.configuration.broker, self.clock)
        let inUse = Mutex(self.brokerCredentials)
        return TrustFollower(holder: self.trust, pause: .seconds(10)) { snapshot in
            let next = BrokerCredentials(configured, snapshot, at: clock.now().seconds)
            guard inUse.withLock({ $0 != next }) else { return }
            if let problem = next.problem(configured) {
                Logger.gateway.error(
                    "There is nothing to renew the connections to the broker with; the old ones stay",
                    metadata: [LogKeys.reason: .string(problem)])
                return
            }
            do {
                try await connections.renew(next.applied(to: configured))
                inUse.withLock { $0 = next }
            } catch {
                // Said by the connections; it is tried again after the pause.
            }
        }
    }
}
