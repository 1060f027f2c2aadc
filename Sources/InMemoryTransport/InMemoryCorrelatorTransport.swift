package import Gateway
import Synchronization

/// Stages correlate and reply of one correlator process, in memory.
package final class InMemoryCorrelatorTransport: CorrelatorTransport {
    private let broker: InMemoryBroker
    private let prefetch: Int
    private let connection = InMemoryConnection()
    /// Changes when the shards are lost, so that nothing from before can be settled.
    private let consumer = Mutex<UInt64?>(nil)
    private let events: AsyncStream<CorrelateEvent>
    private let outlet: AsyncStream<CorrelateEvent>.Continuation

    package init(broker: InMemoryBroker, prefetch: Int = .max) {
        self.broker = broker
        self.prefetch = prefetch
        (self.events, self.outlet) = AsyncStream.makeStream()
    }

    package func receive(_ handler: @escaping @Sendable (CorrelateEvent) -> Void) async throws {
        guard self.connection.register(finish: { self.outlet.finish() }, detach: { _ = self.detach() }) else { return }
        defer { self.detach() }
        self.attach()
        for await event in self.events { handler(event) }
    }

    package func acknowledge(_ deliveries: [DeliveryID]) {
        guard !self.connection.isCut, let id = self.consumer.withLock({ $0 }) else { return }
        self.broker.state.withLock { state in
            for delivery in deliveries { _ = state.correlate[delivery.shard].acknowledge(delivery.number, by: id) }
        }
    }

    package func publish(_ reply: Reply, to address: ReplyAddress) async throws(TransportError) {
        guard !self.connection.isCut, self.broker.isAvailable else { throw .unavailable }
        let isReachable = self.broker.state.withLock { state in
            state.replies[address]?.publish(reply)
            return state.replies[address] != nil
        }
        guard isReachable else { throw .unreachable }
    }

    /// The connection was lost and is there again: all it held goes to the one that stands by, or comes again.
    package func loseShards() {
        // Before it receives, or after its end, it has none.
        guard self.detach() else { return }
        self.attach()
    }

    /// Graceful end; what is still held goes to others.
    package func close() { self.connection.close() }

    /// As when the process is killed.
    package func cut() { self.connection.cut() }

    private func attach() {
        let (outlet, capacity) = (self.outlet, self.prefetch)
        self.broker.state.withLock { state in
            let id = state.newConsumer()
            self.consumer.withLock { $0 = id }
            for shard in state.correlate.indices {
                state.correlate[shard].attach(id, capacity: capacity) { delivery in
                    outlet.yield(Self.event(delivery, of: shard))
                }
            }
        }
    }

    /// False when it holds no shard.
    @discardableResult
    private func detach() -> Bool {
        self.broker.state.withLock { state in
            guard let id = self.consumer.withLock({ $0.take() }) else { return false }
            for shard in state.correlate.indices {
                // First, so that it stands before what comes again.
                self.outlet.yield(.shardLost(shard))
                state.bury(state.correlate[shard].detach(id), in: "correlate.\(shard)")
            }
            return true
        }
    }

    private static func event(
        _ delivery: InMemoryQueue<InMemoryBroker.CorrelateMessage>.Delivery, of shard: Int
    ) -> CorrelateEvent {
        let id = DeliveryID(shard: shard, number: delivery.number)
        return switch delivery.message {
        case .manifest(let manifest): .manifest(manifest, id)
        case .answer(let answer): .answer(answer, id)
        case .unreadable: .poison(id)
        }
    }
}
