import Logging
import NIOSSL
import Observability
import Synchronization

/// The TLS context of the current trust snapshot; a new one for every new snapshot.
///
/// A new context has new ticket keys, so that sessions begun under an older snapshot cannot be resumed: a resumed session
/// would skip the verification of the client.
final class ServerTLSContexts: Sendable {
    private struct State {
        var current: ServerTLSContext
        /// The last snapshot that no context could be made from; not tried again for every connection.
        var failedGeneration: Int?
    }

    private let credentials: any TransportCredentials
    private let configuration: HTTPIngressConfiguration
    private let logger: Logger
    private let state: Mutex<State>

    /// Throws when the snapshot that is current at start cannot be used: a server that no client can reach must not start.
    init(credentials: any TransportCredentials, configuration: HTTPIngressConfiguration, logger: Logger) throws {
        self.credentials = credentials
        self.configuration = configuration
        self.logger = logger
        let generation = credentials.generation
        let first = try ServerTLSContext(
            generation: generation, credentials: credentials, closeTime: configuration.lingerTime
        )
        self.state = Mutex(State(current: first))
    }

    /// The context for a connection that begins now.
    ///
    /// Two connections that meet a new snapshot at the same moment may both build one; the last is kept, and either is
    /// right. When the new snapshot is unusable the old context stays: clients are judged by the new one in any case.
    var current: ServerTLSContext {
        // Read before the credentials, so that a context is never taken for newer than it is.
        let generation = self.credentials.generation
        let (known, failed) = self.state.withLock { ($0.current, $0.failedGeneration == generation) }
        if known.generation == generation || failed { return known }
        do {
            let new = try ServerTLSContext(
                generation: generation, credentials: self.credentials, closeTime: self.configuration.lingerTime
            )
            self.state.withLock { $0.current = new }
            return new
        } catch {
            self.state.withLock { $0.failedGeneration = generation }
            self.logger.error(
                "The new trust snapshot's server certificate cannot be used; connections go on with the old one",
                metadata: [LogKeys.snapshot: "\(generation)", LogKeys.reason: "\(type(of: error))"]
            )
            return known
        }
    }
}
