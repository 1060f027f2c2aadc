package import Gateway

/// Stages dispatch and reply of one ingress, in memory.
package struct InMemoryIngressTransport: IngressTransport {
    package let replyAddress: ReplyAddress
    private let broker: InMemoryBroker
    private let connection: InMemoryConnection

    /// An ingress with a reply queue of its own; until ``cut()`` the queue is there.
    ///
    /// - Parameter clock: the process's clock, for the time that messages live; nil lets them live for ever.
    package init(
        broker: InMemoryBroker, replyAddress: ReplyAddress, process: String = "ingress",
        network: any InMemoryNetwork = DirectNetwork(), clock: (any GatewayClock)? = nil
    ) {
        self.broker = broker
        self.replyAddress = replyAddress
        self.connection = InMemoryConnection(process: process, broker: broker, network: network, clock: clock)
        broker.declare(replyAddress)
    }

    package var isAvailable: Bool { self.connection.isAvailable }

    package func dispatch(_ manifest: Manifest, shard: Int, items: [WorkItem]) async throws(TransportError) {
        let messages: [(InMemoryMessage, InMemoryQueueName)] =
            [(.manifest(manifest), .correlate(shard))] + items.map { (.work($0), .work($0.slot.provider)) }
        for outcome in await self.connection.publish(messages) {
            if let error = outcome.error { throw error }
        }
    }

    package func receiveReplies(_ handler: @escaping @Sendable (Reply) -> Void) async throws {
        let (stream, outlet) = AsyncStream<InMemoryConnection.Delivery>.makeStream()
        let isTaken = self.connection.consume(
            .reply(self.replyAddress), capacity: .max, deliver: { outlet.yield($0) }, finish: { outlet.finish() })
        guard isTaken else { return }
        defer { self.connection.endConsuming() }
        for await delivery in stream {
            if case .reply(let reply) = delivery.message { handler(reply) }
            self.connection.settle(delivery, .acknowledge)
        }
    }

    /// Graceful end.
    package func close() { self.connection.close() }

    /// As when the process is killed; its reply queue goes with it, or stays until its messages have expired.
    package func cut(keepingQueue: Bool = false) {
        self.connection.cut()
        if !keepingQueue { self.broker.delete(self.replyAddress) }
    }

    package func loseConnection() { self.connection.lose() }

    package func restoreConnection() { self.connection.restore() }
}
