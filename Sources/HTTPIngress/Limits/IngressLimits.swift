import Synchronization

/// Counts what is open and in flight, and says whether one more is allowed.
///
/// Decisions are made in ``LimitState``. What was admitted is given back exactly once, however it ended.
final class IngressLimits: Sendable {
    private struct State {
        var limits: LimitState
        /// How to close each connection that is in its handshake.
        var evictions: [Int: @Sendable () -> Void] = [:]
    }

    private let state: Mutex<State>

    init(configuration: HTTPIngressConfiguration, maximumConnections: Int) {
        self.state = Mutex(
            State(limits: LimitState(configuration: configuration, maximumConnections: maximumConnections)))
    }

    /// Nil when `address` or the whole server has as many connections as it may.
    ///
    /// - Parameter evict: closes it, when another one is to have its place before its handshake has ended.
    func admitConnection(from address: String, evict: @escaping @Sendable () -> Void) -> ConnectionAdmission? {
        let (id, evictOther) = self.state.withLock { state -> (Int?, (@Sendable () -> Void)?) in
            guard case .opened(let id, let evicted) = state.limits.openConnection(from: address) else {
                return (nil, nil)
            }
            state.evictions[id] = evict
            return (id, evicted.flatMap { state.evictions.removeValue(forKey: $0) })
        }
        evictOther?()
        return id.map { ConnectionAdmission(id: $0, limits: self) }
    }

    /// Nil when as many requests are in flight as may be.
    ///
    /// - Parameter client: as ``ConnectionAdmission/handshakeCompleted(certificate:)`` has given it.
    func admitRequest(of client: Int) -> RequestAdmission? {
        self.state.withLock { $0.limits.beginRequest() } ? RequestAdmission(client: client, limits: self) : nil
    }

    var counts: (connections: Int, requests: Int) {
        self.state.withLock { ($0.limits.connections, $0.limits.requests) }
    }

    fileprivate func handshakeCompleted(_ id: Int, certificate: [UInt8]) -> Int? {
        self.state.withLock { state in
            state.evictions[id] = nil
            return state.limits.handshakeCompleted(id, certificate: certificate)
        }
    }

    fileprivate func closeConnection(_ id: Int) {
        self.state.withLock { state in
            state.evictions[id] = nil
            state.limits.closeConnection(id)
        }
    }

    fileprivate func buffer(_ bytes: Int, of client: Int) -> Bool {
        self.state.withLock { $0.limits.buffer(bytes, of: client) }
    }

    fileprivate func hold(_ bytes: Int, of client: Int) { self.state.withLock { $0.limits.hold(bytes, of: client) } }

    fileprivate func endRequest(buffered: Int, of client: Int) {
        self.state.withLock { $0.limits.endRequest(buffered: buffered, of: client) }
    }
}

/// The right to one open connection; ``release()`` when it is closed.
struct ConnectionAdmission: Sendable {
    private let id: Int
    private let limits: IngressLimits

    fileprivate init(id: Int, limits: IngressLimits) {
        self.id = id
        self.limits = limits
    }

    /// The number that the client's requests are counted under; nil when the client has as many connections as it may.
    func handshakeCompleted(certificate: [UInt8]) -> Int? {
        self.limits.handshakeCompleted(self.id, certificate: certificate)
    }

    /// To be called from the channel's close future.
    func release() { self.limits.closeConnection(self.id) }
}

/// The right to one request in flight and to the memory of its body and its response; given back in `deinit`.
///
/// It travels with the request to the handler's task and stays with the connection until the response has left: whoever
/// drops it last has finished with it.
final class RequestAdmission: Sendable {
    private let client: Int
    private let limits: IngressLimits
    private let buffered = Mutex(0)

    fileprivate init(client: Int, limits: IngressLimits) {
        self.client = client
        self.limits = limits
    }

    /// False when the bodies of all requests together, or of the client's, would take more memory than allowed; nothing is
    /// counted then.
    func buffer(_ bytes: Int) -> Bool {
        guard self.limits.buffer(bytes, of: self.client) else { return false }
        self.buffered.withLock { $0 += bytes }
        return true
    }

    /// Counts a response, which is there already: what it leaves too little room for is the next request.
    func hold(_ bytes: Int) {
        self.limits.hold(bytes, of: self.client)
        self.buffered.withLock { $0 += bytes }
    }

    deinit { self.limits.endRequest(buffered: self.buffered.withLock { $0 }, of: self.client) }
}
