import AMQP
import Synchronization

/// A subscription that moves with its process's connections: one source after the other.
///
/// A source ends when its connection was replaced and what it brought has been handed out; the next one has begun by then.
/// Deliveries are settled on the connection of their source. It moves in the same way to another queue.
final class MovingSubscription: Sendable {
    struct Source: Sendable {
        let consumer: AMQPConsumer
        let connection: AMQPConnection
    }

    let sources: AsyncStream<Source>
    private let continuation: AsyncStream<Source>.Continuation
    private let prefetch: Int
    private let handsBack: Bool
    private let state: Mutex<State>

    private struct State {
        var queue: String
        var source: Source?
        var hasEnded = false
    }

    /// - Parameter handsBack: what is held goes back to the queue when a source's connection is replaced, for the next
    ///   source or another process; otherwise it stays until it is settled.
    init(queue: String, prefetch: Int, handsBack: Bool) {
        (self.prefetch, self.handsBack) = (prefetch, handsBack)
        self.state = Mutex(State(queue: queue))
        (self.sources, self.continuation) = AsyncStream.makeStream()
    }

    /// The queue that its present source reads.
    var queue: String { self.state.withLock { $0.queue } }

    var hasEnded: Bool { self.state.withLock { $0.hasEnded } }

    /// The replaced connection ends its own source when it is retired.
    ///
    /// One that is lost holds nothing and may take seconds to hear of it. With another queue the connection may be the
    /// same: what came from the old one is still handed out.
    func move(to connection: AMQPConnection, queue: String? = nil) {
        let previous: Source? = self.state.withLock { state in
            if state.hasEnded { return nil }
            if let queue { state.queue = queue }
            let consumer = connection.consume(queue: state.queue, prefetch: self.prefetch, handsBack: self.handsBack)
            let source = Source(consumer: consumer, connection: connection)
            defer { state.source = source }
            self.continuation.yield(source)
            return state.source
        }
        guard let previous else { return }
        if !previous.connection.isConnected {
            previous.consumer.close()
        } else if previous.connection === connection {
            previous.consumer.finish()
        }
    }

    /// Asks for no more; what came is still handed out and can be settled.
    func finish() { self.end()?.consumer.finish() }

    /// Ends at once: what is not settled goes back to the queue.
    func close() { self.end()?.consumer.close() }

    private func end() -> Source? {
        self.continuation.finish()
        return self.state.withLock { state in
            state.hasEnded = true
            return state.source
        }
    }
}
