import Synchronization

/// Counts what is open and in flight, and says whether one more is allowed.
///
/// Decisions are made in ``LimitState``. What was admitted is given back exactly once, however it ended.
final class IngressLimits: Sendable {
    private let state: Mutex<LimitState>

    init(configuration: HTTPIngressConfiguration, maximumConnections: Int) {
        self.state = Mutex(LimitState(configuration: configuration, maximumConnections: maximumConnections))
    }

    /// Nil when `address` or the whole server has as many connections as it may.
    func admitConnection(from address: String) -> ConnectionAdmission? {
        self.state.withLock { $0.openConnection(from: address) }
            ? ConnectionAdmission(address: address, limits: self) : nil
    }

    /// Nil when as many requests are in flight as may be.
    func admitRequest() -> RequestAdmission? {
        self.state.withLock { $0.beginRequest() } ? RequestAdmission(limits: self) : nil
    }

    var counts: (connections: Int, requests: Int) {
        self.state.withLock { ($0.connections, $0.requests) }
    }

    fileprivate func buffer(_ bytes: Int) -> Bool { self.state.withLock { $0.buffer(bytes) } }
    fileprivate func closeConnection(from address: String) { self.state.withLock { $0.closeConnection(from: address) } }
    fileprivate func endRequest(buffered: Int) { self.state.withLock { $0.endRequest(buffered: buffered) } }
}

/// The right to one open connection; ``release()`` when it is closed.
struct ConnectionAdmission: Sendable {
    private let address: String
    private let limits: IngressLimits

    fileprivate init(address: String, limits: IngressLimits) {
        self.address = address
        self.limits = limits
    }

    /// To be called exactly once, from the channel's close future.
    func release() { self.limits.closeConnection(from: self.address) }
}

/// The right to one request in flight and to the memory of its body; given back in `deinit`.
///
/// It travels with the request, from the event loop to the handler's task: whoever drops it last has finished with it.
final class RequestAdmission: Sendable {
    private let limits: IngressLimits
    private let buffered = Mutex(0)

    fileprivate init(limits: IngressLimits) { self.limits = limits }

    /// False when the bodies of all requests together would take more memory than allowed; nothing is counted then.
    func buffer(_ bytes: Int) -> Bool {
        guard self.limits.buffer(bytes) else { return false }
        self.buffered.withLock { $0 += bytes }
        return true
    }

    deinit { self.limits.endRequest(buffered: self.buffered.withLock { $0 }) }
}
