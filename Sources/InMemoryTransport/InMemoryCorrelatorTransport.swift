package import Gateway
import Synchronization

/// Stages correlate and reply of one correlator process, in memory.
package final class InMemoryCorrelatorTransport: CorrelatorTransport {
    private let shards: Int
    private let prefetch: Int
    private let connection: InMemoryConnection
    private let events: AsyncStream<CorrelateEvent>
    private let outlet: AsyncStream<CorrelateEvent>.Continuation
    /// What the correlator holds, by the names that it knows.
    private let held = Mutex<[DeliveryID: InMemoryConnection.Delivery]>([:])

    /// - Parameter clock: the process's clock, for the time that messages live; nil lets them live for ever.
    package init(
        broker: InMemoryBroker, prefetch: Int = .max, process: String = "correlator",
        network: any InMemoryNetwork = DirectNetwork(), clock: (any GatewayClock)? = nil
    ) {
        self.shards = broker.shards
        self.prefetch = prefetch
        self.connection = InMemoryConnection(process: process, broker: broker, network: network, clock: clock)
        (self.events, self.outlet) = AsyncStream.makeStream()
    }

    package func receive(_ handler: @escaping @Sendable (CorrelateEvent) -> Void) async throws {
        defer { self.connection.endConsuming() }
        for shard in 0..<self.shards {
            let isTaken = self.connection.consume(
                .correlate(shard), capacity: self.prefetch, deliver: { self.deliver($0, of: shard) },
                lose: { self.lose(shard) }, finish: { self.outlet.finish() })
            guard isTaken else { return }
        }
        for await event in self.events { handler(event) }
    }

    package func acknowledge(_ deliveries: [DeliveryID]) {
        for id in deliveries {
            guard let delivery = self.held.withLock({ $0.removeValue(forKey: id) }) else { continue }
            self.connection.settle(delivery, .acknowledge)
        }
    }

    package func publish(_ reply: Reply, to address: ReplyAddress) async throws(TransportError) {
        let outcome = await self.connection.publish([(.reply(reply), .reply(address))])
        if let error = outcome.lazy.compactMap(\.error).first { throw error }
    }

    /// The connection was lost and is there again: all it held goes to the one that stands by, or comes again.
    package func loseShards() {
        self.connection.lose()
        self.connection.restore()
    }

    /// Graceful end; what is still held goes to others.
    package func close() { self.connection.close() }

    /// As when the process is killed.
    package func cut() { self.connection.cut() }

    package func loseConnection() { self.connection.lose() }

    package func restoreConnection() { self.connection.restore() }

    private func deliver(_ delivery: InMemoryConnection.Delivery, of shard: Int) {
        let id = DeliveryID(shard: shard, number: delivery.number)
        self.held.withLock { $0[id] = delivery }
        switch delivery.message {
        case .manifest(let manifest): self.outlet.yield(.manifest(manifest, id))
        case .answer(let answer): self.outlet.yield(.answer(answer, id))
        case .work, .reply, .unreadable: self.outlet.yield(.poison(id))
        }
    }

    private func lose(_ shard: Int) {
        self.held.withLock { held in held = held.filter { $0.key.shard != shard } }
        // It stands before whatever comes again.
        self.outlet.yield(.shardLost(shard))
    }
}
