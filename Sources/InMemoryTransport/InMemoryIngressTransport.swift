package import Gateway
import Synchronization

/// Stages dispatch and reply of one ingress, in memory.
package struct InMemoryIngressTransport: IngressTransport {
    package let replyAddress: ReplyAddress
    private let broker: InMemoryBroker
    private let connection = InMemoryConnection()

    /// An ingress with a reply queue of its own; until ``cut()`` the queue is there.
    package init(broker: InMemoryBroker, replyAddress: ReplyAddress) {
        self.broker = broker
        self.replyAddress = replyAddress
        broker.state.withLock { $0.replies[replyAddress] = InMemoryQueue(sharing: .fair, deliveryLimit: 100) }
    }

    package var isAvailable: Bool { !self.connection.isCut && self.broker.isAvailable }

    package func dispatch(_ manifest: Manifest, shard: Int, items: [WorkItem]) async throws(TransportError) {
        guard self.isAvailable else { throw .unavailable }
        self.broker.state.withLock { state in
            state.correlate[shard].publish(.manifest(manifest))
            for item in items { state.work[item.slot.provider]?.publish(item) }
        }
    }

    package func receiveReplies(_ handler: @escaping @Sendable (Reply) -> Void) async throws {
        let (stream, outlet) = AsyncStream<InMemoryQueue<Reply>.Delivery>.makeStream()
        let (broker, address) = (self.broker, self.replyAddress)
        let id = broker.state.withLock { $0.newConsumer() }
        let detach: @Sendable () -> Void = { broker.state.withLock { _ = $0.replies[address]?.detach(id) } }
        guard self.connection.register(finish: { outlet.finish() }, detach: detach) else { return }
        defer { detach() }
        broker.state.withLock { $0.replies[address]?.attach(id, capacity: .max) { outlet.yield($0) } }
        for await delivery in stream {
            handler(delivery.message)
            broker.state.withLock { _ = $0.replies[address]?.acknowledge(delivery.number, by: id) }
        }
    }

    /// Graceful end.
    package func close() { self.connection.close() }

    /// As when the process is killed; its reply queue goes with it.
    package func cut() {
        self.connection.cut()
        self.broker.state.withLock { $0.replies[self.replyAddress] = nil }
    }
}
