import NIOCore
import NIOSSL

/// The client of one connection: what it presented, and when it was last accepted.
///
/// Belongs to its connection's event loop. The handshake asks once, each request asks again when the trust snapshot has
/// changed or the last answer is old. A resumed session skips the handshake's question, so its first request asks.
final class ClientCertificate {
    /// The client's own certificate first; empty until the handshake has been completed.
    private(set) var chain: [[UInt8]] = []
    private var accepted: (generation: Int, at: NIODeadline)?
    private let credentials: any TransportCredentials
    private let context: ServerTLSContext
    private let recheckTime: TimeAmount

    init(credentials: any TransportCredentials, context: ServerTLSContext, recheckTime: Duration) {
        self.credentials = credentials
        self.context = context
        self.recheckTime = TimeAmount(recheckTime)
    }

    /// A full handshake: the decision about the certificates that the client presents.
    func presented(_ certificates: [NIOSSLCertificate], at now: NIODeadline) -> NIOSSLVerificationResult {
        guard let chain = try? certificates.map({ try $0.toDERBytes() }), !chain.isEmpty else { return .failed }
        self.chain = chain
        guard self.isAccepted(at: now) || self.isAwaited else { return .failed }
        self.context.remember(chain: chain)
        return .certificateVerified
    }

    /// What was decided last.
    var wasAccepted: Bool { self.accepted != nil }

    /// Whether a client that is not accepted is to be told that it may be soon.
    var isAwaited: Bool { !self.chain.isEmpty && self.credentials.awaitsClient(self.chain) }

    /// The handshake is over; false when there is no certificate, and the connection must not be used.
    func handshakeCompleted(_ certificate: NIOSSLCertificate?) -> Bool {
        guard let leaf = try? certificate?.toDERBytes() else { return false }
        if self.chain.isEmpty { self.chain = self.context.chain(of: leaf) }
        return self.chain.first == leaf
    }

    /// Whether a request may be taken from this client now.
    func isAccepted(at now: NIODeadline) -> Bool {
        guard !self.chain.isEmpty else { return false }
        // Read before asking: an answer is never taken for newer than it is.
        let generation = self.credentials.generation
        if let accepted = self.accepted, accepted.generation == generation, now - accepted.at < self.recheckTime {
            return true
        }
        guard self.credentials.acceptsClient(self.chain) else {
            self.accepted = nil
            return false
        }
        self.accepted = (generation, now)
        return true
    }
}
