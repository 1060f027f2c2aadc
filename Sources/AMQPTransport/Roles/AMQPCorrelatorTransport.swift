import AMQP
package import Gateway
import Logging
import Observability
import ServiceLifecycle
import Synchronization

/// Stages correlate and reply of one correlator process, on RabbitMQ.
///
/// Every shard's queue has a single active consumer, so each message is held by one correlator; the others stand by and
/// take over, with everything unacknowledged, when that one is gone.
package final class AMQPCorrelatorTransport: CorrelatorTransport {
    private let connections: BrokerConnections
    private let sealer: MessageSealer
    private let shards: Int
    private let prefetch: Int
    private let held = Mutex(HeldDeliveries())

    /// What the correlator holds, by the names that it knows.
    private struct HeldDeliveries {
        var deliveries: [DeliveryID: HeldDelivery] = [:]
        var next: UInt64 = 0

        mutating func add(_ delivery: HeldDelivery, of shard: Int) -> DeliveryID {
            self.next += 1
            let id = DeliveryID(shard: shard, number: self.next)
            self.deliveries[id] = delivery
            return id
        }

        mutating func lose(_ shard: Int) {
            self.deliveries = self.deliveries.filter { $0.key.shard != shard }
        }
    }

    package init(connections: BrokerConnections, keyring: Keyring, configuration: CorrelateConfiguration) {
        self.connections = connections
        self.sealer = MessageSealer(keyring: keyring)
        self.shards = configuration.shards
        self.prefetch = configuration.prefetch
    }

    /// The lanes that a correlator seals or opens: answers of every provider, and those it writes for dead work.
    package static var lanes: [Lane] { Lane.all.filter { if case .work = $0 { false } else { true } } }

    package func receive(_ handler: @escaping @Sendable (CorrelateEvent) -> Void) async throws {
        let subscriptions = (0..<self.shards).map { shard in
            self.connections.consume(
                queue: GatewayTopology.correlateQueue(shard), prefetch: self.prefetch, handsBack: true)
        }
        await withGracefulShutdownHandler {
            await withDiscardingTaskGroup { group in
                for (shard, subscription) in subscriptions.enumerated() {
                    group.addTask {
                        for await source in subscription.sources { await self.receive(source, of: shard, handler) }
                    }
                }
            }
        } onGracefulShutdown: {
            // What is held goes back at once, to the correlator that stands by.
            for subscription in subscriptions { subscription.close() }
        }
    }

    package func acknowledge(_ deliveries: [DeliveryID]) {
        let held = self.held.withLock { held in
            deliveries.compactMap { held.deliveries.removeValue(forKey: $0) }
        }
        // What came on a connection that was replaced is on its way to the next, as after a loss.
        self.connections.acknowledgeCurrent(held)
    }

    package func publish(_ reply: Reply, to address: ReplyAddress) async throws(TransportError) {
        let message: AMQPMessage
        do throws(SealingError) {
            message = try self.sealer.seal(reply)
        } catch {
            throw .unavailable
        }
        try await self.connections.publish(message, to: address.text)
    }

    /// Until the shard is lost for good, or until another connection takes it over: that begins with everything again.
    private func receive(
        _ source: MovingSubscription.Source, of shard: Int, _ handler: @Sendable (CorrelateEvent) -> Void
    ) async {
        for await event in source.consumer {
            switch event {
            case .delivery(let delivery):
                let id = self.held.withLock {
                    $0.add(HeldDelivery(tag: delivery.tag, connection: source.connection), of: shard)
                }
                handler(self.event(delivery.message, id))
            case .deliveriesLost:
                self.held.withLock { $0.lose(shard) }
                handler(.shardLost(shard))
            case .cancelled, .subscriptionFailed:
                Logger.gateway.warning(
                    "A correlate queue is not available", metadata: [LogKeys.queue: .string(source.consumer.queue)])
            }
        }
        self.held.withLock { $0.lose(shard) }
        handler(.shardLost(shard))
    }

    private func event(_ message: AMQPMessage, _ id: DeliveryID) -> CorrelateEvent {
        do {
            switch MessageKind(rawValue: message.type ?? "") {
            case .manifest: return .manifest(try self.sealer.openManifest(message), id)
            case .answer: return .answer(try self.sealer.openAnswer(message), id)
            case .work, .reply, nil: return .poison(id)
            }
        } catch {
            return .poison(id)
        }
    }
}
