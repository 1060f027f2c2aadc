import Gateway
import Synchronization

/// The ingress's port for tests: keeps what was dispatched, and replies when the test says so.
final class RecordingIngressTransport: IngressTransport {
    struct Dispatch: Sendable {
        let manifest: Manifest
        let shard: Int
        let items: [WorkItem]
    }

    let replyAddress = ReplyAddress("reply.test")
    private let state = Mutex((isAvailable: true, error: TransportError?.none, dispatches: [Dispatch]()))
    private let holdsConfirmations = Mutex(false)
    private let confirmations = AsyncStream<Never>.makeStream()
    private let replies = AsyncStream<Reply>.makeStream()

    var isAvailable: Bool { self.state.withLock { $0.isAvailable } }
    var dispatches: [Dispatch] { self.state.withLock { $0.dispatches } }

    func setAvailable(_ isAvailable: Bool) { self.state.withLock { $0.isAvailable = isAvailable } }

    /// Makes dispatches fail, after having taken what they were given.
    func fail(with error: TransportError?) { self.state.withLock { $0.error = error } }

    func dispatch(_ manifest: Manifest, shard: Int, items: [WorkItem]) async throws(TransportError) {
        let error = self.state.withLock { state in
            state.dispatches.append(Dispatch(manifest: manifest, shard: shard, items: items))
            return state.error
        }
        if self.holdsConfirmations.withLock({ $0 }) { for await _ in self.confirmations.stream {} }
        if let error { throw error }
    }

    func receiveReplies(_ handler: @escaping @Sendable (Reply) -> Void) async throws {
        for await reply in self.replies.stream { handler(reply) }
    }

    func send(_ reply: Reply) { self.replies.continuation.yield(reply) }

    /// Dispatches are taken, and their confirmations do not come before the shutdown.
    func holdConfirmations() { self.holdsConfirmations.withLock { $0 = true } }

    func shutDown() {
        self.confirmations.continuation.finish()
        self.replies.continuation.finish()
    }
}
