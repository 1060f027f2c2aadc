import Gateway
import Synchronization

/// The correlator's port for tests: events come from the test; publishes go as the test decides.
final class RecordingCorrelatorTransport: CorrelatorTransport {
    private struct State {
        var acknowledged: [DeliveryID] = []
        var published: [Reply] = []
        var addresses: [ReplyAddress] = []
        /// What becomes of the next publishes, in order; then all succeed.
        var errors: [TransportError?] = []
    }

    private let state = Mutex(State())
    private let events = AsyncStream<CorrelateEvent>.makeStream()

    var acknowledged: [DeliveryID] { self.state.withLock { $0.acknowledged } }
    var published: [Reply] { self.state.withLock { $0.published } }
    var addresses: [ReplyAddress] { self.state.withLock { $0.addresses } }

    init(errors: [TransportError?] = []) {
        self.state.withLock { $0.errors = errors }
    }

    func receive(_ handler: @escaping @Sendable (CorrelateEvent) -> Void) async throws {
        for await event in self.events.stream { handler(event) }
    }

    func acknowledge(_ deliveries: [DeliveryID]) { self.state.withLock { $0.acknowledged += deliveries } }

    func publish(_ reply: Reply, to address: ReplyAddress) async throws(TransportError) {
        let error = self.state.withLock { state in
            let error = state.errors.isEmpty ? nil : state.errors.removeFirst()
            if error == nil {
                state.published.append(reply)
                state.addresses.append(address)
            }
            return error
        }
        if let error { throw error }
    }

    func send(_ event: CorrelateEvent) { self.events.continuation.yield(event) }

    func shutDown() { self.events.continuation.finish() }
}
