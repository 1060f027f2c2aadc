import AMQP
import Synchronization

/// A subscription that moves with its process's connections: one source after the other.
///
/// A source ends when its connection was replaced and what it brought has been handed out; the next one has begun by then.
/// Deliveries are settled on the connection of their source.
final class MovingSubscription: Sendable {
    struct Source: Sendable {
        let consumer: AMQPConsumer
        let connection: AMQPConnection
    }

    let queue: String
    let sources: AsyncStream<Source>
    private let continuation: AsyncStream<Source>.Continuation
    private let prefetch: Int
    private let handsBack: Bool
    private let state = Mutex(State())

    private struct State {
        var source: Source?
        var hasEnded = false
    }

    /// - Parameter handsBack: what is held goes back to the queue when a source's connection is replaced, for the next
    ///   source or another process; otherwise it stays until it is settled.
    init(queue: String, prefetch: Int, handsBack: Bool) {
        (self.queue, self.prefetch, self.handsBack) = (queue, prefetch, handsBack)
        (self.sources, self.continuation) = AsyncStream.makeStream()
    }

    var hasEnded: Bool { self.state.withLock { $0.hasEnded } }

    /// The replaced connection ends its own source when it is retired.
    ///
    /// One that is lost holds nothing and may take seconds to hear of it.
    func move(to connection: AMQPConnection) {
        let previous: Source? = self.state.withLock { state in
            if state.hasEnded { return nil }
            let consumer = connection.consume(queue: self.queue, prefetch: self.prefetch, handsBack: self.handsBack)
            let source = Source(consumer: consumer, connection: connection)
            defer { state.source = source }
            self.continuation.yield(source)
            return state.source
        }
        if let previous, !previous.connection.isConnected { previous.consumer.close() }
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
