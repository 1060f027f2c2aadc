import Gateway
import Synchronization
import Trust

/// What a client's certificate says of it, found once a minute, since it means reading the certificate.
final class KnownClients: Sendable {
    struct Client: Sendable {
        /// Those that it may send for.
        var parties: [Party] = []
        var certificate: RecordedCertificate?
    }

    private struct State {
        var generation = 0
        /// By the client's own certificate.
        var clients: [[UInt8]: (client: Client, at: Int64)] = [:]
    }

    private let trust: TrustHolder
    private let clock: any GatewayClock
    private let state = Mutex(State())
    /// Seconds: what the register says of a certificate changes with the snapshot, and with time where it is listed for a time.
    private static let recheckTime: Int64 = 60
    /// More certificates than that do not connect within a minute.
    private static let capacity = 4_096

    init(trust: TrustHolder, clock: any GatewayClock) {
        self.trust = trust
        self.clock = clock
    }

    /// - Parameter chain: the certificates (DER) that the client presented and that are accepted, its own first.
    func client(_ chain: [[UInt8]]) -> Client {
        guard let leaf = chain.first else { return Client() }
        let now = self.clock.now().seconds
        let (generation, snapshot) = self.trust.state
        let found = self.state.withLock { state in
            if state.generation != generation { state = State(generation: generation) }
            return state.clients[leaf].flatMap { (0..<Self.recheckTime).contains(now - $0.at) ? $0.client : nil }
        }
        if let found { return found }
        let holder = snapshot.verifyClient(certificatesDER: chain, at: now).holder
        let client = Client(
            parties: holder.map { snapshot.parties.parties(reachedWith: $0, at: now) } ?? [],
            certificate: holder.map(RecordedCertificate.init))
        self.state.withLock { state in
            guard state.generation == generation else { return }
            if state.clients.count >= Self.capacity { state.clients = [:] }
            state.clients[leaf] = (client, now)
        }
        return client
    }
}
